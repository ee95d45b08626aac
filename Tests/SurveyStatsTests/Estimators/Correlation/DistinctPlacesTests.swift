import Testing

@testable import SurveyStats

@Suite struct DistinctPlacesTests {
  @Test func `places are ranks among distinct values`() throws {
    let values = [3.5, -1, 3.5, 0, -0.0, 7, -1]
    let places = try #require(DistinctPlaces(values))
    #expect(places.count == 4)
    #expect(places.places == [2, 0, 2, 1, 1, 3, 0])
    #expect(places.totals([1, 2, 4, 8, 16, 32, 64]) == [66, 24, 5, 32])
  }

  @Test(arguments: [(1, 1), (50, 3), (5_000, 200), (100_000, 3_000)])
  func `values and places are those of sorting`(shape: (count: Int, distinct: Int)) throws {
    var random = RandomStream(seed: 3, stream: UInt64(shape.count))
    let values = (0..<shape.count).map { _ in
      Double(random.index(below: shape.distinct)) / 7 - 20
    }
    let found = try #require(DistinctPlaces(values))
    #expect(found.values == Set(values).sorted() && found.count == found.values.count)
    #expect(zip(found.places, values).allSatisfy { found.values[Int($0)] == $1 })
  }

  @Test func `there are none of too many values, nor of no value`() throws {
    #expect(DistinctPlaces((0..<1_000).map(Double.init)) == nil)
    #expect(try #require(DistinctPlaces([])).count == 0)
  }

  /// Scores with many ties, so that tables are used; counted pair by pair.
  @Test(arguments: [(3, 2), (4, 9), (30, 40)]) func `tables give the coefficients of all pairs`(
    sizes: (first: Int, second: Int)
  ) {
    var random = RandomStream(seed: 8)
    let count = 900
    let x = (0..<count).map { _ in Double(random.index(below: sizes.first)) }
    let y = x.map { $0 / 2 + Double(random.index(below: sizes.second)) / 4 }
    let weights = (0..<count).map { _ in Double(random.index(below: 3)) }
    var (score, first, second, all) = (0.0, 0.0, 0.0, 0.0)
    var (below, ties) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    for i in 0..<count {
      for j in 0..<count {
        let own = i == j ? weights[i] * (weights[i] - 1) : weights[i] * weights[j]
        all += own
        if x[i] == x[j] { first += own }
        if y[i] == y[j] { second += own }
        let sign = (x[i] - x[j]) * (y[i] - y[j])
        score += sign > 0 ? own : sign < 0 ? -own : 0
        if y[j] < y[i] { below[i] += weights[j] }
        if y[j] == y[i] { ties[i] += weights[j] }
      }
    }
    let tau = score / ((all - first) * (all - second)).squareRoot()
    let pair = ScorePair(x, y, weights: weights)
    #expect(abs(pair.estimate(.kendall) - tau) < 1e-12)
    let ranks = zip(below, ties).map { $0 + ($1 + 1) / 2 }
    let expected = ScorePair(x, ranks, weights: weights).estimate(.spearman)
    #expect(abs(pair.estimate(.spearman) - expected) < 1e-12)
    let plain = Midranks(y)
    let order = y.sorted()
    for (value, rank) in zip(y, plain.ranks) {
      let (low, high) = (order.firstIndex(of: value) ?? 0, order.lastIndex(of: value) ?? 0)
      #expect(rank == Double(low + high) / 2 + 1)
    }
    #expect(plain.tieCounts.reduce(0, +) == count)
  }
}
