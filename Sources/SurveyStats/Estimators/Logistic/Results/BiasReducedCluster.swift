/// One cluster of the CR2 estimator: its residuals corrected so that the estimator is unbiased when
/// the model holds.
///
/// With Φ = diag(π(1 − π)/w), X the derivatives π(1 − π) x and W = Φ⁻¹, the adjustment is
/// A = Φ^½ [Φ^½ (I − X M X'W) Φ Φ^½]^−½ Φ^½, the root being symmetric and generalised
/// (Pustejovsky & Tipton 2018, JBES 36:672, equation 9). Papers of the cluster with equal covariates
/// and weight are collapsed first: A acts on their differences as the identity, which the scores
/// do not see.
struct BiasReducedCluster {
  /// The corrected score X'WA(y − π).
  let score: [Double]
  /// Rows of X, one a collapsed group.
  private let derivatives: DenseMatrix
  private let variances: [Double]
  private let adjustment: DenseMatrix

  init(_ fit: LogisticFit, rows: [Int]) {
    struct Group {
      var pattern: Int
      var weight: Double
      var count = 0.0
      var residual = 0.0
    }
    var groups: [Group] = []
    let (x, probabilities) = (fit.likelihood.x, fit.patternProbabilities)
    var known: [Int: [Int]] = [:]
    for row in rows {
      let pattern = fit.patternOfRow[row]
      let weight = fit.data.weights[row]
      let match = known[pattern]?.first { groups[$0].weight == weight }
      let index = match ?? groups.count
      if match == nil {
        known[pattern, default: []].append(index)
        groups.append(Group(pattern: pattern, weight: weight))
      }
      groups[index].count += 1
      groups[index].residual += (fit.data.isYes[row] ? 1 : 0) - probabilities[pattern]
    }
    let width = fit.coefficients.count
    let size = groups.count
    var derivatives = DenseMatrix(rows: size, columns: width)
    var variances = [Double](repeating: 0, count: size)
    for (index, group) in groups.enumerated() {
      let probability = probabilities[group.pattern]
      let slope = probability * (1 - probability)
      variances[index] = slope / group.weight
      for column in 0..<width {
        derivatives[index, column] =
          group.count.squareRoot() * slope * x[group.pattern, column]
      }
    }
    let hat = derivatives.multiplied(by: fit.optimum.inverseInformation)
      .multiplied(by: derivatives, transposingOther: true)
    var inner = DenseMatrix(rows: size, columns: size)
    for column in 0..<size {
      for row in 0..<size {
        let scale = (variances[row] * variances[column]).squareRoot()
        inner[row, column] = -hat[row, column] * scale
        if row == column { inner[row, column] += variances[row] * variances[row] }
      }
    }
    let inverseRoot = Self.inverseRoot(inner)
    var adjustment = inverseRoot
    for column in 0..<size {
      for row in 0..<size {
        adjustment[row, column] *= (variances[row] * variances[column]).squareRoot()
      }
    }
    let residuals = groups.map { $0.residual / $0.count.squareRoot() }
    let corrected = adjustment.multiplied(by: residuals)
    score = derivatives.multiplied(
      by: zip(corrected, variances).map { $0 / $1 }, transposingSelf: true)
    self.derivatives = derivatives
    self.variances = variances
    self.adjustment = adjustment
  }

  /// For f = A W X v: the variance f'Φf and the projection X'f.
  func moments(_ direction: [Double]) -> (variance: Double, projection: [Double]) {
    let weighted = zip(derivatives.multiplied(by: direction), variances).map { $0 / $1 }
    let vector = adjustment.multiplied(by: weighted)
    let variance = zip(vector, variances).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
    return (variance, derivatives.multiplied(by: vector, transposingSelf: true))
  }

  /// The symmetric inverse root, directions with eigenvalue zero being left out.
  private static func inverseRoot(_ matrix: DenseMatrix) -> DenseMatrix {
    guard let eigen = try? matrix.symmetricEigen() else { return matrix }
    let largest = eigen.values.first ?? 0
    var scaled = eigen.vectors
    for (column, value) in eigen.values.enumerated() {
      let factor = value > 1e-12 * largest ? 1 / value.squareRoot() : 0
      for row in 0..<scaled.rows { scaled[row, column] *= factor }
    }
    return scaled.multiplied(by: eigen.vectors, transposingOther: true)
  }
}
