/// Bootstrap intervals of alpha and standardised alpha.
public struct AlphaIntervals: Sendable {
  /// The limits of one interval.
  public typealias Limits = PairwiseAssociations.Limits

  /// What the interval is called in tables, such as `percentile`.
  public let name: String
  /// The limits of alpha; `nil` where the replicates allow none.
  public let alpha: Limits?
  /// The limits of standardised alpha.
  public let standardizedAlpha: Limits?

  /// Takes the limits from a bootstrap sample of ``AlphaStatistic`` or ``OrdinalAlphaStatistic``.
  ///
  /// Ordinal alpha is one value, that of correlations, and so both alphas.
  public init(_ sample: BootstrapSample, method: BootstrapInterval, name: String, level: Double) {
    self.name = name
    alpha = sample.limits(of: 0, by: method, level: level)
    standardizedAlpha = sample.limits(of: sample.original.count - 1, by: method, level: level)
  }
}
