/// Named conditions on papers, such as code that is released but cannot be run.
///
/// The JSON shape is `{"patterns": [{"name": "open_source_theater", "expression":
/// "artifacts.code_released and not artifacts.environment_specified"}]}`; further keys are ignored,
/// expressions are those of ``PatternExpression``.
public struct NamedPatterns: Sendable, Equatable, Decodable {
  /// One pattern.
  public struct Pattern: Sendable, Equatable, Decodable {
    /// The name.
    public let name: String
    /// The condition in words.
    public let expression: String
  }

  /// The patterns, in order.
  public let patterns: [Pattern]
}
