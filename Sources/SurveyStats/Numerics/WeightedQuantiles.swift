/// Quantiles of type 7 of a sample in which value i stands wᵢ times, found in one ascending pass.
///
/// With integer weights the result is that of the written-out sample: for probability p the
/// position is `h = p (W − 1)` among the values numbered from 0, interpolated linearly between the
/// two neighbours (Hyndman & Fan 1996, definition 7). Real weights use the same positions on the
/// cumulative weight.
public struct WeightedQuantiles: Sendable {
  private var positions: [Double]
  private var lower: [Double?]
  private var upper: [Double?]
  private var cumulative = 0.0
  private var largest = Double.nan

  /// Prepares quantiles for a sample of the given total weight.
  public init(total: Double, probabilities: [Double]) {
    positions = probabilities.map { max($0 * (total - 1), 0) }
    lower = Array(repeating: nil, count: probabilities.count)
    upper = lower
  }

  /// Takes the next value, not smaller than the one before, with a positive weight.
  public mutating func add(_ value: Double, weight: Double) {
    cumulative += weight
    largest = value
    for index in positions.indices where upper[index] == nil {
      let below = positions[index].rounded(.down)
      if lower[index] == nil, cumulative > below { lower[index] = value }
      if cumulative > below + 1 { upper[index] = value }
    }
  }

  /// The quantiles, once all values were taken; NaN when there were none.
  public var values: [Double] {
    positions.indices.map { index in
      let start = lower[index] ?? largest
      let fraction = positions[index] - positions[index].rounded(.down)
      return fraction == 0 ? start : start + fraction * ((upper[index] ?? largest) - start)
    }
  }
}
