import RealModule
import SurveyStats

extension AveragingPriors {
  /// The default priors of a measure.
  ///
  /// A standardized mean difference of one is π/√3 on logits and log odds ratios, 0.5 on Fisher's z and on
  /// differences of arcsines, 0.42 as a difference of risks; of ratios it is taken as a logarithm of one,
  /// and of effects given with their errors as one. A single rate has no value of "no effect": its model
  /// always has an effect, around a rate of one half. Differences of means and other measures with a unit
  /// have no default.
  public init?(_ measure: EffectMeasure) {
    let logit = Double.pi / 3.0.squareRoot()
    switch measure {
    case .standardizedMeanDifference, .generic, .riskRatio, .ratioOfMeans, .rateRatio:
      self.init()
    case .oddsRatio, .peto: self.init(scale: logit)
    case .fisherZ, .correlation, .arcsineDifference: self.init(scale: 0.5)
    case .riskDifference: self.init(scale: 0.42)
    case .logit: self.init(scale: logit)
    case .arcsine, .freemanTukey: self.init(scale: 0.45, null: .pi / 4)
    case .proportion: self.init(scale: 0.29, null: 0.5)
    case .meanDifference, .mean, .logProportion, .incidenceRate, .logIncidenceRate: return nil
    }
    if measure.nullValue == nil { effectProbability = 1 }
  }
}

extension ModelAverage {
  /// Which likelihood the studies have.
  public enum Likelihood: String, Sendable, CaseIterable {
    /// Normal effects with known variances.
    case normal
    /// The exact one of counts: binomial, hypergeometric or Poisson.
    case exact
  }

  /// Averages models of studies.
  ///
  /// With the exact likelihood of counts bias is PET or PEESE alone, half of the probability each, as
  /// selection needs p-values of effects; imprecision is then the standard error that the study would have
  /// at the pooled rate, so that it does not go with the study's own rate.
  ///
  /// - Parameters:
  ///   - studies: The studies.
  ///   - priors: The priors; `nil` takes those of the measure.
  ///   - likelihood: The likelihood.
  ///   - averagesBias: Whether small-study bias is averaged over.
  ///   - expectsPositive: The side that bias favours; `nil` takes that of the common effect.
  ///   - level: The probability of the intervals.
  public init(
    _ studies: StudyEffects, priors: AveragingPriors? = nil, likelihood: Likelihood = .normal,
    averagesBias: Bool = true, expectsPositive: Bool? = nil, level: Double = 0.95
  ) throws(MetaError) {
    guard let priors = priors ?? AveragingPriors(studies.measure) else {
      throw .unfittingModel(
        "average", reason: "has no default prior for \(studies.measure.rawValue); give its scale")
    }
    let usable = UsableStudies(studies)
    guard studies.outcomes == nil, likelihood == .normal || studies.clusters == nil else {
      throw .unfittingModel(
        "average",
        reason: "is of normal effects of one outcome in clusters; leave out `outcome:` and "
          + "`likelihood: exact`")
    }
    guard likelihood == .exact else {
      do throws(Failure) {
        try self.init(
          effects: usable.effects, variances: usable.variances,
          clusters: studies.clusters.map { all in
            studies.usable.map { all[$0] ?? "study \(studies.labels[$0])" }
          }, priors: priors,
          bias: averagesBias ? SmallStudyBias.robust : [], expectsPositive: expectsPositive,
          level: level)
      } catch { throw .noStudies }
      return
    }
    let known = studies.counts.compactMap { counts in
      counts.flatMap { counts in StudyLikelihood(counts).map { (counts, $0) } }
    }.filter { !$0.1.isUninformative }
    guard MetaModel.likelihood(of: studies.measure.material) != nil else {
      throw .unfittingModel("exact likelihood", reason: "needs counts; take the normal one")
    }
    guard !known.isEmpty else { throw .noStudies }
    let likelihoods = known.map(\.1)
    // The side of the score at no effect.
    let score = likelihoods.reduce(0) { $0 + $1.value(at: priors.null).slope }
    let isPositive = expectsPositive ?? (score >= 0)
    let errors = Self.typicalErrors(known.map(\.0))
    var notes: [Note] = []
    let left = studies.count - known.count
    if left > 0 { notes.append(.notAveraged(left)) }
    if averagesBias { notes.append(.biasDirection(isPositive ? "positive" : "negative")) }
    let sign = isPositive ? 1.0 : -1.0
    self.init(
      priors: priors, bias: averagesBias ? [(.pet, 0.5), (.peese, 0.5)] : [],
      studies: known.count, spread: 10, sign: sign, level: level, notes: notes
    ) { hasEffect, bias in
      let deviation = hasEffect ? priors.effectDeviation : nil
      func model(_ predictor: [Double], _ scale: Double) -> CountModel {
        CountModel(
          studies: likelihoods, null: priors.null, sign: sign, predictor: predictor,
          slopeScale: scale, deviation: deviation)
      }
      switch bias {
      case .none: return model([], 1)
      case .pet: return model(errors, priors.petScale)
      case .peese: return model(errors.map { $0 * $0 }, priors.peeseScale)
      case .selection: return nil
      }
    }
  }

  /// The standard errors that studies of these sizes have at the rate of all of them.
  private static func typicalErrors(_ counts: [StudyCounts]) -> [Double] {
    var (events, total) = (0.0, 0.0)
    for study in counts {
      switch study {
      case .events(let x, let n): (events, total) = (events + x, total + n)
      case .twoByTwo(let a, let first, let c, let second):
        (events, total) = (events + a + c, total + first + second)
      case .personTime(let x, let time): (events, total) = (events + x, total + time)
      case .personTimes(let a, let time, let c, let other):
        (events, total) = (events + a + c, total + time + other)
      default: break
      }
    }
    let rate = (events + 0.5) / (total + 1)
    return counts.map { study in
      switch study {
      case .events(_, let n): (1 / (n * rate * (1 - rate))).squareRoot()
      case .twoByTwo(_, let first, _, let second):
        ((1 / first + 1 / second) / (rate * (1 - rate))).squareRoot()
      case .personTime(_, let time): (1 / (time * rate)).squareRoot()
      case .personTimes(_, let time, _, let other): ((1 / time + 1 / other) / rate).squareRoot()
      default: 1
      }
    }
  }
}
