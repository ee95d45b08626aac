/// The beta distribution.
public struct Beta: ContinuousDistribution {
  /// The shape at zero, positive.
  public let alpha: Double
  /// The shape at one, positive.
  public let beta: Double

  /// Creates the distribution with the given shapes, both positive and finite.
  public init(alpha: Double, beta: Double) {
    precondition(
      alpha > 0 && beta > 0 && alpha < .infinity && beta < .infinity,
      "shapes must be positive and finite")
    self.alpha = alpha
    self.beta = beta
  }

  private var function: IncompleteBeta { IncompleteBeta(alpha, beta) }

  /// The probability of at most `x`.
  public func cumulativeProbability(_ x: Double) -> Double {
    x.isNaN ? x : function.tails(x).lower
  }

  /// The probability of more than `x`.
  public func survival(_ x: Double) -> Double {
    x.isNaN ? x : function.tails(x).upper
  }

  /// The density at `x`; infinite at an end with a shape below one.
  public func density(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x < 0 || x > 1 { return 0 }
    if x == 0 { return alpha < 1 ? .infinity : alpha == 1 ? beta : 0 }
    if x == 1 { return beta < 1 ? .infinity : beta == 1 ? alpha : 0 }
    return function.kernel(x, complement: 1 - x) / x / (1 - x)
  }

  /// The value that is not exceeded with the given probability.
  public func quantile(_ probability: Double) -> Double {
    function.inverse(TailProbabilities(lower: probability)).x
  }

  /// The value that is exceeded with the given probability.
  public func upperQuantile(_ probability: Double) -> Double {
    function.inverse(TailProbabilities(upper: probability)).x
  }
}
