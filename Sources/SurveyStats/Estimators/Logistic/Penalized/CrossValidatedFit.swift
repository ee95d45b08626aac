/// How well a logistic model predicts papers that it was not fitted to.
///
/// The papers are dealt to folds, yes and no apart and whole clusters together; every fold is
/// predicted by a fit of the others on the same columns and by the same criterion. From these
/// predictions come the area under the ROC curve, the Brier score, and intercept and slope of the
/// calibration; a slope below one says that the model promises too much. In the papers of the fit
/// itself the slope of maximum likelihood is one whatever the model. Undefined (`nil`) when a fit of
/// a fold has no maximum. Cost: as many fits as folds.
///
/// References: Stone (1974), JRSS B 36:111; Steyerberg (2019), Clinical Prediction Models, chapters
/// 5 and 15.
public struct CrossValidatedFit: Sendable, Equatable {
  /// The area under the ROC curve.
  public let area: Double?
  /// The Brier score.
  public let brier: Double
  /// The calibration intercept.
  let calibrationIntercept: Double?
  /// The calibration slope.
  public let calibrationSlope: Double?

  /// Predicts each fold from the others.
  public init?(
    _ fit: LogisticFit, clusters: [String?]? = nil, folds: Int = 10, seed: UInt64 = 1
  ) {
    let used = fit.data.papers
    let members = Self.folds(fit, clusters: clusters, count: folds, seed: seed)
    var predictors = [Double](repeating: 0, count: used.rows.count)
    /// The left-out answers of a fold and pattern together.
    var cells = (logits: [Double](), successes: [Double](), trials: [Double]())
    for fold in 0..<folds where members.contains(fold) {
      var successes = [Double](repeating: 0, count: fit.likelihood.x.rows)
      var trials = successes
      for index in members.indices where members[index] != fold {
        trials[used.patternOfRow[index]] += used.weights[index]
        if used.isYes[index] { successes[used.patternOfRow[index]] += used.weights[index] }
      }
      let likelihood = fit.likelihood.replacing(successes: successes, trials: trials)
      guard
        let optimum = try? likelihood.maximized(from: fit.optimum.beta, iterations: 50),
        optimum.beta.allSatisfy({ abs($0) <= LogisticStatistic.largestCoefficient })
      else { return nil }
      let shift = likelihood.interceptShift(at: optimum.beta)
      let own = likelihood.linearPredictors(optimum.beta)
      for pattern in trials.indices where fit.data.trials[pattern] > trials[pattern] + 1e-9 {
        cells.logits.append(own[pattern] + shift)
        let count = fit.data.trials[pattern] - trials[pattern]
        let yes = fit.data.successes[pattern] - successes[pattern]
        cells.trials.append(count)
        cells.successes.append(yes < 1e-9 ? 0 : yes > count - 1e-9 ? count : yes)
      }
      for index in members.indices where members[index] == fold {
        predictors[index] = own[used.patternOfRow[index]] + shift
      }
    }
    let (isYes, weights) = (used.isYes, used.weights)
    area = ROCArea(scores: predictors, isCase: isYes)?.estimate
    var (squares, total) = (0.0, 0.0)
    for (index, predictor) in predictors.enumerated() {
      let gap = (isYes[index] ? 1 : 0) - logistic(predictor)
      squares += weights[index] * gap * gap
      total += weights[index]
    }
    brier = squares / total
    let calibration = LogisticFitStatistics.calibration(
      logits: cells.logits, successes: cells.successes, trials: cells.trials)
    calibrationIntercept = calibration?[0]
    calibrationSlope = calibration?[1]
  }

  /// The fold of every used paper.
  private static func folds(
    _ fit: LogisticFit, clusters: [String?]?, count: Int, seed: UInt64
  ) -> [Int] {
    let units = ClusterMembers(fit.papers.map { clusters?[$0] }).rows
    var members = [Int](repeating: 0, count: fit.paperCount)
    var stream = RandomStream(seed: seed)
    var next = 0
    for value in [true, false] {
      var own = units.filter { fit.data.isYes[$0[0]] == value }
      stream.draw(own.count, toFrontOf: &own)
      for unit in own {
        for paper in unit { members[paper] = next % count }
        next += 1
      }
    }
    return members
  }
}
