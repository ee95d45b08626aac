import RealModule

/// The distribution of a rank coefficient over all orders of one of the two scores, for few papers.
///
/// Every order is as likely as another where the scores have nothing to do with each other, ties or
/// not; the p-value is the share of the orders whose coefficient is at least as far from zero.
struct RankPermutations {
  /// The most papers of which all orders, 362,880 of 9, are gone through.
  static let mostPapers = 9

  /// Twice the mid-ranks, whole numbers.
  private let x: [Int]
  private let y: [Int]

  /// Ranks the scores of some papers.
  init(_ x: [Double], _ y: [Double]) {
    self.x = Midranks(x).ranks.map { Int((2 * $0).rounded()) }
    self.y = Midranks(y).ranks.map { Int((2 * $0).rounded()) }
  }

  /// The p-value of Spearman's coefficient.
  ///
  /// Cost: n!.
  var spearmanPValue: Double {
    let count = x.count
    let center = x.reduce(0, +) * y.reduce(0, +)
    var order = y
    var sum = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    let least = abs(count * sum - center)
    return share { i, j in
      sum += (x[i] - x[j]) * (order[j] - order[i])
      order.swapAt(i, j)
      return abs(count * sum - center) >= least
    }
  }

  /// The p-value of Kendall's coefficient.
  ///
  /// Cost: n! n.
  var kendallPValue: Double {
    let count = x.count
    var order = y
    /// The concordant less the discordant pairs of one paper with the others, but for one of these.
    func concordance(of paper: Int, but other: Int) -> Int {
      (0..<count).reduce(0) { sum, third in
        third == other
          ? sum : sum + (x[paper] - x[third]).signum() * (order[paper] - order[third]).signum()
      }
    }
    func pair(_ i: Int, _ j: Int) -> Int {
      (x[i] - x[j]).signum() * (order[i] - order[j]).signum()
    }
    var sum = (0..<count).reduce(0) { $0 + concordance(of: $1, but: $1) } / 2
    let least = abs(sum)
    return share { i, j in
      sum -= concordance(of: i, but: j) + concordance(of: j, but: i) + pair(i, j)
      order.swapAt(i, j)
      sum += concordance(of: i, but: j) + concordance(of: j, but: i) + pair(i, j)
      return abs(sum) >= least
    }
  }

  /// The p-value of scores in the same or the opposite order without exception.
  ///
  /// The orders that agree are those within ties; as many run the other way, where the ties of both
  /// ends are alike.
  var perfectPValue: Double {
    let sizes = Dictionary(grouping: x, by: \.self).sorted { $0.key < $1.key }.map(\.value.count)
    func logFactorial(_ count: Int) -> Double { Double.logGamma(Double(count) + 1) }
    let share = Double.exp(sizes.reduce(-logFactorial(x.count)) { $0 + logFactorial($1) })
    return min(1, sizes == sizes.reversed() ? 2 * share : share)
  }

  /// The share of all orders that count, the first being one; each comes of the last by an exchange of
  /// two places (Heap 1963, *Computer Journal* 6:293).
  private func share(exchange: (Int, Int) -> Bool) -> Double {
    var (all, extreme) = (1, 1)
    var turns = [Int](repeating: 0, count: x.count)
    var place = 1
    while place < x.count {
      if turns[place] < place {
        if exchange(place.isMultiple(of: 2) ? 0 : turns[place], place) { extreme += 1 }
        all += 1
        turns[place] += 1
        place = 1
      } else {
        turns[place] = 0
        place += 1
      }
    }
    return Double(extreme) / Double(all)
  }
}
