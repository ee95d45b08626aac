import RealModule

/// One contrast of one target: a row of `compare`.
public struct GroupDifference: ResampledDifference, Sendable, Equatable {
  /// A ratio with its limits.
  public struct Ratio: Sendable, Equatable {
    /// The ratio.
    public let estimate: Double
    /// The lower limit, if there is one.
    public internal(set) var low: Double?
    /// The upper limit, if there is one.
    public internal(set) var high: Double?

    /// Replaces the limits by the exponentials of an interval.
    mutating func setLimits(logarithms: CoefficientInterval) {
      low = logarithms.low.map { Double.exp($0) }
      high = logarithms.high.map { Double.exp($0) }
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
  /// Its standard error.
  public internal(set) var standardError: Double?
  /// Its interval.
  public internal(set) var limits = CoefficientInterval(low: nil, high: nil)
  /// The kind of interval.
  public internal(set) var interval: String?
  /// The ratio of the rates (items only).
  public internal(set) var riskRatio: Ratio?
  /// The ratio of the odds (items only).
  public internal(set) var oddsRatio: Ratio?
  /// The comparison within strata (items only, when strata were given).
  public internal(set) var stratified: StratifiedComparison?
  /// The comparison of scores within strata (scores only, when strata were given).
  public internal(set) var stratifiedScores: StratifiedScores?
  /// Welch's comparison (scores only).
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
  /// Why something is missing.
  public internal(set) var note: String?

  init(target: RateTarget, contrast: GroupContrast) {
    self.target = target
    self.contrast = contrast
  }

  /// Replaces interval and standard error by those of a bootstrap of a ``DifferenceStatistic``.
  public mutating func replaceInterval(
    _ sample: BootstrapSample, quantity: Int, method: BootstrapInterval, level: Double,
    name: String
  ) {
    guard estimate != nil else { return }
    interval = name
    sample.replace(&standardError, &limits, &note, of: quantity, by: method, level: level)
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
      low: difference.estimate - distance, high: difference.estimate + distance)
  }

  /// Adds a remark.
  mutating func remark(_ text: String) { note = note.map { "\($0); \(text)" } ?? text }

  /// Replaces interval and test by those of the difference as a least-squares slope on the group
  /// with CR2 errors, and takes away the limits that assume independent papers.
  mutating func setClustered(
    _ papers: [(isFirst: Bool, value: Double, cluster: String?)], level: Double
  ) {
    let line = LinearSlope(
      papers.map { $0.isFirst ? 1 : 0 }, papers.map(\.value), type: .cr2,
      clusters: papers.map(\.cluster))
    standardError = line?.standardError
    limits = line?.interval(level: level) ?? CoefficientInterval(low: nil, high: nil)
    interval = "CR2"
    test = "CR2 t"
    statistic = line.flatMap { line in line.standardError.map { line.estimate / $0 } }
    pValue = line?.pValue
    dropIndependentLimits()
    rankPValue = nil
    if estimate != nil, line?.standardError == nil { remark("too few clusters") }
  }

  /// Takes away limits that assume independent papers and normal errors.
  private mutating func dropIndependentLimits() {
    let none = CoefficientInterval(low: nil, high: nil)
    riskRatio?.setLimits(logarithms: none)
    oddsRatio?.setLimits(logarithms: none)
    (cohensDLimits, cliffsDeltaLimits, shiftLimits) = (none, none, none)
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
    let found = [quantity, quantity + 1].map {
      sample.coefficientInterval(of: $0, by: method, level: level)
    }
    dropIndependentLimits()
    if target.level == .item {
      riskRatio?.setLimits(logarithms: found[0].limits)
      oddsRatio?.setLimits(logarithms: found[1].limits)
      if riskRatio != nil || oddsRatio != nil { remarkFailures(found.map(\.failure)) }
    } else if welch != nil {
      cohensDLimits = found[0].limits
      cliffsDeltaLimits = found[1].limits
      remarkFailures(found.map(\.failure))
    }
  }

  private mutating func remarkFailures(_ failures: [String?]) {
    for failure in Set(failures.compactMap { $0 }).sorted()
    where !(note ?? "").contains(failure) {
      remark(failure)
    }
  }
}
