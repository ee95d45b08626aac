import RealModule

extension ScorePair {
  /// A coefficient of weighted scores with the errors of a design, on Fisher's scale; the p-value
  /// agrees with the interval.
  func association(
    _ coefficient: ScoreCoefficient, level: Double,
    errors: ([Double]) -> DesignedPapers.Errors
  ) -> (association: Association, notes: [String]) {
    let estimate = estimate(coefficient)
    guard !estimate.isNaN else { return (Association(note: .constantItem), []) }
    let rest = (1 - estimate) * (1 + estimate)
    guard rest >= 1e-15 else {
      return (Association(estimate: estimate, note: .boundaryCorrelation), [])
    }
    var result = Association(estimate: estimate)
    let found = errors(influences(coefficient))
    guard let error = found.errors.first, error.variance > 0 else { return (result, found.notes) }
    let (center, half) = (Double.atanh(estimate), error.half(level: level) / rest)
    result.standardError = error.standardError
    (result.lower, result.upper) = (Double.tanh(center - half), Double.tanh(center + half))
    result.pValue = error.pValue(center * rest)
    result.test = result.pValue.map { _ in .linearised }
    if coefficient == .pearson { result.samplingVariance = error.variance }
    return (result, found.notes)
  }

  /// The influence of each paper of positive weight on a coefficient; their weighted mean is zero.
  ///
  /// Pearson: `x y − r (x² + y²)/2` of standardised scores. Spearman: the same of mid-ranks, plus what
  /// a paper does to the ranks of the others. Kendall: that of the three sums over pairs of papers that
  /// tau-b is made of.
  ///
  /// Cost: n for Pearson, n log n for the others.
  func influences(_ coefficient: ScoreCoefficient) -> [Double] {
    switch coefficient {
    case .pearson:
      return ProductMoments(x, y, weights).influences
    case .spearman:
      let moments = ProductMoments(Self.ranks(x, weights), Self.ranks(y, weights), weights)
      let r = moments.correlation
      let scale = (moments.xx * moments.yy).squareRoot()
      let ofFirst = Self.above(x, sums: zip(weights, moments.y).map { $0 * $1 })
      let ofSecond = Self.above(y, sums: zip(weights, moments.x).map { $0 * $1 })
      let firstSpread = Self.above(x, sums: zip(weights, moments.x).map { $0 * $1 })
      let secondSpread = Self.above(y, sums: zip(weights, moments.y).map { $0 * $1 })
      let own = moments.influences
      return x.indices.map { paper in
        own[paper] + moments.total
          * ((ofFirst[paper] + ofSecond[paper]) / scale - r
            * (firstSpread[paper] / moments.xx + secondSpread[paper] / moments.yy))
      }
    case .kendall:
      let concordance = concordanceOfPapers()
      let (first, second) = (Self.others(x, weights), Self.others(y, weights))
      func sum(_ values: [Double]) -> Double {
        zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }
      }
      let (score, ofFirst, ofSecond) = (sum(concordance), sum(first), sum(second))
      let scale = (ofFirst * ofSecond).squareRoot()
      return x.indices.map { paper in
        total
          * (2 * concordance[paper] / scale - score / scale
            * (first[paper] / ofFirst + second[paper] / ofSecond))
      }
    }
  }

  /// Weighted deviations from the mean and their sums of squares and products.
  private struct ProductMoments {
    let x: [Double]
    let y: [Double]
    let xx: Double
    let yy: Double
    let xy: Double
    let total: Double

    init(_ x: [Double], _ y: [Double], _ weights: [Double]) {
      let total = weights.reduce(0, +)
      let means = [x, y].map { values in
        zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
      }
      let (u, v) = (x.map { $0 - means[0] }, y.map { $0 - means[1] })
      var (xx, yy, xy) = (0.0, 0.0, 0.0)
      for i in u.indices {
        xx += weights[i] * u[i] * u[i]
        yy += weights[i] * v[i] * v[i]
        xy += weights[i] * u[i] * v[i]
      }
      (self.x, self.y, self.xx, self.yy, self.xy, self.total) = (u, v, xx, yy, xy, total)
    }

    var correlation: Double { xy / (xx * yy).squareRoot() }

    var influences: [Double] {
      let r = correlation
      return x.indices.map { i in
        total
          * (x[i] * y[i] / (xx * yy).squareRoot() - r / 2
            * (x[i] * x[i] / xx + y[i] * y[i] / yy))
      }
    }
  }

  /// The weight below each value, and half of the weight of its ties.
  private static func ranks(_ values: [Double], _ weights: [Double]) -> [Double] {
    let total = weights.reduce(0, +)
    return above(values, sums: weights).map { total - $0 }
  }

  /// The sum over the papers with larger values, and half of those with equal ones.
  private static func above(_ values: [Double], sums: [Double]) -> [Double] {
    var result = values
    var larger = 0.0
    for tied in runs(values).reversed() {
      let own = tied.reduce(0) { $0 + sums[$1] }
      for paper in tied { result[paper] = larger + own / 2 }
      larger += own
    }
    return result
  }

  /// The weight of the papers with other values.
  private static func others(_ values: [Double], _ weights: [Double]) -> [Double] {
    let total = weights.reduce(0, +)
    var result = values
    for tied in runs(values) {
      let own = tied.reduce(0) { $0 + weights[$1] }
      for paper in tied { result[paper] = total - own }
    }
    return result
  }

  /// Papers of equal values, in ascending order of the values.
  private static func runs(_ values: [Double]) -> [[Int]] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var runs: [[Int]] = []
    for paper in order {
      if let last = runs.last?.first, values[last] == values[paper] {
        runs[runs.count - 1].append(paper)
      } else {
        runs.append([paper])
      }
    }
    return runs
  }

  /// For each paper the weight of the papers concordant with it less that of the discordant ones.
  private func concordanceOfPapers() -> [Double] {
    let places = Midranks(y).ranks
    let distinct = Array(Set(places)).sorted()
    let position = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, $0) })
    let rank = places.map { position[$0] ?? 0 }
    var result = [Double](repeating: 0, count: x.count)
    let tied = Self.runs(x)
    for (order, sign) in [(tied, 1.0), (tied.reversed(), -1.0)] {
      var seen = RunningSums(count: distinct.count)
      for papers in order {
        for paper in papers {
          let below = seen.sum(below: rank[paper])
          let above = seen.total - seen.sum(below: rank[paper] + 1)
          result[paper] += sign * (below - above)
        }
        for paper in papers { seen.add(weights[paper], at: rank[paper]) }
      }
    }
    return result
  }

  /// Sums over the places below one, updated place by place (Fenwick 1994).
  private struct RunningSums {
    private var nodes: [Double]
    private(set) var total = 0.0

    init(count: Int) { nodes = [Double](repeating: 0, count: count + 1) }

    mutating func add(_ value: Double, at place: Int) {
      total += value
      var node = place + 1
      while node < nodes.count {
        nodes[node] += value
        node += node & -node
      }
    }

    func sum(below place: Int) -> Double {
      var sum = 0.0
      var node = place
      while node > 0 {
        sum += nodes[node]
        node -= node & -node
      }
      return sum
    }
  }
}
