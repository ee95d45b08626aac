import Foundation
import Testing

/// `rates` with clusters, weights, groups, populations and plans, as a user meets them.
@Suite struct RatesCommandTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func write(_ rows: [String], header: String) throws {
    try workspace.write(([header] + rows).joined(separator: "\n") + "\n", to: "matrix.csv")
  }

  @Test func `a dominant cluster is said, and its limits are wide`() throws {
    // Of 300 papers 230 are in one venue, and 70 in venues of their own.
    try write(
      (0..<300).map { "p\($0),\($0 < 230 ? "arXiv" : "v\($0)"),\($0 % 3 == 0 ? 1 : 0),\($0 % 2)" },
      header: "paper,venue,a.x,a.y")
    let run = try workspace.run("rates", "matrix.csv", "--cluster", "venue", "--quiet")
    #expect(run.column("note").allSatisfy { $0 == "few-effective-clusters: 1.7" })
    #expect(run.column("interval").allSatisfy { $0 == "clopper-pearson" })
    #expect(run.column("n_effective").allSatisfy { $0.hasPrefix("1.69") })
    let scores = try workspace.run(
      "scores", "matrix.csv", "--cluster", "venue", "--quiet", "--replicates", "99")
    #expect(scores.column("note").allSatisfy { $0.contains("few-effective-clusters: 1.7") })
  }

  @Test func `weights count by Kish's number`() throws {
    try write(
      (0..<40).map { "p\($0),\($0 == 0 ? 1000 : 1),\($0 % 2)" }, header: "paper,weight,a.x")
    let run = try workspace.run("rates", "matrix.csv", "--rows", "item", "--quiet")
    #expect(run.column("note") == ["few-effective-papers: 1.1"])
    #expect((run.column("conf_high").compactMap(Double.init).first ?? 0) > 0.99)
    try write((0..<3).map { "p\($0),0,1" }, header: "paper,weight,a.x")
    #expect(try workspace.run("rates", "matrix.csv").exitCode == 70)
  }

  @Test func `groups, populations and plans are options, or are refused`() throws {
    try write(
      (0..<60).map {
        "p\($0),\($0 % 2 == 0 ? "x" : "y"),\($0 / 2 % 5 < 3 ? 1 : 0),"
          + ($0 % 2 == 0 ? "" : "0")
      },
      header: "paper,type,base.i,mod.hard")
    let by = try workspace.run(
      "rates", "matrix.csv", "--by", "type", "--rows", "overall", "--quiet")
    #expect(by.column("estimate") == ["0.6", "0.6"] && by.column("crude") == ["0.6", "0.3"])
    let census = try workspace.run(
      "rates", "matrix.csv", "--population", "60", "--rows", "item", "--format", "text")
    #expect(census.output.contains("All 60 papers of the population were read"))
    let plan = try workspace.run("rates", "matrix.csv", "--plan", "0.05", "--quiet")
    #expect(plan.column("n_needed").count == 5 && plan.column("half_length").count == 5)
    for arguments in [
      ["--population", "59"], ["--population", "70", "--interval", "bca"],
      ["--population", "70", "--simultaneous"], ["--mix", "common"], ["--plan", "2"],
      ["--plan", "0.1", "--by", "type"],
    ] {
      let run = try workspace.run(["rates", "matrix.csv"] + arguments)
      #expect(run.exitCode == 64, Comment(rawValue: arguments.joined(separator: " ")))
    }
    #expect(
      try workspace.run("scores", "matrix.csv", "--by", "type", "--mix", "model").exitCode == 64)
  }
}
