import Testing

@testable import SurveyStats

@Suite struct ModelFormulaTests {
  @Test(
    arguments: [
      ("year + type", "year + type"),
      ("a * b", "a + b + a*b"),
      ("a*b*c", "a + b + c + a*b + a*c + b*c + a*b*c"),
      ("a*b + a + b*a", "a + b + a*b"),
      ("hn_points:log + setup.prompts", "hn_points:log + setup.prompts"),
      ("ns(year, 3) + poly(pages,2)", "ns(year,3) + poly(pages,2)"),
      ("type:ref=survey", "type:ref=survey"),
      ("`odd name` + ns", "odd name + ns"),
      ("pts:log:center + pts:log1p:scale", "pts:log:center + pts:log1p:scale"),
      (
        "ns(pts:log, 3) * year:scale:center",
        "ns(pts:log,3) + year:scale + ns(pts:log,3)*year:scale"
      ),
      ("", "1"), ("1", "1"),
    ])
  func `formulas read and write back`(text: String, expected: String) throws {
    #expect(try ModelFormula(text).description == expected)
  }

  @Test(arguments: [
    "a +", "a ++ b", "ns(a)", "ns(a, 0)", "a:cube", "a b", "`a", "(a)",
    "a:center:log", "a:log:factor", "ns(a:center, 3)",
  ])
  func `unreadable formulas say where`(text: String) {
    #expect(throws: ModelFormulaError.self) { try ModelFormula(text) }
  }

  @Test func `an error names what was found and expected`() {
    let error = #expect(throws: ModelFormulaError.self) { try ModelFormula("year:cube") }
    #expect(
      error?.description
        == "the formula is not readable: expected log, log1p, sqrt, center, scale, factor, "
        + "numeric or ref=LEVEL, found 'cube'")
  }

  @Test func `a product is no larger than can be taken apart`() throws {
    let six = (1...6).map { "x\($0)" }.joined(separator: "*")
    #expect(try ModelFormula(six).terms.count == 63)
    for count in [7, 30, 64, 100, 10_000] {
      let product = (1...count).map { "x\($0)" }.joined(separator: " * ")
      #expect(throws: ModelFormulaError.largeProduct(count: count, limit: 6)) {
        try ModelFormula(product)
      }
    }
  }

  @Test func `long formulas are read in one go`() throws {
    let sum = (1...20_000).map { "x\($0)" }.joined(separator: "+")
    #expect(try ModelFormula(sum).variables.count == 20_000)
    #expect(throws: ModelFormulaError.self) {
      try ModelFormula(String(repeating: "ns(", count: 100_000))
    }
    #expect(throws: ModelFormulaError.self) {
      try ModelFormula("x" + String(repeating: ":log", count: 100_000) + "(")
    }
  }
}
