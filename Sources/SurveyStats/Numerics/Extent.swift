/// The smallest and largest finite value, and how many values are not finite.
struct Extent {
  var minimum = Double.infinity
  var maximum = -Double.infinity
  var undefined = 0

  init(_ values: UnsafeBufferPointer<Double>) {
    guard let base = values.baseAddress else { return }
    var low = SIMD8(repeating: Double.infinity)
    var high = SIMD8(repeating: -Double.infinity)
    var missing = SIMD8<Double>.zero
    let one = SIMD8<Double>.one
    var index = 0
    while index + 8 <= values.count {
      let eight = UnsafeRawPointer(base + index).loadUnaligned(as: SIMD8<Double>.self)
      let isUndefined = (eight - eight) .!= SIMD8.zero
      missing.replace(with: missing + one, where: isUndefined)
      low.replace(with: eight, where: (eight .< low) .& .!isUndefined)
      high.replace(with: eight, where: (eight .> high) .& .!isUndefined)
      index &+= 8
    }
    minimum = low.min()
    maximum = high.max()
    undefined = Int(missing.sum())
    for value in values[index...] {
      guard value.isFinite else {
        undefined += 1
        continue
      }
      minimum = min(minimum, value)
      maximum = max(maximum, value)
    }
  }
}
