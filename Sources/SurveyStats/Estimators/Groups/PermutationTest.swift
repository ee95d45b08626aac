import RealModule

/// The permutation test of a difference of means of two groups.
///
/// The labels of the groups are exchanged among papers, or among clusters when every cluster lies
/// within one group. The p-value is the share of arrangements whose absolute difference is at least
/// the observed one, up to rounding. When there are at most 100,000 arrangements all are
/// enumerated; otherwise random ones are drawn and the observed one counts along,
/// (b + 1)/(B + 1), so that the p-value is never zero. Answers as 0 and 1 make it a test of rates.
///
/// Reference: Phipson & Smyth (2010), Statistical Applications in Genetics and Molecular Biology
/// 9:39. Cost: O(papers) an arrangement.
public struct PermutationTest: Sendable, Equatable {
  /// The observed difference of means, first minus second.
  public let difference: Double
  /// The two-sided p-value.
  public let pValue: Double
  /// The number of arrangements looked at.
  public let arrangements: Int
  /// Whether all arrangements were enumerated.
  public let isExact: Bool

  /// The most arrangements that are enumerated.
  private static let mostEnumerated = 100_000.0

  /// Tests values whose group is the first or not; `nil` when a group is empty, or a cluster lies
  /// in both.
  ///
  /// - Parameters:
  ///   - values: The values of the papers.
  ///   - isFirst: Whether each paper is in the first group.
  ///   - clusters: The cluster of each paper; `nil` to exchange papers.
  ///   - replicates: Random arrangements when there are too many to enumerate.
  ///   - seed: The seed of the random arrangements.
  public init?(
    values: [Double], isFirst: [Bool], clusters: [String?]? = nil, replicates: Int = 9_999,
    seed: UInt64 = 1
  ) {
    let members = clusters.map { ClusterMembers($0).rows } ?? values.indices.map { [$0] }
    let isFirstUnit = members.map { isFirst[$0[0]] }
    for (unit, rows) in members.enumerated() {
      guard rows.allSatisfy({ isFirst[$0] == isFirstUnit[unit] }) else { return nil }
    }
    let sums = members.map { $0.reduce(0) { $0 + values[$1] } }
    let counts = members.map { Double($0.count) }
    let total = sums.reduce(0, +)
    let size = counts.reduce(0, +)
    let chosen = isFirstUnit.count { $0 }
    guard chosen > 0, chosen < members.count else { return nil }
    func difference(_ sum: Double, _ count: Double) -> Double {
      sum / count - (total - sum) / (size - count)
    }
    let start = members.indices.filter { isFirstUnit[$0] }
    let observed = difference(
      start.reduce(0) { $0 + sums[$1] }, start.reduce(0) { $0 + counts[$1] })
    let limit = abs(observed) * (1 - 1e-10) - 1e-14
    self.difference = observed
    let log =
      Double.logGamma(Double(members.count + 1)) - Double.logGamma(Double(chosen + 1))
      - Double.logGamma(Double(members.count - chosen + 1))
    var extreme = 0
    var seen = 0
    if log < Double.log(Self.mostEnumerated) {
      isExact = true
      var subset = Array(0..<chosen)
      repeat {
        let sum = subset.reduce(0) { $0 + sums[$1] }
        let count = subset.reduce(0) { $0 + counts[$1] }
        seen += 1
        if abs(difference(sum, count)) >= limit { extreme += 1 }
      } while Self.advance(&subset, among: members.count)
      pValue = Double(extreme) / Double(seen)
    } else {
      isExact = false
      var stream = RandomStream(seed: seed)
      var order = Array(members.indices)
      for _ in 0..<replicates {
        var (sum, count) = (0.0, 0.0)
        stream.draw(chosen, toFrontOf: &order)
        for member in order[..<chosen] {
          sum += sums[member]
          count += counts[member]
        }
        seen += 1
        if abs(difference(sum, count)) >= limit { extreme += 1 }
      }
      pValue = Double(extreme + 1) / Double(seen + 1)
    }
    arrangements = seen
  }

  /// The next subset in lexicographic order; `false` after the last.
  static func advance(_ subset: inout [Int], among count: Int) -> Bool {
    var position = subset.count - 1
    while position >= 0, subset[position] == count - subset.count + position { position -= 1 }
    guard position >= 0 else { return false }
    subset[position] += 1
    for next in position + 1..<max(subset.count, position + 1) {
      subset[next] = subset[next - 1] + 1
    }
    return true
  }
}

extension MethodName {
  /// Permutation of labels or answers.
  static let permutation = MethodName(rawValue: "permutation")
}
