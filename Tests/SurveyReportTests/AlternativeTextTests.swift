import Testing

@testable import SurveyFigures
@testable import SurveyReport
@testable import SurveyStats

/// What pictures of data whose answer is known say to readers who do not see them.
@Suite struct AlternativeTextTests {
  /// The alternative text of the first picture of a section.
  private func picture(_ id: String, of matrix: BinaryMatrix) async throws -> String {
    let input = ReportInput(
      matrix: matrix, settings: ReportSettings(title: "t", replicates: 199),
      design: { SamplingDesign(paperCount: $0.papers.count) })
    let report = try await Report(
      try await ReportAnalysis(input), choices: [Report.Choice(id: id)])
    return try #require(report.figures.first).alternativeText.text
  }

  @Test func `the map says how the answers of the best and the worst papers differ`() async throws {
    let matrix = BinaryMatrix(
      papers: (0..<8).map { Paper(slug: "p\($0)") },
      items: (0..<4).map { Item(id: ItemID("i\($0)")) }
    ) { paper, item in
      item == 3
        ? (paper == 0 ? .yes : .absent)
        : paper < 2 ? .yes : paper < 6 ? (item == 0 ? .yes : .no) : .no
    }
    #expect(
      try await picture("map", of: matrix)
        == "A map of 32 cells: 11 are yes, 14 no, and 7 without an answer. By score, 100.0% of the "
        + "answers of the highest quarter are yes (n = 7), and 0.0% of those of the lowest quarter "
        + "(n = 6).")
  }

  @Test func `a heat map says which coefficients are the greatest and the least`() async throws {
    let matrix = BinaryMatrix(
      papers: (0..<40).map { Paper(slug: "p\($0)") },
      items: ["a", "b", "c"].map { Item(id: ItemID($0)) }
    ) { paper, item in
      (item == 0 ? paper < 20 : item == 1 ? paper < 22 : paper >= 15) ? .yes : .no
    }
    let text = try await picture("correlations", of: matrix)
    #expect(text.contains("1 of 3 coefficients are above zero."))
    // R 4.2.2: cor(a, b) = 0.9045, cor(a, c) = -0.7746, cor(b, c) = -0.7006.
    #expect(text.contains("The greatest is 0.90, of A and B, the least −0.77, of A and C."))
  }
}
