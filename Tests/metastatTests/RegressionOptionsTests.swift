import Foundation
import Testing

/// What `logit`, `trend` and `compare` do with clusters, weights, groups and options that conflict.
@Suite struct RegressionOptionsTests {
  private let workspace: Workspace
  private let synthetic = Workspace.repository.appending(path: "data/synthetic/matrix.csv")
    .path(percentEncoded: false)

  init() throws { workspace = try Workspace() }

  /// Forty papers: `a.sep` is separated by the year, `a.x` and `a.z` are not.
  private func small(weights factor: Int = 1) throws -> String {
    var text = "paper,year,type,tags,weight,a.x,a.sep,a.z,b.y\n"
    for index in 0..<40 {
      let x = (index * 7 + index / 8) % 5 < 2 + index / 20 ? 1 : 0
      text +=
        "p\(index),\(2000 + index),\(["A", "B", "C"][index % 3]),t\(index % 5)\(index % 2 == 0 ? ";u" : ""),"
        + "\(index % 8 == 0 ? 0 : factor * (1 + index % 4)),\(x),\(index < 20 ? 0 : 1),"
        + "\(index * 11 % 7 < 4 ? 1 : 0),\(index * 5 % 3 == 0 ? 1 : 0)\n"
    }
    return try workspace.write(text, to: "small\(factor).csv")
  }

  private func numbers(_ run: Workspace.Run, _ column: String) -> [Double] {
    run.column(column).map { Double($0) ?? .nan }
  }

  @Test func `an interaction with the year as it is has a profile and a test`() throws {
    let options = ["logit", synthetic, "--outcome", "code_released", "--on"]
    let plain = try workspace.run(options + ["year*version"])
    let centered = try workspace.run(options + ["year:center*version"])
    #expect(Set(plain.column("method")) == ["ML, profile"], "\(plain.output)")
    for column in ["estimate", "conf_low", "conf_high", "p_value"] {
      #expect(abs(numbers(plain, column)[3] - numbers(centered, column)[3]) < 1e-6)
    }
    let tests = try workspace.run(options + ["year*version", "--table", "tests"])
    #expect(numbers(tests, "statistic")[0] > 0 && tests.column("note") == ["NA"])
    #expect(plain.column("reference") == ["NA", "NA", "2", "2"])
  }

