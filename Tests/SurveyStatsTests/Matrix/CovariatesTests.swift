import SurveyStats
import Testing

private let papers = [
  Paper(slug: "p", year: 2024, arxivID: "2401.00010"),
  Paper(slug: "q", arxivID: "hep-th/9901001v2"),
  Paper(slug: "r", covariates: ["votes": "1"]),
]

@Suite struct CovariatesTests {
  private func joined(_ csv: String, to papers: [Paper] = papers) throws -> Covariates.Joined {
    try Covariates(csv: Array(csv.utf8)).joined(to: papers)
  }

  @Test func `a CSV joins by slug`() throws {
    let covariates = try Covariates(
      csv: Array("points,paper,source\n12,p,NA\n7,q,\"\"\n,r,hn\n".utf8))
    #expect(covariates.keys == [.paper])
    #expect(covariates.names == ["points", "source"])
    let joined = try covariates.joined(to: papers)
    #expect(joined.papers.map { $0.covariates["points"] } == ["12", "7", nil])
    #expect(joined.papers.map { $0.covariates["source"] } == [nil, "", "hn"])
    #expect(joined.papers[2].covariates["votes"] == "1")
    #expect(joined.notes.map(\.description) == ["3 of 3 covariate rows joined, 3 by paper"])
  }

  @Test func `arXiv identifiers match across versions and prefixes`() throws {
    let joined = try joined(
      "arxiv_id,points\narXiv:2401.00010v3,12\nhep-th/9901001,7\nN/A,1\n")
    #expect(joined.papers.map { $0.covariates["points"] } == ["12", "7", nil])
    #expect(joined.notes.map(\.kind) == [.joined, .unmatchedRow, .unmatchedPaper])
    #expect(joined.notes.map(\.names) == [["2 by arxiv_id"], ["N/A"], ["r"]])
  }

  @Test func `a row joins by the first key that fits`() throws {
    let papers = [
      Paper(slug: "a", doi: "10.1000/1"), Paper(slug: "b", title: "The Title: of b"),
      Paper(slug: "c", pmid: "77"), Paper(slug: "d", openAlexID: "W99"),
      Paper(slug: "e", title: "Shared"), Paper(slug: "f", title: "shared!"),
    ]
    let joined = try joined(
      """
      id,doi,pmid,openalex,title,x
      1,https://doi.org/10.1000/1,,,,A
      2,,,,the title of B,B
      3,,PMID: 77,,,C
      4,,,https://openalex.org/W99,,D
      5,,,,Shared,E
      """, to: papers)
    #expect(joined.papers.map { $0.covariates["x"] } == ["A", "B", "C", "D", nil, nil])
    #expect(joined.notes.map(\.kind) == [.joined, .unmatchedRow, .unmatchedPaper, .sharedTitle])
    #expect(
      joined.notes[0].description
        == "4 of 5 covariate rows joined, 1 by doi, 1 by pmid, 1 by openalex, 1 by title")
    #expect(joined.notes[3].names == ["Shared", "shared!"])
  }

  @Test func `what does not fit is counted and named`() throws {
    let joined = try joined("paper,venue,new\np,V,4\np,W,8\nx,,\ny,,\nz,,\nw,,\n")
    #expect(joined.papers[0].covariates == ["new": "4"] && joined.papers[0].venue == "V")
    #expect(
      joined.notes.map(\.kind) == [.joined, .unmatchedRow, .unmatchedPaper, .duplicateKey])
    #expect(joined.notes.map(\.count) == [1, 4, 2, 1])
    #expect(joined.notes[1].description == "4 covariate rows match no paper: 'x', 'y', 'z', 'w'")
    #expect(
      joined.notes[3].description == "1 covariate row repeats a key, the first row counts: 'p'")
  }

  @Test func `a covariate with the name of metadata is that metadata`() throws {
    let joined = try joined(
      "paper,weight,year,venue,type,cluster,tags\np,100,2024,arXiv.org,emp,c1,u;v\nq,,2001,V,,,\n")
    let paper = joined.papers[0]
    #expect(paper.weight == 100 && paper.type == "emp" && paper.tags == ["u", "v"])
    #expect(paper.cluster == "c1" && paper.covariates.keys.isEmpty)
    #expect(joined.papers[1].year == 2001 && joined.papers[1].weight == nil)
  }

  @Test func `two values for one thing are an error`() {
    #expect(
      throws: CovariateError.clash(line: 2, name: "year", paper: "p", here: "2023", there: "2024")
    ) { try joined("paper,year\np,2023\n") }
    #expect(
      throws: CovariateError.clash(line: 2, name: "votes", paper: "r", here: "2", there: "1")
    ) { try joined("paper,votes\nr,2\n") }
    #expect(throws: CovariateError.notMetadata(line: 2, name: "weight", value: "-1")) {
      try joined("paper,weight\np,-1\n")
    }
  }

  @Test func `JSON lines join likewise`() throws {
    let lines = """
      {"paper": "p", "points": 12, "ratio": 0.5, "shown": true, "none": null, "text": "a\\u202eb"}

      {"text": "", "paper": "q"}
      """
    let covariates = try Covariates(jsonLines: Array(lines.utf8))
    #expect(covariates.names == ["none", "points", "ratio", "shown", "text"])
    let joined = try covariates.joined(to: papers)
    #expect(
      joined.papers[0].covariates
        == ["points": "12", "ratio": "0.5", "shown": "true", "text": "a\u{202E}b"])
    #expect(joined.papers[1].covariates == ["text": ""])
  }

  @Test func `nested records are flattened, and addresses give identifiers`() throws {
    let lines = """
      {"id": "one", "labels": ["a", "b"], "hn": {"points": 12, "posts": [{"n": 1}, {"n": 2}]}, "url": "https://arxiv.org/abs/2401.00010v2"}
      {"id": "q", "labels": [], "hn": null, "url": "https://doi.org/10.5555/GG.3"}
      """
    let covariates = try Covariates(jsonLines: Array(lines.utf8))
    #expect(covariates.names == ["hn", "hn.points", "hn.posts.count", "labels", "url"])
    let joined = try covariates.joined(to: papers)
    #expect(
      joined.papers[0].covariates == [
        "hn.points": "12", "hn.posts.count": "2", "labels": "a;b",
        "url": "https://arxiv.org/abs/2401.00010v2",
      ])
    #expect(joined.papers[1].doi == "10.5555/gg.3")
    #expect(joined.notes[0].names == ["1 by paper", "1 by arxiv_id"])
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
    ("{\"paper\": \"p\"}\n{\"a\": 1}", CovariateError.noKey(line: 2)),
    ("{\"a\": 1}", .noKey(line: 1)),
    ("{\"paper\": \"p\"}\n[1]", .notObject(line: 2)),
    ("{\"paper\": \"p\"", .notObject(line: 1)),
    ("{\"arxiv_id\": 2401.0001}", .keyNotText(line: 1, name: "arxiv_id")),
  ]) func `JSON lines that do not fit have a place`(text: String, error: CovariateError) {
    #expect(throws: error) { try Covariates(jsonLines: Array(text.utf8)) }
    #expect(!error.description.isEmpty)
  }
}
