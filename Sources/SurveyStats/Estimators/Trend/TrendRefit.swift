import RealModule

/// What of a trend is estimated again in a replicate.
struct TrendRefit: Sendable {
  private enum Kind: Sendable {
    case item(LogisticFit)
    case lines([StandardizedLine.Answers], span: Double)
    case model([StandardizedLine.Answers])
  }

  private let kind: Kind
  private let covariate: [Double?]
  private let weights: [Double]?

  init(_ fit: LogisticFit) { (kind, covariate, weights) = (.item(fit), [], nil) }

  /// The line of standardised scores over a span.
  init(
    _ answers: [StandardizedLine.Answers], covariate: [Double?], weights: [Double]?, span: Double
  ) {
    kind = .lines(answers, span: span)
    self.covariate = covariate
    self.weights = weights
  }

  /// The common slope of items.
  init(model answers: [StandardizedLine.Answers], covariate: [Double?], weights: [Double]?) {
    kind = .model(answers)
    self.covariate = covariate
    self.weights = weights
  }

  /// The trend with its answers counted in columns of a builder.
  func prepared(_ builder: inout UnitEntries.Builder) -> Prepared {
    switch kind {
    case .item(let fit): return .item(Curve(fit, &builder))
    case .lines(let answers, let span):
      return .lines(
        answers.map { AnswerCells($0, covariate: covariate, weights: weights, &builder) },
        span: span)
    case .model(let answers):
      return .model(
        CommonSlope.Refit(
          answers.map { AnswerCells($0, covariate: covariate, weights: weights, &builder) }))
    }
  }

  /// A trend as a function of the sums of columns.
  enum Prepared: Sendable {
    case item(Curve)
    case lines([AnswerCells], span: Double)
    case model(CommonSlope.Refit)

    /// The change over the span and the log odds ratio.
    func values(_ sums: Span<Double>) -> (change: Double, logOdds: Double) {
      switch self {
      case .item(let curve): return curve.values(sums)
      case .lines(let lines, let span):
        var (sum, total) = (0.0, 0.0)
        for line in lines {
          guard let found = line.line(sums) else { continue }
          sum += found.count * found.slope
          total += found.count
        }
        guard total > 0 else { return (.nan, .nan) }
        return (max(-1, min(1, sum / total * span)), .nan)
      case .model(let refit): return refit.values(sums)
      }
    }
  }

  /// The logistic curve of an item.
  struct Curve: Sendable {
    private let likelihood: BinomialLikelihood
    private let start: [Double]
    /// The column of the no answers of each pattern; that of its yes answers follows.
    private let columns: [Int]
    private let ends: [Double]

    /// The largest standardised slope that counts as finite.
    private static let largestSlope = 15.0

    fileprivate init(_ fit: LogisticFit, _ builder: inout UnitEntries.Builder) {
      likelihood = fit.likelihood
      start = fit.optimum.beta
      let x = Array(likelihood.x.column(1))
      ends = [x.min() ?? 0, x.max() ?? 0]
      var rank = [Int](repeating: 0, count: x.count)
      for (place, pattern) in x.indices.sorted(by: { x[$0] < x[$1] }).enumerated() {
        rank[pattern] = place
      }
      // Weights of a fit are scaled to an effective number of papers, whatever those of a replicate.
      let weights = fit.data.weights
      let first = builder.add(
        papers: fit.papers,
        cells: zip(fit.patternOfRow, fit.data.isYes).map { 2 * rank[$0] + ($1 ? 1 : 0) },
        count: 2 * x.count, weights: weights.allSatisfy { $0 == 1 } ? nil : weights)
      columns = rank.map { first + 2 * $0 }
    }

    fileprivate func values(_ sums: Span<Double>) -> (change: Double, logOdds: Double) {
      let likelihood = likelihood.replacing(
        successes: columns.map { sums[$0 + 1] }, trials: columns.map { sums[$0] + sums[$0 + 1] })
      guard let optimum = try? likelihood.maximized(from: start, iterations: 30),
        abs(optimum.beta[1]) <= Self.largestSlope
      else { return (.nan, .nan) }
      let rates = ends.map { logistic(optimum.beta[0] + optimum.beta[1] * $0) }
      return (rates[1] - rates[0], optimum.beta[1] / likelihood.scales[1])
    }
  }
}

/// The answers to an item, or the scores, at each value of a covariate as columns of unit entries.
struct AnswerCells: Sendable {
  /// The distinct values of the covariate, ascending.
  let values: [Double]
  private let first: Int
  /// Whether the columns of a value count no and yes, not the papers and their scores.
  private let areAnswers: Bool

  init(
    _ answers: StandardizedLine.Answers, covariate: [Double?], weights: [Double]?,
    _ builder: inout UnitEntries.Builder
  ) {
    let x = answers.papers.map { covariate[$0] ?? .nan }
    values = Set(x).sorted()
    let rank = Dictionary(uniqueKeysWithValues: zip(values, values.indices))
    let places = x.map { 2 * (rank[$0] ?? 0) }
    let own = weights.map { all in answers.papers.map { all[$0] } }
    areAnswers = answers.values.allSatisfy { $0 == 0 || $0 == 1 }
    if areAnswers {
      first = builder.add(
        papers: answers.papers, cells: zip(places, answers.values).map { $0 + ($1 == 1 ? 1 : 0) },
        count: 2 * values.count, weights: own)
    } else {
      let ones = own ?? [Double](repeating: 1, count: x.count)
      first = builder.add(
        papers: answers.papers + answers.papers, cells: places + places.map { $0 + 1 },
        count: 2 * values.count, weights: ones + zip(ones, answers.values).map { $0 * $1 })
    }
  }

  /// The papers at the value of a rank, and the sum of their scores.
  func counts(_ rank: Int, _ sums: Span<Double>) -> (count: Double, score: Double) {
    let (none, yes) = (sums[first + 2 * rank], sums[first + 2 * rank + 1])
    return (areAnswers ? none + yes : none, yes)
  }

  /// The papers and the slope of their least-squares line; `nil` where the covariate does not vary.
  fileprivate func line(_ sums: Span<Double>) -> (count: Double, slope: Double)? {
    var (count, meanX, meanY) = (0.0, 0.0, 0.0)
    for (rank, value) in values.enumerated() {
      let own = counts(rank, sums)
      count += own.count
      meanX += own.count * value
      meanY += own.score
    }
    guard count > 0 else { return nil }
    meanX /= count
    meanY /= count
    var (squares, products) = (0.0, 0.0)
    for (rank, value) in values.enumerated() {
      let own = counts(rank, sums)
      squares += own.count * (value - meanX) * (value - meanX)
      products += (value - meanX) * (own.score - own.count * meanY)
    }
    guard squares > 1e-12 * count else { return nil }
    return (count, products / squares)
  }
}
