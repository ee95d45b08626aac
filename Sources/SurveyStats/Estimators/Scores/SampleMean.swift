/// The mean of independent numbers with limits of Student's t.
struct SampleMean: Sendable, Equatable {
  /// How many numbers there are.
  let count: Double
  /// Their mean; zero without any.
  let mean: Double
  /// Their standard deviation; `nil` for fewer than two.
  let deviation: Double?

  init(_ values: [Double]) {
    count = Double(values.count)
    let mean = values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    self.mean = mean
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
  }

  /// `x̄ ± t_{n−1} s/√n`; `nil` for fewer than two numbers, or without a spread.
  func interval(level: Double) -> (lower: Double, upper: Double)? {
    guard let deviation, deviation > 0 else { return nil }
    let reach = Self.quantile(level, count - 1) * deviation / count.squareRoot()
    return (mean - reach, mean + reach)
  }

  /// The standard error s/√n; `nil` for fewer than two numbers.
  var error: Double? { deviation.map { $0 / count.squareRoot() } }

  /// The sum of the numbers with limits.
  ///
  /// Numbers without a spread of their own, as a single one, take another deviation, with the degrees
  /// of freedom that it has. Zeros alone are certain.
  func sum(
    level: Double, standIn: (deviation: Double?, degreesOfFreedom: Double)
  ) -> Estimate? {
    let sum = count * mean
    if sum == 0, deviation ?? 0 == 0 { return .zero }
    let reach: Double
    if let deviation, deviation > 0 {
      reach = Self.quantile(level, count - 1) * deviation * count.squareRoot()
    } else if let deviation = standIn.deviation, deviation > 0 {
      reach = Self.quantile(level, standIn.degreesOfFreedom) * deviation * count.squareRoot()
    } else {
      return nil
    }
    return Estimate(sum, lower: sum - reach, upper: sum + reach)
  }

  private static func quantile(_ level: Double, _ degreesOfFreedom: Double) -> Double {
    StudentT(degreesOfFreedom: degreesOfFreedom).upperQuantile((1 - level) / 2)
  }
}
