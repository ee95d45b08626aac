/// Tests that several groups are alike: Pearson's chi-square for rates, Kruskal and Wallis's test
/// for scores.
///
/// Groups without papers are left out. Undefined (`nil`) with fewer than two groups, or when all
/// answers or scores are equal. Ties are corrected for in Kruskal and Wallis's statistic.
///
/// Reference: Kruskal & Wallis (1952), JASA 47:583.
public struct GroupHomogeneity: Sendable, Equatable {
  /// The statistic, χ² distributed.
  public let statistic: Double
  /// The degrees of freedom: groups less one.
  public let degreesOfFreedom: Int

  /// The p-value.
  public var pValue: Double {
    ChiSquared(degreesOfFreedom: Double(degreesOfFreedom)).survival(statistic)
  }

  /// Compares rates: the papers and the yes of each group.
  public init?(counts: [Int], yes: [Int]) {
    let kept = counts.indices.filter { counts[$0] > 0 }
    let total = Double(kept.reduce(0) { $0 + counts[$1] })
    let positive = Double(kept.reduce(0) { $0 + yes[$1] })
    guard kept.count > 1, positive > 0, positive < total else { return nil }
    let rate = positive / total
    statistic = kept.reduce(0) { sum, index in
      let expected = Double(counts[index]) * rate
      let gap = Double(yes[index]) - expected
      return sum + gap * gap / (expected * (1 - rate))
    }
    degreesOfFreedom = kept.count - 1
  }

  /// Compares scores by ranks.
  public init?(scores groups: [[Double]]) {
    let kept = groups.filter { !$0.isEmpty }
    let ranks = Midranks(kept.flatMap { $0 })
    let n = Double(ranks.ranks.count)
    guard kept.count > 1, ranks.tieCounts.count > 1 else { return nil }
    var start = 0
    var sum = 0.0
    for group in kept {
      let total = ranks.ranks[start..<start + group.count].reduce(0, +)
      sum += total * total / Double(group.count)
      start += group.count
    }
    let raw = 12 * sum / (n * (n + 1)) - 3 * (n + 1)
    statistic = raw / (1 - ranks.tieSum / (n * n * n - n))
    degreesOfFreedom = kept.count - 1
  }
}
