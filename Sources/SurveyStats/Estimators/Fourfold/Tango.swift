import RealModule

extension PairedProportions {
  /// Tango's statistic of a difference d of the two shares; McNemar's where d is zero.
  ///
  ///     T(d) = (b − c − n d) / √(n (2 q̃ + d (1 − d)))
  ///
  /// q̃ being the probability of yes to the second item only that is most likely with that d.
  func tangoStatistic(_ d: Double) -> Double {
    let (b, c, n) = (Double(firstOnly), Double(secondOnly), Double(count))
    let (quadratic, linear, constant) = (2 * n, -b - c + (2 * n - b + c) * d, -c * d * (1 - d))
    let root = max(0, linear * linear - 4 * quadratic * constant).squareRoot()
    let q = linear <= 0 ? (root - linear) / (2 * quadratic) : -2 * constant / (linear + root)
    let gap = b - c - n * d
    guard abs(gap) > 1e-12 else { return 0 }
    let variance = n * (2 * q + d * (1 - d))
    return variance > 0 ? gap / variance.squareRoot() : gap > 0 ? .infinity : -.infinity
  }

  /// Tango's score interval of the paired difference: the differences d with |T(d)| ≤ z.
  ///
  /// It leaves out zero just when McNemar's test without continuity correction rejects.
  ///
  /// Reference: Tango (1998), *Statistics in Medicine* 17:891, equations 11 to 16.
  public func tangoInterval(level: Double = 0.95) -> Estimate {
    guard let difference else { return Estimate(nil) }
    let quantile = Normal().upperQuantile((1 - level) / 2)
    func limit(toward end: Double) -> Double {
      var (inside, outside) = (difference, end)
      for _ in 0..<200 {
        let middle = (inside + outside) / 2
        guard middle != inside, middle != outside else { break }
        if abs(tangoStatistic(middle)) <= quantile { inside = middle } else { outside = middle }
      }
      return inside
    }
    return Estimate(
      difference, lower: limit(toward: -1), upper: limit(toward: 1), level: level)
  }

  /// The p-value of McNemar's test without continuity correction; 1 when the items never differ.
  public var mcNemarPValue: Double {
    mcNemarStatistic.map { ChiSquared(degreesOfFreedom: 1).survival($0) } ?? 1
  }
}
