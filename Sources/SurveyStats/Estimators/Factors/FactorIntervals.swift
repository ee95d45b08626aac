/// Bootstrap intervals of the loadings, communalities and correlations of factors.
///
/// Limits are quantiles of replicates that were aligned with the sample; see ``FactorStatistic``. A
/// quantity has none where more than one in twenty of its replicates are undefined or all are equal.
public struct FactorIntervals: Sendable {
  /// The limits of one interval.
  public typealias Limits = PairwiseAssociations.Limits

  /// The limits of the pattern loadings, factor by factor, items in order within each.
  public let loadings: [Limits?]
  /// The limits of the communalities.
  public let communalities: [Limits?]
  /// The limits of the correlations of factors, in the order (1, 2), (1, 3), (2, 3), (1, 4) and so on.
  public let correlations: [Limits?]

  /// Whether no quantity has limits, as when pairs are undefined in most replicates.
  public var areAllUndefined: Bool {
    (loadings + communalities + correlations).allSatisfy { $0 == nil }
  }

  /// Takes the limits from a bootstrap sample of the statistic.
  public init<Pairs>(
    _ sample: BootstrapSample, of statistic: FactorStatistic<Pairs>,
    method: BootstrapInterval = .percentile, level: Double
  ) {
    let items = statistic.solution.correlations.count
    let limits = (0..<statistic.valueCount).map { index in
      sample.limits(of: index, by: method, level: level)
    }
    let communality = statistic.index(ofCommunality: 0)
    loadings = Array(limits[..<communality])
    communalities = Array(limits[communality..<communality + items])
    correlations = Array(limits[(communality + items)...])
  }
}
