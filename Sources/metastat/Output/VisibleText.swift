import SurveyStats

/// Text that can be shown to a reader: what is put into a literal has its invisible characters shown.
///
/// Names in data, in option files and in arguments can hold anything, also what drives a terminal or
/// forges a line. Standard error takes this type alone, and a `String` becomes one only by being put
/// into a literal, so that nothing foreign is printed as it stands.
///
///     console.note("\(path) has no column '\(name)'")
struct VisibleText: Sendable, Equatable, ExpressibleByStringInterpolation {
  /// The text, safe to print.
  let text: String

  init(stringLiteral value: String) { text = value }

  init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  /// Text whose line breaks are meant.
  init(lines text: String) {
    self.text = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { DisplayText.visible(String($0)) }.joined(separator: "\n")
  }

  /// Both texts, one after the other.
  static func + (first: VisibleText, second: VisibleText) -> VisibleText { "\(first)\(second)" }

  /// Collects the parts of a literal.
  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    init(literalCapacity: Int, interpolationCount: Int) {}

    mutating func appendLiteral(_ literal: String) { text += literal }

    /// Appends text that is safe already.
    mutating func appendInterpolation(_ safe: VisibleText) { text += safe.text }

    /// Appends foreign text: invisible characters shown, and long text without its middle.
    mutating func appendInterpolation<Foreign>(_ foreign: Foreign) {
      text += DisplayText.visible(DisplayText.abridged(String(describing: foreign)))
    }
  }
}