  @Test func `separated effects have no standard error, and robust errors give way`() throws {
    let path = try small()
    let base = ["logit", path, "--unweighted", "--outcome", "sep", "--on", "year"]
    let effects = try workspace.run(base + ["--table", "effects"])
    #expect(effects.column("std_error") == ["NA"] && effects.column("p_value") == ["NA"])
    #expect(effects.column("note")[0].hasPrefix("separated"))
    let robust = try workspace.run(base + ["--se", "HC3"])
    let profile = try workspace.run(base)
    #expect(robust.column("conf_low") == profile.column("conf_low"))
    #expect(robust.column("note")[1].hasSuffix("separated, no HC3 standard error"))
    let trend = try workspace.run(
      "trend", path, "--unweighted", "--rows", "item", "--item", "a.sep", "--format", "text")
    #expect(
      trend.output.contains(
        "\nsep: 100.0 (99.0–100.0) points from year 2000 to 2039, 2.6 per year"),
      "\(trend.output)")
    #expect(trend.output.contains(" per year, odds ratio per year "))
    let refused = try workspace.run(base + ["--estimation", "ml"])
    #expect(refused.errors.contains("a.sep: separated by"))
    #expect(refused.errors.contains("--estimation firth"))
  }

  @Test func `the unit of weights changes nothing, and weights of zero are counted`() throws {
    let options = ["--outcome", "x", "--on", "year + type"]
    let one = try workspace.run(["logit", try small()] + options)
    let ten = try workspace.run(["logit", try small(weights: 10)] + options)
    #expect(one.exitCode == 0, "\(one.errors)")
    for column in ["estimate", "std_error", "p_value", "conf_high"] {
      #expect(
        zip(numbers(one, column), numbers(ten, column)).allSatisfy { abs($0 - $1) < 1e-9 })
    }
    #expect(one.column("method")[0].hasSuffix("Wald, HC3"))
    #expect(one.column("note")[0].contains("weighted, effective n "))
    #expect(one.errors.contains("5 papers have the weight 0 and take no part"))
    #expect(one.errors.contains("papers are weighted, standard errors are HC3"))
  }

  @Test func `clusters alone ask for CR2 errors everywhere`() throws {
    let path = try small()
    let logit = try workspace.run(
      "logit", path, "--unweighted", "--outcome", "x", "--on", "year", "--cluster", "type")
    #expect(Set(logit.column("method")) == ["ML, Wald, CR2, 3 clusters"], "\(logit.errors)")
    #expect(logit.errors.contains("standard errors are CR2 by 'type'"))
    let tests = try workspace.run(
      "logit", path, "--unweighted", "--outcome", "x", "--on", "year", "--cluster", "type",
      "--table", "tests")
    #expect(tests.column("method") == ["ML, Wald, CR2"])
    #expect(abs(numbers(tests, "p_value")[0] - numbers(logit, "p_value")[1]) < 1e-9)
    let trend = try workspace.run(
      "trend", path, "--unweighted", "--rows", "overall", "--cluster", "tags")
    #expect(trend.column("method") == ["least squares, CR2, 10 clusters"])
    #expect(trend.column("interval") == ["t, CR2"] && trend.column("test") == ["t, CR2"])
    let resampled = try workspace.run(
      "trend", path, "--item", "a.x", "--rows", "item", "--cluster", "tags", "--interval",
      "percentile", "--replicates", "99")
    #expect(resampled.column("test") == ["bootstrap"])
    let compare = try workspace.run(
      "compare", path, "--by", "type", "--rows", "item", "overall", "--cluster", "tags")
    #expect(Set(compare.column("test")) == ["score t"])
    #expect(Set(compare.column("shift_low")) == ["NA"])
  }

  @Test func `one value of --cluster is one grouping for errors and resamples`() throws {
    let run = try workspace.run(
      "logit", try small(), "--unweighted", "--outcome", "x", "--on", "year", "--cluster", "tags",
      "--se", "CR1")
    #expect(run.column("method")[0].contains("10 clusters"), "five first tags, ten sets of tags")
  }

  @Test func `groups of tags share papers in trends, and are cut with a note in comparisons`()
    throws
  {
    let path = try small()
    let trend = try workspace.run(
      "trend", path, "--unweighted", "--rows", "overall", "--by", "tags")
    #expect(trend.column("group") == ["t0", "t1", "t2", "t3", "t4", "u"])
    #expect(numbers(trend, "n") == [8, 8, 8, 8, 8, 20])
    let differences = try workspace.run(
      "trend", path, "--unweighted", "--rows", "overall", "--by", "tags", "--table", "differences")
    #expect(differences.column("note").contains("groups-share-papers"))
    let compare = try workspace.run("compare", path, "--by", "tags", "--rows", "overall")
    #expect(compare.errors.contains("20 papers have several 'tags' and count with the first"))
  }

  @Test func `an outcome does not explain itself`() throws {
    let path = try small()
    let base = ["logit", path, "--unweighted", "--outcome"]
    let same = try workspace.run(base + ["x", "--on", "x"])
    #expect(same.exitCode == 64 && same.errors.contains("cannot be explained by itself"))
    let score = try workspace.run(base + ["score >= 60", "--on", "score"])
    #expect(score.exitCode == 64)
    let among = try workspace.run(base + ["a.*", "--on", "a.x"])
    #expect(among.exitCode == 0 && among.column("outcome").count == 5)
    let category = try workspace.run(base + ["x", "--on", "a"])
    #expect(category.column("note")[1].contains("a: without a.x"))
    // By hand: the score of the other two items of the category.
    let rest = try workspace.run(base + ["x", "--on", "a", "--exclude-item", "b.y"])
    #expect(rest.column("estimate") == category.column("estimate"))
    let cells = try workspace.run("logit", path, "--model", "gee", "--on", "a.x")
    #expect(cells.exitCode == 64 && cells.errors.contains("among the items explained"))
    let weighted = try workspace.run(
      "logit", path, "--model", "mixed", "--on", "year", "--interval", "profile")
    #expect(weighted.exitCode == 64 && weighted.errors.contains("with weights"))
  }

  @Test func `text leaves out the intercept and sentences what says nothing by itself`() throws {
    let path = try small()
    let run = try workspace.run(
      "logit", path, "--unweighted", "--outcome", "x", "--on", "year*type + a.z",
      "--format", "text")
    #expect(!run.output.contains("(Intercept)"))
    #expect(run.output.contains("odds ratio of a.z yes against no"))
    #expect(run.output.contains("ratio of odds ratios of year*type[B]"))
    #expect(!run.output.contains("ratio of type[B]") && !run.output.contains("ratio per year "))
    let spline = try workspace.run(
      "logit", path, "--unweighted", "--outcome", "x", "--on", "ns(year,2)", "--table", "sentences")
    #expect(spline.rows.count == 1, "\(spline.output)")
    let all = try workspace.run(
      "logit", path, "--unweighted", "--outcome", "x", "--on", "year", "--format", "text",
      "--all-columns")
    #expect(all.output.contains("(Intercept)"))
  }

  @Test func `penalised coefficients have their coding, and a strong penalty leaves zeros`() throws
  {
    let run = try workspace.run(
      "logit", try small(), "--unweighted", "--outcome", "x", "--on", "year:center + type + a.z",
      "--penalty", "lasso", "--folds", "5")
    #expect(run.column("reference") == ["NA", "NA", "A", "A", "NA"], "\(run.output)")
    #expect(run.column("coding")[1].contains("year minus"))
    let sparse = numbers(run, "estimate_1se").dropFirst()
    #expect(sparse.allSatisfy { $0 == 0 || abs($0) > 1e-6 })
  }

  @Test func `the bootstrap has its own errors and says nothing of others`() throws {
    let run = try workspace.run(
      "logit", try small(), "--outcome", "x", "--on", "year", "--interval", "percentile",
      "--replicates", "99", "--cluster", "type")
    #expect(!run.errors.contains("standard errors are") && run.exitCode == 0, "\(run.errors)")
  }

  @Test func `a reference is enough to compare with it`() throws {
    let path = try small()
    let run = try workspace.run(
      "compare", path, "--by", "type", "--reference", "B", "--rows", "overall", "--within",
      "weight")
    #expect(run.column("reference") == ["B", "B"])
    #expect(run.column("mh_difference").allSatisfy { Double($0) != nil }, "\(run.output)")
    let unknown = try workspace.run("compare", path, "--by", "type", "--reference", "Z")
    #expect(unknown.exitCode == 64 && unknown.errors.contains("there are A, B, C"))
  }

  @Test(
    arguments: [
      (["logit", "--interval", "percentile", "--se", "HC1"], "leave out --se"),
      (["logit", "--interval", "profile", "--se", "HC1"], "leave out --se"),
      (["logit", "--interval", "profile", "--cluster", "type"], "leave out --cluster"),
      (["logit", "--se", "HC1", "--cluster", "type"], "knows nothing of clusters"),
      (["logit", "--mix", "0.3"], "--mix is of --penalty elastic-net"),
      (["logit", "--nodes", "9"], "--nodes is of --model mixed"),
      (["logit", "--correlation", "independence"], "--correlation is of --model gee"),
      (["logit", "--folds", "3"], "--folds is of --penalty"),
      (["logit", "--adjust", "bh", "--table", "fit"], "--adjust is of the tables"),
      (["logit", "--interval", "wald", "--table", "effects"], "--interval is of the table"),
      (["logit", "--se", "HC1", "--table", "fit"], "--se plays no part"),
      (["logit", "--penalty", "lasso", "--stratify", "type"], "is of resampled intervals"),
      (["trend", "--interval", "percentile", "--se", "HC1"], "leave out --se"),
      (["trend", "--test", "exact", "--rows", "overall"], "add item to --rows"),
      (["trend", "--test", "exact", "--interval", "basic"], "leave out --test"),
      (["trend", "--table", "differences"], "needs --by"),
      (["trend", "--se", "HC1", "--cluster", "type"], "knows nothing of clusters"),
      (["trend", "--on", "type"], "'type' is not numeric"),
      (["compare", "--test", "fisher", "--permutations", "9"], "leave out --test"),
      (["compare", "--test", "fisher", "--rows", "overall"], "--rows has none"),
      (["compare", "--reference", "A", "--against", "rest"], "--against rest"),
      (["compare", "--interval", "newcombe", "--cluster", "tags"], "drawn alike, not"),
      (["compare", "--test", "fisher", "--cluster", "tags"], "drawn alike, not"),
    ])
  func `options that conflict are refused with a remedy`(options: [String], remedy: String) throws {
    let needed = [
      "logit": ["--outcome", "x", "--on", "year"], "trend": [], "compare": ["--by", "type"],
    ]
    let run = try workspace.run(
      [options[0], try small()] + options.dropFirst() + (needed[options[0]] ?? []))
    #expect(run.exitCode == 64 && run.errors.contains(remedy), "\(run.errors)")
  }

  @Test func `pairs need two items, and tests have names for the command line`() throws {
    let path = try small()
    let pair = try workspace.run("compare", path, "--pair", "x", "a.x")
    #expect(pair.exitCode == 64 && pair.errors.contains("two different items"))
    let run = try workspace.run(
      "compare", path, "--by", "type", "--rows", "item", "--test", "fisher-mid-p",
      "--unweighted")
    #expect(Set(run.column("test")).subtracting(["NA"]) == ["fisher mid-p"])
  }

  @Test func `columns without values and outcomes of one class are told`() throws {
    let tags = try workspace.run(
      "logit", synthetic, "--outcome", "code_released", "--on", "rater")
    #expect(tags.exitCode == 64 && tags.errors.contains("no paper has a value in 'rater'"))
    let fit = try workspace.run(
      "logit", synthetic, "--outcome", "code_released", "--on", "year", "--table", "fit")
    #expect(numbers(fit, "calibration_slope")[0] < 0.9, "in the papers of the fit it is 1")
    #expect(numbers(fit, "brier_cv")[0] > numbers(fit, "brier")[0])
  }
}
