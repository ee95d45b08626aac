import RealModule

extension Table {
  /// Logistic coefficients in the columns of `logit`, p-values adjusted over the outcomes of each
  /// term.
  ///
  /// Limits and estimates are log odds ratios; `odds_ratio`, `odds_low` and `odds_high` are their
  /// exponentials. The notes are those of the design: reference levels, centres, missing
  /// covariates.
  public init(
    logistic rows: [LogisticEstimate], level: Double, adjustment: PValueAdjustment = .none,
    notes: [String] = []
  ) {
    var adjusted = [Double?](repeating: nil, count: rows.count)
    var terms: [String] = []
    for term in rows.compactMap(\.term) where !terms.contains(term) { terms.append(term) }
    for term in terms {
      let family = rows.indices.filter { rows[$0].term == term }
      for (index, value) in zip(family, adjustment(family.map { rows[$0].pValue })) {
        adjusted[index] = value
      }
    }
    func odds(_ values: [Double?]) -> Column.Values {
      .real(values.map { $0.map { Double.exp($0) }.flatMap { $0.isFinite ? $0 : nil } })
    }
    self.init(
      name: "logit",
      caption: "Log odds ratios of the outcome per unit of each term, others held fixed.",
      columns: [
        Column("outcome", .text(rows.map(\.outcome))),
        Column("term", .text(rows.map(\.term))),
        Column("estimate", .real(rows.map(\.estimate))),
        Column("std_error", .real(rows.map(\.standardError))),
        Column("statistic", .real(rows.map(\.statistic))),
        Column("p_value", .real(rows.map(\.pValue)), style: .pValue),
        Column("p_adjusted", .real(adjusted), style: .pValue),
        Column(
          "conf_low", .real(rows.map(\.coefficient.lower)), style: .lowerLimit(of: "estimate")),
        Column(
          "conf_high", .real(rows.map(\.coefficient.upper)), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(rows.map { _ in level })),
        Column("odds_ratio", odds(rows.map(\.estimate))),
        Column(
          "odds_low", odds(rows.map(\.coefficient.lower)), style: .lowerLimit(of: "odds_ratio")),
        Column(
          "odds_high", odds(rows.map(\.coefficient.upper)), style: .upperLimit(of: "odds_ratio")),
        Column("n", .integer(rows.map(\.paperCount))),
        Column("n_events", .integer(rows.map(\.eventCount))),
        Column("method", .text(rows.map { $0.method?.rawValue })),
        Column("note", .text(rows.map(Self.note))),
        Column("df", .real(rows.map(\.degreesOfFreedom)), isDetail: true),
        Column("reference", .text(rows.map(\.reference)), isDetail: true),
        Column("coding", .text(rows.map(\.coding)), isDetail: true),
      ],
      notes: notes)
  }

  /// The note of a row, with what its odds ratio cannot show.
  private static func note(_ row: LogisticEstimate) -> String? {
    var row = row
    let logarithms = [row.estimate, row.coefficient.lower, row.coefficient.upper].compactMap { $0 }
    if logarithms.contains(where: { !Double.exp($0).isFinite }) {
      row.remark("an odds ratio is too large for a number")
    }
    return row.note
  }

  /// How well each model describes its papers (table `fit` of `logit`).
  ///
  /// The columns that end in `_cv`, and the calibration, are cross-validated (see
  /// ``CrossValidatedFit``); all others describe the papers of the fit itself.
  public init(
    logisticFits fits: [LogisticFit], level: Double = 0.95, clusters: [String?]? = nil,
    folds: Int = 10, seed: UInt64 = 1
  ) {
    let statistics = fits.map(LogisticFitStatistics.init)
    let validated = fits.map {
      CrossValidatedFit($0, clusters: clusters, folds: folds, seed: seed)
    }
    let areas = statistics.map { $0.area?.interval(level: level) }
    self.init(
      name: "fit",
      caption: "Fit of the logistic models to the papers they were fitted on; calibration and _cv "
        + "by \(folds)-fold cross-validation.",
      columns: [
        Column("outcome", .text(fits.map(\.outcome))),
        Column("n", .integer(fits.map(\.paperCount))),
        Column("n_events", .integer(fits.map(\.eventCount))),
        Column("parameters", .integer(statistics.map(\.parameters))),
        Column("deviance", .real(statistics.map(\.deviance))),
        Column("null_deviance", .real(statistics.map(\.nullDeviance))),
        Column("log_likelihood", .real(fits.map(\.logLikelihood))),
        Column("aic", .real(statistics.map(\.aic))),
        Column("bic", .real(statistics.map(\.bic))),
        Column("mcfadden", .real(statistics.map(\.mcFadden))),
        Column("tjur", .real(statistics.map(\.tjur))),
        Column("auc", .real(statistics.map { $0.area?.estimate })),
        Column("auc_low", .real(areas.map { $0?.lower }), style: .lowerLimit(of: "auc")),
        Column("auc_high", .real(areas.map { $0?.upper }), style: .upperLimit(of: "auc")),
        Column("auc_cv", .real(validated.map { $0?.area })),
        Column("brier", .real(statistics.map(\.brier))),
        Column("brier_cv", .real(validated.map { $0?.brier })),
        Column("calibration_intercept", .real(validated.map { $0?.calibrationIntercept })),
        Column("calibration_slope", .real(validated.map { $0?.calibrationSlope })),
        Column("iterations", .integer(fits.map(\.iterations))),
        Column("method", .text(fits.map(\.method.rawValue))),
        Column(
          "note", .text(fits.map { $0.notes.isEmpty ? nil : $0.notes.joined(separator: "; ") })),
      ])
  }

