/// The distribution of a score over papers, as a function of unit weights.
///
/// The quantities are, in order: mean, median, sd, min, q25, q75, max, then the share of every tier.
/// With weights w, the mean is `Σ w x / Σ w`, the variance `Σ w (x − mean)² / (Σ w − 1)`, and a
/// quantile is that of type 7 (Hyndman & Fan 1996) in the sample in which paper i stands wᵢ times;
/// real weights interpolate the same cumulative weights. Papers without a score take no part. The sd
/// is undefined when the weights add up to 1 or less, everything when they add up to 0.
///
/// A paper's weight is that of its unit times its sampling weight, where sampling weights are scaled
/// to a mean of 1 over the papers with a score: their unit is arbitrary, the size of the sample is not.
///
/// Cost: linear in the papers, with everything but one sum a paper done once for each distinct score.
public struct ScoreDistribution: EntryStatistic {
  /// The names of the quantities before the tier shares.
  public static let summaryTerms = ["mean", "median", "sd", "min", "q25", "q75", "max"]

  /// The number of units.
  public let unitCount: Int
  /// The number of units in each stratum.
  public let stratumSizes: [Int]
  /// The bands whose shares are estimated.
  public let tiers: Tiers

  /// The distinct scores, ascending, and the tier of each.
  private let scores: [Double]
  private let tierOfScore: [Int]
  /// The papers with a score, in the order of their scores, and where those of each score start.
  private let papers: [ScoredPaper]
  private let starts: [Int]
  /// A column a distinct score.
  let entries: UnitEntries

  private struct ScoredPaper: Sendable {
    var paper: Int
    var score: Double
    var unit: Int
    var weight: Double
  }

  /// Creates the distribution of the scores that are defined.
  public init(scores: [Double?], design: SamplingDesign, tiers: Tiers = .standard) {
    precondition(scores.count == design.paperCount)
    unitCount = design.unitCount
    stratumSizes = design.stratumSizes
    unitsArePapers = design.unitsArePapers
    isWeighted = design.weights != nil
    self.tiers = tiers
    var known: [ScoredPaper] = []
    for (paper, score) in scores.enumerated() {
      guard let score else { continue }
      known.append(
        ScoredPaper(
          paper: paper, score: score, unit: design.unitOfPaper[paper],
          weight: design.weights?[paper] ?? 1))
    }
    let total = known.reduce(0) { $0 + $1.weight }
    if design.weights != nil, total > 0 {
      for index in known.indices { known[index].weight *= Double(known.count) / total }
    }
    let order = known.indices.sorted { (known[$0].score, $0) < (known[$1].score, $1) }
    papers = order.map { known[$0] }
    var distinct: [Double] = []
    var starts: [Int] = []
    for (position, paper) in papers.enumerated() where distinct.last != paper.score {
      distinct.append(paper.score)
      starts.append(position)
    }
    self.scores = distinct
    self.starts = starts + [papers.count]
    tierOfScore = distinct.map(tiers.index)
    var builder = UnitEntries.Builder(design)
    var cells: [Int] = []
    for (score, start) in starts.enumerated() {
      let end = score + 1 < starts.count ? starts[score + 1] : papers.count
      cells += [Int](repeating: score, count: end - start)
    }
    _ = builder.add(
      papers: papers.map(\.paper), cells: cells, count: distinct.count,
      weights: design.weights == nil ? nil : papers.map(\.weight))
    entries = builder.finished()
  }

  /// The number of papers with a score.
  public var definedCount: Int { papers.count }

  /// Whether each unit is exactly one paper.
  let unitsArePapers: Bool
  private let isWeighted: Bool

  /// The number of units with a score.
  var definedUnitCount: Int { Set(papers.map(\.unit)).count }

  /// The mean with its limits between 0 and 100.
  var boundedMean: BoundedMean {
    let totals = unitTotals { $0.score }
    return BoundedMean(
      sums: totals.values, weights: totals.weights, stratumSizes: stratumSizes,
      areClusters: !unitsArePapers)
  }

  /// Limits of the share of a tier: those of the rate of an item, see ``RateEstimator``.
  func shareLimits(
    ofTier tier: Int, _ interval: ProportionInterval, level: Double
  ) -> (lower: Double, upper: Double)? {
    if unitsArePapers, !isWeighted, stratumSizes.count == 1 {
      return interval.limits(
        successes: Double(tierCounts[tier]), trials: Double(definedCount), level: level)
    }
    return share(ofTier: tier).limits(interval, cells: definedCount, level: level)
  }

  /// The share of a tier as a rate of papers with a score, with the accuracy of rates.
  func share(ofTier tier: Int) -> RatioEstimate {
    let totals = unitTotals { tiers.index(of: $0.score) == tier ? 1 : 0 }
    let effective = EffectiveNumber.kish(papers.lazy.map(\.weight))
    let units: RatioOfSums.Units =
      unitsArePapers
      ? isWeighted ? .weightedPapers(effectiveCells: effective) : .papers
      : .clusters(effectiveCells: isWeighted ? effective : nil)
    return RatioEstimate(
      RatioOfSums(
        numerators: totals.values, denominators: totals.weights, stratumSizes: stratumSizes,
        units: units))
  }

