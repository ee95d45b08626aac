/// Double sampling in three states: the rater's words are counted in all papers, and what they mean in
/// those that a better rater has answered too.
///
/// `DoubleSamplingPosterior` says what is estimated. Cells of one item of papers drawn alike are
/// independent, and their counts go into it as they are. Below 100 re-answered papers the tails are cut
/// by a fifth, as the posterior covers a little less than it says there (docs/raters.md).
///
/// Otherwise counts are made effective. The linearised influence of paper p on the plug-in estimate is
/// `w_p Σ_f m_pf h_f / M` for its share in W and `v_p Σ W_f k_pft (g_t − h_f) / K_f` for its share in G, with
/// `g = ((1 − r) [yes] − r [no]) / D` and `h_f = Σ G_ft g_t`; their variances by units (``UnitVariance``)
/// are compared with those of independent cells, both together with their sum, and of G with Kish's number of cells in every row; counts
/// are divided by the ratio, and by (t / z)²
/// with Bell and McCaffrey's degrees of freedom. Where no re-answered cell differs from what its
/// row says, nothing tells how errors cluster: a correlation of 0.1 within papers is taken.
struct DoubleSampling: RateCorrection {
  var name: MethodName { .doubleSampling }

  /// From so many re-answered papers on the posterior keeps its level.
  static let manyPapers = 100

  func estimate(_ sample: CorrectionSample, level: Double) -> Estimate {
    var rater = sample.rater
    var table = sample.table
    var tail = ConfidenceLevel.tail(level)
    if sample.papers.count < Self.manyPapers { tail *= 0.8 }
    if !sample.isPlain {
      let factors = EffectiveCounts(sample, level: level)
      rater = rater.map { $0 * factors.rater }
      table = factors.effective.times(factors.table)
    }
    let posterior = DoubleSamplingPosterior(rater: rater, table: table)
    let found = posterior.quantiles([tail, 0.5, 1 - tail])
    return Estimate(
      found[1], standardError: posterior.moments.deviation, lower: found[0], upper: found[2],
      level: level, method: name, count: sample.papers.count)
  }
}

extension MethodName {
  /// The posterior of double sampling.
  static let doubleSampling = MethodName(rawValue: "double-sampling")
}

/// By how much counts of cells that depend on each other are to be reduced.
private struct EffectiveCounts {
  /// The factor of the counts of all papers.
  let rater: Double
  /// The counts of the re-answered papers, by Kish's number of every row.
  let effective: StateTable
  /// The factor of these.
  let table: Double

