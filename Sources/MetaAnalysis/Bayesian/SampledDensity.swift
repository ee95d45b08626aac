import RealModule

/// A density known at the points of a uniform grid outside of which it vanishes.
///
/// For a smooth density the trapezoidal rule on such a grid converges exponentially as the step shrinks
/// (Trefethen & Weideman 2014, *SIAM Review* 56:385), and Whittaker's cardinal series gives the values
/// between the points with the same accuracy.
struct SampledDensity: Sendable {
  var start: Double
  var step: Double
  /// The density at `start + index * step`; `step` times the sum is one.
  var values: [Double]

  /// Makes a density of logarithms of its multiples; gives also the logarithm of their integral.
  static func normalized(
    start: Double, step: Double, logarithms: [Double]
  ) -> (density: SampledDensity, log: Double) {
    let highest = logarithms.max() ?? 0
    var values = logarithms.map { Double.exp($0 - highest) }
    let total = values.reduce(0, +) * step
    for index in values.indices { values[index] /= total }
    return (
      SampledDensity(start: start, step: step, values: values), highest + Double.log(total)
    )
  }

  var end: Double { start + Double(values.count - 1) * step }

  /// The density at any point.
  func callAsFunction(_ x: Double) -> Double {
    let place = (x - start) / step
    guard place > -1, place < Double(values.count) else { return 0 }
    let nearest = place.rounded()
    if abs(place - nearest) < 1e-9 {
      let index = Int(nearest)
      return values.indices.contains(index) ? values[index] : 0
    }
    var sum = 0.0
    var sign = 1.0
    for (index, value) in values.enumerated() {
      sum += sign * value / (place - Double(index))
      sign = -sign
    }
    return max(0, sum * Double.sin(.pi * place) / .pi)
  }

  /// The mean and the mean square.
  var moments: (mean: Double, square: Double) {
    var (mean, square) = (0.0, 0.0)
    for (index, value) in values.enumerated() {
      let x = start + Double(index) * step
      mean += x * value
      square += x * x * value
    }
    return (mean * step, square * step)
  }
}

/// Values of a function's logarithm at whole numbers around a start, as far as they matter.
///
/// From the start outwards in both directions until the value is 34 below the highest, a factor of 10⁻¹⁵.
struct NegligibleTails {
  private(set) var first = 0
  private(set) var values: [Double] = []
  /// The difference of logarithms from which a value is negligible.
  static let depth = 34.0

  /// Evaluates a function.
  init(from start: Int, in range: ClosedRange<Int>, _ function: (Int) -> Double) {
    let middle = min(max(start, range.lowerBound), range.upperBound)
    let atMiddle = function(middle)
    var best = atMiddle
    var right: [Double] = []
    var index = middle
    while index < range.upperBound {
      index += 1
      let value = function(index)
      right.append(value)
      best = max(best, value)
      if value < best - Self.depth { break }
    }
    var left: [Double] = []
    index = middle
    while index > range.lowerBound {
      index -= 1
      let value = function(index)
      left.append(value)
      best = max(best, value)
      if value < best - Self.depth { break }
    }
    first = middle - left.count
    values = left.reversed() + [atMiddle] + right
  }
}
