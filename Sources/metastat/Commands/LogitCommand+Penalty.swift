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
  func penalized(_ loaded: LoadedCorpus, console: Console) throws -> Answer {
    guard table == .coefficients || table == .path, offset == nil, se == nil,
      estimation == .auto, interval == .auto, resampling.stratify == nil
    else {
      throw CommandFailure(
        .usage,
        "--penalty has the tables coefficients and path, and no standard errors, intervals, strata or "
          + "offsets: coefficients are shrunken on purpose")
    }
    let matrix = loaded.matrix
    let design = try design(of: matrix, console: console)
    let weights = try weights(of: matrix)
    sayZeroWeights(of: matrix, console: console)
    let clusters = try resampling.clusters(of: matrix)
    let net = ElasticNet(alpha: lassoShare)
    let fits = try outcomes(of: matrix).map { asked in
      let outcome: BinaryOutcome
      do throws(Logits.Failure) {
        outcome = try asked.values(in: matrix)
      } catch { throw refusal(error, console: console) }
      let result: Result<ElasticNet.CrossValidation, LogisticRegressionError>
      let overlap = OwnPredictors(outcome, formula: design.formula, matrix: matrix)
      do throws(LogisticRegressionError) {
        if let variable = overlap.identity {
          throw .ownPredictor(outcome: outcome.name, variable: variable)
        }
        for note in overlap.notes { console.note("\(outcome.name): \(note)") }
        let own = (try? overlap.design(design, of: matrix)) ?? design
        result = .success(
          try net.crossValidation(
            own, outcome: outcome, weights: weights, clusters: clusters, folds: folds,
            seed: resampling.seed))
      } catch {
        console.warning("\(error)")
        result = .failure(error)
      }
      return PenalizedFit(outcome: outcome.name, result: result)
    }
    guard fits.contains(where: { (try? $0.result.get()) != nil }) else {
      var quiet = console
      quiet.isQuiet = true
      throw Self.nothingFitted(
        fits.compactMap { fit in
          if case .failure(let error) = fit.result { error } else { nil }
        }, console: quiet)
    }
    let name = penalty == .elasticNet ? "elastic-net \(mix)" : penalty.rawValue
    var answer = Answer(
      table == .path
        ? Table(penaltyPaths: fits, notes: design.notes)
        : Table(
          penalized: fits, method: "\(name), \(folds)-fold cross-validation", design: design,
          notes: design.notes))
    answer.usesSeed = true
    return answer
  }
}
