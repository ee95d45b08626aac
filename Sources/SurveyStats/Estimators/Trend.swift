import RealModule

/// How an item, a category or the whole checklist changes with a numeric covariate.
///
/// For an item the estimate is the average change of its rate per unit of the covariate from a
/// logistic fit (a marginal effect, so that 0.03 is three percentage points a year), with the odds
/// ratio per unit beside it; the p-value is that of Cochran and Armitage's test, or of the slope
/// when standard errors are robust. For a category or the overall score the estimate is the
/// least-squares slope of the papers' scores (fractions) with HC3 standard errors. Both come with
/// Kendall's tau, scores with Spearman's rho and the Theil–Sen slope too. Papers without the item,
/// score or covariate are left out and n says how many are there.
///
/// Cost: a fit an item, O(n log n) a score.
public struct Trend: Sendable {
  /// What changes.
  public let target: RateTarget
  /// The group of papers; `nil` for all.
  public let group: String?
  /// The number of papers.
  public internal(set) var count: Int
  /// The number of papers with yes (items only).
  public internal(set) var eventCount: Int?
  /// The change per unit, as a fraction.
  public internal(set) var estimate: Double?
  /// Its standard error.
  public internal(set) var standardError: Double?
  /// Its interval.
  public internal(set) var limits = CoefficientInterval(low: nil, high: nil)
  /// The log odds ratio per unit (items only).
  public internal(set) var logOddsRatio: Double?
  /// Its interval.
  public internal(set) var logOddsLimits = CoefficientInterval(low: nil, high: nil)
  /// The statistic of the test.
  public internal(set) var statistic: Double?
  /// The p-value.
  public internal(set) var pValue: Double?
  /// Kendall's tau-b.
  public internal(set) var kendall: Double?
  /// Spearman's rho (scores only).
  public internal(set) var spearman: Double?
  /// The Theil–Sen slope (scores only).
  public internal(set) var theilSen: TheilSenSlope?
  /// How the slope was estimated.
  public internal(set) var method: String?
  /// Why something is missing.
  public internal(set) var note: String?
}

/// Estimates trends of several targets.
public struct TrendEstimator: Sendable {
  /// The covariate of every paper; `nil` where it is not known.
  public var covariate: [Double?]
  /// The confidence level.
  public var level: Double
  /// The covariance that the standard errors of items are taken from.
  public var covarianceType: CovarianceType
  /// The cluster of every paper.
  public var clusters: [String?]?

  /// Creates an estimator.
  public init(
    covariate: [Double?], level: Double = 0.95, covarianceType: CovarianceType = .model,
    clusters: [String?]? = nil
  ) {
    self.covariate = covariate
    self.level = level
    self.covarianceType = covarianceType
    self.clusters = clusters
  }

  /// The trends of all targets, in all papers or in each group, groups in ascending order.
  public func callAsFunction(
    _ matrix: BinaryMatrix, targets: [RateTarget], groups: [String?]? = nil
  ) -> [Trend] {
    let names = groups.map { Set($0.compactMap { $0 }).sorted() }
    return targets.flatMap { target -> [Trend] in
      guard let groups, let names else { return [trend(matrix, target, group: nil) { _ in true }] }
      return names.map { name in trend(matrix, target, group: name) { groups[$0] == name } }
    }
  }

  private func trend(
    _ matrix: BinaryMatrix, _ target: RateTarget, group: String?, includes: (Int) -> Bool
  ) -> Trend {
    let own = covariate.indices.map { includes($0) ? covariate[$0] : nil }
    let scores = matrix.percentYes(items: target.items)
    let papers = own.indices.filter { own[$0] != nil && scores[$0] != nil }
    let x = papers.compactMap { own[$0] }
    let y = papers.compactMap { scores[$0].map { $0 / 100 } }
    var trend = Trend(target: target, group: group, count: papers.count)
    guard papers.count > 2, Set(x).count > 1 else {
      trend.note = papers.count > 2 ? "constant covariate" : "fewer-than-3-papers"
      return trend
    }
    let pair = ScorePair(x, y)
    if !pair.hasConstantScore { trend.kendall = pair.estimate(.kendall) }
    if target.level == .item {
      setItem(&trend, outcome: matrix.outcome(item: target.items[0]), covariate: own, x: x, y: y)
    } else {
      setScore(&trend, pair: pair, x: x, y: y)
    }
    return trend
  }

