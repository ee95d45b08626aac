/// Bootstrap intervals of the loadings, communalities and correlations of factors.
///
/// Limits of loadings and communalities are of the method asked for, from replicates that were
/// aligned with the sample; see ``FactorStatistic``. Correlations of factors are smaller in
/// replicates than in the sample, whose simple structure resampling blurs, so that their quantiles
/// can miss the estimate: their limits are the estimate and normal quantiles of the bootstrap
/// standard error, on the scale `atanh r`. A quantity has none where more than one in twenty of its
/// replicates are undefined or all are equal; its note says so.
public struct FactorIntervals: Sendable {
  /// The pattern loadings with their limits, factor by factor, items in order within each.
  public let loadings: [Estimate]
  /// The communalities with their limits.
  public let communalities: [Estimate]
  /// The correlations of factors with their limits, in the order (1, 2), (1, 3), (2, 3), (1, 4) and
  /// so on.
  public let correlations: [Estimate]

  /// Whether no quantity has limits, as when pairs are undefined in most replicates.
  var areAllUndefined: Bool {
    (loadings + communalities + correlations).allSatisfy { $0.limits == nil }
  }

  /// Takes the intervals from a bootstrap sample of the statistic.
  ///
  /// - Parameters:
  ///   - sample: The sample.
  ///   - statistic: The statistic it is a sample of.
  ///   - method: The method for loadings and communalities.
  ///   - level: The confidence level.
  ///   - doubts: What is doubtful about all of them, such as few clusters.
  public init<Pairs>(
    _ sample: BootstrapSample, of statistic: FactorStatistic<Pairs>,
    method: BootstrapInterval = .percentile, level: Double, doubts: [Note] = []
  ) {
    let communality = statistic.index(ofCommunality: 0)
    let correlation = communality + statistic.solution.correlations.count
    func estimates(_ indices: Range<Int>) -> [Estimate] {
      indices.map { sample.estimate(of: $0, by: method, level: level, doubts: doubts) }
    }
    loadings = estimates(0..<communality)
    communalities = estimates(communality..<correlation)
    correlations = (correlation..<statistic.valueCount).map {
      sample.fisherEstimate(of: $0, level: level, doubts: doubts)
    }
  }
}
