import RealModule

/// A coefficient of association between two numeric scores.
public enum ScoreCoefficient: String, Sendable, CaseIterable {
  /// Pearson's product-moment correlation.
  case pearson
  /// Spearman's: Pearson's correlation of mid-ranks.
  case spearman
  /// Kendall's tau-b, which corrects for ties.
  case kendall
}

/// The values of two scores in the papers that have both, each counting `weights` times.
///
/// Estimated are the correlation coefficients of ``ScoreCoefficient``. Papers that lack either
/// score must have been left out. Ties get mid-ranks (Spearman) or the tau-b correction (Kendall).
/// A weight of w means w equal papers, so that bootstrap counts give the value of the resample.
///
/// Cost: n for Pearson, n log n for the others (Knight 1966), and n times the logarithm of the distinct
/// values where these are few.
public struct ScorePair: Sendable, Equatable {
  let x: [Double]
  let y: [Double]
  let weights: [Double]

  /// Creates a pair of scores of the same papers.
  public init(_ x: [Double], _ y: [Double], weights: [Double]? = nil) {
    precondition(x.count == y.count && (weights?.count ?? x.count) == x.count)
    let kept = x.indices.filter { (weights?[$0] ?? 1) > 0 }
    self.x = kept.map { x[$0] }
    self.y = kept.map { y[$0] }
    self.weights = kept.map { weights?[$0] ?? 1 }
  }

  /// The total weight of the papers.
  public var total: Double { weights.reduce(0, +) }

  /// Whether one of the scores is the same for all papers.
  public var hasConstantScore: Bool {
    x.allSatisfy { $0 == x.first } || y.allSatisfy { $0 == y.first }
  }

  /// The coefficient; NaN when a score is constant.
  public func estimate(_ coefficient: ScoreCoefficient) -> Double {
    guard !hasConstantScore else { return .nan }
    return switch coefficient {
    case .pearson: Self.correlation(x, y, weights)
    case .spearman: Self.correlation(midRanks(x), midRanks(y), weights)
    case .kendall: concordance.tau
    }
  }

  /// The coefficient with standard error, interval and p-value.
  ///
  /// All intervals are symmetric on Fisher's z scale. Pearson: `z ± z_α/√(n − 3)`, standard error
  /// `√((1 − r²)/(n − 2))`, p-value of Student's t with n − 2 degrees of freedom. Spearman: scale
  /// variance `(1 + r²/2)/(n − 3)`, p-value from all orders of up to 9 papers, with ties too, and t as
  /// before above; Kendall: `0.437/(n − 4)` (both Bonett & Wright 2000), p-value from all orders of up
  /// to 9 papers, and of fewer than 50 without ties, otherwise from the normal approximation with the
  /// variance corrected for ties (Kendall 1970, chapter 4). Their standard errors are those of the
  /// scale times `1 − r²`. ``Association/test`` says which test it was.
  ///
  /// A constant score leaves everything undefined (`constant-item`), ±1 has no standard error
  /// (`boundary-correlation`) and as its p-value the share of orders that give as much, and with too
  /// few papers there is no interval (`too-few-for-interval`).
  public func association(_ coefficient: ScoreCoefficient, level: Double = 0.95) -> Association {
    guard total >= 2 else { return Association(note: .fewerThanTwoPapers) }
    let r = estimate(coefficient)
    guard !r.isNaN else { return Association(note: .constantItem) }
    let n = total
    var result = Association(estimate: r)
    let rest = (1 - r) * (1 + r)
    let isPerfect = rest < 1e-15
    (result.pValue, result.test) = test(coefficient, r, isPerfect: isPerfect)
    if coefficient == .pearson { result.samplingVariance = pearsonSamplingVariance }
    guard !isPerfect else {
      result.note = .boundaryCorrelation
      return result
    }
    let scaleVariance =
      switch coefficient {
      case .pearson: 1 / (n - 3)
      case .spearman: (1 + r * r / 2) / (n - 3)
      case .kendall: 0.437 / (n - 4)
      }
    if coefficient == .pearson, n > 2 {
      result.standardError = (rest / (n - 2)).squareRoot()
    }
    guard scaleVariance > 0, scaleVariance.isFinite else {
      result.note = .tooFewForInterval
      return result
    }
    let scaled = Association(
      r, standardError: scaleVariance.squareRoot() * rest, scale: .fisher, level: level)
    (result.lower, result.upper) = (scaled.lower, scaled.upper)
    result.standardError = result.standardError ?? scaled.standardError
    return result
  }

