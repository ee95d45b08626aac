import SurveyStats
import Testing

@Suite struct SampleEstimatesTests {
  private func sample(_ original: Double, _ replicates: [Double]) -> BootstrapSample {
    BootstrapSample(
      original: [original],
      replicates: DenseMatrix(rows: replicates.count, columns: 1, elements: replicates))
  }

  @Test func `limits come with what is doubtful about them`() {
    let plain = sample(50, (1...99).map(Double.init)).estimate(
      of: 0, by: .percentile, level: 0.9)
    #expect(plain.limits?.lower == 5 && plain.limits?.upper == 95 && plain.notes.text == nil)
    let outside = sample(99, (1...99).map(Double.init)).estimate(
      of: 0, by: .percentile, level: 0.9)
    #expect(outside.notes.text == "estimate-outside-interval" && outside.limits != nil)
    let few = sample(2, [1, 2, 3]).estimate(of: 0, by: .percentile, level: 0.9)
    #expect(few.notes.text == "too-few-replicates")
  }

  @Test func `no limits come with the reason`() {
    let undefined = sample(1, [1, 2, .nan, 3]).estimate(of: 0, by: .percentile, level: 0.9)
    #expect(undefined.limits == nil && undefined.notes.text == "undefined-replicates: 25.0%")
    let equal = sample(1, [1, 1, 1]).estimate(of: 0, by: .basic, level: 0.9)
    #expect(equal.limits == nil && equal.notes.text == "all-replicates-equal")
  }
}
