extension Column {
  /// The columns of estimates: `estimate`, `std_error`, `conf_low`, `conf_high`.
  static func columns(
    of estimates: [Estimate], style: Style = .plain, errorStyle: Style = .plain,
    showsError: Bool = false
  ) -> [Column] {
    [
      Column("estimate", .real(estimates.map(\.value)), style: style),
      Column(
        "std_error", .real(estimates.map(\.standardError)), style: errorStyle, isDetail: !showsError
      ),
      Column("conf_low", .real(estimates.map(\.lower)), style: .lowerLimit(of: "estimate")),
      Column("conf_high", .real(estimates.map(\.upper)), style: .upperLimit(of: "estimate")),
    ]
  }

  /// The columns of estimates that stand beside others: `name`, `limits_low`, `limits_high`.
  static func columns(
    _ name: String, limits: String? = nil, of estimates: [Estimate?], style: Style = .plain
  ) -> [Column] {
    let limits = limits ?? name
    return [
      Column(name, .real(estimates.map { $0?.value }), style: style),
      Column("\(limits)_low", .real(estimates.map { $0?.lower }), style: .lowerLimit(of: name)),
      Column("\(limits)_high", .real(estimates.map { $0?.upper }), style: .upperLimit(of: name)),
    ]
  }

  /// The columns `by` and `group` of rows of groups; none where papers are not grouped.
  static func columns(by column: String?, groups: [String?]) -> [Column] {
    guard let column else { return [] }
    return [Column("by", .text(groups.map { _ in column })), Column("group", .text(groups))]
  }

  /// The column `note` of rows of notes.
  static func notes(_ rows: [[Note]]) -> Column { Column("note", .text(rows.map(\.text))) }
}