  /// Weighted sums over the scored papers of each unit.
  private func unitTotals(
    _ value: (ScoredPaper) -> Double
  ) -> (values: [Double], weights: [Double]) {
    var values = [Double](repeating: 0, count: unitCount)
    var weights = values
    for paper in papers {
      values[paper.unit] += paper.weight * value(paper)
      weights[paper.unit] += paper.weight
    }
    return (values, weights)
  }

  /// The note of few effective clusters or papers, where their number does not say it.
  var effectiveNumberNote: String? {
    guard isWeighted || !unitsArePapers else { return nil }
    return EffectiveNumber.note(effectiveUnitCount, areClusters: !unitsArePapers)?.description
  }

  /// The number of papers in each tier.
  public var tierCounts: [Int] {
    var counts = [Int](repeating: 0, count: tiers.names.count)
    for (score, tier) in tierOfScore.enumerated() {
      counts[tier] += starts[score + 1] - starts[score]
    }
    return counts
  }

  /// Kish's effective number of units, `(Σ W)² / Σ W²` over the weights of the scored papers of each
  /// unit: the number of papers with a score when papers are drawn one by one with equal weights.
  public var effectiveUnitCount: Double {
    var totals = [Double](repeating: 0, count: unitCount)
    for paper in papers { totals[paper.unit] += paper.weight }
    let (sum, squares) = totals.reduce(into: (0, 0)) { sums, total in
      sums.0 += total
      sums.1 += total * total
    }
    return squares > 0 ? sum * sum / squares : 0
  }

  /// The names of all quantities.
  public var terms: [String] { Self.summaryTerms + tiers.names }

  /// The number of quantities.
  public var valueCount: Int { Self.summaryTerms.count + tiers.bounds.count + 1 }

  /// Estimates all quantities under unit weights.
  public func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    let totals = entries.sums(weights: weights)
    estimate(sums: totals.span, into: &values)
  }

  /// The estimates with each unit left out in turn; cost: units × distinct scores, and for plain
  /// papers only distinct scores squared.
  public func jackknife() -> DenseMatrix {
    var result = DenseMatrix(rows: unitCount, columns: valueCount)
    var positionsOfUnit = [[Int]](repeating: [], count: unitCount)
    var scoreOfPosition = [Int](repeating: 0, count: papers.count)
    var totals = [Double](repeating: 0, count: scores.count)
    for score in scores.indices {
      for position in starts[score]..<starts[score + 1] {
        positionsOfUnit[papers[position].unit].append(position)
        scoreOfPosition[position] = score
        totals[score] += papers[position].weight
      }
    }
    var known: [[Double]?] = Array(repeating: nil, count: scores.count)
    for (unit, positions) in positionsOfUnit.enumerated() {
      let isPlain = positions.count == 1 && papers[positions[0]].weight == 1
      var values = isPlain ? known[scoreOfPosition[positions[0]]] : nil
      if values == nil {
        var rest = totals
        for score in Set(positions.map { scoreOfPosition[$0] }) {
          rest[score] = (starts[score]..<starts[score + 1]).reduce(0) { sum, position in
            papers[position].unit == unit ? sum : sum + papers[position].weight
          }
        }
        var estimates = [Double](repeating: .nan, count: valueCount)
        var span = estimates.mutableSpan
        estimate(sums: rest.span, into: &span)
        values = estimates
        if isPlain { known[scoreOfPosition[positions[0]]] = estimates }
      }
      for (column, value) in (values ?? []).enumerated() { result[unit, column] = value }
    }
    return result
  }

  /// Estimates all quantities from the total weight of each distinct score.
  func estimate(sums totals: Span<Double>, into values: inout MutableSpan<Double>) {
    for index in 0..<valueCount { values[index] = .nan }
    var total = 0.0
    var sum = 0.0
    for (index, score) in scores.enumerated() {
      total += totals[index]
      sum += totals[index] * score
    }
    guard total > 0 else { return }
    let mean = sum / total
    var squares = 0.0
    var shares = [Double](repeating: 0, count: tiers.bounds.count + 1)
    var quantiles = WeightedQuantiles(total: total, probabilities: [0, 0.25, 0.5, 0.75, 1])
    for index in scores.indices where totals[index] > 0 {
      let weight = totals[index]
      let deviation = scores[index] - mean
      squares += weight * deviation * deviation
      shares[tierOfScore[index]] += weight
      quantiles.add(scores[index], weight: weight)
    }
    let found = quantiles.values
    values[0] = mean
    values[1] = found[2]
    values[2] = total > 1 ? (squares / (total - 1)).squareRoot() : .nan
    values[3] = found[0]
    values[4] = found[1]
    values[5] = found[3]
    values[6] = found[4]
    for (tier, share) in shares.enumerated() {
      values[Self.summaryTerms.count + tier] = share / total
    }
  }
}
