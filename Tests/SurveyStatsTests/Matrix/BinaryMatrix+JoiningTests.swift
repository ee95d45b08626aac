import SurveyStats
import Testing

@Suite struct BinaryMatrixJoiningTests {
  @Test(arguments: [1, 2, 3, 7]) func `shares of a corpus join into the whole`(
    count: Int
  ) async throws {
    let csv = MatrixCSV()
    let whole = BinaryMatrix(try await ScanReader().read([RealScansTests.papers]))
    var parts: [(name: String, matrix: BinaryMatrix)] = []
    for number in (1...count).reversed() {
      var reader = ScanReader()
      reader.share = ScanShare(number, of: count)
      let part = BinaryMatrix(try await reader.read([RealScansTests.papers]))
      parts.append(("\(number).csv", try csv.read(csv.write(part))))
    }
    #expect(try csv.write(BinaryMatrix.joining(parts)) == csv.write(whole))
  }

  @Test func `items of one matrix were never asked of the papers of another`() throws {
    let joined = try BinaryMatrix.joining([
      ("b", BinaryMatrix(text: ["1 -"], papers: [Paper(slug: "b")], items: ["x", "y"])),
      ("a", BinaryMatrix(text: ["0 1 ."], papers: [Paper(slug: "a")], items: ["y", "z", "never"])),
    ])
    #expect(joined.papers.map(\.slug) == ["a", "b"])
    #expect(joined.items.map(\.id.name) == ["y", "z", "x", "never"])
    let cells = [0, 1].map { row in joined.items.indices.map { joined[row, $0] } }
    #expect(cells[0] == [.no, .yes, .absent, .absent])
    #expect(cells[1] == [.notApplicable, .absent, .yes, .absent])
  }

  @Test func `a paper in two matrices is an error`() {
    let matrix = BinaryMatrix(text: ["1"], papers: [Paper(slug: "a")], items: ["x"])
    #expect(throws: MatrixJoinError(row: RowID(paper: "a"), first: "1.csv", second: "2.csv")) {
      try BinaryMatrix.joining([("1.csv", matrix), ("2.csv", matrix)])
    }
  }

  @Test func `matrices of two raters join`() throws {
    let parts = ["A", "B"].map { (rater: String) in
      let papers = [Paper(slug: "a", rater: rater)]
      return (name: rater, matrix: BinaryMatrix(text: ["1"], papers: papers, items: ["x"]))
    }
    let joined = try BinaryMatrix.joining(parts)
    #expect(joined.papers.map(\.rater) == ["A", "B"] && joined.distinctPaperCount == 1)
  }

  @Test func `no matrices join into one without papers`() throws {
    let joined = try BinaryMatrix.joining([])
    #expect(joined.papers.isEmpty && joined.items.isEmpty)
  }
}
