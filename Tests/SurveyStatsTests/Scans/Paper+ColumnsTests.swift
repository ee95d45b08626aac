import SurveyStats
import Testing

@Suite struct PaperColumnsTests {
  private let paper = Paper(
    slug: "s", title: "T", year: 2024, venue: "V", type: "survey", tags: ["x", "y"], version: 3,
    rater: "opus", group: "g", cluster: "c", weight: 1.5, arxivID: "2401.00001", doi: "10.1/2",
    covariates: ["points": "12", "empty": "", "word": "many", "big": "1e400"])

  @Test func `every column has its values`() {
    #expect(paper.values(of: "paper") == ["s"])
    #expect(
      Paper.columnNames.map { paper.values(of: $0) } == [
        ["T"], ["2024"], ["V"], ["survey"], ["x", "y"], ["3"], ["opus"], ["g"], ["c"], ["1.5"],
      ])
    #expect(paper.values(of: "tag") == ["x", "y"])
    #expect(paper.values(of: "arxiv_id") == ["2401.00001"] && paper.values(of: "doi") == ["10.1/2"])
    #expect(paper.values(of: "points") == ["12"])
    #expect(paper.values(of: "empty").isEmpty && paper.values(of: "unknown").isEmpty)
    let bare = Paper(slug: "b")
    #expect(Paper.columnNames.allSatisfy { bare.values(of: $0).isEmpty })
  }

  @Test func `numbers are finite or nothing`() {
    #expect(paper.number(of: "year") == 2024 && paper.number(of: "version") == 3)
    #expect(paper.number(of: "weight") == 1.5 && paper.number(of: "points") == 12)
    #expect(paper.number(of: "word") == nil && paper.number(of: "big") == nil)
    #expect(paper.number(of: "title") == nil && Paper(slug: "b").number(of: "year") == nil)
  }
}
