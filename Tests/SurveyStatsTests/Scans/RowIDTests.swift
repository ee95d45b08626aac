import Testing

@testable import SurveyStats

@Suite struct RowIDTests {
  @Test func `rows are in the order of papers, versions and raters, the unknown first`() {
    let rows = [
      RowID(paper: "a"), RowID(paper: "a", rater: "A"), RowID(paper: "a", version: 1),
      RowID(paper: "a", version: 1, rater: "A"), RowID(paper: "a", version: 1, rater: "B"),
      RowID(paper: "a", version: 2), RowID(paper: "b"),
    ]
    #expect(rows.reversed().sorted() == rows)
    let papers = rows.reversed().map { Paper(slug: $0.paper, version: $0.version, rater: $0.rater) }
    #expect(papers.sortedRows == rows.indices.reversed())
    #expect(!papers.areInOrder && papers.sortedRows.map { papers[$0] }.areInOrder)
  }

  @Test func `a row is called by what is stated`() {
    #expect(RowID(paper: "a").description == "a")
    #expect(RowID(paper: "a", version: 2, rater: "A").description == "a (version 2, rater A)")
  }
}
