extension Table {
  /// Corrected rates, in the columns of rates and those of the correction.
  ///
  /// - Parameters:
  ///   - groups: The name of each group, `nil` when papers are not grouped, and its rows.
  ///   - by: The column of the groups.
  ///   - better: What the better rater is called.
  ///   - betterError: The error of the better rater that the band is for.
  public init(
    corrected groups: [GroupResult<[CorrectedRate]>], by: String?, better: String,
    betterError: Double? = nil
  ) {
    let keyed = groups.flatMap { group in group.result.map { (group: group.group, row: $0) } }
    let rows = keyed.map(\.row)
    let estimates = rows.map(\.estimate)
    var columns = Column.columns(naming: rows.map(\.target))
    columns += Column.columns(by: by, groups: keyed.map(\.group))
    columns +=
      [
        Column("n_papers", .integer(rows.map(\.naive.paperCount)), isDetail: true),
        Column("n_applicable", .integer(rows.map(\.naive.applicableCount)), isDetail: true),
        Column("n_not_applicable", .integer(rows.map(\.naive.notApplicableCount)), isDetail: true),
        Column("n_absent", .integer(rows.map(\.naive.absentCount)), isDetail: true),
        Column("n_yes", .integer(rows.map(\.naive.yesCount)), isDetail: true),
        Column("n_gold", .integer(rows.map(\.reansweredCount))),
        Column("n_effective", .real(rows.map(\.effectiveCount))),
      ] + Column.columns(of: estimates, style: .share, errorStyle: .share) + [
        Column("conf_level", .real(estimates.map(\.level)), isDetail: true),
        Column(
          "interval",
          .text(
            estimates.map { estimate in
              estimate.lower == nil
                ? nil
                : estimate.method.flatMap { CorrectionMethod(rawValue: $0.rawValue)?.interval }
            }), isDetail: true),
        Column("method", .text(estimates.map { $0.method?.rawValue }), isDetail: true),
      ]
    if betterError != nil {
      columns += [
        Column("band_low", .real(rows.map { $0.band?.lowerBound }), style: .share),
        Column("band_high", .real(rows.map { $0.band?.upperBound }), style: .share),
      ]
    }
    columns += Column.columns("naive", of: rows.map(\.naive.asEstimate), style: .share)
    columns += Column.columns("gold", of: rows.map(\.gold.asEstimate), style: .share)
    columns += [
      Column("sensitivity", .real(rows.map(\.sensitivity)), style: .share),
      Column("specificity", .real(rows.map(\.specificity)), style: .share),
      Column("missed_applies", .real(rows.map(\.missedApplies)), style: .share, isDetail: true),
      Column("false_applies", .real(rows.map(\.falseApplies)), style: .share, isDetail: true),
      Column("item", .text(rows.map(\.target.itemName)), isDetail: true),
      Column("note", .text(estimates.map(\.notes.text))),
    ]
    self.init(
      name: "corrected-rates",
      caption:
        "Rates as \(better) would have found them in all papers; naive: by the rater alone, gold: by "
        + "\(better) alone in the papers that it has answered.",
      columns: columns)
    if rows.contains(where: { $0.reansweredCount > 0 }) {
      notes.append("\(better) is not truth: its own errors stay in the corrected rates.")
    }
    if let betterError {
      notes.append(
        "band_low and band_high are where the limits lie at worst if \(better) gets at most "
          + "\(NumberFormat.percent(betterError)) of the true yes wrong, and of the true no.")
    }
  }
}
