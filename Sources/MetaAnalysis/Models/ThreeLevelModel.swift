import RealModule
public import SurveyStats

/// Effects in clusters: several of a paper, a laboratory or a district, that are more alike than others.
///
/// `y = Xβ + u(cluster) + w(effect) + e`, with variances σ₁² between clusters, σ₂² between effects of a
/// cluster, and known sampling variances, whose errors within a cluster may correlate by a given ρ as those
/// of the same papers do. The variances maximise the restricted likelihood, searched from several starts
/// between bounds. Standard errors are cluster-robust: CR2 of Bell & McCaffrey with the fitted model as
/// working covariance, t limits with Satterthwaite's degrees of freedom, so that they hold when the working
/// model is wrong (Pustejovsky & Tipton 2018, *Journal of Business & Economic Statistics* 36:672, equations
/// 5, 11 and 14). With fewer than two clusters there is no robust error, and the model's stands in. Cost:
/// O(Σ mc³) of clusters of mc effects for each pair of variances tried. Tests by Kenward and Roger's or
/// Satterthwaite's method take the model's own errors instead.
///
/// Reference: Konstantopoulos (2011), *Research Synthesis Methods* 2:61.
public struct ThreeLevelModel: Sendable {
  /// The correlation of sampling errors within a cluster.
  public var correlation: Double
  /// `satterthwaite`, `kr` or `z` for errors of the model; `nil` for cluster-robust ones.
  public var test: CoefficientTest?
  /// The confidence level.
  public var level: Double

  /// Creates a model.
  public init(correlation: Double = 0, test: CoefficientTest? = nil, level: Double = 0.95) {
    self.correlation = correlation
    self.test = test
    self.level = level
  }

  /// What is particular of clusters.
  public struct Components: Sendable, Equatable {
    /// The variance between clusters.
    public var between: Double
    /// The variance between effects of a cluster.
    public var within: Double
    /// The number of clusters.
    public var clusterCount: Int
  }

  /// Fits effects in clusters; the clusters are of the usable studies, as are the rows of a design.
  public func fit(
    _ studies: StudyEffects, clusters: [String], design: DenseMatrix? = nil
  ) throws(MetaError) -> MetaFit {
    let known = studies.usable
    precondition(clusters.count == known.count, "a cluster for each usable study")
    let effects = known.compactMap { studies.effects[$0].value }
    let variances = known.compactMap { studies.effects[$0].variance }
    let plain = try MarginalModel(effects, variances: variances, design: design)
    // σ₁²: a block of ones; σ₂²: the identity.
    let problem = ClusteredEffects(
      effects, variances: variances, clusters: clusters, correlation: correlation,
      design: design ?? DenseMatrix(rows: effects.count, columns: 1, repeating: 1)
    ) { rows in
      [
        DenseMatrix(rows: rows.count, columns: rows.count, repeating: 1),
        DenseMatrix(diagonal: rows.map { _ in 1 }),
      ]
    }
    var components = Components(between: 0, within: 0, clusterCount: problem.blocks.count)
    guard plain.freedom > 0 else {
      var fit = try RandomEffects(test: .normal, level: level).fit(studies, design: design)
      fit.model = .threeLevel
      fit.components = components
      return fit
    }
    let scale = max(try plain.heterogeneity(.derSimonianLaird).tau2, variances.min() ?? 1)
    let found = try problem.mostLikely(
      from: [[0.5, 0.5], [0.9, 0.1], [0.1, 0.9], [0, 0], [4, 1]], lower: [0, 0]
    ) { point in (point.map { $0 * scale }, DenseMatrix(diagonal: [scale, scale])) }
    (components.between, components.within) = (found[0], found[1])
    let state = try problem.state(at: found)
    var fit = MetaFit(
      clustered: state, common: try problem.state(at: [0, 0]), of: plain, level: level,
      tau2: found[0] + found[1])
    fit.model = .threeLevel
    fit.positions = known
    fit.components = components
    if found == [0, 0] { fit.notes.append(.noHeterogeneity) }
    // Where every cluster has one effect there is one variance to know.
    let hasPairs = problem.blocks.contains { $0.rows.count > 1 }
    try fit.setTest(test, of: hasPairs ? problem : problem.keeping([1]), state)
    return fit
  }
}

extension MetaFit {
  /// A fit of effects in clusters, with the errors of the model.
  init(
    clustered state: ClusteredEffects.State, common: ClusteredEffects.State,
    of plain: MarginalModel, level: Double, tau2: Double
  ) {
    let traceP = (try? plain.state(at: 0)).map { plain.trace($0) } ?? 0
    self.init(
      method: .restrictedLikelihood, test: .normal, level: level, studyCount: plain.studyCount,
      coefficients: state.coefficients, covariance: state.inverse, degreesOfFreedom: nil,
      tau2: tau2, tau2StandardError: nil, q: common.weightedSquares,
      qDegreesOfFreedom: plain.freedom,
      typicalVariance: traceP > 0 ? Double(plain.freedom) / traceP : 0,
      logLikelihood: state.logLikelihood, restrictedLogLikelihood: state.restrictedLogLikelihood,
      weights: plain.variances.map { 1 / ($0 + tau2) },
      leverages: [Double](repeating: 0, count: plain.studyCount), fitted: state.fitted, scale: 1,
      notes: [])
  }

  /// Takes the errors of a test: cluster-robust ones without any.
  mutating func setTest(
    _ test: CoefficientTest?, of problem: ClusteredEffects, _ state: ClusteredEffects.State
  ) throws(MetaError) {
    switch test {
    case nil:
      guard let found = try problem.robust(state) else {
        notes.append(.fewerThanTwoClusters)
        return
      }
      self.test = .t
      robust = found
      covariance = found.covariance
      coefficientFreedoms = found.freedoms
    case .satterthwaite, .kenwardRoger:
      guard let found = try problem.smallSample(state) else {
        notes.append(.undeterminedVariances)
        return
      }
      self.test = test ?? .t
      smallSample = found
      if test == .kenwardRoger { covariance = found.adjusted }
      coefficientFreedoms = found.freedoms
    case .normal: return
    case .t, .knappHartung, .boundedKnappHartung:
      throw .unfittingModel(
        "with clusters", reason: "has cluster-robust tests without `test:`, kr, satterthwaite and z"
      )
    }
    degreesOfFreedom = coefficientFreedoms.min()
  }
}

extension Note {
  /// Fewer than two clusters leave no robust standard error; that of the model stands in.
  static let fewerThanTwoClusters = Note("fewer-than-2-clusters", effect: .doubt)
  /// The data do not tell the variances of effects apart, so that their errors are unknown; limits are
  /// normal.
  static let undeterminedVariances = Note("variances-undetermined", effect: .doubt)
}
