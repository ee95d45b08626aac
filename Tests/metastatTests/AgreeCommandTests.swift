import Foundation
import Testing

@Suite struct AgreeCommandTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func files() throws -> (String, String) {
    (
      try workspace.write("paper,a.x,a.y\np,1,0\nq,NA,1\nr,1,1\nonly,1,1\n", to: "one.csv"),
      try workspace.write("paper,a.x,a.y\np,1,1\nq,1,1\nr,1,0\n", to: "two.csv")
    )
  }

  @Test func `files are raters`() throws {
    let (one, two) = try files()
    let run = try workspace.run(
      "agree", one, two, "--rows", "overall", "item", "--coefficient", "agreement", "kappa",
      "--parts", "states")
    #expect(run.exitCode == 0)
    #expect(run.errors.contains("1 paper was read by one rater alone and plays no part"))
    #expect(
      run.rows[0] == [
        "level", "category", "term", "item", "part", "coefficient", "n_papers", "n", "estimate",
        "std_error", "conf_low", "conf_high", "conf_level", "interval", "note",
      ])
    let x = try #require(run.rows.first { $0[2] == "x" && $0[5] == "agreement" })
    #expect(x[3] == "a.x" && x[6] == "3" && Double(x[8]).map { abs($0 - 2.0 / 3) < 1e-12 } == true)
    let confusion = try workspace.run("agree", one, two, "--table", "confusion", "--rows", "item")
    #expect(confusion.output.contains("item,a,x,a.x,one,two,na,yes,1,3,"))
    let directions = try workspace.run("agree", one, two, "--table", "directions")
    #expect(directions.output.contains(",one,two,na/yes,applies,1,3,6,"))
  }

  @Test func `a work list comes back as a matrix`() throws {
    let (one, two) = try files()
    let list = try workspace.run("agree", one, two, "--table", "disagreements")
    #expect(list.rows.count == 4 && list.rows[0].contains("answer_one"))
    let filled = list.output.replacing(
      "q,a,x,a.x,applies,na,yes,", with: "q,a,x,a.x,applies,na,yes,na")
    let decisions = try workspace.write(filled, to: "done.csv")
    let run = try workspace.run(
      "agree", one, two, "--table", "consensus", "--decisions", decisions)
    #expect(run.exitCode == 0 && run.errors.contains("2 disagreements are not decided"))
    #expect(run.output.contains("q,consensus,NA,1\n"))
    let again = try workspace.write(run.output, to: "consensus.csv")
    #expect(try workspace.run("rates", again).exitCode == 0)
  }

  @Test func `without a second reading there is a reason`() throws {
    let (one, _) = try files()
    let run = try workspace.run("agree", one)
    #expect(run.exitCode == 70 && run.errors.contains("agreement needs two readings"))
    try workspace.write("{}", to: "none/papers/p-2024/scan.json")
    let calibration = try workspace.run("agree", "none", "--by", "calibration")
    #expect(calibration.exitCode != 0 && !calibration.errors.isEmpty)
    let usage = try workspace.run("agree", one, "--table", "consensus")
    #expect(usage.exitCode == 64 && usage.errors.contains("--decisions FILE"))
  }

  @Test func `versions of scans are compared`() throws {
    let run = try workspace.run(
      "agree", Workspace.papers, "--rows", "pair", "--coefficient", "agreement", "--parts", "states"
    )
    #expect(run.exitCode == 0 && run.rows.contains { $0[0] == "pair" && $0[2] == "4/5" })
  }

  @Test func `calibrations beside scans are compared`() throws {
    try workspace.write(
      ScanText.scan(
        title: "A paper of its own", year: 2024, version: 2,
        [("a", "x", true), ("a", "y", true)]),
      to: "papers/p-2024/scan.json")
    try workspace.write(
      """
      {"paper_slug": "p-2024", "total_questions": 50, "opus_checklist": {"a": {
        "x": {"applies": true, "answer": true}, "y": {"applies": true, "answer": false}}}}
      """, to: "papers/p-2024/calibration.json")
    let run = try workspace.run(
      "agree", "papers", "--by", "calibration", "--table", "directions")
    #expect(run.output.contains(",scan,calibration,yes/no,answers,1,1,2,1"))
    let table = try workspace.run("agree", "papers", "--table", "calibration")
    #expect(table.rows[1][0] == "p-2024" && table.rows[1].last == "other-total")
  }
}
