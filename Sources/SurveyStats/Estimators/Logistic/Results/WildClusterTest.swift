import RealModule

/// A test of a logistic coefficient that holds with few clusters: the wild bootstrap of the clusters' scores.
///
/// Under the hypothesis that the coefficient is b the model is fitted with it held at b, by maximum
/// likelihood. The efficient score of a cluster is its score for the coefficient less what the others explain,
/// `u = s_j − I_jk I_kk⁻¹ s_k`; their sum is compared with those in which the clusters' signs are drawn at random
/// (Rademacher weights), `|Σ ±u|`. Nothing is refitted, so that a resample cannot be separated. With up to
/// thirteen clusters all signs are enumerated, so that the test is nearly exact where the scores are symmetric;
/// with five clusters the smallest p-value is 1/16, and there are no limits at 95 %. Limits are the values
/// that the test does not reject.
///
/// References: Kline & Santos (2012), *Journal of Econometric Methods* 1:23; Cameron, Gelbach & Miller (2008),
/// *Review of Economics and Statistics* 90:414. Cost: about fifty constrained fits a coefficient with limits, each
/// with the resamples times the clusters.
struct WildClusterTest {
  private let rows: DenseMatrix
  private let responses: [Double]
  private let weights: [Double]
  private let offset: [Double]
  private let start: [Double]
  private let startProbabilities: [Double]
  private let clusters: [[Int]]
  /// For each resample the signs of the clusters; one after the other.
  private let signs: [Double]
  private let resamples: Int
  /// Whether the resamples are all that there are.
  let isExact: Bool

  /// The most clusters whose signs are all looked at.
  private static let mostEnumerated = 13

  /// Prepares the test of the coefficients of a fit.
  ///
  /// - Parameters:
  ///   - fit: The fit.
  ///   - clusters: The cluster of every paper of the corpus; a paper without one is by itself.
  ///   - replicates: The random signs, where there are too many to look at all.
  ///   - seed: The seed.
  init(_ fit: LogisticFit, clusters: [String?], replicates: Int, seed: UInt64) {
    rows = fit.rows
    responses = fit.responses
    weights = fit.data.weights
    let offsets = fit.data.prepared.offset
    offset = fit.data.rows.map { offsets?[$0] ?? 0 }
    start = fit.coefficients
    startProbabilities = zip(fit.rows.multiplied(by: fit.coefficients), offset).map {
      logistic($0 + $1)
    }
    let members = ClusterMembers(fit.papers.map { clusters[$0] }).rows
    self.clusters = members
    isExact = members.count <= Self.mostEnumerated
    var signs: [Double] = []
    if isExact {
      // The first cluster keeps its sign, as all signs turned give the same size.
      resamples = members.isEmpty ? 0 : 1 << (members.count - 1)
      for pattern in 0..<resamples {
        for cluster in members.indices {
          signs.append(cluster > 0 && pattern >> (cluster - 1) & 1 == 1 ? -1 : 1)
        }
      }
    } else {
      resamples = replicates
      for replicate in 0..<replicates {
        var stream = RandomStream(seed: seed, stream: UInt64(replicate), substream: 0x57_43)
        var bits: UInt64 = 0
        for cluster in members.indices {
          if cluster % 64 == 0 { bits = stream.next() }
          signs.append(bits & 1 == 1 ? 1 : -1)
          bits >>= 1
        }
      }
    }
    self.signs = signs
  }

  /// The number of clusters.
  var clusterCount: Int { clusters.count }

  /// The smallest p-value that there can be.
  var smallestPValue: Double { 1 / Double(isExact ? resamples : resamples + 1) }

  /// The p-value of a coefficient having a value; `nil` where the constrained model has no maximum, or
  /// with a single cluster.
  func pValue(_ coefficient: Int, value: Double = 0) -> Double? {
    guard clusters.count > 1, let scores = efficientScores(coefficient, value: value) else {
      return nil
    }
    let size = scores.reduce(0) { $0 + abs($1) }
    let observed = abs(scores.reduce(0, +)) - 1e-10 * size
    var extreme = 0
    for resample in 0..<resamples {
      var sum = 0.0
      let first = resample * scores.count
      for cluster in scores.indices { sum += signs[first + cluster] * scores[cluster] }
      if abs(sum) >= observed { extreme += 1 }
    }
    return isExact
      ? Double(extreme) / Double(resamples) : Double(extreme + 1) / Double(resamples + 1)
  }

