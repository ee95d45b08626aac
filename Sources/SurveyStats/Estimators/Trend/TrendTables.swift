import RealModule

extension Table {
  /// Trends (`trend`), p-values adjusted over the rows of each level and group.
  ///
  /// `estimate` is the change of the rate or mean score over the span of the covariate, from `from` to
  /// `to`, as a fraction; `per_unit` is the same divided by the length of the span.
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
    func real(_ value: (Trend) -> Double?) -> Column.Values { .real(rows.map(value)) }
    func odds(_ value: (Estimate) -> Double?) -> Column.Values {
      real { row in
        row.logOdds.flatMap(value).map { Double.exp($0) }.flatMap { $0.isFinite ? $0 : nil }
      }
    }
    let each = rows.map(\.changePerUnit)
    var columns = Column.columns(naming: rows.map(\.target))
    columns += Column.columns(by: by, groups: rows.map(\.group))
    columns += [
      Column("on", .text(rows.map { _ in covariate })),
      Column("n", .integer(rows.map(\.count))),
      Column("n_events", .integer(rows.map { $0.item?.eventCount })),
      Column("from", real { $0.span?.lowerBound }),
      Column("to", real { $0.span?.upperBound }),
      Column("rate_from", real { $0.rates?.first }, style: .share, isDetail: true),
      Column("rate_to", real { $0.rates?.last }, style: .share, isDetail: true),
      Column("estimate", real(\.change.value), style: .points),
      Column("std_error", real(\.change.standardError), style: .share, isDetail: true),
      Column("conf_low", real(\.change.lower), style: .lowerLimit(of: "estimate")),
      Column("conf_high", real(\.change.upper), style: .upperLimit(of: "estimate")),
      Column("conf_level", .real(rows.map { _ in level })),
      Column("interval", .text(rows.map { $0.change.method?.rawValue }), isDetail: true),
      Column("df", real(\.change.degreesOfFreedom), isDetail: true),
      Column("per_unit", .real(each.map(\.value)), style: .points),
      Column("per_unit_low", .real(each.map(\.lower)), style: .lowerLimit(of: "per_unit")),
      Column("per_unit_high", .real(each.map(\.upper)), style: .upperLimit(of: "per_unit")),
      Column("statistic", real(\.statistic), isDetail: true),
      Column("p_value", real(\.pValue), style: .pValue),
      Column("p_adjusted", .real(adjusted), style: .pValue),
      Column("test", .text(rows.map { $0.test?.rawValue }), isDetail: true),
      Column("odds_ratio", odds(\.value)),
      Column("odds_low", odds(\.lower), style: .lowerLimit(of: "odds_ratio")),
      Column("odds_high", odds(\.upper), style: .upperLimit(of: "odds_ratio")),
      Column("mix", .text(rows.map { $0.score?.mix.rawValue }), isDetail: true),
      Column("n_items", .integer(rows.map { $0.score?.items.compared }), isDetail: true),
      Column("crude", real { $0.score?.crude?.value }, style: .points),
      Column("crude_low", real { $0.score?.crude?.lower }, style: .lowerLimit(of: "crude")),
      Column("crude_high", real { $0.score?.crude?.upper }, style: .upperLimit(of: "crude")),
      Column("effect", real { $0.item?.effect?.estimate }, style: .share, isDetail: true),
      Column(
        "effect_error", real { $0.item?.effect?.standardError }, style: .share, isDetail: true),
      Column("armitage_p", real { $0.item?.armitage?.pValue }, style: .pValue, isDetail: true),
      Column("linear", real { $0.item?.linear?.estimate }, style: .share, isDetail: true),
      Column(
        "linear_low", real { $0.item?.linear?.interval(level: level).lower },
        style: .lowerLimit(of: "linear"), isDetail: true),
      Column(
        "linear_high", real { $0.item?.linear?.interval(level: level).upper },
        style: .upperLimit(of: "linear"), isDetail: true),
      Column("kendall", real(\.kendall), isDetail: true),
      Column("spearman", real(\.spearman), isDetail: true),
      Column("theil_sen", real { $0.score?.theilSen?.estimate }, style: .share, isDetail: true),
      Column(
        "theil_sen_low", real { $0.score?.theilSen?.slope.lower },
        style: .lowerLimit(of: "theil_sen"),
        isDetail: true),
      Column(
        "theil_sen_high", real { $0.score?.theilSen?.slope.upper },
        style: .upperLimit(of: "theil_sen"),
        isDetail: true),
      Column("method", .text(rows.map { $0.method?.description })),
      Column("item", .text(rows.map(\.target.itemName)), isDetail: true),
      Column("note", .text(rows.map { $0.change.notes.text })),
    ]
    self.init(
      name: "trend",
      caption:
        "Change of rates and mean scores over the observed span of \(covariate), and per unit.",
      columns: columns)
  }

  /// Differences of changes per unit between groups (table `differences` of `trend`).
  public init(
    trendDifferences rows: [TrendDifference], level: Double,
    adjustment: PValueAdjustment = .none
  ) {
    self.init(
      name: "differences", caption: "Differences of the changes per unit between groups.",
      columns: Column.columns(naming: rows.map(\.target)) + [
        Column("group", .text(rows.map(\.groups.first))),
        Column("reference", .text(rows.map(\.groups.second))),
        Column("n", .integer(rows.map(\.counts.first))),
        Column("n_reference", .integer(rows.map(\.counts.second))),
        Column("estimate", .real(rows.map(\.difference.value)), style: .points),
        Column("std_error", .real(rows.map(\.difference.standardError)), style: .share),
        Column(
          "conf_low", .real(rows.map(\.difference.lower)), style: .lowerLimit(of: "estimate")),
        Column(
          "conf_high", .real(rows.map(\.difference.upper)), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(rows.map { _ in level })),
        Column("interval", .text(rows.map { $0.difference.method?.rawValue }), isDetail: true),
        Column("p_value", .real(rows.map(\.pValue)), style: .pValue),
        Column("p_adjusted", .real(adjustment(rows.map(\.pValue))), style: .pValue),
        Column("note", .text(rows.map { $0.difference.notes.text })),
      ])
  }
}
