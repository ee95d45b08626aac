extension Statistic {
  /// The acceleration of every quantity from the values with each unit left out in turn, units within
  /// strata; `nil` where a value never changes.
  ///
  /// As ``BootstrapInterval/acceleration(jackknife:stratumSizes:)``, without keeping the values: sums of
  /// powers of the changes from the whole sample. Undefined values take no part. Cost: one estimate a unit,
  /// divided among tasks.
  func accelerations(stratumSizes: [Int], jobs: Int) async throws -> [Double?] {
    let whole = original()
    var centred = [[Double]](repeating: [0, 0, 0], count: valueCount)
    var first = 0
    for size in stratumSizes {
      let step = max(1, (size + 4 * jobs - 1) / (4 * jobs))
      let parts = stride(from: first, to: first + size, by: step).map { start in
        start..<min(start + step, first + size)
      }
      first += size
      let sums = try await concurrentMap(parts, jobs: jobs) { units in
        try Task.checkCancellation()
        return powerSums(leavingOut: units, whole: whole)
      }
      for value in 0..<valueCount {
        // Numbers, sums, squares and cubes of the changes.
        var total = [0.0, 0, 0, 0]
        for part in sums { for power in 0..<4 { total[power] += part[4 * value + power] } }
        guard total[0] > 0 else { continue }
        let mean = total[1] / total[0]
        centred[value][1] += total[2] - mean * total[1]
        centred[value][2] +=
          total[3] - 3 * mean * total[2] + 2 * mean * mean * total[1]
        centred[value][0] += total[2]
      }
    }
    return centred.map { sums in
      guard sums[1] > 1e-14 * sums[0], sums[1] > 0 else { return nil }
      let acceleration = sums[2] / (6 * sums[1] * sums[1].squareRoot())
      return acceleration.isFinite ? acceleration : nil
    }
  }

  private func powerSums(leavingOut units: Range<Int>, whole: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: 4 * valueCount)
    var weights = [Double](repeating: 1, count: unitCount)
    var values = [Double](repeating: .nan, count: valueCount)
    for unit in units {
      weights[unit] = 0
      var span = values.mutableSpan
      estimate(weights: weights.span, into: &span)
      weights[unit] = 1
      for value in 0..<valueCount {
        let change = whole[value] - values[value]
        guard change.isFinite else { continue }
        sums[4 * value] += 1
        sums[4 * value + 1] += change
        sums[4 * value + 2] += change * change
        sums[4 * value + 3] += change * change * change
      }
    }
    return sums
  }
}
