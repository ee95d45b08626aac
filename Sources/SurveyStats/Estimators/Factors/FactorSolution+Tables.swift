extension FactorSolution {
  /// The names of the factors: those of the groups they were rotated towards, else from `F1` on.
  public var factorNames: [String] { targets ?? (1...factors).map { "F\($0)" } }

  /// The loadings, one row an item and factor.
  ///
  /// - Parameters:
  ///   - intervals: The intervals; none if not given.
  ///   - withoutIntervals: What `note` says about their absence.
  public func loadingsTable(
    intervals: FactorIntervals? = nil, withoutIntervals: String? = nil
  ) -> Table {
    let names = correlations.names
    let cells = factorNames.indices.flatMap { factor in names.indices.map { ($0, factor) } }
    let limits = cells.indices.map { intervals?.loadings[$0].limits }
    return Table(
      name: "loadings", caption: "Loadings of \(names.count) variables on \(factorPhrase).",
      columns: [
        Column("term", .text(cells.map { names[$0.0] })),
        Column("factor", .text(cells.map { factorNames[$0.1] })),
        Column("estimate", .real(cells.map { pattern[$0.0, $0.1].withoutRounding })),
        Column("conf_low", .real(limits.map { $0?.lower }), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(limits.map { $0?.upper }), style: .upperLimit(of: "estimate")),
        Column("structure", .real(cells.map { structure[$0.0, $0.1].withoutRounding })),
        Column(
          "note",
          .text(
            cells.indices.map { index in
              note(
                item: cells[index].0,
                intervals.map { $0.loadings[index].notes.text } ?? withoutIntervals)
            })),
      ], notes: notes)
  }

  /// The loadings as people read them: one row an item, one column a factor, small ones blank, with
  /// communality and complexity.
  public func sparseLoadingsTable(
    cut: Double, isSorted: Bool = true, intervals: FactorIntervals? = nil
  ) -> Table {
    let view = SparseLoadings(
      pattern, limits: intervals?.loadings.map(\.limits), cut: cut, isSorted: isSorted)
    let (names, order) = (correlations.names, view.order)
    return Table(
      name: "loadings", caption: "Loadings of \(names.count) variables on \(factorPhrase).",
      columns: [Column("term", .text(order.map { names[$0] }))]
        + view.columns(named: factorNames) + [
          Column("communality", .real(order.map { communalities[$0] })),
          Column("complexity", .real(order.map { factors > 1 ? complexities[$0] : nil })),
          Column("note", .text(order.map { note(item: $0, nil) })),
        ], notes: notes + view.notes)
  }

  /// Communality, uniqueness and complexity of each item.
  ///
  /// - Parameters:
  ///   - intervals: The intervals of communalities; none if not given.
  ///   - withoutIntervals: What `note` says about their absence.
  public func communalitiesTable(
    intervals: FactorIntervals? = nil, withoutIntervals: String? = nil
  ) -> Table {
    let names = correlations.names
    let limits = names.indices.map { intervals?.communalities[$0].limits }
    return Table(
      name: "communalities",
      caption:
        "Variance of each variable that \(factorPhrase) account\(factors == 1 ? "s" : "") for.",
      columns: [
        Column("term", .text(names)),
        Column("estimate", .real(communalities)),
        Column("conf_low", .real(limits.map { $0?.lower }), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(limits.map { $0?.upper }), style: .upperLimit(of: "estimate")),
        Column("uniqueness", .real(uniquenesses)),
        Column("complexity", .real(complexities)),
        Column(
          "note",
          .text(
            names.indices.map { item in
              note(
                item: item, intervals.map { $0.communalities[item].notes.text } ?? withoutIntervals)
            })),
      ], notes: notes)
  }

  /// The correlations of the factors, one row a pair.
  ///
  /// - Parameters:
  ///   - intervals: The intervals; none if not given.
  ///   - withoutIntervals: What `note` says about their absence.
  public func correlationsTable(
    intervals: FactorIntervals? = nil, withoutIntervals: String? = nil
  ) -> Table {
    let pairs = factorNames.indices.flatMap { b in (0..<b).map { ($0, b) } }
    let limits = pairs.indices.map { intervals?.correlations[$0].limits }
    return Table(
      name: "correlations", caption: "Correlations of \(factorPhrase).",
      columns: [
        Column("a", .text(pairs.map { factorNames[$0.0] })),
        Column("b", .text(pairs.map { factorNames[$0.1] })),
        Column("estimate", .real(pairs.map { factorCorrelations[$0.0, $0.1].withoutRounding })),
        Column("conf_low", .real(limits.map { $0?.lower }), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(limits.map { $0?.upper }), style: .upperLimit(of: "estimate")),
        Column(
          "note",
          .text(
            pairs.indices.map { index in
              let notes = [
                rotated.converged ? nil : Self.notConvergedNote,
                intervals.map { $0.correlations[index].notes.text } ?? withoutIntervals,
              ].compactMap { $0 }
              return notes.isEmpty ? nil : notes.joined(separator: "; ")
            })),
      ],
      notes: notes
        + (factors == 1 ? ["One factor has no correlations; ask for more with `factors:`."] : []))
  }

  /// The variance that each factor accounts for.
  public func variancesTable() -> Table {
    let variances = rotated.variances
    let items = Double(correlations.count)
    let total = variances.reduce(0, +)
    var sum = 0.0
    let cumulative = variances.map { variance -> Double in
      sum += variance
      return sum / items
    }
    return Table(
      name: "variances",
      caption:
        "Variance of \(correlations.count) variables that each of \(factorPhrase) accounts for.",
      columns: [
        Column("factor", .text(factorNames)),
        Column("estimate", .real(variances)),
        Column("proportion", .real(variances.map { $0 / items }), style: .share),
        Column("cumulative", .real(cumulative), style: .share),
        Column(
          "proportion_explained", .real(variances.map { total > 0 ? $0 / total : nil }),
          style: .share),
      ], notes: notes)
  }

  private static let heywoodNote = "heywood"
  private static let notConvergedNote = "rotation-not-converged"

  /// What is said about an item and an interval.
  private func note(item: Int, _ interval: String?) -> String? {
    let notes = [
      isHeywood(item) ? Self.heywoodNote : nil, rotated.converged ? nil : Self.notConvergedNote,
      interval,
    ].compactMap { $0 }
    return notes.isEmpty ? nil : notes.joined(separator: "; ")
  }

  /// The number of factors and how they were found.
  private var factorPhrase: String {
    let count = factors == 1 ? "1 factor" : "\(factors) factors"
    let rotation =
      targets == nil
      ? factors == 1 ? "unrotated" : "rotation \(analysis.rotation.criterion)"
      : "rotated towards the dimensions"
    return "\(count) (\(analysis.extraction.rawValue), \(rotation), \(correlations.coefficient))"
  }

  private var notes: [String] {
    var notes: [String] = []
    if targets != nil {
      notes.append(
        "Each factor is named after the dimension it is rotated towards: items of other dimensions load "
          + "on it as little as can be.")
    }
    for item in correlations.names.indices where isHeywood(item) {
      let sum = NumberFormat.fixed(communalities[item], digits: 3)
      notes.append(
        "Heywood case: the squared loadings of \(correlations.names[item]) sum to \(sum), all of its "
          + "variance or more; its uniqueness is held at \(FactorExtraction.smallestUniqueness), and "
          + "the two need not sum to one.")
    }
    if let share = rotated.shareOfBestStarts {
      let percent = Int((100 * share).rounded())
      notes.append(
        rotated.converged
          ? "\(percent)% of the rotation's starts reached its best value."
          : "The rotation did not converge: its criterion still falls after \(rotated.iterations) steps "
            + "from the best of its starts, so that the loadings are not those of a minimum. Choose "
            + "another rotation, such as varimax, or fewer factors.")
    } else if !rotated.converged {
      notes.append("The rotation did not converge.")
    }
    return notes
  }
}
