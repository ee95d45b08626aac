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
  ///   - level: The level of Feldt's interval.
  ///   - isOrdinal: Whether the covariances are tetrachoric correlations.
  public func table(
    splits: SplitHalf, omega: Omega? = nil, level: Double = 0.95, isOrdinal: Bool = false
  ) -> Table {
    let bounds = GuttmanBounds(covariance, splits: splits)
    let feldt = isOrdinal ? nil : feldtInterval(level: level)
    let sampled: String? = splits.isExhaustive ? nil : "sampled-splits"
    var rows: [(term: String, estimate: Double?, note: String?)] = [
      ("alpha", alpha, nil), ("standardized_alpha", standardizedAlpha, nil),
      ("mean_correlation", meanCorrelation, nil), ("lambda_1", bounds.lambda1, nil),
      ("lambda_2", bounds.lambda2, nil), ("lambda_3", bounds.lambda3, nil),
      ("lambda_4", bounds.lambda4, sampled), ("lambda_5", bounds.lambda5, nil),
      ("lambda_6", bounds.lambda6, bounds.lambda6 == nil ? "singular" : nil),
      ("split_half_mean", splits.mean, sampled), ("split_half_min", splits.minimum, sampled),
      ("split_half_q025", splits.quantile(0.025), sampled),
      ("split_half_median", splits.quantile(0.5), sampled),
      ("split_half_q975", splits.quantile(0.975), sampled),
    ]
    if let omega {
      let note: String? = omega.heywoodItems.isEmpty ? nil : "heywood"
      let oneFactor: String? = omega.hierarchical == nil ? "one-factor" : note
      rows += [
        ("omega_total", omega.total, note), ("omega_hierarchical", omega.hierarchical, oneFactor),
        ("omega_asymptotic", omega.asymptotic, oneFactor),
        ("explained_common_variance", omega.explainedCommonVariance, oneFactor),
      ]
    }
    func alphaOnly(_ value: Double?) -> [Double?] { rows.map { $0.term == "alpha" ? value : nil } }
    return Table(
      name: "reliability",
      caption: "Reliability of the sum of \(names.count) items"
        + (isOrdinal ? ", of the latent variables behind them." : "."),
      columns: [
        Column("term", .text(rows.map(\.term))),
        Column("estimate", .real(rows.map(\.estimate))),
        Column(
          "conf_low", .real(alphaOnly(feldt?.lowerBound)), style: .lowerLimit(of: "estimate")),
        Column(
          "conf_high", .real(alphaOnly(feldt?.upperBound)), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(alphaOnly(feldt == nil ? nil : level))),
        Column("interval", .text(rows.map { $0.term == "alpha" && feldt != nil ? "feldt" : nil })),
        Column("n", .real(rows.map { _ in sampleSize })),
        Column("note", .text(rows.map(\.note))),
      ],
      notes: leftOutNotes
        + (isOrdinal ? ["Ordinal coefficients describe latent variables, not the score."] : []))
  }

  /// What each item contributes, one row an item, then the items left out.
  public func itemsTable() -> Table {
    let out = leftOut.map { _ in nil as Double? }
    return Table(
      name: "reliability_items",
      caption: "Correlations of each item with the score, and alpha without it.",
      columns: [
        Column("term", .text(items.map(\.name) + leftOut.map(\.name))),
        Column("n", .integer(items.map(\.count) + leftOut.map { _ in nil })),
        Column("mean", .real(items.map(\.mean) + out), style: .share),
        Column("item_total", .real(items.map(\.itemTotal) + out)),
        Column("item_rest", .real(items.map(\.itemRest) + out)),
        Column("alpha_if_dropped", .real(items.map(\.alphaIfDropped) + out)),
        Column("note", .text(items.map { _ in nil } + leftOut.map(\.reason.rawValue))),
      ])
  }

  private var leftOutNotes: [String] {
    leftOut.isEmpty
      ? []
      : [
        "Left out: " + leftOut.map { "\($0.name) (\($0.reason))" }.joined(separator: ", ") + "."
      ]
  }
}
