public import SurveyStats

/// How many studies, or papers, there were, were excluded and why, and are pooled: the counts of a PRISMA
/// diagram.
///
/// A record with a reason is excluded. Of those left some may not be pooled, as the effect of a study of
/// size zero is not defined; the counts say why. They always add up.
///
/// Reference: Page et al. (2021), *BMJ* 372:n71.
public struct StudyFlow: Sendable, Equatable {
  /// What became of records.
  public enum Stage: String, Sendable, CaseIterable {
    /// All that there are.
    case identified
    /// Those with a reason against them.
    case excluded
    /// Those that no effect is known of.
    case notPooled = "not pooled"
    /// The rest.
    case pooled
  }

  /// So many records.
  public struct Row: Sendable, Equatable {
    /// What became of them.
    public var stage: Stage
    /// Why; `nil` where there is nothing to say.
    public var reason: String?
    /// Their number.
    public var count: Int
  }

  /// The counts, in order.
  public let rows: [Row]

  /// Counts studies.
  ///
  /// - Parameters:
  ///   - exclusions: The reason against each record; `nil` for none.
  ///   - studies: The studies without one.
  ///   - pooling: How they are pooled.
  public init(exclusions: [String?], studies: StudyEffects, pooling: Pooling = Pooling()) {
    let used = Set(pooling.positions(of: studies))
    let left = studies.effects.indices.filter { !used.contains($0) }.map { index -> String in
      let notes = studies.effects[index].notes
      return (notes.first { $0.effect == .noValue } ?? notes.first)?.code ?? "no-effect"
    }
    self.init(
      identified: exclusions.count, exclusions: exclusions.compactMap { $0 }, notPooled: left,
      pooled: used.count)
  }

  /// Counts records by what became of them.
  public init(identified: Int, exclusions: [String], notPooled: [String], pooled: Int) {
    func rows(_ stage: Stage, _ reasons: [String]) -> [Row] {
      let counts = Dictionary(grouping: reasons) { $0 }.mapValues(\.count)
      return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
        Row(stage: stage, reason: $0.key, count: $0.value)
      }
    }
    self.rows =
      [Row(stage: .identified, reason: nil, count: identified)] + rows(.excluded, exclusions)
      + rows(.notPooled, notPooled) + [Row(stage: .pooled, reason: nil, count: pooled)]
  }
}

extension Table {
  /// Records identified, excluded by reason, and pooled (table `flow` of `meta`).
  public init(flow: StudyFlow, records: String) {
    let whole = Double(flow.rows[0].count)
    self.init(
      name: "flow",
      caption:
        "How many \(records) there are, how many are excluded or not pooled and why, and how "
        + "many are pooled.",
      columns: [
        Column("stage", .text(flow.rows.map(\.stage.rawValue))),
        Column("reason", .text(flow.rows.map(\.reason))),
        Column("n", .integer(flow.rows.map(\.count))),
        Column(
          "share", .real(flow.rows.map { whole > 0 ? Double($0.count) / whole : nil }),
          style: .share),
      ])
  }
}
