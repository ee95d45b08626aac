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

extension BootstrapSample {
  /// The bootstrap interval of a quantity, or why there is none.
  func coefficientInterval(of quantity: Int, by method: BootstrapInterval, level: Double)
    -> (limits: CoefficientInterval, failure: String?)
  {
    do throws(IntervalFailure) {
      let found = try method.limits(
        estimate: original[quantity], replicates: values(of: quantity), level: level)
      return (CoefficientInterval(low: found.lower, high: found.upper), nil)
    } catch { return (CoefficientInterval(low: nil, high: nil), error.description) }
  }
}
