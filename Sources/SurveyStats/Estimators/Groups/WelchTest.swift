/// The difference of two means without assuming equal variances.
///
/// With variances s² of n₁ and n₂ values the standard error is √(s₁²/n₁ + s₂²/n₂) and the degrees of
/// freedom those of Welch and Satterthwaite. With fewer than two values in a group, or no variance
/// at all, only the difference is defined.
///
/// Reference: Welch (1947), Biometrika 34:28.
public struct WelchTest: Sendable, Equatable {
  /// The difference of the means, first minus second.
  public let difference: Double
  /// Its standard error.
  public let standardError: Double?
  /// The degrees of freedom.
  public let degreesOfFreedom: Double?
  /// Cohen's d: the difference over the pooled standard deviation.
  public let cohensD: Double?
  /// The standard error of d, √((n₁ + n₂)/(n₁n₂) + d²/(2(n₁ + n₂))) (Hedges & Olkin 1985).
  let cohensDError: Double?

  /// Compares two samples; `nil` when one is empty.
  public init?(_ first: [Double], _ second: [Double]) {
    self.init(Moments(first), Moments(second))
  }

  /// Compares two samples by their moments; `nil` when one is empty.
  init?(_ a: Moments, _ b: Moments) {
    guard a.count > 0, b.count > 0 else { return nil }
    difference = a.mean - b.mean
    guard a.count > 1, b.count > 1, a.variance + b.variance > 0 else {
      standardError = nil
      degreesOfFreedom = nil
      cohensD = nil
      cohensDError = nil
      return
    }
    let (n1, n2) = (Double(a.count), Double(b.count))
    let (u, v) = (a.variance / n1, b.variance / n2)
    standardError = (u + v).squareRoot()
    degreesOfFreedom = (u + v) * (u + v) / (u * u / (n1 - 1) + v * v / (n2 - 1))
    let pooled = ((n1 - 1) * a.variance + (n2 - 1) * b.variance) / (n1 + n2 - 2)
    let d = difference / pooled.squareRoot()
    cohensD = d
    cohensDError = ((n1 + n2) / (n1 * n2) + d * d / (2 * (n1 + n2))).squareRoot()
  }

  /// The t statistic.
  public var statistic: Double? { standardError.map { difference / $0 } }

  /// The two-sided p-value.
  public var pValue: Double? {
    guard let statistic, let degreesOfFreedom else { return nil }
    return 2 * StudentT(degreesOfFreedom: degreesOfFreedom).survival(abs(statistic))
  }

  /// The t interval of the difference.
  public func interval(level: Double = 0.95) -> Estimate {
    guard let standardError, let degreesOfFreedom else { return Estimate(difference) }
    let quantile = StudentT(degreesOfFreedom: degreesOfFreedom).upperQuantile((1 - level) / 2)
    return Estimate(
      difference, standardError: standardError, lower: difference - quantile * standardError,
      upper: difference + quantile * standardError, level: level,
      degreesOfFreedom: degreesOfFreedom)
  }
}
