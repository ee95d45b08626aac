/// Two samples compared by ranks: Mann and Whitney's test, Cliff's delta and the shift of Hodges
/// and Lehmann.
///
/// W counts the pairs with the first value larger, ties one half. Below 50 values in each group and
/// without ties the p-value is exact; otherwise normal with the variance corrected for ties and a
/// continuity correction of one half, as R's `wilcox.test`. Cliff's delta is P(X > Y) − P(X < Y)
/// with DeLong's standard error. The shift is the median of all differences x − y; its limits are
/// order statistics of the differences by the exact or normal distribution of W. The differences
/// are never listed: an order statistic is found by bisection with a count in linear time.
///
/// References: Mann & Whitney (1947), Annals of Mathematical Statistics 18:50; Cliff (1993),
/// Psychological Bulletin 114:494; Hodges & Lehmann (1963), Annals of Mathematical Statistics 34:598.
public struct MannWhitneyTest: Sendable, Equatable {
  /// Pairs with the first value larger, ties one half.
  public let statistic: Double
  /// The two-sided p-value; `nil` when all values are equal.
  public let pValue: Double?
  /// Whether the p-value is exact.
  public let isExact: Bool
  /// Cliff's delta, from -1 to 1.
  public let cliffsDelta: Double
  /// Its standard error by DeLong.
  let cliffsDeltaError: Double?
  /// The median of all differences, first minus second.
  public let shift: Double

  private let first: [Double]
  private let second: [Double]
  private let standardDeviation: Double
  /// What ties leave of the variance of W.
  let tieFactor: Double

  /// The sizes of the samples.
  var sizes: (first: Int, second: Int) { (first.count, second.count) }

  /// The largest sample for which exact probabilities are computed.
  private static let largestExact = 49

  /// Compares two samples; `nil` when one is empty.
  public init?(_ first: [Double], _ second: [Double]) {
    let flags = [Bool](repeating: true, count: first.count) + second.map { _ in false }
    guard let area = ROCArea(scores: first + second, isCase: flags) else { return nil }
    let ranks = Midranks(first + second)
    let (m, n) = (Double(first.count), Double(second.count))
    let w = area.estimate * m * n
    statistic = (2 * w).rounded() / 2
    let delta = 2 * area.estimate - 1
    cliffsDelta = abs(delta) < 1e-12 ? 0 : delta
    cliffsDeltaError = area.standardError.map { 2 * $0 }
    let total = m + n
    let ties = total > 1 ? ranks.tieSum / (total * (total - 1)) : 0
    standardDeviation = max(0, m * n / 12 * (total + 1 - ties)).squareRoot()
    tieFactor = max(0, 1 - ties / (total + 1))
    isExact =
      max(first.count, second.count) <= Self.largestExact
      && ranks.tieCounts.allSatisfy { $0 == 1 }
    if isExact {
      let smaller = Int(min(statistic, m * n - statistic))
      let shares = Self.shares(first.count, second.count)
      pValue = min(1, 2 * shares[...smaller].reduce(0, +))
    } else if standardDeviation > 0 {
      let gap = max(0, abs(statistic - m * n / 2) - 0.5)
      pValue = min(1, 2 * Normal().survival(gap / standardDeviation))
    } else {
      pValue = nil
    }
    self.first = first.sorted()
    self.second = second.sorted()
    let differences = SortedDifferences(self.first, self.second)
    let count = first.count * second.count
    shift =
      (differences.value(atRank: (count + 1) / 2) + differences.value(atRank: count / 2 + 1)) / 2
  }

  /// The distribution-free interval of the shift; `nil` limits when the samples are too small for
  /// the level.
  public func shiftInterval(level: Double = 0.95) -> Estimate {
    let count = first.count * second.count
    let tail = (1 - level) / 2
    var rank: Int
    if isExact {
      var sum = 0.0
      rank = 0
      for share in Self.shares(first.count, second.count) {
        sum += share
        if sum >= tail { break }
        rank += 1
      }
      guard rank > 0 else { return Estimate(shift) }
    } else {
      let distance = Normal().upperQuantile(tail) * standardDeviation
      rank = max(1, Int((Double(count) / 2 - distance).rounded(.down)))
    }
    rank = min(rank, (count + 1) / 2)
    let differences = SortedDifferences(first, second)
    return Estimate(
      shift, lower: differences.value(atRank: rank),
      upper: differences.value(atRank: count + 1 - rank), level: level)
  }

  /// The probabilities of W = 0, 1, … under equal distributions without ties.
  private static func shares(_ m: Int, _ n: Int) -> [Double] {
    // The generating function of W is Π (1 − q^(n+i))/(1 − q^i), i = 1…m, a Gaussian binomial.
    var counts = [Double](repeating: 0, count: m * n + 1)
    counts[0] = 1
    for i in 1...m {
      if n + i < counts.count {
        for w in stride(from: counts.count - 1, through: n + i, by: -1) {
          counts[w] -= counts[w - n - i]
        }
      }
      if i < counts.count { for w in i..<counts.count { counts[w] += counts[w - i] } }
    }
    let total = counts.reduce(0, +)
    return counts.map { $0 / total }
  }
}
