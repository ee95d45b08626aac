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

  @Test func `items are tested at once, and a number is compared by answers`() throws {
    let items = try workspace.run(
      "compare", synthetic, "--pair", "artifacts.*", "--table", "homogeneity")
    #expect(items.exitCode == 0 && items.column("test") == .init(repeating: "cochran", count: 4))
    let number = try workspace.run(
      "compare", synthetic, "--on", "year", "--item", "artifacts.*", "--cluster", "venue")
    #expect(number.exitCode == 0, "\(number.errors)")
    #expect(Set(number.column("test")) == ["placements"])
    #expect(number.column("p_value").allSatisfy { Double($0) != nil })
    let both = try compare("--by", "version", "--by", "year", "--rows", "item", "--fewest", "30")
    #expect(both.column("group").contains { $0.contains(" × ") }, "\(both.output)")
  }

  @Test func `p-values are adjusted by permutations, with Holm's where papers do not allow it`()
    throws
  {
    let options = ["--by", "version", "--rows", "item", "--adjust", "westfall-young"]
    let run = try workspace.run(
      ["compare", synthetic, "--item", "artifacts.*", "--permutations", "499"] + options)
    #expect(run.exitCode == 0 && run.column("note").allSatisfy { !$0.contains("holm") })
    for (joint, p) in zip(run.column("p_adjusted"), run.column("p_value")) {
      #expect((Double(joint) ?? 0) >= (Double(p) ?? 2))
    }
    let clustered = try workspace.run(
      ["compare", synthetic, "--item", "artifacts.*", "--cluster", "venue"] + options)
    #expect(
      clustered.column("note").allSatisfy { $0.contains("holm-for-westfall-young: clusters") })
  }

  @Test func `all groups at once are tested`() throws {
    let run = try compare("--by", "venue", "--table", "homogeneity")
    // Too few are expected in some cells for chi-square and Kruskal and Wallis.
    #expect(Set(run.column("test")) == ["fisher", "permutation"])
    #expect(run.column("p_value").allSatisfy { Double($0) != nil })
  }

  @Test func `pairs come from the command line or a file, with bootstrap intervals if asked`()
    throws
  {
    let run = try workspace.run("compare", synthetic, "--pairs", pairs)
    #expect(run.exitCode == 0 && run.column("a").count == 6, "\(run.errors)")
    #expect(Set(run.column("interval")) == ["tango"])
    #expect(Set(run.column("basis")) == ["joint"])
    let own = try workspace.run("compare", synthetic, "--pairs", pairs, "--basis", "own")
    #expect(Set(own.column("basis")) == ["own"])
    #expect(own.column("other_basis") == run.column("estimate"))
    let resampled = try workspace.run(
      "compare", synthetic, "--pair", "code_released", "data_released", "--interval", "percentile",
      "--replicates", "199", "--format", "text")
    #expect(
      resampled.output.contains(
        "\nartifacts.code_released 56.5%, artifacts.data_released 52.9%: difference 3.6 ("),
      "\(resampled.output)")
  }

  @Test(
    arguments: [
      ([], "name the groups"), (["--by", "version", "--table", "rates"], "needs --standardize"),
      (["--by", "version", "--standardize", "yaer"], "called 'yaer'"),
      (
        ["--pair", "code_released", "nothing"], "no variable, item or category is called 'nothing'"
      ),
      (["--pair", "code_released", "data_released", "--by", "version"], "not groups of --by"),
      (["--by", "version", "--against", "reference"], "needs --reference"),
      (["--by", "version", "--basis", "own"], "is of --pair"),
      (["--pair", "code_released", "data_released", "--test", "fisher"], "is of groups"),
      (["--by", "version", "--table", "homogeneity", "--interval", "basic"], "is of differences"),
      (["--by", "version", "--standardization", "direct"], "needs --standardize"),
      (["--by", "version", "--standardize", "year", "--mix", "model"], "as observed"),
      (
        ["--by", "version", "--standardize", "year", "--table", "rates", "--rows", "overall"],
        "are items here"
      ),
      (
        [
          "--by", "version", "--standardize", "year", "--table", "rates", "--standardization",
          "weighting",
        ], "is of differences"
      ),
      (["--by", "version", "--test", "fisher", "--cluster", "venue"], "drawn alike"),
      (["--by", "version", "--part", "p", "--replicate-range", "1/2"], "draws no replicates"),
      (["--pair", "a", "b", "c"], "with --table homogeneity it takes any number"),
      (["--pair", "code_released", "data_released", "--adjust", "westfall-young"], "of groups"),
      (["--by", "version", "--interval", "bonett-price"], "is of --pair"),
      (["--on", "year", "--by", "version"], "plays no part with --on"),
      (["--on", "nothing"], "no variable"),
      (["--pair", "artifacts.*", "--table", "homogeneity", "--basis", "own"], "is joint"),
      (["--by", "version", "--adjust", "foo"], "westfall-young"),
    ])
  func `what makes no sense gives 64 and a remedy`(options: [String], remedy: String) throws {
    let run = try workspace.run(["compare", synthetic] + options)
    #expect(run.exitCode == 64)
    #expect(run.errors.contains(remedy), "\(run.errors)")
  }

  /// A small matrix of 60 papers, with columns for every way to sample.
  private func matrix(_ extra: String = "", _ values: (Int) -> String = { _ in "" }) throws
    -> String
  {
    let rows = (0..<60).map { paper -> String in
      let answers = (0..<3).map { item -> String in
        (paper * 7 + item * 11) % 13 == 0 ? "NA" : (paper * 5 + item * 3) % 7 < 3 ? "1" : "0"
      }
      return
        "p\(extra == "version" ? paper / 2 : paper),\(paper % 20 < 9 ? "a" : "b"),\(2018 + paper % 3),"
        + "v\(paper % 12)" + (extra.isEmpty ? "" : "," + values(paper)) + ","
        + answers.joined(separator: ",")
    }
    return try workspace.write(
      "paper,type,year,venue" + (extra.isEmpty ? "" : "," + extra) + ",x.a,x.b,y.c\n"
        + rows.joined(separator: "\n") + "\n", to: "matrix\(extra).csv")
  }

  /// Tables of compare, each with each way to sample papers.
  static let questions = [
    ["--by", "type"], ["--by", "type", "--permutations", "99"],
    ["--by", "type", "--test", "fisher"], ["--by", "type", "--interval", "newcombe"],
    ["--by", "type", "--interval", "percentile", "--replicates", "99"],
    ["--by", "type", "--table", "homogeneity"], ["--by", "type", "--within", "year"],
    ["--by", "type", "--standardize", "year"],
    ["--by", "type", "--standardize", "year", "--interval", "percentile", "--replicates", "99"],
    ["--by", "type", "--standardize", "year", "--table", "rates"], ["--pair", "x.a", "y.c"],
    ["--pair", "x.a", "y.c", "x.b", "--table", "homogeneity"], ["--on", "year"],
    ["--by", "type", "--adjust", "westfall-young", "--rows", "item"],
    ["--pair", "x.a", "y.c", "--interval", "bonett-price"],
    ["--pair", "x.a", "y.c", "--basis", "own"],
    ["--pair", "x.a", "y.c", "--interval", "percentile", "--replicates", "99"],
  ]

  @Test(arguments: questions, ["weight", "cluster", "stratify", "version"])
  func `each way to sample is honoured, refused with a reason, or noted`(
    question: [String], feature: String
  ) throws {
    let plain = try workspace.run(["compare", try matrix()] + question)
    #expect(plain.exitCode == 0, "\(plain.errors)")
    let input: String
    var options: [String] = []
    switch feature {
    case "weight": input = try matrix("weight") { "\(1 + $0 % 4)" }
    case "version": input = try matrix("version") { "\(2 + $0 % 2)" }
    default:
      input = try matrix()
      options = ["--\(feature)", "venue"]
    }
    if feature == "version" { options = ["--instrument", "all"] }
    let run = try workspace.run(["compare", input] + question + options)
    if run.exitCode == 64 {
      #expect(!run.errors.isEmpty)
      return
    }
    #expect(run.exitCode == 0, "\(run.errors)")
    let isNoted =
      run.column("note").allSatisfy { $0.contains("not-used") }
      || run.errors.contains("know nothing of")
    #expect(isNoted || run.output != plain.output, "\(question) \(feature)")
  }

  @Test func `parts of a split run join into what one run gives`() throws {
    let input = try matrix()
    for question in [
      ["--by", "type"], ["--pair", "x.a", "y.c"], ["--by", "type", "--standardize", "year"],
    ] {
      let command =
        ["compare", input] + question + ["--interval", "percentile", "--replicates", "99"]
      let whole = try workspace.run(command)
      for share in [1, 2] {
        let part = try workspace.run(
          command + ["--replicate-range", "\(share)/2", "--part", "\(share).part"])
        #expect(part.exitCode == 0, "\(part.errors)")
      }
      let joined = try workspace.run("merge", "2.part", "1.part")
      #expect(joined.output == whole.output && whole.exitCode == 0, "\(joined.errors)")
    }
  }

  @Test func `groups that were asked other items do not differ for that`() throws {
    let rows = (0..<200).map { paper -> String in
      let hard = paper % 2 == 0 ? "" : paper / 2 % 10 == 0 ? "1" : "0"
      return "p\(paper),\(paper % 2 == 0 ? "survey" : "bench"),\(paper / 2 % 5 < 3 ? 1 : 0),\(hard)"
    }
    let input = try workspace.write(
      "paper,tags,base.i,mod.hard\n" + rows.joined(separator: "\n") + "\n", to: "itemmix.csv")
    let run = try workspace.run("compare", input, "--by", "tags", "--rows", "overall")
    #expect(abs(Double(run.column("estimate")[0]) ?? 1) < 1e-9)
    #expect(abs((Double(run.column("crude")[0]) ?? 0) + 0.25) < 0.03)
    #expect(run.column("mix") == ["common"] && run.column("n_items") == ["1"])
    let crude = try workspace.run(
      "compare", input, "--by", "tags", "--rows", "overall", "--mix", "crude")
    #expect(crude.column("estimate") == run.column("crude"))
  }

  @Test func `degenerate groups have limits and reasons`() throws {
    let ratio = try workspace.write(
      "paper,group,a\np1,x,1\np2,y,1\np3,y,1\np4,z,0\n", to: "ratio.csv")
    let run = try workspace.run("compare", ratio, "--by", "group", "--rows", "item")
    #expect(abs((Double(run.column("risk_low")[0]) ?? 0) - 0.148) < 5e-4)
    #expect(abs((Double(run.column("risk_high")[0]) ?? 0) - 3.881) < 5e-4)
    #expect(run.column("p_value")[0] == "1" && run.column("std_error")[0] == "NA")
    let constant = try workspace.write(
      "paper,type,a.x,a.y\n"
        + (0..<11).map { "p\($0),\($0 < 5 ? "A,1,1" : "B,0,0")\n" }.joined(), to: "constant.csv")
    let resampled = try workspace.run(
      "compare", constant, "--by", "type", "--rows", "overall", "--interval", "percentile",
      "--replicates", "99")
    #expect(resampled.column("estimate") == ["1"])
    let note = resampled.column("note")[0]
    #expect(note.contains("constant-within-groups") && note.contains("all-replicates-equal"))
    #expect(!note.contains("undefined") && !note.contains("constant-item"))
  }

  @Test func `many small groups count together`() throws {
    let rows = (0..<60).map { "p\($0),v\($0 < 40 ? $0 % 2 : $0),\($0 % 3 == 0 ? 1 : 0)\n" }
    let input = try workspace.write("paper,venue,a.x\n" + rows.joined(), to: "venues.csv")
    let run = try workspace.run("compare", input, "--by", "venue", "--rows", "item")
    #expect(run.column("term").count == 3 && run.column("reference").contains("v1"))
    #expect(run.errors.contains("count together as 'other'"))
    let apart = try workspace.run(
      "compare", input, "--by", "venue", "--rows", "item", "--fewest", "1")
    #expect(apart.column("term").count == 22 * 21 / 2)
  }

  @Test func `the report's pairs are those of compare`() throws {
    let report = try workspace.run(
      "report", synthetic, "-o", "report", "--figures", "none", "--only", "pairs", "--replicates",
      "99", "--pairs", pairs)
    #expect(report.exitCode == 0, "\(report.errors)")
    let table = Workspace.Run(
      exitCode: 0, output: try workspace.read("report/tables/pairs.csv"), errors: "")
    let run = try workspace.run("compare", synthetic, "--pairs", pairs, "--basis", "own")
    for name in ["basis", "estimate", "conf_low", "conf_high", "p_value", "other_basis"] {
      #expect(table.column(name) == run.column(name) && !run.column(name).isEmpty, "\(name)")
    }
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
