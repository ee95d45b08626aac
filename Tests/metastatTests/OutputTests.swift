import Foundation
import SurveyStats
import Testing

@Suite struct OutputTests {
  private let workspace: Workspace
  private let matrix: String

  init() throws {
    workspace = try Workspace()
    matrix = try workspace.write(
      "paper,year,a.x,a.y,b.z\np,2023,1,NA,0\nq,2024,0,1,0\nr,2024,1,1,\n", to: "matrix.csv")
  }

  @Test func `results go to standard output, everything else to standard error`() throws {
    let run = try workspace.run("rates", Workspace.papers)
    #expect(run.exitCode == 0)
    #expect(run.output.hasPrefix("level,category,term,n_papers,"))
    #expect(run.errors.contains("note: ") && !run.output.contains("note: "))
    #expect(run.errorLines.allSatisfy { $0.hasPrefix("note: ") || $0.hasPrefix("warning: ") })
    let quiet = try workspace.run("rates", Workspace.papers, "--quiet")
    #expect(quiet.output == run.output && quiet.errors.isEmpty)
    let verbose = try workspace.run("rates", Workspace.papers, "--verbose")
    #expect(verbose.output == run.output && verbose.errors.contains("detail: read "))
  }

  @Test func `nothing is coloured and no progress is shown without a terminal`() throws {
    let run = try workspace.run("rates", matrix, "--format", "text", "--verbose")
    #expect(!run.output.contains("\u{1B}") && !run.errors.contains("\u{1B}"))
  }

  @Test func `every format shows the same table`() throws {
    let terms = ["x", "y", "z"]
    for (format, start) in [
      ("csv", "level,category,term"), ("json", "["), ("text", ""), ("markdown", ""), ("html", "<"),
    ] {
      let run = try workspace.run("rates", matrix, "--format", format)
      #expect(run.exitCode == 0 && run.output.hasPrefix(start), "\(format): \(run.output)")
      for term in terms { #expect(run.output.contains(term)) }
    }
    let json = try workspace.run("rates", matrix, "--format", "json")
    let parsed = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
    #expect(JSONSerialization.isValidJSONObject(parsed))
  }

  @Test func `files have the format of their names, and standard output stays empty`() throws {
    let run = try workspace.run(
      "rates", matrix, "-o", "rates.csv", "-o", "rates.md", "--output", "rates.json", "-o",
      "rates.html", "-o", "rates.txt")
    #expect(run.exitCode == 0 && run.output.isEmpty && run.errors.isEmpty)
    #expect(try workspace.read("rates.csv") == (try workspace.run("rates", matrix).output))
    let markdown = try workspace.run("rates", matrix, "--format", "markdown").output
    #expect(try workspace.read("rates.md") == markdown)
    #expect(try workspace.read("rates.html").contains("<table"))
    #expect(
      try workspace.names()
        == ["matrix.csv", "rates.csv", "rates.html", "rates.json", "rates.md", "rates.txt"])
  }

  @Test func `a file is replaced whole or stays as it was`() throws {
    try workspace.write("before", to: "rates.csv")
    let failed = try workspace.run("rates", "nowhere.csv", "-o", "rates.csv")
    #expect(failed.exitCode == 66)
    #expect(try workspace.read("rates.csv") == "before")
    #expect(try workspace.run("rates", matrix, "-o", "rates.csv").exitCode == 0)
    #expect(try workspace.read("rates.csv").hasPrefix("level,"))
    #expect(try workspace.names() == ["matrix.csv", "rates.csv"])
  }

  @Test func `rows are sorted and cut`() throws {
    let run = try workspace.run(
      "rates", matrix, "--rows", "item", "--sort", "-estimate", "--top", "2")
    #expect(run.rows.dropFirst().map { $0[2] } == ["y", "x"])
    let ascending = try workspace.run("rates", matrix, "--rows", "item", "--sort", "term")
    #expect(ascending.rows.dropFirst().map { $0[2] } == ["x", "y", "z"])
  }

  @Test func `a manifest says what was done to what`() throws {
    let run = try workspace.run(
      "rates", matrix, "--seed", "7", "--replicates", "99", "--since", "2024", "--interval",
      "percentile", "--manifest", "manifest.json")
    #expect(run.exitCode == 0)
    let manifest = try #require(
      try JSONSerialization.jsonObject(with: Data(try workspace.read("manifest.json").utf8))
        as? [String: Any])
    #expect(manifest["tool"] as? String == "metastat")
    #expect(manifest["seed"] as? Int == 7 && manifest["replicates"] as? Int == 99)
    #expect(manifest["created"] as? String == "2026-01-01T00:00:00Z")
    #expect((manifest["arguments"] as? [String])?.first == "rates")
    let inputs = try #require(manifest["inputs"] as? [[String: String]])
    #expect(inputs.count == 1 && inputs[0]["path"] == matrix)
    let bytes = Array(try Data(contentsOf: URL(filePath: matrix)))
    #expect(inputs[0]["sha256"] == SHA256.hexDigest(of: bytes))
    let sum = try workspace.shell("sha256sum matrix.csv | cut -d ' ' -f 1").output
    #expect(sum == (inputs[0]["sha256"] ?? "") + "\n")
    let counts = try #require(manifest["counts"] as? [String: Int])
    #expect(counts["papers_before_selection"] == 3 && counts["papers"] == 2)
    #expect(counts["items"] == 3 && counts["cells_yes"] == 3 && counts["cells_no"] == 2)
    #expect(counts["cells_absent"] == 1 && counts["cells_not_applicable"] == 0)
  }

  @Test func `the manifest of standard input has its hash`() throws {
    let text = try String(contentsOfFile: matrix, encoding: .utf8)
    let run = try workspace.run(
      ["rates", "-", "--manifest", "manifest.json"], input: text)
    #expect(run.exitCode == 0)
    #expect(
      try workspace.read("manifest.json").contains(SHA256.hexDigest(of: Array(text.utf8))))
  }

  @Test(arguments: [
    ("rates", ["EXAMPLES", "metastat rates papers", "OUTPUT (CSV)", "--by", "--interval"]),
    ("scores", ["EXAMPLES", "metastat scores papers", "OUTPUT (CSV)", "--tiers", "--weights"]),
    ("check", ["EXAMPLES", "metastat check papers", "OUTPUT (CSV)", "--strict"]),
    ("matrix", ["EXAMPLES", "metastat matrix papers", "OUTPUT (CSV)", "--long"]),
  ]) func `the help of a command has examples and columns`(command: String, parts: [String]) throws
  {
    let run = try workspace.run(command, "--help")
    for part in parts { #expect(run.output.contains(part), "\(command): \(part)") }
  }

  @Test func `replicates are one a row, and add up to the rates`() throws {
    let run = try workspace.run(
      "rates", matrix, "--rows", "item", "overall", "--replicates", "200", "--replicates-out",
      "replicates.csv")
    #expect(run.exitCode == 0)
    let rows = CSVText.rows(try workspace.read("replicates.csv"))
    #expect(rows[0] == ["replicate", "a.x", "a.y", "b.z", "overall"])
    #expect(rows.count == 201 && rows[200][0] == "200")
    #expect(rows.dropFirst().allSatisfy { $0.allSatisfy { !$0.isEmpty && $0 != "NaN" } })
    #expect(rows.contains { $0[2] == "NA" })
  }
}
