import RealModule

/// One contrast of one target: a row of `compare`.
public struct GroupDifference: ResampledDifference, Sendable, Equatable {
  /// What is compared.
  public let target: RateTarget
  /// Which groups are compared.
  public let contrast: GroupContrast
  /// The papers of the first group that have the item or score.
  public internal(set) var firstCount = 0
  /// The papers of the second group that have the item or score.
  var secondCount = 0
  /// The rate or mean score of the first group, as a fraction.
  var firstMean: Double?
  /// The rate or mean score of the second group, as a fraction.
  var secondMean: Double?
  /// The difference, first minus second; without a standard error where the answers of a group do not
  /// vary.
  public internal(set) var difference = Estimate(nil)
  /// The kind of interval.
  public internal(set) var interval: String?
  /// How the mix of items is held fixed (not for items).
  public internal(set) var mix: ItemMix.Method?
  /// The number of items that the means are over (not for items).
  public internal(set) var itemCount: Int?
  /// The share of the applicable answers that belong to these items (not for items).
  public internal(set) var commonShare: Double?
  /// The difference of the means of paper scores over all items, whatever was asked (not for items).
  public internal(set) var crude: Double?
  /// The ratio of the rates (items only).
  public internal(set) var riskRatio: Estimate?
  /// The ratio of the odds (items only).
  public internal(set) var oddsRatio: Estimate?
  /// The comparison within strata (items only, when strata were given).
  public internal(set) var stratified: StratifiedComparison?
  /// The comparison of scores within strata (scores only, when strata were given).
  public internal(set) var stratifiedScores: StratifiedScores?
  /// Welch's comparison of the paper scores over the items (scores only).
  public internal(set) var welch: WelchTest?
  /// The interval of Cohen's d (scores only).
  public internal(set) var cohensDLimits = Estimate(nil)
  /// The interval of Cliff's delta (scores only).
  public internal(set) var cliffsDeltaLimits = Estimate(nil)
  /// The interval of the shift of Hodges and Lehmann (scores only).
  public internal(set) var shiftLimits = Estimate(nil)
  /// The p-value of the comparison by ranks (scores only).
  public internal(set) var rankPValue: Double?
  /// The comparison by ranks (scores only).
  public internal(set) var ranks: MannWhitneyTest?
  /// The test behind the p-value.
  public internal(set) var test: String?
  /// The statistic of the test.
  public internal(set) var statistic: Double?
  /// The p-value.
  public internal(set) var pValue: Double?
  /// The p-value adjusted by joint permutations of all rows, where these were asked for.
  public internal(set) var adjustedPValue: Double?
  /// Why something is missing, and what to know of the row.
  public internal(set) var notes: [Note] = []
  /// The columns of the items that the means are over.
  var items: [Int] = []
  /// The weights of these items, where the mix is held fixed item by item.
  var itemWeights: [Double] = []

  /// The notes as they stand in a table.
  public var note: String? { notes.text }
  /// The value of ``difference``.
  public var estimate: Double? { difference.value }
  /// The standard error of ``difference``.
  public var standardError: Double? { difference.standardError }

  init(target: RateTarget, contrast: GroupContrast) {
    self.target = target
    self.contrast = contrast
  }

  /// Takes over what a score contrast says.
  mutating func setScore(_ score: ScoreContrast, level: Double, interval: String, test: String) {
    difference = score.differenceLimits(level: level)
    difference.degreesOfFreedom = score.degreesOfFreedom < .infinity ? score.degreesOfFreedom : nil
    self.interval = interval
    self.test = test
    statistic = score.statistic
    pValue = score.pValue
    guard target.level == .item else { return }
    riskRatio = score.ratioLimits(level: level)
    oddsRatio = score.oddsRatioLimits(level: level)
    let isConstant = score.first == score.second && [0, 1].contains(score.first)
    if !isConstant, riskRatio?.value == nil || oddsRatio?.value == nil {
      notes.append(.infiniteRatio)
    }
  }

  /// Replaces interval and standard error by those of a bootstrap of a ``DifferenceStatistic``.
  public mutating func replaceInterval(
    _ sample: BootstrapSample, quantity: Int, method: BootstrapInterval, level: Double,
    name: String
  ) {
    guard estimate != nil else { return }
    interval = name
    notes.removeAll { $0 == .noStandardError }
    sample.replace(&difference, &notes, of: quantity, by: method, level: level)
  }

  /// Whether strata were given.
  public var isStratified: Bool { stratified != nil || stratifiedScores != nil }

  /// The difference within strata with its standard error.
  public var stratifiedDifference: (estimate: Double, standardError: Double?)? {
    stratifiedScores?.difference ?? stratified?.difference.map { ($0.estimate, $0.standardError) }
  }

