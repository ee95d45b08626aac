import SurveyStats
import Testing

@Suite struct IntervalNoteTests {
  @Test func `a failure is a short word`() {
    let notes: [(IntervalFailure, String)] = [
      (.undefinedEstimate, "undefined-estimate"),
      (.tooManyUndefinedReplicates(share: 0.33449), "undefined-replicates: 33.4%"),
      (.tooFewReplicates, "fewer-than-2-replicates"),
      (.allReplicatesEqual, "all-replicates-equal"),
      (.infiniteBiasCorrection, "estimate-beyond-replicates"),
      (.undefinedAcceleration, "undefined-acceleration"),
      (.accelerationOutOfRange, "acceleration-out-of-range"),
      (.noStandardErrors, "no-standard-error"),
    ]
    for (failure, note) in notes { #expect(failure.note == note) }
  }

  @Test func `limits from doubtful replicates say so`() throws {
    let many = (0..<999).map { Double($0) }
    let sound = try BootstrapInterval.percentile.limits(
      estimate: 500, replicates: many, level: 0.95)
    #expect(sound.notes.isEmpty)
    let some = try BootstrapInterval.percentile.limits(
      estimate: 500, replicates: many + [.nan], level: 0.95)
    #expect(some.notes == ["undefined-replicates: 0.1%"])
    let few = try BootstrapInterval.percentile.limits(
      estimate: 5, replicates: Array(many.prefix(10)), level: 0.95)
    #expect(few.notes == ["too-few-replicates"])
  }
}
