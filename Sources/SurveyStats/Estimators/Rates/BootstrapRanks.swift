/// The ranks of rates, 1 for the highest, with intervals from ranking every replicate.
///
/// Ties share the best rank; a rate that is undefined in a replicate ranks last there. The interval
/// goes from the largest rank that at most a share `(1 − level)/2` of the replicates lies below, to
/// the smallest that at most the same share lies above. Cost: replicates × k log k for k rates.
struct BootstrapRanks {
  /// The ranks, in the order of the quantities.
  let ranks: [Rate.Rank]

  /// Ranks some quantities of a sample.
  init(_ sample: BootstrapSample, quantities: [Int], level: Double) {
    let original = Self.ranks(of: quantities.map { sample.original[$0] })
    // How often each quantity has each rank.
    var counts = [[Int]](
      repeating: [Int](repeating: 0, count: quantities.count), count: quantities.count)
    for replicate in 0..<sample.replicateCount {
      let ranks = Self.ranks(of: quantities.map { sample.replicates[replicate, $0] })
      for (position, rank) in ranks.enumerated() { counts[position][rank - 1] += 1 }
    }
    // A share that is whole in exact arithmetic may come out a little less.
    let allowed = Int(Double(sample.replicateCount) * (1 - level) / 2 + 1e-9)
    ranks = zip(original, counts).map { rank, counts in
      Rate.Rank(
        estimate: rank, lower: 1 + Self.first(counts, leaving: allowed),
        upper: counts.count - Self.first(counts.reversed(), leaving: allowed))
    }
  }

  /// The position of the first count at which more than `allowed` have been passed.
  private static func first(_ counts: [Int], leaving allowed: Int) -> Int {
    var passed = 0
    for (position, count) in counts.enumerated() {
      passed += count
      if passed > allowed { return position }
    }
    return 0
  }

  /// The rank of each value among all.
  static func ranks(of values: [Double]) -> [Int] {
    let values = values.map { $0.isNaN ? -.infinity : $0 }
    let order = values.indices.sorted { values[$0] > values[$1] }
    var ranks = [Int](repeating: 1, count: values.count)
    for (place, index) in order.enumerated() {
      let isTied = place > 0 && values[order[place - 1]] == values[index]
      ranks[index] = isTied ? ranks[order[place - 1]] : place + 1
    }
    return ranks
  }
}
