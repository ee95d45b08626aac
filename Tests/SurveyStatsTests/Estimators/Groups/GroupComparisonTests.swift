import RealModule
import Testing

@testable import SurveyStats

@Suite struct GroupComparisonTests {
  /// 60 papers of 6 years and two types; the first item rises by year, the second never varies.
  let matrix = BinaryMatrix(
    papers: (0..<60).map { index in
      Paper(slug: "p\(index)", year: 2018 + index % 6, type: index < 30 ? "survey" : "empirical")
    },
    items: [
      Item(id: ItemID("open.code")), Item(id: ItemID("open.data")), Item(id: ItemID("setup.seed")),
    ]
  ) { paper, item in
    switch item {
    case 0: (paper * 7 + paper % 6 * 11) % 60 < 8 * (paper % 6) + (paper < 30 ? 4 : 12) ? .yes : .no
    case 1: paper == 3 ? .notApplicable : .yes
    default: paper % 5 == 0 ? .notApplicable : paper % 3 == 0 ? .yes : .no
    }
  }

  var types: [String?] { matrix.papers.map(\.type) }
  var targets: [RateTarget] { RateTarget.all(in: matrix, levels: [.item, .category, .overall]) }

  @Test func `items are compared by rates, categories by mean scores`() throws {
    let contrasts = GroupContrast.all(of: types, rule: .pairs)
    let rows = GroupComparison(contrasts)(matrix, targets: targets)
    #expect(rows.map(\.target.term) == ["code", "data", "seed", "open", "setup", "overall"])
    #expect(rows[0].contrast.first == "empirical" && rows[0].contrast.second == "survey")
    let yes = (0..<60).map { matrix.yes[$0, 0] }
    let pair = TwoProportions(yes[30...].count { $0 }, of: 30, yes[..<30].count { $0 }, of: 30)
    #expect(rows[0].estimate == pair.difference)
    #expect(rows[0].limits == pair.miettinenNurminenInterval())
    #expect(rows[1].note == "constant-item")
    #expect(rows[1].estimate == 0)
    let scores = matrix.percentYes(items: [0, 1, 2]).map { ($0 ?? .nan) / 100 }
    let welch = try #require(WelchTest(Array(scores[30...]), Array(scores[..<30])))
    #expect(rows[5].estimate == welch.difference)
    #expect(rows[5].pValue == welch.pValue)
  }

  @Test func `the table has one row a contrast and adjusts over all`() throws {
    let labels = matrix.papers.map { $0.year.map { "\($0 % 3)" } }
    let contrasts = GroupContrast.all(of: labels, rule: .rest)
    #expect(contrasts.map(\.second) == ["rest", "rest", "rest"])
    #expect(contrasts.map { $0.firstPapers.count + $0.secondPapers.count } == [60, 60, 60])
    let rows = GroupComparison(contrasts, interval: .newcombe, strata: types)(
      matrix, targets: targets)
    let table = Table(differences: rows, level: 0.95, adjustment: .holm)
    #expect(table.rowCount == 18)
    #expect(table["p_adjusted"]?.values == .real(PValueAdjustment.holm(rows.map(\.pValue))))
    for name in ["risk_ratio", "odds_low", "mh_difference", "homogeneity_p_value", "cliffs_delta"] {
      #expect(table[name] != nil, "\(name)")
    }
  }

  @Test func `a reference group is compared with each other group`() {
    let labels: [String?] = ["a", "b", nil, "c"]
    let contrasts = GroupContrast.all(of: labels, rule: .reference("b"))
    #expect(contrasts.map(\.first) == ["a", "c"])
    #expect(contrasts.allSatisfy { $0.secondPapers == [1] })
    #expect(GroupContrast.all(of: labels, rule: .reference("z")).isEmpty)
    #expect(GroupContrast.all(of: [nil, nil], rule: .pairs).isEmpty)
  }

  @Test func `a permutation test replaces the other`() {
    let contrasts = GroupContrast.all(of: types, rule: .pairs)
    let rows = GroupComparison(contrasts, permutations: 199, seed: 4)(matrix, targets: targets)
    #expect(rows.allSatisfy { $0.test == "permutation" })
    #expect(rows[1].pValue == 1)
    #expect(rows.allSatisfy { $0.pValue.map { $0 > 0 && $0 <= 1 } ?? false })
  }

