import MetaAnalysis
import SurveyStats
import Testing

@Suite struct ThreeLevelModelTests {
  private func studies() throws -> (studies: StudyEffects, clusters: [String], year: [Double]) {
    let effects = try MetaGolden.column("konstantopoulos", "mean")
    let variances = try MetaGolden.column("konstantopoulos", "vi")
    let clusters = try MetaGolden.column("konstantopoulos", "cluster").map { "\($0)" }
    let studies = try StudyEffects(
      .generic, labels: effects.indices.map { "\($0)" },
      counts: zip(effects, variances).map { .effect($0, variance: $1) })
    return (studies, clusters, try MetaGolden.column("konstantopoulos", "moderator"))
  }

  @Test func `schools in districts agree with metafor and clubSandwich`() throws {
    let (studies, clusters, year) = try studies()
    let fit = try ThreeLevelModel().fit(studies, clusters: clusters)
    let reference = try MetaGolden.values("konstantopoulos", "three-level")
    let components = try #require(fit.components)
    #expect(isClose(fit.coefficients[0], reference["b"], 1e-6))
    #expect(isClose(fit.robust?.modelCovariance[0, 0].squareRoot(), reference["se"], 1e-6))
    // metafor's optimiser differentiates numerically: its variances are good to 1e-5 or so.
    #expect(isClose(components.between, reference["sigma2_1"], 1e-5))
    #expect(isClose(components.within, reference["sigma2_2"], 1e-5))
    #expect(isClose(fit.restrictedLogLikelihood, reference["ll"], 1e-8))
    #expect(isClose(fit.q, reference["q"], 1e-9))
    let robust = try MetaGolden.values("konstantopoulos", "three-level CR2")
    #expect(isClose(fit.standardErrors[0], robust["se"], 1e-6))
    #expect(isClose(fit.coefficientFreedoms.first, robust["df"], 1e-5))
    #expect(isClose(fit.pValue(ofCoefficient: 0), robust["p"], 1e-6))
    var design = DenseMatrix(rows: year.count, columns: 2, repeating: 1)
    for row in year.indices { design[row, 1] = year[row] }
    let moderated = try ThreeLevelModel().fit(studies, clusters: clusters, design: design)
    let other = try MetaGolden.values("konstantopoulos", "three-level year")
    #expect(isClose(moderated.coefficients[1], other["b1"], 1e-6))
    #expect(isClose(moderated.robust?.modelCovariance[1, 1].squareRoot(), other["se1"], 1e-6))
    #expect(isClose(moderated.components?.between, other["sigma2_1"], 1e-5))
  }

  @Test func `one cluster has no robust error`() throws {
    let (studies, clusters, _) = try studies()
    let fit = try ThreeLevelModel().fit(studies, clusters: clusters.map { _ in "one" })
    #expect(fit.notes.contains { $0.code == "fewer-than-2-clusters" })
  }

  /// Year by tens of years from 1985, and its square.
  private func curve(_ year: [Double]) -> DenseMatrix {
    DenseMatrix(
      year.map { year in
        let x = (year - 1985) / 10
        return [1, x, x * x]
      })
  }

  @Test func `several coefficients have clubSandwich's HTZ test`() throws {
    let (studies, clusters, year) = try studies()
    let fit = try ThreeLevelModel().fit(studies, clusters: clusters, design: curve(year))
    let reference = try MetaGolden.clusters("konstantopoulos", "CR2")
    for index in 0..<3 {
      #expect(isClose(fit.coefficients[index], reference["b\(index + 1)"], 1e-5))
      #expect(isClose(fit.standardErrors[index], reference["se\(index + 1)"], 1e-5))
      #expect(isClose(fit.coefficientFreedoms[index], reference["df\(index + 1)"], 1e-4))
    }
    let test = try #require(fit.jointTest(of: [1, 2], term: "year"))
    let joint = try MetaGolden.clusters("konstantopoulos", "HTZ")
    #expect(isClose(test.statistic, joint["f"], 1e-5))
    #expect(isClose(test.residualFreedom, joint["df"], 1e-4))
    #expect(isClose(test.pValue, joint["p"], 1e-5))
  }

  @Test func `three levels have Kenward and Roger's tests`() throws {
    let (studies, clusters, year) = try studies()
    let reference = try MetaGolden.clusters("konstantopoulos", "kr")
    let fit = try ThreeLevelModel(test: .kenwardRoger).fit(
      studies, clusters: clusters, design: curve(year))
    for index in 0..<3 {
      #expect(isClose(fit.standardErrors[index], reference["se\(index + 1)"], 1e-5))
      #expect(isClose(fit.coefficientFreedoms[index], reference["df\(index + 1)"], 1e-4))
    }
    let test = try #require(fit.jointTest(of: [1, 2], term: "year"))
    #expect(isClose(test.statistic, reference["f"], 1e-5))
    #expect(isClose(test.residualFreedom, reference["df"], 1e-4))
    #expect(isClose(test.pValue, reference["p"], 1e-5))
    #expect(throws: MetaError.self) {
      try ThreeLevelModel(test: .knappHartung).fit(studies, clusters: clusters)
    }
    // A district a school: two levels.
    let alone = try ThreeLevelModel(test: .kenwardRoger).fit(
      studies, clusters: clusters.indices.map { "\($0)" })
    let plain = try RandomEffects(test: .kenwardRoger).fit(studies)
    #expect(isClose(alone.standardErrors[0], plain.standardErrors[0], 1e-7))
    #expect(isClose(alone.degreesOfFreedom, plain.degreesOfFreedom, 1e-6))
  }
}
