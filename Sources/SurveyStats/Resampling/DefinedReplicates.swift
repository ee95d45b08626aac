import CKernels

/// The replicates of a statistic that are defined, known to be enough and not all equal.
struct DefinedReplicates {
  /// The defined replicates.
  let values: [Double]
  /// Their order statistics.
  let order: OrderStatistics
  /// The number of replicates that were left out.
  let undefined: Int

  /// Leaves out the replicates that are not finite.
  ///
  /// - Parameters:
  ///   - replicates: The replicates; NaN or infinite where undefined.
  ///   - near: The estimate, which sets the tolerance of equality.
  init(_ replicates: [Double], near estimate: Double) throws(IntervalFailure) {
    var extent = unsafe replicates.withUnsafeBufferPointer { unsafe Extent($0) }
    undefined = extent.undefined
    let share = Double(undefined) / Double(max(1, replicates.count))
    guard share <= BootstrapInterval.greatestUndefinedShare else {
      throw .tooManyUndefinedReplicates(share: share)
    }
    values = undefined == 0 ? replicates : replicates.filter(\.isFinite)
    guard values.count >= 2 else { throw .tooFewReplicates }
    guard extent.maximum - extent.minimum > Self.tolerance(near: estimate) else {
      throw .allReplicatesEqual
    }
    extent.undefined = 0
    order = OrderStatistics(values, extent: extent)
  }

  /// The distance within which two values of a statistic count as equal.
  static func tolerance(near estimate: Double) -> Double { 1e-10 * max(1, abs(estimate)) }

  /// The limits at two quantiles that are mapped by a function with slope 1 or -1.
  func limits(
    _ quantiles: [InterpolatedOrderStatistic], _ map: (Double) -> Double
  ) -> BootstrapLimits {
    BootstrapLimits(
      lower: map(quantiles[0].value), upper: map(quantiles[1].value), replicates: values.count,
      undefinedReplicates: undefined, usesExtremeReplicates: quantiles.contains(where: \.isExtreme),
      lowerMonteCarloError: quantiles[0].monteCarloError,
      upperMonteCarloError: quantiles[1].monteCarloError)
  }

  /// How many replicates are below a value, and how many are within a distance of it.
  func compare(with value: Double, within distance: Double) -> (below: Int, equal: Int) {
    var counts: [UInt64] = [0, 0]
    unsafe ck_value_counts(
      KernelPath.best.rawValue, values, values.count, value - distance, value + distance, &counts)
    return (Int(counts[0]), Int(counts[1] - counts[0]))
  }

  /// The mean and the variance (divisor B - 1), in two passes.
  func moments() -> (mean: Double, variance: Double) {
    let count = Double(values.count)
    let mean = sum { $0 } / count
    let centre = SIMD8(repeating: mean)
    let squares = sum { ($0 - centre) * ($0 - centre) }
    return (mean, squares / (count - 1))
  }

  /// The sum of a function of the replicates, in eight running sums.
  @inline(__always)
  private func sum(of function: (SIMD8<Double>) -> SIMD8<Double>) -> Double {
    unsafe values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return 0 }
      var sums = SIMD8<Double>.zero
      var index = 0
      while index + 8 <= values.count {
        unsafe sums += function(
          UnsafeRawPointer(base + index).loadUnaligned(as: SIMD8<Double>.self))
        index &+= 8
      }
      var total = sums.sum()
      for place in index..<values.count {
        total += unsafe function(SIMD8(repeating: values[place]))[0]
      }
      return total
    }
  }
}
