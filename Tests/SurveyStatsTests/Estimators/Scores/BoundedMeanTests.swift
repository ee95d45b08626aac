import Testing

@testable import SurveyStats

@Suite struct BoundedMeanTests {
  private func limits(
    _ values: [Double], weights: [Double]? = nil, strata: [Int]? = nil, clusters: Bool = false
  ) -> (lower: Double, upper: Double)? {
    let weights = weights ?? values.map { _ in 1 }
    return BoundedMean(
      sums: zip(values, weights).map { $0 * $1 }, weights: weights,
      stratumSizes: strata ?? [values.count], areClusters: clusters
    ).limits(level: 0.95)
  }

  /// Quantiles of beta distributions with half a paper at the bound, which draws come close to.
  @Test(arguments: [(0, 5), (1, 5), (4, 10), (10, 10), (29, 30)])
  func `answers have the limits of beta distributions`(yes: Int, count: Int) throws {
    let found = try #require(
      limits((0..<count).map { $0 < yes ? 100 : 0 }))
    let (x, n) = (Double(yes), Double(count))
    let lower =
      yes == 0 ? 0 : IncompleteBeta(x, n - x + 0.5).inverse(TailProbabilities(lower: 0.025)).x
    let upper =
      yes == count
      ? 1 : IncompleteBeta(x + 0.5, n - x).inverse(TailProbabilities(lower: 0.975)).x
    #expect(isClose(found.lower / 100, lower, within: 0.01))
    #expect(isClose(found.upper / 100, upper, within: 0.01))
  }

  @Test func `limits lie within the bounds and have a width`() throws {
    for values in [[100.0, 50, 100], [88.9, 88.9, 88.9], [100, 100], [0, 0, 0, 1], [50]] {
      let found = try #require(limits(values))
      let mean = values.reduce(0, +) / Double(values.count)
      #expect(0 <= found.lower && found.lower <= mean)
      #expect(mean <= found.upper && found.upper <= 100 && found.upper > found.lower)
    }
    #expect(limits([]) == nil)
    #expect(limits([50], weights: [0]) == nil)
  }

  @Test func `the order of papers changes nothing, mirroring mirrors up to the draws`() throws {
    let values: [Double] = [10, 40, 30, 80, 5]
    let found = try #require(limits(values))
    let turned = try #require(limits(values.reversed()))
    #expect(found == turned)
    let mirrored = try #require(limits(values.map { 100 - $0 }))
    #expect(isClose(found.lower, 100 - mirrored.upper, within: 1.5))
    #expect(isClose(found.upper, 100 - mirrored.lower, within: 1.5))
  }

  @Test func `heavy weights and dominant clusters make limits wide`() throws {
    let values = (0..<40).map { Double($0 % 5) * 10 + 40 }
    let plain = try #require(limits(values))
    let heavy = try #require(
      limits(values, weights: [100] + [Double](repeating: 1, count: 39)))
    #expect(heavy.upper - heavy.lower > 3 * (plain.upper - plain.lower))
    let equal = try #require(limits(values, weights: values.map { _ in 7 }))
    #expect(isClose(equal.lower, plain.lower, within: 1e-9))
    let clusters = try #require(
      limits(values, weights: [100] + [Double](repeating: 1, count: 39), clusters: true))
    #expect(clusters.lower >= 0 && clusters.upper <= 100)
    #expect(clusters.upper - clusters.lower > plain.upper - plain.lower)
  }

  @Test func `strata leave out what differs between them`() throws {
    let values: [Double] = (0..<40).map { ($0 < 20 ? 20 : 70) + Double($0 % 4) }
    let pooled = try #require(limits(values))
    let stratified = try #require(limits(values, strata: [20, 20]))
    #expect(stratified.upper - stratified.lower < (pooled.upper - pooled.lower) / 2)
  }
}
