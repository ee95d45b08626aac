import Testing

@testable import SurveyStats

@Suite struct PartialCreditTests {
  private let matrix = BinaryMatrix(
    papers: ["a", "b", "c"].map { Paper(slug: $0) },
    items: ["x.p", "x.q", "y.r"].map { Item(id: ItemID($0)) }
  ) { paper, item in
    [[Cell.yes, .no, .no], [.no, .no, .notApplicable], [.no, .yes, .absent]][paper][item]
  }
  .crediting([
    PartialCredit(paper: 1, item: 0, share: 0.25), PartialCredit(paper: 0, item: 1, share: 0.5),
  ])

  @Test func `scores add the shares, category by category and by weights`() {
    let scores = PaperScores(
      matrix, weights: CompositeWeights(name: "w", categories: ["x": 1, "y": 3]))
    #expect(scores.overall.values == [50, 12.5, 50] && scores.passed == [1, 0, 1])
    #expect(scores["x"]?.values == [75, 12.5, 50] && scores["y"]?.values == [0, nil, nil])
    #expect(scores["composite_items"]?.values == [30, 12.5, 50])
    #expect(scores["composite_categories"]?.values == [18.75, 12.5, 50])
  }

  @Test func `credits follow their papers and items`() throws {
    #expect(matrix.credits.map(\.item) == [0, 1])
    let turned = matrix.selecting(papers: [2, 1, 1]).selecting(items: [1, 0])
    #expect(
      turned.credits == [
        PartialCredit(paper: 1, item: 1, share: 0.25),
        PartialCredit(paper: 2, item: 1, share: 0.25),
      ])
    let other = BinaryMatrix(papers: [Paper(slug: "B")], items: [Item(id: ItemID("x.q"))]) { _, _ in
      .no
    }
    .crediting([PartialCredit(paper: 0, item: 0, share: 0.75)])
    let joined = try BinaryMatrix.joining([("1", matrix), ("2", other)])
    #expect(joined.papers.map(\.slug) == ["B", "a", "b", "c"])
    #expect(joined.items.map(\.id.name) == ["q", "p", "r"])
    #expect(
      joined.credits == [
        PartialCredit(paper: 0, item: 0, share: 0.75),
        PartialCredit(paper: 1, item: 0, share: 0.5),
        PartialCredit(paper: 2, item: 1, share: 0.25),
      ])
    #expect(matrix.partialCount(items: [0, 2]) == 1)
  }

  @Test func `a matrix with credits is written and read back by those who know the rule`() throws {
    let csv = try MatrixCSV().write(matrix)
    #expect(
      String(decoding: csv, as: UTF8.self)
        == "paper,x.p,x.q,y.r\na,1,0.5,0\nb,0.25,0,NA\nc,0,1,\n")
    #expect(try MatrixCSV(readsCredit: true).read(csv) == matrix)
    #expect(throws: MatrixCSVError.self) { try MatrixCSV().read(csv) }
    let long = MatrixCSV().longTable(matrix)
    #expect(long.columns.map(\.name) == ["paper", "category", "term", "item", "cell", "credit"])
  }
}
