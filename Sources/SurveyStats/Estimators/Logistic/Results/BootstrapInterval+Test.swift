import RealModule

extension BootstrapInterval {
  /// The p-value of the quantity being zero that goes with the interval: the smallest α at which the
  /// interval with level 1 − α leaves out zero.
  ///
  /// So the p-value lies below α exactly where that interval leaves out zero. Quantiles say nothing
  /// beyond the outermost replicates: the p-value of B of them is at least 2/(B + 1). `nil` where the
  /// replicates allow no interval.
  ///
  /// Reference: Davison & Hinkley (1997), section 4.4 and equation 5.8.
  func pValue(estimate: Double, replicates: [Double]) -> Double? {
    func leavesOutZero(_ alpha: Double) throws(IntervalFailure) -> Bool {
      let found = try limits(estimate: estimate, replicates: replicates, level: 1 - alpha)
      return found.lower > 0 || found.upper < 0
    }
    do throws(IntervalFailure) {
      if self == .normal {
        let found = try limits(estimate: estimate, replicates: replicates, level: 0.5)
        let error = (found.upper - found.lower) / 2 / Normal().upperQuantile(0.25)
        guard error > 0 else { return nil }
        return 2 * Normal().survival(abs(found.upper + found.lower) / 2 / error)
      }
      var low = 2 / Double(replicates.count(where: \.isFinite) + 1)
      var high = 1 - 1e-9
      if try leavesOutZero(low) { return low }
      if try !leavesOutZero(high) { return 1 }
      for _ in 0..<40 where high - low > 1e-9 * high {
        let middle = (low + high) / 2
        if try leavesOutZero(middle) { high = middle } else { low = middle }
      }
      return high
    } catch { return nil }
  }
}
