/// The name of a way to make an interval or a test, as it stands in tables: `wilson`, `percentile`.
///
/// The names of an estimator are static members beside it.
public struct MethodName: RawRepresentable, Sendable, Hashable, CustomStringConvertible,
  ExpressibleByStringInterpolation
{
  /// The name.
  public let rawValue: String

  /// Creates a name.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// Creates a name that is written out.
  public init(stringLiteral name: String) { rawValue = name }

  /// The name.
  public var description: String { rawValue }
}
