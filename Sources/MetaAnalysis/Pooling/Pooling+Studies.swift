import RealModule
public import SurveyStats

extension Pooling {
  /// Pools studies without moderators.
  ///
  /// Whatever the studies are there is a row: where no effect is defined it says so in a note.
  ///
  /// - Throws: ``MetaError`` where the model is not one of such studies.
  public func estimate(
    _ studies: StudyEffects, term: String? = nil
  ) throws(MetaError) -> PooledStudies {
    var row = PooledStudies(
      term: term, measure: studies.measure, studyCount: studies.count, notes: [])
    let positions = positions(of: studies)
    if positions.count < studies.count {
      row.notes.append(.studiesLeftOut(studies.count - positions.count))
    }
    guard !positions.isEmpty else {
      row.notes.insert(.noUsableStudy, at: 0)
      return row
    }
    var fit = try fit(studies)
    if interval != .wald { try replaceLimits(of: &fit, studies) }
    row.fit = fit
    row.pooledCount = positions.count
    let sizes = positions.compactMap { studies.counts[$0]?.size }
    row.size = sizes.count == positions.count ? sizes.reduce(0, +) : nil
    let harmonic =
      sizes.count == positions.count
      ? Double(sizes.count) / sizes.reduce(0) { $0 + 1 / $1 } : nil
    row.harmonicSize = harmonic
    row.analysed = fit.estimate(ofCoefficient: 0)
    row.estimate = natural(fit, row.analysed, studies.measure, size: harmonic)
    if !fit.isAtEnd, fit.model != .betaBinomial {
      row.mean = studies.measure.naturalMean(fit.coefficients[0], tau2: fit.tau2, size: harmonic)
    } else {
      row.mean = row.estimate.value
    }
    try predict(&row, fit, studies, size: harmonic)
    try limitVariance(&row, fit, studies)
    row.notes += fit.notes
    if studies.measure == .freemanTukey {
      let other = try? StudyEffects(
        .arcsine, labels: studies.labels, counts: studies.counts, correction: studies.correction)
      var plain = self
      plain.model = .inverseVariance
      let alternative = try? other.map { other throws(MetaError) in try plain.fit(other) }
      let rate = alternative.flatMap { EffectMeasure.arcsine.natural($0.coefficients[0]) }
      row.notes.append(.freemanTukey(rate))
    }
    if positions.contains(where: { position in
      studies.effects[position].notes.contains { $0.code == "continuity-correction" }
    }), fit.model == .inverseVariance {
      row.notes.append(
        .correctedStudies(
          positions.count { position in
            studies.effects[position].notes.contains { $0.code == "continuity-correction" }
          }))
    }
    return row
  }

  /// The estimate and its limits, each on the natural scale.
  private func natural(
    _ fit: MetaFit, _ analysed: Estimate, _ measure: EffectMeasure, size: Double?
  ) -> Estimate {
    var estimate = analysed
    let value = fit.coefficients[0]
    estimate.value = value.isNaN ? nil : measure.natural(value, size: size)
    // The delta method would give an error that belongs to no limit; the scale of analysis has it.
    estimate.standardError = measure.naturalScale == .identity ? analysed.standardError : nil
    estimate.lower = analysed.lower.flatMap { measure.natural($0, size: size) }
    estimate.upper = analysed.upper.flatMap { measure.natural($0, size: size) }
    if let value = estimate.value {
      // Miller's inverse turns back beyond its ends.
      estimate.lower = estimate.lower.map { min($0, value) }
      estimate.upper = estimate.upper.map { max($0, value) }
    }
    if fit.isAtEnd, estimate.value != nil, analysed.lower != nil || analysed.upper != nil {
      // To its own side the limit is the end itself.
      if value < 0 { estimate.lower = estimate.value } else { estimate.upper = estimate.value }
    }
    return estimate
  }

  private func predict(
    _ row: inout PooledStudies, _ fit: MetaFit, _ studies: StudyEffects, size: Double?
  ) throws(MetaError) {
    let measure = studies.measure
    if let dispersion = fit.dispersion {
      guard fit.studyCount > 2, let mean = row.estimate.value, mean > 0, mean < 1, dispersion > 0
      else { return }
      let beta = Beta(alpha: mean / dispersion, beta: (1 - mean) / dispersion)
      let tail = ConfidenceLevel.tail(level)
      row.prediction = PooledStudies.Prediction(
        lower: beta.quantile(tail), upper: beta.upperQuantile(tail))
      row.notes.append(.plugInPrediction)
      return
    }
    let limits: (lower: Double, upper: Double)?
    switch fit.model {
    case .binomialNormal, .hypergeometricNormal, .poissonNormal:
      limits = try LikelihoodModel(level: level).prediction(fit, studies)
    default: limits = fit.prediction(at: [1])
    }
    guard let limits else {
      if fit.method == .commonEffect {
        row.notes.append(.noPredictionOfCommonEffect)
      } else if fit.studyCount <= 2 || !fit.isAtEnd {
        row.notes.append(.noPrediction)
      }
      return
    }
    if let lower = measure.natural(limits.lower, size: size),
      let upper = measure.natural(limits.upper, size: size)
    {
      row.prediction = PooledStudies.Prediction(
        lower: min(lower, upper), upper: max(lower, upper))
    } else {
      row.notes.append(.unboundedPrediction)
    }
  }

