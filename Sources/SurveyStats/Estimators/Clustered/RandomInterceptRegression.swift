import RealModule

/// Logistic regression with a normal random intercept a cluster.
///
/// The model is logit P(yes) = x'β + σ z with z standard normal, one a cluster (a paper, when rows
/// are cells), so that β are log odds ratios within a cluster; population rates follow from
/// ``Fit/marginalProbability(_:)``. The likelihood of each cluster is integrated by adaptive
/// Gauss–Hermite quadrature around its mode; β and σ are found by Newton's method with the observed
/// information of Louis's identity on the same nodes. One node is Laplace's approximation (lme4's
/// default, coarse for small clusters): it is maximised by its own gradient, and its information is
/// the numerical derivative of that gradient. An estimate of σ below 10⁻³ is reported as 0 with the
/// note that intercepts do not vary, and the coefficients are those of plain logistic regression.
///
/// Profile limits of a coefficient are the values that the likelihood-ratio test does not reject, the other
/// coefficients and σ being found anew.
///
/// Weights of clusters multiply their log-likelihoods (a pseudo-likelihood); errors are then of the sandwich, and
/// there are neither profile limits nor a test of σ. The rows of a cluster have one weight.
///
/// Errors as for logistic regression; separated outcomes have no estimate. Cost of a step:
/// O(rows × nodes × columns + patterns × columns²) and O(clusters × nodes × columns²).
///
/// References: Pinheiro & Bates (1995), JCGS 4:12; Louis (1982), JRSS B 44:226; Self & Liang
/// (1987), JASA 82:605 (test at the boundary); Rabe-Hesketh & Skrondal (2006), JRSS A 169:805
/// (weights).
public struct RandomInterceptRegression: Sendable {
  /// The number of quadrature nodes; one for Laplace's approximation.
  public var nodes: Int

  /// The fewest nodes, other than one, with which score and likelihood agree well enough.
  public static let fewestNodes = 9

  /// What is said when σ is estimated as zero.
  static let boundaryNote = "the clusters' intercepts are estimated not to vary"

