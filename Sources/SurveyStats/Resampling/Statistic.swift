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
  /// The estimates when every unit counts once.
  func original() -> [Double]
  /// The estimates with each unit left out in turn: one row a unit, one column a quantity.
  func jackknife() -> DenseMatrix
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

  /// The estimates with each unit left out in turn, NaN where undefined.
  ///
  /// Reference: Efron (1982), *The Jackknife, the Bootstrap and Other Resampling Plans*. Cost: one
  /// estimate for each unit; a statistic that knows a shorter way has its own version.
  public func jackknife() -> DenseMatrix {
    var result = DenseMatrix(rows: unitCount, columns: valueCount)
    var weights = [Double](repeating: 1, count: unitCount)
    var values = [Double](repeating: .nan, count: valueCount)
    for unit in 0..<unitCount {
      weights[unit] = 0
      var span = values.mutableSpan
      estimate(weights: weights.span, into: &span)
      weights[unit] = 1
      for value in 0..<valueCount { result[unit, value] = values[value] }
    }
    return result
  }
}
