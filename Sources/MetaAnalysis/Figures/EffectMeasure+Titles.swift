extension EffectMeasure {
  /// What the measure is called at an axis of natural values.
  public var title: String {
    switch self {
    case .logit, .freemanTukey, .proportion, .logProportion, .arcsine: "Share"
    case .oddsRatio, .peto: "Odds ratio"
    case .riskRatio: "Risk ratio"
    case .riskDifference: "Risk difference"
    case .arcsineDifference: "Difference of arcsines"
    case .meanDifference: "Difference of means"
    case .standardizedMeanDifference: "Standardized mean difference"
    case .ratioOfMeans: "Ratio of means"
    case .mean: "Mean"
    case .fisherZ, .correlation: "Correlation"
    case .incidenceRate, .logIncidenceRate: "Events per person-time"
    case .rateRatio: "Rate ratio"
    case .generic: "Effect"
    }
  }

  /// What the measure is called on the scale of analysis.
  var analysisTitle: String {
    switch self {
    case .logit: "Logit of the share"
    case .freemanTukey: "Double arcsine of the share"
    case .logProportion: "Logarithm of the share"
    case .arcsine: "Arcsine of the root of the share"
    case .oddsRatio, .peto: "Log odds ratio"
    case .riskRatio: "Log risk ratio"
    case .ratioOfMeans: "Log ratio of means"
    case .fisherZ: "Fisher's z"
    case .logIncidenceRate: "Log events per person-time"
    case .rateRatio: "Log rate ratio"
    default: title
    }
  }

  /// The axis of natural values.
  public var axis: EffectAxis {
    switch naturalScale {
    case .rateOfLogit, .squaredSine, .freemanTukey: .share
    case .exponential: self == .logProportion || self == .logIncidenceRate ? .number : .ratio
    case .identity: self == .proportion ? .share : .number
    case .hyperbolicTangent: .number
    }
  }
}
