import RealModule

extension Table {
  /// Differences between groups (`compare`), p-values adjusted over all rows: jointly where that was
  /// asked for (``GroupDifference/adjustedPValue``), else by an adjustment.
  ///
  /// Rates, scores and their differences are fractions. Columns of strata appear when the
  /// comparison had strata, those of ranks and of the mix of items when a row compares scores.
  public init(
    differences rows: [GroupDifference], level: Double, adjustment: PValueAdjustment = .none
  ) {
    let isJoint = rows.contains { $0.adjustedPValue != nil }
    let adjusted = isJoint ? rows.map(\.adjustedPValue) : adjustment(rows.map(\.pValue))
    var columns =
      Column.columns(naming: rows.map(\.target)) + [
        Column("group", .text(rows.map(\.contrast.first))),
        Column("reference", .text(rows.map(\.contrast.second))),
        Column("n", .integer(rows.map { $0.firstCount + $0.secondCount })),
        Column("n_group", .integer(rows.map(\.firstCount))),
        Column("n_reference", .integer(rows.map(\.secondCount))),
        Column("rate_group", .real(rows.map(\.firstMean)), style: .share),
        Column("rate_reference", .real(rows.map(\.secondMean)), style: .share),
      ]
      + Column.columns(
        of: rows.map(\.difference), style: .share, errorStyle: .share, showsError: true) + [
        Column("conf_level", .real(rows.map { _ in level })),
        Column("interval", .text(rows.map { $0.interval?.rawValue })),
        Column("statistic", .real(rows.map(\.statistic))),
        Column("p_value", .real(rows.map(\.pValue)), style: .pValue),
        Column("p_adjusted", .real(adjusted), style: .pValue),
        Column("test", .text(rows.map { $0.test?.rawValue })),
      ]
    if rows.contains(where: { $0.target.level == .item }) {
      columns += Column.columns("risk_ratio", limits: "risk", of: rows.map { $0.item?.riskRatio })
      columns += Column.columns("odds_ratio", limits: "odds", of: rows.map { $0.item?.oddsRatio })
    }
    if rows.contains(where: \.isStratified) {
      let strata = rows.map { $0.item?.stratified }
      let limits = rows.map { $0.stratifiedInterval(level: level) }
      columns += [
        Column(
          "mh_difference", .real(rows.map { $0.stratifiedDifference?.estimate }), style: .share),
        Column(
          "mh_std_error", .real(rows.map { $0.stratifiedDifference?.standardError }),
          style: .share),
        Column("mh_low", .real(limits.map(\.lower)), style: .lowerLimit(of: "mh_difference")),
        Column("mh_high", .real(limits.map(\.upper)), style: .upperLimit(of: "mh_difference")),
      ]
      columns += Column.columns(
        "mh_odds_ratio", limits: "mh_odds",
        of: strata.map { Estimate(logarithm: $0?.logOddsRatio, level: level) })
      columns += [
        Column(
          "mh_p_value", .real(rows.map(\.stratifiedPValue)),
          style: .pValue),
        Column(
          "homogeneity_p_value", .real(strata.map { $0?.homogeneityPValue }), style: .pValue),
        Column(
          "strata_left_out",
          .integer(
            rows.map { $0.item?.stratified?.leftOutStrata ?? $0.score?.stratified?.leftOutStrata })),
      ]
    }
    if rows.contains(where: { $0.score?.ranks != nil }) {
      columns += [
        Column("shift", .real(rows.map { $0.score?.ranks?.shift }), style: .share),
        Column(
          "shift_low", .real(rows.map { $0.score?.shiftLimits.lower }),
          style: .lowerLimit(of: "shift")),
        Column(
          "shift_high", .real(rows.map { $0.score?.shiftLimits.upper }),
          style: .upperLimit(of: "shift")),
        Column("rank_p_value", .real(rows.map { $0.score?.rankPValue }), style: .pValue),
        Column("cohens_d", .real(rows.map { $0.score?.welch?.cohensD })),
        Column(
          "cohens_d_low", .real(rows.map { $0.score?.cohensDLimits.lower }),
          style: .lowerLimit(of: "cohens_d")),
        Column(
          "cohens_d_high", .real(rows.map { $0.score?.cohensDLimits.upper }),
          style: .upperLimit(of: "cohens_d")),
        Column("cliffs_delta", .real(rows.map { $0.score?.ranks?.cliffsDelta })),
        Column(
          "cliffs_delta_low", .real(rows.map { $0.score?.cliffsDeltaLimits.lower }),
          style: .lowerLimit(of: "cliffs_delta")),
        Column(
          "cliffs_delta_high", .real(rows.map { $0.score?.cliffsDeltaLimits.upper }),
          style: .upperLimit(of: "cliffs_delta")),
      ]
    }
    columns.append(Column("df", .real(rows.map(\.difference.degreesOfFreedom)), isDetail: true))
    if rows.contains(where: { $0.score != nil }) {
      columns += [
        Column("mix", .text(rows.map { $0.score?.mix.rawValue })),
        Column("n_items", .integer(rows.map { $0.score?.itemCount })),
        Column("share_answers", .real(rows.map { $0.score?.commonShare }), style: .share),
        Column("crude", .real(rows.map { $0.score?.crude }), style: .share),
      ]
    }
    columns.append(Column("item", .text(rows.map(\.target.itemName)), isDetail: true))
    columns.append(Column("note", .text(rows.map(\.note))))
    self.init(
      name: "compare",
      caption: "Differences between groups of papers: rates of items, of categories over the same "
        + "items.",
      columns: columns)
  }

