import SurveyStats
import Testing

@Suite struct QuantileRuleTests {
  // R 4.2.2: quantile(c(1, 2, 4, 8, 16), c(0, 0.1, 0.3, 0.5, 0.77, 0.95, 1), type = 7 and 6)
  @Test(arguments: [
    (0.0, 1.0, 1.0), (0.1, 1.4, 1.0), (0.3, 2.4, 1.8), (0.5, 4.0, 4.0), (0.77, 8.64, 12.96),
    (0.95, 14.4, 16.0), (1.0, 16.0, 16.0),
  ]) func `quantiles match R`(probability: Double, type7: Double, type6: Double) throws {
    let sorted: [Double] = [1, 2, 4, 8, 16]
    let seventh = try #require(QuantileRule.type7.quantile(probability, ofSorted: sorted))
    let sixth = try #require(QuantileRule.type6.quantile(probability, ofSorted: sorted))
    #expect(relativeError(seventh, type7) < 1e-14)
    #expect(relativeError(sixth, type6) < 1e-14)
  }

  @Test(arguments: QuantileRule.allCases) func `one value is every quantile and none is nil`(
    rule: QuantileRule
  ) {
    #expect(rule.quantile(0.3, ofSorted: [7]) == 7)
    #expect(rule.quantile(0.3, ofSorted: []) == nil)
  }
}
