/// Why a logistic model has no estimate.
public enum LogisticRegressionError: Error, Equatable, CustomStringConvertible {
  /// No paper has both an outcome and all covariates.
  case noPapers(outcome: String)
  /// The outcome is the same for every paper.
  case oneClass(outcome: String, value: Bool, papers: Int)
  /// The outcome, weights, offset or clusters are not one a paper, or a weight is negative.
  case dimensionMismatch(String)
  /// Maximum likelihood was insisted on, but the estimates of these terms are infinite.
  case separated(terms: [String])
  /// The iterations did not reach the maximum.
  case notConverged(iterations: Int)

  /// One sentence that says what happened, with the remedy.
  public var description: String {
    switch self {
    case .noPapers(let outcome): "\(outcome): no paper has the outcome and all covariates"
    case .oneClass(let outcome, let value, let papers):
      "\(outcome): \(value ? "yes" : "no") for all \(papers) papers, nothing to explain"
    case .dimensionMismatch(let what): "\(what) must be one non-negative value a paper"
    case .separated(let terms):
      "separated by \(terms.joined(separator: ", ")): no finite maximum-likelihood estimate; "
        + "use Firth's penalty"
    case .notConverged(let iterations): "not converged after \(iterations) iterations"
    }
  }
}
