import Testing

@testable import SurveyStats

@Suite struct ExpressionTests {
  private func read(_ text: String) throws -> String { try Expression(text).description }

  @Test(
    arguments: [
      ("a or x.b and not c", "a or x.b and not c"), ("(a OR x.b) And c", "(a or x.b) and c"),
      ("((a))", "a"), ("not not a", "a"), ("not (not (not a))", "not a"),
      ("not a and b", "not a and b"), ("not (a and b)", "not (a and b)"),
      ("year>=2024", "year >= 2024"), ("type == survey", "type = survey"),
      ("tag <> \"a b\"", "tag != 'a b'"), ("x in ('A', B,3)", "x in ('A', B, 3)"),
      ("x not in (1)", "not x in (1)"), ("1 + 2 * 3 - 4", "1 + 2 * 3 - 4"),
      ("(1 + 2) * 3", "(1 + 2) * 3"), ("1 - (2 - 3)", "1 - (2 - 3)"), ("- - x", "x"),
      ("-3 < x", "-3 < x"), ("--3 < x", "3 < x"), ("2025-07-02 < d", "2025.49863"),
      ("at least 2 of (artifacts.*, x > 1)", "at least 2 of (artifacts.*, x > 1)"),
      ("AT MOST 0 of (a)", "at most 0 of (a)"),
      ("exactly 1 of (a, not b)", "exactly 1 of (a, not b)"),
      ("any of (a, b) and c", "(a or b) and c"), ("all of (a, b)", "a and b"),
      ("none of (a, b)", "at most 0 of (a, b)"),
      ("score(artifacts, *_reported) > 50", "score(artifacts, *_reported) > 50"),
      ("contains(title, 'it''s')", "contains(title, 'it''s')"), ("at", "at"), ("all", "all"),
      ("`a b` and c-d.e", "`a b` and c-d.e"), ("`plain` = `other`", "plain = `other`"),
      ("x ≥ 1", "x >= 1"),
    ])
  func `expressions read as they are bound`(text: String, expected: String) throws {
    let written = try read(text)
    #expect(written.hasPrefix(expected) || written == expected)
  }

  @Test func `what is written reads as the same again`() throws {
    for text in [
      "a and (b or not (c and d))", "x - (y - z) > 2 * (a + b)", "not (x in ('a', 'b''c'))",
      "at most 2 of (a, b or c) and -x < 3", "(a or b) and (c or d)", "`3x` = '3x'", "year = `sT`",
      "`not` and `a*` and `-x`", "`s(((``s` and year = `a``b`",
      "x < 666666666666667666666666666667 and y > 1e-9",
    ] {
      let expression = try Expression(text)
      #expect(try Expression(expression.description) == expression, "\(text)")
    }
  }

  @Test(
    arguments: [
      ("", 1, "a variable, an item or a value", "the end"), ("a and", 6, "a variable", "the end"),
      ("a b", 3, "'and', 'or' or a comparison", "'b'"), ("(a", 3, "')'", "the end"),
      ("a)", 2, "'and', 'or'", "')'"), ("or a", 1, "a variable", "'or a'"),
      ("a & b", 3, "a name, a sign", "'& b'"), ("1 < x < 3", 7, "'and' or 'or'", "'< 3'"),
      ("at least x of (a)", 10, "a whole number after 'at least'", "'x of (a)'"),
      ("at least 2 (a)", 12, "'of'", "'(a)'"), ("any of a", 8, "'(' after 'any of'", "'a'"),
      ("x in 3", 6, "'(' after 'in'", "'3'"),
      ("scor(a) > 1", 1, "a function", "the nearest is score"),
      ("'a", 3, "a closing '", "'a"), ("a, b", 2, "an operator or ')'", "', b'"),
      ("x not 3", 3, "'and', 'or'", "'not 3'"), ("1e999 > x", 1, "a finite number", "'1e999'"),
      ("f()", 1, "an operator after 'f'", "'f('"), ("score()", 7, "a variable", "')'"),
    ])
  func `errors name the place and what was expected`(
    text: String, place: Int, expected: String, found: String
  ) {
    let error = #expect(throws: VariableError.self) { try Expression(text) }
    guard case .syntax(let at, let wanted, let seen)? = error else {
      Issue.record("\(text): \(error?.description ?? "no error")")
      return
    }
    #expect(at == place && wanted.contains(expected) && seen.contains(found), "\(error!)")
  }

  @Test func `no text is too long`() throws {
    let many = 100_000
    let ands = [String](repeating: "a", count: many).joined(separator: " and ")
    guard case .all(let parts) = try Expression(ands) else {
      Issue.record("no conjunction")
      return
    }
    #expect(parts.count == many)
    #expect(try read(String(repeating: "not ", count: 20_000) + "a") == "a")
    #expect(
      try read(
        String(repeating: "not (", count: 20_001) + "a" + String(repeating: ")", count: 20_001))
        == "not a")
    #expect(
      try read(String(repeating: "(", count: many) + "a" + String(repeating: ")", count: many))
        == "a")
    #expect(throws: VariableError.self) { try Expression(String(repeating: "(", count: many)) }
    #expect(throws: VariableError.self) { try Expression(String(repeating: ")", count: many)) }
    let deep =
      String(repeating: "(a and (b or ", count: many) + "c" + String(repeating: "))", count: many)
    #expect(throws: VariableError.tooDeep(Expression.deepest)) { try Expression(deep) }
    #expect(throws: VariableError.tooDeep(Expression.deepest)) {
      try Expression([String](repeating: "1", count: many).joined(separator: " + "))
    }
    #expect(throws: VariableError.self) { try Expression(String(repeating: "score(", count: many)) }
  }
}
