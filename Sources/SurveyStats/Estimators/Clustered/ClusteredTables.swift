extension EstimatingEquations.Solution {
  /// The fewest clusters with which the plain sandwich is taken.
  private static let manyClusters = 100

  /// The covariance that results are made with: Mancl and DeRouen's with fewer than 100 clusters.
  public var covariance: DenseMatrix {
    clusterCount < Self.manyClusters ? correctedCovariance : robustCovariance
  }

  /// The rows of the solution: Wald intervals and tests with t quantiles.
  public func estimates(level: Double = 0.95) -> [LogisticEstimate] {
    let correction = clusterCount < Self.manyClusters ? ", Mancl-DeRouen" : ""
    let covariance = covariance
    return fit.columnRows(
      coefficients, errors: covariance.diagonal.map { max(0, $0).squareRoot() },
      degreesOfFreedom: degreesOfFreedom, level: level, notes: notes,
      method: "GEE \(correlation.rawValue), \(clusterCount) clusters\(correction)")
  }
}

extension RandomInterceptRegression.Fit {
  /// The rows of the fit: Wald intervals and tests, or those of the profiles that were asked for.
  public func estimates(level: Double = 0.95) -> [LogisticEstimate] {
    var rows = fit.columnRows(
      coefficients, errors: standardErrors,
      degreesOfFreedom: coefficients.map { _ in .infinity }, level: level, notes: notes,
      method: "\(name), \(clusterCount) clusters")
    for (column, profile) in profiles {
      rows[column].method = "\(name), profile, \(clusterCount) clusters"
      rows[column].coefficient.lower = profile.lower
      rows[column].coefficient.upper = profile.upper
      rows[column].coefficient.degreesOfFreedom = nil
      rows[column].statistic = profile.ratio.map {
        coefficients[column] < 0 ? -$0.squareRoot() : $0.squareRoot()
      }
      rows[column].pValue = profile.ratio.map { ChiSquared(degreesOfFreedom: 1).survival($0) }
      if profile.lower == nil || profile.upper == nil || profile.ratio == nil {
        rows[column].remark("the profile did not converge")
      }
    }
    return rows
  }

  /// The model and how its likelihood was integrated.
  var name: String {
    nodes == 1 ? "random intercept (Laplace)" : "random intercept (\(nodes) nodes)"
  }
}

extension LogisticFit {
  /// The rows of a clustered model of the same columns, those left out at the end.
  fileprivate func columnRows(
    _ coefficients: [Double], errors: [Double], degreesOfFreedom: [Double], level: Double,
    notes: [String], method: MethodName
  ) -> [LogisticEstimate] {
    let remarks = notes.filter { note in !dropped.contains { $0.description == note } }
    let note = remarks.isEmpty ? nil : remarks.joined(separator: "; ")
    let rows = columnNames.indices.map { index -> LogisticEstimate in
      let error = errors[index]
      let estimate = coefficients[index].clearedOfNoise(beside: error)
      var row = LogisticEstimate(
        outcome: outcome, term: columnNames[index],
        coefficient: Estimate(estimate, standardError: error), paperCount: paperCount,
        eventCount: eventCount, method: method, note: note)
      row.describe(design)
      guard error > 0 else { return row }
      let distribution = StudentT(degreesOfFreedom: degreesOfFreedom[index])
      let distance = distribution.upperQuantile((1 - level) / 2) * error
      row.statistic = estimate / error
      row.pValue = 2 * distribution.survival(abs(estimate / error))
      row.coefficient = Estimate(
        estimate, standardError: error, lower: estimate - distance, upper: estimate + distance,
        level: level, degreesOfFreedom: degreesOfFreedom[index])
      return row
    }
    return rows
      + dropped.map { column in
        LogisticEstimate(
          outcome: outcome, term: column.name, paperCount: paperCount, eventCount: eventCount,
          note: column.description)
      }
  }
}

