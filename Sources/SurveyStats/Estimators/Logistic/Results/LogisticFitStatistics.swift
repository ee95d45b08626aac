import RealModule

/// How well a logistic model describes its papers.
///
/// All are computed on the papers of the fit themselves, so that they flatter the model
/// (``CrossValidatedFit`` does not). Deviance
/// −2 log L, AIC = −2 log L + 2k and BIC = −2 log L + k log n use the likelihood without Firth's
/// penalty; McFadden's R² is 1 − log L / log L₀ against the model of intercept and offset alone;
/// Tjur's R² the difference of mean fitted probability between yes and no; the Brier score the mean
/// squared error of the probabilities; calibration the intercept and slope of the outcome regressed
/// on the fitted log odds (0 and 1 for maximum likelihood, a slope above 1 after shrinkage). Weights
/// enter the likelihoods and means; the area under the ROC curve counts every paper once.
///
/// References: McFadden (1974); Tjur (2009), American Statistician 63:366; Brier (1950); Cox (1958),
/// Biometrika 45:562.
public struct LogisticFitStatistics: Sendable, Equatable {
  /// −2 log-likelihood.
  public let deviance: Double
  /// The deviance of the intercept alone.
  public let nullDeviance: Double
  /// The number of coefficients.
  public let parameters: Int
  /// Akaike's criterion.
  public let aic: Double
  /// Schwarz's criterion.
  public let bic: Double
  /// McFadden's R².
  let mcFadden: Double
  /// Tjur's R².
  public let tjur: Double
  /// The area under the ROC curve.
  public let area: ROCArea?
  /// The Brier score.
  public let brier: Double
  /// The calibration intercept; `nil` when it cannot be estimated.
  public let calibrationIntercept: Double?
  /// The calibration slope; `nil` when it cannot be estimated.
  public let calibrationSlope: Double?

  /// Computes all statistics of a fit.
  public init(_ fit: LogisticFit) {
    let empty = fit.data.likelihood(columns: [0], isPenalized: false)
    let null = (try? empty.maximized(from: empty.start))?.criterion ?? 0
    let probabilities = fit.fittedProbabilities
    let weights = fit.data.weights
    parameters = fit.coefficients.count
    deviance = -2 * fit.logLikelihood
    nullDeviance = -2 * null
    aic = deviance + 2 * Double(parameters)
    let size = fit.data.weightFactor == 1 ? Double(fit.paperCount) : weights.reduce(0, +)
    bic = deviance + Double(parameters) * Double.log(size)
    mcFadden = (1 - deviance / nullDeviance).clearedOfNoise()
    var weightSums = (yes: 0.0, no: 0.0)
    var probabilitySums = (yes: 0.0, no: 0.0)
    var squares = 0.0
    for (index, probability) in probabilities.enumerated() {
      let weight = weights[index]
      if fit.data.isYes[index] {
        weightSums.yes += weight
        probabilitySums.yes += weight * probability
        squares += weight * (1 - probability) * (1 - probability)
      } else {
        weightSums.no += weight
        probabilitySums.no += weight * probability
        squares += weight * probability * probability
      }
    }
    tjur = (probabilitySums.yes / weightSums.yes - probabilitySums.no / weightSums.no)
      .clearedOfNoise()
    brier = squares / (weightSums.yes + weightSums.no)
    area = ROCArea(scores: probabilities, isCase: fit.data.isYes)
    let calibration = Self.calibration(fit)
    calibrationIntercept = calibration?[0]
    calibrationSlope = calibration?[1]
  }

  private static func calibration(_ fit: LogisticFit) -> [Double]? {
    calibration(
      logits: fit.likelihood.linearPredictors(fit.optimum.beta), successes: fit.data.successes,
      trials: fit.data.trials)
  }

  /// Intercept and slope of outcomes regressed on log odds.
  static func calibration(logits: [Double], successes: [Double], trials: [Double]) -> [Double]? {
    let columns = DenseMatrix(
      rows: logits.count, columns: 2,
      elements: [Double](repeating: 1, count: logits.count) + logits)
    let yes = logits.indices.filter { successes[$0] > 0 }.map { logits[$0] }
    let no = logits.indices.filter { successes[$0] < trials[$0] }.map { logits[$0] }
    guard let leastYes = yes.min(), let mostYes = yes.max(), let leastNo = no.min(),
      let mostNo = no.max(), leastYes < mostNo, leastNo < mostYes,
      Moments(logits).variance > 1e-20
    else { return nil }
    let likelihood = BinomialLikelihood(
      columns: columns, successes: successes, trials: trials,
      offset: [Double](repeating: 0, count: logits.count), isPenalized: false)
    guard let optimum = try? likelihood.maximized(from: likelihood.start) else { return nil }
    return likelihood.coefficients(of: optimum.beta)
  }
}
