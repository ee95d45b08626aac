extension Reliability {
  /// The standard deviations of the items.
  public var standardDeviations: [Double] { covariance.diagonal.map { $0.squareRoot() } }

  /// The splits of the items in halves.
  public func splits(maximum: Int = 10_000, seed: UInt64 = 1) -> SplitHalf {
    SplitHalf(covariance, maximumSplits: maximum, seed: seed)
  }

  /// The coefficients, one row each.
  ///
  /// - Parameters:
  ///   - splits: The splits in halves.
  ///   - omega: Omega, where it was estimated.
  ///   - intervals: Bootstrap intervals of alpha. Where they are not given, or the replicates allow
  ///     none, alpha has Feldt's, which ordinal alpha lacks, as does alpha of papers that are weighted,
  ///     clustered or stratified; the note says why.
  ///   - level: The level of the intervals.
  ///   - isOrdinal: Whether the covariances are tetrachoric correlations.
  public func table(
    splits: SplitHalf, omega: Omega? = nil, intervals: AlphaIntervals? = nil,
    level: Double = 0.95, isOrdinal: Bool = false
  ) -> Table {
    let bounds = GuttmanBounds(covariance, splits: splits)
    let feldt = isOrdinal ? nil : feldtInterval(level: level)
    let usesFeldt = intervals?.alpha.limits == nil
    let limits = [
      "alpha": usesFeldt
        ? feldt.map { (lower: $0.lowerBound, upper: $0.upperBound) } : intervals?.alpha.limits,
      "standardized_alpha": intervals?.standardizedAlpha.limits,
    ]
    // Where covariances are not those of any data, a bound can exceed one.
    let isIndefinite = (try? covariance.definiteness().isIndefinite) ?? false
    let indefinite: String? = isIndefinite ? "indefinite-matrix" : nil
    let sampled: String? = indefinite ?? (splits.isExhaustive ? nil : "sampled-splits")
    let withoutFeldt: String? =
      usesFeldt && feldt == nil && !isOrdinal
      ? sampling.isAlike ? "fewer-than-2-papers" : "feldt-needs-independent-papers" : nil
    func joined(_ notes: String?...) -> String? {
      let present = notes.compactMap { $0 }
      return present.isEmpty ? nil : present.joined(separator: "; ")
    }
    var rows: [(term: String, estimate: Double?, note: String?)] = [
      (
        "alpha", alpha,
        joined(
          intervals?.alpha.notes.text, withoutFeldt,
          isOrdinal && intervals == nil ? "no-interval" : nil,
          alpha < 0 ? "negative" : nil)
      ),
      (
        "standardized_alpha", standardizedAlpha,
        joined(
          standardizedAlpha == nil ? "no-total-variance" : intervals?.standardizedAlpha.notes.text,
          (standardizedAlpha ?? 0) < 0 ? "negative" : nil)
      ),
      ("mean_correlation", meanCorrelation, nil), ("lambda_1", bounds.lambda1, nil),
      ("lambda_2", bounds.lambda2, nil), ("lambda_3", bounds.lambda3, nil),
      ("lambda_4", bounds.lambda4, sampled), ("lambda_5", bounds.lambda5, nil),
      ("lambda_6", bounds.lambda6, bounds.lambda6 == nil ? indefinite ?? "singular" : nil),
      ("split_half_mean", splits.mean, sampled), ("split_half_min", splits.minimum, sampled),
      ("split_half_q025", splits.quantile(0.025), sampled),
      ("split_half_median", splits.quantile(0.5), sampled),
      ("split_half_q975", splits.quantile(0.975), sampled),
    ]
    if let omega { rows += Self.rows(of: omega) }
    let shown = rows.map { limits[$0.term] ?? nil }
    return Table(
      name: "reliability",
      caption: "Reliability of the sum of \(names.count) items"
        + (isOrdinal ? ", of the latent variables behind them." : "."),
      columns: [
        Column("term", .text(rows.map(\.term))),
        Column("estimate", .real(rows.map(\.estimate))),
        Column("conf_low", .real(shown.map { $0?.lower }), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(shown.map { $0?.upper }), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(shown.map { $0 == nil ? nil : level })),
        Column(
          "interval",
          .text(
            zip(rows, shown).map { row, limits in
              guard limits != nil else { return nil }
              return row.term == "alpha" && usesFeldt ? "feldt" : intervals?.name
            })),
        Column("n", .real(rows.map { _ in sampleSize })),
        Column("note", .text(rows.map(\.note))),
      ],
      notes: leftOutNotes + notes(omega: omega, isOrdinal: isOrdinal, isIndefinite: isIndefinite))
  }

  private static func rows(
    of omega: Omega
  ) -> [(term: String, estimate: Double?, note: String?)] {
    let note: String? = omega.heywoodItems.isEmpty ? nil : "heywood"
    let oneFactor: String? = omega.hierarchical == nil ? "one-factor" : note
    return [
      ("omega_total", omega.total, note), ("omega_hierarchical", omega.hierarchical, oneFactor),
      ("omega_asymptotic", omega.asymptotic, oneFactor),
      ("explained_common_variance", omega.explainedCommonVariance, oneFactor),
    ]
  }

  private func notes(omega: Omega?, isOrdinal: Bool, isIndefinite: Bool) -> [String] {
    var notes: [String] = []
    if isIndefinite {
      notes.append(
        "The pairwise covariances are not those of any data (a negative eigenvalue): lambda_4 and the "
          + "extreme splits can exceed 1.")
    }
    if let omega {
      let groups = omega.group.columns
      notes.append(
        "Omega is that of the standardised sum of \(omega.names.count) items"
          + (groups > 1
            ? ", with a general factor and \(groups) group factors (Schmid-Leiman)." : "."))
    }
    let reversed = items.filter { ($0.itemRest ?? 0) < 0 }.map(\.name)
    if alpha < 0 {
      notes.append(
        "Alpha is negative: the items go against each other more than together, and their sum measures "
          + "nothing in common.")
    }
    if !reversed.isEmpty {
      notes.append(
        "Items that go against the rest of the score (item_rest below zero; reversed?): "
          + reversed.joined(separator: ", ") + ".")
    }
    if let errors = sampling.isWeighted
      ? "Papers count with their weights; n is the number of equal papers that they are worth."
      : nil
    {
      notes.append(errors)
    }
    if isOrdinal { notes.append("Ordinal coefficients describe latent variables, not the score.") }
    return notes
  }

  /// What each item contributes, one row an item, then the items left out.
  public func itemsTable() -> Table {
    let out = leftOut.map { _ in nil as Double? }
    return Table(
      name: "reliability_items",
      caption: "Correlations of each item with the score, and alpha without it.",
      columns: [
        Column("term", .text(items.map(\.name) + leftOut.map(\.name))),
        Column("n", .integer(items.map(\.count) + leftOut.map(\.count))),
        Column("mean", .real(items.map(\.mean) + out), style: .share),
        Column("item_total", .real(items.map(\.itemTotal) + out)),
        Column("item_rest", .real(items.map(\.itemRest) + out)),
        Column("alpha_if_dropped", .real(items.map(\.alphaIfDropped) + out)),
        Column("note", .text(items.map(Self.note) + leftOut.map(\.reason.rawValue))),
      ])
  }

  /// What is doubtful about an item, or why it lacks a correlation.
  private static func note(_ item: ItemContribution) -> String? {
    if item.itemRest == nil { return "no-spread" }
    if (item.itemRest ?? 0) < 0 { return "reversed" }
    return item.alphaIfDropped == nil ? "two-items" : nil
  }

  private var leftOutNotes: [String] { leftOut.summaries }
}
