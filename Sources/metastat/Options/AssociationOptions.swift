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
    _ = try variables()
  }

  /// The variables that were chosen.
  func variables() throws -> CorrelatedVariables {
    let chosen: CorrelatedVariables.Coefficient
    switch of {
    case .items:
      guard let coefficient = ItemCoefficient(rawValue: coefficient ?? "phi") else {
        throw unknown(ItemCoefficient.allCases.map(\.rawValue))
      }
      chosen = .items(coefficient)
    case .categories:
      guard let coefficient = ScoreCoefficient(rawValue: coefficient ?? "pearson") else {
        throw unknown(ScoreCoefficient.allCases.map(\.rawValue))
      }
      chosen = .categories(coefficient)
    }
    return CorrelatedVariables(
      chosen, minimumCount: minN, zeroCells: zeroCells,
      papers: missing == .listwise ? .listwise : .pairwise)
  }

  /// The variables, whose coefficient must be a correlation.
  ///
  /// - Parameter purpose: What needs correlations, such as `components`.
  func correlations(for purpose: String) throws -> CorrelatedVariables {
    let variables = try variables()
    guard variables.isCorrelation else {
      throw CommandFailure(
        .usage,
        "\(purpose) need correlations, and \(variables.name) is none; choose phi, phi-max, "
          + "tetrachoric, yule-q or yule-y")
    }
    return variables
  }

  /// Answers, and says why there is no answer, with the minimum of papers if that is why.
  func answering<Value>(
    of study: Study, _ answer: () async throws -> Value
  ) async throws -> Value {
    if of == .items {
      // Counts, estimates, limits and notes of a pair.
      let count = Double(study.matrix.items.count)
      try Memory.check(
        count * (count - 1) / 2 * 900, for: "pairs of \(study.matrix.items.count) items",
        remedy: "choose items (--item, --category)")
    }
    do {
      return try await answer()
    } catch let error as CorrelationMatrixError {
      throw CommandFailure(.estimation, error.description + hint(error.leftOut, study))
    } catch let error as Reliability.ReliabilityError {
      var leftOut: [AssociationNote] = []
      if case .tooFewItems(_, let items) = error { leftOut = items.map(\.reason) }
      throw CommandFailure(.estimation, error.description + hint(leftOut, study))
    } catch let error as NoWeight {
      throw CommandFailure(.estimation, error.description)
    } catch let error as FactorError {
      throw CommandFailure(.estimation, error.description)
    }
  }

  /// How many papers there are and a pair needs, when that is what is missing.
  func hint(_ reasons: [AssociationNote], _ study: Study) -> String {
    guard reasons.contains(.belowMinimumCount) else { return "" }
    let matrix = study.matrix
    let papers =
      switch (missing, of) {
      case (.pairwise, _): matrix.papers.count
      case (.listwise, .items): matrix.completePapers.count
      case (.listwise, .categories):
        ScoreColumns(categoriesOf: PaperScores(matrix)).completePapers.count
      }
    return "; \(papers) papers take part, and a pair needs \(minN) that have both (--min-n)"
  }

  private func unknown(_ names: [String]) -> ValidationError {
    ValidationError(
      "--coefficient: \(of.rawValue) have no '\(coefficient ?? "")'; choose from "
        + names.joined(separator: ", ") + ".")
  }
}

extension CorrelationMatrixError {
  /// Why variables were left out, when too few are left.
  fileprivate var leftOut: [AssociationNote] {
    if case .tooFewItems(_, let leftOut) = self { leftOut.map(\.reason) } else { [] }
  }
}

extension Console {
  /// Says what an analysis has to say beside its table.
  func note(_ remarks: [String]) { for remark in remarks { note("\(remark)") } }
}
