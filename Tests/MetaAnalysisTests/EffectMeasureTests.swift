import MetaAnalysis
import SurveyStats
import Testing

@Suite struct EffectMeasureTests {
  @Test(arguments: [
    ("nielweise2007", EffectMeasure.oddsRatio), ("nielweise2007", .riskRatio),
    ("nielweise2007", .riskDifference), ("nielweise2007", .arcsineDifference),
    ("nielweise2007", .peto), ("hannum", .logit), ("hannum", .proportion),
    ("hannum", .logProportion), ("hannum", .arcsine), ("hannum", .freemanTukey),
    ("nielweise2008", .rateRatio), ("nielweise2008", .incidenceRate),
    ("nielweise2008", .logIncidenceRate), ("normand", .meanDifference),
    ("normand", .standardizedMeanDifference), ("normand", .ratioOfMeans), ("normand", .mean),
    ("mcdaniel", .correlation), ("mcdaniel", .fisherZ),
  ])
  func `effects are those of escalc`(data: String, measure: EffectMeasure) throws {
    let studies = try MetaGolden.studies(data, measure)
    let reference = try MetaGolden.values(data, measure.rawValue)
    #expect(studies.count > 8)
    for (index, effect) in studies.effects.enumerated() {
      let (value, variance) = (reference["yi\(index + 1)"], reference["vi\(index + 1)"])
      if value != nil || effect.value != nil, variance != nil {
        #expect(isClose(effect.value, value, 1e-12), "\(index)")
      }
      if let variance, variance > 0 {
        #expect(isClose(effect.variance, variance, 1e-12), "\(index)")
      }
    }
  }

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
      #expect(isClose(EffectMeasure.freemanTukey.natural(effect, size: size), events / size, 1e-9))
    }
  }
}
