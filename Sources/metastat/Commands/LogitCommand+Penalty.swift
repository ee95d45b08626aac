import SurveyStats

/// Penalised fits.
extension LogitCommand {
  /// The share of the lasso.
  private var lassoShare: Double {
    switch penalty {
    case .none, .ridge: 0
    case .lasso: 1
    case .elasticNet: mix
    }
  }

  /// Fits every outcome along a path of strengths, chooses one by cross-validation, and
  /// makes the table asked for.
  func penalized(_ ask: Ask) async throws -> Answer {
    guard table == .coefficients || table == .path, offset == nil, se == nil,
      estimation == .auto, interval == .auto, resampling.stratify == nil
    else {
      throw CommandFailure(
        .usage,
        "--penalty has the tables coefficients and path, and no standard errors, intervals, strata or "
          + "offsets: coefficients are shrunken on purpose")
    }
    let (matrix, console) = (ask.loaded.matrix, ask.console)
    let found: PenalizedLogits.Result
    do {
      found = try await ask(
        PenalizedLogits(
          try outcomes(of: matrix), on: on, lassoShare: lassoShare, folds: folds))
    } catch let failure as Logits.Failure { throw refusal(failure, console: console) }
    if let note = found.design.missingNote { console.note("\(note)") }
    sayZeroWeights(of: matrix, console: console)
    for remark in found.remarks { console.note("\(remark.outcome): \(remark.text)") }
    for fit in found.fits {
      if case .failure(let error) = fit.result { console.warning("\(error)") }
    }
    let name = penalty == .elasticNet ? "elastic-net \(mix)" : penalty.rawValue
    var answer = Answer(
      table == .path
        ? Table(penaltyPaths: found.fits, notes: found.design.notes)
        : Table(
          penalized: found.fits, method: "\(name), \(folds)-fold cross-validation",
          design: found.design, notes: found.design.notes))
    answer.usesSeed = true
    return answer
  }
}
