import RealModule

/// Estimates how targets change over the span of a covariate.
///
/// **Items.** A logistic curve by Firth's penalised likelihood; the change is its last less its first
/// point, with the limits of the penalised profile, and the p-value is that of the same likelihood ratio
/// (see `PredictedChange`): sparse and separated items need no other rule. With clusters, weights or
/// chosen standard errors the ratio is divided by the design effect of the slope, the sandwich over the
/// model-based variance, and referred to t with the sandwich's degrees of freedom; the larger of this
/// p-value and the plain one counts, and limits likewise, since a sandwich of rare answers is often
/// too small. The limits of the odds ratio are cut at the same depth. The sandwich of clusters is usually
/// CR3, with the degrees of freedom of Bell and McCaffrey, and fewer where few clusters have a yes, or a
/// no: CR2 finds a trend of rare answers up to twice as often as it should (docs/inference.md).
///
/// **Scores** of categories, modules and everything. ``ItemMix/Method/common`` (the usual one): a straight line
/// with every item that was asked at all values of the covariate in its place (see
/// `StandardizedLine`), so that papers that were asked other items, or to which others apply, do not
/// make a change; ``ItemMix/Method/model``: one log odds ratio for all items, each at a level of its own
/// (see `CommonSlope`); ``ItemMix/Method/crude``: a straight line through the papers' scores. Lines have HC3
/// errors, CR2 with clusters, and t limits, cut at the range of scores. The crude change stands beside
/// where it differs.
///
/// A covariate with more than twenty values is cut into tenths of its papers to find the items that were
/// asked everywhere. Papers without the item, score or covariate are left out, n says how many are there,
/// and a note how many lack the covariate. Rank correlations and the Theil–Sen slope stand beside.
///
/// Cost: a fit an item, O(n log n + answers) a score.
public struct TrendEstimator: Sendable {
  /// The covariate of every paper; `nil` where it is not known.
  public var covariate: [Double?]
  /// The confidence level.
  public var level: Double
  /// The covariance that standard errors are taken from; `model` means HC3 for scores.
  public var covarianceType: CovarianceType
  /// The covariance that the curves of items are judged by.
  var curveCovarianceType: CovarianceType
  /// The cluster of every paper.
  public var clusters: [String?]?
  /// The weight of every paper.
  public var weights: [Double]?
  /// How the items of a score are held together.
  public var mix: ItemMix.Method
  /// The test behind the p-values of items.
  public var test: TrendTest
  /// Whether trends keep what a ``TrendStatistic`` needs, some 30 bytes a paper and trend.
  public var keepsRefits: Bool

  /// Creates an estimator; curves of items are judged by the covariance of the scores unless told
  /// otherwise.
  public init(
    covariate: [Double?], level: Double = 0.95, covarianceType: CovarianceType = .model,
    curveCovarianceType: CovarianceType? = nil,
    clusters: [String?]? = nil, weights: [Double]? = nil, mix: ItemMix.Method = .common,
    test: TrendTest = .automatic, keepsRefits: Bool = false
  ) {
    self.covariate = covariate
    self.level = level
    self.covarianceType = covarianceType
    self.curveCovarianceType = curveCovarianceType ?? covarianceType
    self.clusters = clusters
    self.weights = weights
    self.mix = mix
    self.test = test
    self.keepsRefits = keepsRefits
  }

  /// The trends of all targets, in all papers or in each group in turn.
  ///
  /// A paper may be in several groups.
  public func estimate(
    _ matrix: BinaryMatrix, targets: [RateTarget],
    groups: [(name: String, papers: [Int])]? = nil
  ) -> [Trend] {
    let members = members(of: groups, in: matrix, targets)
    return targets.flatMap { trends(matrix, $0, members: members) }
  }

  /// The same trends, worked out by some tasks at a time.
  ///
  /// - Throws: `CancellationError`.
  public func estimate(
    _ matrix: BinaryMatrix, targets: [RateTarget],
    groups: [(name: String, papers: [Int])]? = nil, jobs: Int
  ) async throws -> [Trend] {
    let members = members(of: groups, in: matrix, targets)
    return try await concurrentMap(targets, jobs: jobs) { target in
      try Task.checkCancellation()
      return trends(matrix, target, members: members)
    }.flatMap { $0 }
  }

