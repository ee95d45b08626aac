import RealModule

/// Logistic regression with a normal random intercept a cluster.
///
/// The model is logit P(yes) = x'β + σ z with z standard normal, one a cluster (a paper, when rows
/// are cells), so that β are log odds ratios within a cluster; population rates follow from
/// ``Fit/marginalProbability(_:)``. The likelihood of each cluster is integrated by adaptive
/// Gauss–Hermite quadrature around its mode (one node is Laplace's approximation, too coarse for
/// small clusters); β and σ are found by Newton's method with the observed information of Louis's
/// identity on the same nodes. An estimate of σ below 10⁻³ is reported as 0 with the note
/// `boundary`, and the coefficients are those of plain logistic regression.
///
/// Errors as for logistic regression; separated outcomes have no estimate. Cost of a step:
/// O(rows × nodes + rows × columns²) and O(clusters × nodes × columns²).
///
/// References: Pinheiro & Bates (1995), JCGS 4:12; Louis (1982), JRSS B 44:226; Self & Liang
/// (1987), JASA 82:605 (test at the boundary).
public struct RandomInterceptRegression: Sendable {
  /// The number of quadrature nodes.
  public var nodes: Int

  /// Creates a regression.
  public init(nodes: Int = 25) {
    precondition(nodes > 0, "a quadrature needs a node")
    self.nodes = nodes
  }

  /// A fitted model.
  public struct Fit: Sendable {
    /// The names of the columns.
    public let columnNames: [String]
    /// The coefficients, log odds ratios within a cluster.
    public let coefficients: [Double]
    /// The covariance of the coefficients, σ being estimated as well.
    public let covariance: DenseMatrix
    /// The standard deviation σ of the intercepts.
    public let standardDeviation: Double
    /// Its standard error; `nil` at the boundary.
    public let standardDeviationError: Double?
    /// The log-likelihood.
    public let logLikelihood: Double
    /// The log-likelihood without random intercepts.
    public let plainLogLikelihood: Double
    /// The number of clusters.
    public let clusterCount: Int
    /// The number of rows.
    public let rowCount: Int
    /// The columns left out, and `boundary`.
    public let notes: [String]
    fileprivate let rule: HermiteRule

    /// The standard errors of the coefficients.
    public var standardErrors: [Double] { covariance.diagonal.map { max(0, $0).squareRoot() } }

    /// The p-value of no differences between clusters: half that of χ² with one degree of freedom.
    public var standardDeviationPValue: Double {
      let ratio = 2 * (logLikelihood - plainLogLikelihood)
      return ratio > 0 ? ChiSquared(degreesOfFreedom: 1).survival(ratio) / 2 : 1
    }

    /// The population probability at a linear predictor: the mean over clusters.
    public func marginalProbability(_ predictor: Double) -> Double {
      zip(rule.nodes, rule.weights).reduce(0) { sum, node in
        sum + node.1 * logistic(predictor + standardDeviation * node.0)
      }
    }
  }

  /// Fits the model; `clusters` has one label a row of the design's source, rows without a label
  /// being clusters of their own.
  public func fit(_ design: DesignMatrix, outcome: BinaryOutcome, clusters: [String?])
    throws(LogisticRegressionError) -> Fit
  {
    guard clusters.count == design.paperCount else { throw .dimensionMismatch("clusters") }
    guard let rule = HermiteRule(count: nodes) else { throw .notConverged(iterations: 0) }
    let plain = try LogisticRegression(estimation: .maximumLikelihood).fit(
      design, outcome: outcome)
    let members = ClusterMembers(plain.papers.map { clusters[$0] })
    let integral = ClusterIntegral(plain, clusters: members.rows, rule: rule)
    var parameters = plain.optimum.beta + [1.0]
    guard var value = integral.evaluate(parameters) else { throw .notConverged(iterations: 0) }
    for iteration in 1...200 {
      let right = DenseMatrix(rows: parameters.count, columns: 1, elements: value.score)
      let step =
        (try? value.information.solvingPositiveDefinite(right))?.elements
        ?? (try? value.completeInformation.solvingPositiveDefinite(right))?.elements
      guard let step else { throw .notConverged(iterations: iteration) }
      let decrement = zip(step, value.score).reduce(0) { $0 + $1.0 * $1.1 }
      let isAtBoundary = abs(parameters[parameters.count - 1]) < 1e-3
      if decrement < 1e-16 || isAtBoundary {
        return result(plain, members: members, parameters: parameters, value: value, rule: rule)
      }
      var fraction = 1.0
      while true {
        let candidate = zip(parameters, step).map { $0 + fraction * $1 }
        if let next = integral.evaluate(candidate),
          next.logLikelihood >= value.logLikelihood - 1e-11 * (1 + abs(value.logLikelihood))
        {
          parameters = candidate
          value = next
          break
        }
        fraction /= 2
        guard fraction > 1e-8 else { throw .notConverged(iterations: iteration) }
      }
    }
    throw .notConverged(iterations: 200)
  }