extension Table {
  /// What holds the answers of a cluster together in estimating equations (table `fit`).
  public init(estimatingEquations solution: EstimatingEquations.Solution) {
    self.init(
      name: "fit", caption: "Estimating equations of the answers to all items.",
      columns: [
        Column("outcome", .text([solution.fit.outcome])),
        Column("n", .integer([solution.rowCount])),
        Column("n_events", .integer([solution.eventCount])),
        Column("clusters", .integer([solution.clusterCount])),
        Column("parameters", .integer([solution.coefficients.count])),
        Column("correlation", .text([solution.correlation.rawValue])),
        Column("alpha", .real([solution.alpha])),
        Column("dispersion", .real([solution.phi])),
        Column(
          "note", .text([solution.notes.isEmpty ? nil : solution.notes.joined(separator: "; ")])),
      ],
      notes: ["alpha: the working correlation of two answers of a cluster"])
  }

  /// How much clusters differ in a random-intercept model (table `fit`).
  public init(randomIntercept fit: RandomInterceptRegression.Fit) {
    self.init(
      name: "fit", caption: "Random-intercept model of the answers to all items.",
      columns: [
        Column("outcome", .text([fit.fit.outcome])),
        Column("n", .integer([fit.rowCount])),
        Column("n_events", .integer([fit.eventCount])),
        Column("clusters", .integer([fit.clusterCount])),
        Column("parameters", .integer([fit.modelParameterCount])),
        Column("sd", .real([fit.standardDeviation])),
        Column("sd_std_error", .real([fit.standardDeviationError])),
        Column("intraclass_correlation", .real([fit.intraclassCorrelation])),
        Column("sd_p_value", .real([fit.standardDeviationPValue]), style: .pValue),
        Column("log_likelihood", .real([fit.maximizedLogLikelihood])),
        Column("deviance", .real([fit.maximizedLogLikelihood.map { -2 * $0 }])),
        Column("aic", .real([fit.akaikeCriterion])), Column("bic", .real([fit.schwarzCriterion])),
        Column("method", .text([fit.name])),
        Column("note", .text([fit.notes.isEmpty ? nil : fit.notes.joined(separator: "; ")])),
      ],
      notes: [
        "sd: the standard deviation of the clusters' intercepts, tested against 0 at the boundary"
      ])
  }

  /// Average marginal effects of estimating equations, in the population (table `effects`), but
  /// not those of one item against another.
  public init(marginalEffectsOf solution: EstimatingEquations.Solution, level: Double) {
    self.init(
      effects: [
        Effects(
          outcome: solution.fit.outcome, count: solution.rowCount,
          method: "GEE \(solution.correlation.rawValue)",
          values: solution.fit.marginalEffects(
            covariance: solution.covariance, excluding: [CellRows.itemName]),
          degreesOfFreedom: solution.degreesOfFreedom.min() ?? .infinity)
      ], level: level)
  }

  /// Average probabilities of estimating equations over a grid (table `predictions`).
  public init(predictionsOf solution: EstimatingEquations.Solution, level: Double) {
    self.init(
      predictions: [
        Predictions(
          outcome: solution.fit.outcome, count: solution.rowCount,
          method: "GEE \(solution.correlation.rawValue)",
          values: solution.fit.predictions(
            level: level, covariance: solution.covariance,
            degreesOfFreedom: solution.degreesOfFreedom.min() ?? .infinity,
            excluding: [CellRows.itemName]))
      ], level: level)
  }

  /// Average marginal effects of a random-intercept model in the population, that is averaged over
  /// clusters (table `effects`), but not those of one item against another.
  public init(marginalEffectsOf fit: RandomInterceptRegression.Fit, level: Double) {
    let population = fit.population
    self.init(
      effects: [
        Effects(
          outcome: fit.fit.outcome, count: fit.rowCount, method: "\(fit.name), population",
          values: population.fit.marginalEffects(
            covariance: population.covariance, excluding: [CellRows.itemName]))
      ], level: level)
  }

  /// Average probabilities of a random-intercept model in the population over a grid (table
  /// `predictions`).
  public init(predictionsOf fit: RandomInterceptRegression.Fit, level: Double) {
    let population = fit.population
    self.init(
      predictions: [
        Predictions(
          outcome: fit.fit.outcome, count: fit.rowCount, method: "\(fit.name), population",
          values: population.fit.predictions(
            level: level, covariance: population.covariance, excluding: [CellRows.itemName]))
      ], level: level)
  }
}