  /// Some papers, under the name of their group.
  private struct Members: Sendable {
    var name: String?
    var includes: [Bool]
    /// The covariate of these papers.
    var covariate: [Double?]
    /// The curves of the items, which share a design.
    var curves: [Int: Result<LogisticFit, LogisticRegressionError>] = [:]
    /// What items have to be asked in to be compared.
    var steps: CovariateSteps?
  }

  private func members(
    of groups: [(name: String, papers: [Int])]?, in matrix: BinaryMatrix, _ targets: [RateTarget]
  ) -> [Members] {
    let count = matrix.papers.count
    let items = targets.filter { $0.level == .item }.map { $0.items[0] }
    func members(_ name: String?, _ papers: some Sequence<Int>) -> Members {
      var members = Members(
        name: name, includes: [Bool](repeating: false, count: count),
        covariate: [Double?](repeating: nil, count: count))
      for paper in papers where weights?[paper] ?? 1 > 0 {
        members.includes[paper] = true
        members.covariate[paper] = covariate[paper]
      }
      members.curves = curves(of: items, in: matrix, members.covariate)
      if mix == .common, targets.contains(where: { $0.level != .item }) {
        members.steps = CovariateSteps(members.covariate)
      }
      return members
    }
    return groups.map { $0.map { members($0.name, $0.papers) } } ?? [members(nil, 0..<count)]
  }

  /// The penalised fits of items; none where the covariate does not vary.
  private func curves(
    of items: [Int], in matrix: BinaryMatrix, _ own: [Double?]
  ) -> [Int: Result<LogisticFit, LogisticRegressionError>] {
    let source = CovariateColumns(["covariate": .numeric(own)])
    guard own.contains(where: { $0 != own.first }), !items.isEmpty,
      let formula = try? ModelFormula("covariate"),
      let design = try? DesignMatrix(formula, from: source),
      let fits = try? LogisticRegression(estimation: .firth, weighting: .sampling).fits(
        design, outcomes: items.map { matrix.outcome(item: $0) }, weights: weights)
    else { return [:] }
    return Dictionary(zip(items, fits), uniquingKeysWith: { first, _ in first })
  }

  private func trends(
    _ matrix: BinaryMatrix, _ target: RateTarget, members: [Members]
  ) -> [Trend] {
    members.map { trend(matrix, target, members: $0) }
  }

  private func trend(
    _ matrix: BinaryMatrix, _ target: RateTarget, members: Members
  ) -> Trend {
    let (includes, own) = (members.includes, members.covariate)
    let applies = matrix.applies.rowCounts(columns: target.items)
    let known = own.indices.filter { own[$0] != nil && applies[$0] > 0 }
    let lost = own.indices.count { includes[$0] && covariate[$0] == nil && applies[$0] > 0 }
    var trend = Trend(target: target, group: members.name, count: known.count)
    if lost > 0 { trend.change.notes.append(.leftOut(lost)) }
    let x = known.compactMap { own[$0] }
    guard known.count > 2, let first = x.min(), let last = x.max(), first < last else {
      trend.change.notes.append(known.count > 2 ? .constantCovariate : .fewerThanThreePapers)
      return trend
    }
    trend.span = first...last
    if target.level == .item {
      setItem(&trend, matrix, curve: members.curves[target.items[0]], papers: known, x: x)
    } else {
      setScore(&trend, matrix, members, papers: known)
    }
    trend.change.count = trend.count
    return trend
  }

  // MARK: Items

