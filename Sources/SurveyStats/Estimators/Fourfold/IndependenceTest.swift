import RealModule

extension TwoByTwoTable {
  /// The p-value of independence of the two items, two-sided.
  ///
  /// Pearson's chi-square `n φ²` without continuity correction, or Fisher's exact test when an
  /// expected cell is below 5; `nil` when an item is constant or cells are not whole numbers while
  /// an exact test is due.
  public var independencePValue: Double? {
    guard !hasConstantItem else { return nil }
    guard smallestExpectedCell < 5 else { return chiSquarePValue }
    guard [n11, n10, n01, n00].allSatisfy({ $0 == $0.rounded() }) else { return nil }
    return fisherPValue
  }

  /// The smallest cell that the margins lead one to expect under independence.
  public var smallestExpectedCell: Double {
    min(first, total - first) * min(second, total - second) / total
  }

  /// The p-value of Pearson's chi-square test without continuity correction.
  public var chiSquarePValue: Double {
    let value = phi
    return ChiSquared(degreesOfFreedom: 1).survival(total * value * value)
  }

  /// The two-sided p-value of Fisher's exact test.
  ///
  /// The sum of the hypergeometric probabilities that do not exceed the observed one by more than
  /// a relative 1e-7 (R's rule). Cost: one pass over the possible tables.
  public var fisherPValue: Double {
    let lowest = max(0, first + second - total)
    let highest = min(first, second)
    // The ratio of the probabilities of x + 1 and x.
    func ratio(_ x: Double) -> Double {
      (first - x) * (second - x) / ((x + 1) * (total - first - second + x + 1))
    }
    let mode = ((first + 1) * (second + 1) / (total + 2)).rounded(.down)
    let start = min(max(mode, lowest), highest)
    var weights: [Double] = []
    var weight = 1.0
    var x = start
    while x > lowest {
      weight /= ratio(x - 1)
      x -= 1
      weights.append(weight)
    }
    weights.reverse()
    weights.append(1)
    (weight, x) = (1, start)
    while x < highest {
      weight *= ratio(x)
      x += 1
      weights.append(weight)
    }
    let limit = weights[Int(n11 - lowest)] * (1 + 1e-7)
    var all = 0.0
    var extreme = 0.0
    for weight in weights {
      all += weight
      if weight <= limit { extreme += weight }
    }
    return min(1, extreme / all)
  }
}
