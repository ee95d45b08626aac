import Testing

@testable import SurveyStats

@Suite struct TrendTests {
  let matrix = GroupComparisonTests().matrix

  var types: [String?] { matrix.papers.map(\.type) }
  var targets: [RateTarget] { RateTarget.all(in: matrix, levels: [.item, .category, .overall]) }

  @Test func `an item's trend is its marginal effect and Cochran and Armitage's test`() throws {
    let years = matrix.papers.map { $0.year.map(Double.init) }
    let trends = TrendEstimator(covariate: years)(matrix, targets: targets)
    let test = try #require(
      CochranArmitageTest(years.compactMap { $0 }, (0..<60).map { matrix.yes[$0, 0] }))
    #expect(trends[0].pValue == test.pValue)
    let change = try #require(trends[0].estimate)
    #expect(change > 0.05 && change < 0.25)
    #expect(trends[0].method == "ML, profile")
    #expect(trends[1].note?.hasPrefix("open.data: yes for all 59 papers") == true)
    #expect(trends[1].estimate == nil)
    let overall = try #require(trends.last)
    #expect(overall.method == "least squares, HC3")
    #expect(overall.spearman != nil && overall.theilSen != nil)
    let table = Table(trends: trends, on: "year", level: 0.95, adjustment: .bh)
    #expect(table.rowCount == 6)
  }

  @Test func `slopes of groups are compared`() throws {
    let years = matrix.papers.map { $0.year.map(Double.init) }
    let trends = TrendEstimator(covariate: years)(matrix, targets: targets, groups: types)
    #expect(trends.count == 12)
    #expect(trends[0].group == "empirical" && trends[1].group == "survey")
    let differences = TrendDifference.all(of: trends)
    let first = try #require(differences.first)
    #expect(first.estimate == (trends[0].estimate ?? 0) - (trends[1].estimate ?? 0))
    #expect(Table(trendDifferences: differences, level: 0.95).rowCount == differences.count)
  }

  @Test func `a covariate that nobody has is named`() {
    let trends = TrendEstimator(covariate: [Double?](repeating: nil, count: 60))(
      matrix, targets: targets)
    #expect(trends.allSatisfy { $0.note == "fewer-than-3-papers" && $0.count == 0 })
    let constant = TrendEstimator(covariate: [Double?](repeating: 1, count: 60))(
      matrix, targets: targets)
    #expect(constant.allSatisfy { $0.note == "constant covariate" })
  }
}
