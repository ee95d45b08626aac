import Testing

@testable import SurveyStats

@Suite struct PatternTests {
  /// Yes, no and neither for a and b, each pair once, and c yes throughout.
  private let matrix = BinaryMatrix(
    text: ["111", "101", "1-1", "011", "001", "0-1", "-11", "-01", "-.1"], items: ["a", "b", "c"])

  private func prevalence(
    _ expression: String, papers: [Int]? = nil
  ) throws -> PatternPrevalence {
    let pattern = try NamedPatterns.Pattern(name: "p", expression: expression)
    let estimator = try PatternEstimator([pattern], of: matrix.variables)
    let rows = papers ?? Array(matrix.papers.indices)
    let rates = RateEstimator(
      bootstrap: Bootstrap(design: SamplingDesign(paperCount: rows.count), replicates: 9, seed: 1))
    return try #require(estimator.estimate(rows, rates).first)
  }

  private func counts(_ expression: String) throws -> [Int] {
    let row = try prevalence(expression)
    return [
      row.rate.yesCount, row.rate.applicableCount, row.defined.yesCount,
      row.defined.applicableCount,
    ]
  }

  @Test func `a conjunction counts where all its parts apply`() throws {
    // a and b: both apply to 4 papers; it is also false where one is no and the other neither.
    #expect(try counts("a and b") == [1, 4, 1, 6])
    #expect(try counts("a and not b") == [1, 4, 1, 6])
    #expect(try counts("not (a or b)") == [1, 4, 1, 6])
    #expect(try counts("all of (a, b)") == [1, 4, 1, 6])
    #expect(try counts("a and (b or c)") == [3, 6, 3, 6])
  }

  @Test func `other conditions count where they are defined`() throws {
    #expect(try counts("a or b") == [5, 6, 5, 6])
    #expect(try counts("not (a and b)") == [5, 6, 5, 6])
    #expect(try counts("a") == [3, 6, 3, 6])
    #expect(try counts("at least 2 of (a, b, c)") == [5, 6, 5, 6])
    #expect(try counts("at most 1 of (a, b)") == [5, 6, 5, 6])
  }

  @Test func `independent parts make the share that is expected`() throws {
    // Where both apply a and b are yes in one half of the papers each.
    #expect(try prevalence("a and b").expected == 0.25)
    #expect(try prevalence("a or b").expected == 0.75)
    #expect(try prevalence("not (a and b)").expected == 0.75)
    #expect(try prevalence("at least 2 of (a, b, c)").expected == 0.75)
    #expect(try prevalence("exactly 1 of (a, b)").expected == 0.5)
    #expect(try prevalence("at most 0 of (a, b)").expected == 0.25)
    #expect(try prevalence("a").expected == nil)
    #expect(try prevalence("a and b", papers: [0, 2]).expected == 1)
    #expect(try prevalence("a and b", papers: [2, 5]).expected == nil)
    let answers = try PatternAnswers(
      [NamedPatterns.Pattern(name: "p", expression: "a and b")], of: matrix.variables)
    let share = answers.expectedShare(
      of: 0, among: Array(0..<9), weights: [3, 1, 9, 0, 0, 9, 9, 9, 9])
    #expect(share == 0.75)
  }

  @Test func `the table has the columns of rates and those beside`() throws {
    let table = Table(patterns: [("g", [try prevalence("a and b")])], by: "v", level: 0.95)
    #expect(table["term"]?.values == .text(["p"]) && table["level"]?.values == .text(["pattern"]))
    #expect(table["group"]?.values == .text(["g"]) && table["n_defined"]?.values == .integer([6]))
    #expect(table["estimate"]?.values == .real([0.25]) && table["note"] != nil)
    #expect(table["expression"]?.values == .text(["a and b"]))
  }

  @Test func `the answers that decide are said`() throws {
    func reasons(_ text: String, _ paper: Int) throws -> [String] {
      try DecidedCondition(try Expression(text), of: matrix.variables).reasons(paper)
    }
    #expect(try reasons("a and not b", 1) == ["a yes", "b no"])
    #expect(try reasons("a and b", 3) == ["a no"])
    #expect(try reasons("a or b", 3) == ["b yes"])
    #expect(try reasons("a and b", 2) == ["b undefined"])
    #expect(try reasons("not (a and b)", 4) == ["a no", "b no"])
    #expect(try reasons("at least 1 of (a, b)", 1) == ["a yes", "b no"])
    let table = try Table(
      papersOf: [NamedPatterns.Pattern(name: "p", expression: "a and not b")],
      in: matrix.variables)
    #expect(table["paper"]?.values == .text(["p1"]))
    #expect(table["answers"]?.values == .text(["a yes; b no"]))
  }

  @Test func `patterns are read with their readings, and unknown names are told`() throws {
    let patterns = NamedPatterns(patterns: [
      try NamedPatterns.Pattern(name: "x", reading: "r", expression: "a and yaer >= 2025"),
      try NamedPatterns.Pattern(name: "y", expression: "a"),
    ])
    let resolved = patterns.resolved(in: matrix.variables)
    #expect(resolved.known.map(\.name) == ["y"] && resolved.known[0].label == "y")
    #expect(resolved.unknown.map(\.pattern.name) == ["x"])
    #expect(resolved.unknown[0].error.description.contains("'yaer'"))
  }
}
