public import SurveyStats

/// The two-step model of meta-analysis: effects with known variances, that differ between studies.
///
/// `yᵢ = xᵢ'β + uᵢ + eᵢ`, where uᵢ has the variance τ² and eᵢ the known variance vᵢ. β is estimated by
/// least squares with the weights 1 / (vᵢ + τ²), τ² by one of the ``HeterogeneityMethod``s. Without
/// degrees of freedom (one study; as many moderators as studies) τ² is zero and the note says so; tests
/// are normal then. Cost: O(k p²) for each τ² tried, some tens for likelihoods.
///
/// References: Viechtbauer (2010), *Journal of Statistical Software* 36(3); Knapp & Hartung (2003),
/// *Statistics in Medicine* 22:2693, equation 13.
public struct RandomEffects: Sendable {
  /// How the variance between studies is estimated.
  public var method: HeterogeneityMethod
  /// Where tests and limits of coefficients come from.
  public var test: CoefficientTest
  /// The confidence level.
  public var level: Double

  /// Creates a model.
  public init(
    method: HeterogeneityMethod = .restrictedLikelihood,
    test: CoefficientTest = .boundedKnappHartung, level: Double = 0.95
  ) {
    self.method = method
    self.test = test
    self.level = level
  }

  /// Fits the studies of a table whose effects are known; a design has a row for each of those.
  public func fit(_ studies: StudyEffects, design: DenseMatrix? = nil) throws(MetaError) -> MetaFit
  {
    let known = studies.usable
    var fitted = try fit(
      known.compactMap { studies.effects[$0].value },
      variances: known.compactMap { studies.effects[$0].variance }, design: design)
    fitted.positions = known
    return fitted
  }

  /// Fits effects with their variances, all positive and finite.
  ///
  /// - Parameters:
  ///   - effects: The effects.
  ///   - variances: Their sampling variances.
  ///   - design: One column a coefficient; `nil` for a mean alone.
  ///   - tau2: A variance between studies that is not estimated; `nil` estimates it.
  public func fit(
    _ effects: [Double], variances: [Double], design: DenseMatrix? = nil, tau2: Double? = nil
  ) throws(MetaError) -> MetaFit {
    let model = try MarginalModel(effects, variances: variances, design: design)
    if let tau2 { return try fit(model, tau2: tau2, standardError: nil) }
    let (estimated, error) = try model.heterogeneity(method)
    return try fit(model, tau2: estimated, standardError: error)
  }

  func fit(
    _ model: MarginalModel, tau2: Double, standardError: Double?
  ) throws(MetaError) -> MetaFit {
    let state = try model.state(at: tau2)
    let common = tau2 == 0 ? state : try model.state(at: 0)
    let freedom = model.freedom
    let heights = model.logLikelihoods(state)
    var notes: [Note] = []
    if freedom == 0 {
      notes.append(model.studyCount == 1 ? .singleStudy : .saturated)
    } else if method != .commonEffect {
      let isEqual = common.residuals.allSatisfy {
        abs($0) <= 1e-14 * max(1, abs(model.effects[0]))
      }
      if isEqual { notes.append(.identicalStudies) }
      if tau2 == 0 { notes.append(.noHeterogeneity) }
    }
    var scale = 1.0
    var degreesOfFreedom: Double?
    let isOfLikelihood = test == .satterthwaite || test == .kenwardRoger
    if isOfLikelihood, method != .restrictedLikelihood {
      throw .unfittingModel(
        method.rawValue,
        reason: "has no `test:` \(test.rawValue), which is of REML; take adhoc or knha")
    }
    if freedom > 0, test != .normal {
      degreesOfFreedom = Double(freedom)
      if test == .knappHartung || test == .boundedKnappHartung {
        scale = state.weightedSquares / Double(freedom)
      }
      if test == .boundedKnappHartung, scale < 1 {
        scale = 1
        notes.append(.boundedScale)
      }
    }
    let transform = model.toBasis
    var covariance = transform.multiplied(by: state.inverse).multiplied(
      by: transform, transposingOther: true)
    for index in covariance.elements.indices { covariance.elements[index] *= scale }
    let traceP = model.trace(common)
    var fit = MetaFit(
      method: method, test: test, level: level, studyCount: model.studyCount,
      coefficients: transform.multiplied(by: state.coefficients), covariance: covariance,
      degreesOfFreedom: degreesOfFreedom, tau2: tau2, tau2StandardError: standardError,
      q: freedom > 0 ? common.weightedSquares : 0, qDegreesOfFreedom: freedom,
      typicalVariance: freedom > 0 && traceP > 0 ? Double(freedom) / traceP : 0,
      logLikelihood: heights.full, restrictedLogLikelihood: heights.restricted,
      weights: state.weights,
      leverages: zip(state.weights, state.forms).map { $0 * $1 },
      fitted: zip(model.effects, state.residuals).map { $0 - $1 }, scale: scale, notes: notes)
    if isOfLikelihood, freedom > 0,
      let found = try? model.smallSample(state)?.transformed(by: transform)
    {
      fit.smallSample = found
      if test == .kenwardRoger { fit.covariance = found.adjusted }
      fit.coefficientFreedoms = found.freedoms
      fit.degreesOfFreedom = found.freedoms.min()
    }
    return fit
  }
}
