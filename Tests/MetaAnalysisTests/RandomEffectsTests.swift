import MetaAnalysis
import SurveyStats
import Testing

@Suite struct RandomEffectsTests {
  /// dat.bcg of metadat 1.2: events and totals of vaccinated and unvaccinated.
  static let bcg: [(String, Double, Double, Double, Double)] = [
    ("Aronson", 4, 123, 11, 139), ("Ferguson & Simes", 6, 306, 29, 303),
    ("Rosenthal et al", 3, 231, 11, 220), ("Hart & Sutherland", 62, 13598, 248, 12867),
    ("Frimodt-Moller et al", 33, 5069, 47, 5808), ("Stein & Aronson", 180, 1541, 372, 1451),
    ("Vandiviere et al", 8, 2545, 10, 629), ("TPT Madras", 505, 88391, 499, 88391),
    ("Coetzee & Berjak", 29, 7499, 45, 7277), ("Rosenthal et al", 17, 1716, 65, 1665),
    ("Comstock et al", 186, 50634, 141, 27338), ("Comstock & Webster", 5, 2498, 3, 2341),
    ("Comstock et al", 27, 16913, 29, 17854),
  ]

  static func bcgEffects(_ measure: EffectMeasure) throws -> StudyEffects {
    try StudyEffects(
      measure, labels: bcg.map(\.0),
      counts: bcg.map { .twoByTwo($0.1, of: $0.2, against: $0.3, ofOther: $0.4) })
  }

  @Test func agreesWithMetaforOnVaccination() throws {
    let studies = try Self.bcgEffects(.riskRatio)
    // metafor 3.8-1, rma(measure = "RR", method = …, test = "knha") of dat.bcg.
    let laird = try RandomEffects(method: .derSimonianLaird, test: .knappHartung).fit(studies)
    #expect(abs(laird.coefficients[0] - -0.7141172220732271) < 1e-12)
    #expect(abs(laird.standardErrors[0] - 0.1806966283355474) < 1e-12)
    #expect(abs(laird.tau2 - 0.3087602628623761) < 1e-12)
    #expect(abs(laird.q - 152.2330080823733) < 1e-9)
    let restricted = try RandomEffects(test: .knappHartung).fit(studies)
    #expect(abs(restricted.tau2 - 0.3132432581364808) < 1e-9)
    #expect(abs(restricted.coefficients[0] - -0.7145323421581394) < 1e-9)
    #expect(abs(restricted.restrictedLogLikelihood - -12.20237141549357) < 1e-9)
  }

  @Test func mistypedMeasureNamesTheNearest() {
    #expect(throws: MetaError.unknownMeasure("PL0", nearest: ["PLN", "PLO", "PAS"])) {
      try EffectMeasure(named: "PL0")
    }
  }
}
