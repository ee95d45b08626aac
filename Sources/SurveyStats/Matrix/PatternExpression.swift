/// A condition on a paper's answers in words: `artifacts.code_released and not (seeds or n_runs)`.
///
/// Conditions are items (yes is true, no is false, anything else undefined), `year >= 2024`,
/// `year <= 2026`, `score >= 60` (percent of applicable items answered yes) and `type = survey`,
/// joined by `not`, `and`, `or` and parentheses; `not` binds most strongly, `or` least. A name with
/// other characters than letters, digits, `_`, `.` and `-` stands between backquotes, a value with
/// blanks between quotation marks. An item may be named without its category when no other has its
/// name. The words `not`, `and` and `or` may be in capitals.
public struct PatternExpression: Sendable, Equatable {
  /// The condition.
  public let predicate: PaperPredicate

  /// Reads an expression about items.
  ///
  /// - Parameters:
  ///   - text: The expression.
  ///   - items: The items it may name; without them every name is taken as it is.
  public init(_ text: String, items: [ItemID]? = nil) throws(PatternError) {
    var parser = PatternParser(tokens: try PatternToken.tokens(of: text), items: items)
    predicate = try parser.disjunction()
    if let extra = parser.next { throw .unexpected(extra.text, expected: "'and' or 'or'") }
  }
}

/// What is wrong with an expression.
public enum PatternError: Error, Equatable, CustomStringConvertible {
  /// The expression cannot be read from here on.
  case unexpected(String, expected: String)
  /// No item has that name.
  case unknownItem(String, nearest: [String])
  /// Several items have that name.
  case ambiguousItem(String)

  /// One sentence that says what happened and what to do.
  public var description: String {
    switch self {
    case .unexpected(let found, let expected):
      "the pattern is not readable: expected \(expected), found \(found)"
    case .unknownItem(let name, let nearest):
      "no item is called '\(name)'" + NearestNames.suggestion(of: nearest)
    case .ambiguousItem(let name): "several items are called '\(name)'; write category.item"
    }
  }
}

/// A word, name, value or sign of an expression.
private struct PatternToken {
  enum Kind { case name, value, sign }

  let kind: Kind
  let content: String

  var text: String { "'\(content)'" }

  static func tokens(of text: String) throws(PatternError) -> [PatternToken] {
    var tokens: [PatternToken] = []
    var rest = text[...]
    while let first = rest.first {
      if first.isWhitespace {
        rest.removeFirst()
      } else if first == "`" || first == "\"" {
        let inner = rest.dropFirst()
        guard let end = inner.firstIndex(of: first) else {
          throw .unexpected("'\(rest)'", expected: "a closing \(first)")
        }
        tokens.append(
          PatternToken(kind: first == "`" ? .name : .value, content: String(inner[..<end])))
        rest = inner[inner.index(after: end)...]
      } else if let sign = ["(", ")", ">=", "<=", "="].first(where: { rest.hasPrefix($0) }) {
        tokens.append(PatternToken(kind: .sign, content: sign))
        rest = rest.dropFirst(sign.count)
      } else {
        let word = rest.prefix { $0.isLetter || $0.isNumber || "_.-".contains($0) }
        guard !word.isEmpty else {
          throw .unexpected("'\(rest)'", expected: "a name, 'not', 'and', 'or' or a parenthesis")
        }
        tokens.append(PatternToken(kind: .name, content: String(word)))
        rest = rest.dropFirst(word.count)
      }
    }
    return tokens
  }
}

/// A recursive-descent reader of expressions.
private struct PatternParser {
  private var tokens: ArraySlice<PatternToken>
  private let items: [ItemID]?

  init(tokens: [PatternToken], items: [ItemID]?) {
    self.tokens = tokens[...]
    self.items = items
  }

  var next: PatternToken? { tokens.first }

  mutating func disjunction() throws(PatternError) -> PaperPredicate {
    var result = try conjunction()
    while skip("or") { result = .or(result, try conjunction()) }
    return result
  }

  private mutating func conjunction() throws(PatternError) -> PaperPredicate {
    var result = try factor()
    while skip("and") { result = .and(result, try factor()) }
    return result
  }

  private mutating func factor() throws(PatternError) -> PaperPredicate {
    if skip("not") { return .not(try factor()) }
    if skip("(") {
      let inner = try disjunction()
      guard skip(")") else { throw unexpected("')'") }
      return inner
    }
    guard let name = tokens.first, name.kind == .name,
      !["and", "or"].contains(name.content.lowercased())
    else {
      throw unexpected("an item or column")
    }
    tokens.removeFirst()
    for sign in [">=", "<="] where skip(sign) {
      guard let bound = tokens.first.flatMap({ Double($0.content) }) else {
        throw unexpected("a number")
      }
      tokens.removeFirst()
      if name.content == "score" {
        return sign == ">=" ? .scoreAtLeast(bound) : .scoreAtMost(bound)
      }
      return sign == ">="
        ? .columnAtLeast(name.content, bound) : .columnAtMost(name.content, bound)
    }
    if skip("=") {
      guard let value = tokens.first, value.kind != .sign else { throw unexpected("a value") }
      tokens.removeFirst()
      return .column(name.content, equals: value.content)
    }
    return .item(try item(name.content))
  }

  private func item(_ name: String) throws(PatternError) -> ItemID {
    let id = ItemID(name)
    guard let items else { return id }
    if items.contains(id) { return id }
    let found = items.filter { $0.name == name }
    if found.count > 1 { throw .ambiguousItem(name) }
    guard let only = found.first else {
      throw .unknownItem(
        name, nearest: NearestNames(items.map(\.description)).nearest(to: name))
    }
    return only
  }

  private mutating func skip(_ content: String) -> Bool {
    guard let first = tokens.first, first.kind != .value, first.content.lowercased() == content
    else {
      return false
    }
    tokens.removeFirst()
    return true
  }

  private func unexpected(_ expected: String) -> PatternError {
    .unexpected(tokens.first?.text ?? "the end", expected: expected)
  }
}