  private func setItem(
    _ trend: inout Trend, outcome: BinaryOutcome, covariate own: [Double?], x: [Double],
    y: [Double]
  ) {
    trend.eventCount = y.count { $0 == 1 }
    do {
      let source = CovariateColumns(["x": .numeric(own)])
      let design = try DesignMatrix(ModelFormula("x"), from: source)
      let fit = try LogisticRegression().fit(design, outcome: outcome)
      guard fit.coefficients.count == 2 else {
        trend.note = "constant covariate"
        return
      }
      let inference = LogisticInference(
        covarianceType: covarianceType, clusters: clusters, level: level)
      let slope = inference.estimates(fit)[1]
      trend.logOddsRatio = slope.estimate
      trend.logOddsLimits = slope.interval
      trend.method = slope.method
      trend.note = slope.note
      let robust = fit.covariance(covarianceType, clusters: clusters)
      if let effect = fit.marginalEffects(covariance: robust?.matrix).first {
        let freedom = robust?.degreesOfFreedom[1] ?? .infinity
        let distance = StudentT(degreesOfFreedom: freedom).upperQuantile((1 - level) / 2)
        trend.estimate = effect.estimate
        trend.standardError = effect.standardError
        trend.limits = CoefficientInterval(
          low: effect.estimate - distance * effect.standardError,
          high: effect.estimate + distance * effect.standardError)
      }
      if covarianceType == .model, let test = CochranArmitageTest(x, y.map { $0 == 1 }) {
        trend.statistic = test.statistic
        trend.pValue = test.pValue
      } else {
        trend.statistic = slope.statistic
        trend.pValue = slope.pValue
      }
    } catch {
      trend.note = "\(error)"
    }
  }

  private func setScore(_ trend: inout Trend, pair: ScorePair, x: [Double], y: [Double]) {
    guard let line = LinearSlope(x, y) else { return }
    trend.method = "least squares, HC3"
    trend.estimate = line.estimate
    trend.standardError = line.standardError
    trend.limits = line.interval(level: level)
    trend.pValue = line.pValue
    trend.statistic = line.standardError.flatMap { $0 > 0 ? line.estimate / $0 : nil }
    trend.theilSen = TheilSenSlope(x, y, level: level)
    if pair.hasConstantScore {
      trend.note = "constant-item"
    } else {
      trend.spearman = pair.estimate(.spearman)
    }
  }
}

/// The difference of two groups' slopes of one target.
///
/// Slopes of groups of different papers are independent: the standard error is the root of the sum
/// of squares, the test and interval normal.
public struct TrendDifference: Sendable, Equatable {
  /// What changes.
  public let target: RateTarget
  /// The two groups.
  public let groups: (first: String, second: String)
  /// The difference of the slopes, first minus second.
  public let estimate: Double
  /// Its standard error.
  public let standardError: Double

  /// The two-sided p-value; `nil` without a standard error above zero.
  public var pValue: Double? {
    standardError > 0 ? 2 * Normal().survival(abs(estimate / standardError)) : nil
  }

  /// Whether two differences are equal.
  public static func == (left: Self, right: Self) -> Bool {
    left.target == right.target && left.groups == right.groups && left.estimate == right.estimate
      && left.standardError == right.standardError
  }

  /// The differences of all pairs of groups of each target that both have a slope.
  public static func all(of trends: [Trend]) -> [TrendDifference] {
    var result: [TrendDifference] = []
    for (index, first) in trends.enumerated() {
      for second in trends[(index + 1)...] where second.target == first.target {
        guard let a = first.group, let b = second.group, let slope = first.estimate,
          let other = second.estimate, let error = first.standardError,
          let otherError = second.standardError
        else { continue }
        result.append(
          TrendDifference(
            target: first.target, groups: (a, b), estimate: slope - other,
            standardError: Double.hypot(error, otherError)))
      }
    }
    return result
  }
}