  /// Tests of the terms of each model (table `tests` of `logit`), by the likelihood ratio, or Wald's
  /// with robust errors.
  public init(
    logisticTermTests fits: [LogisticFit], inference: LogisticInference = LogisticInference(),
    adjustment: PValueAdjustment = .none
  ) {
    let rows = fits.flatMap { fit in
      let robust = fit.covariance(inference.covarianceType, clusters: inference.clusters)
      return fit.termTests(robust: robust).map { test in
        (fit: fit, test: robust == nil ? test.undefined(.oneCluster) : test)
      }
    }
    var adjusted = [Double?](repeating: nil, count: rows.count)
    var terms: [String] = []
    for row in rows where !terms.contains(row.test.term) { terms.append(row.test.term) }
    for term in terms {
      let family = rows.indices.filter { rows[$0].test.term == term }
      for (index, value) in zip(family, adjustment(family.map { rows[$0].test.pValue })) {
        adjusted[index] = value
      }
    }
    self.init(
      name: "tests", caption: "Tests of whole terms.",
      columns: [
        Column("outcome", .text(rows.map(\.fit.outcome))),
        Column("term", .text(rows.map(\.test.term))),
        Column("df", .integer(rows.map(\.test.degreesOfFreedom))),
        Column("statistic", .real(rows.map(\.test.statistic))),
        Column("p_value", .real(rows.map(\.test.pValue)), style: .pValue),
        Column("p_adjusted", .real(adjusted), style: .pValue),
        Column("n", .integer(rows.map(\.fit.paperCount))),
        Column("method", .text(rows.map(\.test.method.rawValue))),
        Column("note", .text(rows.map(\.test.note))),
      ])
  }

  /// Average marginal effects of each model (table `effects` of `logit`), as fractions: 0.03 is three
  /// percentage points.
  public init(marginalEffectsOf fits: [LogisticFit], inference: LogisticInference) {
    self.init(
      effects: fits.map { fit in
        let robust = fit.covariance(inference.covarianceType, clusters: inference.clusters)
        return Effects(
          outcome: fit.outcome, count: fit.paperCount, method: inference.methodName(of: fit),
          values: fit.marginalEffects(covariance: robust?.matrix),
          degreesOfFreedom: robust?.degreesOfFreedom.min() ?? .infinity, hasErrors: robust != nil)
      }, level: inference.level)
  }

  /// The marginal effects of one model.
  struct Effects {
    let outcome: String
    let count: Int
    let method: String
    let values: [MarginalEffect]
    /// The degrees of freedom of t statistics; infinite for normal ones.
    var degreesOfFreedom = Double.infinity
    /// Whether errors are known; not with a single cluster.
    var hasErrors = true

    var distribution: StudentT { StudentT(degreesOfFreedom: degreesOfFreedom) }

    /// The standard error of an effect.
    func error(_ effect: MarginalEffect) -> Double? { hasErrors ? effect.standardError : nil }
  }

