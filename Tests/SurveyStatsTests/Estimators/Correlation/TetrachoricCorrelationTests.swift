import RealModule
import Testing

@testable import SurveyStats

@Suite struct TetrachoricCorrelationTests {
  @Test func `estimates and standard errors agree with 40-digit arithmetic`() throws {
    let golden = try CorrelationGolden("tetrachoric")
    let cells = ["n11", "n10", "n01", "n00"].map { golden.values($0) }
    for (row, expected) in golden.values("estimate").enumerated() {
      let table = TwoByTwoTable(
        n11: cells[0][row], n10: cells[1][row], n01: cells[2][row], n00: cells[3][row])
      let fit = TetrachoricCorrelation(table)
      let estimate = try #require(fit.estimate)
      #expect(abs(estimate - expected) < Tolerance.tetrachoric, "\(table) \(estimate) \(expected)")
      // Next to ±1 the distance from it must be right as well.
      if abs(expected) > 0.9 {
        let (found, exact) = (1 - abs(estimate), 1 - abs(expected))
        #expect(abs(found / exact - 1) < 1e-4, "\(table)")
      }
      let error = try #require(fit.standardError)
      let relative = abs(error / golden.values("std_error")[row] - 1)
      #expect(relative < (abs(expected) > 0.9999 ? 1e-4 : 1e-9), "\(table)")
      #expect(fit.note == nil)
    }
  }

