/// What is wrong with the name of a variable, or with an expression of variables.
public enum VariableError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Nothing has the name.
  case unknown(String, nearest: [String])
  /// Several items have the name.
  case ambiguous(String, [String])
  /// No paper has a value.
  case noValues(String)
  /// A value that no paper has.
  case noSuchValue(String, of: String, nearest: [String])
  /// The variable is of another kind than is needed.
  case wrongKind(String, is: String, needed: String)
  /// A column of numbers has a value that is none.
  case notNumber(String, value: String, paper: String, numbers: Int, hasDecimalComma: Bool)
  /// A number is no weight.
  case noWeight(String, paper: String, value: Double?)
  /// The text cannot be read from here on; places count characters from 1.
  case syntax(at: Int, expected: String, found: String)
  /// A function is called with other arguments than it takes.
  case arguments(String, takes: String)
  /// Parts stand in parts too often.
  case tooDeep(Int)

  /// One sentence that says what happened and what to do.
  public var description: String {
    switch self {
    case .unknown(let name, let nearest):
      "no variable, item or category is called '\(Self.shown(name))'"
        + (nearest.count > 3
          ? "; there are \(nearest.joined(separator: ", "))" : NearestNames.suggestion(of: nearest))
    case .ambiguous(let name, let all):
      "several items are called '\(Self.shown(name))'; write category.item, as in "
        + all.prefix(3).joined(separator: ", ")
    case .noValues(let name): "no paper has a value in '\(Self.shown(name))'"
    case .noSuchValue(let value, let name, let nearest):
      "no paper has the value '\(Self.shown(value))' in '\(Self.shown(name))'"
        + (nearest.count > 3
          ? "; there are \(nearest.joined(separator: ", "))" : NearestNames.suggestion(of: nearest))
    case .wrongKind(let name, let kind, let needed):
      "'\(Self.shown(name))' is \(kind), where \(needed) is needed"
    case .notNumber(let name, let value, let paper, let numbers, let hasDecimalComma):
      "'\(Self.shown(name))' has \(numbers) number\(numbers == 1 ? "" : "s"), but"
        + " '\(Self.shown(value))' of \(Self.shown(paper)) is none; "
        + (hasDecimalComma
          ? "if commas are decimal signs, add `decimal: ,`"
          : "correct it, or leave it empty if it is not known")
    case .noWeight(let name, let paper, let value):
      "'\(Self.shown(name))' of \(Self.shown(paper)) is "
        + (value.map { NumberFormat.shortest($0) } ?? "not known")
        + ", and a weight is a number of at least 0"
    case .syntax(let place, let expected, let found):
      "the expression is not readable at character \(place): expected \(expected), found \(found)"
    case .arguments(let name, let takes): "\(name)() takes \(takes)"
    case .tooDeep(let levels):
      "the expression has more than \(levels) levels of parts within parts; divide it"
    }
  }

  private static func shown(_ text: String) -> String {
    DisplayText.truncated(DisplayText.visible(text), to: 60)
  }
}
