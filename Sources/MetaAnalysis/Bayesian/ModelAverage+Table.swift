public import SurveyStats

extension Table {
  /// Averages, inclusion Bayes factors and every model of a Bayesian average.
  ///
  /// - Parameters:
  ///   - average: The average.
  ///   - reading: How effects are read; means are transformed like limits, so that they are medians of a
  ///     symmetric posterior, not means, on a bent scale.
  public init(models average: ModelAverage, reading: NaturalReading = .identity) {
    struct Row {
      var kind: String
      var term: String
      var models: Int?
      var bias: String?
      var prior: Double?
      var posterior: Double?
      var bayesFactor: Double?
      var logMarginal: Double?
      var estimate: Estimate?
      var isEffect = false
      var tau: Double?
    }
    let count = average.models.count
    let withEffect = average.models.count { $0.hasEffect }
    let withTau = average.models.count { $0.hasHeterogeneity }
    var rows = [
      Row(
        kind: "average", term: "effect", models: count, estimate: average.effect, isEffect: true),
      Row(
        kind: "average", term: "effect if any", models: withEffect,
        estimate: average.conditionalEffect, isEffect: true),
      Row(kind: "average", term: "tau", models: count, estimate: average.tau),
      Row(
        kind: "average", term: "tau if any", models: withTau, estimate: average.conditionalTau),
      Row(
        kind: "average", term: "new study", models: count, estimate: average.prediction,
        isEffect: true),
    ]
    rows += average.components.map {
      Row(
        kind: "component", term: $0.name, models: $0.models, prior: $0.prior,
        posterior: $0.posterior, bayesFactor: $0.bayesFactor)
    }
    rows += average.models.map { model in
      Row(
        kind: "model",
        term: (model.hasEffect ? "effect" : "no effect")
          + (model.hasHeterogeneity ? ", heterogeneity" : ", no heterogeneity"),
        bias: model.bias.name, prior: model.prior, posterior: model.posterior,
        bayesFactor: model.bayesFactor, logMarginal: model.logMarginal, estimate: model.effect,
        isEffect: true, tau: model.tau.value)
    }
    let estimates = rows.map { row -> Estimate in
      guard var estimate = row.estimate else { return Estimate(nil) }
      if row.isEffect {
        estimate.value = estimate.value.map(reading.value)
        estimate.lower = estimate.lower.map(reading.value)
        estimate.upper = estimate.upper.map(reading.value)
      }
      return estimate
    }
    let note = average.notes.text
    self.init(
      name: "meta_models",
      caption:
        "Bayesian averages over models with and without an effect, heterogeneity"
        + (average.averagesBias ? " and small-study bias." : "."),
      columns: [
        Column("row_kind", .text(rows.map(\.kind))), Column("term", .text(rows.map(\.term))),
        Column("bias_model", .text(rows.map(\.bias))),
        Column("n_models", .integer(rows.map(\.models)), style: .sparse),
        Column("prior_prob", .real(rows.map(\.prior)), style: .sparse),
        Column("posterior_prob", .real(rows.map(\.posterior)), style: .sparse),
        Column("bayes_factor", .real(rows.map(\.bayesFactor)), style: .sparse),
        Column("log_marginal", .real(rows.map(\.logMarginal)), isDetail: true),
      ] + NaturalReading.identity.columns(estimates) + [
        Column("tau", .real(rows.map(\.tau)), isDetail: true),
        Column("k", .integer(rows.map { _ in average.studyCount }), isDetail: true),
        Column("note", .text(rows.map { $0.kind == "average" ? note : nil })),
      ],
      notes: [average.priors.sentence(averagesBias: average.averagesBias)])
  }
}
