import MetaAnalysis
import SurveyStats
import Testing

@Suite struct RandomEffectsTests {
  /// dat.bcg of metadat 1.2: events and totals of vaccinated and unvaccinated.
  private static let bcg: [(Double, Double, Double, Double)] = [
    (4, 123, 11, 139), (6, 306, 29, 303), (3, 231, 11, 220), (62, 13598, 248, 12867),
    (33, 5069, 47, 5808), (180, 1541, 372, 1451), (8, 2545, 10, 629), (505, 88391, 499, 88391),
    (29, 7499, 45, 7277), (17, 1716, 65, 1665), (186, 50634, 141, 27338), (5, 2498, 3, 2341),
    (27, 16913, 29, 17854),
  ]

  private static func studies() throws -> StudyEffects {
    try StudyEffects(
      .riskRatio, labels: bcg.indices.map { "\($0)" },
      counts: bcg.map { .twoByTwo($0.0, of: $0.1, against: $0.2, ofOther: $0.3) })
  }

  /// metafor 3.8-1, rma(yi, vi, method = …, test = "knha"): estimate, error, τ², its error, I².
  @Test(arguments: [
    (
      HeterogeneityMethod.derSimonianLaird,
      [
        -0.7141172220732271, 0.1806966283355474, 0.3087602628623761, 0.2298699925110258,
        0.9211734685456204,
      ]
    ),
    (
      .hedges,
      [
        -0.7158785887587353, 0.1811040691912318, 0.3285638579957688, 0.2070871782989337,
        0.9255709740662708,
      ]
    ),
    (
      .hunterSchmidt,
      [
        -0.7045353739162571, 0.1786233077219916, 0.2283628636769068, 0.1279045566132795,
        0.8962996666408959,
      ]
    ),
    (
      .sidikJonkman,
      [
        -0.7172485925575839, 0.1814284515277553, 0.3455157015985951, 0.1496805113473432,
        0.9289632409554007,
      ]
    ),
    (
      .maximumLikelihood,
      [
        -0.711199135474181, 0.1800422221443624, 0.2800281372686437, 0.1442519493827639,
        0.9137828378944612,
      ]
    ),
    (
      .restrictedLikelihood,
      [
        -0.7145323421581394, 0.1807917440928479, 0.3132432581364808, 0.1664257528369708,
        0.9222138452126894,
      ]
    ),
    (
      .pauleMandel,
      [
        -0.7149681534934442, 0.1808921915376235, 0.3180684522050239, 0.1736630274627565,
        0.9233033795415325,
      ]
    ),
    (
      .medianUnbiased,
      [
        -0.7170830446635822, 0.1813888803756968, 0.3433879068958068, 0.1847757155434233,
        0.9285545121267248,
      ]
    ),
  ])
  func `estimators agree with metafor`(method: HeterogeneityMethod, reference: [Double]) throws {
    let fit = try RandomEffects(method: method, test: .knappHartung).fit(try Self.studies())
    let found = [
      fit.coefficients[0], fit.standardErrors[0], fit.tau2, fit.tau2StandardError ?? .nan,
      fit.iSquared,
    ]
    for (value, wanted) in zip(found, reference) { #expect(abs(value - wanted) < 1e-9) }
    #expect(abs(fit.q - 152.2330080823733) < 1e-9)
  }

  @Test func `permutations of few studies are all orders`() throws {
    let labels = (0..<5).map { "s\($0)" }
    let studies = try StudyEffects(
      .generic, labels: labels,
      counts: [0.1, 0.4, 0.35, 0.8, 1.1].map { .effect($0, variance: 0.04) })
    let source = CovariateColumns(["x": .numeric([1, 2, 3, 4, 5])])
    let result = try MetaRegression(
      try ModelFormula("x"), pooling: Pooling(method: .derSimonianLaird), permutations: 1000)(
        studies, moderators: source)
    #expect(result.permutationCount == 120)
    let p = try #require(result.tests[0].permutationPValue)
    #expect(p <= 4.0 / 120 && p >= 2.0 / 120)
  }

  @Test func `collinear moderators are left out by name`() throws {
    let x = (0..<13).map { Double($0 * $0) }
    let source = CovariateColumns([
      "x": .numeric(x), "twice": .numeric(x.map { 2 * $0 }),
      "gap": .numeric(x.indices.map { $0 == 0 ? nil : Double($0 % 3) }),
    ])
    let result = try MetaRegression(try ModelFormula("x + twice + gap"))(
      try Self.studies(), moderators: source)
    #expect(result.names == ["(Intercept)", "x", "gap"])
    #expect(result.dropped.map(\.name) == ["twice"])
    #expect(result.fit.studyCount == 12)
  }

  @Test func `a common variance and own ones pool groups`() throws {
    let labels: [String?] = (0..<13).map { $0 == 12 ? nil : $0 % 2 == 0 ? "a" : "b" }
    let own = try Subgroups()(try Self.studies(), labels: labels)
    #expect(own.groups.map(\.pooledCount) == [6, 6])
    #expect(own.ungroupedCount == 1)
    let common = try Subgroups(hasCommonVariance: true)(try Self.studies(), labels: labels)
    #expect(common.groups[0].tau2.value == common.groups[1].tau2.value)
    #expect(common.test?.freedom == 1)
  }
}
