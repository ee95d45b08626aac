/// A fitted logistic model of one outcome.
public struct LogisticFit: Sendable {
  /// What was maximised.
  public enum Method: String, Sendable {
    /// The likelihood.
    case maximumLikelihood = "ML"
    /// Firth's penalised likelihood.
    case firth = "Firth"
  }

  /// The name of the outcome.
  public let outcome: String
  /// The names of the fitted columns, the intercept first.
  public let columnNames: [String]
  /// The coefficients (log odds ratios) of the fitted columns.
  public let coefficients: [Double]
  /// The model-based covariance of the coefficients: the inverse information.
  public let covariance: DenseMatrix
  /// What was maximised.
  public let method: Method
  /// The log-likelihood at the estimate, without penalty.
  public let logLikelihood: Double
  /// The maximised criterion: the log-likelihood, with Firth's penalty if there is one.
  public let criterion: Double
  /// The number of iterations.
  public let iterations: Int
  /// The number of papers.
  public let paperCount: Int
  /// The number of papers whose outcome is yes.
  public let eventCount: Int
  /// The separation found before fitting.
  public let separation: Separation?
  /// The columns left out.
  public let dropped: [DroppedColumn]
  /// Remarks on this outcome: columns left out, separation, sparse cells.
  public let notes: [String]

  let data: LogisticData
  /// The fitted columns of the design.
  let columns: [Int]
  private let source: Source
  private let derived = OnDemand<FittedLikelihood>()
  /// How clusters differ, when effects and predictions are means over a population of clusters.
  var mixing: InterceptMixing?

  init(
    data: LogisticData, columns: [Int], likelihood: BinomialLikelihood,
    optimum: BinomialLikelihood.Optimum, separation: Separation?, dropped: [DroppedColumn],
    notes: [String]
  ) {
    outcome = data.outcome.name
    columnNames = columns.map { data.design.columnNames[$0] }
    coefficients = likelihood.coefficients(of: optimum.beta)
    covariance = likelihood.covariance(ofStandardized: optimum.inverseInformation)
    method = likelihood.isPenalized ? .firth : .maximumLikelihood
    logLikelihood =
      likelihood.isPenalized ? likelihood.logLikelihood(optimum.beta) : optimum.criterion
    criterion = optimum.criterion
    iterations = optimum.iterations
    paperCount = data.paperCount
    eventCount = data.eventCount
    self.separation = separation
    self.dropped = dropped
    self.notes = notes
    self.data = data
    self.columns = columns
    source = .alone(FittedLikelihood(likelihood, optimum: optimum))
  }

  /// A fit on all columns of a design that was made together with others.
  init(data: LogisticData, found: LaneFit, notes: [String]) {
    outcome = data.outcome.name
    columnNames = data.design.columnNames
    coefficients = found.coefficients
    covariance = found.covariance
    method = found.isPenalized ? .firth : .maximumLikelihood
    logLikelihood = found.logLikelihood
    criterion = found.criterion
    iterations = found.iterations
    paperCount = data.paperCount
    eventCount = data.eventCount
    separation = found.separation
    dropped = []
    self.notes = notes
    self.data = data
    columns = Array(found.beta.indices)
    source = .together(found)
  }

  /// A fit on all columns of a design in the coordinates of all its papers.
  init(data: LogisticData, found: SharedFit, notes: [String]) {
    outcome = data.outcome.name
    columnNames = data.design.columnNames
    coefficients = found.shared.template.coefficients(of: found.optimum.beta)
    covariance = found.shared.template.covariance(
      ofStandardized: found.optimum.inverseInformation)
    method = .maximumLikelihood
    logLikelihood = found.optimum.criterion
    criterion = found.optimum.criterion
    iterations = found.optimum.iterations
    paperCount = data.paperCount
    eventCount = data.eventCount
    separation = nil
    dropped = []
    self.notes = notes
    self.data = data
    columns = Array(found.optimum.beta.indices)
    source = .shared(found)
  }

  /// Where a fit comes from.
  private enum Source: Sendable {
    case alone(FittedLikelihood)
    case together(LaneFit)
    case shared(SharedFit)
  }

