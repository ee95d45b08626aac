import MetaAnalysis
import SurveyStats
import Testing

@Suite struct MultivariateModelTests {
  /// Attachment level and probing depth in five trials: dat.berkey1998 of metadat.
  private static let attachment = [
    (-0.32, 0.0077), (-0.60, 0.0008), (-0.12, 0.0014), (-0.31, 0.0015), (-0.39, 0.0304),
  ]
  private static let probing = [
    (0.47, 0.0075), (0.20, 0.0057), (0.40, 0.0021), (0.26, 0.0029), (0.56, 0.0148),
  ]

  private func studies() throws -> StudyEffects {
    let pairs = zip(Self.probing, Self.attachment).flatMap { [$0, $1] }
    var studies = try StudyEffects(
      .generic, labels: pairs.indices.map { "\($0 / 2 + 1)" },
      counts: pairs.map { .effect($0.0, variance: $0.1) })
    studies.clusters = studies.labels
    studies.outcomes = pairs.indices.map { $0 % 2 == 0 ? "PD" : "AL" }
    return studies
  }

  private func fit(
    _ structure: MultivariateModel.Structure, _ rho: Double, _ test: CoefficientTest? = nil
  ) throws -> MetaFit {
    let studies = try studies()
    let outcomes = try #require(studies.outcomes)
    return try MultivariateModel(structure: structure, correlation: rho, test: test).fit(
      studies, clusters: studies.labels, outcomes: outcomes,
      design: MultivariateModel.design(outcomes).design)
  }

  @Test(arguments: [
    (MultivariateModel.Structure.unstructured, 0.0), (.unstructured, 0.4), (.diagonal, 0),
    (.diagonal, 0.4),
  ])
  func `two outcomes agree with metafor and clubSandwich`(
    structure: MultivariateModel.Structure, rho: Double
  ) throws {
    let name = "\(structure.rawValue) \(rho == 0 ? "0" : "0.4")"
    let fit = try fit(structure, rho)
    let reference = try MetaGolden.clusters("berkey", name)
    let outcomes = try #require(fit.outcomes)
    #expect(outcomes.names == ["AL", "PD"])
    // metafor's optimiser differentiates numerically.
    #expect(isClose(fit.coefficients[0], reference["b1"], 1e-5))
    #expect(isClose(fit.coefficients[1], reference["b2"], 1e-5))
    #expect(isClose(fit.robust?.modelCovariance[0, 0].squareRoot(), reference["se1"], 1e-5))
    #expect(isClose(outcomes.covariance[0, 0], reference["tau2_1"], 1e-5))
    #expect(isClose(outcomes.covariance[1, 1], reference["tau2_2"], 1e-5))
    #expect(isClose(outcomes.correlation(0, 1), reference["rho"], 1e-4))
    #expect(isClose(fit.restrictedLogLikelihood, reference["ll"], 1e-8))
    #expect(isClose(fit.q, reference["q"], 1e-9))
    let robust = try MetaGolden.clusters("berkey", name + " CR2")
    for index in 0..<2 {
      #expect(isClose(fit.standardErrors[index], robust["se\(index + 1)"], 1e-5))
      #expect(isClose(fit.coefficientFreedoms[index], robust["df\(index + 1)"], 1e-4))
    }
    let joint = try MetaGolden.clusters("berkey", name + " HTZ")
    let test = try #require(fit.jointTest(of: [0, 1], term: "outcomes"))
    #expect(isClose(test.statistic, joint["f"], 1e-4))
    #expect(isClose(test.residualFreedom, joint["df"], 1e-4))
    #expect(isClose(test.pValue, joint["p"], 1e-5))
    let other = try self.fit(structure, rho, .kenwardRoger)
    let kenward = try MetaGolden.clusters("berkey", name + " kr")
    for index in 0..<2 {
      #expect(isClose(other.standardErrors[index], kenward["se\(index + 1)"], 1e-5))
      #expect(isClose(other.coefficientFreedoms[index], kenward["df\(index + 1)"], 1e-4))
    }
    let own = try #require(other.jointTest(of: [0, 1], term: "outcomes"))
    #expect(isClose(own.statistic, kenward["f"], 1e-4))
    #expect(isClose(own.residualFreedom, kenward["df"], 1e-4))
  }

  @Test func `a row an outcome says how they vary and go together`() throws {
    var pooling = Pooling()
    pooling.correlation = 0.4
    let rows = try pooling.pooledByOutcome(try studies())
    let reference = try MetaGolden.clusters("berkey", "UN 0.4")
    #expect(rows.map(\.term) == ["AL", "PD"] && rows.allSatisfy { $0.pooledCount == 5 })
    #expect(isClose(rows[0].estimate.value, reference["b1"], 1e-5))
    #expect(isClose(rows[1].tau2.value, reference["tau2_2"], 1e-5))
    #expect(rows.allSatisfy { $0.prediction != nil })
    #expect(rows[0].notes.contains { $0.code == "outcome-components" })
  }

  @Test func `outcomes that no cluster has together have no correlation`() throws {
    let studies = try studies()
    let outcomes = try #require(studies.outcomes)
    let fit = try MultivariateModel().fit(
      studies, clusters: studies.labels.indices.map { "\($0)" }, outcomes: outcomes,
      design: MultivariateModel.design(outcomes).design)
    #expect(fit.outcomes?.correlation(0, 1) == nil)
    let plain = try self.fit(.diagonal, 0)
    #expect(isClose(fit.coefficients[0], plain.coefficients[0], 1e-7))
    #expect(isClose(fit.outcomes?.covariance[1, 1], plain.outcomes?.covariance[1, 1], 1e-6))
  }
}
