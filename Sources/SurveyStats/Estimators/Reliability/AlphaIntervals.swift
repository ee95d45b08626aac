/// Bootstrap intervals of alpha and standardised alpha.
public struct AlphaIntervals: Sendable {
  /// What the interval is called in tables, such as `percentile`.
  public let name: String
  /// Alpha with its limits.
  public let alpha: Estimate
  /// Standardised alpha with its limits.
  let standardizedAlpha: Estimate

  /// Takes the intervals from a bootstrap sample of ``AlphaStatistic`` or ``OrdinalAlphaStatistic``.
  ///
  /// Ordinal alpha is one value, that of correlations, and so both alphas.
  ///
  /// - Parameters:
  ///   - sample: The sample.
  ///   - method: The method.
  ///   - name: What it is called.
  ///   - level: The confidence level.
  ///   - doubts: What is doubtful about both, such as few clusters.
  public init(
    _ sample: BootstrapSample, method: BootstrapInterval, name: String, level: Double,
    doubts: [Note] = []
  ) {
    self.name = name
    alpha = sample.estimate(of: 0, by: method, level: level, doubts: doubts)
    standardizedAlpha = sample.estimate(
      of: sample.original.count - 1, by: method, level: level, doubts: doubts)
  }
}
