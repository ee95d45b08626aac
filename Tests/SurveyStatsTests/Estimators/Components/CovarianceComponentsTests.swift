import Testing

@testable import SurveyStats

@Suite struct CovarianceComponentsTests {
  private func matrix() throws -> BinaryMatrix {
    let text = try #require(RegressionGolden.rows("reviewer", "rasch").first?["answers"])
    return BinaryMatrix(text: text.split(separator: "/").map(String.init))
  }

  @Test(arguments: [Components.Method.correlations, .complete, .imputation])
  func `components of complete answers are those of prcomp`(method: Components.Method) async throws
  {
    let golden = RegressionGolden.rows("reviewer", "covariance")
    var question = Components(CorrelatedVariables())
    question.method = method
    question.ofCovariances = true
    question.count = .exactly(2)
    question.referenceSets = 20
    let result = try await Run()(question, of: Study(try matrix()))
    #expect(result.principal.isOfCovariances && result.intervals == nil)
    for (index, row) in golden.enumerated() {
      #expect(
        isClose(
          result.principal.eigenvalues[index], row["variance"].flatMap { Double($0) },
          within: 1e-10))
      #expect(
        isClose(
          abs(result.principal.vectors[index, 0]), row["first"].flatMap { Double($0) },
          within: 1e-8))
    }
    let table = result.eigenvalueTable
    guard
      case .real(let quantiles)? = table.columns.first(where: { $0.name == "parallel_quantile" })?
        .values
    else {
      Issue.record("no column")
      return
    }
    #expect(quantiles.allSatisfy { $0 == nil } && table.caption.contains("keep their variances"))
    #expect(result.loadingTable.caption.contains("covariances"))
    #expect(try result.scores().table(papers: (0..<120).map { "p\($0)" }).rowCount == 120)
  }

  @Test func `correlations of a sound matrix are shrunk when asked to`() async throws {
    let study = Study(try matrix())
    var plain = CorrelationMatrices(CorrelatedVariables())
    let before = try await Run()(plain, of: study)
    plain.shrinks = true
    let after = try await Run()(plain, of: study)
    let repair = try #require(after.matrix.repair)
    let intensity = try #require(repair.intensity)
    #expect(before.matrix.repair == nil && intensity > 0 && intensity < 1)
    for row in 0..<6 {
      for column in 0..<row {
        #expect(
          isClose(
            after.matrix.values[row, column],
            (1 - intensity) * before.matrix.values[row, column]))
      }
    }
    #expect(after.remarks.contains { $0.contains("shrunk towards zero") })
    var question = Components(CorrelatedVariables())
    question.shrinks = true
    question.count = .exactly(1)
    question.referenceSets = 20
    question.interval = .percentile
    let shrunk = try await Run(replicates: 99)(question, of: study)
    let values = try #require(shrunk.intervals?.eigenvalues)
    #expect((values[0].lower ?? 9) < shrunk.principal.eigenvalues[0])
    #expect((values[0].upper ?? 0) > shrunk.principal.eigenvalues[0])
    let spearman = CorrelatedVariables(.categories(.spearman), minimumCount: 2)
    var ranks = CorrelationMatrices(spearman)
    ranks.shrinks = true
    await #expect(throws: (any Error).self) { try await Run()(ranks, of: study) }
  }
}
