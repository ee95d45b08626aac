/// A few order statistics of many values, without sorting them all.
///
/// One histogram of 1,024 equal bins tells in which bin every wanted rank lies; only the values in
/// those bins are collected and searched again. The result is exact: the same elements that
/// sorting would put at those ranks. Ties are harmless, because a bin whose values are all equal
/// needs no search and any other bin is split again, at most three times, before it is sorted.
/// Cost: three passes over the values, about 1 ns a value.
public struct OrderStatistics: Sendable {
  /// The values in their given order.
  private let values: [Double]
  /// The smallest value.
  public let minimum: Double
  /// The largest value.
  public let maximum: Double

  /// Prepares to find order statistics of the given values: at least one, all finite.
  public init(_ values: [Double]) {
    unsafe self.init(values, extent: values.withUnsafeBufferPointer { unsafe Extent($0) })
  }

  /// Prepares to find order statistics of values whose extent is known.
  init(_ values: [Double], extent: Extent) {
    precondition(!values.isEmpty && extent.undefined == 0, "order statistics of undefined values")
    self.values = values
    minimum = extent.minimum
    maximum = extent.maximum
  }

  /// The number of values.
  public var count: Int { values.count }

  /// The order statistic of each rank, where rank 1 is the smallest value.
  public func values(atRanks ranks: [Int]) -> [Double] {
    precondition(ranks.allSatisfy { $0 >= 1 && $0 <= count }, "rank out of range")
    var requests: [Request] = []
    requests.reserveCapacity(ranks.count)
    for (position, rank) in ranks.enumerated() {
      requests.append(Request(rank: rank - 1, position: position))
    }
    requests.sort { $0.rank < $1.rank }
    var results = [Double](repeating: 0, count: ranks.count)
    unsafe values.withUnsafeBufferPointer {
      unsafe Self.select(
        requests[...], among: $0, from: minimum, to: maximum, into: &results, depth: 0)
    }
    return results
  }

  /// One rank to find, from zero, and where to put its value.
  private struct Request {
    var rank: Int
    var position: Int
  }

  private static let binCount = 1024

  /// Finds the requests, ordered by rank, among values between the two limits.
  private static func select(
    _ requests: ArraySlice<Request>, among values: UnsafeBufferPointer<Double>,
    from minimum: Double, to maximum: Double, into results: inout [Double], depth: Int
  ) {
    if requests.isEmpty { return }
    guard minimum < maximum else {
      for request in requests { results[request.position] = minimum }
      return
    }
    let scale = Double(binCount - 1) / (maximum - minimum)
    guard values.count > 64 && requests.count < 256 && depth < 4 && scale > 0 && scale < .infinity
    else {
      let sorted = unsafe values.sorted()
      for request in requests { results[request.position] = sorted[request.rank] }
      return
    }
    unsafe withUnsafeTemporaryAllocation(of: UInt16.self, capacity: values.count) { bins in
      unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * binCount) { counts in
        unsafe assign(values, above: minimum, scale: scale, to: bins, counting: counts)
        unsafe split(
          requests, among: values, bins: bins, counts: counts, into: &results, depth: depth)
      }
    }
  }

  /// Puts every value into its bin, and counts the bins in four interleaved tables.
  ///
  /// Four tables, because repeated counts in one bin would wait for each other. Adding 2^52 rounds
  /// to a whole number and leaves it in the low bits. Bins are within bounds: the values lie between
  /// `minimum` and `minimum + (binCount - 1) / scale`, and each of difference, quotient and product is
  /// right to one part in 2^53, so that the product is at most `binCount - 1` and a millionth, which
  /// rounds down. `bins` has room for all values, `counts` for four tables.
  private static func assign(
    _ values: UnsafeBufferPointer<Double>, above minimum: Double, scale: Double,
    to bins: UnsafeMutableBufferPointer<UInt16>, counting counts: UnsafeMutableBufferPointer<UInt32>
  ) {
    unsafe counts.initialize(repeating: 0)
    guard let source = values.baseAddress, let target = bins.baseAddress,
      let table = counts.baseAddress
    else { return }
    let origin = SIMD4(repeating: minimum)
    let unit = SIMD4(repeating: scale)
    let shift = SIMD4(repeating: 0x1p52)
    var index = 0
    while index + 4 <= values.count {
      let four = unsafe UnsafeRawPointer(source + index).loadUnaligned(as: SIMD4<Double>.self)
      let bits = unsafe unsafeBitCast((four - origin) * unit + shift, to: SIMD4<UInt64>.self)
      let bin = SIMD4<UInt16>(truncatingIfNeeded: bits)
      unsafe UnsafeMutableRawPointer(target + index).storeBytes(of: bin, as: SIMD4<UInt16>.self)
      unsafe table[4 &* Int(bin[0])] &+= 1
      unsafe table[4 &* Int(bin[1]) &+ 1] &+= 1
      unsafe table[4 &* Int(bin[2]) &+ 2] &+= 1
      unsafe table[4 &* Int(bin[3]) &+ 3] &+= 1
      index &+= 4
    }
    while index < values.count {
      let bits = unsafe ((source[index] - minimum) * scale + 0x1p52).bitPattern
      let bin = UInt16(truncatingIfNeeded: bits)
      unsafe target[index] = bin
      unsafe table[4 &* Int(bin)] &+= 1
      index &+= 1
    }
  }

  /// Collects the bins that hold requests and finds the requests in them.
  private static func split(
    _ requests: ArraySlice<Request>, among values: UnsafeBufferPointer<Double>,
    bins: UnsafeMutableBufferPointer<UInt16>, counts: UnsafeMutableBufferPointer<UInt32>,
    into results: inout [Double], depth: Int
  ) {
    // The slot of a wanted bin is its place among the wanted bins, from one; other bins have zero.
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: binCount) { slots in
      unsafe slots.initialize(repeating: 0)
      var groups: [(requests: ArraySlice<Request>, start: Int, count: Int)] = []
      var rest = requests
      var collected = 0
      var before = 0
      for bin in 0..<binCount {
        guard let next = rest.first else { break }
        let four = 4 &* bin
        let count = unsafe Int(
          counts[four] &+ counts[four &+ 1] &+ counts[four &+ 2] &+ counts[four &+ 3])
        defer { before &+= count }
        if next.rank >= before + count { continue }
        var group: [Request] = []
        while let request = rest.first, request.rank < before + count {
          group.append(Request(rank: request.rank - before, position: request.position))
          rest.removeFirst()
        }
        groups.append((group[...], collected, count))
        unsafe slots[bin] = UInt8(groups.count)
        collected += count
      }
      unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: collected) { members in
        var ends = [0] + groups.map(\.start)
        for index in 0..<values.count {
          let slot = unsafe Int(slots[Int(bins[index])])
          if slot == 0 { continue }
          unsafe members[ends[slot]] = unsafe values[index]
          ends[slot] += 1
        }
        for group in groups {
          let part = unsafe UnsafeBufferPointer(
            rebasing: members[group.start..<group.start + group.count])
          let extent = unsafe Extent(part)
          unsafe select(
            group.requests, among: part, from: extent.minimum, to: extent.maximum, into: &results,
            depth: depth + 1)
        }
      }
    }
  }
}
