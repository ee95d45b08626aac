import RealModule

/// The slopes of trends as a function of unit weights, for the bootstrap.
///
/// Two values a trend: its change over the span and its log odds ratio; NaN where one is undefined, as in
/// trends without an estimate. Fits start from the estimates of the full sample. Cost of a replicate:
/// O(answers) a trend and a few iterations over the distinct values of the covariate.
public struct TrendStatistic: Statistic {
  /// The number of values of each trend.
  public static let valuesPerTrend = 2

  private let refits: [TrendRefit?]
  private let design: SamplingDesign

  /// Creates the statistic of trends, whose own weights multiply those of units.
  ///
  /// The trends are those of a ``TrendEstimator`` that keeps refits.
  public init(_ trends: [Trend], design: SamplingDesign) {
    precondition(
      trends.allSatisfy { $0.change.value == nil || $0.refit != nil },
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
      let (change, logOdds) =
        refit?.values { weights[design.unitOfPaper[$0]] } ?? (.nan, .nan)
      values[index * Self.valuesPerTrend] = change
      values[index * Self.valuesPerTrend + 1] = logOdds
    }
  }
}

/// What of a trend is estimated again in a replicate.
struct TrendRefit: Sendable {
  private enum Kind: Sendable {
    case item(LogisticFit)
    case lines([Line], span: Double)
    case model(CommonSlope.Refit)
  }

  /// The answers of an item.
  private struct Line: Sendable {
    var papers: [Int]
    var weights: [Double]
    var x: [Double]
    var y: [Double]
  }

  private let kind: Kind

  /// The largest standardised slope that counts as finite.
  private static let largestSlope = 15.0

  init(_ fit: LogisticFit) { kind = .item(fit) }

  /// The line of standardised scores over a span.
  init(
    _ answers: [StandardizedLine.Answers], covariate: [Double?], weights: [Double]?, span: Double
  ) {
    kind = .lines(
      answers.map { item in
        Line(
          papers: item.papers, weights: item.papers.map { weights?[$0] ?? 1 },
          x: item.papers.map { covariate[$0] ?? .nan }, y: item.values)
      }, span: span)
  }

  /// The common slope of items.
  init(model answers: [StandardizedLine.Answers], covariate: [Double?], weights: [Double]?) {
    kind = .model(CommonSlope.Refit(answers: answers, covariate: covariate, weights: weights))
  }

  /// The change over the span and the log odds ratio with papers counting so many times.
  func values(_ weight: (Int) -> Double) -> (change: Double, logOdds: Double) {
    switch kind {
    case .item(let fit):
      // Weights of a fit are scaled to an effective number of papers, whatever those of a replicate.
      var successes = [Double](repeating: 0, count: fit.likelihood.x.rows)
      var trials = successes
      for (index, paper) in fit.papers.enumerated() {
        let weight = weight(paper) * fit.data.weights[index]
        trials[fit.patternOfRow[index]] += weight
        if fit.data.isYes[index] { successes[fit.patternOfRow[index]] += weight }
      }
      let likelihood = fit.likelihood.replacing(successes: successes, trials: trials)
      guard
        let optimum = try? likelihood.maximized(from: fit.optimum.beta, iterations: 30),
        abs(optimum.beta[1]) <= Self.largestSlope
      else { return (.nan, .nan) }
      let x = likelihood.x.column(1)
      let ends = [x.min() ?? 0, x.max() ?? 0].map {
        logistic(optimum.beta[0] + optimum.beta[1] * $0)
      }
      return (ends[1] - ends[0], optimum.beta[1] / likelihood.scales[1])
    case .lines(let lines, let span):
      var (sum, total) = (0.0, 0.0)
      for line in lines {
        var (count, meanX, meanY) = (0.0, 0.0, 0.0)
        for index in line.papers.indices {
          let weight = weight(line.papers[index]) * line.weights[index]
          count += weight
          meanX += weight * line.x[index]
          meanY += weight * line.y[index]
        }
        guard count > 0 else { continue }
        meanX /= count
        meanY /= count
        var (squares, products) = (0.0, 0.0)
        for index in line.papers.indices {
          let pull =
            weight(line.papers[index]) * line.weights[index] * (line.x[index] - meanX)
          squares += pull * (line.x[index] - meanX)
          products += pull * (line.y[index] - meanY)
        }
        guard squares > 1e-12 * count else { continue }
        sum += count * products / squares
        total += count
      }
      guard total > 0 else { return (.nan, .nan) }
      return (max(-1, min(1, sum / total * span)), .nan)
    case .model(let refit): return refit.values(weight)
    }
  }
}