  /// The p-value of no association, and what it is of.
  private func test(
    _ coefficient: ScoreCoefficient, _ r: Double, isPerfect: Bool
  ) -> (Double?, AssociationTest?) {
    let isWeighted = weights.contains { $0 != 1 }
    let isFew = !isWeighted && x.count <= RankPermutations.mostPapers
    if !isWeighted, isPerfect {
      return (RankPermutations(x, y).perfectPValue, .permutations)
    }
    switch coefficient {
    case .kendall where isFew: return (RankPermutations(x, y).kendallPValue, .permutations)
    case .spearman where isFew: return (RankPermutations(x, y).spearmanPValue, .permutations)
    case .kendall: return kendallTest(r)
    case .pearson, .spearman:
      guard total > 2 else { return (nil, nil) }
      let t = isPerfect ? .infinity : abs(r) * ((total - 2) / (1 - r) / (1 + r)).squareRoot()
      return (t.isInfinite ? 0 : 2 * StudentT(degreesOfFreedom: total - 2).survival(t), .studentT)
    }
  }

  static func correlation(_ x: [Double], _ y: [Double], _ weights: [Double]) -> Double {
    let total = weights.reduce(0, +)
    let (a, b) = (mean(x, weights, total), mean(y, weights, total))
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for i in x.indices {
      let (u, v) = (x[i] - a, y[i] - b)
      xx += weights[i] * u * u
      yy += weights[i] * v * v
      xy += weights[i] * u * v
    }
    return max(-1, min(1, xy / (xx * yy).squareRoot()))
  }

  /// Pearson's correlation over some papers, each counting once: what ``estimate(_:)`` of them gives, without a copy
  /// of their scores; NaN when a score is constant.
  static func correlation(_ x: [Double], _ y: [Double], in papers: [Int]) -> Double {
    guard let first = papers.first, papers.contains(where: { x[$0] != x[first] }),
      papers.contains(where: { y[$0] != y[first] })
    else { return .nan }
    var (a, b) = (0.0, 0.0)
    for paper in papers {
      a += x[paper]
      b += y[paper]
    }
    a /= Double(papers.count)
    b /= Double(papers.count)
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for paper in papers {
      let (u, v) = (x[paper] - a, y[paper] - b)
      xx += u * u
      yy += v * v
      xy += u * v
    }
    return max(-1, min(1, xy / (xx * yy).squareRoot()))
  }

  private static func mean(_ x: [Double], _ weights: [Double], _ total: Double) -> Double {
    var sum = 0.0
    for i in x.indices { sum += weights[i] * x[i] }
    return sum / total
  }

  /// `n/(n − 1)³ Σ (w − mean w)²` for the products w of standardised scores (Schäfer & Strimmer
  /// 2005).
  private var pearsonSamplingVariance: Double? {
    let n = total
    guard n > 1 else { return nil }
    let (a, b) = (Self.mean(x, weights, n), Self.mean(y, weights, n))
    var (xx, yy) = (0.0, 0.0)
    for i in x.indices {
      xx += weights[i] * (x[i] - a) * (x[i] - a)
      yy += weights[i] * (y[i] - b) * (y[i] - b)
    }
    let scale = (xx / (n - 1) * (yy / (n - 1))).squareRoot()
    let products = x.indices.map { (x[$0] - a) * (y[$0] - b) / scale }
    let center = Self.mean(products, weights, n)
    let squares = Self.mean(products.map { ($0 - center) * ($0 - center) }, weights, n) * n
    return n / ((n - 1) * (n - 1) * (n - 1)) * squares
  }

  /// The mean rank of every paper's ties.
  private func midRanks(_ values: [Double]) -> [Double] {
    if let places = DistinctPlaces(values) {
      let totals = places.totals(weights)
      var rank = totals
      var below = 0.0
      for (place, total) in totals.enumerated() {
        rank[place] = below + (total + 1) / 2
        below += total
      }
      return places.places.map { rank[Int($0)] }
    }
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = values
    var below = 0.0
    var start = 0
    while start < order.count {
      var end = start
      var tied = 0.0
      while end < order.count, values[order[end]] == values[order[start]] {
        tied += weights[order[end]]
        end += 1
      }
      for position in start..<end { ranks[order[position]] = below + (tied + 1) / 2 }
      below += tied
      start = end
    }
    return ranks
  }
}

// Kendall's tau.
extension ScorePair {
  private struct Concordance {
    /// Concordant minus discordant pairs.
    var score = 0.0
    /// Sums over the tied groups of each score: t(t − 1), t(t − 1)(t − 2), t(t − 1)(2t + 5).
    var first = TieSums()
    var second = TieSums()
    var total = 0.0

    var tau: Double {
      let pairs = total * (total - 1)
      let value = 2 * score / ((pairs - first.pairs) * (pairs - second.pairs)).squareRoot()
      return max(-1, min(1, value))
    }

    /// Sets the score, once ties are summed up.
    mutating func finish(joint: TieSums, discordant: Double) {
      score =
        (total * (total - 1) - first.pairs - second.pairs + joint.pairs) / 2 - 2 * discordant
    }
  }

  private struct TieSums {
    var pairs = 0.0
    var triples = 0.0
    var variance = 0.0

    mutating func add(_ size: Double) {
      pairs += size * (size - 1)
      triples += size * (size - 1) * (size - 2)
      variance += size * (size - 1) * (2 * size + 5)
    }
  }

