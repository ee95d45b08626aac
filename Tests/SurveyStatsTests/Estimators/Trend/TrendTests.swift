import Testing

@testable import SurveyStats

@Suite struct TrendTests {
  let matrix = GroupComparisonTests().matrix

  var groups: [(name: String, papers: [Int])] { (try? matrix.groups(of: "type")) ?? [] }
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
    let trends = TrendEstimator(covariate: years)(matrix, targets: targets, groups: groups)
    #expect(trends.count == 12)
    #expect(trends[0].group == "empirical" && trends[1].group == "survey")
    let differences = TrendDifference.all(of: trends)
    let first = try #require(differences.first)
    #expect(first.estimate == (trends[0].estimate ?? 0) - (trends[1].estimate ?? 0))
    #expect(Table(trendDifferences: differences, level: 0.95).rowCount == differences.count)
  }

  @Test func `clusters count in every slope and test`() throws {
    let years = matrix.papers.map { $0.year.map(Double.init) }
    let clusters = (0..<60).map { Optional("\($0 % 10)") }
    let trends = TrendEstimator(covariate: years, covarianceType: .cr2, clusters: clusters)(
      matrix, targets: targets)
    let plain = TrendEstimator(covariate: years)(matrix, targets: targets)
    #expect(trends[0].test == "wald" && plain[0].test == "cochran-armitage")
    #expect(trends[0].interval == "delta" && trends[5].interval == "t")
    #expect(trends[5].method == "least squares, CR2, 10 clusters" && trends[5].test == "t")
    let y = (0..<60).map { matrix.yes[$0, 0] ? 1.0 : 0 }
    let line = LinearSlope(years.compactMap { $0 }, y, type: .cr2, clusters: clusters)
    #expect(trends[0].linear == line && line?.clusterCount == 10)
    #expect(trends[5].standardError != plain[5].standardError)
  }

  @Test func `a covariate that nobody has is named`() {
    let trends = TrendEstimator(covariate: [Double?](repeating: nil, count: 60))(
      matrix, targets: targets)
    #expect(trends.allSatisfy { $0.note == "fewer-than-3-papers" && $0.count == 0 })
    let constant = TrendEstimator(covariate: [Double?](repeating: 1, count: 60))(
      matrix, targets: targets)
    #expect(constant.allSatisfy { $0.note == "constant covariate" })
  }

  @Test func `the odds of all answers have the errors of independence estimating equations`() throws
  {
    let years = matrix.papers.map { $0.year.map(Double.init) }
    let overall = try #require(
      TrendEstimator(covariate: years)(matrix, targets: targets).last)
    let cells = CellRows(matrix)
    let solution = try EstimatingEquations(correlation: .independence).solve(
      DesignMatrix(ModelFormula("year"), from: cells), outcome: cells.outcome,
      clusters: cells.clusters())
    #expect(abs((overall.logOddsRatio ?? .nan) - solution.coefficients[1]) < 1e-9)
    let error = (solution.robustCovariance[1, 1] * 60 / 59).squareRoot()
    let quantile = StudentT(degreesOfFreedom: 59).upperQuantile(0.025)
    let low = overall.logOddsLimits.low ?? .nan
    #expect(abs(low - (solution.coefficients[1] - quantile * error)) < 1e-8)
  }

  @Test func `the bootstrap repeats the slopes that are reported`() async throws {
    let years = matrix.papers.map { $0.year.map(Double.init) }
    let estimator = TrendEstimator(covariate: years, keepsRefits: true)
    var trends = estimator(matrix, targets: targets, groups: groups)
    let design = SamplingDesign(paperCount: 60)
    let statistic = TrendStatistic(trends, design: design)
    let original = statistic.original()
    for (index, trend) in trends.enumerated() {
      guard let estimate = trend.estimate else {
        #expect(original[2 * index].isNaN)
        continue
      }
      #expect(abs(original[2 * index] - estimate) < 1e-9, "\(trend.target.term)")
      if let odds = trend.logOddsRatio { #expect(abs(original[2 * index + 1] - odds) < 1e-9) }
    }
    let sample = try await Bootstrap(design: design, replicates: 499)(statistic)
    let analytic = trends
    for index in trends.indices {
      trends[index].replaceIntervals(
        sample, quantity: 2 * index, method: .percentile, level: 0.95, name: "percentile")
    }
    let overall = try #require(trends.last)
    #expect(overall.interval == "percentile")
    let low = try #require(overall.limits.low)
    let high = try #require(overall.limits.high)
    #expect(low < high)
    let ratio = (overall.standardError ?? .nan) / (analytic.last?.standardError ?? .nan)
    #expect(ratio > 0.7 && ratio < 1.3)
    let differences = TrendDifference.all(of: trends, sample: sample, method: .percentile)
    let plain = TrendDifference.all(of: analytic)
    #expect(differences.count == plain.count)
    for (one, other) in zip(differences, plain) {
      #expect(one.estimate == other.estimate)
      let shift = abs((one.standardError ?? .nan) / (other.standardError ?? .nan) - 1)
      #expect(shift < 0.5, "\(one.target.term)")
      // Rare answers of 30 papers are often all alike in a replicate: then there is no interval.
      if let low = one.limits.low, let high = one.limits.high {
        #expect(low < high && one.note == nil)
      } else {
        #expect(one.note?.contains("undefined") == true, "\(one.note ?? "")")
      }
    }
    #expect(differences.last?.limits.low != nil)
  }

  @Test(arguments: [1, 2, 7]) func `tasks change nothing`(jobs: Int) async throws {
    let estimator = TrendEstimator(covariate: matrix.papers.map { $0.year.map(Double.init) })
    for groups in [nil, groups] {
      let trends = try await estimator(matrix, targets: targets, groups: groups, jobs: jobs)
      let alone = estimator(matrix, targets: targets, groups: groups)
      #expect(trends.map(\.group) == alone.map(\.group))
      #expect(
        Table(trends: trends, on: "year", by: "type", level: 0.95, adjustment: .holm)
          == Table(trends: alone, on: "year", by: "type", level: 0.95, adjustment: .holm))
    }
  }

  @Test func `a sentence for prose gives points, odds and n`() throws {
    let years = matrix.papers.map { $0.year.map(Double.init) }
    let trends = TrendEstimator(covariate: years)(matrix, targets: targets, groups: groups)
    let sentence = trends[0].sentence(on: "year")
    #expect(sentence.hasPrefix("code, empirical: "))
    #expect(sentence.contains(" points per year"))
    #expect(sentence.contains("odds ratio per year"))
    #expect(sentence.contains("n = 30, "))
    let constant = try #require(trends.first { $0.estimate == nil })
    #expect(constant.sentence(on: "year").hasPrefix("data, empirical: no slope (open.data: yes"))
  }
}
