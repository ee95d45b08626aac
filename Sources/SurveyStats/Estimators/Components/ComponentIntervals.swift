/// Bootstrap intervals of the eigenvalues, proportions and loadings of principal components.
///
/// Bootstrapped eigenvalues are spread too far: the large ones lie above those of the sample, so that
/// their quantiles can miss the estimate. Limits of eigenvalues and cumulative proportions are
/// therefore the estimate and normal quantiles of the bootstrap standard error; those of loadings
/// are of the method asked for, from the aligned replicates. A quantity has no limits where more
/// than one in twenty of its replicates are undefined or all are equal; its note says so.
///
/// Loadings are aligned as a whole: those of the first of two components may turn a little towards
/// the second, so that their intervals depend on how many components are asked for.
///
/// References: Beran and Srivastava (1985), Annals of Statistics 13:95; Milan and Whittaker (1995),
/// Applied Statistics 44:31, for the alignment of loadings.
public struct ComponentIntervals: Sendable {
  /// Each eigenvalue with its limits; over the number of items those of its proportion.
  public let eigenvalues: [Estimate]
  /// The cumulative proportions with their limits.
  let cumulativeProportions: [Estimate]
  /// The loadings with their limits, component by component, items in order within each.
  public let loadings: [Estimate]

  /// Whether no quantity has limits, as when pairs are undefined in most replicates.
  var areAllUndefined: Bool {
    (eigenvalues + cumulativeProportions + loadings).allSatisfy { $0.limits == nil }
  }

  /// Takes the intervals from a bootstrap sample of the statistic.
  ///
  /// - Parameters:
  ///   - sample: The sample.
  ///   - statistic: The statistic it is a sample of.
  ///   - method: The method for loadings.
  ///   - level: The confidence level.
  ///   - doubts: What is doubtful about all of them, such as few clusters.
  init<Pairs>(
    _ sample: BootstrapSample, of statistic: PrincipalComponentStatistic<Pairs>,
    method: BootstrapInterval = .percentile, level: Double, doubts: [Note] = []
  ) {
    let items = statistic.itemCount
    eigenvalues = (0..<items).map {
      sample.normalEstimate(of: $0, level: level, doubts: doubts)
    }
    cumulativeProportions = (0..<items).map {
      sample.normalEstimate(
        of: statistic.index(ofCumulative: $0), level: level, doubts: doubts)
    }
    loadings = (2 * items..<statistic.valueCount).map { index in
      sample.estimate(of: index, by: method, level: level, doubts: doubts)
    }
  }
}
