import Testing

@testable import SurveyStats

@Suite struct ScanShareTests {
  private func scan(_ path: String, _ slug: String) -> ScanSource {
    .file(path: path, origin: ScanOrigin(file: path, slug: slug, version: nil))
  }

  private func remark(_ path: String) -> ScanSource {
    .remark(
      ScanProblem(file: path, kind: .unreadable, message: "m", remedy: "r", severity: .note))
  }

  private var sources: [ScanSource] {
    [
      remark("first"), scan("a/scan.json", "a"), scan("a/scan-v2.json", "a"),
      scan("b/scan.json", "b"), remark("b"), .lines(path: "c.jsonl"), scan("d/scan.json", "d"),
    ]
  }

  @Test(arguments: 1...7) func `shares hold every source once, in order`(count: Int) throws {
    let shares = try (1...count).map { try #require(ScanShare($0, of: count)) }
    #expect(shares.flatMap { $0.selecting(sources) } == sources)
  }

  @Test func `the scans of a paper stay together`() throws {
    let half = try #require(ScanShare(1, of: 2)).selecting(sources)
    #expect(half == Array(sources[..<5]))
  }

  @Test func `remarks alone belong to the last share`() throws {
    let parts = try (1...3).map { try #require(ScanShare($0, of: 3)).selecting([remark("x")]) }
    #expect(parts.joined().count == 1)
  }

  @Test(arguments: [(0, 2), (3, 2), (1, 0), (-1, 1)])
  func `other numbers are no share`(number: Int, count: Int) {
    #expect(ScanShare(number, of: count) == nil)
  }
}
