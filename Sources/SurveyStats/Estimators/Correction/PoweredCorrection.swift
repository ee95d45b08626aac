/// Whose answers correct means and coefficients, and how.
public struct PoweredCorrection: Sendable, Hashable {
  /// The better rater, by the name in its rows.
  public var better: String
  /// The estimator.
  public var method: PoweredMethod
  /// The confidence level.
  public var level: Double
  /// The column of the probabilities with which papers were re-answered; `nil` for equal ones.
  public var probability: String?

  /// What is done about a feature of the sample.
  func handling(of feature: SamplingFeature) -> Handling {
    switch feature {
    case .weights, .clusters, .repeatedPapers: .honoured
    case .strata: .ignored(feature)
    }
  }

  /// The two readings of a sample; `nil` where all papers are the better rater's.
  func readings(of sample: Sample) throws -> CorrectedReadings? {
    try CorrectedReadings(sample, better: better, probability: probability)
  }
}

/// How coefficients and means are corrected: by prediction-powered inference of some kind.
public enum PoweredMethod: String, Sendable, Hashable, CaseIterable {
  /// Plain.
  case ppi
  /// With tuned power.
  case ppiPlusPlus = "ppi++"
  /// With the power chosen by other papers.
  case crossPPI = "cross-ppi"

  /// The fit of a coefficient.
  func fit(
    _ regression: PredictionPoweredRegression, _ place: Int
  ) -> PredictionPoweredRegression.Fit? {
    switch self {
    case .ppi: regression.fit(.fixed(1))
    case .ppiPlusPlus: regression.fit(.coefficient(place))
    case .crossPPI: regression.fit(.coefficient(place), folds: 5)
    }
  }
}
