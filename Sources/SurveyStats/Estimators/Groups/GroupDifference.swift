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
  public internal(set) var interval: MethodName?
  /// The test behind the p-value.
  public internal(set) var test: MethodName?
  /// The statistic of the test.
  public internal(set) var statistic: Double?
  /// The p-value.
  public internal(set) var pValue: Double?
  /// The p-value adjusted by joint permutations of all rows, where these were asked for.
  public internal(set) var adjustedPValue: Double?
  /// Why something is missing, and what to know of the row.
  public internal(set) var notes: [Note] = []
  /// What else there is of an item, or of a score.
  private var details: Details
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

  /// What a row has that is of answers alone, or of scores alone.
  private enum Details: Sendable, Equatable {
    case item(ItemDifference)
    case score(ScoreDifference)
  }

  /// What there is of an item; `nil` for scores.
  public internal(set) var item: ItemDifference? {
    get { if case .item(let item) = details { item } else { nil } }
    set { if let newValue { details = .item(newValue) } }
  }

  /// What there is of a category, module or everything; `nil` for items.
  public internal(set) var score: ScoreDifference? {
    get { if case .score(let score) = details { score } else { nil } }
    set { if let newValue { details = .score(newValue) } }
  }

  /// A row of an item.
  init(item target: RateTarget, contrast: GroupContrast) {
    self.target = target
    self.contrast = contrast
    items = target.items
    details = .item(ItemDifference())
  }

  /// A row of a category, module or everything over some items.
  init(
    score target: RateTarget, contrast: GroupContrast, over items: [Int], weights: [Double],
    _ score: ScoreDifference
  ) {
    self.target = target
    self.contrast = contrast
    self.items = items
    itemWeights = weights
    details = .score(score)
  }

  /// Takes over what a score contrast says.
  mutating func setScore(
    _ score: ScoreContrast, level: Double, interval: MethodName, test: MethodName
  ) {
    difference = score.differenceLimits(level: level)
    difference.degreesOfFreedom = score.degreesOfFreedom < .infinity ? score.degreesOfFreedom : nil
    self.interval = interval
    self.test = test
    statistic = score.statistic
    pValue = score.pValue
    guard var item else { return }
    item.riskRatio = score.ratioLimits(level: level)
    item.oddsRatio = score.oddsRatioLimits(level: level)
    self.item = item
    let isConstant = score.first == score.second && [0, 1].contains(score.first)
    if !isConstant, item.riskRatio?.value == nil || item.oddsRatio?.value == nil {
      notes.append(.infiniteRatio)
    }
  }

  /// Replaces interval and standard error by those of a bootstrap of a ``DifferenceStatistic``.
  public mutating func replaceInterval(
    _ sample: BootstrapSample, quantity: Int, method: BootstrapInterval, level: Double,
    name: MethodName
  ) {
    guard estimate != nil else { return }
    interval = name
    notes.removeAll { $0 == .noStandardError }
    sample.replace(&difference, &notes, of: quantity, by: method, level: level)
  }

  /// Whether strata were given.
  public var isStratified: Bool { item?.stratified != nil || score?.stratified != nil }

  /// The difference within strata with its standard error.
  public var stratifiedDifference: (estimate: Double, standardError: Double?)? {
    score?.stratified?.difference
      ?? item?.stratified?.difference.map { ($0.estimate, $0.standardError) }
  }

  /// The p-value of no difference within strata.
  var stratifiedPValue: Double? { item?.stratified?.pValue ?? score?.stratified?.pValue }

  /// The normal interval of ``stratifiedDifference``.
  func stratifiedInterval(level: Double) -> Estimate {
    guard let difference = stratifiedDifference else { return Estimate(nil) }
    guard let error = difference.standardError else { return Estimate(difference.estimate) }
    let distance = Normal().upperQuantile((1 - level) / 2) * error
    return Estimate(
      difference.estimate, standardError: error, lower: max(-1, difference.estimate - distance),
      upper: min(1, difference.estimate + distance), level: level)
  }

  /// Replaces the intervals of ratios, or of Cohen's d and Cliff's delta, by those of a bootstrap of
  /// an ``EffectSizeStatistic``, whose values for this difference begin at `quantity`; the shift is
  /// left without one.
  public mutating func replaceEffectSizeIntervals(
    _ sample: BootstrapSample, quantity: Int, method: BootstrapInterval, level: Double
  ) {
    let none = Estimate(nil)
    score?.dropLimits()
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
    switch details {
    case .item(var item):
      item.riskRatio?.setLimits(exponentialsOf: limits(0))
      item.oddsRatio?.setLimits(exponentialsOf: limits(1))
      details = .item(item)
    case .score(var score):
      guard score.welch != nil else { return }
      score.cohensDLimits = limits(0)
      score.cliffsDeltaLimits = limits(1)
      details = .score(score)
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
