import SurveyFigures
import Testing

@testable import SurveyReport

/// What all pictures of reports have in common.
@Suite struct FigureSizeTests {
  @Test(arguments: ReportCorpora.allCases)
  func `no text of a picture is smaller than ten points`(corpus: ReportCorpora) async throws {
    for figure in try await corpus.cached().figures {
      for size in fontSizes(figure.specification.root) { #expect(size >= 10, "\(figure.id)") }
    }
  }

  private func fontSizes(_ value: VegaLiteValue) -> [Double] {
    switch value {
    case .array(let values): return values.flatMap(fontSizes)
    case .object(let values):
      return values.flatMap { key, value -> [Double] in
        if case .number(let size) = value, key.lowercased().hasSuffix("fontsize") { return [size] }
        return fontSizes(value)
      }
    default: return []
    }
  }
}
