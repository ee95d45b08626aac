import RealModule

/// Generalised estimating equations of a logistic model: a marginal model of clustered answers.
///
/// Estimated are the coefficients of logit P(yes) = x'β averaged over clusters (papers, when rows
/// are cells). Answers of one cluster are treated as equally correlated (exchangeable) or as
/// uncorrelated (independence); either way the sandwich covariance is right in large samples
/// whatever the true correlation. From Pearson residuals e of N rows and p coefficients
/// φ = Σ e²/(N − p) and α = Σ_{i<j} e_i e_j/(φ (pairs − p)), summed within clusters; without the
/// correction for p, as geepack has it, on request. With fewer than a hundred clusters the covariance of
/// Mancl and DeRouen, which corrects the residuals, is the better one.
///
/// If α leaves the range in which the correlation matrix is positive definite for the largest
/// cluster, or there is no convergence in a hundred steps, the independence estimates are given with
/// a note. Rows without an outcome drop out of their cluster. Errors as for logistic regression;
/// separated outcomes have no estimate. Cost of a step: O(rows × columns²).
///
/// References: Liang & Zeger (1986), Biometrika 73:13; Mancl & DeRouen (2001), Biometrics 57:126.
public struct EstimatingEquations: Sendable {
  /// The working correlation of answers in a cluster.
  public enum Correlation: String, Sendable, CaseIterable {
    /// None.
    case independence
    /// The same for all pairs.
    case exchangeable
  }

  /// The working correlation.
  public var correlation: Correlation
  /// Whether φ and α are divided by counts less the number of coefficients.
  public var correctsDegreesOfFreedom: Bool

  /// Creates the equations.
  public init(correlation: Correlation = .exchangeable, correctsDegreesOfFreedom: Bool = true) {
    self.correlation = correlation
    self.correctsDegreesOfFreedom = correctsDegreesOfFreedom
  }

  /// A solution.
  public struct Solution: Sendable {
    /// The names of the columns.
    public let columnNames: [String]
    /// The coefficients.
    public let coefficients: [Double]
    /// The sandwich covariance of Liang and Zeger.
    public let robustCovariance: DenseMatrix
    /// The covariance of Mancl and DeRouen.
    public let correctedCovariance: DenseMatrix
    /// The working correlation that was used.
    public let correlation: Correlation
    /// The correlation of two answers of a cluster; zero under independence.
    public let alpha: Double
    /// The dispersion.
    public let phi: Double
    /// The number of clusters.
    public let clusterCount: Int
    /// The number of rows.
    public let rowCount: Int
    /// The number of rows whose outcome is yes.
    public let eventCount: Int
    /// The degrees of freedom of each coefficient's t statistic: clusters less the columns that do
    /// not vary within clusters; for the other columns rows less clusters and columns.
    public let degreesOfFreedom: [Double]
    /// The columns left out, and why another correlation was used than asked for.
    public let notes: [String]
    /// The model with these coefficients, for effects and predictions.
    let fit: LogisticFit
  }

  /// Solves the equations; `clusters` has one label a row of the design's source, rows without a
  /// label being clusters of their own.
  public func solve(_ design: DesignMatrix, outcome: BinaryOutcome, clusters: [String?])
    throws(LogisticRegressionError) -> Solution
  {
    guard clusters.count == design.paperCount else { throw .dimensionMismatch("clusters") }
    let start = try LogisticRegression(estimation: .maximumLikelihood).fit(
      design, outcome: outcome)
    let members = ClusterMembers(start.papers.map { clusters[$0] })
    let system = ClusteredSystem(start, clusters: members.rows)
    let independent = system.moments(
      start.optimum.beta, correctsDegreesOfFreedom: correctsDegreesOfFreedom)
    guard correlation == .exchangeable, members.rows.contains(where: { $0.count > 1 }) else {
      return solution(
        system, beta: start.optimum.beta, alpha: 0, phi: independent.phi, notes: start.notes,
        correlation: .independence)
    }
    let lowest = -1 / Double(max((members.rows.map(\.count).max() ?? 2) - 1, 1))
    var beta = start.optimum.beta
    for _ in 0..<100 {
      let alpha = system.moments(
        beta, correctsDegreesOfFreedom: correctsDegreesOfFreedom
      ).alpha
      guard alpha > lowest, alpha < 1 else {
        return solution(
          system, beta: start.optimum.beta, alpha: 0, phi: independent.phi,
          notes: start.notes + ["correlation \(alpha) is infeasible; independence used"],
          correlation: .independence)
      }
      let sums = system.sums(beta, alpha: alpha)
      guard
        let step = try? sums.bread.solvingPositiveDefinite(
          DenseMatrix(rows: beta.count, columns: 1, elements: sums.score))
      else { throw .notConverged(iterations: 0) }
      for index in beta.indices { beta[index] += step.elements[index] }
      if step.elements.allSatisfy({ abs($0) < 1e-12 * (1 + abs(beta[0])) }) {
        let final = system.moments(beta, correctsDegreesOfFreedom: correctsDegreesOfFreedom)
        return solution(
          system, beta: beta, alpha: final.alpha, phi: final.phi, notes: start.notes,
          correlation: .exchangeable)
      }
    }
    return solution(
      system, beta: start.optimum.beta, alpha: 0, phi: independent.phi,
      notes: start.notes + ["not converged in 100 steps; independence used"],
      correlation: .independence)
  }

