import Foundation
import SurveyStats
import Testing

@Suite struct DocumentationTests {
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
    let result = try await estimator.estimate(matrix, targets: targets)
    let table = Table(rates: [(group: nil, rates: result.rates)], by: nil, level: estimator.level)
    let text = TextWriter().write(table)

    let estimates: [Double?] = [2.0 / 3, 1.0 / 2, 3.0 / 5]
    #expect(result.rates.map(\.estimate) == estimates)
    #expect(String(decoding: text, as: UTF8.self).contains("code_released"))
  }

  @Test func `the example above is that of the overview`() throws {
    let here = URL(filePath: #filePath)
    let root = here.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = root.appending(path: "Sources/SurveyStats/SurveyStats.docc/SurveyStats.md")
    let parts = try String(contentsOf: page, encoding: .utf8).split(separator: "```")
    let example = try #require(parts.first { $0.hasPrefix("swift\n") })
    let lines = example.split(separator: "\n").dropFirst(2).map { trimmed($0) }
    let test = try String(contentsOf: here, encoding: .utf8).split(separator: "\n").map {
      trimmed($0)
    }
    let start = try #require(test.firstIndex(of: lines[0]))
    #expect(Array(test[start...].prefix(lines.count)) == lines)
  }

  private func trimmed(_ line: Substring) -> String {
    line.trimmingCharacters(in: .whitespaces)
  }
}
