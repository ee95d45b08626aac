/// The slopes of trends as a function of unit weights, for the bootstrap.
///
/// Two values a trend: its change over the span and its log odds ratio; NaN where one is undefined, as in
/// trends without an estimate. Fits start from the estimates of the full sample. Papers are counted in cells
/// of item, answer and value of the covariate, which trends share. Cost of a replicate: O(answers), and a
/// few iterations a trend over the distinct values of the covariate.
public struct TrendStatistic: EntryStatistic {
  /// The number of values of each trend.
  public static let valuesPerTrend = 2

  private let refits: [TrendRefit.Prepared?]
  let entries: UnitEntries

  /// Creates the statistic of trends, whose own weights multiply those of units.
  ///
  /// The trends are those of a ``TrendEstimator`` that keeps refits.
  public init(_ trends: [Trend], design: SamplingDesign) {
    precondition(
      trends.allSatisfy { $0.change.value == nil || $0.refit != nil },
      "a bootstrap of trends needs an estimator that keeps refits")
    var builder = UnitEntries.Builder(design)
    refits = trends.map { $0.refit?.prepared(&builder) }
    entries = builder.finished()
  }

  /// The number of resampling units.
  public var unitCount: Int { entries.unitCount }
  /// The number of values.
  public var valueCount: Int { refits.count * Self.valuesPerTrend }

  /// Estimates all slopes under the given unit weights.
  public func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    let sums = entries.sums(weights: weights)
    estimate(sums: sums.span, into: &values)
  }

  /// Estimates all slopes from the weighted numbers of papers in the cells.
  func estimate(sums: Span<Double>, into values: inout MutableSpan<Double>) {
    for (index, refit) in refits.enumerated() {
      let (change, logOdds) = refit?.values(sums) ?? (.nan, .nan)
      values[index * Self.valuesPerTrend] = change
      values[index * Self.valuesPerTrend + 1] = logOdds
    }
  }
}