  private func solution(
    _ system: ClusteredSystem, beta: [Double], alpha: Double, phi: Double, notes: [String],
    correlation: Correlation
  ) -> Solution {
    let (robust, corrected) = system.covariances(beta, alpha: alpha)
    return Solution(
      columnNames: system.fit.columnNames,
      coefficients: system.fit.likelihood.coefficients(of: beta), robustCovariance: robust,
      correctedCovariance: corrected, correlation: correlation, alpha: alpha, phi: phi,
      clusterCount: system.clusters.count, rowCount: system.fit.paperCount,
      eventCount: system.fit.eventCount, degreesOfFreedom: system.degreesOfFreedom, notes: notes,
      fit: system.fit.replacing(beta: beta))
  }
}

/// The estimating equations of clustered rows in the standardised coordinates of a fit.
private struct ClusteredSystem {
  let fit: LogisticFit
  let clusters: [[Int]]
  /// The columns of each pattern, one pattern after the other.
  private let values: [Double]

  init(_ fit: LogisticFit, clusters: [[Int]]) {
    self.fit = fit
    self.clusters = clusters
    let x = fit.likelihood.x
    values = (0..<x.rows).flatMap { x.row($0) }
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
    let patterns = fit.likelihood.probabilities(beta)
    return fit.patternOfRow.map { patterns[$0] }
  }

  /// The dispersion and the common correlation of Pearson residuals.
  func moments(_ beta: [Double], correctsDegreesOfFreedom: Bool) -> (phi: Double, alpha: Double) {
    let probabilities = probabilities(beta)
    let residuals = probabilities.indices.map { row -> Double in
      let answer: Double = fit.data.isYes[row] ? 1 : 0
      return (answer - probabilities[row])
        / (probabilities[row] * (1 - probabilities[row])).squareRoot()
    }
    let correction = correctsDegreesOfFreedom ? Double(beta.count) : 0
    let squares = residuals.reduce(0) { $0 + $1 * $1 }
    let phi = squares / max(Double(residuals.count) - correction, 1)
    var (products, pairs) = (0.0, 0.0)
    for rows in clusters {
      let sum = rows.reduce(0) { $0 + residuals[$1] }
      let own = rows.reduce(0) { $0 + residuals[$1] * residuals[$1] }
      products += (sum * sum - own) / 2
      pairs += Double(rows.count * (rows.count - 1)) / 2
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
      let root = spread.squareRoot()
      let gap = (fit.data.isYes[row] ? 1 : 0) - probability
      residualSum += gap / root
      let pattern = fit.patternOfRow[row]
      for column in 0..<width {
        let value = values[pattern * width + column]
        score[column] += value * gap
        sums[column] += value * root
        for other in 0...column {
          bread[column, other] += spread * value * values[pattern * width + other]
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
    let likelihood = fit.likelihood
    let patterns = likelihood.probabilities(beta)
    let gaps = patterns.indices.map {
      likelihood.successes[$0] - likelihood.trials[$0] * patterns[$0]
    }
    var score = likelihood.x.multiplied(by: gaps, transposingSelf: true)
    var bread = likelihood.weightedProducts(
      patterns.indices.map { likelihood.trials[$0] * patterns[$0] * (1 - patterns[$0]) })
    let roots = patterns.map { ($0 * (1 - $0)).squareRoot() }
    var shared = DenseMatrix(rows: width, columns: clusters.count)
    for (cluster, rows) in clusters.enumerated() {
      let share = alpha / (1 + Double(rows.count - 1) * alpha)
      var sums = [Double](repeating: 0, count: width)
      var residualSum = 0.0
      for row in rows {
        let pattern = fit.patternOfRow[row]
        residualSum += ((fit.data.isYes[row] ? 1 : 0) - patterns[pattern]) / roots[pattern]
        for column in 0..<width {
          sums[column] += values[pattern * width + column] * roots[pattern]
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
