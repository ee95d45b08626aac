import Foundation
import Testing

/// Results must not depend on what does not matter.
@Suite struct InvarianceTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private static let analyses: [[String]] = [
    ["rates"], ["rates", "--interval", "bca", "--by", "version"],
    ["rates", "--interval", "studentized", "--simultaneous", "--ranks"],
    ["rates", "--stratify", "year", "--interval", "percentile", "--scheme", "poisson"],
    ["rates", "--cluster", "venue", "--scheme", "bayesian", "--interval", "normal"],
    ["scores"], ["scores", "--table", "papers"],
    ["scores", "--interval", "bca", "--by", "tags", "--checkpoints", "every 100"],
  ]

  private func run(_ analysis: [String], _ input: String, _ more: String...) throws -> String {
    let replicates = analysis.contains("bca") ? "1999" : "499"
    let run = try workspace.run(
      [analysis[0], input] + analysis.dropFirst() + ["--replicates", replicates, "--quiet"] + more)
    #expect(run.exitCode == 0, "\(analysis): \(run.errors)")
    return run.output
  }

  @Test(arguments: analyses)
  func `a matrix gives what the scans it came from give`(analysis: [String]) throws {
    try workspace.write(try workspace.run("matrix", Workspace.papers).output, to: "matrix.csv")
    let scans = try run(analysis, Workspace.papers)
    #expect(scans.count > 1_000)
    #expect(try run(analysis, "matrix.csv") == scans)
    // A matrix read and written again is the same.
    #expect(try workspace.run("matrix", "matrix.csv").output == (try workspace.read("matrix.csv")))
  }

  @Test(arguments: analyses)
  func `the number of jobs changes nothing`(analysis: [String]) throws {
    let one = try run(analysis, Workspace.papers, "--jobs", "1")
    #expect(try run(analysis, Workspace.papers, "--jobs", "2") == one)
    #expect(try run(analysis, Workspace.papers, "--jobs", "7") == one)
  }

  @Test(arguments: analyses.filter { !$0.contains("--checkpoints") })
  func `the order of papers changes nothing`(analysis: [String]) throws {
    let lines = try workspace.run("matrix", Workspace.papers, "--duplicates", "keep", "--quiet")
      .output.split(separator: "\n")
    try workspace.write(lines.joined(separator: "\n") + "\n", to: "matrix.csv")
    let shuffled = lines.dropFirst().enumerated().sorted { a, b in
      (a.offset * 7919 % 1_009, a.offset) < (b.offset * 7919 % 1_009, b.offset)
    }.map(\.element)
    try workspace.write(
      ([lines[0]] + shuffled).joined(separator: "\n") + "\n", to: "shuffled.csv")
    for policy in ["newest", "first", "keep"] {
      #expect(
        try run(analysis, "shuffled.csv", "--duplicates", policy)
          == (try run(analysis, "matrix.csv", "--duplicates", policy)))
    }
  }

  @Test func `standard input is a matrix`() throws {
    let matrix = try workspace.run("matrix", Workspace.papers).output
    try workspace.write(matrix, to: "matrix.csv")
    let piped = try workspace.run(["rates", "-", "--replicates", "99", "--quiet"], input: matrix)
    let named = try workspace.run("rates", "matrix.csv", "--replicates", "99", "--quiet")
    #expect(piped.exitCode == 0 && piped.output == named.output)
  }

  @Test func `several inputs are one corpus, in any order`() throws {
    for (slug, answer) in [("one-2024", true), ("two-2024", false), ("three-2024", true)] {
      try workspace.write(
        ScanText.scan(title: "Paper number \(slug)", [("a", "x", answer), ("a", "y", nil)]),
        to: "papers/\(slug)/scan.json")
    }
    let all = try run(["rates"], "papers")
    let single = try workspace.run(
      "rates", "papers/two-2024/scan.json", "papers/three-2024", "papers/one-2024/scan.json",
      "--replicates", "499", "--quiet")
    #expect(single.output == all)
  }

  @Test func `weights of one, clusters of one and one stratum change nothing`() throws {
    var lines = ["paper,weight,cluster,group,a.x,a.y"]
    for index in 0..<40 {
      lines.append(
        "p\(index),1,c\(index),all,\(index % 3 == 0 ? 1 : 0),\(index % 5 == 0 ? "NA" : "1")")
    }
    try workspace.write(lines.joined(separator: "\n") + "\n", to: "matrix.csv")
    let plain = try run(["rates"], "matrix.csv", "--unweighted")
    #expect(try run(["rates"], "matrix.csv") == plain)
    #expect(try run(["rates"], "matrix.csv", "--cluster", "cluster") == plain)
    #expect(try run(["rates"], "matrix.csv", "--stratify", "group") == plain)
  }
}
