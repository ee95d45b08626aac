import RealModule

extension TwoProportions {
  /// Miettinen and Nurminen's score interval of the difference of two proportions.
  ///
  /// It holds the differences d for which (p₁ − p₂ − d)² ≤ z² v(d), v(d) being the variance at the
  /// maximum-likelihood proportions that differ by d, times n/(n − 1). The constrained maximum is
  /// the middle root of a cubic, in closed form; the limits are found by bisection to rounding.
  /// Limits are -1 and 1 where the difference is so itself; without papers there is no interval.
  ///
  /// Reference: Miettinen & Nurminen (1985), Statistics in Medicine 4:213; cubic as in Farrington &
  /// Manning (1990), Statistics in Medicine 9:1447.
  public func miettinenNurminenInterval(level: Double = 0.95) -> CoefficientInterval {
    guard let difference else { return CoefficientInterval(low: nil, high: nil) }
    let distance = Normal().upperQuantile((1 - level) / 2)
    return CoefficientInterval(
      low: limit(from: difference, toward: -1, distance: distance),
      high: limit(from: difference, toward: 1, distance: distance))
  }

  private func limit(from difference: Double, toward end: Double, distance: Double) -> Double {
    var inside = difference
    var outside = end
    for _ in 0..<200 {
      let middle = (inside + outside) / 2
      guard middle != inside, middle != outside else { break }
      let gap = difference - middle
      if gap * gap <= distance * distance * variance(at: middle) {
        inside = middle
      } else {
        outside = middle
      }
    }
    return inside
  }

  /// The variance of the difference under the constraint p₁ − p₂ = d.
  private func variance(at d: Double) -> Double {
    let (n1, n2) = (Double(firstCount), Double(secondCount))
    let (x1, x2) = (Double(firstYes), Double(secondYes))
    let n = n1 + n2
    let l2 = (n1 + 2 * n2) * d - n - x1 - x2
    let l1 = (n2 * d - n - 2 * x2) * d + x1 + x2
    let l0 = x2 * d * (1 - d)
    let q =
      l2 * l2 * l2 / (27 * n * n * n) - l1 * l2 / (6 * n * n) + l0 / (2 * n)
    let square = l2 * l2 / (9 * n * n) - l1 / (3 * n)
    let p = (q < 0 ? -1.0 : 1) * max(0, square).squareRoot()
    let cosine = p == 0 ? 0 : max(-1, min(1, q / (p * p * p)))
    let angle = (Double.pi + Double.acos(cosine)) / 3
    let second = min(max(2 * p * Double.cos(angle) - l2 / (3 * n), max(0, -d)), min(1, 1 - d))
    let first = min(max(second + d, 0), 1)
    return (first * (1 - first) / n1 + second * (1 - second) / n2) * n / (n - 1)
  }
}
