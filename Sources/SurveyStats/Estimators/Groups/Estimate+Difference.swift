extension Estimate {
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
  /// Where a rate is undefined so is the difference, with the note of that rate.
  ///
  /// References: Newcombe (1998a), *Statistics in Medicine* 17:873; Newcombe (1998b), *Statistics in
  /// Medicine* 17:2635; Zou & Donner (2008), *Statistics in Medicine* 27:1693, equation 4.
  ///
  /// - Parameters:
  ///   - first: The rate that is taken away.
  ///   - second: The rate from which it is taken.
  ///   - correlation: The correlation of the two estimates; 0 for rates of different papers.
  public init(from first: Rate, to second: Rate, correlation: Double = 0) {
    guard let p1 = first.estimate, let p2 = second.estimate else {
      let undefined = first.estimate == nil ? first : second
      let reason = undefined.notes.first?.description ?? Unanswered.neverApplicable.rawValue
      self.init(nil, notes: [Note(reason, effect: .noValue)])
      return
    }
    guard first.asEstimate.hasLimits, second.asEstimate.hasLimits else {
      self.init(p2 - p1, notes: [.noIntervalOfRate])
      return
    }
    self = second.asEstimate.minus(first.asEstimate, correlation: correlation)
  }

  /// The difference of two states between which nothing changed.
  public static let unchanged = Estimate(0, notes: [.unchanged])

  /// Whether nothing changed, so that there is nothing to be uncertain about.
  public var isUnchanged: Bool { self == .unchanged }

  /// The size of a difference, for sentences whose verb says the direction: a negative one with its sign turned.
  public var size: Estimate { (value ?? 0) < 0 ? times(-1) : self }

  /// Whether the interval leaves out zero.
  public var isClear: Bool {
    guard let lower, let upper else { return false }
    return lower > 0 || upper < 0
  }

  /// What a sum can take: zero when nothing changed, `nil` without limits.
  var term: Estimate? { isUnchanged ? .zero : value != nil && hasLimits ? self : nil }
}

extension Note {
  /// Nothing changed between two states.
  static let unchanged = Note("unchanged", effect: .noLimits, words: "nothing changed")
  /// One of two rates has no interval, so their difference has none.
  static let noIntervalOfRate = Note("no interval of a rate", effect: .noLimits)
}
