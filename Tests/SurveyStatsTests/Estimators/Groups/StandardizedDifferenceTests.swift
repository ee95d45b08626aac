import RealModule
import Testing

@testable import SurveyStats

@Suite struct StandardizedDifferenceTests {
  let golden = RegressionGolden("comparison")

  /// The Berkeley admissions as papers: sex is the type, the department the venue.
  let berkeley: BinaryMatrix = {
    let data = StandardizationTests().berkeley()
    let papers = data.groups.indices.map { index in
      Paper(slug: "p\(index)", venue: data.strata[index], type: data.groups[index])
    }
    return BinaryMatrix(papers: papers, items: [Item(id: ItemID("a.admitted"))]) { paper, _ in
      data.answers[paper] == true ? .yes : .no
    }
  }()

  var contrast: GroupContrast {
    GroupContrast.all(of: berkeley.papers.map(\.type), rule: .pairs)[0]
  }

  var target: RateTarget { RateTarget.all(in: berkeley, levels: [.item])[0] }

  func difference(
    _ method: StandardizedDifference.Method, columns: [String] = ["venue"]
  ) throws -> StandardizedDifference {
    try StandardizedDifference(
      berkeley, target: target, contrast: contrast, columns: columns, method: method)
  }

  func value(_ quantity: String, _ group: String) -> Double {
    golden.values("ucb", quantity).first { $0.term == group }?.value ?? .nan
  }

  @Test func `direct standardisation is that of the Berkeley departments`() throws {
    let direct = try difference(.direct)
    #expect(direct.contrast.first == "female")
    #expect(abs((direct.first ?? .nan) - value("standard", "female")) < 1e-12)
    #expect(abs((direct.second ?? .nan) - value("standard", "male")) < 1e-12)
    let error = Double.hypot(value("standard_se", "female"), value("standard_se", "male"))
    #expect(abs((direct.standardError ?? .nan) - error) < 1e-12)
    #expect((direct.crude ?? 0) < -0.1 && (direct.estimate ?? 0) > 0)
    #expect(direct.note == nil)
  }

  @Test func `weighting by one categorical column gives the same, for a population's mix`() throws {
    let direct = try difference(.direct)
    let weighted = try difference(.weighting)
    #expect(abs((weighted.first ?? .nan) - (direct.first ?? .nan)) < 1e-9)
    #expect(abs((weighted.second ?? .nan) - (direct.second ?? .nan)) < 1e-9)
    // With a saturated model the variance is the direct one and that of the strata's differences.
    let rows = try #require(direct.refit).rows
    let strata = Set(rows.map(\.stratum)).sorted()
    let total = Double(rows.count)
    var spread = 0.0
    for stratum in strata {
      let own = rows.filter { $0.stratum == stratum }
      let (first, second) = (own.filter(\.isFirst), own.filter { !$0.isFirst })
      let gap =
        first.reduce(0) { $0 + $1.value } / Double(first.count)
        - second.reduce(0) { $0 + $1.value } / Double(second.count)
      let distance = gap - (direct.estimate ?? .nan)
      spread += Double(own.count) / total * distance * distance / total
    }
    let expected = Double.hypot(direct.standardError ?? .nan, spread.squareRoot())
    #expect(abs((weighted.standardError ?? .nan) - expected) < 1e-9)
  }

  @Test func `the bootstrap repeats both and agrees with their errors`() async throws {
    let both = [try difference(.direct), try difference(.weighting)]
    let design = SamplingDesign(paperCount: berkeley.papers.count)
    let statistic = StandardizedStatistic(both, design: design)
    for (value, row) in zip(statistic.original(), both) {
      #expect(abs(value - (row.estimate ?? .nan)) < 1e-9)
    }
    let sample = try await Bootstrap(design: design, replicates: 199)(statistic)
    var row = both[1]
    row.replaceInterval(
      sample, quantity: 1, method: .percentile, level: 0.95, name: "percentile")
    let ratio = (row.standardError ?? .nan) / (both[1].standardError ?? .nan)
    #expect(abs(ratio - 1) < 0.15)
    #expect((row.difference.lower ?? .nan) < (row.difference.upper ?? .nan))
  }

