import SurveyStats
import Testing

@Suite struct WeightedQuantilesTests {
  private func quantile(_ probability: Double, _ values: [Double], _ weights: [Double]) -> Double {
    var quantiles = WeightedQuantiles(
      total: weights.reduce(0, +), probabilities: [probability])
    for (value, weight) in zip(values, weights) where weight > 0 {
      quantiles.add(value, weight: weight)
    }
    return quantiles.values[0]
  }

  @Test func `whole weights give R's quantile of the written-out sample`() throws {
    let golden = try EstimatorGolden("weighted_quantiles")
    func numbers(_ text: String) throws -> [Double] {
      try text.split(separator: " ").map { try #require(Double(String($0))) }
    }
    for row in golden.rows.indices {
      let values = try numbers(golden.texts("values")[row])
      let weights = try numbers(golden.texts("weights")[row])
      let found = quantile(try golden.numbers("probability")[row], values, weights)
      #expect(abs(found - (try golden.numbers("quantile")[row])) < 1e-12 * 100)
    }
  }

  @Test func `real weights use the cumulative weight`() {
    // Positions h = p (4 − 1) on cumulative weights 1.5, 2, 4.
    #expect(quantile(0, [1, 2, 5], [1.5, 0.5, 2]) == 1)
    #expect(quantile(0.5, [1, 2, 5], [1.5, 0.5, 2]) == 3)
    #expect(quantile(1, [1, 2, 5], [1.5, 0.5, 2]) == 5)
  }

  @Test func `a total of 1 or less gives the least value, nothing gives NaN`() {
    #expect(quantile(0.5, [3, 4], [0.5, 0.25]) == 3)
    #expect(quantile(0.5, [], []).isNaN)
  }
}
