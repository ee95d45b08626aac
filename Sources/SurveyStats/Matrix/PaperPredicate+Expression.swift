/// Why an expression over items cannot be read.
public enum PaperExpressionError: Error, Equatable, CustomStringConvertible {
  /// The expression ends where an item, `not` or a parenthesis should follow.
  case unexpectedEnd
  /// A word or parenthesis that cannot stand where it does.
  case unexpected(String)

  /// One phrase with the remedy.
  public var description: String {
    switch self {
    case .unexpectedEnd: "the expression ends too early; an item should follow"
    case .unexpected(let word): "'\(word)' cannot stand where it does"
    }
  }
}

extension PaperPredicate {
  /// Reads an expression over items with `and`, `or`, `not` and parentheses.
  ///
  /// Items are named by `category.name`; `not` binds closer than `and`, and that closer than `or`:
  /// `a.code and not (a.data or a.environment)`.
  public init(expression: String) throws(PaperExpressionError) {
    var reader = ExpressionReader(expression)
    self = try reader.disjunction()
    if let rest = reader.next { throw .unexpected(rest) }
  }

  /// The items that the condition names, each once, in their order.
  public var items: [ItemID] {
    var found: [ItemID] = []
    func visit(_ part: PaperPredicate) {
      switch part {
      case .column, .columnAtLeast, .columnAtMost: break
      case .item(let id): if !found.contains(id) { found.append(id) }
      case .and(let left, let right), .or(let left, let right):
        visit(left)
        visit(right)
      case .not(let inner): visit(inner)
      }
    }
    visit(self)
    return found
  }

  /// The truth of the condition for every paper of a matrix; `nil` is undefined.
  ///
  /// It is that of ``holds(for:in:)``, but items are looked up once.
  public func truths(in matrix: BinaryMatrix) -> [Bool?] {
    switch self {
    case .column, .columnAtLeast, .columnAtMost:
      return matrix.papers.indices.map { holds(for: $0, in: matrix) }
    case .item(let id):
      guard let item = matrix.items.firstIndex(where: { $0.id == id }) else {
        return [Bool?](repeating: nil, count: matrix.papers.count)
      }
      return matrix.papers.indices.map { matrix.applies[$0, item] ? matrix.yes[$0, item] : nil }
    case .and(let left, let right):
      return zip(left.truths(in: matrix), right.truths(in: matrix)).map { left, right in
        if left == false || right == false { return false }
        return left == nil || right == nil ? nil : true
      }
    case .or(let left, let right):
      return zip(left.truths(in: matrix), right.truths(in: matrix)).map { left, right in
        if left == true || right == true { return true }
        return left == nil || right == nil ? nil : false
      }
    case .not(let inner):
      return inner.truths(in: matrix).map { $0.map { !$0 } }
    }
  }
}

/// Reads an expression from left to right, one rule of the grammar a function.
private struct ExpressionReader {
  private var words: [String]
  private var position = 0

  init(_ text: String) {
    words = text.replacing("(", with: " ( ").replacing(")", with: " ) ")
      .split(whereSeparator: \.isWhitespace).map(String.init)
  }

  /// The word that comes next.
  var next: String? { position < words.count ? words[position] : nil }

  mutating func disjunction() throws(PaperExpressionError) -> PaperPredicate {
    var result = try conjunction()
    while takes("or") { result = .or(result, try conjunction()) }
    return result
  }

  private mutating func conjunction() throws(PaperExpressionError) -> PaperPredicate {
    var result = try negation()
    while takes("and") { result = .and(result, try negation()) }
    return result
  }

  private mutating func negation() throws(PaperExpressionError) -> PaperPredicate {
    if takes("not") { return .not(try negation()) }
    if takes("(") {
      let inner = try disjunction()
      guard takes(")") else { throw next.map { .unexpected($0) } ?? .unexpectedEnd }
      return inner
    }
    guard let word = next else { throw .unexpectedEnd }
    guard !["and", "or", ")"].contains(word.lowercased()) else { throw .unexpected(word) }
    position += 1
    return .item(ItemID(word))
  }

  /// Goes past a word if it comes next.
  private mutating func takes(_ word: String) -> Bool {
    guard next?.lowercased() == word else { return false }
    position += 1
    return true
  }
}
