/// The cluster-robust variance of a least-squares slope.
///
/// In the coordinates z = (1/√n, (x − x̄)/√Σ(x − x̄)²), whose products sum to the identity, a cluster
/// with products G = Z'Z and score s = Z'e contributes the square of the second element of K s, K
/// being the identity for CR0 and CR1, (I − G)^−½ for CR2 and (I − G)⁻¹ for CR3. Satterthwaite's
/// degrees of freedom of CR2 are those under a constant variance. A direction that a cluster alone
/// determines counts as zero. Weights are those of least squares. Cost: O(papers).
///
/// Reference: Pustejovsky & Tipton (2018), JBES 36:672, equations 8–11.
struct ClusteredLine {
  /// The covariate minus its mean.
  let gaps: [Double]
  /// The residuals.
  let residuals: [Double]
  /// The weighted sum of squares of the gaps.
  let squares: Double
  /// The weights; `nil` for ones.
  var weights: [Double]?

  /// What every cluster contributes to the slope's error.
  ///
  /// The variance is the sum of their squares; contributions of one cluster to several lines may be
  /// added before they are squared.
  struct Contributions {
    /// One a cluster.
    var values: [Double]
    /// The degrees of freedom of the variance.
    var degreesOfFreedom: Double
  }

  /// The variance with its degrees of freedom; `nil` with a single cluster, or when nothing is left
  /// to estimate it from.
  func variance(_ type: CovarianceType, clusters: ClusterMembers)
    -> (variance: Double, degreesOfFreedom: Double)?
  {
    guard let found = contributions(type, clusters: clusters) else { return nil }
    let sum = found.values.reduce(0) { $0 + $1 * $1 }
    return sum > 0 ? (sum, found.degreesOfFreedom) : nil
  }

  /// The contributions of all clusters; `nil` with a single cluster.
  func contributions(_ type: CovarianceType, clusters: ClusterMembers) -> Contributions? {
    guard clusters.count > 1 else { return nil }
    let count = Double(clusters.count)
    let papers = Double(gaps.count)
    let total = weights?.reduce(0, +) ?? papers
    var pulls: [Double] = []
    pulls.reserveCapacity(clusters.count)
    var (trace, traceOfSquare) = (0.0, 0.0)
    var outer = SymmetricPair(a: 0, b: 0, d: 0)
    for rows in clusters.rows {
      var gram = SymmetricPair(a: 0, b: 0, d: 0)
      var score = (0.0, 0.0)
      for row in rows {
        let root = weights.map { $0[row].squareRoot() } ?? 1
        let z = (root / total.squareRoot(), root * gaps[row] / squares.squareRoot())
        gram.add(z)
        score.0 += z.0 * root * residuals[row]
        score.1 += z.1 * root * residuals[row]
      }
      let rest = SymmetricPair(a: 1 - gram.a, b: -gram.b, d: 1 - gram.d)
      let correction =
        switch type {
        case .cr2: rest.power { 1 / $0.squareRoot() }
        case .cr3: rest.power { 1 / $0 }
        default: SymmetricPair(a: 1, b: 0, d: 1)
        }
      pulls.append(correction.times(score).1)
      // a = A Z m and q = Z'a for m = (0, 1): |a|² = m' K G K m, q = K G m.
      let turned = correction.times((0, 1))
      let pushed = gram.times(turned)
      let length = turned.0 * pushed.0 + turned.1 * pushed.1
      let q = correction.times(gram.times((0, 1)))
      let shadow = q.0 * q.0 + q.1 * q.1
      trace += length - shadow
      traceOfSquare += length * (length - 2 * shadow)
      outer.add(q)
    }
    traceOfSquare += outer.a * outer.a + 2 * outer.b * outer.b + outer.d * outer.d
    let factor =
      switch type {
      case .cr1: count / (count - 1)
      case .cr1s: count * (papers - 1) / ((count - 1) * max(papers - 2, 1))
      default: 1.0
      }
    let freedom =
      type == .cr2 && traceOfSquare > 0 ? trace * trace / traceOfSquare : count - 1
    let scale = (factor / squares).squareRoot()
    return Contributions(values: pulls.map { scale * $0 }, degreesOfFreedom: freedom)
  }
}

/// A symmetric matrix of two rows.
private struct SymmetricPair {
  var a: Double
  var b: Double
  var d: Double

  mutating func add(_ vector: (Double, Double)) {
    a += vector.0 * vector.0
    b += vector.0 * vector.1
    d += vector.1 * vector.1
  }

  func times(_ vector: (Double, Double)) -> (Double, Double) {
    (a * vector.0 + b * vector.1, b * vector.0 + d * vector.1)
  }

  /// The matrix with a function of its eigenvalues for them, zero for those below 10⁻⁸.
  func power(_ function: (Double) -> Double) -> SymmetricPair {
    let middle = (a + d) / 2
    let radius = ((a - d) * (a - d) / 4 + b * b).squareRoot()
    let values = (middle + radius, middle - radius)
    let powers = (
      values.0 > 1e-8 ? function(values.0) : 0, values.1 > 1e-8 ? function(values.1) : 0
    )
    guard radius > 1e-14 else { return SymmetricPair(a: powers.0, b: 0, d: powers.0) }
    // f(S) = c₀ I + c₁ S through both eigenvalues.
    let slope = (powers.0 - powers.1) / (values.0 - values.1)
    let level = powers.0 - slope * values.0
    return SymmetricPair(a: level + slope * a, b: slope * b, d: level + slope * d)
  }
}
