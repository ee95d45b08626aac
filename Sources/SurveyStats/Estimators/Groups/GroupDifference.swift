import RealModule

/// One contrast of one target: a row of `compare`.
public struct GroupDifference: ResampledDifference, Sendable, Equatable {
  /// A ratio with its limits.
  public struct Ratio: Sendable, Equatable {
    /// The ratio; `nil` where it is infinite or 0/0.
    public let estimate: Double?
    /// The lower limit, if there is one.
    public internal(set) var low: Double?
    /// The upper limit; `nil` where the interval is open, or there is none.
    public internal(set) var high: Double?

    /// Replaces the limits by the exponentials of an interval.
    mutating func setLimits(logarithms: CoefficientInterval) {
      low = logarithms.low.map { Double.exp($0) }
      high = logarithms.high.map { Double.exp($0) }
    }

    /// The ratio of two numbers with given limits.
    init(_ numerator: Double, over denominator: Double, _ limits: CoefficientInterval) {
      estimate = denominator > 0 ? numerator / denominator : nil
      low = limits.low
      high = limits.high
    }

    /// The exponential of a logarithm with its normal interval.
    init?(logarithm: (estimate: Double, standardError: Double)?, level: Double) {
      guard let logarithm else { return nil }
      let distance = Normal().upperQuantile((1 - level) / 2) * logarithm.standardError
      estimate = Double.exp(logarithm.estimate)
      low = Double.exp(logarithm.estimate - distance)
      high = Double.exp(logarithm.estimate + distance)
    }
  }

  /// What is compared.
  public let target: RateTarget
  /// Which groups are compared.
  public let contrast: GroupContrast
  /// The papers of the first group that have the item or score.
  public internal(set) var firstCount = 0
  /// The papers of the second group that have the item or score.
  public internal(set) var secondCount = 0
  /// The rate or mean score of the first group, as a fraction.
  public internal(set) var firstMean: Double?
  /// The rate or mean score of the second group, as a fraction.
  public internal(set) var secondMean: Double?
  /// The difference, first minus second.
  public internal(set) var estimate: Double?
  /// Its standard error; `nil` where the answers of a group do not vary.
  public internal(set) var standardError: Double?
  /// Its interval.
  public internal(set) var limits = CoefficientInterval(low: nil, high: nil)
  /// The kind of interval.
  public internal(set) var interval: String?
  /// The degrees of freedom of the interval and test, where they are those of Student's t.
  public internal(set) var degreesOfFreedom: Double?
  /// How the mix of items is held fixed (not for items).
  public internal(set) var mix: ItemMix.Method?
  /// The number of items that the means are over (not for items).
  public internal(set) var itemCount: Int?
  /// The share of the applicable answers that belong to these items (not for items).
  public internal(set) var commonShare: Double?
  /// The difference of the means of paper scores over all items, whatever was asked (not for items).
  public internal(set) var crude: Double?
  /// The ratio of the rates (items only).
  public internal(set) var riskRatio: Ratio?
  /// The ratio of the odds (items only).
  public internal(set) var oddsRatio: Ratio?
  /// The comparison within strata (items only, when strata were given).
  public internal(set) var stratified: StratifiedComparison?
  /// The comparison of scores within strata (scores only, when strata were given).
  public internal(set) var stratifiedScores: StratifiedScores?
  /// Welch's comparison of the paper scores over the items (scores only).
  public internal(set) var welch: WelchTest?
  /// The interval of Cohen's d (scores only).
  public internal(set) var cohensDLimits = CoefficientInterval(low: nil, high: nil)
  /// The interval of Cliff's delta (scores only).
  public internal(set) var cliffsDeltaLimits = CoefficientInterval(low: nil, high: nil)
  /// The interval of the shift of Hodges and Lehmann (scores only).
  public internal(set) var shiftLimits = CoefficientInterval(low: nil, high: nil)
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
  /// Why something is missing, and what to know of the row.
  public internal(set) var notes: [Note] = []
  /// The columns of the items that the means are over.
  var items: [Int] = []
  /// The weights of these items, where the mix is held fixed item by item.
  var itemWeights: [Double] = []

  /// The notes as they stand in a table.
  public var note: String? { notes.text }

  init(target: RateTarget, contrast: GroupContrast) {
    self.target = target
    self.contrast = contrast
  }

