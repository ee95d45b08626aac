/// The smallest and largest finite value, and how many values are not finite.
struct Extent {
  var minimum = Double.infinity
  var maximum = -Double.infinity
  var undefined = 0

  init(_ values: UnsafeBufferPointer<Double>) {
    // Four lanes wide, in scalars that the compiler keeps in registers. Zero times a value that is
    // not finite is NaN, and stays in the sum.
    var low = (minimum, minimum, minimum, minimum)
    var high = (maximum, maximum, maximum, maximum)
    var zero = (0.0, 0.0, 0.0, 0.0)
    var index = 0
    while index + 4 <= values.count {
      let (a, b, c, d) = unsafe (
        values[index], values[index + 1], values[index + 2], values[index + 3]
      )
      low = (
        a < low.0 ? a : low.0, b < low.1 ? b : low.1, c < low.2 ? c : low.2, d < low.3 ? d : low.3
      )
      high = (
        a > high.0 ? a : high.0, b > high.1 ? b : high.1, c > high.2 ? c : high.2,
        d > high.3 ? d : high.3
      )
      zero = (zero.0 + a * 0, zero.1 + b * 0, zero.2 + c * 0, zero.3 + d * 0)
      index &+= 4
    }
    let allAreFinite = zero.0 + zero.1 + zero.2 + zero.3 == 0
    if allAreFinite {
      minimum = min(low.0, low.1, low.2, low.3)
      maximum = max(high.0, high.1, high.2, high.3)
    } else {
      index = 0
    }
    for place in index..<values.count {
      let value = unsafe values[place]
      if value.isFinite {
        minimum = min(minimum, value)
        maximum = max(maximum, value)
      } else {
        undefined += 1
      }
    }
  }
}
