import SurveyStats
import Testing

@Suite struct ResampledEstimateTests {
  private let sample = BootstrapSample(
    original: [0.5],
    replicates: DenseMatrix(rows: 99, columns: 1, elements: (1...99).map { Double($0) / 100 }))

  @Test func `replicates give limits, error and method`() {
    var estimate = Estimate(0.5)
    estimate.setLimits(sample, 0, by: .percentile, method: .mover, level: 0.8)
    #expect(abs((estimate.lower ?? 0) - 0.1) < 1e-12 && abs((estimate.upper ?? 0) - 0.9) < 1e-12)
    #expect(estimate.level == 0.8 && estimate.method == .mover && estimate.notes.isEmpty)
    #expect(estimate.standardError == sample.standardError(of: 0))
  }

  @Test func `replicates of another quantity give none`() {
    var estimate = Estimate(0.8)
    estimate.setLimits(sample, 0, by: .percentile, method: .mover, level: 0.95)
    #expect(estimate.lower == nil && estimate.notes == [.replicatesOfAnotherEstimate])
  }

  @Test func `a failure is a note of its own`() {
    var estimate = Estimate(0.5)
    let same = BootstrapSample(
      original: [0.5],
      replicates: DenseMatrix(rows: 9, columns: 1, elements: Array(repeating: 0.5, count: 9)))
    estimate.setLimits(same, 0, by: .percentile, method: .mover, level: 0.95)
    #expect(estimate.notes.text == "all-replicates-equal")
    #expect(estimate.notes.first?.effect == .noLimits && estimate.method == nil)
  }
}
