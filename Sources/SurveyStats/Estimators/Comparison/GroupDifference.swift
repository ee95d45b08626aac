import RealModule

/// One contrast of one target: a row of `compare`.
public struct GroupDifference: Sendable, Equatable {
  /// A ratio with its limits.
  public struct Ratio: Sendable, Equatable {
    /// The ratio.
    public let estimate: Double
    /// The lower limit.
    public let low: Double
    /// The upper limit.
    public let high: Double

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
  /// Welch's comparison (scores only).
  public internal(set) var welch: WelchTest?
  /// The interval of Cohen's d (scores only).
  public internal(set) var cohensDLimits = CoefficientInterval(low: nil, high: nil)
  /// The interval of Cliff's delta (scores only).
  public internal(set) var cliffsDeltaLimits = CoefficientInterval(low: nil, high: nil)
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
    standardError = sample.standardError(of: quantity)
    interval = name
    limits = CoefficientInterval(low: nil, high: nil)
    do throws(IntervalFailure) {
      let found = try method.limits(
        estimate: sample.original[quantity], replicates: sample.values(of: quantity), level: level)
      limits = CoefficientInterval(low: found.lower, high: found.upper)
    } catch {
      note = [note, error.description].compactMap { $0 }.joined(separator: "; ")
    }
  }

  /// Sets normal intervals of Cohen's d and Cliff's delta, the latter cut to [−1, 1].
  mutating func setEffectSizeLimits(level: Double) {
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

  /// Replaces the intervals of Cohen's d and Cliff's delta by those of a bootstrap of an
  /// ``EffectSizeStatistic``, whose values for this difference begin at `quantity`.
  public mutating func replaceEffectSizeIntervals(
    _ sample: BootstrapSample, quantity: Int, method: BootstrapInterval, level: Double
  ) {
    func limits(_ quantity: Int) -> CoefficientInterval {
      let found = try? method.limits(
        estimate: sample.original[quantity], replicates: sample.values(of: quantity), level: level)
      return CoefficientInterval(low: found?.lower, high: found?.upper)
    }
    guard welch != nil else { return }
    cohensDLimits = limits(quantity)
    cliffsDeltaLimits = limits(quantity + 1)
  }
}
