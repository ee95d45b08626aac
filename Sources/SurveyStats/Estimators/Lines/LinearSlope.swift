/// The slope of a least-squares line.
///
/// Papers count with their weights. The standard error is HC3 unless another is asked for; it holds
/// when the variance changes with the covariate, as that of answers does; `modelError` is the one
/// that assumes a constant variance. With clusters it is cluster-robust (see ``CovarianceType``),
/// CR2 by the correction that is unbiased under a constant variance. Undefined with fewer than three
/// papers or a constant covariate.
///
/// References: MacKinnon & White (1985), Journal of Econometrics 29:305; Long & Ervin (2000),
/// American Statistician 54:217; Pustejovsky & Tipton (2018), JBES 36:672.
public struct LinearSlope: Sendable, Equatable {
  /// The change of the outcome per unit of the covariate.
  public let estimate: Double
  /// The outcome where the covariate is zero.
  public let intercept: Double
  /// The robust standard error; `nil` when a paper alone determines the slope, or with a single
  /// cluster.
  public let standardError: Double?
  /// The degrees of freedom of the t statistic: n − 2, with clusters as in ``CovarianceType``.
  public let degreesOfFreedom: Double
  /// The standard error under a constant variance.
  public let modelError: Double
  /// The number of papers.
  public let count: Int
  /// The number of clusters, with cluster-robust errors.
  public let clusterCount: Int?

  /// Fits a line through (x, y).
  ///
  /// `clusters` names the cluster of each; `type` says how the standard error is made, `model`
  /// standing for HC3. Weights and clusters do not go together.
  public init?(
    _ x: [Double], _ y: [Double], weights: [Double]? = nil, type: CovarianceType = .hc3,
    clusters: [String?]? = nil
  ) {
    precondition(weights == nil || clusters == nil, "clusters of weighted papers")
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
    // Outcomes without a trend leave rounding errors, not a slope.
    let size = kept.indices.reduce(0.0) { $0 + w[$1] * y[kept[$1]] * y[kept[$1]] }
    let slope = abs(xy) <= 1e-14 * (xx * size).squareRoot() ? 0 : xy / xx
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
        let corrected = w[index] * gap * residual
        meat += corrected * corrected * Self.factor(type, 1 - leverage, count: kept.count)
      }
    }
    if type.needsClusters {
      let line = ClusteredLine(
        gaps: x.map { $0 - meanX },
        residuals: x.indices.map { y[$0] - meanY - slope * (x[$0] - meanX) }, squares: xx)
      let members = ClusterMembers(clusters ?? x.map { _ in nil })
      let robust = line.variance(type, clusters: members)
      clusterCount = members.count
      standardError = robust?.variance.squareRoot()
      degreesOfFreedom = robust?.degreesOfFreedom ?? 0
    } else {
      standardError = isDetermined ? nil : meat.squareRoot() / xx
      degreesOfFreedom = Double(kept.count - 2)
      clusterCount = nil
    }
    estimate = slope
    intercept = meanY - slope * meanX
    modelError = (squares / Double(kept.count - 2) / xx).squareRoot()
    count = kept.count
  }

  /// What the square of a paper's score is multiplied with, given one minus its leverage.
  private static func factor(_ type: CovarianceType, _ rest: Double, count: Int) -> Double {
    switch type {
    case .hc0: 1
    case .hc1: Double(count) / Double(count - 2)
    case .hc2: 1 / rest
    default: 1 / (rest * rest)
    }
  }

  /// The t interval from the robust standard error.
  public func interval(level: Double = 0.95) -> Estimate {
    guard let standardError else { return Estimate(estimate) }
    let quantile = StudentT(degreesOfFreedom: degreesOfFreedom).upperQuantile((1 - level) / 2)
    return Estimate(
      estimate, standardError: standardError, lower: estimate - quantile * standardError,
      upper: estimate + quantile * standardError, level: level, degreesOfFreedom: degreesOfFreedom)
  }

  /// The two-sided p-value from the robust standard error; `nil` when that is zero.
  public var pValue: Double? {
    guard let standardError, standardError > 0 else { return nil }
    return 2 * StudentT(degreesOfFreedom: degreesOfFreedom).survival(abs(estimate / standardError))
  }
}
