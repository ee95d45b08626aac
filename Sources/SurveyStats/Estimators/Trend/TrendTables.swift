import RealModule

extension Table {
  /// Trends (`trend`), p-values adjusted over the rows of each level and group.
  ///
  /// `estimate` is the change of the rate or mean score per unit of the covariate, as a fraction.
  public init(
    trends rows: [Trend], on covariate: String, by: String? = nil, level: Double,
    adjustment: PValueAdjustment = .none
  ) {
    var adjusted = [Double?](repeating: nil, count: rows.count)
    var families: [[Int]] = []
    for index in rows.indices {
      let position = families.firstIndex { family in
        rows[family[0]].target.level == rows[index].target.level
          && rows[family[0]].group == rows[index].group
      }
      if let position { families[position].append(index) } else { families.append([index]) }
    }
    for family in families {
      for (index, value) in zip(family, adjustment(family.map { rows[$0].pValue })) {
        adjusted[index] = value
      }
    }
    func odds(_ values: [Double?]) -> Column.Values {
      .real(values.map { $0.map { Double.exp($0) }.flatMap { $0.isFinite ? $0 : nil } })
    }
    var columns = [
      Column("level", .text(rows.map(\.target.level.rawValue))),
      Column("category", .text(rows.map(\.target.shownCategory))),
      Column("term", .text(rows.map(\.target.term))),
    ]
    if let by {
      columns.append(Column("by", .text(rows.map { _ in by })))
      columns.append(Column("group", .text(rows.map(\.group))))
    }
    columns += [
      Column("on", .text(rows.map { _ in covariate })),
      Column("n", .integer(rows.map(\.count))),
      Column("n_events", .integer(rows.map(\.eventCount))),
      Column("estimate", .real(rows.map(\.estimate)), style: .share),
      Column("std_error", .real(rows.map(\.standardError)), style: .share),
      Column("conf_low", .real(rows.map(\.limits.low)), style: .lowerLimit(of: "estimate")),
      Column("conf_high", .real(rows.map(\.limits.high)), style: .upperLimit(of: "estimate")),
      Column("conf_level", .real(rows.map { _ in level })),
      Column("interval", .text(rows.map(\.interval)), isDetail: true),
      Column("statistic", .real(rows.map(\.statistic))),
      Column("p_value", .real(rows.map(\.pValue)), style: .pValue),
      Column("p_adjusted", .real(adjusted), style: .pValue),
      Column("test", .text(rows.map(\.test)), isDetail: true),
      Column("odds_ratio", odds(rows.map(\.logOddsRatio))),
      Column(
        "odds_low", odds(rows.map(\.logOddsLimits.low)), style: .lowerLimit(of: "odds_ratio")),
      Column(
        "odds_high", odds(rows.map(\.logOddsLimits.high)), style: .upperLimit(of: "odds_ratio")),
      Column("linear", .real(rows.map { $0.linear?.estimate }), style: .share, isDetail: true),
      Column(
        "linear_low", .real(rows.map { $0.linear?.interval(level: level).low }),
        style: .lowerLimit(of: "linear"), isDetail: true),
      Column(
        "linear_high", .real(rows.map { $0.linear?.interval(level: level).high }),
        style: .upperLimit(of: "linear"), isDetail: true),
      Column("kendall", .real(rows.map(\.kendall))),
      Column("spearman", .real(rows.map(\.spearman))),
      Column("theil_sen", .real(rows.map { $0.theilSen?.estimate }), style: .share),
      Column(
        "theil_sen_low", .real(rows.map { $0.theilSen?.limits.low }),
        style: .lowerLimit(of: "theil_sen")),
      Column(
        "theil_sen_high", .real(rows.map { $0.theilSen?.limits.high }),
        style: .upperLimit(of: "theil_sen")),
      Column("method", .text(rows.map(\.method))),
      Column("note", .text(rows.map(\.note))),
    ]
    self.init(
      name: "trend", caption: "Change of rates and mean scores per unit of \(covariate).",
      columns: columns)
  }

  /// Differences of slopes between groups (`trend --table differences`).
  public init(
    trendDifferences rows: [TrendDifference], level: Double,
    adjustment: PValueAdjustment = .none
  ) {
    self.init(
      name: "differences", caption: "Differences of slopes between groups.",
      columns: [
        Column("level", .text(rows.map(\.target.level.rawValue))),
        Column("category", .text(rows.map(\.target.shownCategory))),
        Column("term", .text(rows.map(\.target.term))),
        Column("group", .text(rows.map(\.groups.first))),
        Column("reference", .text(rows.map(\.groups.second))),
        Column("estimate", .real(rows.map(\.estimate)), style: .share),
        Column("std_error", .real(rows.map(\.standardError)), style: .share),
        Column(
          "conf_low", .real(rows.map(\.limits.low)),
          style: .lowerLimit(of: "estimate")),
        Column(
          "conf_high", .real(rows.map(\.limits.high)),
          style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(rows.map { _ in level })),
        Column("p_value", .real(rows.map(\.pValue)), style: .pValue),
        Column("p_adjusted", .real(adjustment(rows.map(\.pValue))), style: .pValue),
        Column("note", .text(rows.map(\.note))),
      ])
  }
}
