import SurveyStats

/// What is pooled over studies: a rate, a contrast of two groups, or an effect given with its error.
///
/// The names are those of R's metafor. Effects are analysed on the scale of the measure and reported
/// on the natural one (``naturalScale``).
public enum EffectMeasure: String, Sendable, CaseIterable {
  /// The logit of a proportion.
  case logit = "PLO"
  /// The double arcsine of a proportion (Freeman & Tukey 1950).
  case freemanTukey = "PFT"
  /// A proportion.
  case proportion = "PR"
  /// The logarithm of a proportion.
  case logProportion = "PLN"
  /// The arcsine of the root of a proportion.
  case arcsine = "PAS"
  /// The logarithm of an odds ratio.
  case oddsRatio = "OR"
  /// The logarithm of a risk ratio.
  case riskRatio = "RR"
  /// The difference of two risks.
  case riskDifference = "RD"
  /// The difference of the arcsines of the roots of two risks (Rücker et al. 2009).
  case arcsineDifference = "AS"
  /// The logarithm of an odds ratio by Peto's one step (Yusuf et al. 1985).
  case peto = "PETO"
  /// The difference of two means.
  case meanDifference = "MD"
  /// The standardised difference of two means (Hedges 1981).
  case standardizedMeanDifference = "SMD"
  /// The logarithm of the ratio of two means (Hedges, Gurevitch & Curtis 1999).
  case ratioOfMeans = "ROM"
  /// A mean.
  case mean = "MN"
  /// Fisher's z of a correlation.
  case fisherZ = "ZCOR"
  /// A correlation.
  case correlation = "COR"
  /// Events per unit of person-time.
  case incidenceRate = "IR"
  /// The logarithm of events per unit of person-time.
  case logIncidenceRate = "IRLN"
  /// The logarithm of the ratio of two rates per person-time.
  case rateRatio = "IRR"
  /// An effect that comes with its error.
  case generic = "GEN"

  /// What of each study a measure is made of.
  public enum Material: Sendable, Equatable {
    /// Events and total of one group.
    case events
    /// Events and totals of two groups.
    case twoByTwo
    /// Mean, standard deviation and size of one group.
    case mean
    /// Means, standard deviations and sizes of two groups.
    case means
    /// A correlation and the number of papers it is of.
    case correlation
    /// Events and person-time of one group.
    case personTime
    /// Events and person-time of two groups.
    case personTimes
    /// An effect and its error.
    case effect
  }

  /// What of each study the measure is made of.
  public var material: Material {
    switch self {
    case .logit, .freemanTukey, .proportion, .logProportion, .arcsine: .events
    case .oddsRatio, .riskRatio, .riskDifference, .arcsineDifference, .peto: .twoByTwo
    case .mean: .mean
    case .meanDifference, .standardizedMeanDifference, .ratioOfMeans: .means
    case .fisherZ, .correlation: .correlation
    case .incidenceRate, .logIncidenceRate: .personTime
    case .rateRatio: .personTimes
    case .generic: .effect
    }
  }

  /// The measure of a name, in either case.
  ///
  /// - Throws: ``MetaError/unknownMeasure(_:nearest:)`` for another name.
  public init(named name: String) throws(MetaError) {
    let names = Self.allCases.map(\.rawValue)
    guard let known = Self(rawValue: name.uppercased()) else {
      throw .unknownMeasure(name, nearest: NearestNames(names).nearest(to: name))
    }
    self = known
  }
}

extension EffectMeasure {
  /// How the scale of analysis relates to the one that results are read on.
  public enum NaturalScale: Sendable, Equatable {
    /// Both are the same.
    case identity
    /// Natural is e to the power of the effect.
    case exponential
    /// Natural is the rate with the effect as logit.
    case rateOfLogit
    /// Natural is the squared sine of the effect.
    case squaredSine
    /// Natural is the hyperbolic tangent of the effect.
    case hyperbolicTangent
    /// Natural is Miller's inverse of the double arcsine, which needs a size.
    case freemanTukey
  }

  /// How results of the measure are read.
  var naturalScale: NaturalScale {
    switch self {
    case .logit: .rateOfLogit
    case .freemanTukey: .freemanTukey
    case .arcsine: .squaredSine
    case .logProportion, .oddsRatio, .riskRatio, .peto, .ratioOfMeans, .logIncidenceRate,
      .rateRatio:
      .exponential
    case .fisherZ: .hyperbolicTangent
    case .proportion, .riskDifference, .arcsineDifference, .meanDifference,
      .standardizedMeanDifference, .mean, .correlation, .incidenceRate, .generic:
      .identity
    }
  }

  /// The least and greatest effects that are possible on the natural scale.
  var naturalRange: ClosedRange<Double> {
    switch self {
    case .logit, .freemanTukey, .proportion, .logProportion, .arcsine: 0...1
    case .riskDifference, .fisherZ, .correlation: -1...1
    case .oddsRatio, .riskRatio, .peto, .ratioOfMeans, .incidenceRate, .logIncidenceRate,
      .rateRatio:
      0...Double.infinity
    default: -Double.infinity...Double.infinity
    }
  }

  /// The value of no effect on the scale of analysis; `nil` for measures of one group.
  public var nullValue: Double? {
    switch material {
    case .twoByTwo, .means, .correlation, .personTimes, .effect: 0
    case .events, .mean, .personTime: nil
    }
  }
}
