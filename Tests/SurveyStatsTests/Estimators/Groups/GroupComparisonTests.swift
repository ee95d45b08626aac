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
    let rows = GroupComparison(contrasts).estimate(matrix, targets: targets)
    #expect(rows.map(\.target.term) == ["code", "data", "seed", "open", "setup", "overall"])
    #expect(rows[0].contrast.first == "empirical" && rows[0].contrast.second == "survey")
    let yes = (0..<60).map { matrix.yes[$0, 0] }
    let pair = TwoProportions(yes[30...].count { $0 }, of: 30, yes[..<30].count { $0 }, of: 30)
    #expect(rows[0].estimate == pair.difference)
    #expect(rows[0].difference.lower == pair.miettinenNurminenInterval().lower)
    #expect(rows[0].difference.upper == pair.miettinenNurminenInterval().upper)
    #expect(rows[1].note == "conservative-test; constant-item")
    #expect(rows[1].estimate == 0 && rows[1].pValue == 1 && rows[1].standardError == nil)
    let scores = matrix.percentYes(items: [0, 1, 2]).map { ($0 ?? .nan) / 100 }
    let welch = try #require(WelchTest(Array(scores[30...]), Array(scores[..<30])))
    #expect(abs((rows[5].score?.crude ?? .nan) - welch.difference) < 1e-12)
    #expect(
      rows[5].score?.mix == .common && rows[5].score?.itemCount == 3
        && rows[5].score?.commonShare == 1)
    let crude = GroupComparison(contrasts, mix: .crude).estimate(matrix, targets: targets)
    #expect(abs((crude[5].estimate ?? .nan) - welch.difference) < 1e-12)
    #expect(abs((crude[5].standardError ?? .nan) - (welch.standardError ?? .nan)) < 1e-12)
    #expect(crude[5].difference.degreesOfFreedom == 58)
  }

  @Test func `the mean of the items' differences is compared where all were asked`() throws {
    let contrast = GroupContrast.all(of: types, rule: .pairs)[0]
    let rows = GroupComparison([contrast]).estimate(matrix, targets: targets)
    var (sum, total) = (0.0, 0.0)
    for item in 0..<3 {
      let counts = [contrast.firstPapers, contrast.secondPapers].map { papers in
        papers.filter { matrix.applies[$0, item] }
      }
      let rates = counts.map { papers in
        Double(papers.count { matrix.yes[$0, item] }) / Double(papers.count)
      }
      let weight = Double(counts[0].count + counts[1].count)
      sum += weight * (rates[0] - rates[1])
      total += weight
    }
    #expect(abs((rows[5].estimate ?? .nan) - sum / total) < 1e-12)
    for row in rows {
      let (low, high) = (try #require(row.difference.lower), try #require(row.difference.upper))
      let p = try #require(row.pValue)
      #expect(low >= -1 && high <= 1 && low <= high)
      #expect((p < 0.05) == (low > 0 || high < 0), "\(row.target.term)")
    }
  }

  @Test func `groups that were asked other items are compared over those of both`() throws {
    // 60 % pass the shared item in both groups; one was asked a hard item too.
    let mixed = BinaryMatrix(
      papers: (0..<200).map { Paper(slug: "p\($0)", type: $0 % 2 == 0 ? "survey" : "bench") },
      items: [Item(id: ItemID("base.i")), Item(id: ItemID("mod.hard"))]
    ) { paper, item in
      if item == 0 { return paper / 2 % 5 < 3 ? .yes : .no }
      return paper % 2 == 0 ? .absent : paper / 2 % 10 == 0 ? .yes : .no
    }
    let contrast = GroupContrast.all(of: mixed.papers.map(\.type), rule: .pairs)
    let all = RateTarget.all(in: mixed, levels: [.overall])
    let row = GroupComparison(contrast).estimate(mixed, targets: all)[0]
    #expect(abs(row.estimate ?? 1) < 1e-12 && (row.pValue ?? 0) > 0.99)
    #expect((row.score?.crude ?? 0) < -0.2 && row.score?.itemCount == 1)
    let crude = GroupComparison(contrast, mix: .crude).estimate(mixed, targets: all)[0]
    #expect(crude.estimate == row.score?.crude && (crude.pValue ?? 1) < 0.001)
    let hard = RateTarget.all(in: mixed, levels: [.category]).filter { $0.term == "mod" }
    let none = GroupComparison(contrast).estimate(mixed, targets: hard)[0]
    #expect(none.estimate == nil && none.note == "never-asked")
    // Model: one level an item tells the same.
    let model = GroupComparison(contrast, mix: .model).estimate(mixed, targets: all)[0]
    #expect(abs(model.estimate ?? 1) < 0.05)
  }

  @Test func `three groups without a common item are compared two by two`() throws {
    // Item k was asked in groups k and k + 1.
    let names = ["a", "b", "c"]
    let matrix = BinaryMatrix(
      papers: (0..<90).map { Paper(slug: "p\($0)", type: names[$0 % 3]) },
      items: (0..<3).map { Item(id: ItemID("x.i\($0)")) }
    ) { paper, item in
      paper % 3 == item || paper % 3 == (item + 1) % 3 ? (paper % 7 < 3 ? .yes : .no) : .absent
    }
    let contrasts = GroupContrast.all(of: matrix.papers.map(\.type), rule: .pairs)
    let rows = GroupComparison(contrasts).estimate(
      matrix, targets: RateTarget.all(in: matrix, levels: [.overall]))
    #expect(rows.allSatisfy { $0.score?.itemCount == 1 && $0.estimate != nil })
    #expect(rows.allSatisfy { $0.note?.contains("items-common-to-two-groups") == true })
  }

  @Test func `a group without variation has limits within the range and the true reason`() throws {
    let matrix = BinaryMatrix(
      papers: (0..<11).map { Paper(slug: "p\($0)", type: $0 < 5 ? "A" : "B") },
      items: [Item(id: ItemID("a.x")), Item(id: ItemID("a.y"))]
    ) { paper, _ in paper < 5 ? .yes : .no }
    let contrasts = GroupContrast.all(of: matrix.papers.map(\.type), rule: .pairs)
    let rows = GroupComparison(contrasts).estimate(
      matrix, targets: RateTarget.all(in: matrix, levels: [.item, .overall]))
    for row in rows {
      #expect(row.estimate == 1 && row.difference.upper == 1)
      let low = try #require(row.difference.lower)
      #expect(low > 0.3 && low < 0.9)
      #expect(row.standardError == nil && (row.pValue ?? 1) < 0.02)
    }
    #expect(rows[0].note == "infinite-ratio; no-standard-error")
    #expect(rows[2].note?.contains("constant-within-groups") == true)
    #expect(rows[2].note?.contains("constant-item") == false)
  }

  @Test func `weights count`() throws {
    let contrast = GroupContrast.all(of: types, rule: .pairs)[0]
    let weights = (0..<60).map { 1.0 + Double($0 % 3) }
    let design = try SamplingDesign(paperCount: 60, weights: weights)
    let rows = GroupComparison([contrast], design: design).estimate(matrix, targets: targets)
    func mean(_ papers: [Int]) -> Double {
      let total = papers.reduce(0) { $0 + weights[$1] }
      return papers.reduce(0) { $0 + (matrix.yes[$1, 0] ? weights[$1] : 0) } / total
    }
    let expected = mean(contrast.firstPapers) - mean(contrast.secondPapers)
    #expect(abs((rows[0].estimate ?? .nan) - expected) < 1e-12)
    #expect(rows[0].test == "score t" && rows[0].firstCount == 30)
    #expect(rows[5].note?.contains("ranks-ignore-design") == true)
    // Equal weights are the same as none.
    let equal = try SamplingDesign(paperCount: 60, weights: weights.map { _ in 2 })
    #expect(
      GroupComparison([contrast], design: equal).estimate(matrix, targets: targets)
        == GroupComparison([contrast]).estimate(matrix, targets: targets))
  }

  @Test func `the table has one row a contrast and adjusts over all`() throws {
    let labels = matrix.papers.map { $0.year.map { "\($0 % 3)" } }
    let contrasts = GroupContrast.all(of: labels, rule: .rest)
    #expect(contrasts.map(\.second) == ["rest", "rest", "rest"])
    #expect(contrasts.map { $0.firstPapers.count + $0.secondPapers.count } == [60, 60, 60])
    let rows = GroupComparison(contrasts, interval: .newcombe, strata: types).estimate(
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
    let rows = GroupComparison(contrasts, permutations: 199, seed: 4).estimate(
      matrix, targets: targets)
    #expect(rows.allSatisfy { $0.test == "permutation" })
    #expect(rows[1].pValue == 1)
    #expect(rows.allSatisfy { $0.pValue.map { $0 > 0 && $0 <= 1 } ?? false })
  }

  @Test func `the bootstrap resamples the difference that is reported`() async throws {
    let contrasts = GroupContrast.all(of: types, rule: .pairs)
    var rows = GroupComparison(contrasts).estimate(matrix, targets: targets)
    let design = SamplingDesign(paperCount: 60)
    let statistic = DifferenceStatistic(
      rows.map { DifferenceStatistic.Difference($0, of: matrix, design: design) }, design: design)
    for (value, row) in zip(statistic.original(), rows) {
      #expect(abs(value - (row.estimate ?? .nan)) < 1e-12)
    }
    let sample = try await Bootstrap(design: design, replicates: 199)(statistic)
    rows[0].replaceInterval(
      sample, quantity: 0, method: .percentile, level: 0.95, name: "percentile")
    let low = try #require(rows[0].difference.lower)
    let high = try #require(rows[0].difference.upper)
    #expect(low < high)
    rows[1].replaceInterval(
      sample, quantity: 1, method: .percentile, level: 0.95, name: "percentile")
    #expect(rows[1].difference.lower == nil)
    #expect(rows[1].note == "conservative-test; constant-item; all-replicates-equal")
    let pairs = DifferenceStatistic([.init(matrix, pair: (0, 1))], design: design)
    #expect(
      abs(pairs.original()[0] - (PairedProportions(matrix, 0, 1).difference ?? .nan)) < 1e-12)
  }

  @Test func `pairs of items make a table`() {
    let counts = PairedProportions(matrix, 0, 1)
    let table = Table(pairs: [PairDifference(matrix, 0, 1, basis: .joint)], level: 0.9)
    #expect(table["n"]?.values == .integer([59]))
    #expect(table["p_value"]?.values == .real([counts.mcNemarPValue]))
    #expect(table["p_mid"]?.values == .real([counts.midPValue]))
  }

  @Test func `effect sizes are resampled as they are estimated`() async throws {
    let contrasts = GroupContrast.all(of: types, rule: .pairs)
    var rows = GroupComparison(contrasts).estimate(matrix, targets: targets)
    let design = SamplingDesign(paperCount: 60)
    let statistic = EffectSizeStatistic(rows, of: matrix, design: design)
    let original = statistic.original()
    let ratios = (try #require(rows[0].item?.riskRatio), try #require(rows[0].item?.oddsRatio))
    #expect(abs(original[0] - Double.log(ratios.0.value ?? .nan)) < 1e-12)
    #expect(abs(original[1] - Double.log(ratios.1.value ?? .nan)) < 1e-12)
    #expect(original[3].isNaN, "odds of an item that all papers pass")
    let last = rows.count - 1
    let (d, delta) = (
      try #require(rows[last].score?.welch?.cohensD),
      try #require(rows[last].score?.ranks?.cliffsDelta)
    )
    #expect(abs(original[2 * last] - d) < 1e-12)
    #expect(abs(original[2 * last + 1] - delta) < 1e-12)
    // Every paper twice leaves delta as it is.
    let twice = [Double](repeating: 2, count: 60)
    var values = original
    var span = values.mutableSpan
    statistic.estimate(weights: twice.span, into: &span)
    #expect(abs(values[2 * last + 1] - delta) < 1e-12)
    let analytic = try #require(rows[last].score?.cliffsDeltaLimits)
    let sample = try await Bootstrap(design: design, replicates: 499)(statistic)
    rows[last].replaceEffectSizeIntervals(
      sample, quantity: 2 * last, method: .percentile, level: 0.95)
    for (one, other) in [
      (rows[last].score?.cliffsDeltaLimits.lower, analytic.lower),
      (rows[last].score?.cliffsDeltaLimits.upper, analytic.upper),
    ] {
      #expect(abs((one ?? .nan) - (other ?? .nan)) < 0.15)
    }
    #expect((rows[last].score?.cohensDLimits.lower ?? .nan) < d)
    #expect(rows[last].score?.shiftLimits == Estimate(nil))
    rows[0].replaceEffectSizeIntervals(sample, quantity: 0, method: .percentile, level: 0.95)
    let low = try #require(rows[0].item?.oddsRatio?.lower)
    let high = try #require(rows[0].item?.oddsRatio?.upper)
    #expect(low < ratios.1.value ?? .nan && ratios.1.value ?? .nan < high)
    #expect(low != ratios.1.lower && high != ratios.1.upper)
  }

  @Test func `effect sizes are resampled over the items that they are of`() throws {
    // Both groups pass the shared item alike; the second is asked a hard one too.
    let matrix = BinaryMatrix(
      papers: (0..<40).map { Paper(slug: "p\($0)", type: $0 < 20 ? "x" : "y") },
      items: [Item(id: ItemID("base.i")), Item(id: ItemID("hard.i"))]
    ) { paper, item in
      item == 0 ? paper % 5 < 3 ? .yes : .no : paper < 20 ? .notApplicable : .no
    }
    let rows = GroupComparison(GroupContrast.all(of: matrix.papers.map(\.type), rule: .pairs))
      .estimate(matrix, targets: RateTarget.all(in: matrix, levels: [.overall]))
    #expect(rows[0].score?.welch?.cohensD == 0 && (rows[0].score?.crude ?? 0) > 0.2)
    let original = EffectSizeStatistic(
      rows, of: matrix, design: SamplingDesign(paperCount: matrix.papers.count)
    ).original()
    #expect(abs(original[0]) < 1e-12 && abs(original[1]) < 1e-12)
  }

  @Test func `clusters have CR2 errors and score limits with effective sizes`() throws {
    let contrast = GroupContrast.all(of: types, rule: .pairs)[0]
    let clusters = (0..<60).map { "\($0 % 12)" }
    let design = try SamplingDesign(paperCount: 60, clusters: clusters)
    let rows = GroupComparison([contrast], design: design, mix: .crude, strata: clusters).estimate(
      matrix, targets: targets)
    let x = (0..<60).map { $0 < 30 ? 0.0 : 1 }
    let scores = matrix.percentYes(items: [0, 1, 2]).map { ($0 ?? .nan) / 100 }
    for (row, y) in [(rows[0], (0..<60).map { matrix.yes[$0, 0] ? 1.0 : 0 }), (rows[5], scores)] {
      let line = try #require(LinearSlope(x, y, type: .cr2, clusters: clusters))
      #expect(abs((row.estimate ?? .nan) - line.estimate) < 1e-12)
      #expect(abs((row.standardError ?? .nan) - (line.standardError ?? .nan)) < 1e-12)
      #expect(row.interval == "score" && row.test == "score t" && row.score?.rankPValue == nil)
      #expect(row.note?.contains("strata-ignore-design") == true)
      #expect(row.note?.contains("few-effective-clusters: 12") == true)
      #expect(row.stratifiedDifference != nil)
      let (low, high) = (try #require(row.difference.lower), try #require(row.difference.upper))
      #expect(low >= -1 && high <= 1 && ((row.pValue ?? 1) < 0.05) == (low > 0 || high < 0))
    }
    #expect(rows[0].item?.oddsRatio?.lower != nil)
    let one = try SamplingDesign(paperCount: 60, clusters: x.map { _ in "a" })
    let single = GroupComparison([contrast], design: one).estimate(matrix, targets: [targets[0]])
    #expect(single[0].pValue == nil && single[0].note == "too-few-clusters")
    #expect(single[0].difference.lower == nil)
  }

  @Test func `a sentence has the difference within strata`() {
    let contrast = GroupContrast.all(of: types, rule: .pairs)[0]
    let years = matrix.papers.map { $0.year.map(String.init) }
    let rows = GroupComparison([contrast], strata: years).estimate(matrix, targets: targets)
    #expect(rows.allSatisfy { $0.isStratified })
    #expect(rows[5].sentence.contains("; within strata ") && rows[5].score?.stratified != nil)
  }

  @Test func `more pairs of groups than anybody reads are refused, all with one are not`()
    async throws
  {
    let matrix = BinaryMatrix(
      papers: (0..<303).map { row in
        var paper = Paper(slug: "p\(row)")
        paper.covariates["team"] = "g\(row % 101)"
        return paper
      }, items: [Item(id: ItemID("a.x"))]
    ) { paper, _ in paper % 2 == 0 ? .yes : .no }
    func groups(_ rule: GroupContrast.Rule) -> Groups {
      Groups(by: "team", rule: rule, levels: [.item], folding: GroupFolding(fewest: 1))
    }
    await #expect(
      throws: Groups.GroupError.tooManyContrasts(column: "team", groups: 101, contrasts: 5_050)
    ) {
      try await Run()(groups(.pairs), of: Study(matrix))
    }
    #expect(try await Run()(groups(.reference("g0")), of: Study(matrix)).rows.count == 100)
  }
}
