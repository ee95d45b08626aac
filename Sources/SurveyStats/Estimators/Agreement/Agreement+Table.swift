extension Table {
  /// Coefficients of agreement, one a row.
  ///
  /// Columns: `level`, `category`, `term`, `item`, `part`, `coefficient`, [`rater_a`, `rater_b`],
  /// `n_papers`, `n` (cells that two raters have put into categories), `estimate`, `std_error`, `conf_low`,
  /// `conf_high`, `conf_level`, `interval`, `note`.
  public init(_ result: Agreement.Result) {
    let rows = result.rows
    let estimates = rows.map(\.estimate)
    var columns = [
      Column("level", .text(rows.map(\.level.rawValue))),
      Column("category", .text(rows.map(\.category))),
      Column("term", .text(rows.map(\.term))),
      Column("item", .text(rows.map { $0.item?.description }), isDetail: true),
      Column("part", .text(rows.map(\.part.rawValue))),
      Column("coefficient", .text(rows.map(\.coefficient.rawValue))),
    ]
    if rows.contains(where: { $0.level == .pair }) {
      columns += [0, 1].map { place in
        Column(
          place == 0 ? "rater_a" : "rater_b",
          .text(rows.map { $0.raters.count > place ? $0.raters[place] : nil }), isDetail: true)
      }
    }
    columns +=
      [
        Column("n_papers", .integer(rows.map(\.paperCount))),
        Column("n", .integer(rows.map(\.cellCount))),
      ] + Column.columns(of: estimates) + [
        Column("conf_level", .real(estimates.map(\.level))),
        Column("interval", .text(estimates.map { $0.method?.rawValue })),
        Column("note", .text(estimates.map(\.notes.text))),
      ]
    self.init(
      name: "agreement",
      caption: "How far \(result.ratings.raters.count) raters agree on the "
        + "\(result.ratings.papers.count) papers that at least two of them have read.",
      columns: columns)
  }
}
