import Foundation
import Testing

/// Rates corrected for a rater's errors, from outside.
@Suite struct CorrectionTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// Sixty papers of a rater that says yes to every third no, and a better one that read twenty of them.
  private func files() throws -> (own: String, better: String, both: String) {
    var own = "paper,year,a.x,a.y\n"
    var better = "paper,a.x,a.y\n"
    var both = "paper,year,rater,a.x,a.y\n"
    for paper in 0..<60 {
      let truth = paper % 4 == 0 ? "1" : "0"
      let said = paper % 3 == 0 ? "1" : truth
      let year = 2020 + paper / 7 % 2
      own += "p\(paper),\(year),\(said),NA\n"
      both += "p\(paper),\(year),fast,\(said),NA\n"
      guard paper < 20 else { continue }
      better += "p\(paper),\(truth),NA\n"
      both += "p\(paper),\(year),Good,\(truth),NA\n"
    }
    return (
      try workspace.write(own, to: "own.csv"), try workspace.write(better, to: "better.csv"),
      try workspace.write(both, to: "both.csv")
    )
  }

  @Test func `a corpus and a rater of the same matrix correct alike`() throws {
    let (own, better, both) = try files()
    let one = try workspace.run("rates", own, "--correct", better)
    let other = try workspace.run("rates", both, "--correct", "rater:good")
    #expect(one.exitCode == 0 && one.output == other.output)
    let header = one.rows[0]
    for name in [
      "estimate", "naive", "naive_low", "naive_high", "gold", "gold_low", "gold_high", "n_gold",
      "sensitivity", "specificity", "missed_applies", "false_applies", "method", "n_effective",
      "interval", "item", "note",
    ] {
      #expect(header.contains(name), "\(name)")
    }
    let place = { (name: String) in header.firstIndex(of: name) ?? 0 }
    let x = try #require(one.rows.first { $0[2] == "x" })
    #expect(x[place("n_gold")] == "20" && x[place("naive")] == "0.5")
    #expect(Double(x[place("estimate")]).map { abs($0 - 0.25) < 0.06 } == true)
    let y = try #require(one.rows.first { $0[2] == "y" })
    #expect(y[place("estimate")] == "NA" && y[place("note")] == "never-applicable-by-better")
  }

  @Test func `groups, bands and methods`() throws {
    let (own, better, _) = try files()
    let groups = try workspace.run(
      "rates", own, "--correct", better, "--by", "year", "--rows", "item", "--better-error", "0.02")
    #expect(groups.rows[0].contains("band_low") && groups.rows[0].contains("group"))
    #expect(groups.rows.count { $0[2] == "x" } == 2)
    for method in ["double-sampling-borrowing", "ppi", "ppi++", "cross-ppi", "rogan-gladen"] {
      let run = try workspace.run("rates", own, "--correct", better, "--correction", method)
      #expect(run.exitCode == 0 && run.output.contains(method), "\(method)")
    }
    let known = try workspace.run(
      "rates", own, "--correction", "rogan-gladen", "--sensitivity", "45/50", "--specificity",
      "60/90")
    #expect(known.exitCode == 0 && known.output.contains("applicability-not-corrected"))
  }

  @Test func `what cannot be corrected is refused with a reason`() throws {
    let (own, better, both) = try files()
    let other = try workspace.write("paper,a.x\nq,1\n", to: "other.csv")
    let cases: [([String], Int32, String)] = [
      ([both, "--correct", "rater:godo"], 64, "the nearest is Good"),
      ([own, "--correct", "rater:x"], 64, "no rater is stated"),
      ([own, "--correct", "nothing"], 66, "there is no 'nothing'"),
      ([own, "--correct", other], 70, "has answered no item of a paper"),
      ([own, "--correct", both], 64, "answers of Good, fast"),
      ([own, "--correct", better, "--interval", "bca"], 64, "not for corrected rates"),
      ([own, "--correct", better, "--population", "100"], 64, "not for corrected rates"),
      ([own, "--correct", better, "--probability", "chance"], 64, "'chance'"),
      ([own, "--correction", "ppi"], 64, "goes with --correct"),
      ([own, "--sensitivity", "1/2"], 64, "go together"),
      ([own, "--correct", better, "--by", "year", "--mix", "common"], 64, "whatever a group"),
      ([both, "--correct", "rater:Good", "--rater-order", "Good"], 64, "needs two"),
    ]
    for (arguments, code, text) in cases {
      let run = try workspace.run(["rates"] + arguments)
      #expect(run.exitCode == code, "\(arguments)")
      #expect(run.errors.contains(text), "\(arguments) \(run.errors)")
    }
  }

  @Test func `scores, trends, logits and differences are corrected`() throws {
    let (own, better, both) = try files()
    let cases: [([String], [String])] = [
      (["scores", own], ["score,mean", "ppi++", "naive_low", "gold_high"]),
      (["trend", own], ["item,a,x", "p_value", "ppi++", "n_effective"]),
      (["compare", own, "--by", "year"], ["n_gold_reference", "double-sampling", "mover"]),
      (
        ["logit", own, "--outcome", "a.x", "--on", "year:center"],
        ["odds_high", "ppi++", "power", "few-re-answered: 20"]
      ),
    ]
    for (arguments, texts) in cases {
      let run = try workspace.run(arguments + ["--correct", better])
      #expect(run.exitCode == 0, "\(arguments) \(run.errors)")
      for text in texts { #expect(run.output.contains(text), "\(arguments) \(text)") }
      // The rows of both raters in one file say the same.
      let other = try workspace.run(
        [arguments[0], both] + arguments.dropFirst(2) + ["--correct", "rater:Good"])
      #expect(
        other.exitCode == 0
          && other.output == run.output, "\(arguments)")
    }
  }

  @Test func `options of uncorrected results are refused`() throws {
    let (own, better, _) = try files()
    let cases: [([String], String)] = [
      (["scores", own, "--table", "papers"], "--table papers is not for corrected mean scores"),
      (["scores", own, "--correction", "double-sampling"], "scores take ppi, ppi++"),
      (["scores", own, "--better-error", "0.1"], "--better-error has a band for rates"),
      (["trend", own, "--mix", "model"], "--mix is not for corrected trends"),
      (["trend", own, "--on", "score"], "predictors made of answers"),
      (["logit", own, "--outcome", "a.x", "--on", "year", "--se", "HC3"], "--se is not for"),
      (["logit", own, "--outcome", "a.x", "--on", "score"], "predictors made of answers"),
      (["compare", own, "--by", "year", "--within", "year"], "--within is not for"),
      (["compare", own, "--by", "year", "--probability", "chance"], "'chance'"),
    ]
    for (arguments, text) in cases {
      let run = try workspace.run(arguments + ["--correct", better])
      #expect(run.exitCode == 64 && run.errors.contains(text), "\(arguments) \(run.errors)")
    }
    let known = try workspace.run(
      "scores", own, "--sensitivity", "45/50", "--specificity", "60/90")
    #expect(known.exitCode == 64 && known.errors.contains("correct rates"))
  }

  @Test func `the report has a section of corrected rates`() throws {
    let (own, better, _) = try files()
    let run = try workspace.run("report", own, "--correct", better, "--snippet", "corrected")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.contains("better") && run.output.contains("20 papers re-answered"))
  }

  @Test func `a plan comes back as probabilities`() throws {
    let (own, better, _) = try files()
    let plan = try workspace.run("agree", own, better, "--plan", "--width", "0.1")
    #expect(plan.exitCode == 0 && plan.rows[0].contains("n_needed"))
    let papers = try workspace.run(
      "agree", own, better, "--table", "plan-papers", "--further", "10", "--better", "better")
    #expect(papers.exitCode == 0 && papers.rows.count == 61)
    #expect(papers.rows.count { $0[1] == "yes" } == 10)
    let file = try workspace.write(papers.output, to: "plan.csv")
    let run = try workspace.run(
      "rates", own, "--correct", better, "--covariates", file, "--probability", "probability")
    #expect(run.exitCode == 0, "\(run.errors)")
    let none = try workspace.run("agree", own, better, "--plan")
    #expect(none.exitCode == 64 && none.errors.contains("--width"))
  }

  @Test func `drift and rates without a better rater`() throws {
    let (_, _, both) = try files()
    let drift = try workspace.run("agree", both, "--table", "drift", "--batch", "year")
    #expect(drift.exitCode == 0 && drift.rows.count == 3)
    let model = try workspace.run("agree", both, "--table", "dawid-skene", "--replicates", "9")
    #expect(model.exitCode == 70 && model.errors.contains("two raters"), "\(model.errors)")
  }
}
