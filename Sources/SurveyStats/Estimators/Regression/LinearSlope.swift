/// The slope of a least-squares line.
///
/// Papers count with their weights. The standard error is HC3, which holds when the variance changes
/// with the covariate, as that of answers does; `modelError` is the one that assumes a constant
/// variance. Undefined with fewer than three papers or a constant covariate.
///
/// References: MacKinnon & White (1985), Journal of Econometrics 29:305; Long & Ervin (2000),
/// American Statistician 54:217.
public struct LinearSlope: Sendable, Equatable {
  /// The change of the outcome per unit of the covariate.
  public let estimate: Double
  /// The outcome where the covariate is zero.
  public let intercept: Double
  /// The HC3 standard error; `nil` when a paper alone determines the slope.
  public let standardError: Double?
  /// The standard error under a constant variance.
  public let modelError: Double
  /// The number of papers.
  public let count: Int

  /// Fits a line through (x, y).
  public init?(_ x: [Double], _ y: [Double], weights: [Double]? = nil) {
    let kept = x.indices.filter { (weights?[$0] ?? 1) > 0 }
    let w = kept.map { weights?[$0] ?? 1 }
    let total = w.reduce(0, +)
    guard kept.count > 2 else { return nil }
    var (meanX, meanY) = (0.0, 0.0)
    for (index, row) in kept.enumerated() {
      meanX += w[index] * x[row] / total
      meanY += w[index] * y[row] / total
    }
    var (xx, xy) = (0.0, 0.0)
    for (index, row) in kept.enumerated() {
      xx += w[index] * (x[row] - meanX) * (x[row] - meanX)
      xy += w[index] * (x[row] - meanX) * (y[row] - meanY)
    }
    guard xx > 1e-24 * max(1, meanX * meanX) * total else { return nil }
    let slope = xy / xx
    var (squares, meat) = (0.0, 0.0)
    var isDetermined = false
    for (index, row) in kept.enumerated() {
      let gap = x[row] - meanX
      let residual = y[row] - meanY - slope * gap
      let leverage = w[index] * (1 / total + gap * gap / xx)
      squares += w[index] * residual * residual
      if leverage > 1 - 1e-10 {
        isDetermined = true
      } else {
        let corrected = w[index] * gap * residual / (1 - leverage)
        meat += corrected * corrected
      }
    }
    estimate = slope
    intercept = meanY - slope * meanX
    standardError = isDetermined ? nil : meat.squareRoot() / xx
    modelError = (squares / Double(kept.count - 2) / xx).squareRoot()
    count = kept.count
  }

  /// The t interval from the HC3 standard error, with n − 2 degrees of freedom.
  public func interval(level: Double = 0.95) -> CoefficientInterval {
    guard let standardError else { return CoefficientInterval(low: nil, high: nil) }
    let quantile = StudentT(degreesOfFreedom: Double(count - 2)).upperQuantile((1 - level) / 2)
    return CoefficientInterval(
      low: estimate - quantile * standardError, high: estimate + quantile * standardError)
  }

  /// The two-sided p-value from the HC3 standard error; `nil` when that is zero.
  public var pValue: Double? {
    guard let standardError, standardError > 0 else { return nil }
    return 2 * StudentT(degreesOfFreedom: Double(count - 2)).survival(abs(estimate / standardError))
  }
}
