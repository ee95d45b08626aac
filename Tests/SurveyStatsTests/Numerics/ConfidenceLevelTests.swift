import SurveyStats
import Testing

@Suite struct ConfidenceLevelTests {
  @Test func `a shared level is never one`() {
    for level in [0.5, 0.95, 0.999_999_999, 0.999_999_999_999_999, 1 - Double.ulpOfOne / 2] {
      for count in [0, 1, 2, 64, 1_000_000, .max] {
        let shared = ConfidenceLevel.shared(level, among: count)
        #expect(shared < 1 && shared >= min(level, 1 - .ulpOfOne))
        #expect(Normal().upperQuantile(ConfidenceLevel.tail(shared)).isFinite)
      }
    }
    #expect(ConfidenceLevel.shared(0.95, among: 10) == 1 - (1 - 0.95) / 10)
  }

  @Test func `tails keep the digits that a level has`() {
    #expect(ConfidenceLevel.tail(0.95) == (1 - 0.95) / 2)
    #expect(
      Normal().upperQuantile(ConfidenceLevel.tail(0.95)) == Normal().quantile((1 + 0.95) / 2))
  }

  @Test(arguments: ProportionInterval.allCases)
  func `limits of the greatest level are limits`(interval: ProportionInterval) throws {
    for level in [ConfidenceLevel.greatest, 1 - .ulpOfOne] {
      for successes in [0.0, 1, 5, 9, 10] {
        let limits = try #require(interval.limits(successes: successes, trials: 10, level: level))
        #expect(limits.lower >= 0 && limits.upper <= 1 && limits.lower <= limits.upper)
      }
    }
  }

  @Test func `commands take what all methods survive`() {
    for level in [0.0, -1, 1, 1.5, .nan, .infinity, 0.999_999_999_9] {
      #expect(!ConfidenceLevel.isTaken(level))
    }
    for level in [Double.leastNonzeroMagnitude, 0.5, 0.95, ConfidenceLevel.greatest] {
      #expect(ConfidenceLevel.isTaken(level))
    }
  }
}
