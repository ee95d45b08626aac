/// The difference of two rates, `d = p₂ − p₁`, with limits from those of the two rates ("MOVER").
///
/// With the limits (l, u) of each rate and the correlation r of the two estimates, the limits are
/// `d − √((p₂ − l₂)² − 2r (p₂ − l₂)(u₁ − p₁) + (u₁ − p₁)²)` and
/// `d + √((u₂ − p₂)² − 2r (u₂ − p₂)(p₁ − l₁) + (p₁ − l₁)²)`.
///
/// * Of different papers, r is zero.
/// * Of the same papers, r is the correlation of the linearised residuals of the two rates over the
///   sampling units: for two items that apply to the same papers the φ coefficient of their answers,
///   which makes this method 8 of Newcombe (1998b). It is taken as zero where a rate is 0 or 1.
///
/// Unlike quantiles of bootstrap replicates the limits keep their width when a rate is 0 or 1.
///
/// References: Newcombe (1998a), *Statistics in Medicine* 17:873; Newcombe (1998b), *Statistics in
/// Medicine* 17:2635; Zou & Donner (2008), *Statistics in Medicine* 27:1693, equation 4.
public struct RateDifference: Sendable, Equatable {
  /// The difference; `nil` when one of the rates is undefined.
  public let estimate: Double?
  /// The lower limit.
  public private(set) var lower: Double?
  /// The upper limit.
  public private(set) var upper: Double?
  /// Why there is no interval.
  public private(set) var note: String?

  /// The difference of two rates: the second less the first.
  ///
  /// - Parameters:
  ///   - first: The rate that is taken away.
  ///   - second: The rate from which it is taken.
  ///   - correlation: The correlation of the two estimates; 0 for rates of different papers.
  public init(from first: Rate, to second: Rate, correlation: Double = 0) {
    guard let p1 = first.estimate, let p2 = second.estimate else {
      let undefined = first.estimate == nil ? first : second
      self.init(
        estimate: nil,
        note: undefined.notes.first?.description ?? Unanswered.neverApplicable.rawValue)
      return
    }
    guard let one = first.limited, let other = second.limited else {
      self.init(estimate: p2 - p1, note: "no interval of a rate")
      return
    }
    self.init(other.minus(one, correlation: correlation))
  }

  /// A difference with its limits.
  init(_ difference: Estimate) {
    estimate = difference.value
    lower = difference.lower
    upper = difference.upper
    note = difference.notes.text
  }

  /// A difference with its limits and what to know of it.
  init(estimate: Double?, lower: Double?, upper: Double?, note: String? = nil) {
    self.estimate = estimate
    self.lower = lower
    self.upper = upper
    self.note = note
  }

  /// A difference without limits, and why.
  init(estimate: Double?, note: String) {
    self.estimate = estimate
    self.note = note
  }

  /// The difference of two states between which nothing changed.
  static let unchanged = RateDifference(estimate: 0, note: "unchanged")

  /// Whether nothing changed, so that there is nothing to be uncertain about.
  var isUnchanged: Bool { self == .unchanged }

  /// The size of the difference, for sentences whose verb says the direction: a negative one with its sign turned.
  var size: RateDifference {
    guard let estimate, estimate < 0 else { return self }
    return RateDifference(
      estimate: -estimate, lower: upper.map { -$0 }, upper: lower.map { -$0 }, note: note)
  }

  /// Whether the interval leaves out zero.
  public var isClear: Bool {
    guard let lower, let upper else { return false }
    return lower > 0 || upper < 0
  }

  /// The difference with its limits; zero when nothing changed, `nil` without limits.
  var limited: Estimate? {
    if isUnchanged { return .zero }
    guard let estimate, let lower, let upper else { return nil }
    return Estimate(estimate, lower: lower, upper: upper)
  }
}

extension Rate {
  /// The rate with its limits; `nil` when it has none.
  fileprivate var limited: Estimate? {
    guard let estimate, let lower, let upper else { return nil }
    return Estimate(estimate, lower: lower, upper: upper)
  }
}
