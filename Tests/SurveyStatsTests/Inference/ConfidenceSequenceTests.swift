import Testing

@testable import SurveyStats

@Suite struct ConfidenceSequenceTests {
  @Test func `limits follow the formula`() {
    var sequence = ConfidenceSequence(level: 0.95)
    #expect(sequence.mean == nil && sequence.lower == 0 && sequence.upper == 1)
    // Values of a program written from the paper's formulas (Python 3.11, double precision).
    for value in [0.0, 1, 0.25, 0.5, 0, 0, 0.75, 1, 0, 0.1] { sequence.add(value) }
    #expect(abs(sequence.mean! - 0.36) < 1e-12)
    #expect(sequence.lower == 0 && sequence.upper == 1)
    for _ in 0..<490 { sequence.add(0.3) }
    #expect(abs(sequence.lower - Self.low) < 1e-9 && abs(sequence.upper - Self.high) < 1e-9)
  }

  private static let low = 0.2847884472831383
  private static let high = 0.31761155271686164

  @Test func `the mean is held at all times at once`() {
    var left = 0
    for run in 0..<300 {
      var random = RandomStream(seed: 3, stream: UInt64(run))
      var sequence = ConfidenceSequence(level: 0.9)
      for _ in 0..<400 {
        sequence.add(random.uniform() < 0.1 ? random.uniform() : 0)
        if sequence.lower > 0.05 || sequence.upper < 0.05 {
          left += 1
          break
        }
      }
    }
    #expect(left <= 30)
  }
}
