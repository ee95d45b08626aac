import SurveySimulation
import SurveyStats
import Testing

@Suite struct ScanDecoderTests {
  @Test func `metadata of a paper are read`() throws {
    let text = ScanText.make(
      paper: """
        {"title": " A study ", "authors": ["A", "B"], "year": 2025, "venue": "arXiv.org",
        "arxiv_id": "2502.17356v2", "doi": "https://doi.org/10.48550/arXiv.2502.17356"}
        """,
      rest: """
        "scan_version": 3, "active_modules": ["experimental_rigor", "data_leakage"],
        "methodology_tags": ["rct", "benchmark-eval; survey", "rct"], "paper_type": "empirical"
        """)
    let scan = try #require(ScanText.read(text).scans.first)
    #expect(scan.paper.slug == "study-2025")
    #expect(scan.paper.title == "A study")
    #expect(scan.paper.year == 2025)
    #expect(scan.paper.venue == "arXiv")
    #expect(scan.paper.arxivID == "2502.17356")
    #expect(scan.paper.doi == "10.48550/arxiv.2502.17356")
    #expect(scan.paper.tags == ["rct", "benchmark-eval", "survey"])
    #expect(scan.paper.type == "empirical")
    #expect(scan.paper.version == 3)
    #expect(scan.version == 3)
    #expect(scan.activeModules == ["experimental_rigor", "data_leakage"])
    #expect(scan.paper.covariates["active_modules"] == "experimental_rigor;data_leakage")
    #expect(scan.file == "papers/study-2025/scan.json")
    #expect(scan.authors.isEmpty)
  }

