import RealModule
public import SurveyStats

/// What studies show together: the pooled estimate, how much studies differ, what the next may show.
///
/// By default counts of one group have the binomial–normal likelihood (events over person-time the
/// Poisson–normal) and everything else inverse-variance weights with restricted likelihood and Knapp and
/// Hartung's bounded test; docs/meta.md has the study of coverage behind this.
public struct Pooling: Sendable, Hashable {
  /// How limits of coefficients are made.
  public enum Interval: String, Sendable, CaseIterable {
    /// The estimate and a multiple of its error.
    case wald
    /// Where the profile likelihood has fallen by half a quantile of χ².
    case profile
    /// Where the efficient score, with τ² fitted for each value, reaches a normal quantile.
    case score
    /// Percentiles of estimates refitted to effects drawn from the fitted model.
    case bootstrap
  }

  /// The model; `nil` for the default of the measure.
  public var model: MetaModel?
  /// How the variance between studies is estimated with inverse-variance weights.
  public var method: HeterogeneityMethod
  /// Where tests and limits come from; `nil` for the default.
  public var test: CoefficientTest?
  /// How limits of the pooled estimate are made.
  public var interval: Interval
  /// How limits of τ² are made; `nil` for Q profiles of inverse-variance weights and profile likelihood of
  /// likelihoods.
  public var varianceInterval: VarianceInterval?
  /// The confidence level.
  public var level: Double
  /// The correlation of sampling errors within a cluster of a three-level model.
  public var correlation = 0.0
  /// How outcomes of a cluster go together, of a multivariate model.
  public var structure = MultivariateModel.Structure.unstructured
  /// Whether the likelihood that fits the counts is taken where no model is named.
  public var prefersLikelihood = false
  /// The seed of bootstrap replicates.
  public var seed: UInt64
  /// The number of bootstrap replicates.
  public var replicates: Int

  /// Creates a question.
  public init(
    model: MetaModel? = nil, method: HeterogeneityMethod = .restrictedLikelihood,
    test: CoefficientTest? = nil, interval: Interval = .wald,
    varianceInterval: VarianceInterval? = nil, level: Double = 0.95, seed: UInt64 = 1,
    replicates: Int = 999
  ) {
    self.model = model
    self.method = method
    self.test = test
    self.interval = interval
    self.varianceInterval = varianceInterval
    self.level = level
    self.seed = seed
    self.replicates = replicates
  }

  /// The model that is fitted to studies.
  public func chosenModel(of studies: StudyEffects) -> MetaModel {
    if let model { return model }
    if studies.clusters != nil { return studies.outcomes == nil ? .threeLevel : .multivariate }
    if prefersLikelihood {
      return MetaModel.likelihood(of: studies.measure.material) ?? .binomialNormal
    }
    switch studies.measure {
    case .logit, .logIncidenceRate:
      return MetaModel.likelihood(of: studies.measure.material) ?? .inverseVariance
    default: return .inverseVariance
    }
  }

  /// The test that a number of studies gets: of fewer than three a t distribution knows next to nothing.
  func chosenTest(_ count: Int, coefficients: Int) -> (test: CoefficientTest, isReplaced: Bool) {
    if let test { return (test, false) }
    if count - coefficients < 2 { return (.normal, true) }
    return (.boundedKnappHartung, false)
  }

  /// The fit of a model with moderators.
  ///
  /// A design has a row for each of ``positions(of:)``.
  public func fit(_ studies: StudyEffects, design: DenseMatrix? = nil) throws(MetaError) -> MetaFit
  {
    let model = chosenModel(of: studies)
    let count = positions(of: studies).count
    let (test, isReplaced) = chosenTest(count, coefficients: design?.columns ?? 1)
    if test == .kenwardRoger || test == .satterthwaite,
      ![.inverseVariance, .threeLevel, .multivariate].contains(model)
    {
      throw .unfittingModel(
        model.rawValue, reason: "has no `test:` \(test.rawValue), which is of REML; take t or z")
    }
    var fit: MetaFit
    switch model {
    case .threeLevel, .multivariate:
      guard let clusters = studies.clusters else {
        throw .unfittingModel(model.rawValue, reason: "needs clusters; name them with `cluster:`")
      }
      guard method == .restrictedLikelihood else {
        throw .unfittingModel(model.rawValue, reason: "is fitted by REML, not \(method.rawValue)")
      }
      let usable = studies.usable
      let own = usable.map { clusters[$0] ?? "study \(studies.labels[$0])" }
      guard model == .multivariate else {
        fit = try ThreeLevelModel(correlation: correlation, test: self.test, level: level).fit(
          studies, clusters: own, design: design)
        break
      }
      guard let outcomes = studies.outcomes else {
        throw .unfittingModel(model.rawValue, reason: "needs outcomes; name them with `outcome:`")
      }
      fit = try MultivariateModel(
        structure: structure, correlation: correlation, test: self.test, level: level
      ).fit(studies, clusters: own, outcomes: usable.map { outcomes[$0] }, design: design)
    case .inverseVariance:
      fit = try RandomEffects(method: method, test: test, level: level).fit(studies, design: design)
    case .binomialNormal, .hypergeometricNormal, .poissonNormal:
      if let own = MetaModel.likelihood(of: studies.measure.material), own != model {
        throw .unfittingModel(
          model.rawValue,
          reason: "is not of \(studies.measure.material.words); take \(own.rawValue)")
      }
      fit = try LikelihoodModel(test: test, level: level).fit(studies, design: design)
    case .mantelHaenszel, .peto, .betaBinomial:
      guard design == nil else {
        throw .unfittingModel(model.rawValue, reason: "takes no moderators")
      }
      fit =
        model == .peto
        ? try PetoPooling(level: level).fit(studies)
        : model == .mantelHaenszel
          ? try MantelHaenszel(level: level).fit(studies) : try betaBinomial(studies, test: test)
    }
    if isReplaced, count > 1,
      ![.threeLevel, .multivariate, .mantelHaenszel, .peto].contains(fit.model)
    {
      fit.notes.append(.normalForFewStudies)
    }
    return fit
  }

