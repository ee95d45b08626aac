import RealModule

extension MannWhitneyTest {
  /// Newcombe's score limits of Cliff's delta: the values whose distance from the estimate is z standard
  /// errors there.
  ///
  /// Of the area A = (δ + 1)/2 of m values against n, with half their number H = (m + n)/2, the variance is
  ///
  ///     A(1 − A) (1 + (H − 1)(1 − A)/(2 − A) + (H − 1)A/(1 + A)) / (mn),
  ///
  /// which at A = ½ is Mann and Whitney's, (m + n + 1)/(12mn); it is cut as theirs where values are tied.
  /// The limits have a width where one sample lies wholly above the other, and stay within ∓1.
  ///
  /// Reference: Newcombe (2006), *Statistics in Medicine* 25:559, method 5.
  public func cliffsDeltaLimits(level: Double = 0.95) -> Estimate {
    let quantile = Normal().upperQuantile(ConfidenceLevel.tail(level))
    let (m, n) = (Double(sizes.first), Double(sizes.second))
    let area = (cliffsDelta + 1) / 2
    func deviate(_ a: Double) -> Double {
      let half = (m + n) / 2 - 1
      let variance =
        a * (1 - a) * (1 + half * (1 - a) / (2 - a) + half * a / (1 + a)) / (m * n) * tieFactor
      let gap = abs(area - a)
      return variance > 0 ? gap / variance.squareRoot() : gap > 0 ? .infinity : 0
    }
    func limit(toward end: Double) -> Double {
      var (inside, outside) = (area, end)
      for _ in 0..<200 {
        let middle = (inside + outside) / 2
        guard middle != inside, middle != outside else { break }
        if deviate(middle) <= quantile { inside = middle } else { outside = middle }
      }
      return 2 * inside - 1
    }
    return Estimate(
      cliffsDelta, standardError: cliffsDeltaError, lower: limit(toward: 0),
      upper: limit(toward: 1), level: level)
  }
}
