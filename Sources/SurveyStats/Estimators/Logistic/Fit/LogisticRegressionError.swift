/// Why a logistic model has no estimate.
public enum LogisticRegressionError: Error, Equatable, CustomStringConvertible {
  /// No paper has both an outcome and all covariates.
  case noPapers(outcome: String)
  /// The outcome is the same for every paper.
  case oneClass(outcome: String, value: Bool, papers: Int)
  /// The outcome, weights, offset or clusters are not one a paper, or a weight is negative.
  case dimensionMismatch(String)
  /// Maximum likelihood was insisted on, but the estimates of these terms are infinite.
  case separated(outcome: String? = nil, terms: [String])
  /// The iterations did not reach the maximum.
  case notConverged(outcome: String? = nil, iterations: Int)
  /// The rows of a cluster have different weights, where it takes one.
  case unequalWeights(cluster: String)
  /// A predictor is the outcome itself.
  case ownPredictor(outcome: String, variable: String)

  /// One sentence that says what happened, with the remedy.
  public var description: String {
    switch self {
    case .noPapers(let outcome): "\(outcome): no paper has the outcome and all covariates"
    case .oneClass(let outcome, let value, let papers):
      "\(outcome): \(value ? "yes" : "no") for all \(papers) papers, nothing to explain"
    case .dimensionMismatch(let what): "\(what) must be one non-negative value a paper"
    case .separated(let outcome, let terms):
      Self.prefix(outcome)
        + "separated by \(terms.briefly()): no finite maximum-likelihood estimate; "
        + "use Firth's penalty (`estimation: firth`)"
    case .notConverged(let outcome, let iterations):
      Self.prefix(outcome) + "not converged after \(iterations) iterations"
    case .unequalWeights(let cluster):
      "rows of cluster '\(cluster)' have different weights; random intercepts take one weight a cluster"
    case .ownPredictor(let outcome, let variable):
      "\(outcome): cannot be explained by itself; leave '\(variable)' out of the formula"
    }
  }

  /// The short word of a note.
  var noteName: String {
    switch self {
    case .noPapers: "no-papers"
    case .oneClass(_, let value, _): value ? "all-yes" : "all-no"
    case .dimensionMismatch: "impossible-values"
    case .separated: "separated"
    case .notConverged: "not-converged"
    case .unequalWeights: "unequal-weights"
    case .ownPredictor: "explained-by-itself"
    }
  }

  /// The numbers of papers and of yes, where the error knows them.
  var counts: (papers: Int, events: Int)? {
    switch self {
    case .noPapers: (0, 0)
    case .oneClass(_, let value, let papers): (papers, value ? papers : 0)
    default: nil
    }
  }

  private static func prefix(_ outcome: String?) -> String { outcome.map { "\($0): " } ?? "" }
}
