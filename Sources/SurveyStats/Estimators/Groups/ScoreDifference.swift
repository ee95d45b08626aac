/// What the difference of a category, module or everything between two groups has beside that of its means.
public struct ScoreDifference: Sendable, Equatable {
  /// How the mix of items is held fixed.
  public let mix: ItemMix.Method
  /// The number of items that the means are over.
  public let itemCount: Int
  /// The share of the applicable answers that belong to these items.
  public let commonShare: Double?
  /// The difference of the means of paper scores over all items, whatever was asked.
  public let crude: Double?
  /// The comparison within strata, when strata were given.
  public internal(set) var stratified: StratifiedScores?
  /// Welch's comparison of the paper scores over the items.
  public internal(set) var welch: WelchTest?
  /// The interval of Cohen's d.
  public internal(set) var cohensDLimits = Estimate(nil)
  /// The interval of Cliff's delta.
  public internal(set) var cliffsDeltaLimits = Estimate(nil)
  /// The interval of the shift of Hodges and Lehmann.
  public internal(set) var shiftLimits = Estimate(nil)
  /// The p-value of the comparison by ranks.
  public internal(set) var rankPValue: Double?
  /// The comparison by ranks.
  public internal(set) var ranks: MannWhitneyTest?

  init(mix: ItemMix.Method, itemCount: Int, commonShare: Double?, crude: Double?) {
    self.mix = mix
    self.itemCount = itemCount
    self.commonShare = commonShare
    self.crude = crude
  }

  /// Takes away the limits of effect sizes.
  mutating func dropLimits() {
    (cohensDLimits, cliffsDeltaLimits, shiftLimits) = (Estimate(nil), Estimate(nil), Estimate(nil))
  }

  /// Takes away limits and p-values that assume independent papers of equal weight.
  mutating func dropIndependentLimits() {
    dropLimits()
    rankPValue = nil
  }

  /// Sets intervals that assume independent papers: of the shift by ranks, and normal ones of Cohen's
  /// d and Cliff's delta, the latter cut to [−1, 1].
  mutating func setEffectSizeLimits(level: Double) {
    shiftLimits = ranks?.shiftInterval(level: level) ?? shiftLimits
    let distance = Normal().upperQuantile((1 - level) / 2)
    if let estimate = welch?.cohensD, let error = welch?.cohensDError {
      cohensDLimits = Estimate(
        estimate, standardError: error, lower: estimate - distance * error,
        upper: estimate + distance * error, level: level)
    }
    if let ranks, let error = ranks.cliffsDeltaError {
      cliffsDeltaLimits = Estimate(
        ranks.cliffsDelta, standardError: error,
        lower: max(-1, ranks.cliffsDelta - distance * error),
        upper: min(1, ranks.cliffsDelta + distance * error), level: level)
    }
  }
}