  /// The studies that the model uses, as positions.
  func positions(of studies: StudyEffects) -> [Int] {
    switch chosenModel(of: studies) {
    case .inverseVariance, .threeLevel, .multivariate: studies.usable
    case .binomialNormal, .hypergeometricNormal, .poissonNormal:
      LikelihoodModel.positions(of: studies)
    case .mantelHaenszel, .peto, .betaBinomial:
      studies.counts.indices.filter {
        studies.counts[$0] != nil && studies.counts[$0]?.fault == nil
      }
    }
  }

  private func betaBinomial(
    _ studies: StudyEffects, test: CoefficientTest
  ) throws(MetaError) -> MetaFit {
    guard studies.measure.material == .events else {
      throw .unfittingModel("beta-binomial", reason: "is of events and totals")
    }
    let positions = positions(of: studies)
    guard !positions.isEmpty else { throw .noStudies }
    var isRounded = false
    let counts = positions.compactMap { position -> (events: Int, total: Int)? in
      guard case .events(let events, let total)? = studies.counts[position] else { return nil }
      if events != events.rounded() || total != total.rounded() { isRounded = true }
      return (Int(events.rounded()), Int(total.rounded()))
    }
    let found = BetaBinomial(level: level).fit(counts)
    let isEnd = found.mean <= 0 || found.mean >= 1
    let logit =
      isEnd
      ? (found.mean >= 1 ? Double.infinity : -.infinity)
      : Double.log(found.mean / (1 - found.mean))
    var notes: [Note] = [.intraclass(found.correlation)]
    if isRounded { notes.append(.roundedCounts) }
    if counts.count == 1 { notes.append(.singleStudy) }
    if !isEnd, found.dispersion == 0 { notes.append(.noDispersion) }
    var limits: MetaFit.LikelihoodLimits?
    if isEnd {
      let isHigh = found.mean >= 1
      notes += [isHigh ? .allEvents : .noEvents, .oneSidedLikelihood]
      let total = counts.reduce(0) { $0 + Double($1.total) }
      let drop = ChiSquared(degreesOfFreedom: 1).upperQuantile(1 - level) / 2
      // n log(1 − p) = −drop.
      let rate = -Double.expMinusOne(-drop / total)
      let end = Double.log(rate / (1 - rate))
      limits = MetaFit.LikelihoodLimits(
        coefficient: 0, lower: isHigh ? -end : nil, upper: isHigh ? nil : end)
    }
    let freedom = counts.count - 1
    return MetaFit(
      method: .maximumLikelihood, test: test == .normal || freedom < 1 ? .normal : .t,
      level: level, studyCount: counts.count, coefficients: [logit],
      covariance: DenseMatrix(diagonal: [found.logitVariance ?? 0]),
      degreesOfFreedom: test == .normal || freedom < 1 || isEnd ? nil : Double(freedom), tau2: 0,
      tau2StandardError: nil, q: 0, qDegreesOfFreedom: 0, typicalVariance: 0,
      logLikelihood: found.logLikelihood, restrictedLogLikelihood: found.logLikelihood,
      weights: [Double](repeating: 1, count: counts.count),
      leverages: [Double](repeating: 0, count: counts.count), fitted: [], scale: 1, notes: notes,
      model: .betaBinomial, positions: positions, likelihoodLimits: limits,
      dispersion: found.dispersion)
  }
}

extension Note {
  /// Fewer than three studies: limits are normal, as Knapp and Hartung's would be useless.
  public static let normalForFewStudies = Note("normal-limits-for-few-studies", effect: .remark)
  /// Fractional counts were rounded.
  static let roundedCounts = Note("rounded-counts", effect: .doubt)
  /// The rates of studies do not vary more than binomial ones.
  static let noDispersion = Note("dispersion-zero", effect: .remark)

  static func intraclass(_ correlation: Double) -> Note {
    Note("intraclass-correlation", detail: NumberFormat.shortest(correlation), effect: .remark)
  }
}