  init(_ sample: CorrectionSample, level: Double) {
    let states = AnswerState.allCases
    let cells = sample.rater.reduce(0, +)
    let shares = sample.rater.map { $0 / max(cells, .leastNormalMagnitude) }
    let rows = states.map { sample.table.first($0) + 3 * DoubleSamplingPosterior.cellPrior }
    func given(_ first: AnswerState, _ second: AnswerState) -> Double {
      (sample.table[first, second] + DoubleSamplingPosterior.cellPrior) / rows[first.rawValue]
    }
    let totals = states.map { second in
      states.reduce(0) { $0 + shares[$1.rawValue] * given($1, second) }
    }
    let applies = totals[0] + totals[1]
    let rate = totals[0] / applies
    let gain = [(1 - rate) / applies, -rate / applies, 0]
    let means = states.map { first in
      states.reduce(0) { $0 + given(first, $1) * gain[$1.rawValue] }
    }

    // All papers: the share of each in W.
    let design = sample.design
    var contributions = [Double](repeating: 0, count: design.unitCount)
    var sizes = contributions
    for paper in 0..<design.paperCount {
      var (sum, own) = (0.0, 0.0)
      for state in 0..<3 {
        sum += sample.states[paper * 3 + state] * means[state]
        own += sample.states[paper * 3 + state]
      }
      contributions[design.unitOfPaper[paper]] += sample.weights[paper] * sum / cells
      sizes[design.unitOfPaper[paper]] += sample.weights[paper] * own / cells
    }
    let independent = (0..<3).reduce(0) { $0 + shares[$1] * means[$1] * means[$1] } / cells
    let ofRater = contributions
    let wide = Self.factor(
      independent: independent, contributions, sizes, design.stratumSizes, level: level,
      otherwise: 1)

    // Re-answered papers: the share of each in G. Their weights differ between what the rater says, so that
    // every row has an effective count of its own.
    effective = Self.effective(sample)
    contributions = [Double](repeating: 0, count: design.unitCount)
    sizes = contributions
    let total = sample.table.total
    var differs = false
    for (place, paper) in sample.papers.enumerated() {
      let (own, weight) = (sample.tables[place], sample.tableWeights[place])
      var sum = 0.0
      for first in states where sample.table.first(first) > 0 {
        // Around the shares as they were seen, so that contributions add up to nothing.
        let row = sample.table.first(first)
        let mean = states.reduce(0) { $0 + sample.table[first, $1] / row * gain[$1.rawValue] }
        for second in states where own[first, second] > 0 {
          let distance = gain[second.rawValue] - mean
          if abs(distance) > 1e-12 { differs = true }
          sum += shares[first.rawValue] * own[first, second] * distance / row
        }
      }
      contributions[design.unitOfPaper[paper]] += weight * sum
      sizes[design.unitOfPaper[paper]] += weight * own.total / max(total, .leastNormalMagnitude)
    }
    var expected = 0.0
    for first in states where sample.table.first(first) > 0 {
      let row = sample.table.first(first)
      let mean = states.reduce(0) { $0 + sample.table[first, $1] / row * gain[$1.rawValue] }
      let spread = states.reduce(0) {
        $0 + sample.table[first, $1] / row * (gain[$1.rawValue] - mean)
          * (gain[$1.rawValue] - mean)
      }
      expected += shares[first.rawValue] * shares[first.rawValue] * spread / effective.first(first)
    }
    let units = Double(sizes.count { $0 > 0 })
    let perUnit = units > 0 ? sample.cellCount / units : 1
    let narrow = Self.factor(
      independent: differs ? expected : 0, contributions, sizes, design.stratumSizes, level: level,
      otherwise: 1 / (1 + Self.assumedCorrelation * max(0, perUnit - 1)))
    // A re-answered paper has a part in W and in G, and the two hang together.
    var (parts, together) = (0.0, 0.0)
    for unit in contributions.indices {
      let (a, b) = (ofRater[unit], contributions[unit])
      parts += a * a + b * b
      together += (a + b) * (a + b)
    }
    let shared = parts > 0 ? min(max(together / parts, 1), Self.mostShared) : 1
    rater = wide / shared
    table = narrow / shared
  }

  /// The table with every row scaled to `(Σ w)² / Σ w²` cells.
  private static func effective(_ sample: CorrectionSample) -> StateTable {
    var (sums, squares) = ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0])
    for (table, weight) in zip(sample.tables, sample.tableWeights) {
      for first in AnswerState.allCases {
        sums[first.rawValue] += weight * table.first(first)
        squares[first.rawValue] += weight * weight * table.first(first)
      }
    }
    var result = sample.table
    for first in AnswerState.allCases where squares[first.rawValue] > 0 {
      for second in AnswerState.allCases {
        result[first, second] *= sums[first.rawValue] / squares[first.rawValue]
      }
    }
    return result
  }

  /// The correlation of errors within papers where no error was seen.
  private static let assumedCorrelation = 0.1

  /// The variance of independent cells over that of units, less what few units leave unknown.
  private static func factor(
    independent: Double, _ contributions: [Double], _ sizes: [Double], _ strata: [Int],
    level: Double, otherwise: Double
  ) -> Double {
    let found = UnitVariance(contributions: contributions, shares: sizes, stratumSizes: strata)
    let shrinkage = UnitVariance.shrinkage(
      degreesOfFreedom: found.degreesOfFreedom, level: level)
    guard independent > 0, found.variance > 0 else { return otherwise * shrinkage }
    return min(independent / found.variance, mostGained) * shrinkage
  }

  /// The most that the parts of a paper in W and G can hang together: two equal ones.
  private static let mostShared = 2.0

  /// The greatest factor: papers that balance each other count at most so many times.
  private static let mostGained = 4.0
}
