extension Table {
  /// The rates of one or more groups of papers, in the columns of the command-line contract.
  ///
  /// - Parameters:
  ///   - groups: The name of each group, `nil` when papers are not grouped, and its rates.
  ///   - by: The metadata column of the groups.
  ///   - level: The confidence level.
  ///   - showsBounds: Whether to show what cells without an answer allow.
  public init(
    rates groups: [(group: String?, rates: [Rate])], by: String?, level: Double,
    showsBounds: Bool = false
  ) {
    let rows = groups.flatMap { group in group.rates.map { (group: group.group, rate: $0) } }
    let rates = rows.map(\.rate)
    var columns = Column.columns(naming: rates.map(\.target))
    columns += Column.columns(by: by, groups: rows.map(\.group))
    columns += [
      Column("n_papers", .integer(rates.map(\.paperCount)), isDetail: true),
      Column("n_applicable", .integer(rates.map(\.applicableCount))),
      Column("n_not_applicable", .integer(rates.map(\.notApplicableCount)), isDetail: true),
      Column("n_absent", .integer(rates.map(\.absentCount)), isDetail: true),
      Column("n_yes", .integer(rates.map(\.yesCount))),
    ]
    if rates.contains(where: { $0.effectiveUnitCount != nil }) {
      columns.append(Column("n_effective", .real(rates.map(\.effectiveUnitCount))))
    }
    columns += [
      Column("estimate", .real(rates.map(\.estimate)), style: .share),
      Column("std_error", .real(rates.map(\.standardError)), style: .share, isDetail: true),
      Column("conf_low", .real(rates.map(\.lower)), style: .lowerLimit(of: "estimate")),
      Column("conf_high", .real(rates.map(\.upper)), style: .upperLimit(of: "estimate")),
      Column("conf_level", .real(rates.map { _ in level })),
      Column("interval", .text(rates.map { $0.interval?.rawValue })),
    ]
    if rates.contains(where: { $0.designEffect != nil }) {
      columns += [
        Column("n_units", .integer(rates.map { $0.designEffect?.unitCount })),
        Column("df", .real(rates.map { $0.designEffect?.degreesOfFreedom })),
        Column("design_effect", .real(rates.map { $0.designEffect?.value })),
        Column("icc", .real(rates.map { $0.designEffect?.intraclassCorrelation })),
      ]
    }
    if rates.contains(where: { $0.rank != nil }) {
      columns += [
        Column("rank", .integer(rates.map { $0.rank?.estimate })),
        Column("rank_low", .integer(rates.map { $0.rank?.lower })),
        Column("rank_high", .integer(rates.map { $0.rank?.upper })),
      ]
    }
    if showsBounds {
      columns += [
        Column("bound_low", .real(rates.map { $0.bounds?.lower }), style: .share),
        Column("bound_high", .real(rates.map { $0.bounds?.upper }), style: .share),
      ]
    }
    let mixes = rates.map(\.mix)
    if mixes.contains(where: { $0 != nil }) {
      columns += [
        Column("mix", .text(mixes.map { $0?.method.rawValue })),
        Column("n_items", .integer(mixes.map { $0?.itemCount })),
        Column("crude", .real(mixes.map { $0?.crude }), style: .share),
      ]
    }
    columns.append(Column("item", .text(rates.map(\.target.itemName)), isDetail: true))
    columns.append(
      Column(
        "note",
        .text(
          rates.map { rate in
            rate.notes.isEmpty
              ? nil : rate.notes.map(\.description).joined(separator: "; ")
          })))
    self.init(
      name: "rates",
      caption: "Pass rates: yes cells over applicable cells, papers resampled whole.",
      columns: columns)
    if showsBounds {
      notes.append(
        "bound_low and bound_high are the rates if all cells without an answer, never asked or unclear, "
          + "were no, or yes.")
    }
    if let mix = mixes.compactMap({ $0 }).last { notes.append(mix.sentence) }
  }
}

extension Rate.Mix {
  /// What categories, modules and everything are over, when groups are compared.
  var sentence: String {
    switch method {
    case .common:
      "Categories, modules and everything hold the mix of items fixed: they are over the items that "
        + "apply in every group, each with the same weight in all. 'crude' is over whatever a group was "
        + "asked, and mixes in what differs in the questions."
    case .model:
      "Categories, modules and everything hold the mix of items fixed by a logistic model in which every "
        + "item has its own level; right if groups differ alike on the items that one was not asked. "
        + "'crude' is over whatever a group was asked."
    case .crude: "Groups may have been asked different items; `mix: common` holds the mix fixed."
    }
  }
}