  /// The likelihood with its maximum in the coordinates in which it was found; made anew where it is
  /// shared.
  var found: (likelihood: BinomialLikelihood, optimum: BinomialLikelihood.Optimum) {
    guard case .shared(let fit) = source else { return (likelihood, optimum) }
    return (fit.shared.likelihood(of: data), fit.optimum)
  }

  private var fitted: FittedLikelihood {
    switch source {
    case .alone(let fitted): fitted
    case .together(let found):
      derived.value {
        let likelihood = data.likelihood(columns: columns, isPenalized: found.isPenalized)
        return FittedLikelihood(likelihood, optimum: found.optimum(in: likelihood))
      }
    case .shared(let found):
      derived.value {
        let likelihood = data.likelihood(columns: columns, isPenalized: false)
        return FittedLikelihood(likelihood, optimum: found.optimum(in: likelihood))
      }
    }
  }

  /// The likelihood that was maximised.
  var likelihood: BinomialLikelihood { fitted.likelihood }
  /// Its maximum.
  var optimum: BinomialLikelihood.Optimum { fitted.optimum }
  /// The fitted probability of each row of the likelihood.
  var patternProbabilities: [Double] { fitted.probabilities }

  /// The papers, as positions in the corpus.
  public var papers: [Int] { data.papers.papers }

  /// The row of the likelihood that each used paper belongs to.
  var patternOfRow: [Int] { data.papers.patternOfRow }

  /// The same model of the same papers with other standardised coefficients.
  func replacing(beta: [Double]) -> LogisticFit {
    LogisticFit(
      data: data, columns: columns, likelihood: likelihood,
      optimum: BinomialLikelihood.Optimum(
        beta: beta,
        criterion: likelihood.isPenalized ? optimum.criterion : likelihood.logLikelihood(beta),
        iterations: optimum.iterations,
        inverseInformation: optimum.inverseInformation),
      separation: separation, dropped: dropped, notes: notes)
  }

  /// The model-based standard errors.
  public var standardErrors: [Double] { covariance.diagonal.map { $0.squareRoot() } }

  /// The design.
  public var design: DesignMatrix { data.design }

  /// The fitted probability of yes of every paper in ``papers``.
  var fittedProbabilities: [Double] {
    let probabilities = patternProbabilities
    return patternOfRow.map { probabilities[$0] }
  }

  /// The leverages of the papers in ``papers``: the diagonal of W^½ X I⁻¹ X' W^½.
  var leverages: [Double] {
    let forms = likelihood.quadraticForms(optimum.inverseInformation)
    let probabilities = patternProbabilities
    return zip(patternOfRow, data.weights).map { pattern, weight in
      let probability = probabilities[pattern]
      return weight * probability * (1 - probability) * forms[pattern]
    }
  }

  /// The fitted columns of the used papers.
  var rows: DenseMatrix { data.design.values.selecting(rows: data.rows, columns: columns) }

  /// The outcomes of the used papers, 1 for yes and 0 for no.
  var responses: [Double] { data.isYes.map { $0 ? 1 : 0 } }
}

/// A likelihood on the covariate patterns of a fit, with its maximum.
private final class FittedLikelihood: Sendable {
  let likelihood: BinomialLikelihood
  let optimum: BinomialLikelihood.Optimum
  /// The fitted probability of each row.
  let probabilities: [Double]

  init(_ likelihood: BinomialLikelihood, optimum: BinomialLikelihood.Optimum) {
    self.likelihood = likelihood
    self.optimum = optimum
    probabilities = likelihood.probabilities(optimum.beta)
  }
}

extension LogisticFit: FittedModel {
  /// The names of the columns.
  public var terms: [String] { columnNames }
  /// The model-based covariance; see ``RobustCovariance`` for others.
  public var coefficientCovariance: DenseMatrix { covariance }
  /// The log-likelihood, without Firth's penalty; `nil` with sampling weights.
  public var maximizedLogLikelihood: Double? { data.weightFactor == 1 ? logLikelihood : nil }
  /// The number of papers.
  public var observationCount: Int { paperCount }
}
