/// The mean and variance of values, in two passes.
struct Moments: Sendable, Equatable {
  /// The number of values.
  let count: Int
  /// The mean; zero without values.
  let mean: Double
  /// The variance with denominator count − 1; zero with fewer than two values.
  let variance: Double

  init(_ values: [Double]) {
    count = values.count
    let mean = values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    self.mean = mean
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    variance = values.count > 1 ? squares / Double(values.count - 1) : 0
  }

  /// The moments of values without some of them, at the cost of the latter.
  ///
  /// Deviations are about the mean of all, so that little is lost; variances below 10⁻¹² of that of all are none.
  func without(_ part: [Double]) -> Moments {
    let rest = count - part.count
    guard rest > 0 else { return Moments([]) }
    let sum = -part.reduce(0) { $0 + ($1 - mean) }
    let squares =
      variance * Double(count - 1) - part.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      - sum * sum / Double(rest)
    let restVariance = rest > 1 ? squares / Double(rest - 1) : 0
    return Moments(
      count: rest, mean: mean + sum / Double(rest),
      variance: restVariance > 1e-12 * variance ? restVariance : 0)
  }

  private init(count: Int, mean: Double, variance: Double) {
    self.count = count
    self.mean = mean
    self.variance = variance
  }

  /// The standard deviation.
  var standardDeviation: Double { variance.squareRoot() }
}
