/// Bootstrap intervals of alpha and standardised alpha.
public struct AlphaIntervals: Sendable {
  /// What the interval is called in tables, such as `percentile`.
  public let name: String
  /// The interval of alpha.
  public let alpha: IntervalOutcome
  /// The interval of standardised alpha.
  public let standardizedAlpha: IntervalOutcome

  /// Takes the intervals from a bootstrap sample of ``AlphaStatistic`` or ``OrdinalAlphaStatistic``.
  ///
  /// Ordinal alpha is one value, that of correlations, and so both alphas.
  ///
  /// - Parameters:
  ///   - sample: The sample.
  ///   - method: The method.
  ///   - name: What it is called.
  ///   - level: The confidence level.
  ///   - doubt: A doubt about both, such as few clusters.
  public init(
    _ sample: BootstrapSample, method: BootstrapInterval, name: String, level: Double,
    doubt: String? = nil
  ) {
    self.name = name
    alpha = sample.interval(of: 0, by: method, level: level).noted(doubt)
    standardizedAlpha = sample.interval(
      of: sample.original.count - 1, by: method, level: level
    ).noted(doubt)
  }
}
