import RealModule

/// How an item, a category or the whole checklist changes with a numeric covariate.
///
/// For an item the estimate is the average change of its rate per unit of the covariate from a
/// logistic fit (a marginal effect, so that 0.03 is three percentage points a year), with the odds
/// ratio per unit beside it; the p-value is that of Cochran and Armitage's test, or of the slope
/// when standard errors are robust. For a category or the overall score the estimate is the
/// least-squares slope of the papers' scores (fractions) with HC3 standard errors; the odds ratio is
/// that of all its answers together (``PooledAnswerTrend``). Both come with rank correlations, items
/// with the least-squares slope beside the logistic one, scores with the Theil–Sen slope. Papers
/// without the item, score or covariate are left out and n says how many are there.
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
  /// The kind of interval of ``limits`` and ``logOddsLimits`` if it is of a bootstrap.
  public internal(set) var interval: String?
  /// The least-squares slope of the answers (items only).
  public internal(set) var linear: LinearSlope?
  /// The log odds ratio per unit.
  public internal(set) var logOddsRatio: Double?
  /// Its interval.
  public internal(set) var logOddsLimits = CoefficientInterval(low: nil, high: nil)
  /// The statistic of the test.
  public internal(set) var statistic: Double?
  /// The p-value.
  public internal(set) var pValue: Double?
  /// Kendall's tau-b.
  public internal(set) var kendall: Double?
  /// Spearman's rho.
  public internal(set) var spearman: Double?
  /// The Theil–Sen slope (scores only).
  public internal(set) var theilSen: TheilSenSlope?
  /// How the slope was estimated.
  public internal(set) var method: String?
  /// Why something is missing.
  public internal(set) var note: String?
  /// What the bootstrap repeats.
  var refit: TrendRefit?

  /// One line for prose: `code_released: 3.2 points per year (-2.0 to 8.4), odds ratio per year 1.14
  /// (0.92–1.41), n = 291, ML`.
  public func sentence(on covariate: String) -> String {
    let name = group.map { "\(target.term), \($0)" } ?? target.term
    guard let estimate else {
      return "\(name): no slope\(note.map { " (\($0))" } ?? "")"
    }
    let points = Self.points(estimate, limits)
    let method = method.map { ", \($0.prefix { $0 != "," })" } ?? ""
    let odds =
      logOddsRatio.map {
        ", " + LogisticEstimate.oddsRatio($0, logOddsLimits, unit: covariate)
      } ?? ""
    return "\(name): \(points) points per \(covariate)\(odds), n = \(count)\(method)"
  }

  /// A fraction and its limits in percentage points: `3.2 (-2.0 to 8.4)`.
  static func points(_ estimate: Double, _ limits: CoefficientInterval) -> String {
    func spelled(_ value: Double) -> String { NumberFormat.fixed(100 * value, digits: 1) }
    guard let low = limits.low, let high = limits.high else { return spelled(estimate) }
    return "\(spelled(estimate)) \(NumberFormat.interval(spelled(low), spelled(high)))"
  }

  /// Replaces intervals and standard error by those of a bootstrap of a ``TrendStatistic``, whose
  /// values for this trend begin at `quantity`.
  public mutating func replaceIntervals(
    _ sample: BootstrapSample, quantity: Int, method: BootstrapInterval, level: Double,
    name: String
  ) {
    guard estimate != nil else { return }
    self.interval = name
    standardError = sample.standardError(of: quantity)
    var failures: [String] = []
    func found(_ quantity: Int) -> CoefficientInterval {
      do throws(IntervalFailure) {
        let limits = try method.limits(
          estimate: sample.original[quantity], replicates: sample.values(of: quantity),
          level: level)
        return CoefficientInterval(low: limits.lower, high: limits.upper)
      } catch {
        if !failures.contains(error.description) { failures.append(error.description) }
        return CoefficientInterval(low: nil, high: nil)
      }
    }
    limits = found(quantity)
    if logOddsRatio != nil { logOddsLimits = found(quantity + 1) }
    if !failures.isEmpty {
      note = ([note].compactMap { $0 } + failures).joined(separator: "; ")
    }
  }
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
    if !pair.hasConstantScore {
      trend.kendall = pair.estimate(.kendall)
      trend.spearman = pair.estimate(.spearman)
    }
    if target.level == .item {
      setItem(&trend, outcome: matrix.outcome(item: target.items[0]), covariate: own, x: x, y: y)
    } else {
      setScore(&trend, pair: pair, x: x, y: y)
      setAnswers(&trend, matrix: matrix, papers: papers, x: x, y: y)
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
      trend.linear = LinearSlope(x, y)
      trend.refit = TrendRefit(fit)
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
    if pair.hasConstantScore { trend.note = "constant-item" }
  }

  private func setAnswers(
    _ trend: inout Trend, matrix: BinaryMatrix, papers: [Int], x: [Double], y: [Double]
  ) {
    let yes = matrix.yes.rowCounts(columns: trend.target.items)
    let applies = matrix.applies.rowCounts(columns: trend.target.items)
    let answers = PooledAnswerTrend(
      x, yes: papers.map { yes[$0] }, applicable: papers.map { applies[$0] },
      clusters: clusters.map { labels in papers.map { labels[$0] } })
    trend.refit = TrendRefit(papers: papers, x: x, y: y, answers: answers)
    guard let answers else { return }
    trend.logOddsRatio = answers.estimate
    trend.logOddsLimits = answers.interval(level: level)
  }
}

