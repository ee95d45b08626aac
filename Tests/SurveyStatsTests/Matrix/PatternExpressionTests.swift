import Testing

@testable import SurveyStats

@Suite struct PatternExpressionTests {
  let matrix = BinaryMatrix(
    papers: [
      Paper(slug: "a", year: 2020, type: "survey"), Paper(slug: "b", year: 2024, type: "a tool"),
      Paper(slug: "c"),
    ],
    items: [
      Item(id: ItemID("open.code")), Item(id: ItemID("open.data")), Item(id: ItemID("old.data")),
    ]
  ) { paper, item in
    [[.yes, .no, .yes], [.no, .notApplicable, .no], [.yes, .yes, .absent]][paper][item]
  }

  func truth(_ text: String) throws -> [Bool?] {
    let condition = try PatternExpression(text, items: matrix.items.map(\.id))
    return matrix.outcome("pattern", where: condition.predicate).values
  }

  @Test(
    arguments: [
      ("code", [true, false, true]), ("open.code and not open.data", [true, false, false]),
      ("not code or open.data", [false, true, true]),
      ("not (code and open.data)", [true, true, false]),
      ("old.data and open.data", [false, false, nil]), ("year >= 2024", [false, true, nil]),
      ("year <= 2020 and type = survey", [true, false, nil]),
      ("type = \"a tool\"", [false, true, nil]),
      ("score >= 60", [true, false, true]), ("score <= 0 or `open.code`", [true, true, true]),
    ] as [(String, [Bool?])])
  func `conditions follow three-valued logic`(text: String, expected: [Bool?]) throws {
    #expect(try truth(text) == expected)
  }

  @Test(
    arguments: [
      ("code and", "an item or column, found the end"),
      ("code data", "'and' or 'or', found 'data'"),
      ("(code", "')', found the end"), ("year >= x", "a number, found 'x'"),
      ("cod", "no item is called 'cod'; the nearest is open.code"),
      ("data", "several items are called 'data'; write category.item"),
      ("code & data", "a name, 'not', 'and', 'or' or a parenthesis, found '& data'"),
    ])
  func `errors say what was expected`(text: String, expected: String) {
    let error = #expect(throws: PatternError.self) { try truth(text) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test func `not binds closer than and, and that closer than or`() throws {
    let a = PaperPredicate.item(ItemID("a"))
    let (b, c) = (PaperPredicate.item(ItemID("x.b")), PaperPredicate.item(ItemID("c")))
    #expect(try PatternExpression("a or x.b and not c").predicate == .or(a, .and(b, .not(c))))
    #expect(try PatternExpression("(a OR x.b) And c").predicate == .and(.or(a, b), c))
    #expect(try PatternExpression("not not a").predicate == .not(.not(a)))
    #expect(
      try PatternExpression("a or x.b or a").predicate.items.map(\.description) == ["a", "x.b"])
  }

  @Test(arguments: ["", "a and", "(a", "a b", "a)", "or a"])
  func `what is no expression is an error`(text: String) {
    #expect(throws: PatternError.self) { try PatternExpression(text) }
  }
}
