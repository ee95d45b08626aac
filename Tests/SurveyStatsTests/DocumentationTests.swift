import SurveyStats
import Testing

@Suite struct DocumentationTests {
  /// The example of the overview page; keep the two alike.
  @Test func `the example of the overview works`() async throws {
    let csv = """
      paper,year,artifacts.code_released,limitations.limits_stated
      alpha,2023,1,1
      beta,2024,0,NA
      gamma,2025,1,0
      """
    let matrix = try MatrixCSV().read(Array(csv.utf8))
    let design = SamplingDesign(paperCount: matrix.papers.count)
    let estimator = RateEstimator(bootstrap: Bootstrap(design: design, seed: 1, jobs: 2))
    let targets = RateTarget.all(in: matrix, levels: [.item, .overall])
    let result = try await estimator(matrix, targets: targets)
    let table = Table(rates: [(group: nil, rates: result.rates)], by: nil, level: estimator.level)
    let text = TextWriter().write(table)

    let estimates: [Double?] = [2.0 / 3, 1.0 / 2, 3.0 / 5]
    #expect(result.rates.map(\.estimate) == estimates)
    #expect(String(decoding: text, as: UTF8.self).contains("code_released"))
  }
}