  init(effects models: [Effects], level: Double) {
    let rows = models.flatMap { model in model.values.map { (model: model, effect: $0) } }
    let statistics = rows.map { row in
      row.model.error(row.effect).flatMap { $0 > 0 ? row.effect.estimate / $0 : nil }
    }
    // The effect of a level or label is a difference of probabilities; that of a number is a slope.
    func limits(_ sign: Double) -> Column.Values {
      .real(
        rows.map { row in
          row.model.error(row.effect).map { error in
            let distance = row.model.distribution.upperQuantile((1 - level) / 2)
            let limit = row.effect.estimate + sign * distance * error
            return row.effect.isContrast ? max(-1, min(1, limit)) : limit
          }
        })
    }
    self.init(
      name: "effects",
      caption: "Average change of the probability of the outcome per unit, level or label.",
      columns: [
        Column("outcome", .text(rows.map(\.model.outcome))),
        Column("term", .text(rows.map(\.effect.term))),
        Column("estimate", .real(rows.map(\.effect.estimate)), style: .share),
        Column("std_error", .real(rows.map { $0.model.error($0.effect) }), style: .share),
        Column("statistic", .real(statistics)),
        Column(
          "p_value",
          .real(
            zip(rows, statistics).map { row, statistic in
              statistic.map { 2 * row.model.distribution.survival(abs($0)) }
            }), style: .pValue),
        Column("conf_low", limits(-1), style: .lowerLimit(of: "estimate")),
        Column("conf_high", limits(1), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(rows.map { _ in level })),
        Column("n", .integer(rows.map(\.model.count))),
        Column("method", .text(rows.map(\.model.method))),
        Column("reference", .text(rows.map(\.effect.reference))),
        Column(
          "note",
          .text(
            rows.map {
              $0.model.hasErrors
                ? Self.separated($0.effect.standardError) : Note.oneCluster.description
            })),
      ])
  }

  /// Why a delta-method standard error is missing.
  private static func separated(_ standardError: Double?) -> String? {
    standardError == nil ? "separated: no standard error; see the profile of its coefficient" : nil
  }

  /// Average predicted probabilities over a grid of each variable (table `predictions` of `logit`).
  public init(predictionsOf fits: [LogisticFit], inference: LogisticInference) {
    self.init(
      predictions: fits.map { fit in
        let robust = fit.covariance(inference.covarianceType, clusters: inference.clusters)
        return Predictions(
          outcome: fit.outcome, count: fit.paperCount, method: inference.methodName(of: fit),
          values: fit.predictions(
            level: inference.level, covariance: robust?.matrix,
            degreesOfFreedom: robust?.degreesOfFreedom.min() ?? .infinity),
          hasErrors: robust != nil)
      }, level: inference.level)
  }

  /// The predicted probabilities of one model.
  struct Predictions {
    let outcome: String
    let count: Int
    let method: String
    let values: [PredictedProbability]
    /// Whether errors are known; not with a single cluster.
    var hasErrors = true
  }

  init(predictions models: [Predictions], level: Double) {
    let rows = models.flatMap { model in model.values.map { (model: model, prediction: $0) } }
    func known(_ value: (PredictedProbability) -> Double?) -> Column.Values {
      .real(rows.map { $0.model.hasErrors ? value($0.prediction) : nil })
    }
    self.init(
      name: "predictions",
      caption:
        "Average probability of the outcome with one variable set to a value for all papers.",
      columns: [
        Column("outcome", .text(rows.map(\.model.outcome))),
        Column("term", .text(rows.map(\.prediction.term))),
        Column("value", .text(rows.map(\.prediction.value))),
        Column("estimate", .real(rows.map(\.prediction.probability.value)), style: .share),
        Column("std_error", known(\.probability.standardError), style: .share),
        Column("conf_low", known(\.probability.lower), style: .lowerLimit(of: "estimate")),
        Column("conf_high", known(\.probability.upper), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(rows.map { _ in level })),
        Column("n", .integer(rows.map(\.model.count))),
        Column("method", .text(rows.map(\.model.method))),
        Column(
          "note",
          .text(
            rows.map {
              $0.model.hasErrors
                ? Self.separated($0.prediction.probability.standardError)
                : Note.oneCluster.description
            })),
      ])
  }

  /// Residuals and influence of every paper of each model (table `papers` of `logit`).
  ///
  /// `slugs` are the names of all papers of the corpus.
  public init(influenceOf fits: [LogisticFit], slugs: [String]) {
    let rows = fits.flatMap { fit in fit.influence().map { (outcome: fit.outcome, paper: $0) } }
    self.init(
      name: "papers", caption: "Residuals and influence of each paper.",
      columns: [
        Column("outcome", .text(rows.map(\.outcome))),
        Column("paper", .text(rows.map { slugs[$0.paper.paper] })),
        Column("observed", .integer(rows.map { $0.paper.isYes ? 1 : 0 })),
        Column("fitted", .real(rows.map(\.paper.probability)), style: .share),
        Column("pearson_residual", .real(rows.map(\.paper.pearsonResidual))),
        Column("deviance_residual", .real(rows.map(\.paper.devianceResidual))),
        Column("leverage", .real(rows.map(\.paper.leverage))),
        Column("cooks_distance", .real(rows.map(\.paper.cooksDistance))),
      ])
  }
}

extension LogisticInference {
  /// What was maximised and, if they are not model-based, the standard errors.
  func methodName(of fit: LogisticFit) -> String {
    covarianceType == .model
      ? fit.method.rawValue : "\(fit.method.rawValue), \(covarianceType.rawValue)"
  }
}
