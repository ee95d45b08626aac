import RealModule

/// A quantile between two order statistics, interpolated on the normal scale.
public struct InterpolatedOrderStatistic: Sendable, Equatable {
  /// The quantile.
  public var value: Double
  /// Whether the probability asks for the smallest or largest value, or for one beyond.
  public var isExtreme: Bool
  /// The standard error of the quantile for want of more values.
  ///
  /// It is `√(p(1 - p)/B) / f`, with the density `f` read off the order statistics one binomial
  /// standard deviation below and above. It is zero where these are tied.
  public var monteCarloError: Double
}

extension OrderStatistics {
  /// The quantiles at `(B + 1) p`, interpolated on the scale of normal quantiles.
  ///
  /// Davison and Hinkley (1997), equation 5.8, which is the rule of R's `boot`: with `k` the whole
  /// part of `(B + 1) p`, the value is
  /// `t(k) + (z(p) - z(k/(B + 1))) / (z((k + 1)/(B + 1)) - z(k/(B + 1))) (t(k + 1) - t(k))`; the
  /// smallest value where `k` is 0 and the largest where `k` is at least `B`. A position within
  /// 1e-10 of a whole number is taken as whole, because `(B + 1) p` is rounded.
  public func interpolated(at probabilities: [Double]) -> [InterpolatedOrderStatistic] {
    let positions = probabilities.map { NormalScalePosition(probability: $0, count: count) }
    let found = values(atRanks: positions.flatMap(\.ranks))
    return positions.indices.map { index in
      let position = positions[index]
      let values = found[4 * index..<4 * index + 4].map { $0 }
      let low = values[0]
      let spread = values[3] - values[2]
      let steps = Double(max(1, position.ranks[3] - position.ranks[2]))
      return InterpolatedOrderStatistic(
        value: position.weight == 0 ? low : low + position.weight * (values[1] - low),
        isExtreme: position.isExtreme,
        monteCarloError: spread / steps * position.standardDeviation)
    }
  }
}

/// Where a quantile lies between order statistics.
private struct NormalScalePosition {
  /// The two ranks to interpolate between, and the two that tell the density.
  var ranks: [Int]
  /// The share of the second rank.
  var weight: Double
  var isExtreme: Bool
  /// The standard deviation of the number of values below the quantile.
  var standardDeviation: Double

  init(probability: Double, count: Int) {
    precondition(probability >= 0 && probability <= 1, "not a probability")
    let size = Double(count + 1)
    var position = size * probability
    let whole = position.rounded()
    if abs(position - whole) < 1e-10 { position = whole }
    isExtreme = !(position > 1 && position < Double(count))
    standardDeviation = (Double(count) * probability * (1 - probability)).squareRoot()
    let rank = min(max(Int(position), 1), count)
    let next = min(rank + 1, count)
    let below = max(1, Int((position - standardDeviation).rounded(.down)))
    let above = min(count, Int((position + standardDeviation).rounded(.up)))
    ranks = [rank, next, min(below, count), max(above, 1)]
    if position == whole || position < 1 || position >= Double(count) {
      weight = 0
    } else {
      let normal = Normal()
      let start = normal.quantile(Double(rank) / size)
      weight =
        (normal.quantile(probability) - start)
        / (normal.quantile(Double(next) / size) - start)
    }
  }
}
