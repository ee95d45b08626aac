import Testing

@testable import SurveyStats

/// Reference values: R 4.2.2 with clubSandwich 0.5.8 and sandwich 3.0.2 on MASS::birthwt, clusters
/// being the six combinations of race and smoking.
@Suite struct LinearSlopeTests {
  let birthwt = RegressionGolden.data("logistic", "birthwt")

  var clusters: [String?] {
    guard case .categorical(let races)? = birthwt.covariate(named: "race") else { return [] }
    return zip(races, birthwt.numbers("smoke")).map { "\($0 ?? "") \($1)" }
  }

  @Test(
    arguments: [
      (CovarianceType.cr0, 0.37183925965516684), (.cr1, 0.40732950055831013),
      (.cr1s, 0.40841716471229905), (.cr2, 0.42682332620763663), (.cr3, 0.50070521860258166),
      (.hc0, 0.41694830882580575), (.hc1, 0.41917204891086057), (.hc2, 0.422400814178025),
      (.hc3, 0.42806110880256232),
    ])
  func `robust standard errors are those of clubSandwich`(type: CovarianceType, expected: Double)
    throws
  {
    let line = try #require(
      LinearSlope(
        birthwt.numbers("age"), birthwt.numbers("lwt"), type: type,
        clusters: type.needsClusters ? clusters : nil))
    #expect(abs(line.estimate - 1.0392263000252604) < 1e-12)
    #expect(abs((line.standardError ?? .nan) - expected) < 1e-12)
    if type == .cr2 { #expect(abs(line.degreesOfFreedom - 3.2293045441227459) < 1e-10) }
  }

  @Test func `a group that clusters determine has CR2 errors too`() throws {
    let line = try #require(
      LinearSlope(
        birthwt.numbers("smoke"), birthwt.numbers("lwt"), type: .cr2, clusters: clusters))
    #expect(abs((line.standardError ?? .nan) - 9.6813965179976194) < 1e-10)
    #expect(abs(line.degreesOfFreedom - 2.7672143416992316) < 1e-8)
    let mixed = try #require(
      LinearSlope(
        birthwt.numbers("smoke"), birthwt.numbers("lwt"), type: .cr2,
        clusters: birthwt.numbers("age_group").map { String(Int($0)) }))
    #expect(abs((mixed.standardError ?? .nan) - 5.1129801732754876) < 1e-10)
    #expect(abs(mixed.degreesOfFreedom - 15.095447193859512) < 1e-8)
  }

  @Test func `a single cluster has no standard error`() throws {
    let line = try #require(
      LinearSlope([1, 2, 3, 4], [1, 3, 2, 5], type: .cr2, clusters: ["a", "a", "a", "a"]))
    #expect(line.standardError == nil && line.pValue == nil && line.interval().lower == nil)
  }
}