  /// Differences between groups at a common mix of strata.
  public init(
    standardized rows: [StandardizedDifference], level: Double,
    adjustment: PValueAdjustment = .none
  ) {
    let pValues = rows.map(\.pValue)
    self.init(
      name: "compare",
      caption: "Differences between groups of papers with the mix of the two groups together.",
      columns: Column.columns(naming: rows.map(\.target)) + [
        Column("group", .text(rows.map(\.contrast.first))),
        Column("reference", .text(rows.map(\.contrast.second))),
        Column("n_group", .integer(rows.map(\.firstCount))),
        Column("n_reference", .integer(rows.map(\.secondCount))),
        Column("rate_group", .real(rows.map(\.crudeFirst)), style: .share),
        Column("rate_reference", .real(rows.map(\.crudeSecond)), style: .share),
        Column("crude", .real(rows.map(\.crude)), style: .share),
        Column("standard_group", .real(rows.map(\.first)), style: .share),
        Column("standard_reference", .real(rows.map(\.second)), style: .share),
      ]
        + Column.columns(
          of: rows.map(\.difference), style: .share, errorStyle: .share, showsError: true) + [
          Column("conf_level", .real(rows.map { _ in level })),
          Column("interval", .text(rows.map { $0.interval?.rawValue }), isDetail: true),
          Column("p_value", .real(pValues), style: .pValue),
          Column("p_adjusted", .real(adjustment(pValues)), style: .pValue),
          Column("method", .text(rows.map(\.method.rawValue))),
          Column("mix", .text(rows.map { $0.mix?.rawValue }), isDetail: true),
          Column("n_items", .integer(rows.map(\.itemCount)), isDetail: true),
          Column("note", .text(rows.map(\.note))),
        ])
  }

  /// Rates of groups at a common mix of strata.
  public init(standardizedRates found: StandardizedRates.Result) {
    let level = found.level
    let rates = found.rows.flatMap { row in
      let leftOut = row.standardization.leftOutStrata.joined(separator: ", ")
      return row.standardization.rates.map {
        rate -> (term: String, rate: Standardization.Rate, note: String?) in
        let missing = rate.missingStrata.joined(separator: ", ")
        let words =
          !leftOut.isEmpty
          ? "mix without \(leftOut)" : missing.isEmpty ? nil : "no papers in \(missing)"
        return (
          row.term, rate,
          ((words.map { [Note($0, effect: .remark, words: $0)] } ?? []) + found.notes).text
        )
      }
    }
    let distance = Normal().upperQuantile((1 - level) / 2)
    func limit(_ rate: Standardization.Rate, _ sign: Double) -> Double? {
      guard let estimate = rate.estimate, let error = rate.standardError else { return nil }
      return min(1, max(0, estimate + sign * distance * error))
    }
    self.init(
      name: "standardized", caption: "Rates as if every group had the same mix of strata.",
      columns: [
        Column("term", .text(rates.map(\.term))),
        Column("group", .text(rates.map(\.rate.group))),
        Column("n", .integer(rates.map(\.rate.paperCount))),
        Column("crude", .real(rates.map(\.rate.crude)), style: .share),
        Column("estimate", .real(rates.map(\.rate.estimate)), style: .share),
        Column("std_error", .real(rates.map(\.rate.standardError)), style: .share),
        Column(
          "conf_low", .real(rates.map { limit($0.rate, -1) }), style: .lowerLimit(of: "estimate")),
        Column(
          "conf_high", .real(rates.map { limit($0.rate, 1) }), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(rates.map { _ in level })),
        Column("note", .text(rates.map(\.note))),
      ])
  }
}
