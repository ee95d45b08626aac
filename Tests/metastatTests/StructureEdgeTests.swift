import Testing

/// Edge cases of `correlate`, `pca`, `factor` and `irt`, as a user meets them.
@Suite struct StructureEdgeTests: StructureSuite {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

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
    default:
      let relation = opposes ? "complement of i1" : "identical to i1"
      #expect(run.errors.contains("1 left out (boundary-correlation): i7 (\(relation))"))
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
    for arguments in [["pca"], ["factor"], ["factor", "--table", "reliability"], ["irt"]] {
      let run = try workspace.run(
        [arguments[0], try matrix(rows)] + arguments.dropFirst())
      #expect(run.exitCode == 70 && run.errors.contains("left out (below-minimum-n)"))
      #expect(run.errors.contains("3 papers take part") && run.errors.contains("10"))
    }
    #expect(try run("correlate", rows, "--min-n", "2").exitCode == 0)
    let components = try run("pca", rows, "--min-n", "2")
    #expect(components.exitCode == 0)
    #expect(components.errors.contains("no intervals"))
    #expect(components.output.contains("undefined-replicates"))
    let response = try run("irt", rows, "--min-n", "2")
    #expect(response.exitCode == 0)
    #expect(records(response).count == 3 && records(response).allSatisfy { $0["note"] != "NA" })
    let alpha = try run("factor", rows, "--table", "reliability", "--min-n", "2")
    #expect(records(alpha).first?["note"] != "NA")
  }

  @Test func `more items than papers give what can be had`() throws {
    let rows = Self.plain(papers: 14, items: 20)
    let components = try run("pca", rows)
    #expect(components.exitCode == 0 && components.output.contains("singular"))
    #expect(components.errors.contains("at most 14 papers: the matrix is singular"))
    #expect(!components.errors.contains("repaired"))
    let factors = try run("factor", rows, "--factors", "1", "--table", "fit")
    #expect(factors.exitCode == 0)
    #expect(records(factors).first?["note"] == "singular")
    let likelihood = try run(
      "factor", rows, "--factors", "1", "--extraction", "maximum-likelihood")
    #expect(likelihood.exitCode == 70 && likelihood.errors.contains("--repair shrinkage"))
    #expect(try run("irt", rows, "--model", "1pl").exitCode == 0)
  }

  @Test func `what needs an inverse shrinks a singular matrix as the data say`() throws {
    let rows = Self.plain(papers: 14, items: 20)
    let partial = try run("correlate", rows, "--table", "partial")
    #expect(partial.exitCode == 0 && !records(partial).isEmpty)
    for pair in records(partial) {
      #expect(pair["note"] == "repaired-matrix" && pair["p_value"] == "NA")
      #expect(abs(Double(pair["estimate"] ?? "") ?? 1) < 0.9)
    }
    let adequacy = try run("factor", rows, "--table", "adequacy")
    #expect(adequacy.exitCode == 0 && adequacy.output.contains("bartlett_chi_square,NA,"))
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
    // Raised just above zero, the eigenvalue makes an inverse of partial correlations near -1 and 1.
    let partial = try run("correlate", contradictory, "--table", "partial", "--repair", repair)
    let adequacy = try run("factor", contradictory, "--table", "adequacy", "--repair", repair)
    let reason =
      repair == "smoothing" ? "not positive definite" : "the inverse would be that of the repair"
    for run in [partial, adequacy] {
      #expect(run.exitCode == 70 && run.errors.contains(reason))
    }
  }

  @Test(arguments: ["minres", "principal-axis", "maximum-likelihood"])
  func `a Heywood case is named`(extraction: String) throws {
    let counts = [
      ("111", 30), ("000", 30), ("110", 10), ("010", 10), ("101", 10), ("001", 10),
    ]
    let rows = counts.flatMap { Array(repeating: $0.0.map(String.init), count: $0.1) }
    let run = try run(
      "factor", rows, "--factors", "1", "--extraction", extraction, "--bootstrap-replicates", "0")
    #expect(run.exitCode == 0)
    #expect(run.errors.contains("i1 is a Heywood case"))
    #expect(records(run).first { $0["term"] == "i1" }?["note"] == "heywood")
    let fit = try self.run(
      "factor", rows, "--factors", "1", "--extraction", extraction, "--table", "fit")
    #expect(records(fit).first { $0["term"] == "srmr" }?["note"] == "heywood")
    let text = try self.run(
      "factor", rows, "--factors", "1", "--extraction", extraction, "--format", "text")
    #expect(text.output.contains("its uniqueness is held at 0.005"))
  }

  @Test func `a search that does not converge says so`() throws {
    let factor = try run("factor", Self.plain(), "--factors", "1", "--max-iterations", "1")
    #expect(factor.exitCode == 70 && factor.errors.contains("did not converge in 1 steps"))
    let response = try run("irt", Self.plain(), "--max-iterations", "1")
    #expect(response.exitCode == 70)
    #expect(response.errors.contains("did not converge in 1 Newton step"))
  }

  @Test(arguments: [
    ["pca", "--coefficient", "lift"], ["pca", "--coefficient", "conditional"],
    ["factor", "--coefficient", "odds-ratio"], ["factor", "--coefficient", "jaccard"],
    ["correlate", "--coefficient", "conditional", "--table", "partial"],
    ["correlate", "--coefficient", "lift", "--table", "clusters"],
    ["factor", "--rotation", "target"], ["factor", "--interval", "feldt"],
    ["factor", "--starts", "-1"], ["pca", "--cut", "-1"], ["irt", "--max-iterations", "0"],
    ["irt", "--min-n", "1"], ["factor", "--parallel-replicates", "0"],
    ["correlate", "--replicates-out", "r.csv"],
    ["pca", "--table", "count", "--replicates-out", "r"],
    ["factor", "--table", "fit", "--replicates-out", "r.csv"],
    ["factor", "--dimensions", "dimensions.json"],
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

  @Test(arguments: [
    ("correlate", ["--interval", "percentile"], "i1~i2"),
    ("pca", ["--table", "loadings"], "PC1:i1"), ("factor", ["--factors", "2"], "F1~F2"),
    ("factor", ["--table", "reliability"], "alpha"),
  ])
  func `replicates are written on request`(
    command: String, arguments: [String], column: String
  ) throws {
    let run = try workspace.run(
      [command, try matrix(Self.plain()), "--replicates", "39", "--replicates-out", "r.csv"]
        + arguments)
    #expect(run.exitCode == 0)
    let rows = CSVText.rows(try workspace.read("r.csv"))
    #expect(rows.count == 40 && rows[0][0] == "replicate" && rows[0].contains(column))
  }
}
