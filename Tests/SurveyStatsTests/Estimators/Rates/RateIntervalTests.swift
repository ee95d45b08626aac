import SurveyStats
import Testing

@Suite struct RateIntervalTests {
  @Test func `every interval is found by its name`() {
    #expect(
      RateInterval.all.map(\.description) == [
        "auto", "percentile", "basic", "normal", "bca", "studentized",
        "exact-bootstrap", "wilson", "clopper-pearson", "jeffreys", "agresti-coull", "wald",
        "mid-p", "likelihood-ratio",
      ])
    for interval in RateInterval.all { #expect(RateInterval(interval.description) == interval) }
    #expect(RateInterval("Wilson") == nil && RateInterval("") == nil)
  }
}
