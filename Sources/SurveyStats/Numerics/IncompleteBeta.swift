import RealModule

/// The regularised incomplete beta function `I_x(a, b)`, its complement and its inverse.
///
/// Power series where it converges fast, otherwise the continued fraction of Didonato and Morris
/// (1992, ACM TOMS 708, equation 9), always on the side of the mean where the fraction converges;
/// the other side is the complement. The relative error is about 1e-15 in the body, and grows with
/// the exponent of the kernel to about 2e-13 at probabilities of 1e-300; a parameter below 0.1
/// beside one above 1,000 can cost two more digits. The fraction needs a number of steps of the
/// order of the square root of the larger parameter close to the mean, and fewer elsewhere.
struct IncompleteBeta {
  let a: Double
  let b: Double
  /// `a + b`, rounded, and what the rounding lost.
  private let sum: Double
  private let sumRemainder: Double
  /// `√(ab / 2π(a + b))` times the Stirling errors: the kernel at its mode.
  private let peak: Double

  init(_ a: Double, _ b: Double) {
    self.a = a
    self.b = b
    sum = a + b
    let addend = sum - a
    sumRemainder = (a - (sum - addend)) + (b - addend)
    peak =
      (a * (b / sum) / (2 * .pi)).squareRoot()
      * (SpecialFunctions.stirlingRatio(sum) / SpecialFunctions.stirlingRatio(a)
        / SpecialFunctions.stirlingRatio(b))
  }

  /// How far the mean is above `x`, times the parameter sum: `a - (a + b) x = (a + b) y - b`.
  private func shortfall(_ x: Double, _ y: Double) -> Double {
    if x <= y { return a.addingProduct(-sum, x) - sumRemainder * x }
    return (-b).addingProduct(sum, y) + sumRemainder * y
  }

  /// The kernel `x^a y^b / B(a, b)`, where `y = 1 - x`.
  ///
  /// It is the density times `x y`.
  func kernel(_ x: Double, complement y: Double) -> Double {
    guard x > 0 && y > 0 else { return 0 }
    return kernel(x, y, shortfall: shortfall(x, y))
  }

  /// The kernel over its greatest value, for `x` strictly between 0 and 1.
  ///
  /// It is the likelihood of `x` after `a` successes and `b` failures, relative to the greatest.
  func relativeKernel(_ x: Double, complement y: Double) -> Double {
    kernel(x, y, shortfall: shortfall(x, y)) / peak
  }

  private func kernel(_ x: Double, _ y: Double, shortfall: Double) -> Double {
    let deviance =
      a * SpecialFunctions.deviance(-shortfall / a, onePlus: sum * x / a)
      + b * SpecialFunctions.deviance(shortfall / b, onePlus: sum * y / b)
    return peak * .exp(-deviance)
  }

  /// `I_x(a, b)` and `1 - I_x(a, b)`.
  ///
  /// - Parameters:
  ///   - x: A number from 0 to 1.
  ///   - complement: `1 - x`, for the caller who knows it more accurately than by subtracting.
  func tails(_ x: Double, complement y: Double) -> TailProbabilities {
    guard x > 0 else { return TailProbabilities(lower: 0, upper: 1) }
    guard y > 0 else { return TailProbabilities(lower: 1, upper: 0) }
    let shortfall = shortfall(x, y)
    let kernel = kernel(x, y, shortfall: shortfall)
    if shortfall >= 0 {
      let lower = Self.lowerTail(a, b, x, y, shortfall: shortfall, kernel: kernel)
      return TailProbabilities(lower: lower, upper: 1 - lower)
    }
    let upper = Self.lowerTail(b, a, y, x, shortfall: -shortfall, kernel: kernel)
    return TailProbabilities(lower: 1 - upper, upper: upper)
  }

  /// `I_x(a, b)` and `1 - I_x(a, b)`.
  func tails(_ x: Double) -> TailProbabilities { tails(x, complement: 1 - x) }

