import ArgumentParser
import SurveyStats

/// One model of the answers to all items.
extension LogitCommand {
  /// Refuses options that say nothing about such a model.
  func validateAllItems() throws {
    guard model != .separate else { return }
    let tables: [TableName] = [.coefficients, .fit, .effects, .predictions, .sentences]
    guard tables.contains(table) else {
      let names = tables.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--model \(model.rawValue) has the tables \(names).")
    }
    guard se == nil, estimation == .auto, offset == nil, scoreAtLeast.isEmpty,
      [.auto, .wald].contains(interval), resampling.stratify == nil
    else {
      throw ValidationError(
        "--model \(model.rawValue) has its own estimation, standard errors and Wald intervals; "
          + "leave out --se, --estimation, --interval, --stratify, --offset and --score-at-least.")
    }
  }

  /// Fits the cells of the chosen items and makes the table asked for.
  func allItems(of loaded: LoadedCorpus, console: Console) throws -> Answer {
    let matrix = loaded.matrix
    var command = self
    do throws(ModelFormulaError) {
      let names = try ModelFormula(on).variables.map(\.name)
      let item = CellRows.itemName
      if !names.contains(item) { command.on = names.isEmpty ? item : "\(on) + \(item)" }
    } catch { throw CommandFailure(.usage, "--on: \(error)") }
    try refuseOwnItems(of: matrix, console: console)
    guard try weights(of: matrix) == nil else {
      throw CommandFailure(
        .usage,
        "--model \(model.rawValue) knows nothing of weights; take --unweighted, or fit each outcome by "
          + "itself")
    }
    let (cells, design) = try command.variedCells(of: matrix, console: console)
    let labels = cells.clusters(try resampling.clusters(of: matrix))
    var outcome = cells.outcome
    outcome.name = self.outcome.isEmpty ? "all items" : self.outcome.joined(separator: ", ")
    do {
      switch model {
      case .gee:
        let solution = try EstimatingEquations(correlation: correlation).solve(
          design, outcome: outcome, clusters: labels)
        return try answer(solution, matrix: matrix, notes: design.notes)
      case .mixed, .separate:
        let fit = try RandomInterceptRegression(nodes: nodes).fit(
          design, outcome: outcome, clusters: labels)
        return try answer(fit, matrix: matrix, notes: design.notes)
      }
    } catch LogisticRegressionError.separated(_, let terms) {
      throw CommandFailure(
        .estimation,
        "all items: separated by \(terms.joined(separator: ", ")), whose estimates are infinite; "
          + "leave them out or merge their levels")
    } catch let error as LogisticRegressionError {
      throw CommandFailure(.estimation, "\(error)")
    }
  }

  /// Refuses an item as a predictor of its own answers, and says so of scores.
  private func refuseOwnItems(of matrix: BinaryMatrix, console: Console) throws {
    let chosen = Set(try chosenItems(of: matrix))
    for name in try ModelFormula(on).variables.map(\.name) {
      let members = matrix.items(behind: name)
      guard members.contains(where: chosen.contains) else { continue }
      guard members.count > 1 else {
        throw CommandFailure(
          .usage,
          "--on: '\(name)' is among the items explained; choose others with --outcome, or leave it "
            + "out with --exclude-item")
      }
      console.warning("'\(name)' is made of the answers that it is to explain")
    }
  }

  private func answer(
    _ solution: EstimatingEquations.Solution, matrix: BinaryMatrix, notes: [String]
  ) throws -> Answer {
    switch table {
    case .fit: Answer(Table(estimatingEquations: solution))
    case .effects: Answer(Table(marginalEffectsOf: solution, level: resampling.level))
    case .predictions: Answer(Table(predictionsOf: solution, level: resampling.level))
    default:
      try estimates(solution.estimates(level: resampling.level), of: matrix, notes: notes)
    }
  }

  private func answer(
    _ fit: RandomInterceptRegression.Fit, matrix: BinaryMatrix, notes: [String]
  ) throws -> Answer {
    let level = resampling.level
    return switch table {
    case .fit: Answer(Table(randomIntercept: fit))
    case .effects: Answer(Table(marginalEffectsOf: fit, level: level))
    case .predictions: Answer(Table(predictionsOf: fit, level: level))
    default: try estimates(fit.estimates(level: level), of: matrix, notes: notes)
    }
  }

  /// The cells of the items whose answers vary; the others would have infinite rates of their own
  /// and say nothing about the rest.
  private func variedCells(
    of matrix: BinaryMatrix, console: Console
  ) throws -> (CellRows, DesignMatrix) {
    var items = try chosenItems(of: matrix)
    let all = CellRows(matrix, items: items)
    let first = try design(of: all, console: console)
    var (yes, no) = (Set<Int>(), Set<Int>())
    for row in first.papers {
      if matrix.yes[all.papers[row], all.items[row]] {
        yes.insert(all.items[row])
      } else {
        no.insert(all.items[row])
      }
    }
    let varied = items.filter { yes.contains($0) && no.contains($0) }
    if varied.count == items.count { return (all, first) }
    let constant = items.filter { !varied.contains($0) }.map { matrix.items[$0].id.description }
    console.note(
      "left out, as their answers do not vary: \(constant.joined(separator: ", "))")
    items = varied
    guard !items.isEmpty else {
      throw CommandFailure(.estimation, "no item has both answers yes and no")
    }
    let cells = CellRows(matrix, items: items)
    var quiet = console
    quiet.isQuiet = true
    return (cells, try design(of: cells, console: quiet))
  }
}
