extension PrincipalComponents {
  /// One row a component: `component`, `eigenvalue`, `proportion`, `cumulative`, `conf_low`,
  /// `conf_high`, `proportion_low`, `proportion_high`, `cumulative_low`, `cumulative_high`,
  /// `parallel_quantile`, `retained`, `parallel_sets`, `parallel_level`, `note`.
  ///
  /// `conf_low` and `conf_high` are the limits of the eigenvalue. `retained` is 1 for the components
  /// that parallel analysis keeps. The note `held-by-repair` marks an eigenvalue that was zero or
  /// negative before the matrix was repaired, `singular` one that is zero; otherwise it is that of the
  /// interval. `parallel-ignores-clusters` marks retained components of clustered papers: the reference
  /// data have independent ones.
  ///
  /// - Parameters:
  ///   - parallel: The parallel analysis; none if not given.
  ///   - intervals: The intervals; none if not given.
  ///   - withoutIntervals: What `note` says about their absence.
  public func eigenvalueTable(
    parallel: ParallelAnalysis? = nil, intervals: ComponentIntervals? = nil,
    withoutIntervals: String? = nil
  ) -> Table {
    let rows = eigenvalues.indices
    let total = totalVariance
    let eigenvalueLimits = intervals?.eigenvalues.map(\.limits)
    let proportionLimits = eigenvalueLimits?.map { limits in
      limits.map { (lower: $0.lower / total, upper: $0.upper / total) }
    }
    func lower(_ limits: [(lower: Double, upper: Double)?]?) -> Column.Values {
      .real(rows.map { limits?[$0]?.lower })
    }
    func upper(_ limits: [(lower: Double, upper: Double)?]?) -> Column.Values {
      .real(rows.map { limits?[$0]?.upper })
    }
    let cumulative = intervals?.cumulativeProportions.map(\.limits)
    let notes = rows.map { row -> String? in
      if isHeldByRepair[row] { return "held-by-repair" }
      if abs(eigenvalues[row]) < Definiteness.tolerance { return "singular" }
      let notes = [
        intervals.map { $0.eigenvalues[row].notes.text } ?? withoutIntervals,
        parallel.map { row < $0.retained } == true && sampling.isClustered
          ? "parallel-ignores-clusters" : nil,
      ].compactMap { $0 }
      return notes.isEmpty ? nil : notes.joined(separator: "; ")
    }
    return Table(
      name: "eigenvalues",
      caption: "Variance of the principal components of \(names.count) variables"
        + (isOfCovariances ? ", which keep their variances." : "."),
      columns: [
        Column("component", .integer(rows.map { $0 + 1 })),
        Column("eigenvalue", .real(eigenvalues.map(\.withoutRounding))),
        Column("proportion", .real(proportions.map(\.withoutRounding)), style: .share),
        Column("cumulative", .real(cumulativeProportions), style: .share),
        Column("conf_low", lower(eigenvalueLimits), style: .lowerLimit(of: "eigenvalue")),
        Column("conf_high", upper(eigenvalueLimits), style: .upperLimit(of: "eigenvalue")),
        Column("proportion_low", lower(proportionLimits), style: .lowerLimit(of: "proportion")),
        Column("proportion_high", upper(proportionLimits), style: .upperLimit(of: "proportion")),
        Column("cumulative_low", lower(cumulative), style: .lowerLimit(of: "cumulative")),
        Column("cumulative_high", upper(cumulative), style: .upperLimit(of: "cumulative")),
        Column(
          "parallel_quantile",
          .real(rows.map { parallel?.quantiles[$0] }.map { $0.map { abs($0) < 1e-12 ? 0 : $0 } })),
        Column(
          "retained", .integer(rows.map { row in parallel.map { row < $0.retained ? 1 : 0 } })),
        Column(
          "parallel_sets", .integer(rows.map { _ in parallel?.replicateCount }), isDetail: true),
        Column(
          "parallel_level", .real(rows.map { _ in parallel?.quantileLevel }), isDetail: true),
        Column("note", .text(notes)),
      ],
      notes: leftOut.summaries + [parallel?.summary].compactMap { $0 })
  }

  /// One row a component and item: `term`, `component`, `estimate`, `conf_low`, `conf_high`, `note`.
  ///
  /// - Parameters:
  ///   - count: The number of components.
  ///   - intervals: The intervals; none if not given.
  ///   - withoutIntervals: What `note` says about their absence.
  public func loadingTable(
    count: Int, intervals: ComponentIntervals? = nil, withoutIntervals: String? = nil
  ) -> Table {
    let loadings = loadings(count: count)
    let limits = intervals?.loadings.map(\.limits) ?? loadings.elements.map { _ in nil }
    precondition(limits.count == loadings.elements.count, "intervals of other components")
    return Table(
      name: "loadings", caption: loadingCaption + ".",
      columns: [
        Column("term", .text((0..<loadings.columns).flatMap { _ in names })),
        Column(
          "component",
          .integer((0..<loadings.columns).flatMap { component in names.map { _ in component + 1 } })
        ),
        Column("estimate", .real(loadings.elements.map(\.withoutRounding))),
        Column("conf_low", .real(limits.map { $0?.lower }), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(limits.map { $0?.upper }), style: .upperLimit(of: "estimate")),
        Column(
          "note",
          .text(intervals?.loadings.map(\.notes.text) ?? limits.map { _ in withoutIntervals })),
      ])
  }

  /// What loadings are.
  private var loadingCaption: String {
    isOfCovariances
      ? "Loadings: covariances of \(names.count) variables with the components"
      : "Loadings: correlations of \(names.count) variables with the components"
  }

  /// The loadings as people read them: one row an item, one column a component, small ones blank.
  public func sparseLoadingTable(
    count: Int, cut: Double, isSorted: Bool = true, intervals: ComponentIntervals? = nil
  ) -> Table {
    let loadings = loadings(count: count)
    let view = SparseLoadings(
      loadings, limits: intervals?.loadings.map(\.limits), cut: cut, isSorted: isSorted)
    return Table(
      name: "loadings",
      caption: loadingCaption + ".",
      columns: [Column("term", .text(view.order.map { names[$0] }))]
        + view.columns(named: (0..<loadings.columns).map { "PC\($0 + 1)" }),
      notes: view.notes)
  }
}
