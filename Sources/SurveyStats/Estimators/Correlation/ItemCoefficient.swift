/// A coefficient of association between two yes-or-no items.
///
/// In terms of the 2×2 table with cells n11, n10, n01, n00, proportions p of yes and q of no:
public enum ItemCoefficient: String, Sendable, CaseIterable {
  /// Phi: Pearson's correlation of the answers.
  ///
  /// `(n11 n00 − n10 n01)/√(n1. n0. n.1 n.0)`; unequal margins keep it from reaching ±1.
  case phi
  /// Phi over the largest (or smallest) value that the margins allow.
  ///
  /// For a positive phi the bound is `√(p_low q_high/(q_low p_high))`, for a negative one that of
  /// the item against the other's no. Equal to Lewontin's D′.
  case phiRatio = "phi-max"
  /// The tetrachoric correlation; see ``TetrachoricCorrelation``.
  case tetrachoric
  /// Yule's Q: `(OR − 1)/(OR + 1)` of the odds ratio.
  case yuleQ = "yule-q"
  /// Yule's Y: `(√OR − 1)/(√OR + 1)`.
  case yuleY = "yule-y"
  /// The odds ratio `n11 n00/(n10 n01)`; with an empty cell 0.5 is added to every cell.
  case oddsRatio = "odds-ratio"
  /// Jaccard's index: papers with both over papers with either.
  case jaccard
  /// Lift: `P(both)/(P(first) P(second))`.
  case lift
  /// The conditional probability of yes to the second item, given yes to the first.
  case conditional

  /// Whether the coefficient is the same when the two items are exchanged.
  public var isSymmetric: Bool { self != .conditional }

  /// Whether values run from −1 to 1 with 0 for independence, so that they fit a correlation
  /// matrix.
  public var isCorrelation: Bool {
    switch self {
    case .phi, .phiRatio, .tetrachoric, .yuleQ, .yuleY: true
    case .oddsRatio, .jaccard, .lift, .conditional: false
    }
  }

  /// The coefficient of an item with itself, where that is a constant.
  public var ofItself: Double? { self == .oddsRatio || self == .lift ? nil : 1 }
}
