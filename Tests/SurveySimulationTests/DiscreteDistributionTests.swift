import Testing

@testable import SurveySimulation
@testable import SurveyStats

@Suite struct DiscreteDistributionTests {
  @Test func `weights become chances`() {
    let distribution: DiscreteDistribution = ["a": 3, "b": 0, "c": 1]
    #expect(distribution.values == ["a", "b", "c"])
    #expect(distribution.probabilities == [0.75, 0, 0.25])
    #expect(distribution.value(of: 0) == "a")
    #expect(distribution.value(of: 0.7499) == "a")
    #expect(distribution.value(of: 0.75) == "c")
    #expect(distribution.value(of: 0.999_999_999_999) == "c")
  }

  @Test func `rounding never leaves the values`() {
    let distribution = DiscreteDistribution((0..<49).map { (value: $0, weight: 1.0 / 49) })
    #expect(distribution?.value(of: 1.0.nextDown) == 48)
  }

  @Test(arguments: [[], [0.0], [1, -1, 1], [.nan], [.infinity]])
  func `no distribution without mass`(
    weights: [Double]
  ) {
    #expect(DiscreteDistribution(weights.map { (value: 1, weight: $0) }) == nil)
  }
}
