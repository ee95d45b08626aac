/// The differences of all pairs from two sorted samples, as an ordered list that is not stored.
///
/// An order statistic is found by bisection; each step counts in time linear in the different values of the
/// samples, of which scores have few.
struct SortedDifferences {
  private let first: [(value: Double, count: Int)]
  private let second: [Double]
  /// The number of second values before each different one.
  private let countBefore: [Int]
  private let secondCount: Int

  init(_ first: [Double], _ second: [Double]) {
    self.first = Self.distinct(first)
    let distinct = Self.distinct(second)
    self.second = distinct.map(\.value)
    var countBefore: [Int] = []
    var total = 0
    for entry in distinct {
      countBefore.append(total)
      total += entry.count
    }
    self.countBefore = countBefore + [total]
    secondCount = total
  }

  private static func distinct(_ sorted: [Double]) -> [(value: Double, count: Int)] {
    var entries: [(value: Double, count: Int)] = []
    for value in sorted {
      if entries.last?.value == value {
        entries[entries.count - 1].count += 1
      } else {
        entries.append((value, 1))
      }
    }
    return entries
  }

  /// The difference of a rank, 1 being the smallest; exact to rounding.
  func value(atRank rank: Int) -> Double {
    guard let smallest = first.first?.value, let largest = first.last?.value,
      let low = second.first, let high = second.last
    else { return 0 }
    var below = smallest - high
    var above = largest - low
    if count(atMost: below) >= rank { return below }
    while true {
      let middle = below + (above - below) / 2
      guard middle > below, middle < above else { return above }
      if count(atMost: middle) >= rank { above = middle } else { below = middle }
    }
  }

  private func count(atMost limit: Double) -> Int {
    var total = 0
    var start = second.count
    for (value, count) in first {
      while start > 0, value - second[start - 1] <= limit { start -= 1 }
      while start < second.count, value - second[start] > limit { start += 1 }
      total += count * (secondCount - countBefore[start])
    }
    return total
  }
}
