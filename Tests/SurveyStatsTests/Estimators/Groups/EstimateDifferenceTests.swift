@testable import SurveyStats
import Testing

@Suite struct EstimateDifferenceTests {
  private func rates(_ yes: [Int], of count: Int) async throws -> [Rate] {
    let matrix = BinaryMatrix(
      papers: (0..<count).map { Paper(slug: "p\($0)") },
      items: yes.indices.map { Item(id: ItemID("i\($0)")) }
    ) { paper, item in yes[item] < 0 ? .notApplicable : paper < yes[item] ? .yes : .no }
    let estimator = RateEstimator(
      interval: .analytic(.wilson),
      bootstrap: Bootstrap(design: SamplingDesign(paperCount: count), replicates: 1))
    return try await estimator.estimate(
      matrix, targets: RateTarget.all(in: matrix, levels: [.item])
    ).rates
  }

  private func rate(_ yes: Int, of count: Int) async throws -> Rate {
    try #require(try await rates([yes], of: count).first)
  }

  /// Newcombe (1998), *Statistics in Medicine* 17:873, table II, method 10, columns (a), (c), (e), (g).
  @Test(arguments: [
    (56, 70, 48, 80, 0.2, 0.0524, 0.3339), (9, 10, 3, 10, 0.6, 0.1705, 0.8090),
    (5, 56, 0, 29, 0.0893, -0.0381, 0.1926), (10, 10, 0, 10, 1, 0.6075, 1),
  ])
  func `limits for different papers are Newcombe's`(
    yes2: Int, n2: Int, yes1: Int, n1: Int, estimate: Double, lower: Double, upper: Double
  ) async throws {
    let difference = Estimate(
      from: try await rate(yes1, of: n1), to: try await rate(yes2, of: n2))
    #expect(abs((difference.value ?? .nan) - estimate) < 5e-5)
    #expect(abs((difference.lower ?? .nan) - lower) < 5e-5)
    #expect(abs((difference.upper ?? .nan) - upper) < 5e-5)
  }

  @Test func `rates of none and all of the same papers keep an interval`()
    async throws
  {
    let pair = try await rates([3, 0], of: 3)
    let difference = Estimate(from: pair[1], to: pair[0])
    #expect(difference.value == 1 && difference.upper == 1)
    // √2 times the distance 3 / (3 + z²) … of the Wilson limit of 3 of 3.
    let wilson = try #require(
      ProportionInterval.wilson.limits(successes: 3, trials: 3, level: 0.95))
    let expected = 1 - 2.0.squareRoot() * (1 - wilson.lower)
    #expect(isClose(difference.lower ?? .nan, expected, within: 1e-14))
  }

  @Test func `the correlation of two items is the phi of their answers`() {
    let first = RatioOfSums(
      numerators: [1, 1, 1, 0, 0, 0, 0], denominators: [1, 1, 1, 1, 1, 1, 1], stratumSizes: [7])
    let second = RatioOfSums(
      numerators: [1, 1, 0, 1, 0, 0, 0], denominators: [1, 1, 1, 1, 1, 1, 1], stratumSizes: [7])
    let none = RatioOfSums(
      numerators: [0, 0, 0, 0, 0, 0, 0], denominators: [1, 1, 1, 1, 1, 1, 1], stratumSizes: [7])
    // (2·3 − 1·1) / √(3·4·3·4)
    #expect(isClose(first.correlation(with: second), 5.0 / 12, within: 1e-14))
    #expect(first.correlation(with: none) == 0)
  }

  @Test func `a rate that applies nowhere has no difference`() async throws {
    let pair = try await rates([3, -1], of: 5)
    let difference = Estimate(from: pair[0], to: pair[1])
    #expect(difference.value == nil && difference.notes.text == "never-applicable")
    #expect(!difference.isClear)
  }
}