  private func setItem(
    _ trend: inout Trend, _ matrix: BinaryMatrix,
    curve: Result<LogisticFit, LogisticRegressionError>?, papers: [Int], x: [Double]
  ) {
    let item = trend.target.items[0]
    let answers = papers.map { matrix.yes[$0, item] }
    var own = ItemTrend(eventCount: answers.count { $0 })
    defer { trend.details = .item(own) }
    let pair = ScorePair(x, answers.map { $0 ? 1 : 0 })
    if !pair.hasConstantScore {
      trend.kendall = pair.estimate(.kendall)
      trend.spearman = pair.estimate(.spearman)
    }
    do throws(LogisticRegressionError) {
      guard let fit = try curve?.get(), fit.coefficients.count == 2 else {
        trend.change.notes.append(.constantCovariate)
        return
      }
      setCurve(&trend, &own, fit)
      if keepsRefits { trend.refit = TrendRefit(fit) }
      if weights == nil, clusters == nil || !covarianceType.needsClusters {
        own.armitage = CochranArmitageTest(x, answers)
      }
      own.linear = LinearSlope(
        x, answers.map { $0 ? 1 : 0 },
        weights: covarianceType.needsClusters ? nil : weights.map { all in papers.map { all[$0] } },
        type: lineType,
        clusters: covarianceType.needsClusters
          ? clusters.map { labels in papers.map { labels[$0] } } : nil)
      choose(&trend, own.armitage, x: x, answers: answers)
    } catch {
      trend.change.notes.append(Note(error.noteName, effect: .noValue, words: "\(error)"))
    }
  }

  /// Sets change, odds ratio and test from a penalised fit.
  private func setCurve(_ trend: inout Trend, _ own: inout ItemTrend, _ fit: LogisticFit) {
    let curve = PredictedChange(fit)
    trend.method = .penalizedLogistic(nil)
    trend.rates = Trend.Rates(first: curve.rates.first, last: curve.rates.last)
    // Answers without a trend leave rounding errors of the iterations, not a change.
    let value = abs(curve.estimate) < 1e-10 ? 0 : curve.estimate
    trend.change.value = value
    trend.logOdds = Estimate(abs(value) > 0 ? fit.coefficients[1] : 0)
    if fit.separation != nil { trend.change.notes.append(.separatedBySpan) }
    let type = curveCovarianceType
    var robust: RobustCovariance?
    if type != .model {
      guard let found = fit.covariance(type, clusters: clusters) else {
        trend.change.notes.append(.oneCluster)
        return
      }
      robust = found
      guard DesignEffect(fit, robust: found, clusters: clusters).isKnown else {
        trend.change.notes.append(.paperDeterminesSlope)
        return
      }
      trend.method = .penalizedLogistic(TrendMethod.Errors(type, clusters: found.clusterCount))
    }
    let matrix = robust?.matrix ?? fit.covariance
    if let span = trend.span {
      trend.change.standardError = curve.standardError(
        matrix, from: span.lowerBound, to: span.upperBound)
    }
    own.effect = fit.marginalEffects(covariance: matrix).first
    if value == 0 { own.effect?.estimate = 0 }
    let judge = DesignEffect(fit, robust: robust, clusters: clusters)
    if judge.isConservative { trend.change.notes.append(.conservativeTest) }
    let tail = (1 - level) / 2
    let distance = judge.distance(tail: tail)
    let limits = curve.limits(distance: distance)
    trend.change.lower = min(limits.low, value)
    trend.change.upper = max(limits.high, value)
    trend.change.level = level
    trend.change.method = MethodName.penalizedProfile.with(type)
    trend.change.degreesOfFreedom = judge.degreesOfFreedom
    let odds = fit.profileLimits(1, distance: distance)
    trend.logOdds = Estimate(
      trend.logOdds?.value, standardError: max(0, matrix[1, 1]).squareRoot(),
      lower: odds.low.value, upper: odds.high.value, level: level,
      method: trend.change.method, degreesOfFreedom: judge.degreesOfFreedom)
    let ratio = value == 0 ? 0 : curve.fall(at: 0)
    let judged = judge.test(ratio)
    trend.statistic = value < 0 ? -judged.root : judged.root
    trend.pValue = judged.pValue
    trend.test = MethodName.penalizedRatio.with(type)
  }