  private func result(
    _ plain: LogisticFit, members: ClusterMembers, parameters: [Double],
    value: ClusterIntegral.Value, rule: HermiteRule
  ) -> Fit {
    let last = parameters.count - 1
    let sigma = abs(parameters[last])
    let inverse = try? value.information.positiveDefiniteInverse()
    guard sigma >= 1e-3, let inverse, value.logLikelihood > plain.logLikelihood else {
      return Fit(
        columnNames: plain.columnNames, coefficients: plain.coefficients,
        covariance: plain.covariance, standardDeviation: 0, standardDeviationError: nil,
        logLikelihood: plain.logLikelihood, plainLogLikelihood: plain.logLikelihood,
        clusterCount: members.count, rowCount: plain.paperCount,
        notes: plain.notes + ["boundary"], rule: rule)
    }
    let own = Array(0..<last)
    return Fit(
      columnNames: plain.columnNames,
      coefficients: plain.likelihood.coefficients(of: Array(parameters[..<last])),
      covariance: plain.likelihood.covariance(
        ofStandardized: inverse.selecting(rows: own, columns: own)),
      standardDeviation: sigma, standardDeviationError: inverse[last, last].squareRoot(),
      logLikelihood: value.logLikelihood, plainLogLikelihood: plain.logLikelihood,
      clusterCount: members.count, rowCount: plain.paperCount, notes: plain.notes, rule: rule)
  }
}

/// Nodes and weights whose weighted sum is the mean of a function of a standard normal variable:
/// eigenvalues and vectors of the Jacobi matrix of the Hermite polynomials (Golub & Welsch 1969).
private struct HermiteRule: Sendable {
  let nodes: [Double]
  let weights: [Double]

  init?(count: Int) {
    var jacobi = DenseMatrix(rows: count, columns: count)
    for index in 1..<max(count, 1) {
      jacobi[index - 1, index] = Double(index).squareRoot()
      jacobi[index, index - 1] = jacobi[index - 1, index]
    }
    guard let eigen = try? jacobi.symmetricEigen() else { return nil }
    nodes = eigen.values
    weights = (0..<count).map { eigen.vectors[0, $0] * eigen.vectors[0, $0] }
  }
}

/// The integrated log-likelihood over clusters with its derivatives in (β, σ).
private struct ClusterIntegral {
  struct Value {
    var logLikelihood = 0.0
    var score: [Double]
    /// The observed information.
    var information: DenseMatrix
    /// The information if the intercepts were known: always positive definite.
    var completeInformation: DenseMatrix
  }

  private let fit: LogisticFit
  private let clusters: [[Int]]
  private let rule: HermiteRule

  init(_ fit: LogisticFit, clusters: [[Int]], rule: HermiteRule) {
    self.fit = fit
    self.clusters = clusters
    self.rule = rule
  }

  func evaluate(_ parameters: [Double]) -> Value? {
    let width = parameters.count
    let sigma = parameters[width - 1]
    let patternPredictors = fit.likelihood.linearPredictors(Array(parameters.dropLast()))
    let predictors = fit.patternOfRow.map { patternPredictors[$0] }
    var total = Value(
      score: [Double](repeating: 0, count: width),
      information: DenseMatrix(rows: width, columns: width),
      completeInformation: DenseMatrix(rows: width, columns: width))
    for rows in clusters {
      guard add(rows, predictors: predictors, sigma: sigma, to: &total) else { return nil }
    }
    total.completeInformation.elements.indices.forEach {
      total.information.elements[$0] += total.completeInformation.elements[$0]
    }
    return total.logLikelihood.isFinite ? total : nil
  }

