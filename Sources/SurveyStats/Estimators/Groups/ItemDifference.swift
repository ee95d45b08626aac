/// What the difference of an item between two groups has beside the difference of its rates.
public struct ItemDifference: Sendable, Equatable {
  /// The ratio of the rates.
  public internal(set) var riskRatio: Estimate?
  /// The ratio of the odds.
  public internal(set) var oddsRatio: Estimate?
  /// The comparison within strata, when strata were given.
  public internal(set) var stratified: StratifiedComparison?

  /// Takes away the limits of ratios.
  mutating func dropLimits() {
    riskRatio?.setLimits(exponentialsOf: Estimate(nil))
    oddsRatio?.setLimits(exponentialsOf: Estimate(nil))
  }
}
