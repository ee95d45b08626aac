/// What the trend of a category, module or everything has beside the change: what its score is over.
public struct ScoreTrend: Sendable {
  /// How the items were held together.
  public let mix: ItemMix.Method
  /// The number of items that are compared, and of those of the set that were asked.
  public internal(set) var items: (compared: Int, asked: Int)
  /// The change of the papers' scores as they are, where it differs from ``Trend/change``.
  public internal(set) var crude: Estimate?
  /// The Theil–Sen slope.
  public internal(set) var theilSen: TheilSenSlope?
}
