import Testing

@testable import SurveyStats

@Suite struct TrendTests {
  let matrix = GroupComparisonTests().matrix

  var groups: [(name: String, papers: [Int])] { (try? matrix.groups(of: "type")) ?? [] }
  var targets: [RateTarget] { RateTarget.all(in: matrix, levels: [.item, .category, .overall]) }

  var years: [Double?] { matrix.papers.map { $0.year.map(Double.init) } }

  @Test func `an item's trend is the change of a penalised curve with one test`() throws {
    let trends = TrendEstimator(covariate: years).estimate(matrix, targets: targets)
    let design = try DesignMatrix(
      ModelFormula("year"), from: CovariateColumns(["year": .numeric(years)]))
    let fit = try LogisticRegression(estimation: .firth).fit(
      design, outcome: matrix.outcome(item: 0))
    let rates = [2018.0, 2023].map { logistic(fit.coefficients[0] + fit.coefficients[1] * $0) }
    let change = try #require(trends[0].change.value)
    #expect(abs(change - (rates[1] - rates[0])) < 1e-9)
    let ratio = try #require(fit.likelihoodRatio(1))
    #expect(abs((trends[0].pValue ?? 2) - ChiSquared(degreesOfFreedom: 1).survival(ratio)) < 1e-9)
    #expect(trends[0].logOdds?.value == fit.coefficients[1])
    let limits = fit.profileInterval(1)
    #expect(trends[0].logOdds?.lower == limits.lower && trends[0].logOdds?.upper == limits.upper)
    #expect(trends[0].method == .penalizedLogistic(nil) && trends[0].test == .penalizedRatio)
    #expect(trends[0].span == 2018...2023)
    #expect(trends[0].item?.armitage != nil && trends[0].item?.effect != nil)
    #expect(trends[1].change.value == nil)
    #expect(trends[1].change.notes.map(\.code) == ["all-yes"])
    let overall = try #require(trends.last)
    #expect(overall.method?.description == "least squares, HC3" && overall.score?.mix == .common)
    #expect(overall.spearman != nil && overall.score?.theilSen != nil)
    let table = Table(trends: trends, on: "year", level: 0.95, adjustment: .bh)
    #expect(table.rowCount == 6)
  }

  @Test func `changes of groups are compared per unit`() throws {
    let trends = TrendEstimator(covariate: years).estimate(matrix, targets: targets, groups: groups)
    #expect(trends.count == 12)
    #expect(trends[0].group == "empirical" && trends[1].group == "survey")
    let differences = TrendDifference.all(of: trends)
    #expect(differences.count == 6)
    let first = try #require(differences.first)
    let expected =
      (trends[0].changePerUnit.value ?? 0) - (trends[1].changePerUnit.value ?? 0)
    #expect(first.difference.value == expected)
    #expect(differences[1].difference.value == nil)
    #expect(differences[1].difference.notes.first?.code == "no-change-in-group")
    #expect(Table(trendDifferences: differences, level: 0.95).rowCount == differences.count)
  }

  @Test func `clusters count in every change and test`() throws {
    let clusters = (0..<60).map { Optional("\($0 % 10)") }
    let trends = TrendEstimator(covariate: years, covarianceType: .cr2, clusters: clusters)
      .estimate(
        matrix, targets: targets)
    let plain = TrendEstimator(covariate: years).estimate(matrix, targets: targets)
    #expect(trends[0].test?.rawValue == "penalised likelihood ratio, CR2")
    #expect(trends[0].item != nil && trends[0].item?.armitage == nil)
    #expect(trends[0].change.method?.rawValue == "penalised profile, CR2")
    #expect(trends[5].change.method?.rawValue == "t, CR2")
    #expect(trends[5].method?.description == "least squares, CR2, 10 clusters")
    #expect((trends[0].pValue ?? 0) >= (plain[0].pValue ?? 1))
    let y = (0..<60).map { matrix.yes[$0, 0] ? 1.0 : 0 }
    let line = LinearSlope(years.compactMap { $0 }, y, type: .cr2, clusters: clusters)
    #expect(trends[0].item?.linear == line && line?.clusterCount == 10)
    #expect(trends[5].change.standardError != plain[5].change.standardError)
  }

  @Test func `one cluster has no error, and says so once`() {
    let clusters = [String?](repeating: "one", count: 60)
    for mix in ItemMix.Method.allCases {
      let trends = TrendEstimator(
        covariate: years, covarianceType: .cr2, clusters: clusters, mix: mix
      ).estimate(
        matrix, targets: targets)
      for trend in trends where trend.change.value != nil {
        #expect(trend.change.notes.filter { $0 == .oneCluster }.count == 1, "\(trend.target.term)")
        #expect(!trend.change.hasLimits && trend.pValue == nil && trend.change.method == nil)
        #expect(trend.logOdds?.lower == nil && trend.test == nil)
      }
    }
  }