  /// Creates a regression with one node, or nine and more.
  public init(nodes: Int = 25) {
    precondition(nodes == 1 || nodes >= Self.fewestNodes, "one node, or nine and more")
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
    let plainLogLikelihood: Double
    /// Whether clusters had weights.
    let isWeighted: Bool
    /// The number of clusters.
    public let clusterCount: Int
    /// The number of rows.
    public let rowCount: Int
    /// The number of rows whose outcome is yes.
    let eventCount: Int
    /// The columns left out, and `boundaryNote`.
    public let notes: [String]
    /// The number of quadrature nodes; one for Laplace's approximation.
    public let nodes: Int
    let rule: GaussHermite
    /// The model with these coefficients, but without random intercepts.
    let fit: LogisticFit
    /// The covariance of the coefficients and σ; `nil` at the boundary.
    let jointCovariance: DenseMatrix?
    /// The profile limits and likelihood-ratio statistics of the coefficients that were asked for.
    var profiles: [Int: Profile] = [:]

    /// What the likelihood says of a coefficient when all else is found anew.
    struct Profile: Sendable {
      /// The limits; `nil` where there is none.
      var lower: Double?
      var upper: Double?
      /// Twice the fall of the log-likelihood with the coefficient zero.
      var ratio: Double?
    }

    /// The model whose probabilities are means over the population of clusters.
    var population: (fit: LogisticFit, covariance: DenseMatrix) {
      guard let jointCovariance else { return (fit, covariance) }
      var population = fit
      population.mixing = InterceptMixing(rule: rule, standardDeviation: standardDeviation)
      return (population, jointCovariance)
    }

    /// The standard errors of the coefficients.
    public var standardErrors: [Double] { covariance.diagonal.map { max(0, $0).squareRoot() } }

    /// The p-value of no differences between clusters: half that of χ² with one degree of freedom; `nil` with
    /// weights.
    public var standardDeviationPValue: Double? {
      guard !isWeighted else { return nil }
      let ratio = 2 * (logLikelihood - plainLogLikelihood)
      return ratio > 0 ? ChiSquared(degreesOfFreedom: 1).survival(ratio) / 2 : 1
    }

    /// The correlation of two answers of a cluster on the latent scale, σ²/(σ² + π²/3).
    var intraclassCorrelation: Double {
      let variance = standardDeviation * standardDeviation
      return variance / (variance + Double.pi * Double.pi / 3)
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
  ///
  /// - Parameters:
  ///   - design: The columns.
  ///   - outcome: The outcome.
  ///   - clusters: The clusters.
  ///   - isProfiled: Whether the column of a name gets profile limits; `nil` for Wald limits of all.
  ///   - weights: One weight a row of the design's source, the same for all rows of a cluster; none for ones.
  ///   - level: The confidence level of profile limits.
  public func fit(
    _ design: DesignMatrix, outcome: BinaryOutcome, clusters: [String?], weights: [Double]? = nil,
    profiling isProfiled: ((String) -> Bool)? = nil, level: Double = 0.95
  ) throws(LogisticRegressionError) -> Fit {
    guard clusters.count == design.paperCount else { throw .dimensionMismatch("clusters") }
    let isLaplace = nodes == 1
    guard let rule = try? GaussHermite(count: isLaplace ? Self.fewestNodes : nodes) else {
      throw .notConverged(iterations: 0)
    }
    let plain = try LogisticRegression(estimation: .maximumLikelihood, weighting: .sampling).fit(
      design, outcome: outcome, weights: weights)
    let members = ClusterMembers(plain.papers.map { clusters[$0] })
    let own = plain.data.weights
    for rows in members.rows where rows.contains(where: { own[$0] != own[rows[0]] }) {
      throw .unequalWeights(cluster: clusters[plain.papers[rows[0]]] ?? "")
    }
    let integral = ClusterIntegral(
      plain, clusters: members.rows,
      weights: weights == nil ? nil : members.rows.map { own[$0[0]] }, rule: rule)
    var parameters = plain.optimum.beta + [1.0]
    func evaluate(_ parameters: [Double]) -> ClusterIntegral.Value? {
      guard var value = integral.evaluate(parameters) else { return nil }
      if isLaplace {
        let laplace = integral.laplace(parameters)
        value.logLikelihood = laplace.logLikelihood
        value.score = laplace.score
      }
      return value
    }
    guard var value = evaluate(parameters) else { throw .notConverged(iterations: 0) }
    for iteration in 1...200 {
      let right = DenseMatrix(rows: parameters.count, columns: 1, elements: value.score)
      let step =
        (try? value.information.solvingPositiveDefinite(right))?.elements
        ?? (try? value.completeInformation.solvingPositiveDefinite(right))?.elements
      guard let step else { throw .notConverged(iterations: iteration) }
      let decrement = zip(step, value.score).reduce(0) { $0 + $1.0 * $1.1 }
      let isAtBoundary = abs(parameters[parameters.count - 1]) < 1e-3
      if decrement < (isLaplace ? 1e-13 : 1e-16) || isAtBoundary {
        if isLaplace { value.information = integral.laplaceInformation(parameters) }
        var found = result(
          plain, members: members, parameters: parameters, clusters: clusters, value: value,
          rule: rule, isWeighted: weights != nil)
        guard let isProfiled, !found.isWeighted, found.jointCovariance != nil else { return found }
        for column in plain.columnNames.indices where isProfiled(plain.columnNames[column]) {
          found.profiles[column] = RandomInterceptProfile(
            contrast: plain.likelihood.contrast(of: column) + [0], optimum: parameters,
            maximum: value.logLikelihood, estimate: found.coefficients[column],
            standardError: found.standardErrors[column], evaluate: evaluate
          )(level: level)
        }
        return found
      }
      var fraction = 1.0
      while true {
        let candidate = zip(parameters, step).map { $0 + fraction * $1 }
        if let next = evaluate(candidate),
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
    clusters: [String?], value: ClusterIntegral.Value, rule: GaussHermite, isWeighted: Bool
  ) -> Fit {
    let last = parameters.count - 1
    let sigma = abs(parameters[last])
    var notes = plain.notes
    if isWeighted {
      notes.append("weighted clusters, sandwich errors, no likelihood")
      if members.count < 50 { notes.append("few clusters (\(members.count))") }
    }
    var inverse = try? value.information.positiveDefiniteInverse()
    if isWeighted {
      inverse = inverse.map { $0.multiplied(by: value.scoreProducts).multiplied(by: $0) }
    }
    guard sigma >= 1e-3, let inverse, value.logLikelihood > plain.logLikelihood else {
      return Fit(
        columnNames: plain.columnNames, coefficients: plain.coefficients,
        covariance: isWeighted
          ? plain.covariance(.cr2, clusters: clusters)?.matrix ?? plain.covariance
          : plain.covariance, standardDeviation: 0, standardDeviationError: nil,
        logLikelihood: plain.logLikelihood, plainLogLikelihood: plain.logLikelihood,
        isWeighted: isWeighted, clusterCount: members.count, rowCount: plain.paperCount,
        eventCount: plain.eventCount,
        notes: notes + [Self.boundaryNote], nodes: nodes, rule: rule, fit: plain,
        jointCovariance: nil)
    }
    let own = Array(0..<last)
    let covariance = plain.likelihood.covariance(
      ofStandardized: inverse.selecting(rows: own, columns: own))
    var joint = DenseMatrix(rows: last + 1, columns: last + 1)
    joint[last, last] = inverse[last, last]
    for row in own {
      for column in own { joint[row, column] = covariance[row, column] }
      // σ is parameter and its absolute value estimate: their signs go together.
      let sign = parameters[last] < 0 ? -1.0 : 1
      let contrast = plain.likelihood.contrast(of: row)
      let cross = sign * own.reduce(0) { $0 + contrast[$1] * inverse[$1, last] }
      joint[row, last] = cross
      joint[last, row] = cross
    }
    return Fit(
      columnNames: plain.columnNames,
      coefficients: plain.likelihood.coefficients(of: Array(parameters[..<last])),
      covariance: covariance, standardDeviation: sigma,
      standardDeviationError: inverse[last, last].squareRoot(),
      logLikelihood: value.logLikelihood, plainLogLikelihood: plain.logLikelihood,
      isWeighted: isWeighted, clusterCount: members.count, rowCount: plain.paperCount,
      eventCount: plain.eventCount, notes: notes, nodes: nodes, rule: rule,
      fit: plain.replacing(beta: Array(parameters[..<last])), jointCovariance: joint)
  }
}

extension RandomInterceptRegression.Fit: FittedModel {
  /// The names of the columns.
  public var terms: [String] { columnNames }
  /// The covariance of the fixed effects.
  public var coefficientCovariance: DenseMatrix { covariance }
  /// The log-likelihood, integrated over the intercepts; none with weights, where it is no likelihood.
  public var maximizedLogLikelihood: Double? { isWeighted ? nil : logLikelihood }
  /// The number of rows.
  public var observationCount: Int { rowCount }
  /// The fixed effects, and the standard deviation of the intercepts.
  public var modelParameterCount: Int { coefficients.count + 1 }
}
