extension Column {
  /// The columns of estimates: `estimate`, `std_error`, `conf_low`, `conf_high`.
  static func columns(of estimates: [Estimate], style: Style = .plain) -> [Column] {
    [
      Column("estimate", .real(estimates.map(\.value)), style: style),
      Column("std_error", .real(estimates.map(\.standardError)), isDetail: true),
      Column("conf_low", .real(estimates.map(\.lower)), style: .lowerLimit(of: "estimate")),
      Column("conf_high", .real(estimates.map(\.upper)), style: .upperLimit(of: "estimate")),
    ]
  }

  /// The column `note` of rows of notes.
  static func notes(_ rows: [[Note]]) -> Column { Column("note", .text(rows.map(\.text))) }
}
