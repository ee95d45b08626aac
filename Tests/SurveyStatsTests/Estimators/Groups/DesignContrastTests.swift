import RealModule
import Testing

@testable import SurveyStats

@Suite struct DesignContrastTests {
  private func values(_ scores: [Double], from start: Int) -> [(paper: Int, value: Double)] {
    scores.enumerated().map { (start + $0, $1) }
  }

  @Test func `answers of many papers have Miettinen and Nurminen's limits but for Student's t`()
    throws
  {
    let (first, second) = (
      (0..<60).map { $0 < 20 ? 1.0 : 0 }, (0..<90).map { $0 < 45 ? 1.0 : 0 }
    )
    let design = SamplingDesign(paperCount: 150)
    let contrast = try #require(
      DesignContrast(values(first, from: 0), values(second, from: 60), design: design))
    let score = contrast.score()
    let plain = try #require(TwoProportions(20, of: 60, 45, of: 90).score())
    #expect(abs(score.statistic - plain.statistic) < 0.02)
    #expect(score.degreesOfFreedom == 148)
    #expect(
      abs((score.differenceLimits().lower ?? 0) - (plain.differenceLimits().lower ?? 1)) < 0.005)
    let welch = try #require(WelchTest(first, second))
    #expect(abs((contrast.standardError ?? 0) - (welch.standardError ?? 1)) < 1e-12)
  }

  @Test func `limits lie within the range and hold the estimate`() throws {
    var stream = RandomStream(seed: 3)
    for _ in 0..<300 {
      let sizes = [1 + stream.index(below: 6), 1 + stream.index(below: 30)]
      let scores = sizes.map { size in
        (0..<size).map { _ in (stream.uniform() * 1.6 - 0.3).clamped }
      }
      let design = SamplingDesign(paperCount: sizes[0] + sizes[1])
      let contrast = try #require(
        DesignContrast(
          values(scores[0], from: 0), values(scores[1], from: sizes[0]), design: design))
      let score = contrast.score()
      let limits = score.differenceLimits()
      let (low, high) = (try #require(limits.lower), try #require(limits.upper))
      #expect(low >= -1 && high <= 1 && low <= score.difference && score.difference <= high)
      #expect(high - low > 0.01)
      #expect((score.pValue < 0.05) == (low > 0 || high < 0))
    }
  }

  @Test func `the p-value of few papers is at least that of permutations`() throws {
    let (first, second) = ([0.9, 1, 0.8], [0.1, 0.2, 0, 0.3, 0.15, 0.05])
    let design = SamplingDesign(paperCount: 9)
    let contrast = try #require(
      DesignContrast(values(first, from: 0), values(second, from: 3), design: design))
    let exact = try #require(contrast.permuted(seed: 1))
    #expect(exact.isExact && abs(exact.pValue - 1.0 / 84) < 1e-12)
    #expect(contrast.score().pValue >= exact.pValue - 1e-9)
    let one = try #require(
      DesignContrast(
        values([1], from: 0), values([0], from: 1), design: SamplingDesign(paperCount: 2)))
    #expect(one.score().pValue > 0.9)
  }
}

extension Double {
  fileprivate var clamped: Double { Swift.min(1, Swift.max(0, self)) }
}
