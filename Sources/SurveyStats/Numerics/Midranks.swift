/// Ranks from 1, tied values sharing the mean of their ranks.
struct Midranks: Sendable {
  /// The rank of each value.
  let ranks: [Double]
  /// The sizes of groups of equal values, in ascending order of the values.
  let tieCounts: [Int]

  init(_ values: [Double]) {
    if let places = DistinctPlaces(values) {
      var counts = [Int](repeating: 0, count: places.count)
      for place in places.places { counts[Int(place)] += 1 }
      var below = 0
      let rank = counts.map { count in
        defer { below += count }
        return Double(2 * below + count + 1) / 2
      }
      self.ranks = places.places.map { rank[Int($0)] }
      self.tieCounts = counts
      return
    }
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var tieCounts: [Int] = []
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for position in start..<end { ranks[order[position]] = Double(start + end + 1) / 2 }
      tieCounts.append(end - start)
      start = end
    }
    self.ranks = ranks
    self.tieCounts = tieCounts
  }

  /// Σ (t³ − t) over groups of equal values.
  var tieSum: Double {
    tieCounts.reduce(0) { $0 + Double($1) * (Double($1) * Double($1) - 1) }
  }
}
