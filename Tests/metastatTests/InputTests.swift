import Foundation
import Testing

@Suite struct InputTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func write(_ slug: String, version: Int = 2, file: String = "scan.json") throws {
    try workspace.write(
      ScanText.scan(
        title: "A paper of its own, \(slug)", year: 2024, version: version, [("a", "x", true)]),
      to: "papers/\(slug)/\(file)")
  }

  @Test(arguments: [
    ("README.md", "rename it"), ("archive.zip", "unpack it"),
  ]) func `a file of no known kind is told from a scan`(name: String, remedy: String) throws {
    try workspace.write("paper\ta\n", to: name)
    let run = try workspace.run("rates", name)
    #expect(run.exitCode == 65 && run.errorLines.count == 1)
    #expect(run.errors.contains("a folder of scans") && run.errors.contains(remedy))
  }

  @Test func `JSON that is no scan is not to be scanned again`() throws {
    try workspace.write(#"{"categories": []}"#, to: "instrument.json")
    let run = try workspace.run("rates", "instrument.json")
    #expect(run.exitCode == 65 && run.errors.contains("this is no scan: it has no 'paper'"))
    #expect(!run.errors.contains("scan the paper again"))
    #expect(run.errors.contains("the scan could not be read"))
  }

  @Test func `a version that nobody has is answered with those there are`() throws {
    try write("p-2024", version: 2)
    try write("q-2024", version: 3)
    let run = try workspace.run("rates", "papers", "--instrument", "9")
    #expect(run.exitCode == 66 && run.errors.contains("there are versions 2, 3"))
    let matrix = try workspace.write("paper,version,a\np,4,1\n", to: "m.csv")
    let other = try workspace.run("rates", matrix, "--instrument", "9")
    #expect(other.exitCode == 66 && other.errors.contains("there is version 4"))
  }

  @Test func `several scans of a paper are called scans`() throws {
    try write("p-2024", version: 3)
    try write("p-2024", version: 4, file: "scan-v4.json")
    try write("q-2024")
    let run = try workspace.run(
      "rates", "papers", "--instrument", "all", "--format", "text", "--rows", "item")
    #expect(run.output.contains("3 scans of 2 papers."))
    let csv = try workspace.run("rates", "papers", "--instrument", "all", "--rows", "item")
    #expect(csv.rows[1][3] == "2" && csv.rows[1][4] == "3")
    let check = try workspace.run("check", "papers", "--instrument", "all")
    #expect(check.output.contains("papers,analysed,2\nscans,analysed,3\n"))
  }

  private static let twoRaters = "paper,rater,a.x,a.y\np1,A,1,0\np1,B,1,1\np2,A,0,0\np2,B,0,1\n"

  @Test func `rows of two raters are one paper`() throws {
    let matrix = try workspace.write(Self.twoRaters, to: "two.csv")
    let run = try workspace.run("rates", matrix, "--rows", "item")
    #expect(run.exitCode == 0 && run.rows[1][3] == "2" && run.column("estimate")[0] == "0.5")
    #expect(run.errors.contains("4 rows of 2 papers: the raters of a paper share its weight"))
    let one = try workspace.run("rates", matrix, "--rows", "item", "--rater-order", "B,A")
    #expect(one.column("estimate")[1] == "1" && one.rows[2][4] == "2")
    #expect(one.errors.contains("of 2 papers the answers of another rater are left out"))
    let other = try workspace.run("rates", matrix, "--rater", "A", "--rows", "item")
    #expect(other.column("estimate")[1] == "0")
    let unknown = try workspace.run("rates", matrix, "--rater-order", "C")
    #expect(unknown.exitCode == 64 && unknown.errors.contains("nothing was answered by 'C'"))
    let check = try workspace.run("check", matrix, "--rater-order", "A")
    #expect(check.output.contains("papers,of_other_rater_too,2\n"))
    let copy = try workspace.run("matrix", matrix)
    #expect(copy.output == Self.twoRaters)
  }

  @Test func `all problems of a matrix are said at once`() throws {
    let matrix = try workspace.write(
      "paper,year,a.x,a.y\np1,2020,1,maybe\np2,20x,0,1\np3,2021,q,0\np1,2022,1,1\n", to: "m.csv")
    let check = try workspace.run("check", matrix, "--table", "problems")
    #expect(check.exitCode == 65 && check.rows.count == 5)
    let places = Set(check.column("place"))
    #expect(places.isSuperset(of: ["line 2, column 4 (a.y)", "line 4, column 3 (a.x)"]))
    #expect(places.contains("line 3, column 2 (year)"))
    let rates = try workspace.run("rates", matrix)
    #expect(rates.exitCode == 65 && rates.errors.contains("4 things"))
    #expect(rates.errors.contains("maybe") && rates.errors.contains("20x"))
  }

  @Test func `covariates named like metadata are that metadata`() throws {
    let matrix = try workspace.write("paper,a\np1,1\np2,0\np3,1\np4,1\n", to: "m.csv")
    let covariates = try workspace.write(
      "paper,weight,type\np1,100,emp\np2,1,sur\np3,1,sur\np4,1,emp\n", to: "c.csv")
    let run = try workspace.run("rates", matrix, "--covariates", covariates, "--rows", "item")
    let rate = try #require(Double(run.column("estimate")[0]))
    #expect(abs(rate - 102.0 / 103) < 1e-12)
    let by = try workspace.run("rates", matrix, "--covariates", covariates, "--by", "type")
    #expect(by.exitCode == 0 && by.output.contains(",type,emp,"))
  }

  @Test func `slugs to exclude that no paper has are said`() throws {
    try write("first-2024")
    try write("second-2024")
    let typo = try workspace.run("check", "papers", "--exclude", "frist-2024")
    #expect(typo.exitCode == 0)
    #expect(typo.errors.contains("no paper is called 'frist-2024'; the nearest is first-2024"))
    try workspace.write("# anchors\nfirst-2024  # the first\n\nnone-2020\n", to: "anchors.txt")
    let file = try workspace.run("matrix", "papers", "--exclude", "@anchors.txt")
    #expect(file.rows.dropFirst().map { $0[0] } == ["second-2024"])
    #expect(file.errorLines.count == 1 && file.errors.contains("1 of 2 slugs are no papers here"))
    let quiet = try workspace.run("check", "papers", "--exclude", "first-2024")
    #expect(quiet.errors.isEmpty)
  }

  @Test func `duplicates are no problem once it was said what to do with them`() throws {
    for slug in ["copy-2024", "original-2024"] {
      try workspace.write(
        ScanText.scan(title: "The same long title", arXiv: "2401.12345", [("a", "x", true)]),
        to: "papers/\(slug)/scan.json")
    }
    let strict = try workspace.run("rates", "papers", "--strict")
    #expect(strict.exitCode == 65 && strict.errors.contains("--duplicates keep"))
    #expect(strict.errors.contains("1 problem, the first"))
    for policy in ["keep", "newest", "first"] {
      let run = try workspace.run("rates", "papers", "--strict", "--duplicates", policy)
      #expect(run.exitCode == 0, "\(policy): \(run.errors)")
      let check = try workspace.run("check", "papers", "--strict", "--duplicates", policy)
      #expect(check.exitCode == 0)
    }
    try write("broken-2024")
    try workspace.write("{", to: "papers/broken-2024/scan.json")
    let broken = try workspace.run("rates", "papers", "--strict", "--duplicates", "keep")
    #expect(broken.exitCode == 65)
  }

  @Test func `the long matrix says who answered`() throws {
    try workspace.write(
      """
      {"paper": {}, "scan_version": 4, "checklist": {"a": {
      "x": {"applies": true, "answer": true, "source": "opus"},
      "y": {"applies": true, "answer": false, "source": "haiku"}}}}
      """, to: "papers/p-2024/scan-v4.json")
    let run = try workspace.run("matrix", "papers", "--long")
    #expect(run.rows[0].last == "source")
    #expect(run.rows.dropFirst().map { "\($0[3]) \($0[6])" } == ["x opus", "y haiku"])
  }

  @Test func `an item named like a column of metadata is written and read back`() throws {
    try workspace.write(
      #"{"paper": {}, "checklist": {"weight": {"applies": true, "answer": true}}}"#,
      to: "papers/p-2024/scan.json")
    let matrix = try workspace.run("matrix", "papers", "-o", "m.csv")
    #expect(matrix.exitCode == 0)
    let scans = try workspace.run("rates", "papers", "--rows", "item")
    #expect(try workspace.run("rates", "m.csv", "--rows", "item").output == scans.output)
    #expect(scans.rows[1][1] == "NA" && scans.rows[1][2] == "weight")
  }

  @Test func `lines of covariates may have keys of their own`() throws {
    let matrix = try workspace.write("paper,a\np,1\nq,0\n", to: "m.csv")
    try workspace.write(
      #"{"paper": "p", "n": 1}"# + "\n" + #"{"arxiv_id": "2401.00001", "n": 2}"# + "\n",
      to: "c.jsonl")
    let run = try workspace.run("rates", matrix, "--covariates", "c.jsonl")
    #expect(run.exitCode == 0 && run.errors.contains("1 covariate row matches no paper"))
  }
}