  /// Counts pairs in the table of distinct values where it is small, else by sorting (Knight 1966):
  /// discordant pairs are the exchanges of a merge sort.
  private var concordance: Concordance {
    tabulatedConcordance ?? sortedConcordance
  }

  private var tabulatedConcordance: Concordance? {
    guard let first = DistinctPlaces(x), let second = DistinctPlaces(y),
      first.count * second.count <= 2 * x.count
    else { return nil }
    let width = second.count
    var cells = [Double](repeating: 0, count: first.count * width)
    for (index, weight) in weights.enumerated() {
      cells[Int(first.places[index]) * width + Int(second.places[index])] += weight
    }
    var result = Concordance(total: total)
    var joint = TieSums()
    // The papers with a smaller x at each y, and how many of them lie above it.
    var smaller = [Double](repeating: 0, count: width)
    var columns = smaller
    var discordant = 0.0
    for row in 0..<first.count {
      let own = cells[row * width..<(row + 1) * width]
      result.first.add(own.reduce(0, +))
      var above = smaller.reduce(0, +)
      for (column, size) in own.enumerated() {
        above -= smaller[column]
        discordant += size * above
        if size > 0 { joint.add(size) }
        columns[column] += size
      }
      for (column, size) in own.enumerated() { smaller[column] += size }
    }
    for size in columns { result.second.add(size) }
    result.finish(joint: joint, discordant: discordant)
    return result
  }

  private var sortedConcordance: Concordance {
    var order = x.indices.sorted { (x[$0], y[$0]) < (x[$1], y[$1]) }
    var result = Concordance(total: total)
    var joint = TieSums()
    ties(order, { x[$0] }, into: &result.first)
    ties(order, { Point(x: x[$0], y: y[$0]) }, into: &joint)
    let exchanges = sortCountingExchanges(&order)
    ties(order, { y[$0] }, into: &result.second)
    result.finish(joint: joint, discordant: exchanges)
    return result
  }

  private struct Point: Equatable {
    let x: Double
    let y: Double
  }

  private func ties<Key: Equatable>(_ order: [Int], _ key: (Int) -> Key, into sums: inout TieSums) {
    var start = 0
    while start < order.count {
      var end = start
      var size = 0.0
      while end < order.count, key(order[end]) == key(order[start]) {
        size += weights[order[end]]
        end += 1
      }
      sums.add(size)
      start = end
    }
  }

  /// Sorts by y, stably, and returns the weight of the pairs that had to change places.
  private func sortCountingExchanges(_ order: inout [Int]) -> Double {
    var exchanges = 0.0
    var merged = order
    var width = 1
    while width < order.count {
      var start = 0
      while start < order.count {
        let middle = min(start + width, order.count)
        let end = min(start + 2 * width, order.count)
        var rest = 0.0
        for position in start..<middle { rest += weights[order[position]] }
        var (left, right) = (start, middle)
        for target in start..<end {
          if right >= end || left < middle && y[order[left]] <= y[order[right]] {
            rest -= weights[order[left]]
            merged[target] = order[left]
            left += 1
          } else {
            exchanges += rest * weights[order[right]]
            merged[target] = order[right]
            right += 1
          }
        }
        start = end
      }
      swap(&order, &merged)
      width *= 2
    }
    return exchanges
  }

  private func kendallTest(_ tau: Double) -> (Double?, AssociationTest?) {
    let counts = concordance
    let n = counts.total
    let hasTies = counts.first.pairs > 0 || counts.second.pairs > 0
    if n < 50, !hasTies, n == n.rounded() {
      return (Self.exactKendallPValue(score: counts.score, count: Int(n)), .permutations)
    }
    var variance =
      (n * (n - 1) * (2 * n + 5) - counts.first.variance - counts.second.variance) / 18
    variance += counts.first.pairs * counts.second.pairs / (2 * n * (n - 1))
    if n > 2 {
      variance += counts.first.triples * counts.second.triples / (9 * n * (n - 1) * (n - 2))
    }
    guard variance > 0 else { return (nil, nil) }
    return (min(1, 2 * Normal().survival(abs(counts.score) / variance.squareRoot())), .normal)
  }

  /// Twice the smaller tail of the number of concordant pairs among all n! orders, at most 1.
  private static func exactKendallPValue(score: Double, count: Int) -> Double {
    var shares = [1.0]
    for size in 2...max(count, 2) {
      var next = [Double](repeating: 0, count: shares.count + size - 1)
      for (pairs, share) in shares.enumerated() {
        for added in 0..<size { next[pairs + added] += share / Double(size) }
      }
      shares = next
    }
    let pairs = Double(count * (count - 1)) / 2
    let concordant = Int(((abs(score) + pairs) / 2).rounded())
    return min(1, 2 * shares[min(concordant, shares.count)...].reduce(0, +))
  }
}