  @Test func `strata of one group and missing columns are left out and said`() throws {
    let matrix = BinaryMatrix(
      papers: [
        Paper(slug: "a", year: 1, type: "x"), Paper(slug: "b", year: 2, type: "x"),
        Paper(slug: "c", year: 1, type: "y"), Paper(slug: "d", type: "y"),
      ], items: [Item(id: ItemID("q"))]
    ) { paper, _ in paper == 2 ? .no : .yes }
    let contrast = GroupContrast.all(of: matrix.papers.map(\.type), rule: .pairs)[0]
    let target = RateTarget.all(in: matrix, levels: [.item])[0]
    let row = try StandardizedDifference(
      matrix, target: target, contrast: contrast, columns: ["year"], method: .direct)
    #expect(row.estimate == 1)
    #expect(row.firstCount == 1 && row.secondCount == 1)
    #expect(
      row.note?.hasPrefix("1 papers without year; 1 papers left out in strata of one") == true)
    #expect(row.sentence.contains("100.0"))
    let none = try StandardizedDifference(
      matrix, target: target, contrast: contrast, columns: ["venue"], method: .direct)
    #expect(none.estimate == nil && none.note == "4 papers without venue")
    #expect(throws: ModelFormulaError.self) {
      try StandardizedDifference(
        matrix, target: target, contrast: contrast, columns: ["nothing"], method: .weighting)
    }
  }

  @Test func `groups are standardised over the items that apply in both`() async throws {
    // Both pass the shared item alike in each year; the second group is asked a hard one too.
    let matrix = BinaryMatrix(
      papers: (0..<60).map { Paper(slug: "p\($0)", year: $0 % 2, type: $0 < 30 ? "x" : "y") },
      items: [Item(id: ItemID("base.i")), Item(id: ItemID("hard.i"))]
    ) { paper, item in
      item == 0 ? paper % 5 < 3 ? .yes : .no : paper < 30 ? .notApplicable : .no
    }
    func ask(_ mix: ItemMix.Method) async throws -> StandardizedDifference {
      let asked = StandardizedGroups(
        by: "type", levels: [.overall], columns: ["year"], mix: mix)
      return try #require(try await Run()(asked, of: Study(matrix)).rows.first)
    }
    let common = try await ask(.common)
    #expect(abs(common.estimate ?? .nan) < 1e-12 && (common.crude ?? 0) > 0.2)
    #expect(common.mix == .common && common.itemCount == 1)
    let crude = try await ask(.crude)
    #expect(abs((crude.estimate ?? .nan) - (common.crude ?? .nan)) < 1e-12)
    #expect(crude.mix == .crude && crude.itemCount == 2)
    let alone = try StandardizedDifference(
      matrix, target: RateTarget.all(in: matrix, levels: [.overall])[0],
      contrast: GroupContrast.all(of: matrix.papers.map(\.type), rule: .pairs)[0],
      columns: ["year"], method: .direct)
    #expect(alone.estimate == common.estimate)
  }

  @Test func `few papers of a stratum take the pooled variance, few for a model are said`() throws {
    // Stratum 1: five papers of x with two yes, five of y with three; stratum 2: one and two papers.
    let answers = [1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0]
    let types = ["x", "x", "x", "x", "x", "y", "y", "y", "y", "y", "x", "y", "y"]
    let matrix = BinaryMatrix(
      papers: types.indices.map { Paper(slug: "p\($0)", year: $0 < 10 ? 1 : 2, type: types[$0]) },
      items: [Item(id: ItemID("q"))]
    ) { paper, _ in answers[paper] == 1 ? .yes : .no }
    let contrast = GroupContrast.all(of: types.map(Optional.some), rule: .pairs)[0]
    let target = RateTarget.all(in: matrix, levels: [.item])[0]
    func row(_ method: StandardizedDifference.Method) throws -> StandardizedDifference {
      try StandardizedDifference(
        matrix, target: target, contrast: contrast, columns: ["year"], method: method)
    }
    // Sums of squares 1.2, 1.2, 0 and 0.5 on 13 − 4 degrees of freedom.
    let pooled = 2.9 / 9
    let (first, second) = (10.0 / 13, 3.0 / 13)
    let expected =
      first * first * (0.24 / 5 + 0.24 / 5) + second * second * (pooled + pooled / 2)
    let direct = try row(.direct)
    #expect(abs((direct.standardError ?? .nan) - expected.squareRoot()) < 1e-12)
    #expect(direct.note == nil)
    #expect(try row(.weighting).note?.contains("few papers of a group for the model") == true)
  }
}
