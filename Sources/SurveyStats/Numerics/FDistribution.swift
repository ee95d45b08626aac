/// The F distribution, of the ratio of two independent mean squares.
public struct FDistribution: ContinuousDistribution {
  /// The degrees of freedom of the numerator, positive.
  let numeratorDegreesOfFreedom: Double
  /// The degrees of freedom of the denominator, positive.
  let denominatorDegreesOfFreedom: Double

  /// Creates the distribution with the given degrees of freedom, positive and finite.
  public init(numeratorDegreesOfFreedom: Double, denominatorDegreesOfFreedom: Double) {
    precondition(
      numeratorDegreesOfFreedom > 0 && denominatorDegreesOfFreedom > 0
        && numeratorDegreesOfFreedom < .infinity && denominatorDegreesOfFreedom < .infinity,
      "degrees of freedom must be positive and finite")
    self.numeratorDegreesOfFreedom = numeratorDegreesOfFreedom
    self.denominatorDegreesOfFreedom = denominatorDegreesOfFreedom
  }

  private var function: IncompleteBeta {
    IncompleteBeta(numeratorDegreesOfFreedom / 2, denominatorDegreesOfFreedom / 2)
  }

  /// The argument as a beta variate and its complement.
  private func share(_ x: Double) -> (x: Double, complement: Double) {
    let odds = numeratorDegreesOfFreedom / denominatorDegreesOfFreedom * x
    if odds <= 0 { return (0, 1) }
    if odds == .infinity { return (1, 0) }
    return odds < 1 ? (odds / (1 + odds), 1 / (1 + odds)) : (1 / (1 + 1 / odds), 1 / (1 + odds))
  }

  private func tails(_ x: Double) -> TailProbabilities {
    let (share, complement) = share(x)
    return function.tails(share, complement: complement)
  }

  /// The probability of at most `x`.
  public func cumulativeProbability(_ x: Double) -> Double { x.isNaN ? x : tails(x).lower }

  /// The probability of more than `x`.
  public func survival(_ x: Double) -> Double { x.isNaN ? x : tails(x).upper }

  /// The density at `x`; infinite at zero below two degrees of freedom in the numerator.
  public func density(_ x: Double) -> Double {
    if x.isNaN { return x }
    guard x == 0 else {
      let (share, complement) = share(x)
      return x < 0 ? 0 : function.kernel(share, complement: complement) / x
    }
    return numeratorDegreesOfFreedom < 2 ? .infinity : numeratorDegreesOfFreedom == 2 ? 1 : 0
  }

  /// The value that is not exceeded with the given probability.
  public func quantile(_ probability: Double) -> Double {
    value(TailProbabilities(lower: probability))
  }

  /// The value that is exceeded with the given probability.
  public func upperQuantile(_ probability: Double) -> Double {
    value(TailProbabilities(upper: probability))
  }

  private func value(_ target: TailProbabilities) -> Double {
    let (x, y) = function.inverse(target)
    return denominatorDegreesOfFreedom / numeratorDegreesOfFreedom * (x / y)
  }
}
