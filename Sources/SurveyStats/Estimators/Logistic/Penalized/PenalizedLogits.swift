/// Logistic fits with shrunken coefficients, each outcome by itself, the strength chosen by cross-validation.
///
/// ``ElasticNet`` says what is minimised.
public struct PenalizedLogits: Analysis {
  /// The outcomes.
  public var outcomes: [Logits.Outcome]
  /// The predictors, a formula.
  public var formula: String
  /// The share of the lasso: 0 is ridge, 1 the lasso.
  var lassoShare: Double
  /// The number of folds.
  public var folds: Int

  /// The fits.
  public struct Result: Sendable {
    /// The fit of every outcome, or why there is none.
    public let fits: [PenalizedFit]
    /// The columns of the formula.
    public let design: DesignMatrix
    /// What is to be known of an outcome, under its name.
    public let remarks: [(outcome: String, text: String)]
  }

  /// Asks for penalised fits.
  public init(
    _ outcomes: [Logits.Outcome], on formula: String, lassoShare: Double = 1, folds: Int = 10
  ) {
    self.outcomes = outcomes
    self.formula = formula
    self.lassoShare = lassoShare
    self.folds = folds
  }

  /// Weights count; folds keep clusters and rows of one paper together, and know nothing of strata.
  public func handling(of feature: SamplingFeature) -> Handling {
    switch feature {
    case .weights, .clusters, .repeatedPapers: .honoured
    case .strata: .ignored(feature)
    }
  }

  /// Fits along the path of strengths; the seed of the run makes the folds.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let design: DesignMatrix
    do throws(ModelFormulaError) {
      design = try DesignMatrix(try ModelFormula(formula), from: matrix)
    } catch { throw Logits.Failure.formula(error) }
    if sample.weighsNothing { throw Logits.Failure.zeroWeights }
    let clusters =
      sample.design.unitsArePapers ? nil : sample.design.unitOfPaper.map { Optional("\($0)") }
    let net = ElasticNet(alpha: lassoShare)
    var remarks: [(outcome: String, text: String)] = []
    let fits = try outcomes.map { asked -> PenalizedFit in
      let outcome = try asked.values(in: matrix)
      let overlap = OwnPredictors(outcome, formula: design.formula, matrix: matrix)
      if let variable = overlap.identity {
        return PenalizedFit(
          outcome: outcome.name,
          result: .failure(.ownPredictor(outcome: outcome.name, variable: variable)))
      }
      remarks += overlap.notes.map { (outcome.name, $0) }
      let own = (try? overlap.design(design, of: matrix)) ?? design
      let found = Swift.Result { () throws(LogisticRegressionError) in
        try net.crossValidation(
          own, outcome: outcome, weights: sample.design.weights, clusters: clusters,
          folds: folds, seed: run.seed)
      }
      return PenalizedFit(outcome: outcome.name, result: found)
    }
    guard fits.contains(where: { (try? $0.result.get()) != nil }) else {
      throw Logits.Failure.nothingFitted(
        fits.compactMap { fit in
          if case .failure(let error) = fit.result { error } else { nil }
        })
    }
    let result = Result(fits: fits, design: design, remarks: remarks)
    return Prepared(draws: []) { _ in result }
  }
}
