import SurveyStats

extension ScoresCommand {
  /// Fits the item response model of a composite.
  func fit(
    _ composite: Composite, _ matrix: BinaryMatrix, console: Console
  ) throws -> ItemResponseFit {
    let design = try resampling.design(of: matrix)
    do throws(ItemResponseModel.ModelError) {
      let fit = try ItemResponseModel(composite == .irt ? .twoPL : .onePL).fit(
        matrix, design: design)
      for line in fit.leftOut.summaries { console.note("composite_irt: \(line)") }
      for line in fit.warnings { console.warning("composite_irt: \(line)") }
      return fit
    } catch {
      throw CommandFailure(.estimation, "composite_irt: \(error.description)")
    }
  }
}

extension Table {
  /// Adds the rigor of an item response model, with standard errors, before the tier.
  mutating func add(_ fit: ItemResponseFit) {
    let place = columns.firstIndex { $0.name == "tier" } ?? columns.endIndex
    columns.insert(
      contentsOf: [
        Column("composite_irt_std_error", .real(fit.expectedScores.map { $0?.standardError })),
        Column("rigor_irt", .real(fit.abilities.map { $0?.estimate })),
        Column("rigor_irt_std_error", .real(fit.abilities.map { $0?.standardError })),
      ], at: place)
    notes.append(
      "composite_irt is the expected percent of all items at a paper's rigor (rigor_irt, mean of the "
        + "posterior); items that do not apply drop out of the likelihood.")
    notes += fit.warnings
  }
}