  /// The normal interval of ``stratifiedDifference``.
  func stratifiedInterval(level: Double) -> Estimate {
    guard let difference = stratifiedDifference else { return Estimate(nil) }
    guard let error = difference.standardError else { return Estimate(difference.estimate) }
    let distance = Normal().upperQuantile((1 - level) / 2) * error
    return Estimate(
      difference.estimate, standardError: error, lower: max(-1, difference.estimate - distance),
      upper: min(1, difference.estimate + distance), level: level)
  }

  /// Takes away limits and p-values that assume independent papers of equal weight.
  mutating func dropIndependentLimits() {
    (cohensDLimits, cliffsDeltaLimits, shiftLimits) = (Estimate(nil), Estimate(nil), Estimate(nil))
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

  /// Replaces the intervals of ratios, or of Cohen's d and Cliff's delta, by those of a bootstrap of
  /// an ``EffectSizeStatistic``, whose values for this difference begin at `quantity`; the shift is
  /// left without one.
  public mutating func replaceEffectSizeIntervals(
    _ sample: BootstrapSample, quantity: Int, method: BootstrapInterval, level: Double
  ) {
    let none = Estimate(nil)
    (cohensDLimits, cliffsDeltaLimits, shiftLimits) = (none, none, none)
    func limits(_ offset: Int) -> Estimate {
      do throws(IntervalFailure) {
        let found = try method.limits(
          estimate: sample.original[quantity + offset],
          replicates: sample.values(of: quantity + offset), level: level)
        return Estimate(
          sample.original[quantity + offset], lower: found.lower, upper: found.upper, level: level)
      } catch {
        let note = Note("no-ratio-limits", detail: error.description, effect: .remark)
        if error != .undefinedEstimate, !notes.contains(note) { notes.append(note) }
        return none
      }
    }
    guard target.level == .item || welch != nil else { return }
    let found = (limits(0), limits(1))
    if target.level == .item {
      riskRatio?.setLimits(exponentialsOf: found.0)
      oddsRatio?.setLimits(exponentialsOf: found.1)
    } else {
      (cohensDLimits, cliffsDeltaLimits) = found
    }
  }
}

extension Estimate {
  /// Replaces the limits of a ratio by the exponentials of those of its logarithm.
  mutating func setLimits(exponentialsOf logarithm: Estimate) {
    lower = logarithm.lower.map { Double.exp($0) }
    upper = logarithm.upper.map { Double.exp($0) }
  }

  /// The exponential of a logarithm with its normal interval.
  init?(logarithm: (estimate: Double, standardError: Double)?, level: Double) {
    guard let logarithm else { return nil }
    let distance = Normal().upperQuantile((1 - level) / 2) * logarithm.standardError
    self.init(
      Double.exp(logarithm.estimate), lower: Double.exp(logarithm.estimate - distance),
      upper: Double.exp(logarithm.estimate + distance), level: level)
  }
}

extension Note {
  /// A rate of 0 or 1 makes a ratio infinite; its lower limit is meant.
  static let infiniteRatio = Note(
    "infinite-ratio", effect: .remark, words: "a rate of 0 or 1 makes a ratio infinite")
  /// All answers or scores of a group are equal, so that the difference has no standard error; its
  /// score limits need none.
  static let noStandardError = Note(
    "no-standard-error", effect: .remark, words: "the answers of a group do not vary")
  /// All answers are alike.
  static let constantItem = Note("constant-item", effect: .remark)
  /// The values vary between groups, but not within any of them.
  static let constantWithinGroups = Note("constant-within-groups", effect: .remark)
  /// A test that rejects equal rates in fewer than 3 % of samples where they are equal.
  static let conservativeTest = Note(
    "conservative-test", effect: .remark, words: "the test rejects less often than its level says")
  /// No item was asked in all groups, or at all values of a covariate, that are compared.
  public static let noCommonItem = Note("no-common-item", effect: .noValue)
  /// Items that all groups share do not exist; these are shared by the two groups of the row.
  static let commonToPair = Note("items-common-to-two-groups", effect: .remark)
  /// The applicability of items differs between groups.
  static func applicabilityDiffers(_ item: String, points: Double) -> Note {
    Note(
      "applicability-differs", detail: "\(item) by \(Int((100 * points).rounded())) points",
      effect: .remark)
  }
  /// Labels cannot be permuted, as papers of one cluster lie in several groups.
  static let clustersInSeveralGroups = Note(
    "clusters-in-several-groups", effect: .noLimits, words: "clusters lie in several groups")
  /// A single cluster says nothing of the error.
  static let tooFewClusters = Note("too-few-clusters", effect: .noLimits)
  /// The columns of strata know nothing of clusters or weights.
  static let strataIgnoreDesign = Note(
    "strata-ignore-design", effect: .doubt,
    words: "estimates within strata ignore clusters and weights")
  /// Ranks and effect sizes count every paper once.
  static let ranksIgnoreDesign = Note(
    "ranks-ignore-design", effect: .doubt, words: "ranks and effect sizes count every paper once")

  /// Why items have no answer.
  init(_ reason: Unanswered) { self.init(reason.rawValue, effect: .noValue) }
}
