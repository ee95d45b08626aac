/// A question about a paper as it was written: a tree of names, values and operators.
///
/// It is read by ``Expression/init(_:)`` and answered by ``Variables``. Trees are at most a few hundred
/// levels deep, however long the text, so that walking them never runs out of stack.
public indirect enum Expression: Sendable, Hashable {
  /// A variable; between backquotes it is never taken for a word of text.
  case name(String, isQuoted: Bool)
  /// A number; ISO dates are years with a fraction.
  case number(Double)
  /// A text.
  case text(String)
  /// A function of arguments.
  case call(Function, [Expression])
  /// The condition does not hold.
  case not(Expression)
  /// All conditions hold.
  case all([Expression])
  /// At least one condition holds.
  case any([Expression])
  /// So many of the conditions hold.
  case count(Quantifier, Int, [Expression])
  /// Two values compare as said.
  case comparison(Comparison, Expression, Expression)
  /// A value is one of a list.
  case membership(Expression, [Expression])
  /// The sum, difference, product or quotient of two numbers.
  case arithmetic(Arithmetic, Expression, Expression)
  /// The number with the other sign.
  case negative(Expression)

  /// How many conditions are to hold.
  public enum Quantifier: String, Sendable, Hashable {
    /// So many or more.
    case atLeast = "at least"
    /// So many or fewer.
    case atMost = "at most"
    /// Just so many.
    case exactly
  }

  /// How two values compare.
  public enum Comparison: String, Sendable, Hashable {
    case equal = "="
    case unequal = "!="
    case less = "<"
    case atMost = "<="
    case greater = ">"
    case atLeast = ">="

    /// Whether numbers compare so.
    func holds(_ left: Double, _ right: Double) -> Bool {
      switch self {
      case .equal: left == right
      case .unequal: left != right
      case .less: left < right
      case .atMost: left <= right
      case .greater: left > right
      case .atLeast: left >= right
      }
    }

    /// The comparison with its sides exchanged.
    var mirrored: Comparison {
      switch self {
      case .equal, .unequal: self
      case .less: .greater
      case .atMost: .atLeast
      case .greater: .less
      case .atLeast: .atMost
      }
    }

    /// Whether it asks for an order, not just for being the same.
    var isOrder: Bool { self != .equal && self != .unequal }
  }

  /// What is done with two numbers.
  public enum Arithmetic: String, Sendable, Hashable {
    case sum = "+"
    case difference = "-"
    case product = "*"
    case quotient = "/"

    /// The result; `nil` where it is no finite number.
    func callAsFunction(_ left: Double, _ right: Double) -> Double? {
      let result =
        switch self {
        case .sum: left + right
        case .difference: left - right
        case .product: left * right
        case .quotient: left / right
        }
      return result.isFinite ? result : nil
    }
  }

  /// The functions that an expression may use.
  public enum Function: String, Sendable, Hashable, CaseIterable {
    /// Percent of the applicable items named that are answered yes.
    case score
    /// How many of the items named apply.
    case applicableCount = "n_applicable"
    /// How many of the items named are answered yes.
    case yesCount = "n_yes"
    /// How many of the items named are answered no.
    case noCount = "n_no"
    /// How many of the items named were asked.
    case askedCount = "n_asked"
    /// Whether all items named apply; never undefined.
    case applies
    /// Whether all items named were asked; never undefined.
    case asked
    /// Whether the variable has a value, or the condition is decided; never undefined.
    case known
    /// How many claims have the level of support.
    case claims
    /// The score of an engagement factor.
    case engagement
    /// Whether a text holds another, without regard to case.
    case contains
    /// How many labels there are.
    case count
    /// The absolute value.
    case absolute = "abs"
    /// The natural logarithm.
    case log
    /// The natural logarithm of one plus the value.
    case log1p
    /// The square root.
    case squareRoot = "sqrt"
    /// The least of the values.
    case min
    /// The greatest of the values.
    case max
    /// The whole part of a date or number: the year of a date.
    case floor
  }

  /// The most levels that a tree may have.
  static let deepest = 400

  /// The tree without double negation, and with `not` moved into a top that it stands before, so that
  /// `not (a or b)` is seen to be the conjunction it is.
  var conjuncts: [Expression]? {
    switch self {
    case .all(let parts): parts
    case .not(.any(let parts)): parts.map { .negated($0) }
    default: nil
    }
  }

  /// The opposite condition.
  static func negated(_ condition: Expression) -> Expression {
    if case .not(let inner) = condition { return inner }
    return .not(condition)
  }
}

extension Expression: CustomStringConvertible {
  /// The expression as it would be written, with the parentheses that it needs.
  public var description: String { written(within: 0) }

  private func written(within outer: Int) -> String {
    let text: String
    switch self {
    case .name(let name, let isQuoted):
      return isQuoted && !Self.isPlain(name) ? Self.quoted(name) : name
    // A plus would read as a sign of its own.
    case .number(let number): return NumberFormat.shortest(number).replacing("e+", with: "e")
    case .text(let word): return "'\(word.replacing("'", with: "''"))'"
    case .call(let function, let arguments): return "\(function.rawValue)(\(Self.list(arguments)))"
    case .count(let quantifier, let bound, let parts):
      return "\(quantifier.rawValue) \(bound) of (\(Self.list(parts)))"
    case .not(let inner): text = "not " + inner.written(within: 3)
    case .all(let parts): text = parts.map { $0.written(within: 2) }.joined(separator: " and ")
    case .any(let parts): text = parts.map { $0.written(within: 1) }.joined(separator: " or ")
    case .comparison(let comparison, let left, let right):
      text = "\(left.written(within: 4)) \(comparison.rawValue) \(right.compared)"
    case .membership(let value, let choices):
      let words = choices.map(\.compared).joined(separator: ", ")
      text = "\(value.written(within: 4)) in (\(words))"
    case .arithmetic(let operation, let left, let right):
      text =
        "\(left.written(within: precedence - 1)) \(operation.rawValue) "
        + right.written(within: precedence)
    case .negative(let inner): text = "-" + inner.written(within: 7)
    }
    return precedence <= outer ? "(\(text))" : text
  }

  /// The expression after a sign of comparison, where a bare name is a word and a quoted one a variable.
  private var compared: String {
    if case .name(let name, isQuoted: true) = self { return Self.quoted(name) }
    return written(within: 4)
  }

  /// A name in quotes; one that it contains is doubled.
  private static func quoted(_ name: String) -> String {
    "`\(name.replacing("`", with: "``"))`"
  }

  /// Whether a name means the same without quotes where a variable is expected.
  private static func isPlain(_ name: String) -> Bool {
    let words = ["and", "or", "not", "in", "at", "exactly", "any", "all", "none"]
    return name.first.map { $0.isLetter || $0 == "_" } ?? false
      && name.allSatisfy { $0.isLetter || $0.isNumber || "_.-".contains($0) }
      && !words.contains(name.lowercased())
  }

  private static func list(_ parts: [Expression]) -> String {
    parts.map { $0.written(within: 0) }.joined(separator: ", ")
  }

  /// How strongly its operator binds.
  private var precedence: Int {
    switch self {
    case .any: 1
    case .all: 2
    case .not: 3
    case .comparison, .membership: 4
    case .arithmetic(let operation, _, _): [.sum, .difference].contains(operation) ? 5 : 6
    case .negative: 7
    case .name, .number, .text, .call, .count: 8
    }
  }
}