  /// Puts another test in place of that of the limits, if one was asked for.
  private func choose(
    _ trend: inout Trend, _ armitage: CochranArmitageTest?, x: [Double], answers: [Bool]
  ) {
    switch test {
    case .automatic: return
    case .cochranArmitage:
      guard let found = armitage else { break }
      trend.statistic = found.statistic
      trend.pValue = found.pValue
      trend.test = MethodName(rawValue: test.rawValue)
      trend.change.notes.append(.anotherTest)
      return
    case .exact:
      guard weights == nil, clusters == nil, let found = ExactTrendTest(x, answers) else { break }
      trend.statistic = nil
      trend.pValue = found.pValue
      trend.test = MethodName(rawValue: test.rawValue)
      trend.change.notes.append(.anotherTest)
      return
    }
    trend.change.notes.append(.testNotAvailable)
  }

  /// The errors of least squares.
  private var lineType: CovarianceType { covarianceType == .model ? .hc3 : covarianceType }

  // MARK: Scores

  private func setScore(
    _ trend: inout Trend, _ matrix: BinaryMatrix, _ members: Members, papers: [Int]
  ) {
    let own = members.covariate
    let asked = trend.target.items.filter { item in papers.contains { matrix.asked[$0, item] } }
    var used = asked
    if let steps = members.steps {
      used = steps.common(asked, of: matrix)
      if used.count < asked.count {
        trend.change.notes.append(
          used.isEmpty ? .noCommonItem : .itemsCompared(used.count, of: asked.count))
      }
    }
    var score = ScoreTrend(mix: mix, items: (used.count, asked.count))
    defer { trend.details = .score(score) }
    let scores = matrix.percentYes(items: used)
    let scored = papers.filter { scores[$0] != nil }
    let (x, y) = (
      scored.compactMap { own[$0] }, scored.compactMap { scores[$0].map { $0 / 100 } }
    )
    if mix != .model, scored.count > 2 {
      let pair = ScorePair(x, y)
      if pair.hasConstantScore {
        trend.change.notes.append(.constantScore)
      } else {
        trend.kendall = pair.estimate(.kendall)
        trend.spearman = pair.estimate(.spearman)
      }
      score.theilSen = TheilSenSlope(x, y, level: level)
    }
    let crude = line(crudeScores(trend.target.items, of: matrix, papers: papers), own)
    switch mix {
    case .crude: setLine(&trend, &score, crude, own)
    case .common:
      if !used.isEmpty {
        let answers = used.map { Self.answers($0, of: matrix, papers: papers) }
        let line = line(answers, own)
        setLine(&trend, &score, line, own)
        if keepsRefits, let line, let span = trend.length {
          trend.refit = TrendRefit(
            line.used.map { answers[$0] }, covariate: own, weights: weights, span: span)
        }
      }
    case .model:
      setModel(
        &trend, &score, used.map { Self.answers($0, of: matrix, papers: papers) }, own)
    }
    if mix == .crude, keepsRefits, crude != nil, let span = trend.length {
      trend.refit = TrendRefit(
        crudeScores(trend.target.items, of: matrix, papers: papers), covariate: own,
        weights: weights, span: span)
    }
    guard mix != .crude, let crude, let span = trend.span else { return }
    let found = estimate(crude, over: span)
    let gap = abs((found.value ?? 0) - (trend.change.value ?? .infinity))
    guard gap > 1e-9 else { return }
    score.crude = found
    if mix == .common, used.count == asked.count, gap > 0.005 {
      trend.change.notes.append(.applicabilityDiffers)
    }
  }

  private func line(_ answers: [StandardizedLine.Answers], _ own: [Double?]) -> StandardizedLine? {
    StandardizedLine(
      answers, covariate: own, weights: weights, type: lineType,
      clusters: covarianceType.needsClusters ? clusters : nil)
  }

