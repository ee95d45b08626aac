/// The name of a way to make an interval or a test, as it stands in tables: `wilson`, `percentile`.
///
/// The names of an estimator are static members beside it.
public struct MethodName: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  /// The name.
  public let rawValue: String

  /// Creates a name.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The name.
  public var description: String { rawValue }
}
