import Foundation
import Testing

/// The questions about instruments, attention, citations, weights, combinations, classes and stability, asked as a
/// user asks them.
@Suite struct QuestionCommandTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// A matrix of so many papers of ten items in two categories, of two types, with points.
  private func matrix(_ count: Int, constant: Bool = false) throws -> String {
    var state: UInt64 = 7
    func draw() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
    let items = (0..<10).map { "\($0 < 5 ? "a" : "b").i\($0)" }
    var lines = ["paper,type,year,version,points," + items.joined(separator: ",")]
    for paper in 0..<count {
      let rate = paper % 2 == 0 ? 0.75 : 0.3
      let cells = items.indices.map { _ -> String in
        if constant { return "1" }
        return draw() < 0.1 ? "NA" : draw() < rate ? "1" : "0"
      }
      lines.append(
        "p\(paper),\(paper % 3 == 0 ? "survey" : "empirical"),\(2020 + paper % 5),\(2 + paper % 2),"
          + "\(paper % 4 == 0 ? 0 : paper)," + cells.joined(separator: ","))
    }
    return try workspace.write(lines.joined(separator: "\n") + "\n", to: "m\(count)\(constant).csv")
  }

  @Test func `check --items lists faults with n and limits`() throws {
    let run = try workspace.run("check", try matrix(200), "--metadata", "points", "--items")
    #expect(run.exitCode == 0)
    #expect(
      run.rows[0] == [
        "fault", "item", "with", "quantity", "n", "estimate", "conf_low", "conf_high", "conf_level",
        "p_adjusted", "note",
      ])
    let constant = try workspace.run(
      "check", try matrix(40, constant: true), "--metadata", "points", "--items")
    #expect(constant.rows.count { $0[0] == "all-yes" } == 10)
    #expect(constant.exitCode == 0)
  }

  @Test(arguments: ["item-rest", "drift", "dif", "redundant", "short-form", "few-items", "faults"])
  func `tables about items answer few papers and many`(_ table: String) throws {
    for count in [1, 3, 200] {
      let run = try workspace.run(
        "check", try matrix(count), "--metadata", "points", "--table", table)
      let isTooFew =
        count < 30 && (table == "short-form" || count == 1 && ["drift", "dif"].contains(table))
      #expect((run.exitCode == 0) != isTooFew, "\(table) of \(count): \(run.errors)")
      #expect(!run.output.lowercased().contains("nan"))
    }
    let wrong = try workspace.run(
      "check", try matrix(3), "--metadata", "points", "--table", "dif", "--by", "tpye")
    #expect(wrong.exitCode == 64 && wrong.errors.contains("type"))
  }

  @Test func `scores go against attention`() throws {
    let path = try matrix(200)
    let run = try workspace.run(
      "scores", path, "--metadata", "points", "--against", "points", "--axis", "log", "--cuts",
      "1,100")
    #expect(run.exitCode == 0)
    #expect(run.rows[0].prefix(5) == ["variable", "part", "term", "x", "n"])
    #expect(run.rows.contains { $0[1] == "slope" && $0[2] == "per tenfold of 1 + points" })
    #expect(
      run.rows.contains { $0[2] == "1 to < 100" } && run.rows.count { $0[1] == "smooth" } == 9)
    let few = try workspace.run(
      "scores", try matrix(3), "--metadata", "points", "--against", "points")
    #expect(few.exitCode == 0 && few.output.contains("too-few-values"))
    let wrong = try workspace.run(
      "scores", path, "--metadata", "points", "--against", "pionts")
    #expect(wrong.exitCode == 64 && wrong.errors.contains("points"))
    for options in [["--interval", "bca"], ["--by", "type"], ["--min-applicable", "5"]] {
      let refused = try workspace.run(
        ["scores", path, "--metadata", "points", "--against", "points"] + options)
      #expect(refused.exitCode == 64)
    }
    #expect(
      try workspace.run(
        "scores", path, "--metadata", "points", "--cuts", "1"
      ).exitCode == 64)
    let clustered = try workspace.run(
      "scores", path, "--metadata", "points", "--against", "points", "--cluster", "year")
    #expect(clustered.exitCode == 0 && clustered.output.contains("linearised"))
  }

  @Test func `weights are learned, written and read again`() throws {
    let path = try matrix(60)
    let anchors = try workspace.write(
      """
      {"anchors": [{"paper": "p0", "low": 70}, {"paper": "p2", "low": 70}, {"paper": "p1", "high": 30},
      {"paper": "p3", "high": 30}], "pairs": [["p4", "p5"]]}
      """, to: "anchors.json")
    let out = workspace.path("weights.json")
    let run = try workspace.run(
      "scores", path, "--metadata", "points", "--fit-weights", anchors, "--weights-out", out)
    #expect(run.exitCode == 0 && run.rows.count == 3)
    let again = try workspace.run(
      "scores", path, "--metadata", "points", "--weights", out, "--of", "composite_categories")
    #expect(again.exitCode == 0)
    for (table, rows) in [("anchors", 5), ("anchor-pairs", 2), ("shift", 6)] {
      let run = try workspace.run(
        "scores", path, "--metadata", "points", "--fit-weights", anchors, "--table", table)
      #expect(run.exitCode == 0 && run.rows.count == rows)
    }
    let unknown = try workspace.write("{\"pairs\": [[\"p0\", \"q\"]]}", to: "bad.json")
    #expect(
      try workspace.run(
        "scores", path, "--metadata", "points", "--fit-weights", unknown
      ).exitCode == 65)
    #expect(
      try workspace.run(
        "scores", path, "--metadata", "points", "--table", "shift"
      ).exitCode == 64)
  }

  @Test func `combinations, classes and stability say when papers are too few`() throws {
    let many = try matrix(200)
    let combinations = try workspace.run(
      "patterns", many, "--metadata", "points", "--table", "combinations", "--sizes", "3", "--most",
      "5")
    #expect(combinations.exitCode == 0 && combinations.rows.count == 6)
    let few = try workspace.run(
      "patterns", try matrix(3), "--metadata", "points", "--table", "combinations")
    #expect(few.exitCode == 70 && few.errors.contains("--fewest"))
    let classes = try workspace.run(
      "classes", many, "--metadata", "points", "--classes", "1-3", "--starts", "50")
    #expect(classes.exitCode == 0 && classes.rows.count == 4)
    let described = try workspace.run(
      "classes", many, "--metadata", "points", "--classes", "2", "--table", "classes", "--starts",
      "50")
    #expect(described.rows.count == 3 && described.output.contains("others"))
    let related = try workspace.run(
      "classes", many, "--metadata", "points", "--classes", "2", "--table", "covariates", "--on",
      "year", "--starts", "50")
    #expect(related.exitCode == 0 && related.rows.count == 3)
    #expect(try workspace.run("classes", try matrix(3), "--metadata", "points").exitCode == 70)
    #expect(try workspace.run("classes", many, "--classes", "0").exitCode == 64)
    let growth = try workspace.run(
      "stability", many, "--metadata", "points", "--replicates", "19", "--steps", "4")
    #expect(growth.exitCode == 0 && growth.rows.count == 1 + 4 * 7)
    let left = try workspace.run(
      "stability", many, "--metadata", "points", "--table", "left-out")
    #expect(left.exitCode == 0 && left.rows.count == 1 + 2 * 7)
    #expect(try workspace.run("stability", try matrix(3), "--metadata", "points").exitCode == 0)
  }

  /// Scans of papers that cite each other.
  private func scans() throws -> String {
    for paper in 0..<12 {
      let cited = (0..<paper).suffix(3).map {
        "{\"title\": \"The study of agents number \($0)\", \"authors\": [], \"relevance\": \"x\"}"
      }
      try workspace.write(
        """
        {"scan_version": 2, "paper": {"title": "The study of agents number \(paper)", "authors": [],
        "year": \(2015 + paper)}, "checklist": {"a": {"x": {"applies": true, "answer": \(paper % 2 == 0),
        "justification": ""}, "y": {"applies": true, "answer": \(paper % 3 == 0), "justification": ""}}},
        "claims": [], "methodology_tags": ["rct"], "key_findings": "", "red_flags": [],
        "cited_papers": [\(cited.joined(separator: ","))]}
        """, to: "papers/p\(paper)-2020/scan.json")
    }
    return workspace.path("papers")
  }

  @Test func `citations are matched, counted and written as a graph`() throws {
    let papers = try scans()
    let graph = workspace.path("graph.graphml")
    let run = try workspace.run("citations", papers, "--graphml", graph)
    #expect(run.exitCode == 0 && run.errors.isEmpty)
    #expect(run.rows.contains { $0[0] == "entries_matched" && $0[1] == "30" && $0[2] == "30" })
    let text = try workspace.read("graph.graphml")
    #expect(text.components(separatedBy: "<edge ").count == 31)
    let edges = try workspace.run("citations", papers, "--table", "edges")
    #expect(
      edges.rows.count == 31 && edges.rows[1] == ["p1-2020", "p0-2020", "title", "0", "100"])
    let inside = try workspace.run("citations", papers, "--table", "inside")
    #expect(inside.rows.count == 12)
    let scores = try workspace.run("citations", papers, "--table", "scores", "--replicates", "99")
    #expect(scores.exitCode == 0 && scores.rows.map(\.[0]).dropFirst().contains("assortativity"))
    #expect(!scores.output.contains("nan"))
    let matrix = try workspace.run("citations", try matrix(3), "--metadata", "points")
    #expect(matrix.exitCode == 64 && matrix.errors.contains("needs scans"))
    let report = try workspace.run(
      "report", papers, "-o", workspace.path("r"), "--replicates", "99")
    #expect(report.exitCode == 0)
    #expect(FileManager.default.fileExists(atPath: workspace.path("r/tables/citations.csv")))
  }
}
