/// Pairs of items whose answers never differ, so that one of them says nothing new.
///
/// Over the papers to which both apply: the share that answers them differently, with Clopper and Pearson's
/// limits, so that "never in 40 papers" has an upper limit of 8.8 percent. A pair counts only where both
/// items vary in these papers, as constant items agree for another reason, and where it has ``fewest`` papers.
///
/// Cost: that of counting all pairs.
public struct RedundantItems: Analysis {
  /// The fewest papers to which both apply.
  public var fewest: Int
  /// The largest share of papers that answer a pair differently.
  var mostDiffering: Double
  /// The confidence level.
  public var level: Double

  /// One row a pair, those of most papers first.
  public typealias Result = [RedundantPair]

  /// Asks for pairs that never, or hardly ever, differ.
  public init(fewest: Int = 10, mostDiffering: Double = 0, level: Double = 0.95) {
    self.fewest = fewest
    self.mostDiffering = mostDiffering
    self.level = level
  }

  /// Features of the sample play no part.
  public func handling(of feature: SamplingFeature) -> Handling { .ignored(feature) }

  /// Works everything out; nothing is drawn.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let pairs = PairCounts(matrix)
    var rows: [RedundantPair] = []
    for first in matrix.items.indices {
      for second in matrix.items.indices.dropFirst(first + 1) {
        let table = pairs[first, second]
        let count = table.n11 + table.n10 + table.n01 + table.n00
        let differing = table.n10 + table.n01
        guard count >= fewest, Double(differing) <= mostDiffering * Double(count),
          !TwoByTwoTable(table).hasConstantItem
        else { continue }
        let limits = ProportionInterval.clopperPearson.limits(
          successes: Double(differing), trials: Double(count), level: level)
        rows.append(
          RedundantPair(
            first: matrix.items[first].id, second: matrix.items[second].id, yesCount: table.n11,
            noCount: table.n00,
            differing: Estimate(
              Double(differing) / Double(count), lower: limits?.lower, upper: limits?.upper,
              level: level, count: count, notes: sample.notes)))
      }
    }
    let ordered = rows.enumerated().sorted {
      ($1.element.differing.count ?? 0, $0.offset) < ($0.element.differing.count ?? 0, $1.offset)
    }.map(\.element)
    return Prepared(draws: []) { _ in ordered }
  }
}

/// Two items whose answers hardly ever differ.
public struct RedundantPair: Sendable, Equatable {
  /// The first item.
  public let first: ItemID
  /// The second item.
  public let second: ItemID
  /// The papers that answer yes to both.
  public let yesCount: Int
  /// The papers that answer no to both.
  let noCount: Int
  /// The share of papers that answer them differently.
  let differing: Estimate
}

extension Table {
  /// Redundant pairs: `a`, `b`, `n`, `n11`, `n00`, `estimate` (the share that differs) with its limits,
  /// `note`.
  public init(redundant rows: [RedundantPair], level: Double) {
    self.init(
      name: "redundant",
      caption:
        "Pairs of items that no paper, or hardly any, to which both apply answers differently.",
      columns: [
        Column("a", .text(rows.map(\.first.description))),
        Column("b", .text(rows.map(\.second.description))),
        Column("n", .integer(rows.map(\.differing.count))),
        Column("n11", .integer(rows.map(\.yesCount))),
        Column("n00", .integer(rows.map(\.noCount))),
      ] + Column.columns(of: rows.map(\.differing), style: .share) + [
        Column("conf_level", .real(rows.map { _ in level })),
        Column.notes(rows.map(\.differing.notes)),
      ])
  }
}