/// The difference of two groups' slopes of one target.
///
/// Slopes of groups of different papers are independent: the standard error is the root of the sum
/// of squares, the test and interval normal, unless a bootstrap is given.
public struct TrendDifference: Sendable, Equatable {
  /// What changes.
  public let target: RateTarget
  /// The two groups.
  public let groups: (first: String, second: String)
  /// The difference of the slopes, first minus second.
  public let estimate: Double
  /// Its standard error.
  public let standardError: Double
  /// Its interval, of a bootstrap if the slopes have one.
  public let limits: CoefficientInterval
  /// Why the interval is missing.
  public let note: String?

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
  ///
  /// With a bootstrap sample of the ``TrendStatistic`` of these trends, the standard errors and
  /// intervals are those of its differences.
  public static func all(
    of trends: [Trend], level: Double = 0.95, sample: BootstrapSample? = nil,
    method: BootstrapInterval = .percentile
  ) -> [TrendDifference] {
    var result: [TrendDifference] = []
    let distance = Normal().upperQuantile((1 - level) / 2)
    for (index, first) in trends.enumerated() {
      for position in (index + 1)..<max(trends.count, index + 1)
      where trends[position].target == first.target {
        let second = trends[position]
        guard let a = first.group, let b = second.group, let slope = first.estimate,
          let other = second.estimate, let error = first.standardError,
          let otherError = second.standardError
        else { continue }
        let difference = slope - other
        var note: String?
        var standardError = Double.hypot(error, otherError)
        var limits = CoefficientInterval(
          low: difference - distance * standardError, high: difference + distance * standardError)
        if let sample {
          let replicates = zip(
            sample.values(of: index * TrendStatistic.valuesPerTrend),
            sample.values(of: position * TrendStatistic.valuesPerTrend)
          ).map { $0 - $1 }
          limits = CoefficientInterval(low: nil, high: nil)
          do throws(IntervalFailure) {
            let found = try method.limits(
              estimate: difference, replicates: replicates, level: level)
            limits = CoefficientInterval(low: found.lower, high: found.upper)
          } catch { note = error.description }
          standardError = Moments(replicates.filter(\.isFinite)).variance.squareRoot()
        }
        result.append(
          TrendDifference(
            target: first.target, groups: (a, b), estimate: difference,
            standardError: standardError, limits: limits, note: note))
      }
    }
    return result
  }
}
