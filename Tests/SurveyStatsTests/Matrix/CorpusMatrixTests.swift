import SurveySimulation
import SurveyStats
import Testing

@Suite struct CorpusMatrixTests {
  private func corpus() async throws -> Corpus {
    let folder = try TemporaryFolder()
    try folder.write(
      ScanText.make(
        checklist: """
          {"rigor": {"seeds": \(ScanText.no)}, "artifacts": {"data": \(ScanText.yes)}}
          """, rest: #""scan_version": 3, "active_modules": ["rigor"]"#), to: "a/scan.json")
    try folder.write(
      ScanText.make(
        checklist: #"{"claims": {"bounded": \#(ScanText.notApplicable)}}"#,
        rest: """
          "scan_version": 4, "paper_type": "empirical",
          "type_checklist": {"artifacts": {"code": \(ScanText.no)}, "x": {"y": \(ScanText.yes)}}
          """), to: "a/scan-v4.json")
    try folder.write(
      ScanText.make(
        checklist: #"{"claims": {"bounded": \#(ScanText.yes)}}"#,
        rest: """
          "scan_version": 4, "paper_type": "survey",
          "type_checklist": {"survey": {"protocol": \(ScanText.yes)}}
          """), to: "b/scan-v4.json")
    return try await ScanReader().read([folder.path])
  }

  @Test func `rows are scans and columns are discovered items by category`() async throws {
    let matrix = BinaryMatrix(try await corpus())
    #expect(matrix.papers.map(\.slug) == ["a", "a", "b"])
    #expect(matrix.papers.map(\.version) == [3, 4, 4])
    #expect(
      matrix.items.map(\.id.description) == [
        "rigor.seeds", "artifacts.data", "artifacts.code", "claims.bounded", "x.y",
        "survey.protocol",
      ])
    #expect(
      matrix.items.map(\.module) == ["rigor", "base", "base", "base", "empirical", "survey"])
    let rows = matrix.papers.indices.map { row in
      matrix.items.indices.map { matrix[row, $0] }
    }
    #expect(
      rows == [
        [.no, .yes, .absent, .absent, .absent, .absent],
        [.absent, .absent, .no, .notApplicable, .yes, .absent],
        [.absent, .absent, .absent, .yes, .absent, .yes],
      ])
  }

  @Test func `items that no chosen scan answers are no columns`() async throws {
    let matrix = BinaryMatrix(try await corpus().choosing(.version(3)))
    #expect(matrix.items.map(\.id.description) == ["rigor.seeds", "artifacts.data"])
  }

  @Test func `an instrument orders and names the columns`() async throws {
    let instrument = Instrument(
      name: "x",
      categories: [
        .init(name: "claims", items: [.init(name: "bounded", label: "Bounded")]),
        .init(
          name: "artifacts", module: "open", items: [.init(name: "code"), .init(name: "data")]),
      ])
    let matrix = BinaryMatrix(try await corpus(), instrument: instrument)
    #expect(
      matrix.items.map(\.id.description) == [
        "claims.bounded", "artifacts.code", "artifacts.data", "rigor.seeds", "x.y",
        "survey.protocol",
      ])
    #expect(matrix.items.map(\.label).prefix(2) == ["Bounded", nil])
    #expect(
      matrix.items.map(\.module) == ["base", "open", "open", "rigor", "empirical", "survey"])
    #expect(matrix[1, 0] == .notApplicable && matrix[1, 1] == .no && matrix[0, 2] == .yes)
  }

  @Test func `an empty corpus is an empty matrix`() {
    let matrix = BinaryMatrix(Corpus())
    #expect(matrix.papers.isEmpty && matrix.items.isEmpty)
  }
}
