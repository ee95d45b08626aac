/// The median of the slopes through all pairs of papers with different covariates.
///
/// The interval holds the slopes that Kendall's test does not reject: order statistics of the
/// pairwise slopes at (N ∓ z σ)/2, σ² being the variance of Kendall's score corrected for ties.
/// Up to 1,500 papers all slopes are listed and the median is exact; beyond that it is found by
/// bisection, each step counting inversions, to a relative 10⁻¹³. Undefined when the covariate is
/// constant. Cost: O(n²) below 1,500 papers, above that O(n log n) a step, or with few values of the
/// covariate, such as years, that number times the different points.
///
/// References: Theil (1950); Sen (1968), JASA 63:1379.
public struct TheilSenSlope: Sendable, Equatable {
  /// The median slope with its limits, which are `nil` with too few papers for the level.
  public let slope: Estimate

  /// The median slope.
  public var estimate: Double { slope.value ?? .nan }

  /// The most papers whose slopes are all listed.
  private static let mostListed = 1_500

  /// Fits a slope through (x, y).
  public init?(_ x: [Double], _ y: [Double], level: Double = 0.95) {
    let slopes =
      x.count <= Self.mostListed ? PairSlopes(listing: x, y) : PairSlopes(counting: x, y)
    let count = slopes.count
    guard count > 0 else { return nil }
    // Differences of shares that are equal leave rounding errors, not slopes.
    let noise = 1e-12 * slopes.largest
    func rounded(_ slope: Double) -> Double { abs(slope) <= noise ? 0 : slope }
    let median = rounded(
      (slopes.value(atRank: (count + 1) / 2) + slopes.value(atRank: count / 2 + 1)) / 2)
    let distance =
      Normal().upperQuantile((1 - level) / 2) * Self.scoreVariance(x, y).squareRoot()
    let rank = Int(((Double(count) - distance) / 2).rounded())
    slope =
      rank >= 1
      ? Estimate(
        median, lower: rounded(slopes.value(atRank: rank)),
        upper: rounded(slopes.value(atRank: count + 1 - rank)), level: level)
      : Estimate(median)
  }

  /// The variance of Kendall's score with ties in both variables.
  private static func scoreVariance(_ x: [Double], _ y: [Double]) -> Double {
    func sums(_ values: [Double]) -> (pairs: Double, triples: Double, cubic: Double) {
      Midranks(values).tieCounts.reduce(into: (0.0, 0.0, 0.0)) { sums, size in
        let t = Double(size)
        sums.0 += t * (t - 1)
        sums.1 += t * (t - 1) * (t - 2)
        sums.2 += t * (t - 1) * (2 * t + 5)
      }
    }
    let n = Double(x.count)
    let (a, b) = (sums(x), sums(y))
    var variance = (n * (n - 1) * (2 * n + 5) - a.cubic - b.cubic) / 18
    if n > 1 { variance += a.pairs * b.pairs / (2 * n * (n - 1)) }
    if n > 2 { variance += a.triples * b.triples / (9 * n * (n - 1) * (n - 2)) }
    return max(0, variance)
  }
}

/// The slopes of all pairs, as an ordered list.
private struct PairSlopes {
  let count: Int
  private let listed: [Double]
  private let x: [Double]
  private let y: [Double]
  /// The smallest step of x, and the range of y.
  private let gap: Double
  private let range: Double
  /// The points by covariate, where that makes counting faster.
  private let steps: [Step]?

  /// The papers of one value of the covariate.
  private struct Step {
    let x: Double
    /// The different values of y, ascending.
    var values: [Double] = []
    /// The number of papers at each value.
    var counts: [Int] = []
    var total: Int { counts.reduce(0, +) }
  }

  init(listing x: [Double], _ y: [Double]) {
    var slopes: [Double] = []
    for i in x.indices {
      for j in 0..<i where x[i] != x[j] { slopes.append((y[i] - y[j]) / (x[i] - x[j])) }
    }
    slopes.sort()
    listed = slopes
    count = slopes.count
    self.x = x
    self.y = y
    gap = Self.gap(Set(x).sorted())
    range = Self.range(y)
    steps = nil
  }

