import SurveyStats
import Testing

@Suite struct PaperPredicateTruthsTests {
  private let matrix = BinaryMatrix(
    papers: (0..<9).map { Paper(slug: "p\($0)") }, items: ["a", "b"].map { Item(id: ItemID($0)) }
  ) { paper, item in
    [Cell.yes, .no, .notApplicable][item == 0 ? paper / 3 : paper % 3]
  }

  @Test(arguments: ["a", "not a", "a and b", "a or b", "not (a and not b) or b"])
  func `all papers at once are the papers one by one`(text: String) throws {
    let condition = try PatternExpression(text).predicate
    #expect(
      condition.truths(in: matrix)
        == matrix.papers.indices.map { condition.holds(for: $0, in: matrix) })
  }

  @Test func `the truth tables are those of Kleene`() throws {
    let and: [Bool?] = [true, false, nil, false, false, false, nil, false, nil]
    let or: [Bool?] = [true, true, true, true, false, nil, true, nil, nil]
    #expect(try PatternExpression("a and b").predicate.truths(in: matrix) == and)
    #expect(try PatternExpression("a or b").predicate.truths(in: matrix) == or)
  }
}
