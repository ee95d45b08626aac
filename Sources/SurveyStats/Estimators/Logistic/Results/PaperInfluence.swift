/// What one paper does to a logistic fit.
///
/// Cook's distance is r²h / ((1 − h)² k) with the Pearson residual r, the leverage h and k
/// coefficients (Pregibon 1981, Annals of Statistics 9:705; as R's `cooks.distance`).
public struct PaperInfluence: Sendable, Equatable {
  /// The position of the paper in the corpus.
  public let paper: Int
  /// The outcome.
  public let isYes: Bool
  /// The fitted probability.
  public let probability: Double
  /// (y − π) / √(π(1 − π)), times the root of the weight.
  public let pearsonResidual: Double
  /// The signed root of the paper's share of the deviance.
  public let devianceResidual: Double
  /// The leverage.
  public let leverage: Double
  /// Cook's distance; `nil` where the leverage is one.
  public let cooksDistance: Double?
}

extension LogisticFit {
  /// Residuals and influence of every paper of the fit.
  public func influence() -> [PaperInfluence] {
    let leverages = leverages
    let predictors = likelihood.linearPredictors(optimum.beta)
    let probabilities = patternProbabilities
    return papers.indices.map { index in
      let predictor = predictors[patternOfRow[index]]
      let probability = probabilities[patternOfRow[index]]
      let isYes = data.isYes[index]
      let weight = data.weights[index]
      let spread = probability * (1 - probability)
      let pearson = ((isYes ? 1 : 0) - probability) * (weight / spread).squareRoot()
      let deviance = (2 * weight * softplus(isYes ? -predictor : predictor)).squareRoot()
      let leverage = leverages[index]
      let rest = 1 - leverage
      let cook = pearson * pearson * leverage / (rest * rest * Double(coefficients.count))
      return PaperInfluence(
        paper: papers[index], isYes: isYes, probability: probability, pearsonResidual: pearson,
        devianceResidual: isYes ? deviance : -deviance, leverage: leverage,
        cooksDistance: cook.isFinite ? cook : nil)
    }
  }
}