  /// `I_x(a, b)` for `x` not above the mean.
  private static func lowerTail(
    _ a: Double, _ b: Double, _ x: Double, _ y: Double, shortfall: Double, kernel: Double
  ) -> Double {
    if x <= 0.7 && (b <= 1 || b * x <= 0.7) {
      return kernel * powerSeries(a, b, x) * .exp(-b * .log(onePlus: -x))
    }
    return kernel / continuedFraction(a, b, x, y, shortfall: shortfall)
  }

  /// `Σ (1 - b)_k x^k / (k! (a + k))`, from k = 0.
  private static func powerSeries(_ a: Double, _ b: Double, _ x: Double) -> Double {
    var sum = 1 / a
    var coefficient = 1.0
    for index in 1...1_000 {
      let k = Double(index)
      coefficient *= (k - b) / k * x
      let term = coefficient / (a + k)
      sum += term
      if abs(term) <= 1e-17 * abs(sum) { break }
    }
    return sum
  }

  /// The continued fraction by the modified algorithm of Lentz.
  private static func continuedFraction(
    _ a: Double, _ b: Double, _ x: Double, _ y: Double, shortfall: Double
  ) -> Double {
    var fraction = a * (shortfall + 1) / (a + 1)
    var numerator = fraction
    var denominator = 0.0
    for index in 1...100_000 {
      let m = Double(index)
      let d = a + (2 * m - 1)
      let ratio = m * ((b - m) * (x / d))
      let alpha = (a + (m - 1)) * ((a + b + (m - 1)) / d) * (x * ratio)
      let beta = m + ratio + (a + m) / (d + 2) * (shortfall + 1 + m * (1 + y))
      denominator = 1 / nonzero(beta + alpha * denominator)
      numerator = nonzero(beta + alpha / numerator)
      let change = numerator * denominator
      fraction *= change
      if abs(change - 1) <= 0x1p-52 { break }
    }
    return fraction
  }

  private static func nonzero(_ value: Double) -> Double { value == 0 ? 1e-300 : value }

  /// The `x` whose lower tail is `tails.lower`, and `1 - x`, both with full relative accuracy.
  ///
  /// Newton's method on the logarithms of the smaller tail and of the smaller of `x` and `1 - x`,
  /// with a bracket. Where the smaller is below the range of `Double` it comes out as zero.
  func inverse(_ target: TailProbabilities) -> (x: Double, complement: Double) {
    if target.lower <= 0 { return (0, 1) }
    if target.upper <= 0 { return (1, 0) }
    let half = tails(0.5)
    // Only the smaller tail of the target is accurate.
    if target.lower <= target.upper
      ? target.lower <= half.lower : target.upper >= half.upper
    {
      let x = lowerHalfInverse(target)
      return (x, 1 - x)
    }
    let y = IncompleteBeta(b, a).lowerHalfInverse(target.mirrored)
    return (1 - y, y)
  }

  /// The inverse where it is known to be at most one half.
  private func lowerHalfInverse(_ target: TailProbabilities) -> Double {
    let isLower = target.lower <= target.upper
    let equation = TailEquation(
      target: isLower ? target.lower : target.upper, isIncreasing: isLower, upperBound: 0.5)
    return equation.solve(from: min(max(guess(target), 1e-300), 0.5)) { x in
      let y = 1 - x
      let tails = tails(x, complement: y)
      return (isLower ? tails.lower : tails.upper, kernel(x, complement: y) / y)
    }
  }

  /// A first approximation of the inverse: Abramowitz and Stegun (1964), 26.5.22, or power laws.
  private func guess(_ target: TailProbabilities) -> Double {
    if a >= 1 && b >= 1 {
      let z = Normal.roughQuantile(target)
      let p = 1 / (2 * a - 1)
      let q = 1 / (2 * b - 1)
      let lambda = (z * z - 3) / 6
      let h = 2 / (p + q)
      let w = -z * (lambda + h).squareRoot() / h - (q - p) * (lambda + 5.0 / 6 - 2 / (3 * h))
      return a / (a + b * .exp(2 * w))
    }
    let left = Double.exp(a * .log(a / sum)) / a
    let right = Double.exp(b * .log(b / sum)) / b
    if target.lower < left / (left + right) {
      return .pow(a * (left + right) * target.lower, 1 / a)
    }
    return 1 - .pow(b * (left + right) * target.upper, 1 / b)
  }
}
