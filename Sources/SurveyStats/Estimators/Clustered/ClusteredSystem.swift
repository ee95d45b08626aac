/// The estimating equations of clustered rows in the standardised coordinates of a fit.
struct ClusteredSystem {
  let fit: LogisticFit
  let clusters: [[Int]]
  /// The columns of each pattern, one pattern after the other.
  private let values: [Double]
  /// The root of the weight of each row.
  private var roots: [Double]
  /// The fit's likelihood under these weights.
  private var likelihood: BinomialLikelihood

  init(_ fit: LogisticFit, clusters: [[Int]]) {
    self.fit = fit
    self.clusters = clusters
    roots = fit.data.weights.map { $0.squareRoot() }
    likelihood = fit.likelihood
    let x = fit.likelihood.x
    values = (0..<x.rows).flatMap { x.row($0) }
  }

  /// The same equations under other weights of the rows.
  func weighted(by weights: [Double]) -> ClusteredSystem {
    var (successes, trials) = (
      [Double](repeating: 0, count: likelihood.x.rows),
      [Double](repeating: 0, count: likelihood.x.rows)
    )
    for (row, weight) in weights.enumerated() {
      trials[fit.patternOfRow[row]] += weight
      if fit.data.isYes[row] { successes[fit.patternOfRow[row]] += weight }
    }
    var system = self
    system.roots = weights.map { $0.squareRoot() }
    system.likelihood = likelihood.replacing(successes: successes, trials: trials)
    return system
  }

  /// How the search for the coefficients ended.
  enum End {
    /// The coefficients were found.
    case solved([Double])
    /// The correlation left the range in which it is one.
    case infeasible(alpha: Double)
    /// A hundred steps were not enough.
    case notConverged
    /// The information is not positive definite.
    case singular
  }

  /// Solves the equations by Fisher scoring, the correlation being found anew in each step, or zero.
  func solve(
    from start: [Double], correlation: EstimatingEquations.Correlation,
    correctsDegreesOfFreedom: Bool, tolerance: Double = 1e-12
  ) -> End {
    let lowest = -1 / Double(max((clusters.map(\.count).max() ?? 2) - 1, 1))
    var beta = start
    for _ in 0..<100 {
      var alpha = 0.0
      if correlation == .exchangeable {
        alpha = moments(beta, correctsDegreesOfFreedom: correctsDegreesOfFreedom).alpha
        guard alpha > lowest, alpha < 1 else { return .infeasible(alpha: alpha) }
      }
      let sums = sums(beta, alpha: alpha)
      guard
        let step = try? sums.bread.solvingPositiveDefinite(
          DenseMatrix(rows: beta.count, columns: 1, elements: sums.score))
      else { return .singular }
      for index in beta.indices { beta[index] += step.elements[index] }
      if step.elements.allSatisfy({ abs($0) < tolerance * (1 + abs(beta[0])) }) {
        return .solved(beta)
      }
    }
    return .notConverged
  }

  /// See ``EstimatingEquations/Solution/degreesOfFreedom``.
  var degreesOfFreedom: [Double] {
    let width = fit.coefficients.count
    let isBetween = (0..<width).map { column in
      clusters.allSatisfy { rows in
        let first = values[fit.patternOfRow[rows[0]] * width + column]
        return rows.allSatisfy { values[fit.patternOfRow[$0] * width + column] == first }
      }
    }
    let between = isBetween.count { $0 }
    let outer = Double(max(1, clusters.count - between))
    let inner = Double(max(1, fit.paperCount - clusters.count - (width - between)))
    return isBetween.map { $0 ? outer : inner }
  }

  private func probabilities(_ beta: [Double]) -> [Double] {
    let patterns = likelihood.probabilities(beta)
    return fit.patternOfRow.map { patterns[$0] }
  }

  /// The dispersion and the common correlation of Pearson residuals.
  func moments(_ beta: [Double], correctsDegreesOfFreedom: Bool) -> (phi: Double, alpha: Double) {
    let probabilities = probabilities(beta)
    let residuals = probabilities.indices.map { row -> Double in
      let answer: Double = fit.data.isYes[row] ? 1 : 0
      return roots[row] * (answer - probabilities[row])
        / (probabilities[row] * (1 - probabilities[row])).squareRoot()
    }
    let correction = correctsDegreesOfFreedom ? Double(beta.count) : 0
    let squares = residuals.reduce(0) { $0 + $1 * $1 }
    let count = roots.reduce(0) { $0 + $1 * $1 }
    let phi = squares / max(count - correction, 1)
    var (products, pairs) = (0.0, 0.0)
    for rows in clusters {
      let sum = rows.reduce(0) { $0 + residuals[$1] }
      let own = rows.reduce(0) { $0 + residuals[$1] * residuals[$1] }
      products += (sum * sum - own) / 2
      let weight = rows.reduce(0) { $0 + roots[$1] }
      let ownWeight = rows.reduce(0) { $0 + roots[$1] * roots[$1] }
      pairs += (weight * weight - ownWeight) / 2
    }
    return (phi, pairs > correction ? products / (phi * (pairs - correction)) : 0)
  }

