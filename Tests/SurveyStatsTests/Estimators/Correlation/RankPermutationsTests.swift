import Testing

@testable import SurveyStats

@Suite struct RankPermutationsTests {
  private let x: [Double] = [2, 7, 1, 8, 3, 9, 4]
  private let y: [Double] = [3, 1, 4, 2, 6, 5, 9]

  /// R 4.2.2: cor.test(x[1:n], y[1:n], method = …, exact = TRUE)$p.value.
  private static let exact: [(count: Int, spearman: Double, kendall: Double)] = [
    (3, 0.33333333333333333, 0.33333333333333333), (4, 0.33333333333333333, 0.33333333333333333),
    (5, 0.35, 0.48333333333333334), (6, 0.91944444444444444, 1.0), (7, 0.78253968253968254, 1.0),
  ]

  @Test(arguments: exact)
  func `few papers without ties agree with R`(
    count: Int, spearman: Double, kendall: Double
  ) throws {
    let pair = ScorePair(Array(x.prefix(count)), Array(y.prefix(count)))
    let wanted: [(ScoreCoefficient, Double)] = [(.spearman, spearman), (.kendall, kendall)]
    for (coefficient, expected) in wanted {
      let found = pair.association(coefficient)
      #expect(found.test == .permutations)
      #expect(abs(try #require(found.pValue) - expected) < 1e-12)
    }
  }

  @Test(arguments: [ScoreCoefficient.spearman, .kendall], 2...7)
  func `ties agree with every order`(coefficient: ScoreCoefficient, count: Int) throws {
    let x = Array([1, 1, 2, 3, 5, 5, 5].suffix(count)).map(Double.init)
    let y = Array([2.5, 0, 2.5, 4, 4, 6, 9].suffix(count))
    let pair = ScorePair(x, y)
    guard !pair.hasConstantScore else { return }
    let least = abs(pair.estimate(coefficient)) - 1e-12
    let all = Self.orders(of: y)
    let extreme = all.count { abs(ScorePair(x, $0).estimate(coefficient)) >= least }
    let found = try #require(pair.association(coefficient).pValue)
    #expect(abs(found - Double(extreme) / Double(all.count)) < 1e-12)
  }

  @Test(arguments: ScoreCoefficient.allCases)
  func `a perfect coefficient has the share of orders that give it`(coefficient: ScoreCoefficient) {
    func pValue(_ x: [Double]) -> Double? {
      ScorePair(x, x.map { 2 * $0 }).association(coefficient).pValue
    }
    func isClose(_ value: Double?, _ expected: Double) -> Bool {
      abs((value ?? -1) - expected) < 1e-12 * expected
    }
    let third = 0.33333333333333333
    #expect(isClose(pValue([1, 2, 3]), third))
    #expect(isClose(pValue([1, 2]), 1))
    // Of 6 orders 2 agree, and none runs the other way; of 24 in pairs 4 and 4.
    #expect(isClose(pValue([1, 1, 2]), third))
    #expect(isClose(pValue([1, 1, 2, 2]), third))
    let twelve: [Double] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    #expect(isClose(pValue(twelve), 4.1753513975736198e-09))
  }

  @Test func `more papers, weights and cells say what they are tested by`() {
    let many = ScorePair((0..<12).map { Double($0 * 7 % 12) }, (0..<12).map { Double($0 / 2) })
    #expect(many.association(.pearson).test == .studentT)
    #expect(many.association(.spearman).test == .studentT)
    #expect(many.association(.kendall).test == .normal)
    let table = TwoByTwoTable(n11: 3, n10: 1, n01: 1, n00: 3)
    #expect(table.association(.phi).test == .fisher)
  }

  private static func orders(of values: [Double]) -> [[Double]] {
    guard values.count > 1 else { return [values] }
    return values.indices.flatMap { first in
      var rest = values
      let value = rest.remove(at: first)
      return orders(of: rest).map { [value] + $0 }
    }
  }
}
