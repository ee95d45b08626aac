/// What is wrong with a formula or with the variables it names.
public enum ModelFormulaError: Error, Equatable, CustomStringConvertible {
  /// The text cannot be read from the given place on.
  case syntax(found: String, expected: String)
  /// A variable has no such name, or its values are not what they should be.
  case variable(VariableError)
  /// A transformation is not defined for some values of a variable.
  case undefinedTransformation(variable: String, values: Int, remedy: String)
  /// The variable is not a number, but its form asks for one.
  case notNumeric(String)
  /// The level asked for as reference does not occur.
  case unknownLevel(variable: String, level: String)
  /// No paper has a value of the variable.
  case noValues(String)
  /// The variable has too few distinct values for its polynomial or spline.
  case tooFewDistinctValues(variable: String, needed: Int, found: Int)
  /// A product of more variables than are taken apart into their interactions.
  case largeProduct(count: Int, limit: Int)

  /// One sentence that says what happened and what to do.
  public var description: String { DisplayText.visible(sentence) }

  private var sentence: String {
    switch self {
    case .syntax(let found, let expected):
      "the formula is not readable: expected \(expected), found \(DisplayText.abridged(found, to: 80))"
    case .variable(let error): error.description
    case .undefinedTransformation(let variable, let values, let remedy):
      "'\(variable)' is undefined for \(values) papers; \(remedy)"
    case .notNumeric(let name): "'\(name)' is not numeric; write '\(name):factor' or leave it plain"
    case .unknownLevel(let variable, let level): "'\(variable)' has no level '\(level)'"
    case .noValues(let name): "no paper has a value in '\(name)'"
    case .tooFewDistinctValues(let variable, let needed, let found):
      "'\(variable)' needs \(needed) distinct values, it has \(found)"
    case .largeProduct(let count, let limit):
      "a product of \(count) variables means too many interactions; join \(limit) or fewer by '*'"
    }
  }
}
