import SurveyStats
import Testing

@Suite struct RealScansTests {
  /// The folder of the real scans in this repository.
  static let papers =
    #filePath.split(separator: "/").dropLast(4)
    .reduce(into: "") { $0 += "/" + $1 } + "/data/papers"

  @Test(arguments: [
    ("random-scaling-emergent-2025", 33, 17, 14),
    ("probing-emergence-cross-lingual-2024", 22, 28, 14),
    ("neural-neural-scaling-2026", 31, 21, 12),
  ]) func `the complete scans have the known counts`(
    slug: String, yes: Int, no: Int, notApplicable: Int
  ) async throws {
    let corpus = try await ScanReader().read(["\(RealScansTests.papers)/\(slug)/scan.json"])
    #expect(corpus.problems.isEmpty)
    let matrix = BinaryMatrix(corpus)
    #expect(matrix.papers.map(\.slug) == [slug])
    #expect(matrix.items.count == 64)
    var counts: [Cell: Int] = [:]
    for item in matrix.items.indices { counts[matrix[0, item], default: 0] += 1 }
    #expect(counts == [.yes: yes, .no: no, .notApplicable: notApplicable])
    #expect(
      matrix.papers[0].venue
        == (slug.hasSuffix("2024")
          ? "Annual Meeting of the Association for Computational Linguistics" : "arXiv"))
  }
}
