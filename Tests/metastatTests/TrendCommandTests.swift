import Foundation
import Testing

/// What `trend` says of awkward data, each an input that once misled.
@Suite struct TrendCommandTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func numbers(_ run: Workspace.Run, _ column: String) -> [Double] {
    run.column(column).map { Double($0) ?? .nan }
  }

  /// An item asked throughout that does not change, and a hard one of the first instrument only.
  private func mixed() throws -> String {
    var text = "paper,year,version,a.easy,a.hard\n"
    for paper in 0..<200 {
      let year = 2022 + paper % 5
      let easy = paper / 5 % 10 < 8 ? 1 : 0
      let hard = year < 2025 ? (paper / 5 % 10 < 3 ? "1" : "0") : ""
      text += "p\(paper),\(year),\(year < 2025 ? 2 : 5),\(easy),\(hard)\n"
    }
    return try workspace.write(text, to: "mixed.csv")
  }

  @Test func `other items over the years make no change, and the crude one stands beside`() throws {
    let path = try mixed()
    let common = try workspace.run("trend", path, "--rows", "overall")
    #expect(numbers(common, "estimate") == [0] && common.column("mix") == ["common"])
    #expect(common.column("n_items") == ["1"])
    #expect(common.column("note") == ["items-compared: 1 of 2"])
    #expect(numbers(common, "crude")[0] > 0.2 && numbers(common, "crude_low")[0] > 0)
    let crude = try workspace.run("trend", path, "--rows", "overall", "--mix", "crude")
    #expect(crude.column("estimate") == common.column("crude"))
    #expect(crude.column("crude") == ["NA"])
    let model = try workspace.run("trend", path, "--rows", "overall", "--mix", "model")
    #expect(abs(numbers(model, "odds_ratio")[0] - 1) < 1e-6)
    #expect(numbers(model, "odds_low")[0] < 1 && numbers(model, "odds_high")[0] > 1)
    let disjoint = try workspace.run("trend", path, "--rows", "overall", "--item", "a.hard")
    #expect(disjoint.exitCode == 0, "asked in all of the years that there are")
  }

  @Test func `without an item in common there is no change, and the reason`() throws {
    var text = "paper,year,a.old,a.new\n"
    for paper in 0..<40 {
      let isOld = paper % 4 < 2
      text += "p\(paper),\(2020 + paper % 4),\(isOld ? "\(paper % 3 % 2)" : ""),"
      text += "\(isOld ? "" : "\(paper % 5 % 2)")\n"
    }
    let path = try workspace.write(text, to: "disjoint.csv")
    let run = try workspace.run("trend", path, "--rows", "item", "overall")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.column("estimate")[2] == "NA" && run.column("note")[2] == "no-common-item")
    #expect(Double(run.column("crude")[2]) != nil)
    let model = try workspace.run("trend", path, "--rows", "overall", "--mix", "model")
    #expect(Double(model.column("estimate")[0]) != nil, "each item tells of its own years")
  }

  @Test func `one cluster has no limits in any row, and says so`() throws {
    var text = "paper,cluster,year,a.x,a.y\n"
    for paper in 0..<30 {
      text += "p\(paper),one,\(2015 + paper % 6),\(paper * 7 % 5 % 2),\(paper % 3 == 0 ? 1 : 0)\n"
    }
    let path = try workspace.write(text, to: "one.csv")
    let trend = try workspace.run(
      "trend", path, "--cluster", "cluster", "--rows", "item", "overall")
    for column in ["conf_low", "conf_high", "p_value", "odds_low", "std_error", "test"] {
      #expect(Set(trend.column(column)) == ["NA"], "\(column)")
    }
    #expect(trend.column("note") == ["one-cluster", "one-cluster", "one-cluster"])
    for table in ["coefficients", "tests", "effects", "predictions"] {
      let logit = try workspace.run(
        "logit", path, "--outcome", "x", "--on", "year", "--cluster", "cluster", "--table", table)
      #expect(logit.exitCode == 0, "\(logit.errors)")
      for column in ["conf_low", "p_value", "std_error"] where logit.rows[0].contains(column) {
        #expect(Set(logit.column(column)) == ["NA"], "\(table) \(column)")
      }
      #expect(logit.column("note").allSatisfy { $0.contains("one-cluster") }, "\(table)")
      #expect(!logit.column("method").contains { $0.contains("Wald") && table == "coefficients" })
    }
  }

  @Test func `a column with decimal commas is refused with what reads it`() throws {
    var text = "paper,dose,a.x\n"
    for paper in 0..<24 {
      let dose = ["\"0,5\"", "1", "\"1,5\"", "2"][paper % 4]
      text += "p\(paper),\(dose),\(paper / 4 % 2)\n"
    }
    let path = try workspace.write(text, to: "dose.csv")
    let run = try workspace.run(
      "trend", path, "--on", "dose", "--metadata", "dose", "--rows", "item")
    #expect(run.exitCode == 65 && run.errors.contains("'0,5'"), "\(run.errors)")
    #expect(run.errors.contains("--decimal ,"))
  }

  @Test func `limits and p-values of a row agree, whatever the options`() throws {
    var text = "paper,year,venue,weight,a.rare,a.usual,b.most\n"
    for paper in 0..<80 {
      let mixed = paper * 37 % 80
      text +=
        "p\(paper),\(2017 + paper % 8),v\(paper / 9),\(1 + paper % 4),\(mixed < 4 ? 1 : 0),"
        + "\(mixed + 4 * (paper % 8) > 50 ? 1 : 0),\(mixed % 11 == 0 ? 0 : 1)\n"
    }
    let path = try workspace.write(text, to: "agree.csv")
    let options: [[String]] = [
      ["--unweighted"], [], ["--cluster", "venue"], ["--unweighted", "--cluster", "venue"],
      ["--mix", "model"], ["--mix", "crude"], ["--se", "HC1", "--unweighted"], ["--level", "0.8"],
      ["--interval", "percentile", "--replicates", "499"],
      ["--interval", "basic", "--replicates", "499", "--cluster", "venue"],
      ["--interval", "normal", "--replicates", "499"],
    ]
    for option in options {
      let run = try workspace.run(
        ["trend", path, "--rows", "item", "category", "overall"] + option)
      #expect(run.exitCode == 0, "\(run.errors)")
      let alpha = option.contains("0.8") ? 0.2 : 0.05
      for row in numbers(run, "estimate").indices {
        let (low, high) = (numbers(run, "conf_low")[row], numbers(run, "conf_high")[row])
        guard low.isFinite, high.isFinite else {
          #expect(run.column("note")[row] != "NA", "\(option) \(row)")
          continue
        }
        let isClear = low > 0 || high < 0
        #expect(isClear == (numbers(run, "p_value")[row] < alpha), "\(option) \(row)")
        #expect(low >= -1 && high <= 1, "\(option) \(row)")
        let odds = (numbers(run, "odds_low")[row], numbers(run, "odds_high")[row])
        if odds.0.isFinite, odds.1.isFinite, !option.contains("--interval") {
          #expect(isClear == (odds.0 > 1 || odds.1 < 1), "\(option) \(row)")
        }
      }
    }
  }

  @Test func `a split run of trends and fits is the run in one go`() throws {
    let path = try mixed()
    for command in [
      ["trend", path, "--interval", "percentile"],
      ["logit", path, "--outcome", "a.easy", "--on", "year", "--interval", "percentile"],
    ] {
      let options = command + ["--replicates", "199", "--seed", "5"]
      let whole = try workspace.run(options)
      for part in 1...2 {
        let run = try workspace.run(
          options + [
            "-o", workspace.path("joined.csv"), "--replicate-range", "\(part)/2", "--part",
            workspace.path("\(part).part"),
          ])
        #expect(run.exitCode == 0, "\(run.errors)")
      }
      let merged = try workspace.run(
        "merge", workspace.path("2.part"), workspace.path("1.part"))
      #expect(merged.exitCode == 0, "\(merged.errors)")
      #expect(try workspace.read("joined.csv") == whole.output)
    }
  }

  @Test func `weights that weigh nothing are refused, as in rates`() throws {
    let path = try workspace.write(
      "paper,weight,year,a.x\np1,0,2020,1\np2,0,2021,0\np3,0,2022,1\np4,0,2023,0\n", to: "zero.csv")
    for command in [
      ["logit", path, "--outcome", "x", "--on", "1"],
      ["logit", path, "--model", "gee", "--on", "year"],
      ["logit", path, "--model", "mixed", "--on", "year"],
      ["logit", path, "--outcome", "x", "--on", "year", "--penalty", "ridge", "--folds", "2"],
      ["logit", path, "--outcome", "x", "--on", "1", "--interval", "percentile"],
      ["trend", path],
    ] {
      let run = try workspace.run(command)
      #expect(run.exitCode == 70, "\(command) \(run.errors)")
    }
    for weight in ["-1", "inf", "x"] {
      let bad = try workspace.write(
        "paper,weight,year,a.x\np1,1,2020,1\np2,\(weight),2021,0\np3,1,2022,1\n", to: "bad.csv")
      for command in [["logit", bad, "--outcome", "x", "--on", "1"], ["trend", bad]] {
        let run = try workspace.run(command)
        #expect(run.exitCode == 65 && run.errors.contains("line 3"), "\(run.errors)")
      }
    }
  }

  @Test func `separation names the term that separates`() throws {
    var text = "paper,year,type,a.x,a.sep\n"
    for paper in 0..<40 {
      text +=
        "p\(paper),\(2010 + paper % 9),\(["A", "B"][paper * 3 % 7 % 2]),\(paper * 7 % 5 % 2),"
        + "\(paper % 9 > 4 ? 1 : 0)\n"
    }
    let path = try workspace.write(text, to: "separated.csv")
    let run = try workspace.run("logit", path, "--outcome", "sep", "--on", "year + type + a.x")
    #expect(run.column("note")[0].contains("separated by year (+);"), "\(run.column("note")[0])")
    let refused = try workspace.run(
      "logit", path, "--outcome", "sep", "--on", "year + type + a.x", "--estimation", "ml")
    #expect(refused.errors.contains("separated by year:"), "\(refused.errors)")
  }

  @Test func `the report says what the command says, cell by cell`() throws {
    #expect(
      try workspace.run("simulate", "--papers", "120", "--seed", "4", "-o", "corpus.csv").exitCode
        == 0)
    let report = try workspace.run(
      "report", "corpus.csv", "--figures", "none", "--replicates", "99", "--only", "trends", "-o",
      "report")
    #expect(report.exitCode == 0, "\(report.errors)")
    let trend = try workspace.run(
      "trend", "corpus.csv", "--rows", "item", "category", "overall", "--adjust", "holm")
    let table = Workspace.Run(
      exitCode: 0, output: try workspace.read("report/tables/trends.csv"), errors: "")
    for column in trend.rows[0] {
      #expect(table.column(column) == trend.column(column), "\(column)")
    }
  }

  /// Each feature of a sample changes a number, is noted in every row, or is refused.
  @Test(
    arguments: [
      ["trend"], ["trend", "--mix", "model"], ["trend", "--interval", "percentile"],
      ["logit", "--outcome", "x", "--on", "year"],
      ["logit", "--outcome", "x", "--on", "year", "--table", "effects"],
      ["logit", "--outcome", "x", "--on", "year", "--table", "tests"],
      ["logit", "--outcome", "x", "--on", "year", "--interval", "percentile"],
      ["logit", "--outcome", "x", "--on", "year", "--penalty", "ridge", "--table", "path"],
      ["logit", "--model", "gee", "--on", "year"], ["logit", "--model", "mixed", "--on", "year"],
    ])
  func `a feature of the sample is honoured, refused or noted`(command: [String]) throws {
    func corpus(_ name: String, weights: Bool = false, versions: Bool = false) throws -> String {
      var text = "paper,year,version,venue,\(weights ? "weight," : "")a.x,a.y\n"
      for paper in 0..<48 {
        let slug = versions ? paper / 2 : paper
        text +=
          "p\(slug),\(2016 + (versions ? paper / 2 : paper) % 7),\(versions ? 2 + paper % 2 : 2),"
          + "v\(paper / 6),\(weights ? "\(1 + paper % 3)," : "")"
          + "\(paper * 11 % 7 < 3 + paper % 7 / 3 ? 1 : 0),\(paper * 5 % 9 < 4 ? 1 : 0)\n"
      }
      return try workspace.write(text, to: name)
    }
    let draws = command.contains("percentile") ? ["--replicates", "199"] : []
    func run(_ path: String, _ more: [String]) throws -> Workspace.Run {
      try workspace.run([command[0], path] + command.dropFirst() + draws + more)
    }
    func check(_ feature: String, _ with: Workspace.Run, _ without: Workspace.Run) {
      #expect(without.exitCode == 0, "\(feature) \(without.errors)")
      if with.exitCode == 64 {
        #expect(with.errors.contains(feature) || with.errors.contains("--"), "\(feature)")
        return
      }
      #expect(with.exitCode == 0, "\(feature) \(with.errors)")
      let isNoted = with.column("note").allSatisfy { $0.contains("\(feature)-not-used") }
      #expect(with.output != without.output || isNoted, "\(command) \(feature)")
    }
    let weighted = try corpus("weighted.csv", weights: true)
    check("weights", try run(weighted, []), try run(weighted, ["--unweighted"]))
    let plain = try corpus("plain.csv")
    check("clusters", try run(plain, ["--cluster", "venue"]), try run(plain, []))
    check("strata", try run(plain, ["--stratify", "venue"]), try run(plain, []))
    let versions = try corpus("versions.csv", versions: true)
    check(
      "repeated-papers", try run(versions, ["--instrument", "all"]), try run(plain, []))
  }
}
