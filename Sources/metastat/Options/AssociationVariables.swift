import SurveyStats

/// Items or category scores with the coefficient that associates them.
struct AssociationVariables: Sendable {
  /// What is associated.
  enum Kind: Sendable {
    case items(ItemCoefficient)
    case scores(ScoreCoefficient, ScoreColumns)
  }

  /// The answers of the papers that take part.
  let matrix: BinaryMatrix
  let kind: Kind
  let minimumCount: Int
  let zeroCells: TetrachoricCorrelation.ZeroCellPolicy

  /// The name of the coefficient.
  var coefficient: String {
    switch kind {
    case .items(let coefficient): coefficient.rawValue
    case .scores(let coefficient, _): coefficient.rawValue
    }
  }

  /// Whether the coefficients of all pairs make a matrix like one of correlations.
  var isCorrelation: Bool {
    switch kind {
    case .items(let coefficient): coefficient.isCorrelation
    case .scores: true
    }
  }

  /// Whether one less the coefficient is a distance, so that variables can be clustered.
  var isSimilarity: Bool {
    if case .items(.jaccard) = kind { true } else { isCorrelation }
  }

  /// Refuses a coefficient that is no correlation.
  ///
  /// - Parameter purpose: What needs correlations, such as `components`.
  func checkCorrelation(for purpose: String) throws(CommandFailure) {
    guard !isCorrelation else { return }
    throw CommandFailure(
      .usage,
      "\(purpose) need correlations, and \(coefficient) is none; choose phi, phi-max, tetrachoric, "
        + "yule-q or yule-y")
  }

  /// The associations of all pairs with analytic intervals.
  func associations(level: Double) -> PairwiseAssociations {
    switch kind {
    case .items(let coefficient):
      PairwiseAssociations(
        items: matrix, coefficient: coefficient, minimumCount: minimumCount, level: level,
        zeroCells: zeroCells)
    case .scores(let coefficient, let columns):
      PairwiseAssociations(
        scores: columns, coefficient: coefficient, minimumCount: minimumCount, level: level)
    }
  }

  /// The square matrix of the coefficients, repaired if need be, and what was done said.
  ///
  /// - Parameters:
  ///   - repair: How a matrix is repaired that has a negative eigenvalue.
  ///   - needsInverse: Whether one with eigenvalues of zero is repaired as well.
  ///   - level: The level of the intervals of the pairs.
  ///   - console: What is told; nothing if `nil`.
  func correlationMatrix(
    repair: CorrelationRepair.Method, needsInverse: Bool = false, level: Double, console: Console?
  ) throws(CorrelationMatrixError) -> CorrelationMatrix {
    let associations = associations(level: level)
    let matrix = try associations.correlationMatrix()
      .repairedIfNeeded(by: repair, needsInverse: needsInverse)
    console?.describe(matrix)
    if case .items(.tetrachoric) = kind,
      let support = associations.tableSupport(among: matrix.names)
    {
      console?.note("\(support.summary)")
    }
    return matrix
  }

  /// Why there is no matrix, with the minimum of papers if that is why.
  func failure(_ error: CorrelationMatrixError) -> CommandFailure {
    CommandFailure(
      .estimation, error.description + minimumHint(error.leftOut.contains(.belowMinimumCount)))
  }

  /// How many papers there are and a pair needs, when that is what is missing.
  func minimumHint(_ isMissing: Bool) -> String {
    isMissing
      ? "; \(matrix.papers.count) papers take part, and a pair needs \(minimumCount) that have both "
        + "(--min-n)" : ""
  }

  /// The data as columns of numbers.
  var columns: ScoreColumns {
    switch kind {
    case .items: ScoreColumns(matrix)
    case .scores(_, let columns): columns
    }
  }

  /// The coefficients of all pairs of the named variables as a statistic for the bootstrap.
  func statistic(names: [String]? = nil, design: SamplingDesign) -> any Statistic {
    switch kind {
    case .items(let coefficient):
      return ItemCorrelationStatistic(
        names.map { matrix.selecting(items: $0) } ?? matrix, coefficient: coefficient,
        design: design, zeroCells: zeroCells)
    case .scores(let coefficient, let columns):
      return ScoreCorrelationStatistic(
        names.map { columns.selecting(names: $0) } ?? columns, coefficient: coefficient,
        design: design)
    }
  }

  /// What correlations would be by chance: the parallel analysis of a correlation matrix.
  func parallelAnalysis(
    of correlations: CorrelationMatrix, reference: ParallelAnalysis.Reference,
    settings: ParallelAnalysis.Settings
  ) async throws -> ParallelAnalysis {
    switch (reference, kind) {
    case (.normal, _):
      try await .normal(like: correlations, settings: settings)
    case (.permutation, .items):
      try await .permuting(
        matrix, like: correlations, settings: settings, zeroCells: zeroCells)
    case (.permutation, .scores(_, let columns)):
      try await .permuting(columns, like: correlations, settings: settings)
    }
  }
}

extension CorrelationMatrixError {
  /// Why variables were left out, when too few are left.
  var leftOut: [AssociationNote] {
    if case .tooFewItems(_, let leftOut) = self { leftOut.map(\.reason) } else { [] }
  }
}

extension Console {
  /// Says why a bootstrap gives no intervals.
  func noteUndefinedIntervals() {
    note(
      "no intervals: more than one in twenty replicates are undefined, as with few papers or rare "
        + "answers")
  }

  /// Says which variables take no part in a matrix, and what was done to it.
  func describe(_ matrix: CorrelationMatrix) {
    for line in matrix.leftOut.summaries { note("\(line)") }
    if let repair = matrix.repair {
      note(
        "the matrix was repaired by \(repair.method.rawValue): smallest eigenvalue "
          + "\(NumberFormat.readable(repair.before.smallestEigenvalue)) before, largest change "
          + "\(NumberFormat.readable(repair.largestChange)), Frobenius norm of all changes "
          + "\(NumberFormat.readable(repair.frobeniusChange))")
    } else if let eigenvalues = try? matrix.definiteness(), !eigenvalues.isPositiveDefinite {
      note(
        "\(matrix.count) variables, at most \(matrix.largestCount) papers: the matrix is singular")
    }
  }
}
