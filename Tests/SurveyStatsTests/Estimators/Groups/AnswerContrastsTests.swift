import Testing

@testable import SurveyStats

@Suite struct AnswerContrastsTests {
  private let golden = RegressionGolden.rows("reviewer", "same_papers")
  private let target = RateTarget(level: .item, category: "x", term: "i", items: [0])

  private func numbers(_ text: String?) -> [Double] {
    (text ?? "").split(separator: "/").compactMap { Double($0) }
  }

  @Test func `delta and its limits agree with a root finder`() throws {
    for row in golden where row["kind"] == "delta" {
      let (yes, no) = (numbers(row["a"]), numbers(row["b"]))
      let ranks = try #require(MannWhitneyTest(yes, no))
      let limits = ranks.cliffsDeltaLimits()
      for (found, column) in [(limits.value, "x"), (limits.lower, "y"), (limits.upper, "z")] {
        #expect(isClose(found, row[column].flatMap { Double($0) }, within: 1e-9))
      }
      let contrast = AnswerContrast(
        target, yes.map { _ in true } + no.map { _ in false }, yes + no,
        design: SamplingDesign(paperCount: yes.count + no.count), level: 0.95)
      #expect(contrast.delta.lower == limits.lower && contrast.pValue == ranks.pValue)
      #expect(contrast.shift.value == ranks.shift && contrast.test == "mann-whitney")
    }
  }

  @Test func `clusters have the errors of summed placements`() throws {
    let row = try #require(golden.first { $0["kind"] == "clustered-delta" })
    let papers = (row["a"] ?? "").split(separator: "/").map { $0.split(separator: ":") }
    let design = try SamplingDesign(
      paperCount: papers.count, clusters: papers.map { String($0[0]) })
    let found = AnswerContrast(
      target, papers.map { $0[1] == "1" }, papers.map { Double($0[2]) }, design: design,
      level: 0.95)
    for (value, column) in [
      (found.pValue, "b"), (found.delta.value, "x"), (found.delta.lower, "y"),
      (found.delta.upper, "z"),
    ] {
      #expect(isClose(value, row[column].flatMap { Double($0) }, within: 1e-9))
    }
    #expect(found.test == "placements" && found.notes.text?.contains("few-effective") == true)
  }

  @Test func `papers of one each, and weights of one, change little or nothing`() throws {
    let values = (0..<40).map { Double(($0 * 17) % 23) }
    let answers = (0..<40).map { Optional($0 % 3 == 0) }
    func contrast(_ design: SamplingDesign) -> AnswerContrast {
      AnswerContrast(target, answers, values, design: design, level: 0.95)
    }
    let plain = contrast(SamplingDesign(paperCount: 40))
    let weighted = contrast(
      try SamplingDesign(paperCount: 40, weights: (0..<40).map { $0 < 39 ? 1 : 1.0001 }))
    #expect(isClose(plain.delta.value, weighted.delta.value, within: 1e-3))
    #expect(isClose(plain.delta.standardError, weighted.delta.standardError, within: 0.02))
    #expect(isClose(plain.pValue, weighted.pValue, within: 0.1))
  }

  @Test func `edges have names`() async throws {
    let design = SamplingDesign(paperCount: 4)
    let constant = AnswerContrast(
      target, [true, true, true, nil], [1, 2, 3, 4], design: design, level: 0.95)
    #expect(constant.notes.text == "constant-item" && constant.delta.value == nil)
    #expect(constant.yesMedian == 2 && constant.noMedian == nil)
    let flat = AnswerContrast(
      target, [true, true, false, false], [7, 7, 7, 7], design: design, level: 0.95)
    #expect(flat.notes.text == "constant-covariate" && flat.pValue == nil)
    let none = AnswerContrast(
      target, [nil, nil, nil, nil], [1, 2, 3, 4], design: design, level: 0.95)
    #expect(none.notes.text == "no-values" && none.yesCount == 0)
    let apart = AnswerContrast(
      target, [true, true, false, false], [8, 9, 1, 2],
      design: try SamplingDesign(
        paperCount: 4, clusters: ["a", "b", "c", "d"], weights: [1, 2, 1, 1]),
      level: 0.95)
    #expect(apart.delta.value == 1 && apart.notes.text?.contains("separated-values") == true)
    let one = AnswerContrast(
      target, [true, true, false, false], [8, 2, 1, 9],
      design: try SamplingDesign(paperCount: 4, clusters: ["a", "a", "a", "a"]), level: 0.95)
    #expect(one.notes.contains(.tooFewClusters) && one.delta.lower == nil)
  }

  @Test func `every item has a row`() async throws {
    let matrix = GroupComparisonTests().matrix
    let rows = try await Run()(AnswerContrasts("year"), of: Study(matrix))
    #expect(rows.count == matrix.items.count)
    let table = Table(answerContrasts: rows, on: "year", level: 0.95, adjustment: .holm)
    #expect(table.rowCount == rows.count)
    await #expect(throws: VariableError.self) {
      try await Run()(AnswerContrasts("nothing"), of: Study(matrix))
    }
  }
}
