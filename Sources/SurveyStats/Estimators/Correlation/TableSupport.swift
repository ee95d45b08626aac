/// How well the 2×2 tables behind correlations of items are filled.
///
/// Tetrachoric correlations are unstable where cells are small. They are fit for factors when most
/// pairs have at least five papers in every cell.
public struct TableSupport: Sendable, Equatable {
  /// The number of pairs.
  public let pairs: Int
  /// The number of pairs whose empty cell was filled before estimating.
  public let adjusted: Int
  /// The number of pairs with at least five papers in every cell.
  public let wellFilled: Int

  /// The counts in one sentence.
  public var summary: String {
    let share = Double(wellFilled) / Double(max(pairs, 1))
    return "of \(pairs) pairs \(adjusted) had an empty cell, which was filled; every cell holds 5 "
      + "papers or more in \(NumberFormat.percent(share)) of the pairs"
  }
}

extension PairwiseAssociations {
  /// How well the tables of the pairs of some items are filled; `nil` for scores.
  public func tableSupport(among items: [String]) -> TableSupport? {
    let chosen = Set(items)
    let takesPart = names.map { chosen.contains($0) }
    let pairs = pairs.filter { takesPart[$0.first] && takesPart[$0.second] }
    let cells = pairs.compactMap(\.cells)
    guard cells.count == pairs.count, !cells.isEmpty else { return nil }
    return TableSupport(
      pairs: pairs.count, adjusted: pairs.count { $0.association.note == .zeroCellAdjusted },
      wellFilled: cells.count { $0.smallestCell >= 5 })
  }
}
