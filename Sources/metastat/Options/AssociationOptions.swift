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
  ///
  /// - Parameters:
  ///   - matrix: All papers.
  ///   - design: How papers were sampled.
  func variables(
    of matrix: BinaryMatrix, design: (BinaryMatrix) throws -> SamplingDesign
  ) throws -> AssociationVariables {
    try pairs(
      itemCoefficient: { coefficient in
        let rows = missing == .listwise ? matrix.completePapers : Array(matrix.papers.indices)
        let kept = rows.count < matrix.papers.count ? matrix.selecting(papers: rows) : matrix
        return AssociationVariables(
          matrix: kept, design: try design(kept), kind: .items(coefficient), minimumCount: minN,
          zeroCells: zeroCells)
      },
      scoreCoefficient: { coefficient in
        let scores = ScoreColumns(categoriesOf: PaperScores(matrix))
        let rows = missing == .listwise ? scores.completePapers : Array(matrix.papers.indices)
        let kept = matrix.selecting(papers: rows)
        return AssociationVariables(
          matrix: kept, design: try design(kept),
          kind: .scores(coefficient, scores.selecting(papers: rows)), minimumCount: minN,
          zeroCells: zeroCells)
      })
  }
}
