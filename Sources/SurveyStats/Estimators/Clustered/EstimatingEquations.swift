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
/// Weights of papers multiply what their rows contribute: a row counts with the root of its weight in
/// residuals and derivatives, as if its variance were so many times smaller; weights of equal rows in a
/// cluster multiply the cluster's equations. They are scaled to add up to Kish's effective number of rows, and
/// enter φ and α. The sandwich is right for them.
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
  var correctsDegreesOfFreedom: Bool

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
    let eventCount: Int
    /// The degrees of freedom of each coefficient's t statistic: clusters less the columns that do
    /// not vary within clusters; for the other columns rows less clusters and columns.
    public let degreesOfFreedom: [Double]
    /// The columns left out, and why another correlation was used than asked for.
    public let notes: [String]
    /// The model with these coefficients, for effects and predictions.
    let fit: LogisticFit
    /// The equations and their coefficients, for replicates.
    let system: ClusteredSystem
    let beta: [Double]
    let correctsDegreesOfFreedom: Bool
  }

  /// Solves the equations; `clusters` has one label a row of the design's source, rows without a
  /// label being clusters of their own, `weights` one weight a row, none for ones.
  public func fit(
    _ design: DesignMatrix, outcome: BinaryOutcome, clusters: [String?], weights: [Double]? = nil
  ) throws(LogisticRegressionError) -> Solution {
    guard clusters.count == design.paperCount else { throw .dimensionMismatch("clusters") }
    let start = try LogisticRegression(estimation: .maximumLikelihood, weighting: .sampling).fit(
      design, outcome: outcome, weights: weights)
    let members = ClusterMembers(start.papers.map { clusters[$0] })
    let system = ClusteredSystem(start, clusters: members.rows)
    let independent = system.moments(
      start.optimum.beta, correctsDegreesOfFreedom: correctsDegreesOfFreedom)
    guard correlation == .exchangeable, members.rows.contains(where: { $0.count > 1 }) else {
      return solution(
        system, beta: start.optimum.beta, alpha: 0, phi: independent.phi, notes: start.notes,
        correlation: .independence)
    }
    func independence(_ note: String) -> Solution {
      solution(
        system, beta: start.optimum.beta, alpha: 0, phi: independent.phi,
        notes: start.notes + [note], correlation: .independence)
    }
    switch system.solve(
      from: start.optimum.beta, correlation: .exchangeable,
      correctsDegreesOfFreedom: correctsDegreesOfFreedom)
    {
    case .solved(let beta):
      let final = system.moments(beta, correctsDegreesOfFreedom: correctsDegreesOfFreedom)
      return solution(
        system, beta: beta, alpha: final.alpha, phi: final.phi, notes: start.notes,
        correlation: .exchangeable)
    case .infeasible(let alpha):
      return independence("correlation \(alpha) is infeasible; independence used")
    case .notConverged: return independence("not converged in 100 steps; independence used")
    case .singular: throw .notConverged(iterations: 0)
    }
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
      fit: system.fit.replacing(beta: beta), system: system, beta: beta,
      correctsDegreesOfFreedom: correctsDegreesOfFreedom)
  }
}

extension EstimatingEquations.Solution: FittedModel {
  /// The names of the columns.
  public var terms: [String] { columnNames }
  /// The covariance of Mancl and DeRouen.
  public var coefficientCovariance: DenseMatrix { correctedCovariance }
  /// Those of t statistics over clusters.
  public var coefficientFreedoms: [Double]? { degreesOfFreedom }
  /// None: estimating equations have no likelihood.
  public var maximizedLogLikelihood: Double? { nil }
  /// The number of rows.
  public var observationCount: Int { rowCount }
}
