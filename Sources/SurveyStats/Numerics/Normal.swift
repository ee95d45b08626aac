import RealModule

/// The standard normal distribution.
///
/// The distribution function is the complementary error function with the rounding of `x / √2`
/// taken back, so that the far tails keep their digits. The quantile is algorithm AS 241 (Wichura
/// 1988, PPND16), in the tails followed by one step of Halley's method.
public struct Normal: ContinuousDistribution {
  /// The standard normal distribution.
  public init() {}

  /// The probability of at most `x`.
  public func cumulativeProbability(_ x: Double) -> Double { survival(-x) }

  /// The probability of more than `x`.
  public func survival(_ x: Double) -> Double {
    let scaled = x * 0.5.squareRoot()
    let tail = Double.erfc(scaled)
    guard x > 1 && x < 40 else { return tail / 2 }
    // √2 = high + low; the remainder is x / √2 - scaled.
    let high = 2.0.squareRoot()
    let low = -9.667293313452913e-17
    let remainder = (x.addingProduct(-scaled, high) - scaled * low) / high
    let slope = 2 / Double.pi.squareRoot() * .exp(-scaled * scaled)
    return (tail - slope * remainder) / 2
  }

  /// The density at `x`.
  public func density(_ x: Double) -> Double {
    .exp(-x * x / 2) / (2 * .pi).squareRoot()
  }

  /// The value that is not exceeded with the given probability.
  public func quantile(_ probability: Double) -> Double {
    precondition(probability >= 0 && probability <= 1, "not a probability")
    let centred = probability - 0.5
    if abs(centred) <= 0.425 {
      let r = 0.180625 - centred * centred
      return centred * Self.polynomial(Self.centreNumerator, r)
        / Self.polynomial(Self.centreDenominator, r)
    }
    return centred < 0 ? -upperTail(probability) : upperTail(1 - probability)
  }

  /// The value that is exceeded with the given probability.
  public func upperQuantile(_ probability: Double) -> Double { -quantile(probability) }

  /// The value that is exceeded with a probability below 0.075.
  private func upperTail(_ probability: Double) -> Double {
    guard probability > 0 else { return .infinity }
    let r = (-Double.log(probability)).squareRoot()
    let start =
      r <= 5
      ? Self.polynomial(Self.tailNumerator, r - 1.6)
        / Self.polynomial(Self.tailDenominator, r - 1.6)
      : Self.polynomial(Self.farNumerator, r - 5) / Self.polynomial(Self.farDenominator, r - 5)
    let density = density(start)
    guard density >= .leastNormalMagnitude else { return start }
    let error = (survival(start) - probability) / density
    return start + error / (1 - start * error / 2)
  }

  /// A quantile to three digits, for starting values (Abramowitz and Stegun 1964, 26.2.22).
  static func roughQuantile(_ target: TailProbabilities) -> Double {
    let t = (-2 * Double.log(min(target.lower, target.upper))).squareRoot()
    let z = t - (2.30753 + t * 0.27061) / (1 + t * (0.99229 + t * 0.04481))
    return target.lower < target.upper ? -z : z
  }

  private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
    var sum = 0.0
    for coefficient in coefficients { sum = sum * x + coefficient }
    return sum
  }

  private static let centreNumerator = [
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
    13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.3871328727963666080,
  ]
  private static let centreDenominator = [
    5226.4952788528545610, 28729.085735721942674, 39307.895800092710610, 21213.794301586595867,
    5394.1960214247511077, 687.18700749205790830, 42.313330701600911252, 1,
  ]
  private static let tailNumerator = [
    7.74545014278341407640e-4, 0.0227238449892691845833, 0.241780725177450611770,
    1.27045825245236838258, 3.64784832476320460504, 5.76949722146069140550,
    4.63033784615654529590, 1.42343711074968357734,
  ]
  private static let tailDenominator = [
    1.05075007164441684324e-9, 5.47593808499534494600e-4, 0.0151986665636164571966,
    0.148103976427480074590, 0.689767334985100004550, 1.67638483018380384940,
    2.05319162663775882187, 1,
  ]
  private static let farNumerator = [
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.00124266094738807843860,
    0.0265321895265761230930, 0.296560571828504891230, 1.78482653991729133580,
    5.46378491116411436990, 6.65790464350110377720,
  ]
  private static let farDenominator = [
    2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
    7.86869131145613259100e-4, 0.0148753612908506148525, 0.136929880922735805310,
    0.599832206555887937690, 1,
  ]
}
