import SurveyStats
import Testing

@Suite struct PaperExpressionTests {
  private let matrix = BinaryMatrix(
    papers: (0..<9).map { Paper(slug: "p\($0)") }, items: ["a", "b"].map { Item(id: ItemID($0)) }
  ) { paper, item in
    [Cell.yes, .no, .notApplicable][item == 0 ? paper / 3 : paper % 3]
  }

  @Test func `not binds closer than and, and that closer than or`() throws {
    let a = PaperPredicate.item(ItemID("a"))
    let (b, c) = (PaperPredicate.item(ItemID("x.b")), PaperPredicate.item(ItemID("c")))
    #expect(try PaperPredicate(expression: "a or x.b and not c") == .or(a, .and(b, .not(c))))
    #expect(try PaperPredicate(expression: "(a OR x.b) And c") == .and(.or(a, b), c))
    #expect(try PaperPredicate(expression: "not not a") == .not(.not(a)))
    #expect(
      try PaperPredicate(expression: "a or x.b or a").items.map(\.description) == ["a", "x.b"])
  }

  @Test(arguments: [
    ("", PaperExpressionError.unexpectedEnd), ("a and", .unexpectedEnd), ("(a", .unexpectedEnd),
    ("a b", .unexpected("b")), ("a)", .unexpected(")")), ("or a", .unexpected("or")),
  ])
  func `what is no expression is an error`(text: String, expected: PaperExpressionError) {
    #expect(throws: expected) { try PaperPredicate(expression: text) }
  }

  @Test(arguments: ["a", "not a", "a and b", "a or b", "not (a and not b) or b"])
  func `all papers at once are the papers one by one`(text: String) throws {
    let condition = try PaperPredicate(expression: text)
    #expect(
      condition.truths(in: matrix)
        == matrix.papers.indices.map { condition.holds(for: $0, in: matrix) })
  }

  @Test func `the truth tables are those of Kleene`() throws {
    let and: [Bool?] = [true, false, nil, false, false, false, nil, false, nil]
    let or: [Bool?] = [true, true, true, true, false, nil, true, nil, nil]
    #expect(try PaperPredicate(expression: "a and b").truths(in: matrix) == and)
    #expect(try PaperPredicate(expression: "a or b").truths(in: matrix) == or)
  }
}
