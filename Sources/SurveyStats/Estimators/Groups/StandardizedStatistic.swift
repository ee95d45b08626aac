/// Standardised differences as a function of unit weights, for the bootstrap.
///
/// The mix of strata, or the model of the groups, is estimated again in each replicate; strata that
/// a group lacks in a replicate are left out there. A difference without an estimate is NaN. Cost of
/// a replicate: O(papers) a difference, with weighting a few iterations of the model.
public struct StandardizedStatistic: EntryStatistic {
  private let refits: [(refit: StandardizedRefit, firstColumn: Int)?]
  let entries: UnitEntries

  /// Creates the statistic of differences; weights of the design multiply those of units.
  public init(_ differences: [StandardizedDifference], design: SamplingDesign) {
    var builder = UnitEntries.Builder(design)
    refits = differences.map { difference in
      difference.refit.map { ($0, $0.addColumns(to: &builder, weights: design.weights)) }
    }
    entries = builder.finished()
  }

  /// The number of resampling units.
  public var unitCount: Int { entries.unitCount }
  /// The number of differences.
  public var valueCount: Int { refits.count }

  /// Estimates all differences under the given unit weights.
  public func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    let sums = entries.sums(weights: weights)
    estimate(sums: sums.span, into: &values)
  }

  /// Estimates all differences from the sums over strata.
  func estimate(sums: Span<Double>, into values: inout MutableSpan<Double>) {
    for (index, own) in refits.enumerated() {
      let means = own.flatMap { $0.refit.means(sums, from: $0.firstColumn) }
      values[index] = means.map { $0.first - $0.second } ?? .nan
    }
  }
}
