import RealModule

/// The equation `tail(v) = target` for a positive unknown `v` and a monotone tail probability.
///
/// Newton's method on the logarithms of both sides: a lower tail is close to a power of `v` and an
/// upper tail is concave, so that the method is safe from afar and quadratic close by. Every point
/// narrows a bracket; a step that leaves it is replaced by bisection.
struct TailEquation {
  /// The probability to reach, positive.
  var target: Double
  /// Whether the tail probability grows with the unknown.
  var isIncreasing: Bool
  /// The largest value that the unknown may have.
  var upperBound: Double

  /// The solution, accurate to the accuracy of the tail.
  ///
  /// - Parameters:
  ///   - guess: Where to start, positive and not above the bound.
  ///   - evaluate: The tail probability at `v`, and `v` times its derivative without the sign.
  func solve(
    from guess: Double, _ evaluate: (Double) -> (tail: Double, slope: Double)
  ) -> Double {
    var low = 0.0
    var high = upperBound
    var value = guess
    for _ in 0..<200 {
      let (tail, slope) = evaluate(value)
      if tail == target { return value }
      if (tail < target) == isIncreasing {
        low = max(low, value)
      } else {
        high = min(high, value)
      }
      let ratio = tail / target
      let excess =
        ratio > 0.5 && ratio < 2 ? Double.log(ratio) : Double.log(tail) - Double.log(target)
      var step = (isIncreasing ? -excess : excess) * (tail / slope)
      if !isIncreasing { step = min(step, 2) }
      let next = value * .exp(step)
      if abs(step) < 1e-10 { return min(next, upperBound) }
      if next > low && next < high {
        value = next
      } else {
        value = Self.middle(low, high, from: value)
        if value == 0 || value <= low || value >= high { return value }
      }
    }
    return value
  }

  /// A point between the bounds, in the middle on the logarithmic scale where both are known.
  private static func middle(_ low: Double, _ high: Double, from value: Double) -> Double {
    if low == 0 { return min(value, high) * 0x1p-20 }
    if high == .infinity { return max(value, low) * 16 }
    return low.squareRoot() * high.squareRoot()
  }
}
