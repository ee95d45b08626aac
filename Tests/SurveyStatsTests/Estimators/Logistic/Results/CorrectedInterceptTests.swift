import Testing

@testable import SurveyStats

@Suite struct CorrectedInterceptTests {
  private func papers() throws -> (matrix: BinaryMatrix, row: [String: String]) {
    let row = try #require(RegressionGolden.rows("reviewer", "flic").first)
    let x = (row["x"] ?? "").split(separator: "/").map(String.init)
    let matrix = BinaryMatrix(
      text: (row["y"] ?? "").map(String.init),
      papers: x.indices.map { Paper(slug: "p\($0)", covariates: ["x": x[$0]]) })
    return (matrix, row)
  }

  @Test func `intercept and error are those of R, slopes stay Firth's`() async throws {
    let (matrix, row) = try papers()
    var question = Logits([.item(ItemID("i0"))], on: "x", estimation: .firth)
    let firth = try await Run()(question, of: Study(matrix))
    question.correctsIntercept = true
    let corrected = try await Run()(question, of: Study(matrix))
    let (plain, rows) = (firth.estimates, corrected.estimates)
    func number(_ column: String) -> Double? { row[column].flatMap { Double($0) } }
    #expect(isClose(rows[0].estimate, number("intercept"), within: 1e-6))
    #expect(isClose(rows[0].standardError, number("error"), within: 1e-6))
    #expect(isClose(rows[1].estimate, number("slope"), within: 1e-6))
    #expect(rows[1] == plain[1] && rows[0].method == "FLIC, Wald")
    #expect(rows[0].estimate != plain[0].estimate)
    #expect((rows[0].coefficient.lower ?? 1) < (rows[0].estimate ?? 0))
    // The mean fitted probability is the observed rate.
    let fit = try #require(corrected.fitted.first)
    let predicted = fit.predictors(fit.rows).map { logistic($0) }
    let mean = predicted.reduce(0, +) / Double(predicted.count)
    #expect(isClose(mean, Double(fit.eventCount) / Double(fit.paperCount), within: 1e-9))
  }

  @Test func `maximum likelihood has nothing to correct`() async throws {
    let (matrix, _) = try papers()
    var question = Logits([.item(ItemID("i0"))], on: "x", estimation: .maximumLikelihood)
    let plain = try await Run()(question, of: Study(matrix)).estimates
    question.correctsIntercept = true
    #expect(try await Run()(question, of: Study(matrix)).estimates == plain)
  }
}