  @Test func `the bootstrap resamples the difference that is reported`() async throws {
    let contrasts = GroupContrast.all(of: types, rule: .pairs)
    var rows = GroupComparison(contrasts)(matrix, targets: targets)
    let design = SamplingDesign(paperCount: 60)
    let statistic = DifferenceStatistic(
      rows.map { .init(matrix, target: $0.target, contrast: $0.contrast) }, design: design)
    for (value, row) in zip(statistic.original(), rows) {
      #expect(abs(value - (row.estimate ?? .nan)) < 1e-12)
    }
    let sample = try await Bootstrap(design: design, replicates: 199)(statistic)
    rows[0].replaceInterval(
      sample, quantity: 0, method: .percentile, level: 0.95, name: "percentile")
    let low = try #require(rows[0].limits.low)
    let high = try #require(rows[0].limits.high)
    #expect(low < high)
    rows[1].replaceInterval(
      sample, quantity: 1, method: .percentile, level: 0.95, name: "percentile")
    #expect(rows[1].limits.low == nil)
    #expect(rows[1].note == "constant-item; all replicates are equal")
    let pairs = DifferenceStatistic([.init(matrix, pair: (0, 1))], design: design)
    #expect(
      abs(pairs.original()[0] - (PairedProportions(matrix, 0, 1).difference ?? .nan)) < 1e-12)
  }

  @Test func `pairs of items make a table`() {
    let counts = PairedProportions(matrix, 0, 1)
    let table = Table(
      pairs: [PairDifference(first: "open.code", second: "open.data", counts: counts)], level: 0.9)
    #expect(table["n"]?.values == .integer([59]))
    #expect(table["p_value"]?.values == .real([counts.midPValue]))
  }

  @Test func `effect sizes are resampled as they are estimated`() async throws {
    let contrasts = GroupContrast.all(of: types, rule: .pairs)
    var rows = GroupComparison(contrasts)(matrix, targets: targets)
    let design = SamplingDesign(paperCount: 60)
    let statistic = EffectSizeStatistic(rows, of: matrix, design: design)
    let original = statistic.original()
    let ratios = (try #require(rows[0].riskRatio), try #require(rows[0].oddsRatio))
    #expect(abs(original[0] - Double.log(ratios.0.estimate)) < 1e-12)
    #expect(abs(original[1] - Double.log(ratios.1.estimate)) < 1e-12)
    #expect(original[3].isNaN, "odds of an item that all papers pass")
    let last = rows.count - 1
    let (d, delta) = (
      try #require(rows[last].welch?.cohensD), try #require(rows[last].ranks?.cliffsDelta)
    )
    #expect(abs(original[2 * last] - d) < 1e-12)
    #expect(abs(original[2 * last + 1] - delta) < 1e-12)
    // Every paper twice leaves delta as it is.
    let twice = [Double](repeating: 2, count: 60)
    var values = original
    var span = values.mutableSpan
    statistic.estimate(weights: twice.span, into: &span)
    #expect(abs(values[2 * last + 1] - delta) < 1e-12)
    let analytic = rows[last].cliffsDeltaLimits
    let sample = try await Bootstrap(design: design, replicates: 499)(statistic)
    rows[last].replaceEffectSizeIntervals(
      sample, quantity: 2 * last, method: .percentile, level: 0.95)
    for (one, other) in [
      (rows[last].cliffsDeltaLimits.low, analytic.low),
      (rows[last].cliffsDeltaLimits.high, analytic.high),
    ] {
      #expect(abs((one ?? .nan) - (other ?? .nan)) < 0.15)
    }
    #expect((rows[last].cohensDLimits.low ?? .nan) < d)
    #expect(rows[last].shiftLimits == CoefficientInterval(low: nil, high: nil))
    rows[0].replaceEffectSizeIntervals(sample, quantity: 0, method: .percentile, level: 0.95)
    let low = try #require(rows[0].oddsRatio?.low)
    let high = try #require(rows[0].oddsRatio?.high)
    #expect(low < ratios.1.estimate && ratios.1.estimate < high)
    #expect(low != ratios.1.low && high != ratios.1.high)
  }

  @Test func `clusters make interval and test those of a slope with CR2 errors`() throws {
    let contrast = GroupContrast.all(of: types, rule: .pairs)[0]
    let clusters = (0..<60).map { Optional("\($0 % 12)") }
    let rows = GroupComparison([contrast], strata: clusters, clusters: clusters)(
      matrix, targets: targets)
    let x = (0..<60).map { $0 < 30 ? 0.0 : 1 }
    let scores = matrix.percentYes(items: [0, 1, 2]).map { ($0 ?? .nan) / 100 }
    for (row, y) in [(rows[0], (0..<60).map { matrix.yes[$0, 0] ? 1.0 : 0 }), (rows[5], scores)] {
      let line = try #require(LinearSlope(x, y, type: .cr2, clusters: clusters))
      #expect(abs((row.estimate ?? .nan) - line.estimate) < 1e-12)
      #expect(abs((row.standardError ?? .nan) - (line.standardError ?? .nan)) < 1e-12)
      #expect(abs((row.pValue ?? .nan) - (line.pValue ?? .nan)) < 1e-12)
      #expect(row.interval == "CR2" && row.test == "CR2 t" && row.rankPValue == nil)
      #expect(row.note == "estimates within strata ignore the clusters")
      #expect(row.stratifiedDifference != nil)
    }
    #expect(rows[0].oddsRatio?.low == nil && rows[0].oddsRatio != nil)
    let single = GroupComparison([contrast], clusters: x.map { _ in "a" })(
      matrix, targets: [targets[0]])
    #expect(single[0].pValue == nil && single[0].note == "too few clusters")
  }

  @Test func `a sentence has the difference within strata`() {
    let contrast = GroupContrast.all(of: types, rule: .pairs)[0]
    let years = matrix.papers.map { $0.year.map(String.init) }
    let rows = GroupComparison([contrast], strata: years)(matrix, targets: targets)
    #expect(rows.allSatisfy { $0.isStratified })
    #expect(rows[5].sentence.contains("; within strata ") && rows[5].stratifiedScores != nil)
  }
}
