/// A difference whose standard error and interval a bootstrap can replace.
public protocol ResampledDifference {
  /// Replaces interval and standard error by those of a bootstrap; a difference without an estimate
  /// stays as it is.
  mutating func replaceInterval(
    _ sample: BootstrapSample, quantity: Int, method: BootstrapInterval, level: Double,
    name: String)
}

extension BootstrapSample {
  /// Replaces the standard error and limits of a quantity, and says why there are none.
  func replace(
    _ standardError: inout Double?, _ limits: inout CoefficientInterval, _ note: inout String?,
    of quantity: Int, by method: BootstrapInterval, level: Double
  ) {
    standardError = self.standardError(of: quantity)
    let found = coefficientInterval(of: quantity, by: method, level: level)
    limits = found.limits
    if let failure = found.failure { note = note.map { "\($0); \(failure)" } ?? failure }
  }
}
