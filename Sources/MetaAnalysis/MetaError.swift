import SurveyStats

/// Why studies cannot be analysed as asked.
public enum MetaError: Error, Equatable, CustomStringConvertible {
  /// There is no measure of that name.
  case unknownMeasure(String, nearest: [String])
  /// The measure is not of such studies, and others are.
  case unfittingMeasure(EffectMeasure, needs: String, nearest: [EffectMeasure])
  /// No study has an effect with an error.
  case noStudies
  /// There are more coefficients than studies.
  case tooFewStudies(studies: Int, coefficients: Int)
  /// The columns of a design depend on each other.
  case collinear
  /// A model is not one of such studies.
  case unfittingModel(String, reason: String)

  /// One sentence with the remedy.
  public var description: String {
    switch self {
    case .unknownMeasure(let name, let nearest):
      "there is no measure '\(name)'"
        + (nearest.isEmpty
          ? "; the measures are \(EffectMeasure.allCases.map(\.rawValue).joined(separator: ", "))"
          : NearestNames.suggestion(of: nearest))
    case .unfittingMeasure(let measure, let needs, let nearest):
      "the measure \(measure.rawValue) needs \(needs)"
        + NearestNames.suggestion(of: nearest.map(\.rawValue))
    case .noStudies: "no study has an effect with an error; see `table: studies`"
    case .tooFewStudies(let studies, let coefficients):
      "\(studies) studies do not determine \(coefficients) coefficients; take fewer moderators"
    case .collinear: "the moderators depend on each other; leave one out"
    case .unfittingModel(let model, let reason): "the model \(model) \(reason)"
    }
  }
}
