import RealModule

/// The pieces that incomplete beta and gamma functions share.
///
/// Both functions are a kernel (a scaled binomial or Poisson probability) times a slowly varying
/// factor. The kernel decides the accuracy in the tails. It is formed as in Loader (2000, "Fast and
/// accurate computation of binomial probabilities"): Stirling's formula is taken out of every
/// gamma function, and what is left is the exponential of a deviance, which is a sum of
/// non-negative terms and therefore free of cancellation.
enum SpecialFunctions {
  /// The error of Stirling's formula, `Γ(z + 1) / (√(2πz) (z/e)^z)`, for `z > 0`.
  static func stirlingRatio(_ z: Double) -> Double {
    guard z >= 16 else {
      return .gamma(z + 1) * .exp(z) * .pow(z, -(z + 0.5)) / (2 * .pi).squareRoot()
    }
    let inverse = 1 / z
    let square = inverse * inverse
    var sum = 0.0
    for coefficient in stirlingCoefficients { sum = sum * square + coefficient }
    return .exp(sum * inverse)
  }

  /// The coefficients `B_2k / (2k(2k - 1))` of Stirling's series, highest order first.
  private static let stirlingCoefficients: [Double] = [
    -3617.0 / 122400, 1.0 / 156, -691.0 / 360360, 1.0 / 1188, -1.0 / 1680, 1.0 / 1260, -1.0 / 360,
    1.0 / 12,
  ]

  /// The deviance term `u - log(1 + u)`, never negative.
  ///
  /// - Parameters:
  ///   - u: The relative deviation, above -1.
  ///   - onePlus: `1 + u`, known more accurately than by adding.
  static func deviance(_ u: Double, onePlus ratio: Double) -> Double {
    guard u >= -0.5 && u <= 1 else { return u - .log(ratio) }
    // log(1 + u) = 2 artanh(r), so that u - log(1 + u) = r (u - 2 r² (1/3 + r²/5 + r⁴/7 + ...)).
    let r = u / (2 + u)
    let square = r * r
    var sum = 0.0
    for reciprocal in oddReciprocals { sum = sum * square + reciprocal }
    return r * (u - 2 * square * sum)
  }

  /// 1/35, 1/33, ..., 1/3.
  private static let oddReciprocals: [Double] = stride(from: 35.0, to: 2, by: -2).map { 1 / $0 }
}

/// A probability and its complement, each with full relative accuracy.
struct TailProbabilities {
  /// The probability of at most the argument.
  var lower: Double
  /// The probability of more than the argument.
  var upper: Double

  /// The same with the sides exchanged.
  var mirrored: TailProbabilities { TailProbabilities(lower: upper, upper: lower) }
}

/// 1/(1 + e^−x), without overflow.
func logistic(_ x: Double) -> Double {
  if x >= 0 { return 1 / (1 + Double.exp(-x)) }
  let power = Double.exp(x)
  return power / (1 + power)
}

/// log(1 + e^x), without overflow.
func softplus(_ x: Double) -> Double { max(x, 0) + Double.log(onePlus: Double.exp(-abs(x))) }
