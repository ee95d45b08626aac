import SurveyStats
import Testing

@Suite struct TableWordsTests {
  @Test func `the short words of programs are put in plain ones for a page`() {
    let table = Table(
      name: "t",
      columns: [
        Column("term", .text(["a", "b", "c"])), Column("interval", .text(["wilson", "t", nil])),
        Column("severity", .text(["left_out", nil, "note"])),
        Column(
          "note",
          .text([
            "never-applicable; few-clusters: 12", "all-replicates-equal", "too few of one kind",
          ])),
      ])
    let words = table.inWords
    #expect(words["severity"]?.values == .text(["left out", nil, "note"]))
    #expect(
      words["note"]?.values
        == .text([
          "applies to no paper; few clusters: 12",
          "all resamples agree, so that they give no interval", "too few of one kind",
        ]))
    #expect(words["interval"]?.isDetail == true && words["term"]?.isDetail == false)
  }

  @Test func `differences of shares are read in points, without the sign of percent`() {
    let table = Table(
      name: "t",
      columns: [
        Column("term", .text(["a"])), Column("estimate", .real([-0.0271]), style: .points),
        Column("conf_low", .real([-0.08]), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real([0.02]), style: .upperLimit(of: "estimate")),
      ])
    let text = String(decoding: MarkdownWriter().write(table), as: UTF8.self)
    #expect(text.contains("Estimate in points (interval)"))
    #expect(text.contains("-2.7 (-8.0 to 2.0)") && !text.contains("%"))
  }

  @Test func `invisible characters of all text are shown`() {
    let table = Table(name: "t", columns: [Column("title", .text(["\u{202E}abc", nil, "plain"]))])
    #expect(
      table.showingInvisible["title"]?.values == .text(["\\u{202E}abc", nil, "plain"]))
  }
}
