import RealModule

/// Points of a positive slope with a half-Cauchy distribution.
///
/// The slope is κ log(1 + eˣ): even steps of x are even steps of a large slope, and of the logarithm of a
/// small one. κ is at most the deviation of the slope, so that steps of x of 0.3 suffice. Beyond a turn, up
/// to which the likelihood may have a shape, κ exp(x − turn) is added, so that the tail of the prior ends
/// after some hundred steps.
struct HalfCauchyGrid {
  static let step = 0.3
  let kappa: Double
  let scale: Double
  /// The x from which steps grow.
  let turn: Double

  init(scale: Double, deviation: Double, turn: Double = .infinity) {
    self.scale = scale
    kappa = min(scale, deviation)
    self.turn = turn
  }

  /// The slope at a point, and the logarithm of the prior density of x there.
  func slope(_ index: Int) -> (value: Double, logPrior: Double) {
    let x = Double(index) * Self.step
    let growth = turn < .infinity ? Double.exp(x - turn) : 0
    let soft = x > 0 ? x + Double.log(onePlus: .exp(-x)) : Double.log(onePlus: .exp(x))
    let value = kappa * (soft + growth)
    let jacobian = kappa * (1 / (1 + .exp(-x)) + growth)
    let ratio = value / scale
    return (
      value, Double.log(2 * jacobian / (.pi * scale)) - Double.log(onePlus: ratio * ratio)
    )
  }
}
