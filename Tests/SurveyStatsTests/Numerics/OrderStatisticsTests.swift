import SurveyStats
import Testing

@Suite struct OrderStatisticsTests {
  /// Reproducible values of a shape that is hard for a histogram.
  static func values(_ shape: String, count: Int) -> [Double] {
    var state: UInt64 = 42
    return (0..<count).map { index in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let uniform = Double(state >> 11) * 0x1p-53
      switch shape {
      case "few levels": return (uniform * 5).rounded()
      case "many levels": return (uniform * 300).rounded() / 300
      case "one outlier": return index == 7 ? 1e12 : (uniform * 40).rounded()
      case "nested scales": return index % 3 == 0 ? uniform * 1e-9 : index % 7 == 0 ? 1e9 : uniform
      case "equal": return 0.25
      case "two values": return uniform < 0.9 ? 0.1 : 0.1.nextUp
      case "widest range": return index % 2 == 0 ? 1.7e308 : -1.7e308
      case "subnormal": return (uniform * 100).rounded() * .leastNonzeroMagnitude
      default: return uniform * uniform - 0.3
      }
    }
  }

  @Test(
    arguments: [
      "smooth", "few levels", "many levels", "one outlier", "nested scales", "equal", "two values",
      "widest range", "subnormal",
    ], [1, 2, 63, 64, 65, 1001, 9999])
  func `order statistics are those of sorting`(shape: String, count: Int) {
    let values = Self.values(shape, count: count)
    let sorted = values.sorted()
    let order = OrderStatistics(values)
    let ranks = Array(
      Set([1, 2, count / 40, count / 40 + 1, count / 2, count - 1, count, count]).filter {
        $0 >= 1 && $0 <= count
      }
    ).sorted { $0 % 5 < $1 % 5 }
    #expect(order.values(atRanks: ranks) == ranks.map { sorted[$0 - 1] })
    #expect(order.minimum == sorted[0])
    #expect(order.maximum == sorted[count - 1])
    #expect(order.values(atRanks: []) == [])
  }

  @Test func `all ranks at once are the sorted values`() {
    let values = Self.values("many levels", count: 2000)
    let order = OrderStatistics(values)
    #expect(order.values(atRanks: Array(1...2000)) == values.sorted())
  }

  @Test func `a rank asked twice is given twice`() {
    let order = OrderStatistics(Self.values("smooth", count: 500))
    let found = order.values(atRanks: [250, 3, 250])
    #expect(found[0] == found[2])
  }

  @Test func `whole positions are order statistics and others lie between`() throws {
    let values = Self.values("smooth", count: 999)
    let sorted = values.sorted()
    let order = OrderStatistics(values)
    let whole = order.interpolated(at: [0.025, 0.5, 0.975])
    #expect(whole.map(\.value) == [sorted[24], sorted[499], sorted[974]])
    #expect(whole.allSatisfy { !$0.isExtreme && $0.monteCarloError > 0 })
    let between = order.interpolated(at: [0.0255])[0].value
    #expect(between > sorted[24] && between < sorted[25])
  }

  @Test func `positions outside the values give the extreme values`() {
    let order = OrderStatistics([3, 1, 2])
    let found = order.interpolated(at: [0, 0.1, 0.9, 1])
    #expect(found.map(\.value) == [1, 1, 3, 3])
    #expect(found.map(\.isExtreme) == [true, true, true, true])
    #expect(OrderStatistics([5]).interpolated(at: [0, 0.5, 1]).map(\.value) == [5, 5, 5])
  }

  @Test func `the Monte Carlo error of a uniform quantile is that of its formula`() {
    let values = (0..<9999).map { Double($0 * 7919 % 9999) / 9999 }
    let found = OrderStatistics(values).interpolated(at: [0.1])[0]
    #expect(relativeError(found.monteCarloError, (0.1 * 0.9 / 9999).squareRoot()) < 0.01)
  }
}
