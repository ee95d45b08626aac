import RealModule

/// The slopes of trends as a function of unit weights, for the bootstrap.
///
/// Two values a trend: its estimate (an average marginal effect for an item, a least-squares slope
/// for a score) and its log odds ratio; NaN where one is undefined, as in trends without an
/// estimate. Fits start from the estimates of the full sample. Cost of a replicate: O(papers) a
/// trend and a few iterations over the distinct values of the covariate.
public struct TrendStatistic: Statistic {
  /// The number of values of each trend.
  public static let valuesPerTrend = 2

  private let refits: [TrendRefit?]
  private let design: SamplingDesign

  /// Creates the statistic of trends; weights of the design multiply those of units.
  ///
  /// The trends are those of a ``TrendEstimator`` that keeps refits.
  public init(_ trends: [Trend], design: SamplingDesign) {
    precondition(
      trends.allSatisfy { $0.estimate == nil || $0.refit != nil },
      "a bootstrap of trends needs an estimator that keeps refits")
    refits = trends.map(\.refit)
    self.design = design
  }

  /// The number of resampling units.
  public var unitCount: Int { design.unitCount }
  /// The number of values.
  public var valueCount: Int { refits.count * Self.valuesPerTrend }

  /// Estimates all slopes under the given unit weights.
  public func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    for (index, refit) in refits.enumerated() {
      let (slope, logOdds) =
        refit?.slopes { weights[design.unitOfPaper[$0]] * (design.weights?[$0] ?? 1) }
        ?? (.nan, .nan)
      values[index * Self.valuesPerTrend] = slope
      values[index * Self.valuesPerTrend + 1] = logOdds
    }
  }
}

/// What of a trend is estimated again in a replicate.
struct TrendRefit: Sendable {
  private enum Kind: Sendable {
    case item(LogisticFit)
    case score(papers: [Int], x: [Double], y: [Double], answers: PooledAnswerTrend?)
  }

  private let kind: Kind

  /// The largest standardised slope that counts as finite.
  private static let largestSlope = 15.0

  init(_ fit: LogisticFit) { kind = .item(fit) }

  init(papers: [Int], x: [Double], y: [Double], answers: PooledAnswerTrend?) {
    kind = .score(papers: papers, x: x, y: y, answers: answers)
  }

  /// The slope and the log odds ratio with the weights of papers of the corpus.
  func slopes(_ weight: (Int) -> Double) -> (slope: Double, logOdds: Double) {
    switch kind {
    case .item(let fit):
      var successes = [Double](repeating: 0, count: fit.likelihood.x.rows)
      var trials = successes
      for (index, paper) in fit.papers.enumerated() {
        let weight = weight(paper) * fit.data.weights[index]
        trials[fit.patternOfRow[index]] += weight
        if fit.data.isYes[index] { successes[fit.patternOfRow[index]] += weight }
      }
      return Self.slopes(
        fit.likelihood.replacing(successes: successes, trials: trials), from: fit.optimum.beta)
    case .score(let papers, let x, let y, let answers):
      let weights = papers.map(weight)
      let line = LinearSlope(x, y, weights: weights)?.estimate ?? .nan
      guard let answers else { return (line, .nan) }
      var successes = [Double](repeating: 0, count: answers.likelihood.x.rows)
      var trials = successes
      for (index, pattern) in answers.patternOfPaper.enumerated() {
        successes[pattern] += weights[index] * Double(answers.yes[index])
        trials[pattern] += weights[index] * Double(answers.applicable[index])
      }
      let refitted = answers.likelihood.replacing(successes: successes, trials: trials)
      return (line, Self.slopes(refitted, from: answers.optimum.beta).logOdds)
    }
  }

  private static func slopes(_ likelihood: BinomialLikelihood, from start: [Double])
    -> (slope: Double, logOdds: Double)
  {
    guard let optimum = try? likelihood.maximized(from: start, iterations: 30),
      abs(optimum.beta[1]) <= largestSlope
    else { return (.nan, .nan) }
    let logOdds = optimum.beta[1] / likelihood.scales[1]
    let shift = likelihood.interceptShift(at: optimum.beta)
    var (sum, total) = (0.0, 0.0)
    for (predictor, count) in zip(likelihood.linearPredictors(optimum.beta), likelihood.trials) {
      let probability = logistic(predictor + shift)
      sum += count * probability * (1 - probability)
      total += count
    }
    return (logOdds * sum / total, logOdds)
  }
}
