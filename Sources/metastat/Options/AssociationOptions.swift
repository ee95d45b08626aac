import ArgumentParser
import SurveyStats

extension TetrachoricCorrelation.ZeroCellPolicy: ExpressibleByArgument {}
extension CorrelationRepair.Method: ExpressibleByArgument {}
extension PValueAdjustment: ExpressibleByArgument {}

/// Which variables are correlated, and how.
struct AssociationOptions: ParsableArguments {
  /// What the variables are.
  enum Variables: String, ExpressibleByArgument, CaseIterable {
    case items, categories
  }

  /// Which papers a pair uses.
  enum Missing: String, ExpressibleByArgument, CaseIterable {
    case pairwise, listwise
  }

  @Option(help: "What is correlated: items, or the papers' category scores.")
  var of = Variables.items

  @Option(
    help: """
      items: phi (default), phi-max, tetrachoric, yule-q, yule-y, odds-ratio, jaccard, lift, \
      conditional; categories: pearson (default), spearman, kendall.
      """)
  var coefficient: String?

  @Option(help: "Leave pairs undefined that fewer papers share.")
  var minN = 10

  @Option(help: "Tetrachoric tables with an empty cell: keep-margins, half, none.")
  var zeroCells = TetrachoricCorrelation.ZeroCellPolicy.halfKeepingMargins

  @Option(help: "pairwise: all papers that have both; listwise: papers that have everything.")
  var missing = Missing.pairwise

  func validate() throws {
    guard minN >= 2 else { throw ValidationError("--min-n takes a number of 2 or more.") }
    _ = try pairs(itemCoefficient: { _ in }, scoreCoefficient: { _ in })
  }

  /// Calls one of two functions with the coefficient that was named.
  private func pairs<Result>(
    itemCoefficient: (ItemCoefficient) throws -> Result,
    scoreCoefficient: (ScoreCoefficient) throws -> Result
  ) throws -> Result {
    switch of {
    case .items:
      guard let coefficient = ItemCoefficient(rawValue: coefficient ?? "phi") else {
        throw unknown(ItemCoefficient.allCases.map(\.rawValue))
      }
      return try itemCoefficient(coefficient)
    case .categories:
      guard let coefficient = ScoreCoefficient(rawValue: coefficient ?? "pearson") else {
        throw unknown(ScoreCoefficient.allCases.map(\.rawValue))
      }
      return try scoreCoefficient(coefficient)
    }
  }

  private func unknown(_ names: [String]) -> ValidationError {
    ValidationError(
      "--coefficient: \(of.rawValue) have no '\(coefficient ?? "")'; choose from "
        + names.joined(separator: ", ") + ".")
  }

  /// The answers or scores that are correlated, without papers that a listwise analysis drops.
  func variables(of matrix: BinaryMatrix) throws -> AssociationVariables {
    try pairs(
      itemCoefficient: { coefficient in
        let rows = missing == .listwise ? matrix.completePapers : Array(matrix.papers.indices)
        let kept = rows.count < matrix.papers.count ? matrix.selecting(papers: rows) : matrix
        return AssociationVariables(
          matrix: kept, kind: .items(coefficient), minimumCount: minN, zeroCells: zeroCells)
      },
      scoreCoefficient: { coefficient in
        let scores = ScoreColumns(categoriesOf: PaperScores(matrix))
        let rows = missing == .listwise ? scores.completePapers : Array(matrix.papers.indices)
        return AssociationVariables(
          matrix: matrix.selecting(papers: rows),
          kind: .scores(coefficient, scores.selecting(papers: rows)), minimumCount: minN,
          zeroCells: zeroCells)
      })
  }
}

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

extension Console {
  /// Says why a bootstrap gives no intervals.
  func noteUndefinedIntervals() {
    note(
      "no intervals: more than one in twenty replicates are undefined, as with few papers or rare "
        + "answers")
  }

  /// Says which variables take no part in a matrix, and what was done to it.
  func describe(_ matrix: CorrelationMatrix) {
    for line in matrix.leftOut.summaries { note(line) }
    if let repair = matrix.repair {
      note(
        "the matrix was repaired by \(repair.method.rawValue): smallest eigenvalue "
          + "\(NumberFormat.readable(repair.before.smallestEigenvalue)) before, largest change "
          + "\(NumberFormat.readable(repair.largestChange)), Frobenius norm of all changes "
          + NumberFormat.readable(repair.frobeniusChange))
    }
  }
}
