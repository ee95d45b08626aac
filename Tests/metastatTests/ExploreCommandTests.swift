import ArgumentParser
import Foundation
import SurveyExplorer
import SurveyStats
import Testing

@testable import metastat

@Suite struct ExploreCommandTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private let matrix = """
    paper,title,year,rater,consent,a.x,a.y
    p,One,2023,Ada,yes,1,0
    q,Two,2024,Ada,no,0,NA
    r,Three,2025,Bea,yes,1,1
    """

  @Test func `a page is written whole, and says so`() throws {
    try workspace.write(matrix, to: "m.csv")
    let run = try workspace.run(
      "explore", "m.csv", "--metadata", "consent", "-o", "page.html", "--replicates", "99")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.isEmpty && run.errors.contains("page.html: 3 papers"))
    let page = try workspace.read("page.html")
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
    #expect(try workspace.names() == ["m.csv", "page.html"])
  }

  @Test func `papers that are not public are in no number`() async throws {
    let path = try workspace.write(matrix, to: "m.csv")
    let options = try CorpusOptions.parse([path, "--metadata", "consent"])
    var console = Console.standard
    console.isQuiet = true
    let input = try await ExplorerInput(
      options, publicIf: "consent = yes", showsRaters: false, jobs: 1, isStrict: false,
      console: console)
    #expect(input.loaded.matrix.papers.map(\.slug) == ["p", "r"])
    #expect(input.remarks.contains { $0.contains("1 of 3 papers are not public") })
    #expect(input.loaded.matrix.papers.map(\.rater) == ["rater 1", "rater 2"])
  }

  @Test func `raters have names when that is asked for`() async throws {
    let path = try workspace.write(matrix, to: "m.csv")
    let options = try CorpusOptions.parse([path, "--metadata", "consent"])
    var console = Console.standard
    console.isQuiet = true
    let input = try await ExplorerInput(
      options, publicIf: nil, showsRaters: true, jobs: 1, isStrict: false, console: console)
    #expect(input.loaded.matrix.papers.map(\.rater) == ["Ada", "Ada", "Bea"])
  }

  @Test func `scans that were not chosen are readings of their papers`() async throws {
    for (name, version, answer) in [("scan.json", 3, true), ("scan-v4.json", 4, false)] {
      try workspace.write(
        """
        {"scan_version": \(version), "paper": {"title": "T", "authors": ["A"], "year": 2024},
        "checklist": {"a": {"x": {"applies": true, "answer": \(answer), "justification": "v\(version)",
        "source": "opus\(version)"}}}, "key_findings": ["found"], "claims": [], "red_flags": []}
        """, to: "papers/p-2024/\(name)")
    }
    let options = try CorpusOptions.parse([workspace.path("papers")])
    var console = Console.standard
    console.isQuiet = true
    let input = try await ExplorerInput(
      options, publicIf: nil, showsRaters: false, jobs: 1, isStrict: false, console: console)
    #expect(input.texts.count == 1 && input.texts[0].keyFindings == ["found"])
    #expect(input.texts[0].authors == ["A"])
    #expect(input.texts[0].justifications.values.first == "v4")
    #expect(input.readings.map(\.version) == [3])
    #expect(input.readings.first?.cells == [.yes])
    #expect(input.readings.first?.justifications.values.first == "v3")
    #expect(input.readings.first?.rater == "rater 1")
    #expect(
      input.loaded.sources?.source(
        of: input.loaded.matrix.items[0].id, for: input.loaded.matrix.papers[0]) == "rater 2")
  }

  @Test(arguments: [
    (["m.csv", "-o", "m.csv"], 73), (["m.csv"], 64),
    (["m.csv", "-o", "x.html", "--by", "nope"], 64),
    (["m.csv", "-o", "x.html", "--only-public", "a.x = absent"], 66),
    (["m.csv", "-o", "x.html", "--tensions", "t.json"], 64), (["m.csv", "-o", "none/x.html"], 73),
    (["m.csv", "-o", "x.html", "--compare", "none"], 66),
  ])
  func `what cannot be done is refused, and nothing is written`(arguments: [String], code: Int)
    throws
  {
    try workspace.write(matrix, to: "m.csv")
    try workspace.write("{\"tensions\": []}", to: "t.json")
    let run = try workspace.run(
      ["explore"] + arguments + ["--metadata", "consent", "--replicates", "99"])
    #expect(Int(run.exitCode) == code, "\(arguments): \(run.errors)")
    #expect(try workspace.names() == ["m.csv", "t.json"])
  }
}
