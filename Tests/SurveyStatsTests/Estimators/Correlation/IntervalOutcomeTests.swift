import SurveyStats
import Testing

@Suite struct IntervalOutcomeTests {
  private func sample(_ original: Double, _ replicates: [Double]) -> BootstrapSample {
    BootstrapSample(
      original: [original],
      replicates: DenseMatrix(rows: replicates.count, columns: 1, elements: replicates))
  }

  @Test func `limits come with what is doubtful about them`() {
    let plain = sample(50, (1...99).map(Double.init)).interval(
      of: 0, by: .percentile, level: 0.9)
    #expect(plain.limits?.lower == 5 && plain.limits?.upper == 95 && plain.note == nil)
    let outside = sample(99, (1...99).map(Double.init)).interval(
      of: 0, by: .percentile, level: 0.9)
    #expect(outside.note == "estimate-outside-interval" && outside.limits != nil)
    let few = sample(2, [1, 2, 3]).interval(of: 0, by: .percentile, level: 0.9)
    #expect(few.note == "too-few-replicates")
  }

  @Test func `no limits come with the reason`() {
    let undefined = sample(1, [1, 2, .nan, 3]).interval(of: 0, by: .percentile, level: 0.9)
    #expect(undefined.limits == nil && undefined.note == "undefined-replicates: 25.0%")
    let equal = sample(1, [1, 1, 1]).interval(of: 0, by: .basic, level: 0.9)
    #expect(equal.limits == nil && equal.note == "all-replicates-equal")
  }
}
