/// Standardised differences as a function of unit weights, for the bootstrap.
///
/// The mix of strata, or the model of the groups, is estimated again in each replicate; strata that
/// a group lacks in a replicate are left out there. A difference without an estimate is NaN. Cost of
/// a replicate: O(papers) a difference, with weighting a few iterations of the model.
public struct StandardizedStatistic: Statistic {
  private let refits: [StandardizedRefit?]
  private let design: SamplingDesign

  /// Creates the statistic of differences; weights of the design multiply those of units.
  public init(_ differences: [StandardizedDifference], design: SamplingDesign) {
    refits = differences.map(\.refit)
    self.design = design
  }

  /// The number of resampling units.
  public var unitCount: Int { design.unitCount }
  /// The number of differences.
  public var valueCount: Int { refits.count }

  /// Estimates all differences under the given unit weights.
  public func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    for (index, refit) in refits.enumerated() {
      let means = refit?.means {
        weights[design.unitOfPaper[$0]] * (design.weights?[$0] ?? 1)
      }
      values[index] = means.map { $0.first - $0.second } ?? .nan
    }
  }
}
