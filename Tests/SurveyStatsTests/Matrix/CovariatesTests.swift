import SurveyStats
import Testing

private let papers = [
  Paper(slug: "p", year: 2024, arxivID: "2401.00010"),
  Paper(slug: "q", arxivID: "hep-th/9901001v2"),
  Paper(slug: "r", covariates: ["votes": "1"]),
]

@Suite struct CovariatesTests {
  @Test func `a CSV joins by slug`() throws {
    let covariates = try Covariates(
      csv: Array("points,paper,source\n12,p,NA\n7,q,\"\"\n,r,hn\n".utf8))
    #expect(covariates.key == .paper)
    #expect(covariates.names == ["points", "source"])
    let joined = covariates.joined(to: papers)
    #expect(joined.papers.map { $0.covariates["points"] } == ["12", "7", nil])
    #expect(joined.papers.map { $0.covariates["source"] } == [nil, "", "hn"])
    #expect(joined.papers[2].covariates["votes"] == "1")
    #expect(joined.notes.isEmpty)
  }

  @Test func `arXiv identifiers match across versions and prefixes`() throws {
    let covariates = try Covariates(
      csv: Array("arxiv_id,points\narXiv:2401.00010v3,12\nhep-th/9901001,7\n".utf8))
    let joined = covariates.joined(to: papers)
    #expect(joined.papers.map { $0.covariates["points"] } == ["12", "7", nil])
    #expect(joined.notes.map(\.kind) == [.unmatchedPaper])
    #expect(joined.notes.map(\.examples) == [["r"]])
  }

  @Test func `what does not fit is counted and named`() throws {
    let covariates = try Covariates(
      csv: Array(
        "paper,year,votes,venue,new\np,1,2,V,4\np,5,6,W,8\nx,,,,\ny,,,,\nz,,,,\nw,,,,\n".utf8))
    let joined = covariates.joined(to: papers)
    #expect(joined.papers[0].covariates == ["new": "4", "venue": "V"])
    #expect(joined.papers[0].year == 2024)
    #expect(
      joined.notes.map(\.kind) == [.unmatchedRow, .unmatchedPaper, .duplicateKey, .nameCollision])
    #expect(joined.notes.map(\.count) == [4, 2, 1, 2])
    #expect(joined.notes[0].examples == ["x", "y", "z"])
    #expect(joined.notes[0].description == "4 covariate rows match no paper: 'x', 'y', 'z', …")
    #expect(
      joined.notes[2].description == "1 covariate row repeats a key, the first row counts: 'p'")
    #expect(joined.notes[3].examples == ["year", "votes"])
  }

  @Test func `JSON lines join likewise`() throws {
    let lines = """
      {"paper": "p", "points": 12, "ratio": 0.5, "shown": true, "none": null, "text": "a\\u202eb"}

      {"text": "", "paper": "q"}
      """
    let covariates = try Covariates(jsonLines: Array(lines.utf8))
    #expect(covariates.names == ["none", "points", "ratio", "shown", "text"])
    let joined = covariates.joined(to: papers)
    #expect(
      joined.papers[0].covariates
        == ["points": "12", "ratio": "0.5", "shown": "true", "text": "a\u{202E}b"])
    #expect(joined.papers[1].covariates == ["text": ""])
  }

  @Test(arguments: [
    ("", CovariateError.csv(.empty)), ("a,b\n", .noKey(line: 1)),
    ("paper,\n", .unnamedColumn(column: 2)),
    ("paper,a\n,1\n", .noKey(line: 2)),
    ("paper,a\np\n", .csv(.raggedRow(line: 2, found: 1, expected: 2))),
  ]) func `a CSV that does not fit has a place`(text: String, error: CovariateError) {
    #expect(throws: error) { try Covariates(csv: Array(text.utf8)) }
    #expect(!error.description.isEmpty)
  }

  @Test(arguments: [
    ("{\"paper\": \"p\"}\n{\"a\": 1}", CovariateError.otherKey(line: 2, name: "paper")),
    ("{\"a\": 1}", .noKey(line: 1)),
    ("{\"paper\": \"p\"}\n[1]", .notFlatObject(line: 2)),
    ("{\"paper\": \"p\", \"a\": {}}", .notFlatObject(line: 1)),
    ("{\"paper\": \"p\"", .notFlatObject(line: 1)),
    ("{\"arxiv_id\": 2401.0001}", .keyNotText(line: 1, name: "arxiv_id")),
  ]) func `JSON lines that do not fit have a place`(text: String, error: CovariateError) {
    #expect(throws: error) { try Covariates(jsonLines: Array(text.utf8)) }
    #expect(!error.description.isEmpty)
  }
}
