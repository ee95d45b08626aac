import SurveyStats
import Testing

@Suite struct TableNamesTests {
  private func names(_ columns: [(String, Bool)]) -> [String] {
    Table(
      name: "t",
      columns: columns.map { Column($0.0, .integer([1]), isNamedByData: $0.1) }
    ).namingColumnsOnce.columns.map(\.name)
  }

  @Test func `a column named by the data gives way`() {
    #expect(names([("score", true), ("score", false)]) == ["score_2", "score"])
    #expect(names([("score", false), ("score", true)]) == ["score", "score_2"])
    #expect(names([("a", true), ("a", true), ("a", true)]) == ["a", "a_2", "a_3"])
    #expect(names([("a", false), ("a_2", true), ("a", true)]) == ["a", "a_2", "a_3"])
    #expect(names([("a", false), ("b", true)]) == ["a", "b"])
    #expect(names([]).isEmpty)
  }

  @Test func `many columns of one name have names of their own`() {
    let found = names((0..<2_000).map { _ in ("x", true) })
    #expect(Set(found).count == 2_000 && found[0] == "x" && found[1_999] == "x_2000")
  }

  @Test func `all writers name columns once`() {
    let table = Table(
      name: "t", columns: [Column("a", .integer([1])), Column("a", .integer([2]))])
    for format in TableFormat.allCases {
      let text = String(decoding: format.render([table]), as: UTF8.self)
      #expect(
        text.contains("a_2") || text.contains("A 2") || text.contains("a 2"), "\(format): \(text)")
    }
    #expect(
      String(decoding: JSONWriter().write(table), as: UTF8.self)
        == "[\n{\"a\": 1, \"a_2\": 2}\n]\n")
  }

  @Test func `CSV shows what is not seen, in cells and names, when asked to`() {
    let table = Table(
      name: "t", columns: [Column("a\u{1B}b", .text(["x\ny\u{202E}", "plain", nil]))])
    #expect(
      String(decoding: CSVWriter(showsInvisible: true).write(table), as: UTF8.self)
        == "a\\u{1B}b\nx\\ny\\u{202E}\nplain\nNA\n")
  }

  @Test(arguments: ["=1", "+1", "-x", "@x", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x"])
  func `headers and cells that a spreadsheet runs are guarded`(text: String) {
    let table = Table(name: "t", columns: [Column(text, .text([text])), Column("b", .real([-1]))])
    let lines = String(
      decoding: CSVWriter(guardsFormulas: true, showsInvisible: true).write(table), as: UTF8.self
    ).split(separator: "\n")
    // A header that starts with a tab or a line break is shown with its escape, which runs nothing.
    let starts = ["'", "\"'", "\\"]
    #expect(lines.count == 2 && starts.contains { lines[0].hasPrefix($0) })
    #expect(lines[1].hasPrefix("'") || lines[1].hasPrefix("\"'"))
    #expect(lines[1].hasSuffix(",-1"))
    #expect(CSVWriter.guarded("x=1") == "x=1" && CSVWriter.guarded("").isEmpty)
  }
}
