/// The papers of one fit, and their sums over covariate patterns.
///
/// Making it is one pass over the papers; arrays with an element for each paper are made when they are
/// first asked for.
final class LogisticData: Sendable {
  let prepared: PreparedDesign
  let outcome: BinaryOutcome
  /// The number of papers.
  let paperCount: Int
  /// The number of papers with the outcome.
  let eventCount: Int
  /// The totals of all patterns as bytes, where papers have no weights and patterns few papers.
  private let small: (successes: [UInt8], trials: [UInt8])?
  /// The totals as numbers, at once or where bytes are asked for as numbers.
  private let plain: Numbers?
  private let numbers = OnDemand<Numbers>()
  /// What weights are multiplied with.
  let weightFactor: Double
  private let usedPapers = OnDemand<UsedPapers>()

  /// The design.
  var design: DesignMatrix { prepared.design }

  convenience init(
    _ prepared: PreparedDesign, outcome: BinaryOutcome,
    weighting: LogisticRegression.Weighting = .frequencies
  ) throws(LogisticRegressionError) {
    guard outcome.values.count == prepared.design.paperCount else {
      throw .dimensionMismatch("outcome")
    }
    try self.init(
      prepared, outcome: outcome, weighting: weighting,
      totals: prepared.patterns.totals(
        of: outcome.values, papers: prepared.design.papers, weights: prepared.weights))
  }

  /// The same from totals that are known already.
  init(
    _ prepared: PreparedDesign, outcome: BinaryOutcome, weighting: LogisticRegression.Weighting,
    totals: CovariatePatterns.Totals
  ) throws(LogisticRegressionError) {
    guard totals.paperCount > 0 else { throw .noPapers(outcome: outcome.name) }
    guard totals.eventCount > 0, totals.eventCount < totals.paperCount else {
      throw .oneClass(
        outcome: outcome.name, value: totals.eventCount > 0, papers: totals.paperCount)
    }
    paperCount = totals.paperCount
    eventCount = totals.eventCount
    let factor = weighting == .sampling ? prepared.kishFactor(of: outcome) : 1
    weightFactor = factor
    self.prepared = prepared
    self.outcome = outcome
    small = factor == 1 ? totals.small : nil
    plain = small == nil ? Numbers(totals, of: prepared, factor: factor) : nil
  }

  /// The patterns that occur, with their weighted totals.
  private final class Numbers: Sendable {
    let patterns: [Int]
    let successes: [Double]
    let trials: [Double]

    init(_ totals: CovariatePatterns.Totals, of prepared: PreparedDesign, factor: Double) {
      let events = totals.small?.successes.map(Double.init) ?? totals.successes
      let all = totals.small?.trials.map(Double.init) ?? totals.trials
      if all.allSatisfy({ $0 > 0 }) && factor == 1 {
        (patterns, successes, trials) = (prepared.allPatterns, events, all)
      } else {
        patterns = all.indices.filter { all[$0] > 0 }
        successes = patterns.map { factor * events[$0] }
        trials = patterns.map { factor * all[$0] }
      }
    }
  }

  private var made: Numbers {
    if let plain { return plain }
    return numbers.value {
      var totals = CovariatePatterns.Totals()
      totals.small = small
      return Numbers(totals, of: prepared, factor: weightFactor)
    }
  }

  /// The patterns that occur.
  var patterns: [Int] { made.patterns }
  /// Their weighted numbers of successes.
  var successes: [Double] { made.successes }
  /// Their weighted numbers of trials.
  var trials: [Double] { made.trials }

  /// The totals of all patterns, zero for those that do not occur; not kept.
  var allTotals: (successes: [Double], trials: [Double]) {
    if let small { return (small.successes.map(Double.init), small.trials.map(Double.init)) }
    var (all, events) = (
      [Double](repeating: 0, count: prepared.patterns.count),
      [Double](repeating: 0, count: prepared.patterns.count)
    )
    for (index, pattern) in patterns.enumerated() {
      (events[pattern], all[pattern]) = (successes[index], trials[index])
    }
    return (events, all)
  }

  /// The arrays with an element for each used paper.
  var papers: UsedPapers { usedPapers.value { UsedPapers(self) } }
  /// The rows of the design that are used.
  var rows: [Int] { papers.rows }
  /// The outcome of the used rows.
  var isYes: [Bool] { papers.isYes }
  /// The weights of the used rows.
  var weights: [Double] { papers.weights }

  /// The rank of the columns over the patterns that occur; found once for all outcomes that are
  /// defined for some paper of every pattern.
  var rankCheck: RankCheck {
    if patterns.count == prepared.patterns.count { return prepared.rankCheck }
    let all = Array(0..<design.columnCount)
    return RankCheck(
      prepared.patterns.values.selecting(rows: patterns, columns: all),
      names: design.columnNames)
  }

  /// The likelihood on the given columns.
  func likelihood(columns: [Int], isPenalized: Bool) -> BinomialLikelihood {
    BinomialLikelihood(
      columns: prepared.patterns.values.selecting(rows: patterns, columns: columns),
      successes: successes, trials: trials,
      offset: patterns.map { prepared.patterns.offset[$0] }, isPenalized: isPenalized)
  }

  /// The smallest weighted cell of any yes-or-no column by the outcome.
  func smallestCell(columns: [Int]) -> Double {
    var smallest = Double.infinity
    let values = prepared.patterns.values
    let binary = columns.dropFirst().filter { prepared.isBinary[$0] }
    guard !binary.isEmpty else { return smallest }
    let (patterns, successes, trials) = (patterns, successes, trials)
    for column in binary {
      var cells = SIMD4<Double>.zero
      for (index, pattern) in patterns.enumerated() {
        let isOne = values.elements[column * values.rows + pattern] == 1
        let (yes, no) = (successes[index], trials[index] - successes[index])
        cells += isOne ? SIMD4(yes, no, 0, 0) : SIMD4(0, 0, yes, no)
      }
      smallest = min(smallest, cells.min())
    }
    return smallest
  }

  /// The data of several outcomes, counted in one pass where papers have no weights.
  static func all(
    _ prepared: PreparedDesign, outcomes: [BinaryOutcome],
    weighting: LogisticRegression.Weighting
  ) -> [Result<LogisticData, LogisticRegressionError>] {
    let paperCount = prepared.design.paperCount
    guard prepared.weights == nil, outcomes.allSatisfy({ $0.values.count == paperCount }) else {
      return outcomes.map { outcome in
        Result { () throws(LogisticRegressionError) in
          try LogisticData(prepared, outcome: outcome, weighting: weighting)
        }
      }
    }
    let totals = prepared.patterns.totals(
      of: outcomes.map(\.values), papers: prepared.design.papers, paperCount: paperCount)
    return zip(outcomes, totals).map { outcome, totals in
      Result { () throws(LogisticRegressionError) in
        try LogisticData(prepared, outcome: outcome, weighting: weighting, totals: totals)
      }
    }
  }
}