  private func limitVariance(
    _ row: inout PooledStudies, _ fit: MetaFit, _ studies: StudyEffects
  ) throws(MetaError) {
    switch fit.model {
    case .betaBinomial, .mantelHaenszel, .peto: return
    case .threeLevel, .multivariate:
      row.tau2 = Estimate(fit.tau2, count: fit.studyCount)
      if let outcomes = fit.outcomes { row.notes.append(.outcomes(outcomes)) }
      if let components = fit.components {
        row.notes.append(.components(components))
      }
      return
    default: break
    }
    guard !fit.isAtEnd, fit.qDegreesOfFreedom > 0, fit.method != .commonEffect else {
      if fit.method == .commonEffect { row.tau2.value = 0 }
      return
    }
    row.tau2 = Estimate(
      fit.tau2, standardError: fit.tau2StandardError, level: level, count: fit.studyCount)
    var kind = varianceInterval ?? (fit.model == .inverseVariance ? .qProfile : .profileLikelihood)
    if fit.model != .inverseVariance, kind == .qProfile {
      kind = .profileLikelihood
      row.notes.append(.profileInstead)
    }
    var limits: (lower: Double, upper: Double)?
    if fit.model == .inverseVariance {
      let model = try MarginalModel(
        fit.positions.compactMap { studies.effects[$0].value },
        variances: fit.positions.compactMap { studies.effects[$0].variance })
      func holds(_ limits: (lower: Double, upper: Double)?) -> Bool {
        limits.map { $0.lower <= fit.tau2 && fit.tau2 <= $0.upper } ?? false
      }
      func byLikelihood() throws(MetaError) -> (lower: Double, upper: Double)? {
        try model.likelihoodLimits(isRestricted: method != .maximumLikelihood, level: level)
      }
      limits =
        kind == .qProfile ? try model.qProfileLimits(level: level) : try byLikelihood()
      if !holds(limits), kind == .qProfile {
        // Q profiles of an estimate that is not Q's own may miss it, or be empty.
        kind = .profileLikelihood
        limits = try byLikelihood()
        row.notes.append(.profileInstead)
      }
      if kind == .qProfile, limits?.upper == 0 { row.notes.append(.emptyProfile) }
      if !holds(limits) {
        limits = nil
        row.notes.append(.varianceOutsideLimits)
      }
    } else {
      limits = try LikelihoodModel(level: level).varianceLimits(fit, studies)
      if limits == nil { row.notes.append(.unboundedVariance) }
    }
    row.tau2.lower = limits?.lower
    row.tau2.upper = limits.flatMap { $0.upper.isFinite ? $0.upper : nil }
    row.tau2.method = MethodName(rawValue: kind.rawValue)
    if let limits, !limits.upper.isFinite { row.notes.append(.unboundedVariance) }
  }
}

extension Note {
  /// Effects differ less than errors alone let one expect: no τ² has that Q in the middle of its
  /// distribution, and both limits are zero.
  static let emptyProfile = Note(
    "q-profile-empty", effect: .doubt, words: "effects differ less than their errors let one expect"
  )

  static func outcomes(_ components: MultivariateModel.Components) -> Note {
    Note("outcome-components", detail: components.words, effect: .remark)
  }

  static func components(_ components: ThreeLevelModel.Components) -> Note {
    Note(
      "variance-components",
      detail: "between \(NumberFormat.readable(components.between, digits: 4)), within "
        + "\(NumberFormat.readable(components.within, digits: 4)), clusters "
        + "\(components.clusterCount)", effect: .remark)
  }

  /// No study has an effect that can be pooled.
  public static let noUsableStudy = Note("no-usable-study", effect: .noValue)
  /// A prediction interval needs three studies.
  public static let noPrediction = Note("no-prediction-from-fewer-than-3", effect: .remark)
  /// A common effect knows of no other effects.
  static let noPredictionOfCommonEffect = Note(
    "no-prediction-of-a-common-effect", effect: .remark)
  /// The prediction interval has no end on the natural scale.
  static let unboundedPrediction = Note("prediction-unbounded", effect: .remark)
  /// The prediction takes the fitted distribution as known.
  static let plugInPrediction = Note("prediction-of-fitted-distribution", effect: .remark)
  /// The limits of τ² are those of profile likelihood, as the Q profile has none or misses the estimate.
  public static let profileInstead = Note("tau2-limits-by-profile-likelihood", effect: .remark)
  /// The estimate of τ² lies outside all limits that there are.
  static let varianceOutsideLimits = Note("tau2-outside-limits", effect: .doubt)
  /// The likelihood does not bound τ² from above.
  static let unboundedVariance = Note("tau2-unbounded", effect: .remark)

  static func studiesLeftOut(_ count: Int) -> Note {
    Note("studies-left-out", detail: "\(count)", effect: .remark)
  }

  static func correctedStudies(_ count: Int) -> Note {
    Note("continuity-corrected-studies", detail: "\(count)", effect: .remark)
  }

  /// The double arcsine was inverted at a harmonic mean, with what the plain arcsine gives instead.
  static func freemanTukey(_ other: Double?) -> Note {
    Note(
      "freeman-tukey-at-harmonic-mean",
      detail: other.map { "PAS gives " + NumberFormat.shortest(($0 * 1e6).rounded() / 1e6) },
      effect: .doubt,
      words:
        "the double arcsine is turned back at the harmonic mean of sizes, which can mislead; PLO or PAS need no such choice"
    )
  }
}
