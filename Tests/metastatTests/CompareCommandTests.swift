import Foundation
import Testing

@Suite struct CompareCommandTests {
  private let workspace: Workspace
  private let synthetic = Workspace.repository.appending(path: "data/synthetic/matrix.csv")
    .path(percentEncoded: false)
  private let pairs = Workspace.repository.appending(path: "data/pairs.json")
    .path(percentEncoded: false)

  init() throws { workspace = try Workspace() }

  private func compare(_ options: String...) throws -> Workspace.Run {
    try workspace.run(["compare", synthetic, "--item", "artifacts.*"] + options)
  }

  @Test(
    arguments: [
      ["--interval", "newcombe"], ["--test", "fisher"], ["--permutations", "99"],
      ["--interval", "percentile", "--replicates", "199"], ["--against", "rest"],
      ["--against", "reference", "--reference", "3"],
    ])
  func `groups are compared as asked`(options: [String]) throws {
    let run = try workspace.run(
      ["compare", synthetic, "--item", "artifacts.*", "--by", "version"] + options)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.column("term").count == 6)
    #expect(run.column("conf_low").allSatisfy { Double($0) != nil }, "\(run.output)")
  }

  @Test func `strata give Mantel and Haenszel's estimates and the test of Breslow and Day`() throws
  {
    let run = try compare("--by", "version", "--within", "year", "--rows", "item")
    for name in ["mh_difference", "mh_low", "mh_high", "mh_odds_ratio", "homogeneity_p_value"] {
      #expect(run.column(name).allSatisfy { Double($0) != nil }, "\(name)")
    }
  }

  @Test(arguments: ["direct", "weighting"])
  func `a common mix is standardised to`(method: String) throws {
    let options = ["--by", "version", "--standardize", "year", "--standardization", method]
    let run = try workspace.run(["compare", synthetic, "--item", "artifacts.*"] + options)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(Set(run.column("method")) == [method])
    let bootstrap = try workspace.run(
      ["compare", synthetic, "--item", "artifacts.*"] + options
        + ["--interval", "percentile", "--replicates", "199"])
    #expect(bootstrap.column("estimate") == run.column("estimate"))
    #expect(bootstrap.column("conf_low").allSatisfy { Double($0) != nil })
    let rates = try compare("--by", "version", "--standardize", "year", "--table", "rates")
    #expect(rates.column("estimate").allSatisfy { Double($0) != nil }, "\(rates.output)")
  }

  @Test func `all groups at once are tested`() throws {
    let run = try compare("--by", "venue", "--table", "homogeneity")
    #expect(Set(run.column("test")) == ["chi-square", "kruskal-wallis"])
    #expect(run.column("df").allSatisfy { $0 == "5" })
  }

  @Test func `pairs come from the command line or a file, with bootstrap intervals if asked`()
    throws
  {
    let run = try workspace.run("compare", synthetic, "--pairs", pairs)
    #expect(run.exitCode == 0 && run.column("a").count == 6, "\(run.errors)")
    #expect(Set(run.column("interval")) == ["newcombe"])
    let resampled = try workspace.run(
      "compare", synthetic, "--pair", "code_released", "data_released", "--interval", "percentile",
      "--replicates", "199", "--format", "text")
    #expect(
      resampled.output.split(separator: "\n").last?
        .hasPrefix("artifacts.code_released 56.5%, artifacts.data_released 52.9%: difference 3.6 (")
        == true, "\(resampled.output)")
  }

  @Test(
    arguments: [
      ([], "name the groups"), (["--by", "version", "--table", "rates"], "needs --standardize"),
      (["--by", "version", "--standardize", "yaer"], "called 'yaer'"),
      (["--pair", "code_released", "nothing"], "no variable, item or category is called 'nothing'"),
      (["--pair", "code_released", "data_released", "--by", "version"], "not groups of --by"),
      (["--by", "version", "--against", "reference"], "needs --reference"),
    ])
  func `what makes no sense gives 64 and a remedy`(options: [String], remedy: String) throws {
    let run = try workspace.run(["compare", synthetic] + options)
    #expect(run.exitCode == 64)
    #expect(run.errors.contains(remedy), "\(run.errors)")
  }

  @Test func `trends have bootstrap intervals, groups, differences and other covariates`() throws {
    let points = try workspace.write(
      "paper,hn_points\n"
        + (0..<300).map { "synthetic-\(String(format: "%07d", $0))-\(2020 + $0 % 7),\($0)\n" }
        .joined(), to: "points.csv")
    let rows = ["trend", synthetic, "--item", "artifacts.*"]
    let resampled = try workspace.run(
      rows + ["--interval", "percentile", "--replicates", "199", "--cluster", "venue"])
    #expect(resampled.exitCode == 0, "\(resampled.errors)")
    #expect(Set(resampled.column("interval")) == ["percentile"])
    // A replicate without the one large venue is often separated for the rarest item.
    for (row, limit) in resampled.column("odds_low").enumerated()
    where resampled.column("level")[row] == "item" {
      let note = resampled.column("note")[row]
      #expect(Double(limit) != nil || note.contains("undefined-replicates"), "\(note)")
    }
    let differences = try workspace.run(
      rows + ["--by", "version", "--table", "differences", "--adjust", "bh"])
    #expect(differences.column("conf_low").allSatisfy { Double($0) != nil })
    let attention = try workspace.run(
      rows + ["--covariates", points, "--on", "hn_points", "--log", "--format", "text"])
    #expect(attention.exitCode == 0, "\(attention.errors)")
    #expect(attention.errors.contains("papers have no 'hn_points' and are left out"))
    #expect(attention.output.contains("per log(hn_points), odds ratio per log(hn_points)"))
  }
}
