import RealModule

/// Student's t distribution; infinitely many degrees of freedom give the normal distribution.
public struct StudentT: ContinuousDistribution {
  /// The degrees of freedom, positive, not necessarily whole.
  public let degreesOfFreedom: Double

  /// Creates the distribution with the given degrees of freedom, which must be positive.
  public init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "degrees of freedom must be positive")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The probability of at most `x`.
  public func cumulativeProbability(_ x: Double) -> Double { survival(-x) }

  /// The probability of more than `x`.
  public func survival(_ x: Double) -> Double {
    if x.isNaN { return x }
    guard degreesOfFreedom < .infinity else { return Normal().survival(x) }
    let size = abs(x)
    if isFar(size) {
      let tail =
        Double.pow(size / degreesOfFreedom.squareRoot(), -degreesOfFreedom)
        / (degreesOfFreedom * halfBeta)
      return x > 0 ? tail : 1 - tail
    }
    let total = degreesOfFreedom + size * size
    let tails = IncompleteBeta(degreesOfFreedom / 2, 0.5).tails(
      degreesOfFreedom / total, complement: size * (size / total))
    return x > 0 ? tails.lower / 2 : 0.5 + tails.upper / 2
  }

  /// The density at `x`.
  public func density(_ x: Double) -> Double {
    guard degreesOfFreedom < .infinity else { return Normal().density(x) }
    let a = degreesOfFreedom / 2
    let n = a + 0.5
    let stirling = SpecialFunctions.stirlingRatio(n) / SpecialFunctions.stirlingRatio(a)
    let peak =
      (a / n / (2 * .pi)).squareRoot() * stirling * .exp(n * .log(onePlus: 0.5 / a) - 0.5)
    return peak * .exp(-n * .log(onePlus: x / degreesOfFreedom * x))
  }

  /// The value that is not exceeded with the given probability.
  public func quantile(_ probability: Double) -> Double {
    precondition(probability >= 0 && probability <= 1, "not a probability")
    return probability < 0.5 ? -upperHalf(probability) : upperHalf(1 - probability)
  }

  /// The value that is exceeded with the given probability.
  public func upperQuantile(_ probability: Double) -> Double { -quantile(probability) }

  /// The value that is exceeded with a probability of at most one half.
  private func upperHalf(_ probability: Double) -> Double {
    guard degreesOfFreedom < .infinity else { return Normal().upperQuantile(probability) }
    guard probability > 0 else { return .infinity }
    if degreesOfFreedom < 100 {
      let far =
        degreesOfFreedom.squareRoot()
        * .pow(probability * degreesOfFreedom * halfBeta, -1 / degreesOfFreedom)
      if isFar(far) { return far }
    }
    let (x, y) = IncompleteBeta(degreesOfFreedom / 2, 0.5).inverse(
      TailProbabilities(lower: 2 * probability, upper: 1 - 2 * probability))
    return (degreesOfFreedom * (y / x)).squareRoot()
  }

  /// Whether only the leading term of the tail matters; such a tail is a power of `x`.
  private func isFar(_ x: Double) -> Bool {
    degreesOfFreedom < 100 && x > 1e10 * max(1, degreesOfFreedom.squareRoot())
  }

  /// The complete beta function of half the degrees of freedom and one half.
  private var halfBeta: Double {
    let a = degreesOfFreedom / 2
    return .gamma(a) * Double.pi.squareRoot() / .gamma(a + 0.5)
  }
}