  /// D'V⁻¹(y − μ) and D'V⁻¹D of one cluster, the dispersion left out.
  ///
  /// With a = √(π(1 − π)) the inverse correlation (I − cJ)/(1 − α), c = α/(1 + (m − 1)α), needs
  /// only sums over the cluster.
  private func parts(_ rows: [Int], _ probabilities: [Double], alpha: Double)
    -> (score: [Double], bread: DenseMatrix)
  {
    let width = fit.coefficients.count
    let share = alpha / (1 + Double(rows.count - 1) * alpha)
    var (score, sums) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width))
    var bread = DenseMatrix(rows: width, columns: width)
    var residualSum = 0.0
    for row in rows {
      let probability = probabilities[row]
      let spread = probability * (1 - probability)
      let (root, weight) = (spread.squareRoot(), roots[row])
      let gap = (fit.data.isYes[row] ? 1 : 0) - probability
      residualSum += weight * gap / root
      let pattern = fit.patternOfRow[row]
      for column in 0..<width {
        let value = values[pattern * width + column]
        score[column] += weight * weight * value * gap
        sums[column] += weight * value * root
        for other in 0...column {
          bread[column, other] +=
            weight * weight * spread * value * values[pattern * width + other]
        }
      }
    }
    for column in 0..<width {
      score[column] = (score[column] - share * sums[column] * residualSum) / (1 - alpha)
      for other in 0...column {
        let value = (bread[column, other] - share * sums[column] * sums[other]) / (1 - alpha)
        bread[column, other] = value
        bread[other, column] = value
      }
    }
    return (score, bread)
  }

  /// The sums of scores and of the model's information over clusters.
  ///
  /// What rows of one pattern have in common is summed over patterns, what the correlation of rows
  /// takes away over clusters.
  func sums(_ beta: [Double], alpha: Double) -> (score: [Double], bread: DenseMatrix) {
    let width = beta.count
    let patterns = likelihood.probabilities(beta)
    let gaps = patterns.indices.map {
      likelihood.successes[$0] - likelihood.trials[$0] * patterns[$0]
    }
    var score = likelihood.x.multiplied(by: gaps, transposingSelf: true)
    var bread = likelihood.weightedProducts(
      patterns.indices.map { likelihood.trials[$0] * patterns[$0] * (1 - patterns[$0]) })
    let spreads = patterns.map { ($0 * (1 - $0)).squareRoot() }
    var shared = DenseMatrix(rows: width, columns: clusters.count)
    for (cluster, rows) in clusters.enumerated() {
      let share = alpha / (1 + Double(rows.count - 1) * alpha)
      var sums = [Double](repeating: 0, count: width)
      var residualSum = 0.0
      for row in rows {
        let pattern = fit.patternOfRow[row]
        residualSum +=
          roots[row] * ((fit.data.isYes[row] ? 1 : 0) - patterns[pattern]) / spreads[pattern]
        for column in 0..<width {
          sums[column] += roots[row] * values[pattern * width + column] * spreads[pattern]
        }
      }
      let root = abs(share).squareRoot()
      for column in 0..<width {
        score[column] -= share * sums[column] * residualSum
        shared[column, cluster] = root * sums[column]
      }
    }
    // All shares have the sign of alpha.
    let product = shared.multiplied(by: shared, transposingOther: true)
    for index in bread.elements.indices {
      bread.elements[index] -= (alpha < 0 ? -1 : 1) * product.elements[index]
      bread.elements[index] /= 1 - alpha
    }
    return (score.map { $0 / (1 - alpha) }, bread)
  }

  /// The sandwich covariances in the original coordinates, plain and corrected: the corrected score
  /// of a cluster is (I − C M)⁻¹ u, C being its share of the information and M the inverse of all.
  func covariances(_ beta: [Double], alpha: Double) -> (robust: DenseMatrix, corrected: DenseMatrix)
  {
    let probabilities = probabilities(beta)
    let width = beta.count
    let inverse =
      (try? sums(beta, alpha: alpha).bread.positiveDefiniteInverse())
      ?? DenseMatrix(rows: width, columns: width)
    var robust = DenseMatrix(rows: width, columns: width)
    var corrected = robust
    for rows in clusters {
      let part = parts(rows, probabilities, alpha: alpha)
      var matrix = part.bread.multiplied(by: inverse)
      for index in matrix.elements.indices { matrix.elements[index] *= -1 }
      for index in 0..<width { matrix[index, index] += 1 }
      let right = DenseMatrix(rows: width, columns: 1, elements: part.score)
      let adjusted = (try? matrix.solving(right))?.elements ?? part.score
      let plain = inverse.multiplied(by: part.score)
      let careful = inverse.multiplied(by: adjusted)
      for column in 0..<width {
        for row in 0..<width {
          robust[row, column] += plain[row] * plain[column]
          corrected[row, column] += careful[row] * careful[column]
        }
      }
    }
    return (
      fit.likelihood.covariance(ofStandardized: robust),
      fit.likelihood.covariance(ofStandardized: corrected)
    )
  }
}
