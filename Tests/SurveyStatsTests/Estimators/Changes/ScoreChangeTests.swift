@testable import SurveyStats
import Testing

/// Changes of the mean score, against R's t.test.
@Suite struct ScoreChangeTests {
  private static let rows = RegressionGolden.rows("comparison", "changes")

  private func golden(_ name: String) -> [Double] {
    let row = Self.rows.first { $0["case"] == name } ?? [:]
    return ["estimate", "low", "high"].map { Double(row[$0] ?? "") ?? .nan }
  }

  private func differences(_ old: [Double?], _ new: [Double?]) async throws -> [Estimate] {
    let design = SamplingDesign(paperCount: old.count)
    return try await ScoreChange(
      earlier: old, later: new, design: design, tiers: .standard, level: 0.95
    ).differences(Bootstrap(design: design, replicates: 199))
  }

  private func expect(_ difference: Estimate, is golden: [Double]) {
    #expect(isClose(difference.value ?? .nan, golden[0], within: 1e-12))
    #expect(isClose(difference.lower ?? .nan, golden[1], within: 1e-10))
    #expect(isClose(difference.upper ?? .nan, golden[2], within: 1e-10))
  }

  @Test func `the mean of few papers of different states has limits of Student's t`() async throws {
    let old: [Double?] = [40, 55, 61, 38, 70, nil, nil, nil]
    let found = try await differences(old, [nil, nil, nil, nil, nil, 44, 59.5, 66])
    expect(found[0], is: golden("mean none shared"))
    // Too few papers to resample: the median has no interval, but says why.
    #expect(found[1].value == 4.5 && found[1].lower == nil)
    #expect(found[1].notes.text == "fewer-than-10-papers")
    // The share of a tier has: 1 of 5 papers reached 70, and 0 of 3.
    #expect(found[7].value == -0.2 && (found[7].upper ?? 0) > 0.3)
  }

  @Test func `scores of papers in both states count as those of the same papers`() async throws {
    let found = try await differences(
      [50, 61, 33, 48, nil, nil], [55, 60, 41, 47, 40, 52])
    expect(found[0], is: golden("mean all changed"))
  }

  @Test func `a single new paper borrows the spread of all papers`() async throws {
    let old: [Double?] = (0..<20).map { Double(40 + $0) } + [nil]
    let found = try await differences(old, old.dropLast() + [58])
    #expect(found[0].lower != nil && !found[0].isClear)
    #expect(found[1].notes.text == "fewer-than-10-papers")
  }

  @Test func `the same scores have not changed`() async throws {
    let scores: [Double?] = [40, 55, 61]
    #expect(try await differences(scores, scores).allSatisfy { $0 == .unchanged })
  }

  @Test func `large states are resampled`() async throws {
    let old: [Double?] = (0..<30).map { Double($0 * 3 % 100) }
    let found = try await differences(
      old + [Double?](repeating: nil, count: 20), old + (0..<20).map { Double(60 + $0) })
    #expect(found[1].lower != nil && found[0].isClear)
  }
}