  /// The values of a coefficient that the test does not reject; `nil` for a limit that it never finds.
  func limits(
    _ coefficient: Int, estimate: Double, standardError: Double, level: Double
  ) -> (lower: Double?, upper: Double?) {
    guard standardError > 0, smallestPValue < 1 - level else { return (nil, nil) }
    func limit(_ direction: Double) -> Double? {
      func isKept(_ distance: Double) -> Bool? {
        pValue(coefficient, value: estimate + direction * distance * standardError)
          .map { $0 > 1 - level }
      }
      var (inside, outside) = (0.0, 2.0)
      while true {
        guard outside < 200, let isInside = isKept(outside) else { return nil }
        guard isInside else { break }
        (inside, outside) = (outside, 1.6 * outside)
      }
      for _ in 0..<24 {
        let middle = (inside + outside) / 2
        if isKept(middle) ?? false { inside = middle } else { outside = middle }
      }
      return estimate + direction * inside * standardError
    }
    return (limit(-1), limit(1))
  }

  /// The efficient score of every cluster for a coefficient at a value.
  private func efficientScores(_ coefficient: Int, value: Double) -> [Double]? {
    guard let probabilities = constrained(coefficient, value: value) else { return nil }
    let others = (0..<rows.columns).filter { $0 != coefficient }
    guard let slopes = slopes(coefficient, others, at: probabilities) else { return nil }
    return clusters.map { members in
      members.reduce(0) { sum, row in
        var x = rows[row, coefficient]
        for (place, other) in others.enumerated() { x -= slopes[place] * rows[row, other] }
        return sum + weights[row] * x * (responses[row] - probabilities[row])
      }
    }
  }

  /// The coefficients of the weighted regression of a column on the others.
  private func slopes(
    _ coefficient: Int, _ others: [Int], at probabilities: [Double]
  ) -> [Double]? {
    guard !others.isEmpty else { return [] }
    let width = rows.columns
    var information = DenseMatrix(rows: width, columns: width)
    for row in 0..<rows.rows {
      let weight = weights[row] * probabilities[row] * (1 - probabilities[row])
      for column in 0..<width {
        for other in 0..<width {
          information[other, column] += weight * rows[row, other] * rows[row, column]
        }
      }
    }
    let right = information.selecting(rows: others, columns: [coefficient])
    return try? information.selecting(rows: others, columns: others)
      .solvingPositiveDefinite(right).elements
  }

  /// The fitted probabilities with a coefficient held at a value.
  private func constrained(_ coefficient: Int, value: Double) -> [Double]? {
    let others = (0..<rows.columns).filter { $0 != coefficient }
    var beta = start
    beta[coefficient] = value
    // The others start where the tangent of the profile says.
    for (place, slope) in (slopes(coefficient, others, at: startProbabilities) ?? []).enumerated() {
      beta[others[place]] += slope * (start[coefficient] - value)
    }
    func predictors(_ beta: [Double]) -> [Double] {
      zip(rows.multiplied(by: beta), offset).map { $0 + $1 }
    }
    func logLikelihood(_ predictors: [Double]) -> Double {
      predictors.indices.reduce(0) { sum, row in
        sum - weights[row] * softplus(responses[row] == 1 ? -predictors[row] : predictors[row])
      }
    }
    var eta = predictors(beta)
    var current = logLikelihood(eta)
    guard !others.isEmpty else { return eta.map { logistic($0) } }
    for _ in 0..<60 {
      let probabilities = eta.map { logistic($0) }
      var score = DenseMatrix(rows: others.count, columns: 1)
      var information = DenseMatrix(rows: others.count, columns: others.count)
      for row in 0..<rows.rows {
        let gap = weights[row] * (responses[row] - probabilities[row])
        let weight = weights[row] * probabilities[row] * (1 - probabilities[row])
        for (place, column) in others.enumerated() {
          score[place, 0] += gap * rows[row, column]
          for (position, other) in others.enumerated() {
            information[position, place] += weight * rows[row, other] * rows[row, column]
          }
        }
      }
      guard let step = try? information.solvingPositiveDefinite(score).elements else { return nil }
      let decrement = zip(step, score.elements).reduce(0) { $0 + $1.0 * $1.1 }
      if decrement < 1e-12 { return probabilities }
      var factor = 1.0
      while true {
        var candidate = beta
        for (place, column) in others.enumerated() { candidate[column] += factor * step[place] }
        let next = predictors(candidate)
        let value = logLikelihood(next)
        if value >= current - 1e-12 * abs(current) {
          (beta, eta, current) = (candidate, next, value)
          break
        }
        factor /= 2
        guard factor > 1e-8 else { return nil }
      }
    }
    return nil
  }
}

extension Note {
  /// So few clusters that no p-value can be as small as the level asks.
  static let tooFewClustersForLevel = Note(
    "too-few-clusters-for-limits", effect: .noLimits,
    words: "with so few clusters no p-value can be below one minus the level")
}
