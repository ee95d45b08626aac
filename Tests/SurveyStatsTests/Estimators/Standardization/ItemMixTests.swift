import Testing

@testable import SurveyStats

@Suite struct ItemMixTests {
  private struct Groups {
    let papers: RatioOfSumsTests.Papers
    let groups: [[Int]]
    let design: SamplingDesign

    init() throws {
      papers = try RatioOfSumsTests.Papers()
      let strata = try papers.golden.texts("stratum")
      groups = ["a", "b"].map { name in strata.indices.filter { strata[$0] == name } }
      design = SamplingDesign(paperCount: strata.count)
    }

    func mix(_ method: ItemMix.Method) -> ItemMix {
      ItemMix(papers.matrix, items: [0, 1, 2], groups: groups, design: design, method: method)
    }
  }

  @Test(arguments: [ItemMix.Method.common, .model])
  func `rates over the mix and their errors are those of the references`(
    method: ItemMix.Method
  ) throws {
    let groups = try Groups()
    let golden = try EstimatorGolden("item_mix")
    let methods = try golden.texts("method")
    let rows = golden.rows.indices.filter { methods[$0] == method.rawValue }
    let (rates, errors) = (try golden.numbers("rate"), try golden.numbers("std_error"))
    let mix = groups.mix(method)
    for (group, row) in rows.enumerated() {
      #expect(isClose(mix.value(group), rates[row], within: 1e-9))
      let contributions = try #require(mix.contributions(group))
      let plain = contributions.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(isClose(plain, errors[row], within: 1e-8))
      let variance = try #require(mix.variance(group))
      #expect(variance.standardError > plain && variance.standardError < 1.1 * plain)
    }
  }

  @Test func `two groups that pass the shared item alike do not differ`() throws {
    // Item 0 is passed by 60 % of both groups; the second group is asked a hard item too.
    let matrix = BinaryMatrix(
      text: (0..<200).map { paper in
        let easy = paper / 2 % 5 < 3 ? "1" : "0"
        return easy + (paper % 2 == 0 ? "." : paper % 20 == 1 ? "1" : "0")
      })
    let groups = [0, 1].map { rest in (0..<200).filter { $0 % 2 == rest } }
    let design = SamplingDesign(paperCount: 200)
    let mix = ItemMix(matrix, items: [0, 1], groups: groups, design: design)
    #expect(mix.value(0) == 0.6 && mix.value(1) == 0.6)
    #expect(mix.mixedItems == [0] && isClose(mix.commonShare, 2.0 / 3))
    #expect(mix.crude(1) == 0.35 && !mix.isEqual)
    let contrast = try #require(mix.contrast([-1, 1]))
    #expect(abs(contrast.value) < 1e-12 && (contrast.pValue ?? 0) > 0.999)
    let difference = try #require(mix.difference(from: 0, to: 1, level: 0.95))
    #expect(difference.lower < -0.1 && difference.upper > 0.1)
    let model = ItemMix(
      matrix, items: [0, 1], groups: groups, design: design, method: .model)
    let gap = try #require(model.contrast([-1, 1]))
    #expect(abs(gap.value) < 1e-9)
    let crude = ItemMix(
      matrix, items: [0, 1], groups: groups, design: design, method: .crude)
    #expect(isClose(crude.value(1), 0.35))
    #expect((crude.contrast([-1, 1])?.pValue ?? 1) < 0.001)
  }

  @Test func `a single item has its own rate, error and limits`() throws {
    let matrix = BinaryMatrix(text: (0..<60).map { $0 % 3 == 0 ? "1" : $0 % 7 == 0 ? "-" : "0" })
    let groups = [Array(0..<30), Array(30..<60)]
    let design = SamplingDesign(paperCount: 60)
    let mix = ItemMix(matrix, items: [0], groups: groups, design: design)
    for (group, rows) in groups.enumerated() {
      let part = matrix.selecting(papers: rows)
      let target = RateTarget.all(in: part, levels: [.item])[0]
      let ratio = RatioOfSums(
        part, target: target, design: SamplingDesign(paperCount: rows.count))
      let variance = try #require(mix.variance(group))
      #expect(isClose(mix.value(group), ratio.estimate))
      #expect(isClose(variance.standardError, ratio.standardError))
      #expect(isClose(variance.degreesOfFreedom, Double(ratio.unitCount - 1), within: 1e-9))
      let limits = try #require(mix.limits(group, level: 0.95))
      #expect(limits.lower > 0 && limits.upper < 1 && limits.interval == .wilson)
    }
  }

  @Test func `three groups and one of a combination`() throws {
    let matrix = BinaryMatrix.random(papers: 90, items: 6)
    let groups = (0..<3).map { rest in (0..<90).filter { $0 % 3 == rest } }
    for method in ItemMix.Method.allCases {
      let mix = ItemMix(
        matrix, items: Array(0..<6), groups: groups, design: SamplingDesign(paperCount: 90),
        method: method)
      let contrast = try #require(mix.contrast([-1, 0, 1]))
      let (first, last) = (try #require(mix.value(0)), try #require(mix.value(2)))
      #expect(isClose(contrast.value, last - first))
      #expect(contrast.degreesOfFreedom > 40 && contrast.degreesOfFreedom < 60)
      #expect(mix.paperCount(0) == 30)
    }
  }

  @Test func `what cannot be compared says why`() {
    let apart = BinaryMatrix(text: ["1.", "0.", ".1", ".0"])
    let groups = [[0, 1], [2, 3]]
    let design = SamplingDesign(paperCount: 4)
    let common = ItemMix(apart, items: [0, 1], groups: groups, design: design)
    #expect(common.value(0) == nil && common.note(of: 0) == .noCommonItem)
    #expect(common.contrast([-1, 1]) == nil && common.limits(0, level: 0.95) == nil)
    let model = ItemMix(apart, items: [0, 1], groups: groups, design: design, method: .model)
    #expect(model.note(of: 1) == .unconnectedGroups)
    #expect(common.crude(0) == 0.5)
    let separated = BinaryMatrix(text: ["11", "11", "10", "01"])
    #expect(
      ItemMix(separated, items: [0, 1], groups: groups, design: design, method: .model)
        .note(of: 0) == .separatedGroup)
    let empty = BinaryMatrix(text: ["1", "0", "-", "."])
    #expect(
      ItemMix(empty, items: [0], groups: groups, design: design).note(of: 1) == .noAnswer)
    #expect(ItemMix.items(of: apart, askedIn: groups).isEmpty)
    #expect(ItemMix.items(of: separated, askedIn: groups) == [0, 1])
  }
}
