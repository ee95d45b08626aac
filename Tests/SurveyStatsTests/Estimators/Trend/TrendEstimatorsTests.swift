import RealModule
import Testing

@testable import SurveyStats

/// The estimators behind trends: Cochran–Armitage, least squares, Theil–Sen.
@Suite struct TrendEstimatorsTests {
  let golden = RegressionGolden("comparison")

  func value(_ model: String, _ quantity: String, _ term: String) -> Double {
    golden.values(model, quantity).first { $0.term == term }?.value ?? .nan
  }

  @Test func `Cochran and Armitage's test is prop trend test`() throws {
    var ages: [Double] = []
    var cases: [Bool] = []
    for group in 1...6 {
      let yes = Int(value("esoph", "cases", "\(group)"))
      let total = Int(value("esoph", "total", "\(group)"))
      for paper in 0..<total {
        ages.append(Double(group))
        cases.append(paper < yes)
      }
    }
    let test = try #require(CochranArmitageTest(ages, cases))
    let statistic = value("esoph", "trend", "statistic")
    #expect(abs(test.statistic * test.statistic - statistic) < 1e-9 * statistic)
    #expect(abs(test.pValue - value("esoph", "trend", "p")) < 1e-15)
  }

  @Test func `least squares and its errors are those of lm and HC3`() throws {
    let data = RegressionGolden.data("logistic", "birthwt")
    let line = try #require(LinearSlope(data.numbers("lwt"), data.numbers("bwt")))
    #expect(abs(line.estimate - value("birthwt", "slope", "estimate")) < 1e-11)
    #expect(abs(line.modelError - value("birthwt", "slope", "se")) < 1e-11)
    #expect(abs((line.standardError ?? .nan) - value("birthwt", "slope", "hc3")) < 1e-11)
  }

  @Test func `the median slope is the median of all slopes`() throws {
    let data = RegressionGolden.data("logistic", "birthwt")
    let slope = try #require(TheilSenSlope(data.numbers("lwt"), data.numbers("bwt")))
    #expect(abs(slope.estimate - value("birthwt", "theil_sen", "estimate")) < 1e-12)
    let low = try #require(slope.slope.lower)
    let high = try #require(slope.slope.upper)
    #expect(low < slope.estimate && slope.estimate < high)
  }

  @Test(arguments: [(25, 1e-9), (7, 1e-9), (7, 1), (2, 5)])
  func `many papers give the same median slope as listing all`(years: Int, step: Double) throws {
    var stream = RandomStream(seed: 5)
    let x = (0..<1_600).map { _ in Double(2_000 + stream.index(below: years)) }
    let y = x.map { (($0 - 2_000) * 0.7 + 10 * stream.normal()) / step }.map { $0.rounded() * step }
    let counted = try #require(TheilSenSlope(x, y))
    var slopes: [Double] = []
    for i in x.indices {
      for j in 0..<i where x[i] != x[j] { slopes.append((y[i] - y[j]) / (x[i] - x[j])) }
    }
    slopes.sort()
    let median = (slopes[(slopes.count - 1) / 2] + slopes[slopes.count / 2]) / 2
    #expect(abs(counted.estimate - median) < 1e-7)
  }

  @Test func `a constant covariate has no trend`() {
    #expect(CochranArmitageTest([1, 1, 1], [true, false, true]) == nil)
    #expect(CochranArmitageTest([1, 2, 3], [true, true, true]) == nil)
    #expect(LinearSlope([2, 2, 2], [1, 2, 3]) == nil)
    #expect(TheilSenSlope([2, 2, 2], [1, 2, 3]) == nil)
    #expect(TheilSenSlope([], []) == nil)
  }
}
