import RealModule

/// The regularised incomplete gamma functions `P(a, x)` and `Q(a, x)`, and their inverse.
///
/// Series below `a + 1`, continued fraction above (Abramowitz and Stegun 1964, 6.5.29 and 6.5.31).
/// The relative error is about 1e-15 in the body, and grows to about 2e-13 at probabilities of
/// 1e-300. The number of steps is of the order of the square root of `a`.
struct IncompleteGamma {
  let shape: Double
  /// `√(a / 2π)` over the Stirling error: the kernel at its mode.
  private let peak: Double

  init(_ shape: Double) {
    self.shape = shape
    peak = (shape / (2 * .pi)).squareRoot() / SpecialFunctions.stirlingRatio(shape)
  }

  /// The kernel `x^a exp(-x) / Γ(a)`, which is `x` times the density.
  func kernel(_ x: Double) -> Double {
    guard x > 0 && x < .infinity else { return 0 }
    return peak
      * .exp(-shape * SpecialFunctions.deviance((x - shape) / shape, onePlus: x / shape))
  }

  /// `P(a, x)` and `Q(a, x)`, for `x >= 0`.
  func tails(_ x: Double) -> TailProbabilities {
    guard x > 0 else { return TailProbabilities(lower: 0, upper: 1) }
    guard x < .infinity else { return TailProbabilities(lower: 1, upper: 0) }
    if x < shape + 1 {
      let lower = kernel(x) * series(x)
      return TailProbabilities(lower: lower, upper: 1 - lower)
    }
    let upper = kernel(x) / continuedFraction(x)
    return TailProbabilities(lower: 1 - upper, upper: upper)
  }

  /// `Σ x^k / (a (a + 1) ... (a + k))`, from k = 0.
  private func series(_ x: Double) -> Double {
    var term = 1 / shape
    var sum = term
    for k in 1...1_000_000 {
      term *= x / (shape + Double(k))
      sum += term
      if term <= 1e-17 * sum { break }
    }
    return sum
  }

  /// The continued fraction by the modified algorithm of Lentz; its terms are positive here.
  private func continuedFraction(_ x: Double) -> Double {
    var fraction = x + (1 - shape)
    var numerator = fraction
    var denominator = 0.0
    for index in 1...1_000_000 {
      let k = Double(index)
      let alpha = k * (shape - k)
      let beta = x + (2 * k + 1 - shape)
      denominator = 1 / (beta + alpha * denominator)
      numerator = beta + alpha / numerator
      let change = numerator * denominator
      fraction *= change
      if abs(change - 1) <= 0x1p-52 { break }
    }
    return fraction
  }

  /// The `x` whose lower tail is `target.lower`.
  ///
  /// Newton's method on the logarithms of the smaller tail and of `x`, with a bracket. Where the
  /// result is below the range of `Double` it comes out as zero.
  func inverse(_ target: TailProbabilities) -> Double {
    if target.lower <= 0 { return 0 }
    if target.upper <= 0 { return .infinity }
    let isLower = target.lower <= target.upper
    let equation = TailEquation(
      target: isLower ? target.lower : target.upper, isIncreasing: isLower, upperBound: .infinity)
    return equation.solve(from: max(guess(target), 1e-300)) { x in
      let tails = tails(x)
      return (isLower ? tails.lower : tails.upper, kernel(x))
    }
  }

  /// A first approximation of the inverse: Wilson and Hilferty (1931), or the power law.
  private func guess(_ target: TailProbabilities) -> Double {
    if shape > 1 {
      let z = Normal.roughQuantile(target)
      let root = 1 - 1 / (9 * shape) + z / (3 * shape.squareRoot())
      return max(1e-3, shape * root * root * root)
    }
    let knee = 1 - shape * (0.253 + shape * 0.12)
    if target.lower < knee { return .pow(target.lower / knee, 1 / shape) }
    return 1 - .log(target.upper / (1 - knee))
  }
}
