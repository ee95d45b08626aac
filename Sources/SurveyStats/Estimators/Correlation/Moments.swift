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

  /// The standard deviation.
  var standardDeviation: Double { variance.squareRoot() }
}
