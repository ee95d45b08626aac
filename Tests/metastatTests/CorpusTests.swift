import Foundation
import Testing

@Suite struct CorpusTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func writeSmallCorpus() throws {
    try workspace.write(
      ScanText.scan(
        title: "A first paper on agents", year: 2023, tags: ["rct", "case-study"],
        arXiv: "2301.00001", [("a", "x", true), ("a", "y", nil), ("b", "z", false)]),
      to: "papers/first-2023/scan.json")
    try workspace.write(
      ScanText.scan(
        title: "A second paper on agents", year: 2024, tags: ["case-study"], arXiv: "2401.00002",
        [("a", "x", false), ("a", "y", true), ("b", "z", false)]),
      to: "papers/second-2024/scan.json")
  }

  @Test func `three complete scans have the counts that were published`() throws {
    let slugs = [
      "random-scaling-emergent-2025", "probing-emergence-cross-lingual-2024",
      "neural-neural-scaling-2026",
    ]
    let inputs = slugs.map { "\(Workspace.papers)/\($0)/scan.json" }
    let cells = try workspace.run(["matrix"] + inputs + ["--long", "--quiet"])
    for (slug, expected) in zip(slugs, [[33, 17, 14], [22, 28, 14], [31, 21, 12]]) {
      let found = ["yes", "no", "not_applicable"].map { cell in
        cells.rows.count { $0.first == slug && $0.last == cell }
      }
      #expect(found == expected)
    }
    let scores = try workspace.run(["scores"] + inputs + ["--table", "papers", "--quiet"])
    let header = try #require(scores.rows.first)
    let column = try #require(header.firstIndex(of: "tier"))
    let tiers = Dictionary(uniqueKeysWithValues: scores.rows.dropFirst().map { ($0[0], $0.last) })
    #expect(column == header.count - 1)
    #expect(tiers == [slugs[0]: "60-70", slugs[1]: "40-50", slugs[2]: "50-60"])
    let distribution = try workspace.run(["scores"] + inputs + ["--quiet"])
    let mean = try #require(distribution.rows.first { $0[1] == "mean" })
    #expect(mean[2] == "3" && abs((Double(mean[4]) ?? 0) - 56.53846153846154) < 1e-10)
    let empty = try #require(distribution.rows.first { $0[1] == "share <30" })
    #expect(empty[3] == "0" && empty[4] == "0" && empty[6] == "0" && empty[9] == "wilson")
  }

  @Test func `files that cannot be read are one line each, and the run goes on`() throws {
    try writeSmallCorpus()
    try workspace.write("{\"paper\": {", to: "papers/truncated-2024/scan.json")
    try workspace.write("", to: "papers/empty-2024/scan.json")
    try workspace.write("[1, 2]", to: "papers/list-2024/scan.json")
    try workspace.write("{\"paper\": 5}", to: "papers/wrong-2024/scan.json")
    try FileManager.default.createDirectory(
      at: workspace.folder.appending(path: "papers/folder-2024/scan.json"),
      withIntermediateDirectories: true)
    let run = try workspace.run("rates", "papers", "--rows", "item", "--replicates", "99")
    #expect(run.exitCode == 0)
    #expect(run.rows.count == 4)
    for slug in ["truncated", "empty", "list", "wrong", "folder"] {
      let lines = run.errorLines.filter { $0.contains("papers/\(slug)-2024/scan.json") }
      #expect(lines.count == 1 && lines.first?.hasPrefix("warning: ") == true, "\(slug)")
    }
    #expect(run.errorLines.count { $0.hasPrefix("warning: ") } == 5)
    let problems = try workspace.run("check", "papers", "--table", "problems", "--quiet")
    #expect(problems.exitCode == 0 && problems.rows.count == 6 && problems.errors.isEmpty)
    #expect(problems.rows[0] == ["file", "place", "kind", "severity", "message", "remedy"])
    let summary = try workspace.run("check", "papers", "--quiet")
    #expect(summary.output.contains("files,found,7\n") && summary.output.contains("files,read,2\n"))
    #expect(summary.output.contains("files,left_out,5\n"))
  }

  @Test(arguments: ["rates", "scores", "check", "matrix"])
  func `any problem fails under strict`(command: String) throws {
    try writeSmallCorpus()
    #expect(try workspace.run(command, "papers", "--strict", "--quiet").exitCode == 0)
    try workspace.write("{", to: "papers/broken-2024/scan.json")
    #expect(try workspace.run(command, "papers", "--quiet").exitCode == 0)
    let strict = try workspace.run(command, "papers", "--strict", "--quiet")
    #expect(strict.exitCode == 65)
    #expect(strict.errors.contains("--strict: 1 problem"))
    #expect((command == "check") == !strict.output.isEmpty)
  }

  @Test func `duplicates are kept, dropped or chosen by the policy`() throws {
    for (slug, year, answer) in [("copy-2024", 2024, true), ("original-2023", 2025, false)] {
      try workspace.write(
        ScanText.scan(
          title: "The same long title of a paper", year: year, arXiv: "2401.12345",
          [("a", "x", answer)]), to: "papers/\(slug)/scan.json")
    }
    func papers(_ policy: String) throws -> [String] {
      try workspace.run("matrix", "papers", "--duplicates", policy, "--quiet").rows.dropFirst()
        .map { $0[0] }
    }
    #expect(try papers("keep") == ["copy-2024", "original-2023"])
    #expect(try papers("first") == ["copy-2024"])
    #expect(try papers("newest") == ["original-2023"])
    let run = try workspace.run("rates", "papers")
    #expect(run.errors.contains("2401.12345") && run.errors.contains("copy-2024"))
    #expect(run.rows[1][3] == "1")
  }

  @Test func `the instrument chooses among the scans of a paper`() throws {
    for (version, answer) in [(3, false), (4, true)] {
      try workspace.write(
        ScanText.scan(
          title: "A paper scanned more than once", version: version, [("a", "x", answer)]),
        to: "papers/p-2024/scan\(version == 3 ? "" : "-v4").json")
    }
    try workspace.write(
      ScanText.scan(title: "Another paper, once only", version: 3, [("a", "x", true)]),
      to: "papers/q-2024/scan.json")
    func cells(_ choice: String) throws -> [String] {
      try workspace.run("matrix", "papers", "--long", "--instrument", choice, "--quiet").rows
        .dropFirst().map { "\($0[0]) \($0[1]) \($0[5])" }
    }
    #expect(try cells("newest") == ["p-2024 4 yes", "q-2024 3 yes"])
    #expect(try cells("3") == ["p-2024 3 no", "q-2024 3 yes"])
    #expect(try cells("all") == ["p-2024 3 no", "p-2024 4 yes", "q-2024 3 yes"])
    #expect(try workspace.run("matrix", "papers", "--instrument", "5").exitCode == 66)
    // Several scans of one paper are one cluster.
    let all = try workspace.run("rates", "papers", "--instrument", "all", "--quiet")
    #expect(all.output.contains("few-clusters: 2"))
  }

  @Test func `a paper is in the group of each of its tags`() throws {
    try writeSmallCorpus()
    let run = try workspace.run(
      "rates", "papers", "--by", "tags", "--rows", "overall", "--replicates", "99")
    #expect(run.rows[0].prefix(5) == ["level", "category", "term", "by", "group"])
    #expect(run.rows.dropFirst().map { $0[4] } == ["case-study", "rct"])
    // Over the items x and z, which apply in both groups; y applies in one paper of the first.
    #expect(run.column("n_applicable") == ["4", "2"])
    #expect(run.column("n_items") == ["2", "2"] && run.column("mix") == ["common", "common"])
    #expect(run.column("estimate") == ["0.25", "0.5"])
    let crude = try workspace.run(
      "rates", "papers", "--by", "tags", "--rows", "overall", "--mix", "crude")
    #expect(crude.column("n_applicable") == ["5", "2"] && crude.column("crude").isEmpty)
    #expect(run.column("crude") == crude.column("estimate"))
    let scores = try workspace.run("scores", "papers", "--by", "year", "--replicates", "99")
    #expect(Set(scores.rows.dropFirst().map { $0[1] }) == ["2023", "2024"])
  }

  @Test func `papers and items are selected`() throws {
    try writeSmallCorpus()
    func shape(_ arguments: String...) throws -> [Int] {
      let rows = try workspace.run(["matrix", "papers", "--long", "--quiet"] + arguments).rows
        .dropFirst()
      return [Set(rows.map { $0[0] }).count, Set(rows.map { $0[3] }).count]
    }
    #expect(try shape() == [2, 3])
    #expect(try shape("--tag", "RCT") == [1, 3])
    #expect(try shape("--since", "2024") == [1, 3])
    #expect(try shape("--category", "a") == [2, 2])
    #expect(try shape("--item", "a.*", "--exclude-item", "y") == [2, 1])
    #expect(try shape("--exclude", "first-2023") == [1, 3])
    try workspace.write("first-2023\nunknown\n", to: "anchors.txt")
    #expect(try shape("--exclude", "@anchors.txt") == [1, 3])
    let typo = try workspace.run("matrix", "papers", "--item", "a.xx")
    #expect(typo.exitCode == 64 && typo.errors.contains("the nearest are a.x, a.y"))
  }

  @Test func `covariates are joined and used`() throws {
    try writeSmallCorpus()
    try workspace.write(
      "paper,points\nfirst-2023,12\nsecond-2024,3\nthird,9\n", to: "points.csv")
    let run = try workspace.run(
      "rates", "papers", "--covariates", "points.csv", "--by", "points", "--rows", "overall",
      "--replicates", "99")
    #expect(run.rows.dropFirst().map { $0[4] } == ["3", "12"])
    let checkpoints = try workspace.run(
      "scores", "papers", "--covariates", "points.csv", "--order", "points", "--checkpoints", "1",
      "--replicates", "99", "--quiet")
    let means = checkpoints.rows.filter { $0[2] == "mean" }
    #expect(means.map { $0[0] } == ["1", "2"])
    // The paper with 3 points passes 1 of 3, both together have a mean of (1/3 + 1/2) / 2.
    #expect(abs((Double(means[0][5]) ?? 0) - 100.0 / 3) < 1e-10)
    #expect(abs((Double(means[1][5]) ?? 0) - 250.0 / 6) < 1e-10)
  }

  @Test func `composites come from files, whose mistakes are named`() throws {
    try writeSmallCorpus()
    try workspace.write("{\"categories\": {\"a\": 1, \"b\": 3}}", to: "weights.json")
    let run = try workspace.run(
      "scores", "papers", "--table", "papers", "--weights", "weights.json", "--quiet")
    let header = try #require(run.rows.first)
    let items = try #require(header.firstIndex(of: "composite_items"))
    let categories = try #require(header.firstIndex(of: "composite_categories"))
    // First paper: x yes, z no: 100·1/(1 + 3) by items, (100·1 + 0·3)/4 by categories.
    #expect(run.rows[1][items] == "25" && run.rows[1][categories] == "25")
    // Second: y yes, x and z no: 100·1/5, and (50·1 + 0·3)/4.
    #expect(run.rows[2][items] == "20" && run.rows[2][categories] == "12.5")
    try workspace.write("{\"categories\": {\"a\": -1}}", to: "weights.json")
    let bad = try workspace.run("scores", "papers", "--weights", "weights.json", "--quiet")
    #expect(bad.exitCode == 65 && bad.errors.contains("weights.json"))
    #expect(bad.errors.contains("'a'") && bad.errorLines.count == 1)
    #expect(
      try workspace.run("scores", "papers", "--weights", "none.json", "--quiet").exitCode == 66)
  }
}