  /// Adds one cluster; the information receives only the variance of the scores, negated.
  private func add(_ rows: [Int], predictors: [Double], sigma: Double, to total: inout Value)
    -> Bool
  {
    let width = total.score.count
    let (mode, scale) = mode(rows, predictors: predictors, sigma: sigma)
    let logs = rule.nodes.indices.map { node -> Double in
      let z = mode + scale * rule.nodes[node]
      let gap = (rule.nodes[node] * rule.nodes[node] - z * z) / 2
      return Double.log(rule.weights[node] * scale) + gap
        + logDensity(rows, predictors: predictors, shift: sigma * z)
    }
    guard let largest = logs.max(), largest.isFinite else { return false }
    let shares = logs.map { Double.exp($0 - largest) }
    let sum = shares.reduce(0, +)
    total.logLikelihood += largest + Double.log(sum)

    var meanScore = [Double](repeating: 0, count: width)
    var products = DenseMatrix(rows: width, columns: width)
    var slopes = [Double](repeating: 0, count: rows.count)
    var slopesByIntercept = slopes
    var curvature = 0.0
    for (node, share) in shares.enumerated() {
      let weight = share / sum
      let z = mode + scale * rule.nodes[node]
      var score = [Double](repeating: 0, count: width)
      for (index, row) in rows.enumerated() {
        let probability = logistic(predictors[row] + sigma * z)
        let residual = (fit.data.isYes[row] ? 1 : 0) - probability
        let slope = weight * probability * (1 - probability)
        slopes[index] += slope
        slopesByIntercept[index] += slope * z
        curvature += slope * z * z
        let pattern = fit.patternOfRow[row]
        for column in 0..<width - 1 {
          score[column] += residual * fit.likelihood.x[pattern, column]
        }
        score[width - 1] += residual * z
      }
      for column in 0..<width {
        meanScore[column] += weight * score[column]
        for other in 0..<width {
          products[other, column] += weight * score[other] * score[column]
        }
      }
    }
    for (index, row) in rows.enumerated() {
      let pattern = fit.patternOfRow[row]
      for column in 0..<width - 1 {
        let value = fit.likelihood.x[pattern, column]
        for other in 0..<width - 1 {
          total.completeInformation[other, column] +=
            slopes[index] * value * fit.likelihood.x[pattern, other]
        }
        total.completeInformation[width - 1, column] += slopesByIntercept[index] * value
        total.completeInformation[column, width - 1] += slopesByIntercept[index] * value
      }
    }
    total.completeInformation[width - 1, width - 1] += curvature
    for column in 0..<width {
      total.score[column] += meanScore[column]
      for other in 0..<width {
        total.information[other, column] +=
          meanScore[other] * meanScore[column] - products[other, column]
      }
    }
    return true
  }

  /// The log-probability of the answers of a cluster with the predictors shifted.
  private func logDensity(_ rows: [Int], predictors: [Double], shift: Double) -> Double {
    rows.reduce(0) { sum, row in
      let predictor = predictors[row] + shift
      return sum - softplus(fit.data.isYes[row] ? -predictor : predictor)
    }
  }

  /// The mode of the intercept given the answers, and the scale of a normal density around it.
  private func mode(_ rows: [Int], predictors: [Double], sigma: Double) -> (Double, Double) {
    var z = 0.0
    var curvature = 1.0
    for _ in 0..<100 {
      var slope = -z
      curvature = 1
      for row in rows {
        let probability = logistic(predictors[row] + sigma * z)
        slope += sigma * ((fit.data.isYes[row] ? 1 : 0) - probability)
        curvature += sigma * sigma * probability * (1 - probability)
      }
      let step = max(-2, min(2, slope / curvature))
      z += step
      if abs(step) < 1e-12 { break }
    }
    return (z, 1 / curvature.squareRoot())
  }
}