  init(counting x: [Double], _ y: [Double]) {
    let tied = Midranks(x).tieCounts.reduce(0) { $0 + $1 * ($1 - 1) / 2 }
    count = x.count * (x.count - 1) / 2 - tied
    listed = []
    self.x = x
    self.y = y
    let places = DistinctPlaces(x)
    gap = Self.gap(places?.values ?? Set(x).sorted())
    range = Self.range(y)
    if let places, places.count <= Self.mostSteps, let heights = DistinctPlaces(y) {
      steps = Self.limited(Self.steps(places, heights), papers: x.count)
    } else {
      steps =
        (places?.count ?? Set(x).count) <= Self.mostSteps
        ? Self.limited(Self.steps(x, y), papers: x.count) : nil
    }
  }

  /// The most values of the covariate that are looked at one by one.
  private static let mostSteps = 64

  /// The points by covariate, from the table of distinct values.
  private static func steps(_ x: DistinctPlaces, _ y: DistinctPlaces) -> [Step] {
    var counts = [Int](repeating: 0, count: x.count * y.count)
    for (row, column) in zip(x.places, y.places) {
      counts[Int(row) * y.count + Int(column)] += 1
    }
    return x.values.enumerated().map { row, value in
      let own = counts[row * y.count..<(row + 1) * y.count]
      let present = own.indices.filter { own[$0] > 0 }
      return Step(
        x: value, values: present.map { y.values[$0 - row * y.count] },
        counts: present.map { own[$0] })
    }
  }

  /// The points by covariate; `nil` where sorting them all is less work.
  private static func limited(_ steps: [Step], papers: Int) -> [Step]? {
    let points = steps.reduce(0) { $0 + $1.values.count }
    return steps.count * points <= 16 * papers ? steps : nil
  }

  /// The points by covariate, by sorting them.
  private static func steps(_ x: [Double], _ y: [Double]) -> [Step] {
    var steps: [Step] = []
    for index in x.indices.sorted(by: { (x[$0], y[$0]) < (x[$1], y[$1]) }) {
      if steps.last?.x != x[index] { steps.append(Step(x: x[index])) }
      let last = steps.count - 1
      if steps[last].values.last != y[index] {
        steps[last].values.append(y[index])
        steps[last].counts.append(0)
      }
      steps[last].counts[steps[last].counts.count - 1] += 1
    }
    return steps
  }

  /// A bound of the size of the slopes: the range of y over the smallest step of x.
  var largest: Double { range / gap }

  private static func gap(_ distinct: [Double]) -> Double {
    zip(distinct.dropFirst(), distinct).map { $0 - $1 }.min() ?? 1
  }

  private static func range(_ y: [Double]) -> Double { (y.max() ?? 0) - (y.min() ?? 0) }

  func value(atRank rank: Int) -> Double {
    if !listed.isEmpty { return listed[rank - 1] }
    var above = range / gap + 1
    var below = -above
    for _ in 0..<200 {
      let middle = below + (above - below) / 2
      guard middle > below, middle < above, above - below > 1e-14 * range / gap else { break }
      if slopes(below: middle) >= rank { above = middle } else { below = middle }
    }
    return below + (above - below) / 2
  }

  /// The number of slopes below a value: inversions of y − value · x in the order of x.
  private func slopes(below value: Double) -> Int {
    if let steps { return Self.slopes(below: value, of: steps) }
    let heights = x.indices.map { y[$0] - value * x[$0] }
    let order = x.indices.sorted { (x[$0], heights[$0]) < (x[$1], heights[$1]) }
    var sorted = order.map { heights[$0] }
    var merged = sorted
    var inversions = 0
    var width = 1
    while width < sorted.count {
      for start in stride(from: 0, to: sorted.count, by: 2 * width) {
        let middle = min(start + width, sorted.count)
        let end = min(start + 2 * width, sorted.count)
        var (left, right) = (start, middle)
        for target in start..<end {
          if right >= end || left < middle && sorted[left] <= sorted[right] {
            merged[target] = sorted[left]
            left += 1
          } else {
            inversions += middle - left
            merged[target] = sorted[right]
            right += 1
          }
        }
      }
      swap(&sorted, &merged)
      width *= 2
    }
    return inversions
  }

  /// The same between every two values of the covariate, each time in one pass over both.
  private static func slopes(below value: Double, of steps: [Step]) -> Int {
    var below = 0
    for (index, right) in steps.enumerated() {
      for left in steps[..<index] {
        let rise = value * (right.x - left.x)
        var position = 0
        var higher = left.total
        for (y, count) in zip(right.values, right.counts) {
          while position < left.values.count, left.values[position] <= y - rise {
            higher -= left.counts[position]
            position += 1
          }
          below += count * higher
        }
      }
    }
    return below
  }
}