  private func setLine(
    _ trend: inout Trend, _ score: inout ScoreTrend, _ line: StandardizedLine?, _ own: [Double?]
  ) {
    guard let line, let span = trend.span else {
      trend.change.notes.append(.fewerThanThreePapers)
      return
    }
    trend.count = line.paperCount
    let notes = trend.change.notes
    trend.change = estimate(line, over: span)
    let isConstant = notes.contains(.constantScore)
    trend.change.notes = notes + trend.change.notes.filter { !isConstant || $0 != .noSpread }
    let ends = [span.lowerBound, span.upperBound].map { max(0, min(1, line.share(at: $0))) }
    trend.rates = Trend.Rates(first: ends[0], last: ends[1])
    let errors = TrendMethod.Errors(lineType, clusters: line.clusterCount)
    trend.method = .leastSquares(trend.change.hasLimits ? errors : nil)
    if trend.change.hasLimits {
      trend.statistic = line.statistic
      trend.pValue = line.pValue
      trend.test = MethodName.studentT.with(lineType)
    }
    if mix == .common { score.items.compared = min(score.items.compared, line.itemCount) }
  }

  /// The change of a line, with what there is to say about its error.
  private func estimate(_ line: StandardizedLine, over span: ClosedRange<Double>) -> Estimate {
    let length = span.upperBound - span.lowerBound
    var estimate = line.change(over: length, level: level)
    let change = estimate.value ?? 0
    estimate.value = max(-1, min(1, change))
    estimate.standardError = line.standardError.map { $0 * length }
    estimate.count = line.paperCount
    if abs(change) > 1 + 1e-12 { estimate.notes.append(.lineLeavesRange) }
    if let (lower, upper) = estimate.limits, lower >= 1 || upper <= -1 {
      // All of the interval lies beyond what a score can change by.
      (estimate.lower, estimate.upper) = (nil, nil)
      estimate.notes.append(.lineBeyondRange)
      return estimate
    }
    if estimate.hasLimits {
      estimate.method = MethodName.studentT.with(lineType)
      estimate.degreesOfFreedom = line.degreesOfFreedom
    } else if let clusters = line.clusterCount, clusters < 2 {
      estimate.notes.append(.oneCluster)
    } else {
      estimate.notes.append(line.standardError == nil ? .paperDeterminesSlope : .noSpread)
      estimate.standardError = nil
    }
    return estimate
  }

  private func setModel(
    _ trend: inout Trend, _ score: inout ScoreTrend, _ answers: [StandardizedLine.Answers],
    _ own: [Double?]
  ) {
    let type = covarianceType == .model ? CovarianceType.cr2 : covarianceType
    do throws(CommonSlope.Failure) {
      let slope = try CommonSlope(
        answers, covariate: own, weights: weights, type: type, clusters: clusters)
      trend.count = slope.paperCount
      score.items.compared = slope.itemCount
      trend.rates = Trend.Rates(first: slope.rates.first, last: slope.rates.last)
      let unit = clusters == nil ? "papers" : "clusters"
      // With less than one degree of freedom nearly all of the slope is that of one paper.
      let isOnePapers = slope.degreesOfFreedom < 1
      let odds =
        isOnePapers ? Estimate(slope.estimate) : slope.logOdds(level: level)
      let errors = TrendMethod.Errors(type: type, units: "\(slope.clusterCount) \(unit)")
      trend.method = .itemLevels(odds.hasLimits ? errors : nil)
      let change = slope.change(at: slope.estimate)
      let isFlat = abs(change) < 1e-10
      trend.change.value = isFlat ? 0 : change
      trend.change.standardError = slope.changeError
      trend.change.lower = odds.lower.map(slope.change)
      trend.change.upper = odds.upper.map(slope.change)
      trend.logOdds = odds
      trend.logOdds?.standardError = slope.standardError
      if isFlat { trend.logOdds?.value = 0 }
      if !odds.hasLimits {
        trend.change.notes.append(
          slope.clusterCount < 2
            ? .oneCluster : slope.isDetermined || isOnePapers ? .paperDeterminesSlope : .noSpread)
      } else {
        trend.change.level = level
        trend.change.method = MethodName.studentT.with(type)
        trend.change.degreesOfFreedom = slope.degreesOfFreedom
        trend.statistic = isFlat ? 0 : slope.statistic
        trend.pValue = isFlat ? 1 : slope.pValue
        trend.test = MethodName.studentT.with(type)
      }
      if keepsRefits {
        trend.refit = TrendRefit(model: answers, covariate: own, weights: weights)
      }
    } catch {
      trend.change.notes.append(error == .separated ? .separatedAnswers : .noItemVaries)
    }
  }

