extension Statistic {
  /// The estimates with each unit left out in turn: one row a unit, one column a quantity, NaN where
  /// undefined.
  ///
  /// Reference: Efron (1982), *The Jackknife, the Bootstrap and Other Resampling Plans*. Cost: one
  /// estimate for each unit.
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
