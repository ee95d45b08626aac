/// The noncentral chi-square distribution: a Poisson mixture of chi-squares.
///
/// With noncentrality λ the degrees of freedom are `df + 2J`, J Poisson of mean λ/2. The mixture is
/// summed from its mode in both directions (Benton and Krishnamoorthy 2003), to an absolute error of
/// about 1e-13. Poisson probabilities, and the steps between chi-squares of neighbouring degrees of
/// freedom, are densities of chi-squares.
public struct NoncentralChiSquared: Sendable, Equatable {
  /// The degrees of freedom, above zero.
  public let degreesOfFreedom: Double
  /// The noncentrality, at least zero.
  let noncentrality: Double

  /// Creates a distribution.
  public init(degreesOfFreedom: Double, noncentrality: Double) {
    precondition(degreesOfFreedom > 0 && noncentrality >= 0)
    self.degreesOfFreedom = degreesOfFreedom
    self.noncentrality = noncentrality
  }

  /// The probability of values up to `x`.
  public func cumulativeProbability(_ x: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x.isFinite else { return x.isNaN ? x : 1 }
    let mean = noncentrality / 2
    let mode = mean.rounded(.down)
    let half = degreesOfFreedom / 2 + mode
    let modeWeight = 2 * ChiSquared(degreesOfFreedom: 2 * mode + 2).density(2 * mean)
    let modeCumulative = ChiSquared(degreesOfFreedom: 2 * half).cumulativeProbability(x)
    let modeDrop = 2 * ChiSquared(degreesOfFreedom: 2 * half + 2).density(x)

    var total = modeWeight * modeCumulative
    var (weight, cumulative, drop) = (modeWeight, modeCumulative, modeDrop)
    var index = mode
    while weight * cumulative > 1e-18 {
      cumulative -= drop
      drop *= x / 2 / (degreesOfFreedom / 2 + index + 1)
      index += 1
      weight *= mean / index
      total += weight * max(cumulative, 0)
      guard weight > 0 else { break }
    }
    (weight, cumulative, drop) = (modeWeight, modeCumulative, modeDrop)
    index = mode
    while index > 0, weight > 1e-18 {
      drop *= (degreesOfFreedom / 2 + index) / (x / 2)
      cumulative = min(cumulative + drop, 1)
      weight *= index / mean
      index -= 1
      total += weight * cumulative
    }
    return min(total, 1)
  }
}
