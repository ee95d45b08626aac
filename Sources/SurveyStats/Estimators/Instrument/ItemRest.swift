/// How each item goes with the score on all other items.
///
/// Pearson's correlation of the answer (yes 1, no 0) with the percent of the other applicable items that are
/// passed, over the papers to which the item and another one apply, with Fisher's limits. An item that is
/// turned round, or measures something else, is negative. Constant items have none.
///
/// Cost: O(cells).
public struct ItemRest: Analysis {
  /// The confidence level.
  public var level: Double

  /// One row an item.
  public typealias Result = [ItemRestRow]

  /// Asks for item–rest correlations.
  public init(level: Double = 0.95) { self.level = level }

  /// Features of the sample play no part.
  public func handling(of feature: SamplingFeature) -> Handling { .ignored(feature) }

  /// Works everything out; nothing is drawn.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let all = Array(matrix.items.indices)
    let passed = matrix.yes.rowCounts(columns: all)
    let applicable = matrix.applies.rowCounts(columns: all)
    let rows = all.map { item in
      var (answers, rest): ([Double], [Double]) = ([], [])
      matrix.applies.forEachRow(of: item) { paper in
        guard applicable[paper] > 1 else { return }
        let isYes = matrix.yes[paper, item]
        answers.append(isYes ? 1 : 0)
        rest.append(Double(passed[paper] - (isYes ? 1 : 0)) / Double(applicable[paper] - 1))
      }
      let found = ScorePair(answers, rest).association(.pearson, level: level)
      var notes = sample.notes
      if let note = found.note { notes.append(Note(note.description, effect: .noLimits)) }
      return ItemRestRow(
        item: matrix.items[item].id,
        correlation: Estimate(
          found.estimate, standardError: found.standardError, lower: found.lower,
          upper: found.upper, level: level, count: answers.count, notes: notes),
        pValue: found.pValue)
    }
    return Prepared(draws: []) { [rows] _ in rows }
  }
}

/// The correlation of an item with the score on all others.
public struct ItemRestRow: Sendable, Equatable {
  /// The item.
  public let item: ItemID
  /// The correlation.
  public let correlation: Estimate
  /// The p-value of no correlation.
  public let pValue: Double?
}

extension Table {
  /// Item–rest correlations: `item`, `n`, `estimate` with its error and limits, `p_value`, `p_adjusted`,
  /// `note`.
  public init(itemRest rows: [ItemRestRow], level: Double, adjustment: PValueAdjustment) {
    let estimates = rows.map(\.correlation)
    let pValues = rows.map(\.pValue)
    self.init(
      name: "item_rest",
      caption:
        "The correlation of each item with the percent passed of all other applicable items.",
      columns: [
        Column("item", .text(rows.map(\.item.description))),
        Column("n", .integer(estimates.map(\.count))),
      ] + Column.columns(of: estimates) + [
        Column("conf_level", .real(rows.map { _ in level })),
        Column("p_value", .real(pValues), style: .pValue),
        Column("p_adjusted", .real(adjustment(pValues)), style: .pValue),
        Column.notes(estimates.map(\.notes)),
      ])
  }
}
