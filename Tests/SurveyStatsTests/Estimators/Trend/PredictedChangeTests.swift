import Testing

@testable import SurveyStats

/// Changes over a span against SciPy, which maximises the penalised likelihood from its definition.
@Suite struct PredictedChangeTests {
  static let golden = RegressionGolden("trends")

  /// Yes and all papers by year, as in `scripts/golden/trends.py`.
  static let tables: [String: [(year: Double, yes: Int, all: Int)]] = [
    "rare": [
      (2018, 3, 4), (2021, 1, 10), (2022, 1, 25), (2023, 1, 22), (2024, 0, 15), (2025, 0, 10),
    ],
    "usual": [(2019, 2, 11), (2020, 5, 20), (2021, 9, 24), (2022, 10, 19), (2024, 8, 13)],
    "separated": [(2020, 0, 6), (2021, 0, 5), (2022, 2, 4), (2023, 5, 5)],
    "steep": [(1, 2, 10), (2, 11, 14)],
    "single": [(2015, 0, 9), (2016, 1, 12), (2020, 0, 7)],
  ]

  static func papers(_ name: String) -> (x: [Double], y: [Bool]) {
    var (x, y): ([Double], [Bool]) = ([], [])
    for row in tables[name] ?? [] {
      for paper in 0..<row.all {
        x.append(row.year)
        y.append(paper < row.yes)
      }
    }
    return (x, y)
  }

  static func trend(_ name: String, test: TrendTest = .automatic, level: Double = 0.95) -> Trend {
    let (x, y) = papers(name)
    let matrix = BinaryMatrix(
      papers: x.indices.map { Paper(slug: "p\($0)") }, items: [Item(id: ItemID("a"))]
    ) { paper, _ in y[paper] ? .yes : .no }
    return TrendEstimator(covariate: x.map { $0 }, level: level, test: test).estimate(
      matrix, targets: RateTarget.all(in: matrix, levels: [.item]))[0]
  }

  @Test(arguments: ["rare", "usual", "separated", "steep", "single"])
  func `change, limits and p-value are those of the penalised profile`(name: String) throws {
    let trend = Self.trend(name)
    func close(_ found: Double?, _ quantity: String, _ term: String, within: Double = 2e-7) {
      let expected = Self.golden.values(name, quantity).first { $0.term == term }?.value ?? .nan
      #expect(abs((found ?? .nan) - expected) < within, "\(name) \(quantity) \(term)")
    }
    close(trend.rates?.first, "rate", "first")
    close(trend.rates?.last, "rate", "last")
    close(trend.change.value, "change", "estimate")
    close(trend.change.lower, "change", "low")
    close(trend.change.upper, "change", "high")
    close(trend.pValue, "change", "p")
    close(trend.logOdds?.value, "odds", "estimate", within: 2e-6)
    close(trend.logOdds?.lower, "odds", "low", within: 2e-6)
    close(trend.logOdds?.upper, "odds", "high", within: 2e-6)
    let (x, y) = Self.papers(name)
    let exact = try #require(ExactTrendTest(x, y))
    close(exact.pValue, "exact", "p", within: 1e-12)
    #expect(Self.trend(name, test: .exact).pValue == exact.pValue)
    #expect(Self.trend(name, test: .exact).change.notes.contains(.anotherTest))
  }

  @Test func `a limit touches zero at the level of the p-value`() throws {
    for name in ["usual", "rare", "single", "steep"] {
      let pValue = try #require(Self.trend(name).pValue)
      let trend = Self.trend(name, level: 1 - pValue)
      let nearest = [trend.change.lower, trend.change.upper].compactMap { $0 }.map(abs).min()
      #expect((nearest ?? 1) < 1e-6, "\(name)")
      let odds = [trend.logOdds?.lower, trend.logOdds?.upper].compactMap { $0 }.map(abs).min()
      #expect((odds ?? 1) < 1e-6, "\(name)")
    }
  }

  @Test func `the change lies between the rates that were seen`() throws {
    // 2 of 10 and 11 of 14: the average marginal effect used to say 44 points a year.
    let trend = Self.trend("steep")
    #expect(abs((trend.change.value ?? 0) - 0.539) < 0.001)
    #expect(trend.changePerUnit.value == trend.change.value)
  }

  @Test func `rare answers are judged as by the exact test, not by Cochran and Armitage's`() throws
  {
    let table: [(Double, Int, Int)] = [
      (2018, 1, 1), (2021, 0, 1), (2022, 1, 2), (2023, 2, 13), (2024, 0, 15), (2025, 2, 40),
      (2026, 0, 14),
    ]
    var (x, y): ([Double], [Bool]) = ([], [])
    for (year, yes, all) in table {
      for paper in 0..<all {
        x.append(year)
        y.append(paper < yes)
      }
    }
    let exact = try #require(ExactTrendTest(x, y)?.pValue)
    #expect(abs(exact - 0.0029) < 0.00005)
    let matrix = BinaryMatrix(
      papers: x.indices.map { Paper(slug: "p\($0)") }, items: [Item(id: ItemID("a"))]
    ) { paper, _ in y[paper] ? .yes : .no }
    let trend = TrendEstimator(covariate: x.map { $0 }).estimate(
      matrix, targets: RateTarget.all(in: matrix, levels: [.item]))[0]
    #expect(abs((trend.item?.armitage?.pValue ?? 0) - 0.00031) < 0.00001)
    let pValue = try #require(trend.pValue)
    #expect(pValue > 0.00185 && pValue < 0.02)
  }

  @Test func `limits never leave the range, whatever the answers`() throws {
    var stream = RandomStream(seed: 21)
    for _ in 0..<200 {
      let count = 3 + stream.index(below: 25)
      let x = (0..<count).map { _ in Double(stream.index(below: 4)) }
      let y = (0..<count).map { _ in stream.uniform() < 0.2 }
      let matrix = BinaryMatrix(
        papers: x.indices.map { Paper(slug: "p\($0)") }, items: [Item(id: ItemID("a"))]
      ) { paper, _ in y[paper] ? .yes : .no }
      let trend = TrendEstimator(covariate: x.map { $0 }).estimate(
        matrix, targets: RateTarget.all(in: matrix, levels: [.item]))[0]
      guard let value = trend.change.value else {
        #expect(!trend.change.notes.isEmpty)
        continue
      }
      let lower = try #require(trend.change.lower)
      let upper = try #require(trend.change.upper)
      #expect(lower >= -1 && upper <= 1 && lower < upper && lower <= value && value <= upper)
      let isClear = lower > 0 || upper < 0
      #expect(isClear == ((trend.pValue ?? 1) < 0.05))
      let odds = try #require(trend.logOdds)
      #expect(isClear == ((odds.lower ?? -1) > 0 || (odds.upper ?? 1) < 0))
    }
  }

  @Test func `the exact test is undefined where nothing varies`() {
    #expect(ExactTrendTest([1, 1, 1], [true, false, true]) == nil)
    #expect(ExactTrendTest([1, 2, 3], [true, true, true]) == nil)
    #expect(ExactTrendTest([0, 1, 2.5, 2.7], [true, false, true, false]) == nil)
  }
}
