import MetaAnalysis
import SurveyStats
import Testing

@Suite struct EffectMeasureTests {
  @Test func `a study that defines no effect says why`() throws {
    let studies = try StudyEffects(
      .logit, labels: ["a", "b", "c", "d"],
      counts: [.events(0, of: 0), .events(3, of: 2), nil, .events(1, of: 4)])
    #expect(
      studies.effects.map { $0.notes.first?.code } == [
        "size-zero", "impossible-counts", "incomplete", nil,
      ])
    #expect(studies.usable == [3])
    let none = try StudyEffects(
      .logit, labels: ["a"], counts: [.events(0, of: 5)],
      correction: ContinuityCorrection(scope: .none))
    #expect(none.effects[0].value == nil)
    #expect(none.effects[0].notes.contains(.undefinedEffect))
  }

  @Test func `an unfitting measure is refused with those that fit`() {
    #expect(throws: MetaError.self) {
      try StudyEffects(.oddsRatio, labels: ["a"], counts: [.events(1, of: 4)])
    }
    #expect(throws: MetaError.unknownMeasure("PLX", nearest: ["PLN", "PLO", "PAS"])) {
      try EffectMeasure(named: "PLX")
    }
  }

  @Test func `the double arcsine is inverted`() {
    for (events, size) in [(0.0, 10.0), (3, 10), (10, 10), (40, 200)] {
      let studies = try? StudyEffects(
        .freemanTukey, labels: ["a"], counts: [.events(events, of: size)])
      let effect = studies?.effects[0].value ?? .nan
      let rate = EffectMeasure.freemanTukey.natural(effect, size: size) ?? .nan
      #expect(abs(rate - events / size) < 1e-9)
    }
  }
}
