import SurveyStats
import Testing

@Suite struct TableRowsTests {
  private let table = Table(
    name: "t",
    columns: [
      Column("name", .text(["b", nil, "a", "c"])), Column("count", .integer([2, 1, nil, 1])),
      Column("value", .real([0.5, nil, 0.25, 0.5])),
    ])

  private func names(_ table: Table?) -> Column.Values? { table?["name"]?.values }

  @Test func `rows are sorted with undefined values last and ties as they were`() {
    #expect(names(table.sorted(by: "name")) == .text(["a", "b", "c", nil]))
    #expect(names(table.sorted(by: "name", descending: true)) == .text(["c", "b", "a", nil]))
    #expect(names(table.sorted(by: "count")) == .text([nil, "c", "b", "a"]))
    #expect(names(table.sorted(by: "value", descending: true)) == .text(["b", "c", "a", nil]))
    #expect(table.sorted(by: "other") == nil)
  }

  @Test func `rows are chosen and cut`() {
    #expect(names(table.selecting(rows: [3, 0])) == .text(["c", "b"]))
    #expect(names(table.prefix(1)) == .text(["b"]))
    #expect(table.prefix(9) == table)
    #expect(table.prefix(0).rowCount == 0)
  }

  @Test func `tables with the same columns are stacked, their notes once`() throws {
    var noted = table
    noted.notes = ["x"]
    let stacked = try #require(Table(stacking: [noted, noted.prefix(1)]))
    #expect(stacked.rowCount == 5 && stacked.notes == ["x"])
    #expect(names(stacked) == .text(["b", nil, "a", "c", "b"]))
    #expect(Table(stacking: []) == nil)
  }
}
