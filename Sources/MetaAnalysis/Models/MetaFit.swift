public import SurveyStats

/// A fitted meta-analysis or meta-regression on the scale of analysis.
public struct MetaFit: Sendable, Equatable {
  /// How the variance between studies was estimated.
  public var method: HeterogeneityMethod
  /// Where tests and limits come from.
  public var test: CoefficientTest
  /// The confidence level.
  public var level: Double
  /// The number of studies.
  public var studyCount: Int
  /// The coefficients.
  public var coefficients: [Double]
  /// Their covariance matrix, scaled where the test says so.
  public var covariance: DenseMatrix
  /// The degrees of freedom of t and F; `nil` for the normal distribution.
  public var degreesOfFreedom: Double?
  /// The variance between studies.
  public var tau2: Double
  /// Its standard error; `nil` where there is none.
  public var tau2StandardError: Double?
  /// Cochran's Q of residual heterogeneity, at a variance between studies of zero.
  public var q: Double
  /// The degrees of freedom of Q, k − p.
  var qDegreesOfFreedom: Int
  /// The variance of a typical study within itself (Higgins & Thompson 2002), behind I² and H².
  var typicalVariance: Double
  /// The log-likelihood at the estimates.
  public var logLikelihood: Double
  /// The restricted log-likelihood.
  public var restrictedLogLikelihood: Double
  /// The weights of the studies, 1 / (vᵢ + τ²).
  public var weights: [Double]
  /// The leverages: the diagonal of the hat matrix.
  var leverages: [Double]
  /// The fitted effects.
  public var fitted: [Double]
  /// The factor by which ``covariance`` was scaled; one unless the test scales.
  public var scale: Double
  /// What there is to say.
  public var notes: [Note]
  /// The model that was fitted.
  public var model = MetaModel.inverseVariance
  /// The positions of the studies in the table that was fitted; empty where effects alone were given.
  var positions: [Int] = []
  /// Limits that are not symmetric about a coefficient, or lie to one side of an infinite one.
  var likelihoodLimits: LikelihoodLimits?
  /// φ of a ``BetaBinomial``, whose rates vary by it and not by τ².
  var dispersion: Double?
  /// What is particular of effects in clusters.
  public var components: ThreeLevelModel.Components?
  /// How effects of several outcomes vary and go together.
  public var outcomes: MultivariateModel.Components?
  /// Degrees of freedom of each coefficient; empty where all have ``degreesOfFreedom``.
  public var coefficientFreedoms: [Double] = []
  /// Cluster-robust errors, where ``covariance`` is theirs.
  public var robust: ClusterRobust?
  /// What Kenward and Roger's or Satterthwaite's tests need, where they were asked for.
  var smallSample: KenwardRoger?

  /// Limits of a coefficient where the likelihood falls by half a quantile of χ².
  public struct LikelihoodLimits: Sendable, Equatable {
    /// The coefficient.
    public var coefficient: Int
    /// The lower limit; `nil` if it lies at minus infinity.
    public var lower: Double?
    /// The upper limit; `nil` if it lies at infinity.
    public var upper: Double?
  }

  /// The standard errors of the coefficients.
  public var standardErrors: [Double] { covariance.diagonal.map { max($0, 0).squareRoot() } }

  /// I², the share of the variance of effects that lies between studies.
  ///
  /// Of a common effect it is the share of Q beyond its degrees of freedom.
  public var iSquared: Double {
    if method == .commonEffect { return q > 0 ? max(0, 1 - Double(qDegreesOfFreedom) / q) : 0 }
    return tau2 > 0 ? tau2 / (tau2 + typicalVariance) : 0
  }

  /// H², the variance of effects in units of the variance within studies.
  public var hSquared: Double {
    if method == .commonEffect { return qDegreesOfFreedom > 0 ? q / Double(qDegreesOfFreedom) : 1 }
    return typicalVariance > 0 ? 1 + tau2 / typicalVariance : 1
  }

  /// The p-value of Q; `nil` without degrees of freedom.
  var qPValue: Double? {
    qDegreesOfFreedom > 0
      ? ChiSquared(degreesOfFreedom: Double(qDegreesOfFreedom)).survival(q) : nil
  }

  /// The quantile that limits are made with.
  var criticalValue: Double { criticalValue(degreesOfFreedom) }

  /// The degrees of freedom behind a coefficient's limits; of robust errors each has its own.
  func freedom(ofCoefficient index: Int?) -> Double? {
    if let index, index < coefficientFreedoms.count { return coefficientFreedoms[index] }
    return degreesOfFreedom
  }

  /// The quantile that limits are made with.
  private func criticalValue(_ freedom: Double?) -> Double {
    let tail = ConfidenceLevel.tail(level)
    return freedom.map { StudentT(degreesOfFreedom: $0).upperQuantile(tail) }
      ?? Normal().upperQuantile(tail)
  }

  /// A linear combination of coefficients with its limits.
  public func estimate(of contrast: [Double]) -> Estimate {
    var value = 0.0
    var variance = 0.0
    for (i, x) in contrast.enumerated() {
      value += x * coefficients[i]
      for (j, y) in contrast.enumerated() { variance += x * y * covariance[i, j] }
    }
    let error = max(variance, 0).squareRoot()
    if let limits = likelihoodLimits,
      contrast.indices.allSatisfy({
        contrast[$0] == ($0 == limits.coefficient ? 1 : 0)
      })
    {
      return Estimate(
        value.isFinite ? value : nil, standardError: value.isFinite ? error : nil,
        lower: limits.lower, upper: limits.upper, level: level, method: .likelihood,
        count: studyCount, notes: notes)
    }
    let single = contrast.indices.filter { contrast[$0] != 0 }
    let freedom = freedom(ofCoefficient: single.count == 1 ? single[0] : nil)
    let reach = criticalValue(freedom) * error
    return Estimate(
      value, standardError: error, lower: value - reach, upper: value + reach, level: level,
      method: MethodName(rawValue: intervalName), degreesOfFreedom: freedom, count: studyCount,
      notes: notes)
  }

  /// The name of the limits.
  var intervalName: String { robust == nil ? test.rawValue : "CR2" }

  /// A coefficient with its limits.
  public func estimate(ofCoefficient index: Int) -> Estimate {
    estimate(of: coefficients.indices.map { $0 == index ? 1 : 0 })
  }

  /// The two-sided p-value of no coefficient; `nil` with an error of zero.
  public func pValue(ofCoefficient index: Int) -> Double? {
    let error = standardErrors[index]
    guard error > 0 else { return nil }
    let statistic = abs(coefficients[index] / error)
    return 2
      * (freedom(ofCoefficient: index).map {
        StudentT(degreesOfFreedom: $0).survival(statistic)
      }
        ?? Normal().survival(statistic))
  }
}

extension MethodName {
  /// Limits where the likelihood falls by half a quantile of χ².
  public static let likelihood = MethodName(rawValue: "likelihood")
}

extension Note {
  /// One study: nothing is known of other studies.
  public static let singleStudy = Note("single-study", effect: .doubt)
  /// The estimated variance between studies is zero.
  public static let noHeterogeneity = Note("tau2-zero", effect: .remark)
  /// The scale of Knapp and Hartung was below one and was raised to one.
  static let boundedScale = Note("scale-bounded", effect: .remark)
  /// No degrees of freedom are left for heterogeneity.
  static let saturated = Note("saturated", effect: .doubt)
  /// The effects of all studies are equal.
  static let identicalStudies = Note("identical-effects", effect: .remark)
}