  @Test func `what is not stated is nil without a problem`() throws {
    let corpus = ScanText.read(
      ScanText.make(
        paper: #"{"title": null, "venue": "Unknown", "doi": "", "arxiv_id": null}"#,
        rest: #""hn_data": null, "engagement_factors": null, "paper_type": null"#))
    #expect(corpus.problems.isEmpty)
    #expect(
      corpus.scans.first?.paper
        == Paper(
          slug: "study-2025", version: 1, covariates: ["contradictory_answers": "0"]))
  }

  @Test(arguments: [
    (#"{"year": "2025?"}"#, "paper.year", ScanProblem.Kind.wrongType),
    (#"{"year": 2025.5}"#, "paper.year", .invalidValue),
    (#"{"year": 20255}"#, "paper.year", .invalidValue),
    (#"{"title": 7}"#, "paper.title", .wrongType),
    (#"{"venue": ["arXiv"]}"#, "paper.venue", .wrongType),
    (#"{"authors": "A, B"}"#, "paper.authors", .wrongType),
    (#"{"doi": "10.1145/nnnnnnn.nnnnnnn"}"#, "paper.doi", .invalidIdentifier),
    (#"{"doi": "soon"}"#, "paper.doi", .invalidIdentifier),
    (#"{"arxiv_id": "soon"}"#, "paper.arxiv_id", .invalidIdentifier),
  ]) func `a wrong value loses only itself`(paper: String, place: String, kind: ScanProblem.Kind) {
    let corpus = ScanText.read(ScanText.make(paper: paper))
    #expect(corpus.places == [place])
    #expect(corpus.kinds == [kind])
    #expect(corpus.problems.map(\.severity) == [.note])
    #expect(
      corpus.scans.first?.paper
        == Paper(slug: "study-2025", version: 1, covariates: ["contradictory_answers": "0"]))
  }

  @Test(arguments: ["1e999", "99999999999999999999", "-1e400"])
  func `a huge number loses only itself`(number: String) {
    let corpus = ScanText.read(
      ScanText.make(paper: "{\n\"title\": \"A study\", \"year\": \(number)}"))
    #expect(corpus.scans.first?.paper.title == "A study")
    #expect(corpus.scans.first?.paper.year == nil)
    #expect(corpus.kinds == [.numberOutOfRange])
    #expect(corpus.places == ["line 2, column 29"])
  }

  @Test func `half a surrogate pair loses only itself`() {
    let corpus = ScanText.read(ScanText.make(paper: #"{"title": "A \ud800 study \udc00"}"#))
    #expect(corpus.scans.first?.paper.title == "A \u{FFFD} study \u{FFFD}")
    #expect(corpus.kinds == [.loneSurrogate, .loneSurrogate])
  }

  @Test func `lists are counted`() throws {
    let scan = try #require(ScanText.read(ScanText.make(rest: ScanDecoderTests.lists)).scans.first)
    #expect(
      scan.paper.covariates == [
        "contradictory_answers": "0", "claims": "4", "claims_strong": "2", "claims_moderate": "0",
        "claims_weak": "0", "claims_not_supported": "1", "red_flags": "1", "cited_papers": "2",
        "engagement_fear_safety": "0", "engagement_demo_ability": "3", "hn_points": "120",
        "hn_mean_score": "1.5", "hn_num_comments": "7",
      ])
    #expect(scan.claims.isEmpty && scan.redFlags.isEmpty && scan.citedPapers.isEmpty)
  }

  @Test func `a year in quotes is a year`() throws {
    let corpus = ScanText.read(ScanText.make(paper: #"{"year": "2024"}"#))
    #expect(corpus.scans.first?.paper.year == 2024)
    #expect(corpus.places == ["paper.year"] && corpus.problems.map(\.severity) == [.note])
    let words = ScanText.read(ScanText.make(paper: #"{"year": "in press"}"#))
    #expect(words.scans.first?.paper.year == nil && words.kinds == [.wrongType])
  }

  @Test func `a list of posts is counted, and its attention added up`() throws {
    let corpus = ScanText.read(
      ScanText.make(
        rest: """
          "hn_data": {"posts": [{"points": 50, "num_comments": 3, "id": 9}, {"points": 20.5}, 1],
          "found": true}
          """))
    let covariates = try #require(corpus.scans.first?.paper.covariates)
    #expect(
      covariates == [
        "contradictory_answers": "0", "hn_posts": "3", "hn_posts_points": "70.5",
        "hn_posts_num_comments": "3",
      ])
  }

  @Test func `details are kept when asked for`() throws {
    let text = ScanText.make(paper: #"{"authors": ["A", 1, "B"]}"#, rest: ScanDecoderTests.lists)
    let corpus = ScanText.read(text, details: .all)
    let scan = try #require(corpus.scans.first)
    #expect(scan.authors == ["A", "B"])
    #expect(
      scan.claims == [
        Claim(claim: "one", evidence: "Table 1", support: "strong"),
        Claim(claim: "two", support: "Strong"), Claim(claim: "three", support: "not supported!"),
        Claim(claim: ""),
      ])
    #expect(scan.redFlags == [RedFlag(flag: "single seed", detail: "all runs")])
    #expect(
      scan.citedPapers == [
        CitedPaper(
          title: "Cited", authors: ["C"], year: 2020, arxivID: "2001.08361", doi: "10.1000/182"),
        CitedPaper(title: ""),
      ])
  }

  private static let lists = """
    "claims": [{"claim": "one", "evidence": "Table 1", "supported": "strong"},
      {"claim": "two", "supported": "Strong"}, {"claim": "three", "supported": "not supported!"},
      {}],
    "red_flags": [{"flag": "single seed", "detail": "all runs"}],
    "cited_papers": [{"title": "Cited", "authors": ["C"], "year": 2020, "arxiv_id": "2001.08361",
      "doi": "10.1000/182"}, {"doi": "XXXXXXX.XXXXXXX"}],
    "engagement_factors": {"fear_safety": {"score": 0, "justification": "none"},
      "demo_ability": 3},
    "hn_data": {"points": 120, "mean score": 1.5, "num_comments": 7, "url": "x", "found": true}
    """

  @Test func `wrong parts of lists are left out one by one`() throws {
    let corpus = ScanText.read(
      ScanText.make(
        rest: """
          "claims": [{"claim": "one", "supported": true}, "two"], "red_flags": {},
          "engagement_factors": {"a": {"score": "high"}, "b": {"score": -1}, "c": {}},
          "hn_data": [], "methodology_tags": ["rct", 1], "active_modules": "all"
          """))
    let scan = try #require(corpus.scans.first)
    #expect(scan.paper.covariates["claims"] == "1")
    #expect(scan.paper.covariates["red_flags"] == nil)
    #expect(scan.paper.tags == ["rct"])
    #expect(
      Set(corpus.places) == [
        "claims[1]", "claims[0].supported", "red_flags", "engagement_factors.a",
        "engagement_factors.b", "hn_data", "methodology_tags[1]", "active_modules",
      ])
    #expect(corpus.kinds.allSatisfy { $0 == .wrongType })
  }

  @Test(arguments: [
    ("", "scan.json", 1, []), ("", "scan-v4.json", 4, [ScanProblem.Kind.versionMismatch]),
    (#""scan_version": 4"#, "scan-v4.json", 4, []), (#""scan_version": 2"#, "scan.json", 2, []),
    (#""scan_version": 5"#, "scan-v4.json", 5, [.versionMismatch]),
    (#""scan_version": "3""#, "scan.json", 3, [.wrongType]),
    (#""scan_version": "three""#, "scan.json", 1, [.wrongType]),
    (#""scan_version": "0""#, "scan.json", 1, [.wrongType, .wrongType]),
    (#""scan_version": 0"#, "scan-v5.json", 5, [.invalidValue]),
  ]) func `the version is stated, else the file name's, else 1`(
    rest: String, name: String, version: Int, kinds: [ScanProblem.Kind]
  ) {
    let corpus = ScanText.read(ScanText.make(rest: rest), file: "papers/a-2025/\(name)")
    #expect(corpus.scans.first?.version == version)
    #expect(corpus.kinds == kinds)
  }

  @Test(arguments: [
    ("[]", ScanProblem.Kind.wrongType, ""), ("7", .wrongType, ""),
    (ScanText.make(paper: ""), .missingPart, ""), (ScanText.make(paper: "null"), .missingPart, ""),
    (ScanText.make(paper: "[]"), .wrongType, "paper"),
    (ScanText.make(checklist: ""), .missingPart, ""),
    (ScanText.make(checklist: "\"none\""), .wrongType, "checklist"),
    (ScanText.make(checklist: "{}"), .missingPart, ""), ("", .emptyFile, ""),
    (" \n\u{FEFF}"[...].description, .malformedJSON, "line 2, column 1"),
    ("\u{FEFF} \n", .emptyFile, ""), ("{\"paper\": {", .malformedJSON, "line 1, column 12"),
    (String(repeating: "[", count: 10_000), .nestedTooDeep, "line 1, column 512"),
    (String(repeating: "{\"a\":", count: 10_000), .nestedTooDeep, "line 1, column 2556"),
  ]) func `a document that is no scan is left out`(
    text: String, kind: ScanProblem.Kind, place: String
  ) {
    let corpus = ScanText.read(text)
    #expect(corpus.scans.isEmpty && corpus.items.isEmpty)
    #expect(corpus.filesFound == 1 && corpus.filesRead == 0)
    #expect(corpus.kinds == [kind])
    #expect(corpus.places == [place])
    #expect(corpus.problems.map(\.severity) == [.leftOut])
  }

  @Test func `bytes that are not UTF-8 are left out`() {
    let text = ScanText.make().utf8.map { $0 == UInt8(ascii: "A") ? 0xE9 : $0 }
    let corpus = ScanReader().parse(bytes: text, file: "scan.json")
    #expect(corpus.kinds == [.notUTF8])
    #expect(corpus.places == ["line 1, column 22"])
  }

  @Test func `a byte order mark is accepted`() {
    let corpus = ScanText.read("\u{FEFF}" + ScanText.make())
    #expect(corpus.scans.count == 1 && corpus.problems.isEmpty)
  }

  @Test func `keys may come in any order and nest deeply`() {
    let deep = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
    let corpus = ScanText.read(
      """
      {"checklist": {"a": {"b": \(ScanText.yes)}}, "extra": \(deep), "scan_version": 2,
      "paper": {}}
      """)
    #expect(corpus.cells() == ["a.b": .yes])
    #expect(corpus.problems.isEmpty)
  }

  @Test func `categories nested to the limit are walked`() {
    let depth = JSONParserLimit.depth - 5
    let text =
      String(repeating: #"{"a":"#, count: depth) + ScanText.yes
      + String(repeating: "}", count: depth)
    #expect(ScanText.read(ScanText.make(checklist: text)).cells().count == 1)
  }

  private enum JSONParserLimit { static let depth = 512 }
}
