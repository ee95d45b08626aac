/// What is added to the counts of a study before the logarithm of a ratio of them is taken.
///
/// Likelihood models, Mantel–Haenszel and Peto need none. Reference: Sweeting, Sutton & Lambert (2004),
/// *Statistics in Medicine* 23:1351.
public struct ContinuityCorrection: Sendable, Equatable {
  /// Which studies are corrected.
  public enum Scope: String, Sendable, CaseIterable {
    /// Those with a zero.
    case onlyZero = "only0"
    /// All, if one has a zero.
    case allIfZero = "if0all"
    /// All.
    case all
    /// None.
    case none
  }

  /// What is added to each count.
  var amount: Double
  /// Which studies are corrected.
  public var scope: Scope

  /// Creates a correction.
  public init(amount: Double = 0.5, scope: Scope = .onlyZero) {
    self.amount = amount
    self.scope = scope
  }

  /// The correction that a measure takes when nothing is said: a half where a count is zero, and none for
  /// Peto's and the arcsine measures, which are defined for zeros.
  public static func usual(of measure: EffectMeasure) -> ContinuityCorrection {
    switch measure {
    case .freemanTukey, .arcsine, .arcsineDifference, .peto: ContinuityCorrection(scope: .none)
    default: ContinuityCorrection()
    }
  }
}
