import Foundation
import Testing

@Suite struct MetaCommandTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private let trials = """
    study,events,total,events2,total2,latitude,lab
    a,4,123,11,139,44,x
    b,6,306,29,303,55,x
    c,3,231,11,220,42,y
    d,62,13598,248,12867,52,y
    e,33,5069,47,5808,13,z
    f,180,1541,372,1451,44,z

    """

  private func cell(_ rows: [[String]], _ row: Int, _ name: String) throws -> String {
    let column = try #require(rows.first?.firstIndex(of: name), "\(name)")
    return rows[row][column]
  }

  @Test func `studies of a table are pooled`() throws {
    let path = try workspace.write(trials, to: "trials.csv")
    let run = try workspace.run("meta", path, "--measure", "RR")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.errors.contains("columns found by their names"))
    #expect(try cell(run.rows, 1, "k") == "6")
    #expect(try cell(run.rows, 1, "method") == "REML")
    let estimate = try #require(Double(try cell(run.rows, 1, "estimate")))
    #expect(estimate > 0.3 && estimate < 0.5)
    let named = try workspace.run(
      "meta", path, "--measure", "PLO", "--events", "events2", "--total", "total2", "--study",
      "study")
    #expect(named.exitCode == 0)
    #expect(try cell(named.rows, 1, "model") == "binomial-normal")
    for method in ["DL", "mantel-haenszel", "peto", "GLMM", "hypergeometric-normal", "FE"] {
      let other = try workspace.run("meta", path, "--measure", "OR", "--method", method)
      #expect(other.exitCode == 0, "\(method): \(other.errors)")
    }
    let robust = try workspace.run("meta", path, "--measure", "OR", "--cluster", "lab")
    #expect(try cell(robust.rows, 1, "model") == "three-level", "\(robust.errors)")
    #expect(try cell(robust.rows, 1, "interval") == "CR2")
  }

  @Test func `outcomes in clusters have a row each, and Kenward and Roger's tests`() throws {
    let path = try workspace.write(
      """
      trial,outcome,yi,vi
      a,PD,0.47,0.0075
      a,AL,-0.32,0.0077
      b,PD,0.20,0.0057
      b,AL,-0.60,0.0008
      c,PD,0.40,0.0021
      c,AL,-0.12,0.0014
      d,PD,0.26,0.0029

      """, to: "outcomes.csv")
    let rows = try workspace.run(
      "meta", path, "--cluster", "trial", "--outcome", "outcome", "--rho", "0.4")
    #expect(rows.exitCode == 0, "\(rows.errors)")
    #expect(rows.rows.map { $0[0] } == ["outcome", "AL", "PD"])
    #expect(try cell(rows.rows, 1, "model") == "multivariate")
    #expect(try cell(rows.rows, 2, "k") == "4" && cell(rows.rows, 2, "interval") == "CR2")
    let kenward = try workspace.run(
      "meta", path, "--cluster", "trial", "--outcome", "outcome", "--struct", "DIAG", "--test",
      "kr",
      "--moderators", "outcome")
    #expect(kenward.exitCode == 0, "\(kenward.errors)")
    for wrong in [
      ["--outcome", "outcome"], ["--cluster", "trial", "--outcome", "outcom"],
      ["--cluster", "trial", "--struct", "UN"], ["--cluster", "trial", "--test", "knha"],
      ["--method", "DL", "--test", "kr"],
      ["--cluster", "trial", "--outcome", "outcome", "--table", "gosh"],
    ] {
      let run = try workspace.run(["meta", path] + wrong)
      #expect(run.exitCode == 64, "\(wrong) \(run.errors)")
    }
  }

  @Test func `records that are excluded are counted by reason`() throws {
    let path = try workspace.write(
      "survey,events,total,why\na,1,10,\nb,3,12,old\nc,0,0,\nd,4,20,\n", to: "surveys.csv")
    let flow = try workspace.run("meta", path, "--excluded", "why", "--table", "flow")
    #expect(flow.exitCode == 0, "\(flow.errors)")
    #expect(
      flow.rows.dropFirst().map { $0[0] } == ["identified", "excluded", "not pooled", "pooled"])
    #expect(flow.rows.dropFirst().map { $0[2] } == ["4", "1", "1", "2"])
    let pooled = try workspace.run("meta", path, "--excluded", "why")
    #expect(try cell(pooled.rows, 1, "k") == "2")
    #expect(pooled.errors.contains("1 of 4 studies excluded by 'why'"))
  }

  @Test func `scores and corrected rates of strata are pooled`() throws {
    var text = "paper,year,rater,a.x,a.y\n"
    for index in 0..<60 {
      let (x, y) = (index % 3 == 0 ? 1 : 0, index % 4 == 0 ? 0 : 1)
      text += "p\(index),\(2019 + index % 4),one,\(x),\(y)\n"
      if index % 5 < 2 {
        text += "p\(index),\(2019 + index % 4),two,\(index % 6 == 0 ? 1 : x),\(y)\n"
      }
    }
    let path = try workspace.write(text, to: "raters.csv")
    let scores = try workspace.run(
      "meta", path, "--rater", "one", "--score", "score", "--score", "a", "--over", "year")
    #expect(scores.exitCode == 0, "\(scores.errors)")
    #expect(scores.rows.dropFirst().map { $0[0] } == ["score", "a"])
    #expect(try cell(scores.rows, 1, "measure") == "MN")
    let corrected = try workspace.run(
      "meta", path, "--correct", "rater:two", "--item", "a.*", "--over", "year")
    #expect(corrected.exitCode == 0, "\(corrected.errors)")
    #expect(corrected.errors.contains("the correction leaves"))
    #expect(try cell(corrected.rows, 1, "k") == "4")
    let both = try workspace.run(
      "meta", path, "--correct", "rater:two", "--score", "score", "--over", "year")
    #expect(both.exitCode == 64)
    let wrong = try workspace.run("meta", path, "--score", "scor", "--over", "year")
    #expect(wrong.exitCode == 64 && wrong.errors.contains("score"))
  }

  @Test func `tables of studies, moderators and subgroups`() throws {
    let path = try workspace.write(trials, to: "trials.csv")
    let studies = try workspace.run("meta", path, "--measure", "RR", "--table", "studies")
    #expect(studies.rows.count == 7)
    let moderators = try workspace.run(
      "meta", path, "--measure", "RR", "--moderators", "latitud", "--quiet")
    #expect(moderators.exitCode == 64 && moderators.errors.contains("latitude"))
    let fit = try workspace.run(
      "meta", path, "--measure", "RR", "--moderators", "latitude", "--permutations", "1000")
    #expect(fit.exitCode == 0, "\(fit.errors)")
    #expect(fit.rows.map { $0[0] } == ["term", "(moderators)", "(Intercept)", "latitude"])
    #expect(try !cell(fit.rows, 1, "p_permutation").isEmpty)
    let groups = try workspace.run(
      "meta", path, "--measure", "RR", "--by", "lab", "--common-tau2")
    #expect(groups.rows.map { $0[0] } == ["group", "x", "y", "z", "(all)"], "\(groups.errors)")
    #expect(try !cell(groups.rows, 4, "qm_p").isEmpty)
  }

  @Test func `strata of the corpus are studies`() throws {
    let rows = (0..<40).map { "p\($0),v\($0 % 4),\($0 % 3 == 0 ? 1 : 0),\($0 % 2)" }
    let path = try workspace.write(
      "paper,venue,a.x,a.y\n" + rows.joined(separator: "\n") + "\n", to: "matrix.csv")
    let run = try workspace.run("meta", path, "--over", "venue", "--item", "*")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.rows.map { $0[0] } == ["item", "a.x", "a.y"])
    #expect(try cell(run.rows, 1, "k") == "4")
    #expect(try cell(run.rows, 1, "n") == "40")
    #expect(try cell(run.rows, 1, "note") == "tau2-zero")
    // Every second paper: the venues have rates of 0 and 1 only.
    #expect(try cell(run.rows, 2, "note").contains("tau2-at-bound"))
    let pattern = try workspace.run(
      "meta", path, "--over", "venue", "--pattern", "both: x and y", "--rows", "category")
    #expect(pattern.rows.map { $0[0] } == ["item", "category:a", "both"], "\(pattern.errors)")
  }

  @Test func `what is mistyped or idle is refused with the nearest`() throws {
    let path = try workspace.write(trials, to: "trials.csv")
    func refusal(_ arguments: String...) throws -> String {
      let run = try workspace.run(["meta", path] + arguments)
      #expect(run.exitCode == 64, "\(arguments)")
      return run.errors
    }
    #expect(try refusal("--measure", "ORR").contains("the nearest are OR"))
    #expect(try refusal("--measure", "SMD", "--mean", "latitude").contains("needs means"))
    #expect(try refusal("--method", "REMLL").contains("REML"))
    #expect(try refusal("--events", "event").contains("'event'; the nearest"))
    #expect(try refusal("--common-tau2").contains("is of --by"))
    #expect(try refusal("--where", "year > 2").contains("selects papers"))
    #expect(try refusal("--cluster", "labb").contains("the nearest is lab"))
    let broken = try workspace.write("events,total\n1,4\nmany,5\n", to: "broken.csv")
    let run = try workspace.run("meta", broken)
    #expect(run.exitCode == 65 && run.errors.contains("'many'"))
  }
}
