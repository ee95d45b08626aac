import RealModule

extension EffectMeasure {
  /// An effect on the natural scale; `nil` where that is infinite.
  ///
  /// Effects beyond the ends of the natural scale are cut to them. The double arcsine is inverted at a
  /// size, for which the harmonic mean of the studies' is taken (Miller 1978, *American Statistician*
  /// 32:138); the result depends on it and may mislead by a lot (Schwarzer et al. 2019, *Research Synthesis
  /// Methods* 10:476).
  public func natural(_ effect: Double, size: Double? = nil) -> Double? {
    guard !effect.isNaN else { return nil }
    let value: Double
    switch naturalScale {
    case .identity: value = effect
    case .exponential: value = Double.exp(effect)
    case .rateOfLogit:
      let small = Double.exp(-abs(effect))
      value = effect >= 0 ? 1 / (1 + small) : small / (1 + small)
    case .squaredSine:
      let angle = min(max(effect, 0), .pi / 2)
      value = Double.sin(angle) * Double.sin(angle)
    case .hyperbolicTangent: value = Double.tanh(effect)
    case .freemanTukey:
      guard let size, size > 0 else { return nil }
      value = Self.millerInverse(effect, size: size)
    }
    let cut = min(max(value, naturalRange.lowerBound), naturalRange.upperBound)
    return cut.isFinite ? cut : nil
  }

  private static func millerInverse(_ effect: Double, size: Double) -> Double {
    func transformed(_ rate: Double) -> Double {
      let events = rate * size
      return
        (Double.asin((events / (size + 1)).squareRoot())
        + Double.asin(((events + 1) / (size + 1)).squareRoot())) / 2
    }
    if effect <= transformed(0) { return 0 }
    if effect >= transformed(1) { return 1 }
    let sine = Double.sin(2 * effect)
    let inner = sine + (sine - 1 / sine) / size
    let root = max(0, 1 - inner * inner).squareRoot()
    let sign: Double = Double.cos(2 * effect) < 0 ? -1 : 1
    return min(max((1 - sign * root) / 2, 0), 1)
  }

  /// The mean on the natural scale of effects that are normal between studies.
  ///
  /// Where the scale is curved it differs from the natural value of the mean effect, which is the median:
  /// a rate of 80 % in the middle study may be 77 % of all papers.
  func naturalMean(_ effect: Double, tau2: Double, size: Double?) -> Double? {
    guard tau2 > 0, effect.isFinite else { return natural(effect, size: size) }
    switch naturalScale {
    case .identity: return natural(effect, size: size)
    case .exponential:
      let mean = Double.exp(effect + tau2 / 2)
      return mean.isFinite ? mean : nil
    default: break
    }
    // The trapezoidal rule over ±9 standard deviations, with a step that the curve's slope allows.
    let tau = tau2.squareRoot()
    let step = min(0.25, 0.5 / tau)
    var (sum, weight) = (0.0, 0.0)
    var z = -9.0
    while z <= 9 {
      let density = Double.exp(-z * z / 2)
      guard let value = natural(effect + tau * z, size: size) else { return nil }
      sum += density * value
      weight += density
      z += step
    }
    return sum / weight
  }
}