  private func crudeScores(
    _ items: [Int], of matrix: BinaryMatrix, papers: [Int]
  ) -> [StandardizedLine.Answers] {
    let scores = matrix.percentYes(items: items)
    let scored = papers.filter { scores[$0] != nil }
    return [
      StandardizedLine.Answers(
        papers: scored, values: scored.compactMap { scores[$0].map { $0 / 100 } })
    ]
  }

  private static func answers(
    _ item: Int, of matrix: BinaryMatrix, papers: [Int]
  ) -> StandardizedLine.Answers {
    let own = papers.filter { matrix.applies[$0, item] }
    return StandardizedLine.Answers(
      papers: own, values: own.map { matrix.yes[$0, item] ? 1 : 0 })
  }
}

/// How far a likelihood ratio of a slope is to be trusted where papers hang together or have weights.
struct DesignEffect {
  /// The sandwich over the model-based variance of the slope; 1 without a sandwich.
  let value: Double
  /// The degrees of freedom of the sandwich; infinite without one.
  let degreesOfFreedom: Double?
  /// Whether so few clusters have a yes, or a no, that the test errs less often than it may.
  let isConservative: Bool

  /// With fewer clusters that have a yes, or a no, a test is called conservative.
  static let fewestClusters = 10

  init(_ fit: LogisticFit, robust: RobustCovariance?, clusters: [String?]?) {
    guard let robust else {
      value = 1
      degreesOfFreedom = nil
      isConservative = false
      return
    }
    value = max(0, robust.matrix[1, 1]) / fit.covariance[1, 1]
    var own = robust.degreesOfFreedom[1]
    var isFew = false
    if robust.type == .cr3, let clusters,
      let biasReduced = fit.covariance(.cr2, clusters: clusters)
    {
      // Clusters without a name are papers by themselves.
      func count(_ answer: Bool) -> Int {
        let rows = fit.data.rows.enumerated().filter { fit.data.isYes[$0.offset] == answer }
        return Set(rows.compactMap { clusters[$0.element] }).count
          + rows.count { clusters[$0.element] == nil }
      }
      let informative = min(count(true), count(false))
      own = min(biasReduced.degreesOfFreedom[1], Double(max(1, informative - 1)))
      isFew = informative < Self.fewestClusters
    }
    isConservative = isFew
    // The papers behind HC errors, or Kish's number of them.
    let trials = fit.data.trials.reduce(0, +)
    degreesOfFreedom = max(0.5, min(own, max(1, trials - 2)))
  }

  /// Whether there is an error; a paper with all of the leverage makes it boundless.
  var isKnown: Bool { value < 1e6 }

  /// How far the root of the likelihood ratio may fall for the limits.
  func distance(tail: Double) -> Double {
    let plain = Normal().upperQuantile(tail)
    guard let degreesOfFreedom else { return plain }
    return max(
      plain,
      StudentT(degreesOfFreedom: degreesOfFreedom).upperQuantile(tail) * value.squareRoot())
  }

  /// The root of the ratio that the p-value is of, and the p-value.
  func test(_ ratio: Double) -> (root: Double, pValue: Double) {
    let root = ratio.squareRoot()
    let plain = ChiSquared(degreesOfFreedom: 1).survival(ratio)
    guard let degreesOfFreedom, value > 0 else { return (root, plain) }
    let reduced = root / value.squareRoot()
    let robust = min(1, 2 * StudentT(degreesOfFreedom: degreesOfFreedom).survival(reduced))
    return robust > plain ? (reduced, robust) : (root, plain)
  }
}