  /// Takes over what a score contrast says.
  mutating func setScore(_ score: ScoreContrast, level: Double, interval: String, test: String) {
    estimate = score.difference
    limits = score.differenceLimits(level: level)
    self.interval = interval
    self.test = test
    statistic = score.statistic
    pValue = score.pValue
    degreesOfFreedom = score.degreesOfFreedom < .infinity ? score.degreesOfFreedom : nil
    guard target.level == .item else { return }
    riskRatio = Ratio(score.first, over: score.second, score.ratioLimits(level: level))
    oddsRatio = Ratio(
      score.first * (1 - score.second), over: score.second * (1 - score.first),
      score.oddsRatioLimits(level: level))
    let isConstant = score.first == score.second && [0, 1].contains(score.first)
    if !isConstant, riskRatio?.estimate == nil || oddsRatio?.estimate == nil {
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
    sample.replace(&standardError, &limits, &notes, of: quantity, by: method, level: level)
  }

  /// Whether strata were given.
  public var isStratified: Bool { stratified != nil || stratifiedScores != nil }

  /// The difference within strata with its standard error.
  public var stratifiedDifference: (estimate: Double, standardError: Double?)? {
    stratifiedScores?.difference ?? stratified?.difference.map { ($0.estimate, $0.standardError) }
  }

  /// The normal interval of ``stratifiedDifference``.
  public func stratifiedInterval(level: Double) -> CoefficientInterval {
    guard let difference = stratifiedDifference, let error = difference.standardError else {
      return CoefficientInterval(low: nil, high: nil)
    }
    let distance = Normal().upperQuantile((1 - level) / 2) * error
    return CoefficientInterval(
      low: max(-1, difference.estimate - distance), high: min(1, difference.estimate + distance))
  }

  /// Takes away limits and p-values that assume independent papers of equal weight.
  mutating func dropIndependentLimits() {
    let none = CoefficientInterval(low: nil, high: nil)
    (cohensDLimits, cliffsDeltaLimits, shiftLimits) = (none, none, none)
    rankPValue = nil
  }

  /// Sets intervals that assume independent papers: of the shift by ranks, and normal ones of Cohen's
  /// d and Cliff's delta, the latter cut to [−1, 1].
  mutating func setEffectSizeLimits(level: Double) {
    shiftLimits = ranks?.shiftInterval(level: level) ?? shiftLimits
    let distance = Normal().upperQuantile((1 - level) / 2)
    if let estimate = welch?.cohensD, let error = welch?.cohensDError {
      cohensDLimits = CoefficientInterval(
        low: estimate - distance * error, high: estimate + distance * error)
    }
    if let ranks, let error = ranks.cliffsDeltaError {
      cliffsDeltaLimits = CoefficientInterval(
        low: max(-1, ranks.cliffsDelta - distance * error),
        high: min(1, ranks.cliffsDelta + distance * error))
    }
  }

  /// Replaces the intervals of ratios, or of Cohen's d and Cliff's delta, by those of a bootstrap of
  /// an ``EffectSizeStatistic``, whose values for this difference begin at `quantity`; the shift is
  /// left without one.
  public mutating func replaceEffectSizeIntervals(
    _ sample: BootstrapSample, quantity: Int, method: BootstrapInterval, level: Double
  ) {
    let none = CoefficientInterval(low: nil, high: nil)
    (cohensDLimits, cliffsDeltaLimits, shiftLimits) = (none, none, none)
    func limits(_ offset: Int) -> CoefficientInterval {
      do throws(IntervalFailure) {
        let found = try method.limits(
          estimate: sample.original[quantity + offset],
          replicates: sample.values(of: quantity + offset), level: level)
        return CoefficientInterval(low: found.lower, high: found.upper)
      } catch {
        let note = Note("no-ratio-limits", detail: error.description, effect: .remark)
        if error != .undefinedEstimate, !notes.contains(note) { notes.append(note) }
        return none
      }
    }
    guard target.level == .item || welch != nil else { return }
    let found = (limits(0), limits(1))
    if target.level == .item {
      riskRatio?.setLimits(logarithms: found.0)
      oddsRatio?.setLimits(logarithms: found.1)
    } else {
      (cohensDLimits, cliffsDeltaLimits) = found
    }
  }
}

extension Note {
  /// A rate of 0 or 1 makes a ratio infinite; its lower limit is meant.
  public static let infiniteRatio = Note(
    "infinite-ratio", effect: .remark, words: "a rate of 0 or 1 makes a ratio infinite")
  /// All answers or scores of a group are equal, so that the difference has no standard error; its
  /// score limits need none.
  public static let noStandardError = Note(
    "no-standard-error", effect: .remark, words: "the answers of a group do not vary")
  /// All answers are alike.
  public static let constantItem = Note("constant-item", effect: .remark)
  /// The values vary between groups, but not within any of them.
  public static let constantWithinGroups = Note("constant-within-groups", effect: .remark)
  /// A test that rejects equal rates in fewer than 3 % of samples where they are equal.
  public static let conservativeTest = Note(
    "conservative-test", effect: .remark, words: "the test rejects less often than its level says")
  /// No item was asked in all groups, or at all values of a covariate, that are compared.
  public static let noCommonItem = Note("no-common-item", effect: .noValue)
  /// Items that all groups share do not exist; these are shared by the two groups of the row.
  public static let commonToPair = Note("items-common-to-two-groups", effect: .remark)
  /// The applicability of items differs between groups.
  public static func applicabilityDiffers(_ item: String, points: Double) -> Note {
    Note(
      "applicability-differs", detail: "\(item) by \(Int((100 * points).rounded())) points",
      effect: .remark)
  }
  /// Labels cannot be permuted, as papers of one cluster lie in several groups.
  public static let clustersInSeveralGroups = Note(
    "clusters-in-several-groups", effect: .noLimits, words: "clusters lie in several groups")
  /// A single cluster says nothing of the error.
  public static let tooFewClusters = Note("too-few-clusters", effect: .noLimits)
  /// The columns of strata know nothing of clusters or weights.
  public static let strataIgnoreDesign = Note(
    "strata-ignore-design", effect: .doubt,
    words: "estimates within strata ignore clusters and weights")
  /// Ranks and effect sizes count every paper once.
  public static let ranksIgnoreDesign = Note(
    "ranks-ignore-design", effect: .doubt, words: "ranks and effect sizes count every paper once")

  /// Why items have no answer.
  init(_ reason: Unanswered) { self.init(reason.rawValue, effect: .noValue) }
}
