/// A vector of quantities estimated from units that may count more than once, or not at all.
///
/// "Unit u counts w times" is the one form that serves the bootstrap (multinomial counts), strata
/// and clusters (constrained counts), the jackknife (a zero), the Bayesian bootstrap (gamma weights)
/// and sampling weights. A value that is undefined under the weights is NaN inside the resampling
/// core, and only there.
public protocol Statistic: Sendable {
  /// The number of units whose weights the statistic takes.
  var unitCount: Int { get }
  /// The number of quantities estimated.
  var valueCount: Int { get }
  /// Estimates all quantities under the given unit weights.
  func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>)
}

/// A statistic that needs no more than weighted sums over units.
///
/// Rates, means, moments and pair counts are of this kind. The engine forms the sums of all columns
/// for many replicates at once and never shows the statistic any weights.
public protocol SummedStatistic: Statistic {
  /// Zero-or-one columns, one row a unit.
  var bitColumns: BitColumns { get }
  /// The number of real-valued columns.
  var valueColumnCount: Int { get }
  /// The real-valued columns of a range of units, one row a unit.
  func valueColumns(units: Range<Int>) -> DenseMatrix
  /// Estimates all quantities from the weighted sums: those of the bit columns, then those of the
  /// value columns.
  func estimate(sums: Span<Double>, into values: inout MutableSpan<Double>)
}

extension SummedStatistic {
  /// The number of units.
  public var unitCount: Int { bitColumns.rowCount }

  /// Estimates by adding up the columns under the weights.
  public func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    var sums = [Double](repeating: 0, count: bitColumns.columnCount + valueColumnCount)
    for column in 0..<bitColumns.columnCount {
      for unit in 0..<unitCount where bitColumns[unit, column] { sums[column] += weights[unit] }
    }
    let columns = valueColumns(units: 0..<unitCount)
    for column in 0..<valueColumnCount {
      var total = 0.0
      for unit in 0..<unitCount { total += weights[unit] * columns[unit, column] }
      sums[bitColumns.columnCount + column] = total
    }
    estimate(sums: sums.span, into: &values)
  }
}

extension Statistic {
  /// The estimates when every unit counts once.
  public func original() -> [Double] {
    let ones = [Double](repeating: 1, count: unitCount)
    var values = [Double](repeating: .nan, count: valueCount)
    var span = values.mutableSpan
    estimate(weights: ones.span, into: &span)
    return values
  }
}