  @Test func `three R packages agree within their own precision`() throws {
    let golden = try CorrelationGolden("lsat6_tetrachoric")
    let matrix = try CorrelationGolden("lsat6").binaryMatrix
    let pairs = PairwiseAssociations(items: matrix, coefficient: .tetrachoric).pairs
    let names = matrix.items.map(\.id.name)
    for row in golden.rows.indices {
      let pair = try #require(
        pairs.first {
          names[$0.first] == golden["a"][row] && names[$0.second] == golden["b"][row]
        })
      let estimate = try #require(pair.association.estimate)
      for column in ["value", "lavaan", "polycor"] {
        #expect(abs(estimate - golden.values(column)[row]) < Tolerance.packageIteration)
      }
      let error = try #require(pair.association.standardError)
      #expect(abs(error - golden.values("polycor_error")[row]) < Tolerance.packageIteration)
    }
  }

  @Test func `medians as thresholds give the sine of the angle`() throws {
    let fit = TetrachoricCorrelation(TwoByTwoTable(40, 10, 10, 40))
    #expect(abs(try #require(fit.estimate) - 0.809_016_994_374_947_5) < 1e-14)
    #expect(TetrachoricCorrelation(TwoByTwoTable(30, 30, 30, 30)).estimate == 0)
  }

  @Test func `flipping an item negates the estimate`() throws {
    let fit = TetrachoricCorrelation(TwoByTwoTable(17, 3, 41, 60))
    let flipped = TetrachoricCorrelation(TwoByTwoTable(3, 17, 60, 41))
    #expect(abs(try #require(fit.estimate) + (try #require(flipped.estimate))) < 1e-14)
    #expect(
      abs(try #require(fit.standardError) - (try #require(flipped.standardError))) < 1e-13)
    let exchanged = TetrachoricCorrelation(TwoByTwoTable(17, 41, 3, 60))
    #expect(abs(try #require(fit.estimate) - (try #require(exchanged.estimate))) < 1e-14)
  }

  @Test(arguments: [
    (TwoByTwoTable(20, 0, 10, 30), TwoByTwoTable(n11: 19.5, n10: 0.5, n01: 10.5, n00: 29.5)),
    (TwoByTwoTable(0, 20, 10, 30), TwoByTwoTable(n11: 0.5, n10: 19.5, n01: 9.5, n00: 30.5)),
  ]) func `one empty cell is filled by the policy`(table: TwoByTwoTable, filled: TwoByTwoTable) {
    let kept = TetrachoricCorrelation(table)
    #expect(kept.estimate == TetrachoricCorrelation(filled).estimate)
    #expect(kept.note == .zeroCellAdjusted)
    let half = TetrachoricCorrelation(table, zeroCells: .halfAll)
    #expect(
      half.estimate
        == TetrachoricCorrelation(
          TwoByTwoTable(
            n11: table.n11 + 0.5, n10: table.n10 + 0.5, n01: table.n01 + 0.5, n00: table.n00 + 0.5)
        ).estimate)
    #expect(half.note == .zeroCellAdjusted)
    let none = TetrachoricCorrelation(table, zeroCells: .none)
    #expect(none.estimate == (table.n11 == 0 ? -1 : 1))
    #expect(none.standardError == nil)
    #expect(none.note == .boundaryCorrelation)
  }

  @Test(arguments: TetrachoricCorrelation.ZeroCellPolicy.allCases)
  func `two empty cells are at the boundary or undefined`(
    policy: TetrachoricCorrelation.ZeroCellPolicy
  ) {
    let identical = TetrachoricCorrelation(TwoByTwoTable(20, 0, 0, 30), zeroCells: policy)
    #expect(identical.estimate == 1 && identical.note == .boundaryCorrelation)
    let complementary = TetrachoricCorrelation(TwoByTwoTable(0, 20, 30, 0), zeroCells: policy)
    #expect(complementary.estimate == -1 && complementary.note == .boundaryCorrelation)
    for constant in [TwoByTwoTable(20, 10, 0, 0), TwoByTwoTable(0, 0, 0, 0)] {
      let fit = TetrachoricCorrelation(constant, zeroCells: policy)
      #expect(fit.estimate == nil && fit.note == .constantItem)
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>) func `any table has a finite estimate`(seed: UInt64) {
    var random = RandomStream(seed: seed)
    let size = [3, 10, 1_000, 1_000_000, 1_000_000_000][Int(seed % 5)]
    let cells = (0..<4).map { _ in
      Int(Double.pow(random.uniform(), 6) * Double(size)) + 1
    }
    let table = TwoByTwoTable(cells[0], cells[1], cells[2], cells[3])
    let fit = TetrachoricCorrelation(table)
    #expect(fit.estimate.map { abs($0) <= 1 && ($0 > 0) == (table.determinant > 0) } ?? false)
    #expect(fit.standardError.map { $0 > 0 && $0.isFinite } ?? false, "\(table) \(fit)")
  }

  @Test(arguments: KernelPath.available, [1, 7, 8, 9, 61])
  func `tables give the same bits on every path, alone and together`(path: KernelPath, count: Int) {
    var random = RandomStream(seed: 61, stream: UInt64(count))
    let tables = (0..<count).map { index in
      let size = [20.0, 1_000, 1e6, 1e9][index % 4]
      let cells = (0..<4).map { _ in Int(Double.pow(random.uniform(), 4) * size) }
      return TwoByTwoTable(cells[0], cells[1], cells[2], cells[3])
    }
    let found = TetrachoricCorrelation.estimates(tables, zeroCells: .halfAll, path: path)
    for (table, correlation) in zip(tables, found) {
      let alone = TetrachoricCorrelation(table, zeroCells: .halfAll)
      #expect(alone.estimate == (correlation.isNaN ? nil : correlation), "\(table)")
    }
  }

  /// Plackett's identity: what both shares of yes exceed their product by is the integral of the normal
  /// density over the angle whose sine is the correlation (1954), here by Simpson's rule.
  static func excess(_ h: Double, _ k: Double, angle: Double) -> Double {
    func density(_ t: Double) -> Double {
      let (sine, cosine) = (Double.sin(t), Double.cos(t))
      return Double.exp(-(h * h + k * k - 2 * h * k * sine) / (2 * cosine * cosine)) / (2 * .pi)
    }
    let (steps, step) = (400, angle / 400)
    let inner = (1..<steps).reduce(0.0) {
      $0 + ($1.isMultiple(of: 2) ? 2 : 4) * density(Double($1) * step)
    }
    return (density(0) + inner + density(angle)) * step / 3
  }

  /// The correlation at which both shares of yes are those of the table, by halving.
  static func twin(_ table: TwoByTwoTable) -> Double {
    let normal = Normal()
    let (first, second) = (table.first / table.total, table.second / table.total)
    let (h, k) = (normal.quantile(first), normal.quantile(second))
    let target = table.n11 / table.total - first * second
    var (low, high) = (-Double.pi / 2, Double.pi / 2)
    for _ in 0..<60 {
      let angle = (low + high) / 2
      if excess(h, k, angle: angle) < target { low = angle } else { high = angle }
    }
    return Double.sin((low + high) / 2)
  }

  @Test(arguments: KernelPath.available, [1, 7, 8, 9, 61])
  func `every path gives the correlation of the textbook`(path: KernelPath, count: Int) {
    var random = RandomStream(seed: 62, stream: UInt64(count))
    let tables = (0..<count).map { _ in
      let cells = (0..<4).map { _ in 5 + random.index(below: 200) }
      return TwoByTwoTable(cells[0], cells[1], cells[2], cells[3])
    }
    let found = TetrachoricCorrelation.estimates(tables, zeroCells: .halfAll, path: path)
    for (table, correlation) in zip(tables, found) {
      #expect(abs(correlation - Self.twin(table)) < 1e-9, "\(table)")
    }
  }
}
