import SurveyStats
import Testing

@Suite struct RateTableTests {
  private func rates(ranks: Bool = false) async throws -> [Rate] {
    let matrix = BinaryMatrix(text: ["10", "1-", "0."], items: ["c.i", "j"])
    return try await RateEstimator(
      ranksItems: ranks,
      bootstrap: Bootstrap(design: SamplingDesign(paperCount: 3), replicates: 99)
    ).estimate(matrix, targets: RateTarget.all(in: matrix, levels: [.item])).rates
  }

  @Test func `columns are those of the contract`() async throws {
    let table = Table(rates: [(nil, try await rates())], by: nil, level: 0.95)
    #expect(
      table.columns.map(\.name) == [
        "level", "category", "term", "n_papers", "n_applicable", "n_not_applicable", "n_absent",
        "n_yes", "estimate", "std_error", "conf_low", "conf_high", "conf_level", "interval", "item",
        "note",
      ])
    #expect(table["term"]?.values == .text(["i", "j"]))
    #expect(table["n_absent"]?.values == .integer([0, 1]))
    #expect(table["note"]?.values == .text([nil, "fewer-than-2-papers; all-no"]))
    #expect(table["conf_level"]?.values == .real([0.95, 0.95]))
  }

  @Test func `groups and ranks have columns of their own`() async throws {
    let ranked = try await rates(ranks: true)
    let table = Table(rates: [("2023", ranked), ("2024", ranked)], by: "year", level: 0.9)
    #expect(table.columns[3].name == "by" && table.columns[4].name == "group")
    #expect(table["group"]?.values == .text(["2023", "2023", "2024", "2024"]))
    #expect(
      table.columns.map(\.name).suffix(5) == ["rank", "rank_low", "rank_high", "item", "note"])
    #expect(table["rank"]?.values == .integer([1, 2, 1, 2]))
    #expect(table.rowCount == 4)
  }
}
