import Foundation
import Testing

@Suite struct LogitCommandTests {
  private let workspace: Workspace
  private let synthetic = Workspace.repository.appending(path: "data/synthetic/matrix.csv")
    .path(percentEncoded: false)
  private let patterns = Workspace.repository.appending(path: "data/patterns.json")
    .path(percentEncoded: false)

  init() throws { workspace = try Workspace() }

  /// Twelve papers: `a.x` rises with the year, `a.sep` is separated by it, `a.all` always yes.
  private func small() throws -> String {
    var text = "paper,year,points,weight,a.x,a.sep,a.all,a.never,b.y\n"
    for index in 0..<12 {
      let x = [0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 1, 1][index]
      text +=
        "p\(index),\(2014 + index),\(index == 3 ? "NA" : "\(index * index)"),1,"
        + "\(x),\(index < 6 ? 0 : 1),1,NA,\(index % 3 == 0 ? 1 : 0)\n"
    }
    return try workspace.write(text, to: "small.csv")
  }

  @Test func `outcomes are items, patterns of items, named patterns, words and scores`() throws {
    let run = try workspace.run(
      "logit", synthetic, "--patterns", patterns, "--outcome", "artifacts.*", "--outcome",
      "open_source_theater", "--outcome", "code_released and not data_released", "--outcome",
      "score >= 60", "--score-at-least", "60", "--on", "year", "--adjust", "bh")
    #expect(run.exitCode == 0, "\(run.errors)")
    let outcomes = run.column("outcome")
    #expect(
      outcomes.enumerated().filter { $0.offset % 2 == 1 }.map(\.element) == [
        "artifacts.code_released", "artifacts.data_released", "artifacts.environment_specified",
        "artifacts.reproduction_instructions", "open_source_theater",
        "code_released and not data_released", "score >= 60",
      ])
    let values = run.column("p_value").compactMap(Double.init)
    let adjusted = run.column("p_adjusted").compactMap(Double.init)
    #expect(values.count == 14 && zip(values, adjusted).allSatisfy { $0 <= $1 })
  }

  @Test(
    arguments: [
      "tags + venue + version", "setup_transparency.prompts_provided", "artifacts", "year:log",
      "year:center * version", "poly(year,2)", "ns(year,3)", "year:scale + version:ref=3",
      "claims_and_evidence.causal_claims_justified * year:center",
    ])
  func `formulas work from the command line`(formula: String) throws {
    let run = try workspace.run(
      "logit", synthetic, "--outcome", "data_released", "--on", formula)
    #expect(run.exitCode == 0, "\(run.errors)")
    let estimates = run.column("estimate").filter { $0 != "NA" }
    let odds = run.column("odds_low").filter { $0 != "NA" }
    #expect(!estimates.isEmpty && odds.count == estimates.count, "\(run.output)")
  }

  @Test(
    arguments: [
      ("fit", "deviance"), ("tests", "df"), ("effects", "conf_low"), ("predictions", "value"),
      ("influence", "cooks_distance"), ("sentences", "sentence"),
    ])
  func `every table can be had`(table: String, name: String) throws {
    let run = try workspace.run(
      "logit", synthetic, "--outcome", "code_released", "--on", "year + version", "--table",
      table)
    #expect(run.exitCode == 0 && run.rows.first?.contains(name) == true, "\(run.errors)")
  }

  @Test(
    arguments: [
      ["--se", "HC0"], ["--se", "HC3"], ["--se", "CR0", "--cluster", "venue"],
      ["--se", "CR2", "--cluster", "venue"], ["--interval", "wald"],
      ["--interval", "percentile", "--replicates", "199"],
      ["--interval", "basic", "--replicates", "199", "--cluster", "venue"],
      ["--estimation", "firth"],
    ])
  func `standard errors and intervals can be chosen`(options: [String]) throws {
    let run = try workspace.run(
      ["logit", synthetic, "--outcome", "code_released", "--on", "year"] + options)
    #expect(run.exitCode == 0, "\(run.errors)")
    let limits = zip(run.column("conf_low"), run.column("conf_high"))
    #expect(limits.allSatisfy { (Double($0) ?? .nan) < (Double($1) ?? .nan) }, "\(run.output)")
  }

  @Test func `text ends with sentences for prose`() throws {
    let run = try workspace.run(
      "logit", synthetic, "--outcome", "code_released", "--on", "year", "--format", "text")
    #expect(
      run.output.contains("\ncode_released: odds ratio per year 1.14 (0.92–1.41), n = 291, ML\n"))
    let csv = try workspace.run(
      "logit", synthetic, "--outcome", "code_released", "--on", "year", "--format", "csv")
    #expect(!csv.output.contains("odds ratio per"))
  }

  @Test(arguments: [
    ["gee"], ["gee", "--correlation", "independence"], ["mixed"], ["mixed", "--nodes", "1"],
  ])
  func `one model of all items answers about the year`(options: [String]) throws {
    let run = try workspace.run(
      ["logit", synthetic, "--category", "artifacts", "--on", "year", "--model"] + options)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(
      run.column("term") == [
        "(Intercept)", "year", "item[artifacts.data_released]",
        "item[artifacts.environment_specified]", "item[artifacts.reproduction_instructions]",
      ])
    #expect(Set(run.column("n")) == ["1086"])
    #expect(run.column("method")[1].contains("300 clusters"))
    let fit = try workspace.run(
      ["logit", synthetic, "--category", "artifacts", "--on", "year", "--table", "fit", "--model"]
        + options)
    #expect(fit.rows.count == 2 && fit.exitCode == 0)
  }

  @Test func `effects of all items are those of the population`() throws {
    let run = try workspace.run(
      "logit", synthetic, "--category", "artifacts", "--on", "year + version", "--model", "gee",
      "--table", "effects")
    #expect(run.column("term") == ["year", "version[3]"])
    let mixed = try workspace.run(
      "logit", synthetic, "--category", "artifacts", "--on", "year + version", "--model", "mixed",
      "--table", "effects")
    let pairs = zip(run.column("estimate"), mixed.column("estimate"))
    #expect(pairs.allSatisfy { abs((Double($0) ?? 1) - (Double($1) ?? .nan)) < 0.01 })
    #expect(mixed.column("method")[0].hasSuffix("population"))
    let refused = try workspace.run(
      "logit", synthetic, "--on", "year", "--model", "mixed", "--table", "tests")
    #expect(refused.exitCode == 64 && refused.errors.contains("coefficients, fit, effects"))
  }

  @Test func `items that do not vary are named and left out of a model of all`() throws {
    let run = try workspace.run(
      "logit", try small(), "--metadata", "points", "--model", "gee", "--on", "year")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.errors.contains("left out, as their answers do not vary: a.all, a.never"))
    #expect(run.column("method")[0].hasSuffix("12 clusters, Mancl-DeRouen"))
  }

  @Test(arguments: ["ridge", "lasso", "elastic-net"])
  func `penalties give coefficients and a path`(penalty: String) throws {
    let options = [
      "logit", synthetic, "--outcome", "code_released", "--on", "year + tags + artifacts",
      "--penalty", penalty, "--folds", "5",
    ]
    let run = try workspace.run(options)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.column("method")[0].contains("\(penalty)"))
    #expect(run.column("estimate").allSatisfy { Double($0) != nil })
    let path = try workspace.run(options + ["--table", "path"])
    #expect(path.rows.count == 101)
    let choices = path.column("choice").filter { $0 != "NA" }.joined(separator: " ")
    #expect(choices.contains("min") && choices.contains("1se"))
    #expect(try workspace.run(options + ["--table", "path"]).output == path.output)
  }

  @Test func `an offset has the coefficient one`() throws {
    let path = try small()
    let fitted = try workspace.run(
      "logit", path, "--metadata", "points", "--outcome", "x", "--on", "1", "--offset", "weight")
    let plain = try workspace.run(
      "logit", path, "--metadata", "points", "--outcome", "x", "--on", "1")
    let values = try [fitted, plain].map { try #require(Double($0.column("estimate")[0])) }
    #expect(abs(values[1] - values[0] - 1) < 1e-9)
    let missing = try workspace.run(
      "logit", path, "--metadata", "points", "--outcome", "x", "--on", "1", "--offset", "points")
    #expect(missing.exitCode == 64 && missing.errors.contains("1 papers have no 'points'"))
  }

  @Test func `separation is answered by Firth with a note`() throws {
    let run = try workspace.run(
      "logit", try small(), "--metadata", "points", "--outcome", "sep", "--on", "year")
    #expect(run.column("method")[1] == "Firth, profile")
    #expect(
      run.column("note")[1] == "completely separated by year (+); Firth's penalty")
    let slope = try #require(Double(run.column("estimate")[1]))
    #expect(slope > 0 && slope < 5)
    let refused = try workspace.run(
      "logit", try small(), "--metadata", "points", "--outcome", "sep", "--on", "year",
      "--estimation", "ml")
    #expect(
      refused.exitCode == 70 && refused.errors.contains("use Firth's penalty (--estimation firth)"))
  }

  @Test func `outcomes of one class and without papers are named`() throws {
    let path = try small()
    let run = try workspace.run(
      "logit", path, "--metadata", "points", "--outcome", "a.*", "--on", "year")
    #expect(run.exitCode == 0)
    #expect(run.errors.contains("a.all: yes for all 12 papers, nothing to explain"))
    #expect(run.errors.contains("a.never: no paper has the outcome and all covariates"))
    #expect(run.column("note").suffix(2).allSatisfy { $0 != "NA" })
    #expect(
      try workspace.run("logit", path, "--metadata", "points", "--outcome", "all", "--on", "year")
        .exitCode == 70)
  }

  @Test func `missing covariates leave papers out and are said`() throws {
    let run = try workspace.run(
      "logit", try small(), "--metadata", "points", "--outcome", "x", "--on", "points")
    #expect(run.errors.contains("1 of 12 papers left out for missing covariates (points 1)"))
    #expect(Set(run.column("n")) == ["11"])
  }

  @Test func `duplicated columns and more columns than papers are named`() throws {
    let run = try workspace.run(
      "logit", try small(), "--metadata", "points", "--outcome", "x", "--on", "year + year:scale")
    #expect(run.column("note")[2] == "year:scale left out: collinear with year")
    let wide = try workspace.run(
      "logit", try small(), "--metadata", "points", "--outcome", "x", "--on", "year:factor")
    #expect(wide.exitCode == 0, "\(wide.errors)")
    #expect(wide.column("method")[0] == "Firth, profile")
    #expect(wide.column("conf_low").allSatisfy { Double($0) != nil })
  }

  @Test func `a weight of zero leaves a paper out`() throws {
    let text = try String(contentsOfFile: try small(), encoding: .utf8)
    let weighted = try workspace.write(
      text.replacing("p0,2014,0,1,", with: "p0,2014,0,0,"), to: "weighted.csv")
    let run = try workspace.run(
      "logit", weighted, "--metadata", "points", "--outcome", "x", "--on", "year")
    #expect(Set(run.column("n")) == ["11"])
    let left = try workspace.run(
      "logit", try small(), "--metadata", "points", "--outcome", "x", "--on", "year", "--exclude",
      "p0")
    #expect(run.column("estimate") == left.column("estimate"))
  }

  @Test(
    arguments: [
      (["--on", "year"], "name an --outcome"),
      (["--outcome", "code_relased", "--on", "year"], "artifacts.code_released"),
      (
        ["--outcome", "code_released and", "--on", "year"],
        "a variable, an item or a value, found the end"
      ),
      (["--outcome", "not code_relased", "--on", "year"], "is called 'code_relased'"),
      (["--outcome", "code_released", "--on", "yaer"], "no variable, item or category is called"),
      (["--outcome", "code_released", "--on", "year", "--se", "CR2"], "needs --cluster"),
      (["--model", "mixed", "--on", "year", "--nodes", "5"], "--nodes takes 1 or"),
      (["--model", "gee", "--on", "year", "--penalty", "lasso"], "leave out --model"),
      (["--outcome", "code_released", "--on", "year", "--table", "path"], "needs --penalty"),
    ])
  func `what makes no sense gives 64 and a remedy`(options: [String], remedy: String) throws {
    let run = try workspace.run(["logit", synthetic] + options)
    #expect(run.exitCode == 64)
    #expect(run.errors.contains(remedy), "\(run.errors)")
  }
}
