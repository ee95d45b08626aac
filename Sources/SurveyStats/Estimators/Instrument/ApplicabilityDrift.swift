/// Whether an item is held to apply as often in all groups of papers, such as versions or raters.
///
/// For each item and variable, over the groups in which the item was asked: the group in which it applies
/// most often less the one in which it applies least often, with Newcombe's limits of the two, and the test
/// that all groups are alike (``GroupHomogeneity``), which is of all groups and so needs no choice of two. The
/// limits do: with more than two groups they are too narrow, and the row says so.
///
/// Cost: O(cells).
public struct ApplicabilityDrift: Analysis {
  /// The variables.
  public var by: [String]
  /// The fewest papers of a group that were asked.
  public var fewest: Int
  /// The confidence level.
  public var level: Double

  /// One row an item and variable.
  public typealias Result = [ApplicabilityDriftRow]

  /// Asks how applicability differs between the groups of variables.
  public init(_ by: [String], fewest: Int = 10, level: Double = 0.95) {
    self.by = by
    self.fewest = fewest
    self.level = level
  }

  /// Features of the sample play no part.
  public func handling(of feature: SamplingFeature) -> Handling { .ignored(feature) }

  /// Works everything out; nothing is drawn.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    var rows: [ApplicabilityDriftRow] = []
    for variable in by {
      let groups = try groups(of: variable, matrix)
      var members = [[Int]](repeating: [], count: matrix.papers.count)
      for (index, group) in groups.enumerated() {
        for paper in group.papers { members[paper].append(index) }
      }
      for item in matrix.items.indices {
        var asked = [Int](repeating: 0, count: groups.count)
        var applies = asked
        matrix.asked.forEachRow(of: item) { for group in members[$0] { asked[group] += 1 } }
        matrix.applies.forEachRow(of: item) { for group in members[$0] { applies[group] += 1 } }
        rows.append(
          ApplicabilityDriftRow(
            matrix.items[item].id, variable, groups.map(\.name), asked: asked, applies: applies,
            fewest: fewest, level: level, notes: sample.notes))
      }
    }
    return Prepared(draws: []) { [rows] _ in rows }
  }

  /// The groups of a variable; a number of more than six values is parted at its median.
  private func groups(
    of variable: String, _ matrix: BinaryMatrix
  ) throws(VariableError) -> [(name: String, papers: [Int])] {
    let contrasts = try matrix.contrasts(of: variable)
    guard contrasts.count == 1 else { return try matrix.variables.groups(variable) }
    let contrast = contrasts[0]
    return [(contrast.reference, false), (contrast.focal, true)].map { name, isFocal in
      (name, matrix.papers.indices.filter { contrast.isFocal[$0] == isFocal })
    }
  }
}

/// How far apart the applicability of an item is between groups.
public struct ApplicabilityDriftRow: Sendable, Equatable {
  /// The item.
  public let item: ItemID
  /// The variable of the groups.
  public let variable: String
  /// The group in which it applies most often.
  public let highest: String?
  /// The group in which it applies least often.
  public let lowest: String?
  /// The papers asked in the former.
  let highestCount: Int
  /// The papers asked in the latter.
  let lowestCount: Int
  /// The share in the former.
  let highestShare: Double?
  /// The share in the latter.
  let lowestShare: Double?
  /// The difference of the shares.
  public let difference: Estimate
  /// The p-value that all groups are alike.
  public let pValue: Double?

  init(
    _ item: ItemID, _ variable: String, _ names: [String], asked: [Int], applies: [Int],
    fewest: Int, level: Double, notes: [Note]
  ) {
    self.item = item
    self.variable = variable
    let used = names.indices.filter { asked[$0] >= fewest }
    func share(_ group: Int) -> Double { Double(applies[group]) / Double(asked[group]) }
    let count = used.reduce(0) { $0 + asked[$1] }
    guard used.count > 1,
      let high = used.max(by: { (share($0), $1) < (share($1), $0) }),
      let low = used.min(by: { (share($0), $0) < (share($1), $1) })
    else {
      (highest, lowest, highestShare, lowestShare, pValue) = (nil, nil, nil, nil, nil)
      (highestCount, lowestCount) = (0, 0)
      difference = Estimate(
        nil, count: count,
        notes: notes + [Note("fewer-than-2-groups-of-\(fewest)", effect: .noValue)])
      return
    }
    // Groups that are all alike: any two of them.
    let other = high == low ? (used.first { $0 != high } ?? low) : low
    let pair = TwoProportions(applies[high], of: asked[high], applies[other], of: asked[other])
    let limits = pair.newcombeInterval(level: level)
    (highest, lowest) = (names[high], names[other])
    (highestCount, lowestCount) = (asked[high], asked[other])
    (highestShare, lowestShare) = (pair.first, pair.second)
    difference = Estimate(
      pair.difference, standardError: pair.differenceError, lower: limits.lower,
      upper: limits.upper,
      level: level, count: count,
      notes: notes
        + (used.count > 2 ? [Note("the-extremes-of-\(used.count)-groups", effect: .doubt)] : []))
    pValue =
      GroupHomogeneity(counts: used.map { asked[$0] }, yes: used.map { applies[$0] })?.pValue
  }
}

extension Table {
  /// Applicability by group: `item`, `by`, `highest`, `lowest`, `n_a`, `n_b`, `rate_a`, `rate_b`, `n`,
  /// `estimate` (the difference) with its error and limits, `p_value`, `p_adjusted`, `note`.
  public init(drift rows: [ApplicabilityDriftRow], level: Double, adjustment: PValueAdjustment) {
    let pValues = rows.map(\.pValue)
    self.init(
      name: "drift",
      caption: """
        Where items apply most and least often among those asked; the p-value is that of all groups \
        being alike.
        """,
      columns: [
        Column("item", .text(rows.map(\.item.description))),
        Column("by", .text(rows.map(\.variable))),
        Column("highest", .text(rows.map(\.highest))), Column("lowest", .text(rows.map(\.lowest))),
        Column("n_a", .integer(rows.map { $0.highest == nil ? nil : $0.highestCount })),
        Column("n_b", .integer(rows.map { $0.lowest == nil ? nil : $0.lowestCount })),
        Column("rate_a", .real(rows.map(\.highestShare)), style: .share),
        Column("rate_b", .real(rows.map(\.lowestShare)), style: .share),
        Column("n", .integer(rows.map(\.difference.count))),
      ] + Column.columns(of: rows.map(\.difference), style: .points) + [
        Column("conf_level", .real(rows.map { _ in level })),
        Column("p_value", .real(pValues), style: .pValue),
        Column("p_adjusted", .real(adjustment(pValues)), style: .pValue),
        Column.notes(rows.map(\.difference.notes)),
      ])
  }
}
