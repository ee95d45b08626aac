import RealModule

/// Points of a positive slope with a half-Cauchy distribution.
///
/// The slope is κ log(1 + eˣ): even steps of x are even steps of a large slope, and of the logarithm of a
/// small one. κ is at most the deviation of the slope, so that steps of x of 0.3 suffice.
struct HalfCauchyGrid {
  static let step = 0.3
  let kappa: Double
  let scale: Double

  init(scale: Double, deviation: Double) {
    self.scale = scale
    kappa = min(scale, deviation)
  }

  /// The slope at a point, and the logarithm of the prior density of x there.
  func slope(_ index: Int) -> (value: Double, logPrior: Double) {
    let x = Double(index) * Self.step
    let value = kappa * (x > 0 ? x + Double.log(onePlus: .exp(-x)) : Double.log(onePlus: .exp(x)))
    let jacobian = kappa / (1 + .exp(-x))
    let ratio = value / scale
    return (
      value, Double.log(2 * jacobian / (.pi * scale)) - Double.log(onePlus: ratio * ratio)
    )
  }
}
