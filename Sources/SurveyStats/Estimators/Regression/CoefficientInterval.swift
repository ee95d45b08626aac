/// The limits of an interval; a limit that does not exist is `nil`.
public struct CoefficientInterval: Sendable, Equatable {
  /// The lower limit.
  public var low: Double?
  /// The upper limit.
  public var high: Double?

  /// Creates an interval.
  public init(low: Double?, high: Double?) {
    self.low = low
    self.high = high
  }
}
