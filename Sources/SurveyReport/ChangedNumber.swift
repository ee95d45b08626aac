import SurveyStats

/// A number in an earlier and in this report, with what each lets one conclude.
struct ChangedNumber: Sendable, Equatable {
  /// What kind of number it is.
  enum Kind: Sendable, Equatable {
    /// A share of one; the conclusion is about one half.
    case share
    /// A difference of shares; the conclusion is about zero.
    case gap
    /// A score in percent; the conclusion is the tier that holds the whole interval.
    case score(Tiers)
    /// A number without a conclusion, such as a spread.
    case plain
  }

  let level: String
  let label: String
  let term: String
  let kind: Kind
  /// The number of the earlier report's answers, by the definitions of this one.
  let old: Estimate?
  /// The number that the earlier report published.
  let published: Estimate?
  let new: Estimate
  let difference: Estimate?

  /// What the earlier report let one conclude; `nil` when it did not have the number.
  var oldConclusion: String? { old.flatMap(conclusion) }

  /// What this report lets one conclude; `nil` when the number is undefined.
  var newConclusion: String? { conclusion(new) }

  /// Whether the earlier report published another number than its answers give now: a changed definition,
  /// which is no change of the papers.
  var isRedefined: Bool {
    guard let published, let was = published.value else { return false }
    guard let now = old?.value else { return true }
    return abs(was - now) > 1e-6 * max(1, abs(was))
  }

  /// Whether both reports have the number, and conclude differently.
  var changesConclusion: Bool {
    guard let before = oldConclusion, let now = newConclusion else { return false }
    return before != now
  }

  private func conclusion(_ number: Estimate) -> String? {
    guard number.value != nil else { return nil }
    switch kind {
    case .share: return Majority(lower: number.lower, upper: number.upper).rawValue
    case .gap:
      if let lower = number.lower, lower > 0 { return "above zero" }
      if let upper = number.upper, upper < 0 { return "below zero" }
      return Majority.unclear.rawValue
    case .score(let tiers):
      guard let lower = number.lower, let upper = number.upper,
        tiers.index(of: lower) == tiers.index(of: upper)
      else { return Majority.unclear.rawValue }
      return tiers.names[tiers.index(of: lower)]
    case .plain: return nil
    }
  }

  /// Numbers of one scale as a table.
  static func table(
    _ rows: [ChangedNumber], name: String, style: Column.Style, confidence: Double
  ) -> Table {
    Table(
      name: name,
      columns: [
        Column("level", .text(rows.map(\.level))),
        Column("label", .text(rows.map(\.label))),
        Column("term", .text(rows.map(\.term)), isDetail: true),
        Column("old", .real(rows.map { $0.old?.value }), style: style),
        Column("old_low", .real(rows.map { $0.old?.lower }), style: .lowerLimit(of: "old")),
        Column("old_high", .real(rows.map { $0.old?.upper }), style: .upperLimit(of: "old")),
        Column("new", .real(rows.map(\.new.value)), style: style),
        Column("new_low", .real(rows.map(\.new.lower)), style: .lowerLimit(of: "new")),
        Column("new_high", .real(rows.map(\.new.upper)), style: .upperLimit(of: "new")),
        Column(
          "estimate", .real(rows.map { $0.difference?.value }),
          style: style == .share ? .points : style),
        Column(
          "conf_low", .real(rows.map { $0.difference?.lower }), style: .lowerLimit(of: "estimate")),
        Column(
          "conf_high", .real(rows.map { $0.difference?.upper }), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(rows.map { _ in confidence })),
        Column("conclusion_old", .text(rows.map(\.oldConclusion)), isDetail: true),
        Column("conclusion_new", .text(rows.map(\.newConclusion)), isDetail: true),
        Column("conclusion", .text(rows.map { $0.changesConclusion ? "changed" : nil })),
        Column(
          "published",
          .real(rows.map { $0.isRedefined ? $0.published?.value : nil }), style: style,
          isDetail: true),
        Column(
          "note",
          .text(
            rows.map { row in
              let notes = [
                row.isRedefined ? "definition-changed" : nil, row.difference?.notes.text,
              ]
              .compactMap { $0 }
              return notes.isEmpty ? nil : notes.joined(separator: "; ")
            })),
      ])
  }
}
