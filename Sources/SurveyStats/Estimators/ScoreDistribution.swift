import RealModule

/// The distribution of a score over papers, as a function of unit weights.
///
/// The quantities are, in order: mean, median, sd, min, q25, q75, max, then the share of every tier.
/// With weights w, the mean is `Σ w x / Σ w`, the variance `Σ w (x − mean)² / (Σ w − 1)`, and a
/// quantile is that of type 7 (Hyndman & Fan 1996) in the sample in which paper i stands wᵢ times;
/// real weights interpolate the same cumulative weights. Papers without a score take no part. The sd
/// is undefined when the weights add up to 1 or less, everything when they add up to 0.
public struct ScoreDistribution: Statistic {
  /// The names of the quantities before the tier shares.
  public static let summaryTerms = ["mean", "median", "sd", "min", "q25", "q75", "max"]

  /// The number of units.
  public let unitCount: Int
  /// The bands whose shares are estimated.
  public let tiers: Tiers

  /// The defined scores in ascending order, with the unit and sampling weight of their papers.
  private let sorted: [(score: Double, unit: Int, weight: Double)]

  /// Creates the distribution of the scores that are defined.
  public init(scores: [Double?], design: SamplingDesign, tiers: Tiers = .standard) {
    precondition(scores.count == design.paperCount)
    unitCount = design.unitCount
    self.tiers = tiers
    var known: [(score: Double, unit: Int, weight: Double)] = []
    for (paper, score) in scores.enumerated() {
      guard let score else { continue }
      known.append((score, design.unitOfPaper[paper], design.weights?[paper] ?? 1))
    }
    sorted = known.sorted { ($0.score, $0.unit) < ($1.score, $1.unit) }
  }

  /// The number of papers with a score.
  public var definedCount: Int { sorted.count }

  /// The number of papers in each tier.
  public var tierCounts: [Int] {
    var counts = [Int](repeating: 0, count: tiers.names.count)
    for entry in sorted { counts[tiers.index(of: entry.score)] += 1 }
    return counts
  }

  /// The names of all quantities.
  public var terms: [String] { Self.summaryTerms + tiers.names }

  /// The number of quantities.
  public var valueCount: Int { Self.summaryTerms.count + tiers.names.count }

  /// Estimates all quantities under unit weights; cost is linear in the papers.
  public func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    for index in 0..<valueCount { values[index] = .nan }
    var total = 0.0
    var sum = 0.0
    for entry in sorted {
      let weight = entry.weight * weights[entry.unit]
      total += weight
      sum += weight * entry.score
    }
    guard total > 0 else { return }
    let mean = sum / total
    var squares = 0.0
    var shares = [Double](repeating: 0, count: tiers.names.count)
    var quantiles = WeightedQuantiles(total: total, probabilities: [0, 0.25, 0.5, 0.75, 1])
    var tier = shares.count - 1
    for entry in sorted {
      let weight = entry.weight * weights[entry.unit]
      guard weight > 0 else { continue }
      squares += weight * (entry.score - mean) * (entry.score - mean)
      while tier > 0, entry.score >= tiers.bounds[tier - 1] { tier -= 1 }
      shares[tier] += weight
      quantiles.add(entry.score, weight: weight)
    }
    let found = quantiles.values
    values[0] = mean
    values[1] = found[2]
    values[2] = total > 1 ? (squares / (total - 1)).squareRoot() : .nan
    values[3] = found[0]
    values[4] = found[1]
    values[5] = found[3]
    values[6] = found[4]
    for index in shares.indices { values[7 + index] = shares[index] / total }
  }
}
