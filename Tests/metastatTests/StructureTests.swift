import Foundation
import Testing

/// `correlate`, `pca`, `factor`, `irt` and `scores --composite irt` as a user meets them.
@Suite struct StructureTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// Sixty papers and six items that go together, from a fixed recurrence.
  private static func plain(papers: Int = 60, items: Int = 6) -> [[String]] {
    var state = 1
    func uniform() -> Double {
      state = (state &* 1_103_515_245 &+ 12_345) % 2_147_483_648
      return Double(state) / 2_147_483_648
    }
    return (0..<papers).map { _ in
      let ability = uniform()
      return (0..<items).map { _ in uniform() < 0.15 + (ability > 0.5 ? 0.7 : 0) ? "1" : "0" }
    }
  }

  private func matrix(_ rows: [[String]]) throws -> String {
    var text = "paper," + (1...(rows.first?.count ?? 1)).map { "i\($0)" }.joined(separator: ",")
    for (index, row) in rows.enumerated() {
      text += "\np\(index + 1)," + row.joined(separator: ",")
    }
    return try workspace.write(text + "\n", to: "matrix.csv")
  }

  private func run(_ command: String, _ rows: [[String]], _ more: String...) throws -> Workspace.Run
  {
    var arguments = [command, try matrix(rows)] + more
    if command == "pca" { arguments += ["--parallel-replicates", "20"] }
    if command == "pca" || command == "factor", !more.contains("--bootstrap-replicates") {
      arguments += ["--bootstrap-replicates", "39"]
    }
    return try workspace.run(arguments)
  }

  /// The rows of a table as dictionaries by column.
  private func records(_ run: Workspace.Run) -> [[String: String]] {
    guard let header = run.rows.first else { return [] }
    return run.rows.dropFirst().map { row in
      Dictionary(zip(header, row), uniquingKeysWith: { first, _ in first })
    }
  }

  private func value(_ run: Workspace.Run, _ term: String, _ column: String = "estimate") -> Double?
  {
    records(run).first { $0["term"] == term }.flatMap { $0[column] }.flatMap(Double.init)
  }

  @Test(arguments: ["correlate", "pca", "factor", "irt"])
  func `a constant item is named`(command: String) throws {
    let run = try run(command, Self.plain().map { $0 + ["1"] })
    #expect(run.exitCode == 0)
    #expect((run.output + run.errors).contains("constant-item"))
    if command != "correlate" { #expect(run.errors.contains("1 left out (constant-item): i7")) }
  }

  @Test(arguments: ["correlate", "pca", "factor", "irt"], [false, true])
  func `an item that copies or opposes another is named`(command: String, opposes: Bool) throws {
    let run = try run(
      command,
      Self.plain().map { row in row + [opposes ? (row[0] == "1" ? "0" : "1") : row[0]] })
    #expect(run.exitCode == 0)
    switch command {
    case "correlate":
      let pair = records(run).first { $0["a"] == "i1" && $0["b"] == "i7" }
      #expect(pair?["note"] == "boundary-correlation")
      #expect(pair?["estimate"] == (opposes ? "-1" : "1") && pair?["conf_low"] == "NA")
    case "irt":
      #expect(run.output.contains("discrimination-at-bound"))
      let copy = records(run).first { $0["term"] == "i7" }
      #expect(copy?["discrimination_std_error"] == "NA")
    default: #expect(run.errors.contains("1 left out (boundary-correlation): i7"))
    }
  }

  @Test(arguments: [
    ("keep-margins", "zero-cell-adjusted"), ("half", "zero-cell-adjusted"),
    ("none", "boundary-correlation"),
  ])
  func `one empty cell is filled as asked`(policy: String, note: String) throws {
    let rows = [["1", "1"], ["0", "0"], ["1", "0"]].flatMap { Array(repeating: $0, count: 10) }
    let run = try run(
      "correlate", rows, "--coefficient", "tetrachoric", "--zero-cells", policy)
    #expect(records(run).first?["note"] == note)
    #expect(records(run).first?["n01"] == "0")
  }

  @Test(arguments: ["keep-margins", "half", "none"])
  func `two empty cells are at the boundary`(policy: String) throws {
    let rows = [["1", "1"], ["0", "0"]].flatMap { Array(repeating: $0, count: 10) }
    for coefficient in ["tetrachoric", "phi", "yule-q"] {
      let run = try run(
        "correlate", rows, "--coefficient", coefficient, "--zero-cells", policy)
      #expect(records(run).first?["note"] == "boundary-correlation")
    }
  }

  @Test func `three papers are too few unless asked`() throws {
    let rows = [["1", "0", "1"], ["0", "1", "1"], ["1", "1", "0"]]
    let few = try run("correlate", rows)
    #expect(few.exitCode == 70 && few.errors.contains("3 below-minimum-n"))
    for command in ["pca", "factor"] {
      let run = try run(command, rows)
      #expect(run.exitCode == 70 && run.errors.contains("needs two items"))
    }
    #expect(try run("correlate", rows, "--min-n", "2").exitCode == 0)
    let components = try run("pca", rows, "--min-n", "2")
    #expect(components.exitCode == 0 && components.errors.contains("repaired"))
    #expect(components.errors.contains("no intervals"))
    let response = try run("irt", rows)
    #expect(response.exitCode == 0)
    #expect(records(response).count == 3 && records(response).allSatisfy { $0["note"] != "NA" })
  }

  @Test func `more items than papers give what can be had`() throws {
    let rows = Self.plain(papers: 14, items: 20)
    let components = try run("pca", rows)
    #expect(components.exitCode == 0 && components.output.contains("held-by-repair"))
    let factors = try run("factor", rows, "--factors", "1", "--table", "fit")
    #expect(factors.exitCode == 0)
    #expect(records(factors).first?["note"] == "repaired-matrix")
    let likelihood = try run(
      "factor", rows, "--factors", "1", "--extraction", "maximum-likelihood")
    #expect(likelihood.exitCode == 70 && likelihood.errors.contains("--repair shrinkage"))
    #expect(try run("irt", rows, "--model", "1pl").exitCode == 0)
  }

  @Test(arguments: ["correlate", "pca", "factor", "irt"])
  func `a pair that no paper answers is named`(command: String) throws {
    let rows = Self.plain(items: 8).enumerated().map { index, row in
      Array(row.prefix(6)) + (index % 2 == 0 ? [row[6], "NA"] : ["NA", row[7]])
    }
    let run = try run(command, rows)
    #expect(run.exitCode == 0)
    switch command {
    case "correlate":
      let pair = records(run).first { $0["a"] == "i7" && $0["b"] == "i8" }
      #expect(pair?["note"] == "never-jointly-applicable" && pair?["estimate"] == "NA")
    case "irt": #expect(records(run).count == 8)
    default: #expect(run.errors.contains("1 left out (never-jointly-applicable): i8"))
    }
  }

  /// Two items that agree with a third and disagree with each other, never asked together.
  private var contradictory: [[String]] {
    (0..<120).map { index in
      let first = index % 2 == 0 ? "1" : "0"
      let second = (index % 10 >= 8) == (index % 2 == 0) ? "0" : "1"
      switch index / 40 {
      case 0: return [first, second, "NA"]
      case 1: return ["NA", first, second]
      default: return [first, "NA", second == "1" ? "0" : "1"]
      }
    }
  }

  @Test(arguments: ["nearest", "smoothing", "shrinkage"])
  func `a negative eigenvalue is repaired, and said`(repair: String) throws {
    for command in ["pca", "factor"] {
      let run = try run(command, contradictory, "--repair", repair)
      #expect(run.exitCode == 0)
      #expect(run.errors.contains("repaired by \(repair): smallest eigenvalue -0.2"))
    }
    let partial = try run("correlate", contradictory, "--table", "partial", "--repair", repair)
    let adequacy = try run("factor", contradictory, "--table", "adequacy", "--repair", repair)
    // Smoothing leaves a matrix that is too close to singular to be inverted.
    guard repair != "smoothing" else {
      for run in [partial, adequacy] {
        #expect(run.exitCode == 70 && run.errors.contains("not positive definite"))
      }
      return
    }
    #expect(records(partial).count == 3)
    #expect(
      records(partial).allSatisfy { $0["note"] == "repaired-matrix" && $0["p_value"] == "NA" })
    #expect(adequacy.output.contains("bartlett_chi_square,NA,3,NA"))
  }

  @Test(arguments: ["minres", "principal-axis", "maximum-likelihood"])
  func `a Heywood case is named`(extraction: String) throws {
    let counts = [
      ("111", 30), ("000", 30), ("110", 10), ("010", 10), ("101", 10), ("001", 10),
    ]
    let rows = counts.flatMap { Array(repeating: $0.0.map(String.init), count: $0.1) }
    let run = try run("factor", rows, "--factors", "1", "--extraction", extraction)
    #expect(run.exitCode == 0)
    #expect(run.errors.contains("i1 is a Heywood case"))
    #expect(records(run).first { $0["term"] == "i1" }?["note"] == "heywood")
  }

  @Test func `a search that does not converge says so`() throws {
    let factor = try run("factor", Self.plain(), "--factors", "1", "--max-iterations", "1")
    #expect(factor.exitCode == 70 && factor.errors.contains("did not converge in 1 steps"))
    let response = try run("irt", Self.plain(), "--max-iterations", "1")
    #expect(response.exitCode == 70 && response.errors.contains("did not converge"))
  }

  @Test(arguments: [
    ["pca", "--coefficient", "lift"], ["pca", "--coefficient", "conditional"],
    ["factor", "--coefficient", "odds-ratio"], ["factor", "--coefficient", "jaccard"],
    ["correlate", "--coefficient", "conditional", "--table", "partial"],
    ["correlate", "--coefficient", "lift", "--table", "clusters"],
    ["factor", "--rotation", "target"], ["factor", "--interval", "feldt"],
    ["factor", "--starts", "-1"], ["pca", "--cut", "-1"], ["irt", "--max-iterations", "0"],
  ])
  func `what makes no sense is a usage error`(arguments: [String]) throws {
    let run = try workspace.run(
      [arguments[0], try matrix(Self.plain())] + arguments.dropFirst())
    #expect(run.exitCode == 64 && run.output.isEmpty)
  }

  @Test(arguments: [
    ["pca", "--table", "loadings"], ["factor", "--table", "communalities"],
    ["factor", "--table", "reliability"], ["correlate", "--interval", "percentile"],
    ["factor", "--table", "reliability", "--coefficient", "tetrachoric"],
  ])
  func `the number of jobs changes nothing, the seed does`(arguments: [String]) throws {
    let path = try matrix(Self.plain())
    let outputs = try [["-j", "1"], ["-j", "2"], ["--seed", "2"]].map { more -> String in
      var all = [arguments[0], path, "--replicates", "39"] + more
      all += arguments.dropFirst()
      return try workspace.run(all).output
    }
    #expect(!outputs[0].isEmpty && outputs[0] == outputs[1] && outputs[0] != outputs[2])
  }

  @Test func `pairs of items say by which test, and how near phi is to its bound`() throws {
    let rows = [["1", "1"], ["0", "0"], ["1", "0"]].flatMap { Array(repeating: $0, count: 10) }
    let pair = try #require(records(try run("correlate", rows)).first)
    // Every paper that passes the second passes the first: no margins allow more.
    #expect(pair["estimate"] == "0.5" && pair["phi_over_max"] == "1")
    #expect(pair["test"] == "fisher")
    let larger = try run("correlate", rows + rows)
    #expect(records(larger).first?["test"] == "chi-square")
  }

  @Test func `a coefficient that is not symmetric has both directions in the wide table`() throws {
    let run = try run("correlate", Self.plain(), "--coefficient", "conditional", "--wide")
    #expect(run.exitCode == 0)
    #expect(value(run, "i1", "i2") != value(run, "i2", "i1"))
    #expect(run.rows.first == ["term", "i1", "i2", "i3", "i4", "i5", "i6"])
  }

  @Test func `eigenvalues, proportions and loadings have intervals`() throws {
    let eigenvalues = try run("pca", Self.plain())
    let first = try #require(records(eigenvalues).first)
    for (target, low, high) in [
      ("eigenvalue", "conf_low", "conf_high"), ("proportion", "proportion_low", "proportion_high"),
      ("cumulative", "cumulative_low", "cumulative_high"),
    ] {
      let estimate = try #require(first[target].flatMap(Double.init))
      let lower = try #require(first[low].flatMap(Double.init))
      let upper = try #require(first[high].flatMap(Double.init))
      #expect(lower < estimate && estimate < upper)
    }
    for command in ["pca", "factor"] {
      let loadings = try run(command, Self.plain(), "--table", "loadings")
      #expect(records(loadings).allSatisfy { Double($0["conf_low"] ?? "") != nil })
    }
  }

  @Test func `text leaves small loadings blank and CSV has them all`() throws {
    let arguments = ["--factors", "2", "--cut", "0.5"]
    let path = try matrix(Self.plain())
    let text = try workspace.run(["factor", path, "--format", "text"] + arguments)
    #expect(text.output.contains("Loadings below 0.5 in size are left blank"))
    #expect(text.output.contains("F2") && text.output.contains("complexity"))
    #expect(records(try workspace.run(["factor", path] + arguments)).count == 12)
    let all = try workspace.run(["factor", path, "--format", "text", "--all-columns"] + arguments)
    #expect(all.output.contains("structure"))
  }

  /// psych's tetrachoric correlations stop at 3e-5.
  @Test func `ordinal reliability agrees with psych from file to table`() throws {
    let golden = Workspace.repository.appending(path: "Tests/SurveyStatsTests/Golden/factors")
    let lines = try String(contentsOf: golden.appending(path: "lsat7.csv"), encoding: .utf8)
      .split(separator: "\n").filter { !$0.hasPrefix("#") }.dropFirst()
    let table = try run(
      "factor", lines.map { $0.split(separator: ",").map(String.init) }, "--table", "reliability",
      "--coefficient", "tetrachoric")
    let reference = try String(
      contentsOf: golden.appending(path: "ordinal_reliability.csv"), encoding: .utf8)
    let rows = CSVText.rows(reference).filter { $0[0] == "lsat7" }
    #expect(rows.count == 8)
    for row in rows {
      let expected = try #require(Double(row[4]))
      #expect(abs(try #require(value(table, row[1])) - expected) < 1e-4, "\(row[1])")
    }
    let alpha = try #require(records(table).first)
    #expect(alpha["interval"] == "percentile")
    #expect((Double(alpha["conf_low"] ?? "") ?? 1) < (Double(alpha["conf_high"] ?? "") ?? 0))
  }

  @Test func `alpha has Feldt's and bootstrap intervals`() throws {
    let bootstrap = try run("factor", Self.plain(), "--table", "reliability")
    let feldt = try run("factor", Self.plain(), "--table", "reliability", "--interval", "feldt")
    let none = try run(
      "factor", Self.plain(), "--table", "reliability", "--bootstrap-replicates", "0")
    #expect(records(bootstrap).first?["interval"] == "percentile")
    #expect(records(feldt).first?["interval"] == "feldt")
    #expect(feldt.output == none.output)
    for term in ["lambda_1", "lambda_6", "split_half_median", "omega_total", "omega_hierarchical"] {
      #expect(value(bootstrap, term) != nil, "\(term)")
    }
  }

  @Test func `dimensions are tested and rotated towards`() throws {
    let dimensions = try workspace.write(
      """
      {"dimensions": [{"name": "A", "categories": ["i1", "i2", "i3"]},
        {"name": "B", "categories": ["i4", "i5", "i6"]}]}
      """, to: "dimensions.json")
    let test = try run("factor", Self.plain(), "--table", "dimensions", "--dimensions", dimensions)
    #expect(records(test).map { $0["term"] } == ["A", "B", "mean"])
    let target = try run(
      "factor", Self.plain(), "--rotation", "target", "--dimensions", dimensions)
    #expect(target.exitCode == 0 && records(target).count == 12)
  }

  @Test func `the score of an item response model does not reward easy questions`() throws {
    // Two papers of one answer each among sixty: p1 passes an easy item, p2 a hard one.
    var rows = Self.plain(papers: 200).enumerated().map { index, row in
      index % 4 == 0
        ? ["1"] + row.dropFirst()
        : [row[0] == "1" || index % 3 == 0 ? "1" : "0"]
          + row.dropFirst(1).dropLast() + [index % 5 == 0 ? row[5] : "0"]
    }
    rows[0] = ["1", "NA", "NA", "NA", "NA", "NA"]
    rows[1] = ["NA", "NA", "NA", "NA", "NA", "1"]
    let run = try run("scores", rows, "--composite", "irt", "--table", "papers")
    #expect(run.exitCode == 0)
    let papers = records(run)
    let asked = ["p1", "p2"].compactMap { paper in papers.first { $0["paper"] == paper } }
    #expect(asked.map { $0["score"] } == ["100", "100"])
    let scores = asked.compactMap { $0["composite_irt"].flatMap(Double.init) }
    try #require(scores.count == 2)
    #expect(scores[0] < scores[1] && scores[1] < 100)
    for column in ["composite_irt_std_error", "rigor_irt", "rigor_irt_std_error"] {
      #expect(Double(asked[0][column] ?? "") != nil, "\(column)")
    }
    let distribution = try workspace.run(
      "scores", "matrix.csv", "--composite", "irt-1pl", "--replicates", "99")
    #expect(distribution.exitCode == 0)
    #expect(records(distribution).first?["score"] == "composite_irt")
    // Rigor is that of the irt command.
    let abilities = try workspace.run("irt", "matrix.csv", "--table", "abilities")
    #expect(records(abilities).map { $0["estimate"] } == papers.map { $0["rigor_irt"] })
    #expect(records(abilities).first { $0["paper"] == "p1" }?["n_applicable"] == "1")
  }
}
