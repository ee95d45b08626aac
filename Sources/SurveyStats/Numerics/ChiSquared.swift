/// The chi-squared distribution.
public struct ChiSquared: ContinuousDistribution {
  /// The degrees of freedom, positive, not necessarily whole.
  public let degreesOfFreedom: Double

  /// Creates the distribution with the given degrees of freedom, positive and finite.
  public init(degreesOfFreedom: Double) {
    precondition(
      degreesOfFreedom > 0 && degreesOfFreedom < .infinity,
      "degrees of freedom must be positive and finite")
    self.degreesOfFreedom = degreesOfFreedom
  }

  private var gamma: IncompleteGamma { IncompleteGamma(degreesOfFreedom / 2) }

  /// The probability of at most `x`.
  public func cumulativeProbability(_ x: Double) -> Double {
    x.isNaN ? x : gamma.tails(x / 2).lower
  }

  /// The probability of more than `x`.
  public func survival(_ x: Double) -> Double {
    x.isNaN ? x : gamma.tails(x / 2).upper
  }

  /// The density at `x`; infinite at zero below two degrees of freedom.
  public func density(_ x: Double) -> Double {
    if x.isNaN { return x }
    guard x == 0 else { return x < 0 ? 0 : gamma.kernel(x / 2) / x }
    return degreesOfFreedom < 2 ? .infinity : degreesOfFreedom == 2 ? 0.5 : 0
  }

  /// The value that is not exceeded with the given probability.
  public func quantile(_ probability: Double) -> Double {
    2 * gamma.inverse(TailProbabilities(lower: probability))
  }

  /// The value that is exceeded with the given probability.
  public func upperQuantile(_ probability: Double) -> Double {
    2 * gamma.inverse(TailProbabilities(upper: probability))
  }
}
