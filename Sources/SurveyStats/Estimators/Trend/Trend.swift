import RealModule

/// How an item, a category or the whole checklist changes with a numeric covariate.
///
/// For an item the estimate is the average change of its rate per unit of the covariate from a
/// logistic fit (a marginal effect, so that 0.03 is three percentage points a year), with the odds
/// ratio per unit beside it; the p-value is that of Cochran and Armitage's test, or of the slope
/// when standard errors are robust. A separated item has a slope without an interval. For a category
/// or the overall score the estimate is the least-squares slope of the papers' scores (fractions)
/// with HC3 standard errors, or those asked for; the odds ratio is
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
  /// The kind of interval of ``limits``: by the delta method, Student's t, or of a bootstrap.
  public internal(set) var interval: String?
  /// The test behind the p-value.
  public internal(set) var test: String?
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
      let found = sample.coefficientInterval(of: quantity, by: method, level: level)
      if let failure = found.failure, !failures.contains(failure) { failures.append(failure) }
      return found.limits
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
  /// The covariance that standard errors are taken from; `model` means HC3 for scores.
  public var covarianceType: CovarianceType
  /// The cluster of every paper.
  public var clusters: [String?]?
  /// Whether trends keep what a ``TrendStatistic`` needs, some 30 bytes a paper and trend.
  public var keepsRefits: Bool

  /// Creates an estimator.
  public init(
    covariate: [Double?], level: Double = 0.95, covarianceType: CovarianceType = .model,
    clusters: [String?]? = nil, keepsRefits: Bool = false
  ) {
    self.covariate = covariate
    self.level = level
    self.covarianceType = covarianceType
    self.clusters = clusters
    self.keepsRefits = keepsRefits
  }

  /// The trends of all targets, in all papers or in each group in turn.
  ///
  /// A paper may be in several groups.
  public func callAsFunction(
    _ matrix: BinaryMatrix, targets: [RateTarget],
    groups: [(name: String, papers: [Int])]? = nil
  ) -> [Trend] {
    let members = members(of: groups, in: matrix)
    return targets.flatMap { trends(matrix, $0, members: members) }
  }

  /// The same trends, worked out by some tasks at a time.
  ///
  /// - Throws: `CancellationError`.
  public func callAsFunction(
    _ matrix: BinaryMatrix, targets: [RateTarget],
    groups: [(name: String, papers: [Int])]? = nil, jobs: Int
  ) async throws -> [Trend] {
    let members = members(of: groups, in: matrix)
    return try await concurrentMap(targets, jobs: jobs) { target in
      try Task.checkCancellation()
      return trends(matrix, target, members: members)
    }.flatMap { $0 }
  }

  /// Some papers, under the name of their group.
  private struct Members: Sendable {
    var name: String?
    var includes: [Bool]
  }

  private func members(
    of groups: [(name: String, papers: [Int])]?, in matrix: BinaryMatrix
  ) -> [Members] {
    let count = matrix.papers.count
    guard let groups else {
      return [Members(name: nil, includes: [Bool](repeating: true, count: count))]
    }
    return groups.map { group in
      var members = Members(name: group.name, includes: [Bool](repeating: false, count: count))
      for paper in group.papers { members.includes[paper] = true }
      return members
    }
  }

  private func trends(
    _ matrix: BinaryMatrix, _ target: RateTarget, members: [Members]
  ) -> [Trend] {
    members.map { trend(matrix, target, members: $0) }
  }

  private func trend(
    _ matrix: BinaryMatrix, _ target: RateTarget, members: Members
  ) -> Trend {
    let own = covariate.indices.map { members.includes[$0] ? covariate[$0] : nil }
    let scores = matrix.percentYes(items: target.items)
    let papers = own.indices.filter { own[$0] != nil && scores[$0] != nil }
    let x = papers.compactMap { own[$0] }
    let y = papers.compactMap { scores[$0].map { $0 / 100 } }
    var trend = Trend(target: target, group: members.name, count: papers.count)
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
      trend.linear = trend.logOddsRatio.flatMap { _ in line(papers: papers, x: x, y: y) }
    } else {
      setScore(&trend, pair: pair, papers: papers, x: x, y: y)
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
      let source = CovariateColumns(["covariate": .numeric(own)])
      let design = try DesignMatrix(ModelFormula("covariate"), from: source)
      let fit = try LogisticRegression().fit(design, outcome: outcome)
      guard fit.coefficients.count == 2 else {
        trend.note = "constant covariate"
        return
      }
      let inference = LogisticInference(
        covarianceType: covarianceType, clusters: clusters, level: level)
      let slope = inference.estimates(fit)[1]
      if keepsRefits { trend.refit = TrendRefit(fit) }
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
        if let error = effect.standardError {
          trend.interval = "delta"
          trend.limits = CoefficientInterval(
            low: effect.estimate - distance * error, high: effect.estimate + distance * error)
        }
      }
      if covarianceType == .model, let test = CochranArmitageTest(x, y.map { $0 == 1 }) {
        trend.statistic = test.statistic
        trend.pValue = test.pValue
        trend.test = "cochran-armitage"
      } else {
        trend.statistic = slope.statistic
        trend.pValue = slope.pValue
        let isProfile = slope.method?.hasSuffix("profile") ?? false
        trend.test = slope.pValue.map { _ in isProfile ? "likelihood ratio" : "wald" }
      }
    } catch {
      trend.note = "\(error)"
    }
  }

  /// The errors of least squares.
  private var lineType: CovarianceType { covarianceType == .model ? .hc3 : covarianceType }

  private func line(papers: [Int], x: [Double], y: [Double]) -> LinearSlope? {
    let own = lineType.needsClusters ? clusters.map { labels in papers.map { labels[$0] } } : nil
    return LinearSlope(x, y, type: lineType, clusters: own)
  }

  private func setScore(
    _ trend: inout Trend, pair: ScorePair, papers: [Int], x: [Double], y: [Double]
  ) {
    guard let line = line(papers: papers, x: x, y: y) else { return }
    let count = line.clusterCount.map { ", \($0) clusters" } ?? ""
    trend.method = "least squares, \(lineType.rawValue)\(count)"
    trend.interval = line.standardError.map { _ in "t" }
    trend.test = line.pValue.map { _ in "t" }
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
    if keepsRefits { trend.refit = TrendRefit(papers: papers, x: x, y: y, answers: answers) }
    guard let answers else { return }
    trend.logOddsRatio = answers.estimate
    trend.logOddsLimits = answers.interval(level: level)
  }
}
