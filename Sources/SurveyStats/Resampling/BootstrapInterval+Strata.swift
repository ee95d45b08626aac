extension BootstrapInterval {
  /// The acceleration from the statistic without each unit in turn, units within strata; nil if
  /// the statistic never changes.
  ///
  /// The influence of a unit is the mean over its stratum of the values with a unit left out, less
  /// the value without the unit. A deleted unit's stratum is not made up to its size again, so that
  /// the influence needs no factor (n − 1)/n for a stratum of n units. Values that are undefined take
  /// no part. Reference: Davison & Hinkley (1997), *Bootstrap Methods and their Application*,
  /// section 5.3.2.
  public static func acceleration(jackknife values: [Double], stratumSizes: [Int]) -> Double? {
    precondition(stratumSizes.reduce(0, +) == values.count)
    var influence: [Double] = []
    influence.reserveCapacity(values.count)
    var first = 0
    for size in stratumSizes {
      let stratum = values[first..<first + size].filter { !$0.isNaN }
      let mean = stratum.reduce(0, +) / Double(max(1, stratum.count))
      influence += stratum.map { mean - $0 }
      first += size
    }
    return acceleration(influence: influence)
  }
}