  @Test func `a covariate that nobody has is named`() {
    let trends = TrendEstimator(covariate: [Double?](repeating: nil, count: 60)).estimate(
      matrix, targets: targets)
    #expect(trends.allSatisfy { $0.change.notes.last == .fewerThanThreePapers && $0.count == 0 })
    #expect(trends[0].change.notes.first?.description == "left-out: 60 without the covariate")
    let constant = TrendEstimator(covariate: [Double?](repeating: 1, count: 60)).estimate(
      matrix, targets: targets)
    #expect(constant.allSatisfy { $0.change.notes == [.constantCovariate] })
  }

  @Test func `papers that were asked harder items make no change of their own`() throws {
    // Every year passes the shared item at one half; from 2021 on an item is added that all pass.
    let mixed = BinaryMatrix(
      papers: (0..<120).map { Paper(slug: "p\($0)", year: 2018 + $0 % 6) },
      items: [Item(id: ItemID("a.shared")), Item(id: ItemID("a.new"))]
    ) { paper, item in
      item == 0 ? (paper / 6 % 2 == 0 ? .yes : .no) : paper % 6 < 3 ? .absent : .yes
    }
    let covariate = mixed.papers.map { $0.year.map(Double.init) }
    let overall = RateTarget.all(in: mixed, levels: [.overall])
    let common = TrendEstimator(covariate: covariate).estimate(mixed, targets: overall)[0]
    #expect(common.change.value == 0)
    #expect(common.score?.items.compared == 1 && common.score?.items.asked == 2)
    #expect(common.change.notes == [.itemsCompared(1, of: 2)])
    let crude = try #require(common.score?.crude)
    #expect((crude.value ?? 0) > 0.25 && (crude.lower ?? 0) > 0)
    let asIs = TrendEstimator(covariate: covariate, mix: .crude).estimate(mixed, targets: overall)[
      0]
    #expect(
      asIs.change.value == crude.value && asIs.score?.mix == .crude && asIs.score?.crude == nil)
    let model = TrendEstimator(covariate: covariate, mix: .model).estimate(mixed, targets: overall)[
      0]
    #expect(abs(model.change.value ?? 1) < 1e-9 && (model.pValue ?? 0) > 0.999)
    let none = TrendEstimator(covariate: covariate).estimate(
      mixed, targets: [RateTarget.all(in: mixed, levels: [.item])[1]])[0]
    #expect(none.change.value == nil)
    let disjoint = BinaryMatrix(papers: mixed.papers, items: mixed.items) { paper, item in
      (paper % 6 < 3) == (item == 0) ? (paper % 4 == 0 ? .yes : .no) : .absent
    }
    let nothing = TrendEstimator(covariate: covariate).estimate(disjoint, targets: overall)[0]
    #expect(nothing.change.value == nil && nothing.score?.crude?.value != nil)
    #expect(nothing.change.notes == [.noCommonItem])
  }

  @Test func `where all items apply the standardised line is that of mean scores`() throws {
    var stream = RandomStream(seed: 3)
    let full = BinaryMatrix(
      papers: (0..<40).map { Paper(slug: "p\($0)", year: 2015 + $0 % 7) },
      items: (0..<5).map { Item(id: ItemID("a.i\($0)")) }
    ) { _, _ in stream.uniform() < 0.4 ? .yes : .no }
    let covariate = full.papers.map { $0.year.map(Double.init) }
    let overall = RateTarget.all(in: full, levels: [.overall])
    let clusters = (0..<40).map { Optional("\($0 % 8)") }
    for type in [CovarianceType.hc0, .hc1, .hc2, .hc3, .cr0, .cr1, .cr2, .cr3] {
      let own = type.needsClusters ? clusters : nil
      let trend = TrendEstimator(covariate: covariate, covarianceType: type, clusters: own)
        .estimate(
          full, targets: overall)[0]
      let scores = full.percentYes(items: Array(0..<5)).map { ($0 ?? 0) / 100 }
      let line = try #require(
        LinearSlope(covariate.compactMap { $0 }, scores, type: type, clusters: own))
      #expect(abs((trend.change.value ?? 9) - 6 * line.estimate) < 1e-12, "\(type)")
      #expect(
        abs((trend.change.standardError ?? 9) - 6 * (line.standardError ?? 0)) < 1e-12, "\(type)")
      #expect(abs((trend.pValue ?? 9) - (line.pValue ?? 0)) < 1e-9, "\(type)")
      #expect(trend.score?.crude == nil)
    }
  }

  @Test func `weights count in items and scores, and weights of one change nothing`() throws {
    let ones = TrendEstimator(covariate: years, weights: [Double](repeating: 1, count: 60))
      .estimate(
        matrix, targets: targets)
    let plain = TrendEstimator(covariate: years).estimate(matrix, targets: targets)
    for (one, other) in zip(ones, plain) {
      #expect(one.change.value == other.change.value && one.pValue == other.pValue)
    }
    // A weight of two is the paper twice, but for the errors.
    let doubled = (0..<60).map { $0 % 4 == 0 ? 2.0 : 1 }
    let weighted = TrendEstimator(covariate: years, covarianceType: .hc3, weights: doubled)
      .estimate(
        matrix, targets: targets)
    let repeated = matrix.selecting(papers: (0..<60).flatMap { $0 % 4 == 0 ? [$0, $0] : [$0] })
    let twice = TrendEstimator(covariate: repeated.papers.map { $0.year.map(Double.init) })
      .estimate(
        repeated, targets: targets)
    for (one, other) in zip(weighted, twice) where one.target.level != .item {
      #expect(abs((one.change.value ?? 0) - (other.change.value ?? 0)) < 1e-12)
    }
    #expect(weighted[0].method?.description == "Firth, HC3")
    let zeros = TrendEstimator(covariate: years, weights: [Double](repeating: 0, count: 60))
      .estimate(
        matrix, targets: targets)
    #expect(zeros.allSatisfy { $0.change.value == nil && !$0.change.notes.isEmpty })
  }

  @Test func `the bootstrap repeats the slopes that are reported`() async throws {
    let estimator = TrendEstimator(covariate: years, keepsRefits: true)
    var trends = estimator.estimate(matrix, targets: targets, groups: groups)
    let design = SamplingDesign(paperCount: 60)
    let statistic = TrendStatistic(trends, design: design)
    let original = statistic.original()
    for (index, trend) in trends.enumerated() {
      guard let estimate = trend.change.value else {
        #expect(original[2 * index].isNaN)
        continue
      }
      #expect(abs(original[2 * index] - estimate) < 1e-9, "\(trend.target.term)")
      if let odds = trend.logOdds?.value {
        #expect(abs(original[2 * index + 1] - odds) < 1e-9)
      }
    }
    let sample = try await Bootstrap(design: design, replicates: 499)(statistic)
    let analytic = trends
    for index in trends.indices {
      trends[index].replaceIntervals(
        sample, quantity: 2 * index, method: .percentile, level: 0.95,
        name: MethodName(rawValue: "percentile"))
    }
    let overall = try #require(trends.last)
    #expect(
      overall.change.method?.rawValue == "percentile" && overall.test?.rawValue == "bootstrap")
    let low = try #require(overall.change.lower)
    let high = try #require(overall.change.upper)
    #expect(low < high)
    let ratio =
      (overall.change.standardError ?? .nan) / (analytic.last?.change.standardError ?? .nan)
    #expect(ratio > 0.7 && ratio < 1.3)
    let differences = TrendDifference.all(of: trends, sample: sample, method: .percentile)
    let plain = TrendDifference.all(of: analytic)
    #expect(differences.count == plain.count)
    for (one, other) in zip(differences, plain) where one.difference.value != nil {
      #expect(one.difference.value == other.difference.value)
      // Rare answers of 30 papers are often all alike in a replicate: then there is no interval.
      if let low = one.difference.lower, let high = one.difference.upper {
        #expect(low < high)
        let shift = abs(
          (one.difference.standardError ?? .nan) / (other.difference.standardError ?? .nan) - 1)
        #expect(shift < 0.5, "\(one.target.term)")
        #expect((low > 0 || high < 0) == ((one.pValue ?? 1) < 0.05))
      } else {
        #expect(one.difference.notes.contains { $0.effect == .noLimits })
      }
    }
    #expect(differences.last?.difference.lower != nil)
  }

  @Test(arguments: [ItemMix.Method.common, .model, .crude])
  func `a bootstrap of weighted and mixed scores repeats what is reported`(mix: ItemMix.Method)
    throws
  {
    let weights = (0..<60).map { 0.5 + Double($0 % 5) }
    let trends = TrendEstimator(
      covariate: years, covarianceType: .hc3, weights: weights, mix: mix, keepsRefits: true
    ).estimate(
      matrix, targets: targets)
    let original = TrendStatistic(trends, design: SamplingDesign(paperCount: 60)).original()
    for (index, trend) in trends.enumerated() {
      guard let value = trend.change.value else { continue }
      #expect(abs(original[2 * index] - value) < 1e-8, "\(trend.target.term)")
    }
  }

  @Test(arguments: [1, 2, 7]) func `tasks change nothing`(jobs: Int) async throws {
    let estimator = TrendEstimator(covariate: matrix.papers.map { $0.year.map(Double.init) })
    for groups in [nil, groups] {
      let trends = try await estimator.estimate(
        matrix, targets: targets, groups: groups, jobs: jobs)
      let alone = estimator.estimate(matrix, targets: targets, groups: groups)
      #expect(trends.map(\.group) == alone.map(\.group))
      #expect(
        Table(trends: trends, on: "year", by: "type", level: 0.95, adjustment: .holm)
          == Table(trends: alone, on: "year", by: "type", level: 0.95, adjustment: .holm))
    }
  }

  @Test func `a sentence for prose gives points, odds and n`() throws {
    let trends = TrendEstimator(covariate: years).estimate(matrix, targets: targets, groups: groups)
    let sentence = trends[0].sentence(on: "year")
    #expect(sentence.hasPrefix("code, empirical: "))
    #expect(sentence.contains(") points from year 2018 to 2023, "), "\(sentence)")
    #expect(sentence.contains(" per year, odds ratio per year"))
    #expect(sentence.contains("n = 30, "))
    let constant = try #require(trends.first { $0.change.value == nil })
    #expect(
      constant.sentence(on: "year") == "data, empirical: no change can be estimated (all-yes)")
  }
}
