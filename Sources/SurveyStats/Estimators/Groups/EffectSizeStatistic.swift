import RealModule

/// Ratios of rates, and Cohen's d and Cliff's delta of differences of scores, as a function of unit
/// weights, for the bootstrap.
///
/// Two values a difference: of an item the logarithms of the risk ratio and of the odds ratio, NaN
/// where a rate is zero, an odds not positive and finite, or a group of weight zero; of a score d, the difference of weighted means over the pooled standard deviation
/// with W − 1 for n − 1, and delta, the weighted share of pairs with the higher score in the first
/// group less that in the second, both NaN for a group of total weight one or less, and d without
/// variation. Cost of a replicate: O(papers) a difference, after one sort.
public struct EffectSizeStatistic: Statistic {
  /// The number of values of each difference.
  static let valuesPerDifference = 2

  private struct Entry: Sendable {
    let paper: Int
    let isFirst: Bool
    let value: Double
  }

  private let scores: [[Entry]]
  private let isItem: [Bool]
  private let design: SamplingDesign

  /// Creates the statistic of differences; weights of the design multiply those of units.
  public init(_ differences: [GroupDifference], of matrix: BinaryMatrix, design: SamplingDesign) {
    self.design = design
    isItem = differences.map { $0.target.level == .item }
    scores = differences.map { row -> [Entry] in
      let values = matrix.percentYes(items: row.target.items)
      func entries(_ papers: [Int], isFirst: Bool) -> [Entry] {
        papers.compactMap { paper in
          values[paper].map { Entry(paper: paper, isFirst: isFirst, value: $0 / 100) }
        }
      }
      let all =
        entries(row.contrast.firstPapers, isFirst: true)
        + entries(row.contrast.secondPapers, isFirst: false)
      return all.sorted { ($0.value, $0.paper) < ($1.value, $1.paper) }
    }
  }

  /// The number of resampling units.
  public var unitCount: Int { design.unitCount }
  /// The number of values.
  public var valueCount: Int { scores.count * Self.valuesPerDifference }

  /// Estimates all effect sizes under the given unit weights.
  public func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    for (index, entries) in scores.enumerated() {
      let own = entries.map { entry in
        weights[design.unitOfPaper[entry.paper]] * (design.weights?[entry.paper] ?? 1)
      }
      let position = index * Self.valuesPerDifference
      if isItem[index] {
        (values[position], values[position + 1]) = Self.logRatios(entries, own)
      } else {
        values[position] = Self.cohensD(entries, own)
        values[position + 1] = Self.cliffsDelta(entries, own)
      }
    }
  }

  private static func logRatios(_ entries: [Entry], _ weights: [Double])
    -> (risk: Double, odds: Double)
  {
    var (totals, sums) = ([0.0, 0.0], [0.0, 0.0])
    for (entry, weight) in zip(entries, weights) {
      totals[entry.isFirst ? 0 : 1] += weight
      sums[entry.isFirst ? 0 : 1] += weight * entry.value
    }
    let first = (risk: sums[0] / totals[0], odds: sums[0] / (totals[0] - sums[0]))
    let second = (risk: sums[1] / totals[1], odds: sums[1] / (totals[1] - sums[1]))
    func logarithm(_ ratio: Double) -> Double {
      ratio > 0 && ratio.isFinite ? Double.log(ratio) : .nan
    }
    return (logarithm(first.risk / second.risk), logarithm(first.odds / second.odds))
  }

  private static func cohensD(_ entries: [Entry], _ weights: [Double]) -> Double {
    var (totals, means, squares) = ([0.0, 0.0], [0.0, 0.0], [0.0, 0.0])
    for (entry, weight) in zip(entries, weights) {
      totals[entry.isFirst ? 0 : 1] += weight
      means[entry.isFirst ? 0 : 1] += weight * entry.value
    }
    guard totals[0] > 1, totals[1] > 1 else { return .nan }
    for side in 0...1 { means[side] /= totals[side] }
    for (entry, weight) in zip(entries, weights) {
      let side = entry.isFirst ? 0 : 1
      squares[side] += weight * (entry.value - means[side]) * (entry.value - means[side])
    }
    let pooled = (squares[0] + squares[1]) / (totals[0] + totals[1] - 2)
    return pooled > 0 ? (means[0] - means[1]) / pooled.squareRoot() : .nan
  }

  private static func cliffsDelta(_ entries: [Entry], _ weights: [Double]) -> Double {
    var totals = [0.0, 0.0]
    for (entry, weight) in zip(entries, weights) { totals[entry.isFirst ? 0 : 1] += weight }
    guard totals[0] > 1, totals[1] > 1 else { return .nan }
    var (sum, below) = (0.0, 0.0)
    var start = 0
    while start < entries.count {
      var end = start
      var tied = [0.0, 0.0]
      while end < entries.count, entries[end].value == entries[start].value {
        tied[entries[end].isFirst ? 0 : 1] += weights[end]
        end += 1
      }
      sum += tied[0] * (below - (totals[1] - below - tied[1]))
      below += tied[1]
      start = end
    }
    return sum / (totals[0] * totals[1])
  }
}
