/// Bootstrap intervals of the eigenvalues, proportions and loadings of principal components.
///
/// Bootstrapped eigenvalues are spread too far: the large ones lie above those of the sample, so that
/// their quantiles can miss the estimate. Limits of eigenvalues and cumulative proportions are
/// therefore the estimate and normal quantiles of the bootstrap standard error; those of loadings
/// are percentiles of the aligned replicates. A quantity has no limits where more than one in twenty
/// of its replicates are undefined or all are equal.
///
/// References: Beran and Srivastava (1985), Annals of Statistics 13:95; Milan and Whittaker (1995),
/// Applied Statistics 44:31, for the alignment of loadings.
public struct ComponentIntervals: Sendable {
  /// The limits of one interval.
  public typealias Limits = PairwiseAssociations.Limits

  /// The limits of each eigenvalue; over the number of items those of its proportion.
  public let eigenvalues: [Limits?]
  /// The limits of the cumulative proportions.
  public let cumulativeProportions: [Limits?]
  /// The limits of the loadings, component by component, items in order within each.
  public let loadings: [Limits?]

  /// Whether no quantity has limits, as when pairs are undefined in most replicates.
  public var areAllUndefined: Bool {
    (eigenvalues + cumulativeProportions + loadings).allSatisfy { $0 == nil }
  }

  /// Takes the limits from a bootstrap sample of the statistic.
  public init<Pairs>(
    _ sample: BootstrapSample, of statistic: PrincipalComponentStatistic<Pairs>, level: Double
  ) {
    let z = Normal().quantile((1 + level) / 2)
    func normal(_ index: Int) -> Limits? {
      let estimate = sample.original[index]
      guard estimate.isFinite,
        (try? DefinedReplicates(sample.values(of: index), near: estimate)) != nil,
        let error = sample.standardError(of: index)
      else { return nil }
      return (estimate - z * error, estimate + z * error)
    }
    let items = statistic.itemCount
    eigenvalues = (0..<items).map { normal($0) }
    cumulativeProportions = (0..<items).map { normal(statistic.index(ofCumulative: $0)) }
    loadings = (2 * items..<statistic.valueCount).map { index in
      sample.limits(of: index, by: .percentile, level: level)
    }
  }
}

extension BootstrapSample {
  /// The limits of one quantity; `nil` where the replicates allow none.
  func limits(
    of quantity: Int, by method: BootstrapInterval, level: Double
  ) -> PairwiseAssociations.Limits? {
    guard
      let limits = try? method.limits(
        estimate: original[quantity], replicates: values(of: quantity), level: level)
    else { return nil }
    return (limits.lower, limits.upper)
  }
}
