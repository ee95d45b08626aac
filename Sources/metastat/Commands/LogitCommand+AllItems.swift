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
      [.auto, .wald].contains(interval) || interval == .profile && model == .mixed
        || interval.isResampled && model == .gee
    else {
      throw ValidationError(
        "--model \(model.rawValue) has its own estimation, standard errors and intervals (Wald; of mixed "
          + "also profile, of gee resampled ones); leave out --se, --estimation, --interval, --offset and "
          + "--score-at-least.")
    }
  }

  /// The interval as one model of all items has it.
  private var intervalOfCells: CellLogits.Interval {
    switch interval.asked {
    case .resampled(let kind): .resampled(kind)
    case .profile: .profile
    case .automatic, .wald, .wild: .wald
    }
  }

  /// Fits the cells of the chosen items and makes the table asked for.
  func allItems(_ ask: Ask) async throws -> Answer {
    let (matrix, console) = (ask.loaded.matrix, ask.console)
    let found: CellLogits.Result
    do {
      found = try await ask(
        CellLogits(
          on: on, items: try chosenItems(of: matrix).map { matrix.items[$0].id },
          name: outcome.isEmpty ? "all items" : outcome.joined(separator: ", "),
          model: model == .gee
            ? .estimatingEquations(correlation) : .randomIntercepts(nodes: nodes),
          interval: intervalOfCells, level: resampling.level))
    } catch let failure as CellLogits.Failure { throw refusal(failure) }
    if let note = found.design.missingNote { console.note("\(note)") }
    for name in found.ownScores {
      console.warning("'\(name)' is made of the answers that it is to explain")
    }
    if !found.constantItems.isEmpty {
      let constant = found.constantItems.map(\.description).joined(separator: ", ")
      console.note("left out, as their answers do not vary: \(constant)")
    }
    sayZeroWeights(of: matrix, console: console)
    let level = resampling.level
    switch (found.fit, table) {
    case (.estimatingEquations(let solution), .fit):
      return Answer(Table(estimatingEquations: solution))
    case (.estimatingEquations(let solution), .effects):
      return Answer(Table(marginalEffectsOf: solution, level: level))
    case (.estimatingEquations(let solution), .predictions):
      return Answer(Table(predictionsOf: solution, level: level))
    case (.randomIntercepts(let fit), .fit): return Answer(Table(randomIntercept: fit))
    case (.randomIntercepts(let fit), .effects):
      return Answer(Table(marginalEffectsOf: fit, level: level))
    case (.randomIntercepts(let fit), .predictions):
      return Answer(Table(predictionsOf: fit, level: level))
    default: return try estimates(found.estimates, of: matrix, notes: found.design.notes)
    }
  }

  /// What a question that cannot be asked is called on the command line.
  private func refusal(_ failure: CellLogits.Failure) -> CommandFailure {
    switch failure {
    case .formula(.variable(let reason)): CommandFailure(reason, option: "--on", in: corpus)
    case .formula(let reason): CommandFailure(.usage, "--on: \(reason)")
    case .ownItem(let name):
      CommandFailure(
        .usage,
        "--on: '\(name)' is among the items explained; choose others with --outcome, or leave it "
          + "out with --exclude-item")
    case .noVariedItem: CommandFailure(.estimation, "no item has both answers yes and no")
    case .zeroWeights: Self.zeroWeights
    case .interval(let name):
      CommandFailure(
        .usage,
        "--interval \(name) is not of --model \(model.rawValue)"
          + (name == "profile" && model == .mixed ? " with weights; see --unweighted" : ""))
    case .fit(.separated(_, let terms)):
      CommandFailure(
        .estimation,
        "all items: separated by \(terms.joined(separator: ", ")), whose estimates are infinite; "
          + "leave them out or merge their levels")
    case .fit(let reason): CommandFailure(.estimation, "\(reason)")
    }
  }
}
