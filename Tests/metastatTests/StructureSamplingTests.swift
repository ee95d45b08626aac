import Testing

/// Each feature of a sample in each table of `correlate`, `pca`, `factor` and `irt`: the numbers take
/// account of it, or the table says that they do not, or the command refuses.
@Suite struct StructureSamplingTests: StructureSuite {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// What becomes of a feature.
  enum Outcome: Equatable {
    /// The table differs from the one without it.
    case honoured
    /// The table, or a remark, says so with these words.
    case noted(String)
    /// The command refuses with these words.
    case refused(String)
    /// The table holds nothing that depends on it.
    case unconcerned
    /// The numbers are counts, which may be the same.
    case counted
  }

  /// A run with what becomes of weights, clusters and strata.
  struct Case: CustomTestStringConvertible, Sendable {
    let arguments: [String]
    let weights: Outcome
    let clusters: Outcome
    let strata: Outcome
    var testDescription: String { arguments.joined(separator: " ") }

    init(_ text: String, _ weights: Outcome, _ clusters: Outcome, _ strata: Outcome? = nil) {
      arguments = text.split(separator: " ").map(String.init)
      self.weights = weights
      self.clusters = clusters
      self.strata = strata ?? clusters
    }
  }

  static let cases: [Case] = [
    Case("correlate", .honoured, .honoured),
    Case("correlate --interval percentile", .honoured, .honoured),
    Case("correlate --of categories --coefficient kendall", .honoured, .honoured),
    Case("correlate --coefficient tetrachoric", .honoured, .honoured),
    Case("correlate --coefficient odds-ratio", .honoured, .honoured),
    Case("correlate --table wide", .honoured, .unconcerned),
    Case("correlate --table partial", .honoured, .noted("dependent-papers")),
    Case("correlate --table merges", .honoured, .unconcerned),
    Case("correlate --table left-out", .unconcerned, .unconcerned),
    Case("pca", .honoured, .honoured),
    Case("pca --table loadings", .honoured, .honoured),
    Case("pca --table scores", .honoured, .unconcerned),
    Case("pca --table count", .counted, .noted("parallel-ignores-clusters"), .unconcerned),
    Case("pca --method complete", .refused("do not know weights"), .unconcerned),
    Case("factor --factors 1", .honoured, .honoured),
    Case("factor --factors 2 --table communalities", .honoured, .honoured),
    Case("factor --factors 2 --table correlations", .honoured, .honoured),
    Case("factor --factors 1 --table fit", .noted("dependent-papers"), .noted("dependent-papers")),
    Case("factor --table adequacy", .noted("dependent-papers"), .noted("dependent-papers")),
    Case("factor --table reliability", .honoured, .honoured),
    Case(
      "factor --table reliability --bootstrap-replicates 0",
      .noted("feldt-needs-independent-papers"), .noted("feldt-needs-independent-papers")),
    Case(
      "factor --table reliability --interval feldt", .refused("Feldt's interval"),
      .refused("Feldt's interval")),
    Case("factor --table reliability --coefficient tetrachoric", .honoured, .honoured),
    Case("factor --table items", .honoured, .unconcerned),
    Case("factor --factors 1 --table variances", .honoured, .unconcerned),
    Case("factor --factors 1 --table scores", .honoured, .unconcerned),
    Case("factor --table schmid-leiman", .honoured, .unconcerned),
    Case(
      "factor --table eigenvalues", .honoured, .noted("parallel-ignores-clusters"), .unconcerned),
    Case("irt --model 1pl", .honoured, .honoured),
    Case("irt --model 1pl --table abilities", .honoured, .unconcerned),
    Case("irt --model 1pl --table information", .honoured, .unconcerned),
    Case("irt --model 1pl --table fit", .noted("pseudo-likelihood"), .unconcerned),
  ]

  /// Eighty papers of 20 clusters and 4 strata, whose weights go with the answers.
  private func corpus(
    weight: (Int) -> String = { "\(1 + $0 % 7)" }, cluster: (Int) -> String = { "c\($0 / 4)" }
  ) throws -> String {
    var text = "paper,weight,cluster,stratum,a.i1,a.i2,a.i3,b.i4,b.i5,b.i6"
    for (index, row) in Self.plain(papers: 80).enumerated() {
      text +=
        "\np\(index),\(weight(index)),\(cluster(index)),s\(index / 20),"
        + row.joined(separator: ",")
    }
    return try workspace.write(text + "\n", to: "corpus.csv")
  }

  private func run(_ arguments: [String], _ more: [String]) throws -> Workspace.Run {
    var all = [arguments[0], try corpus(), "--metadata", "stratum"] + arguments.dropFirst() + more
    if arguments[0] == "pca" || arguments[0] == "factor" {
      all += ["--parallel-replicates", "20"]
      if !arguments.contains("--bootstrap-replicates") { all += ["--bootstrap-replicates", "39"] }
    } else if arguments[0] == "correlate" {
      all += ["--replicates", "39"]
    }
    return try workspace.run(all)
  }

  private func check(
    _ outcome: Outcome, _ run: Workspace.Run, against plain: Workspace.Run, _ what: String
  ) {
    switch outcome {
    case .honoured:
      #expect(run.exitCode == 0 && run.output != plain.output, "\(what) is honoured")
    case .noted(let words):
      #expect(run.exitCode == 0 && run.output.contains(words), "\(what) is noted")
      #expect(!plain.output.contains(words))
    case .refused(let words):
      #expect(run.exitCode == 64 && run.errors.contains(words), "\(what) is refused")
    case .counted: #expect(run.exitCode == 0)
    case .unconcerned:
      #expect(run.exitCode == 0 && run.output == plain.output, "\(what) does not matter")
    }
  }

  @Test(arguments: cases)
  func `weights, clusters and strata are honoured, noted or refused`(example: Case) throws {
    let plain = try run(example.arguments, ["--unweighted"])
    #expect(plain.exitCode == 0)
    check(example.weights, try run(example.arguments, []), against: plain, "a weight")
    check(
      example.clusters, try run(example.arguments, ["--unweighted", "--cluster", "cluster"]),
      against: plain, "a cluster")
    check(
      example.strata, try run(example.arguments, ["--unweighted", "--stratify", "stratum"]),
      against: plain, "a stratum")
  }

  /// What a command says of a single cluster, in which nothing varies.
  @Test(arguments: [
    ("correlate", "one-cluster"), ("correlate --interval percentile", "all-replicates-equal"),
    ("pca", "all-replicates-equal"), ("factor --factors 1", "all-replicates-equal"),
    ("factor --table reliability", "all-replicates-equal"), ("irt --model 1pl", "one-cluster"),
  ])
  func `one cluster is noted`(command: String, words: String) throws {
    let arguments = command.split(separator: " ").map(String.init)
    let file = try corpus(weight: { _ in "1" }, cluster: { _ in "c" })
    var all = [arguments[0], file, "--metadata", "stratum", "--cluster", "cluster"]
    all += arguments.dropFirst()
    if command != "irt --model 1pl" { all += ["--replicates", "39"] }
    let run = try workspace.run(all)
    #expect(run.exitCode == 0 && run.output.contains(words))
  }

  @Test(arguments: ["correlate", "pca", "factor", "factor --table reliability", "irt"])
  func `weights that are all zero are refused`(command: String) throws {
    let arguments = command.split(separator: " ").map(String.init)
    let file = try corpus(weight: { _ in "0" })
    let run = try workspace.run(
      [arguments[0], file, "--metadata", "stratum"] + arguments.dropFirst())
    #expect(run.exitCode == 70 && run.errors.contains("all weights are zero"))
  }

  /// Several versions of a paper, and the answers of several raters, are one cluster without being
  /// asked for.
  @Test(
    arguments: ["correlate", "pca", "factor --factors 1", "irt --model 1pl"], ["version", "rater"])
  func `rows of a paper are drawn together`(command: String, column: String) throws {
    let arguments = command.split(separator: " ").map(String.init)
    func file(_ name: String, isTogether: Bool) throws -> String {
      var text = isTogether ? "paper,\(column)" : "paper"
      text += ",a.i1,a.i2,a.i3,b.i4,b.i5,b.i6"
      for (index, row) in Self.plain(papers: 80).enumerated() {
        let kind = column == "version" ? "\(2 + index % 2)" : ["x", "y"][index % 2]
        text += isTogether ? "\np\(index / 2),\(kind)," : "\np\(index),"
        text += row.joined(separator: ",")
      }
      return try workspace.write(text + "\n", to: name)
    }
    var more: [String] = []
    if arguments[0] == "pca" || arguments[0] == "factor" {
      more = ["--bootstrap-replicates", "39", "--parallel-replicates", "20"]
    }
    let apart = try workspace.run(
      [arguments[0], try file("apart.csv", isTogether: false)] + arguments.dropFirst() + more)
    let together = try workspace.run(
      [arguments[0], try file("together.csv", isTogether: true)]
        + (column == "version" ? ["--instrument", "all"] : []) + arguments.dropFirst() + more)
    #expect(apart.exitCode == 0 && together.exitCode == 0)
    #expect(apart.output != together.output)
  }

  /// The example of weights that make an association of none.
  @Test func `the weighted phi is that of the weights, and its replicates are of the same`() throws
  {
    var text = "paper,weight,a,b,c"
    for paper in 0..<200 {
      let (a, b) = (paper / 2 % 2, paper % 2)
      text += "\np\(paper),\(a == b ? 10 : 1),\(a),\(b),\(paper / 4 % 2)"
    }
    let file = try workspace.write(text + "\n", to: "weighted.csv")
    let expected = (500.0 * 500 - 50 * 50) / (550 * 550)
    let runs = try ["analytic", "percentile", "basic", "normal"].map {
      try workspace.run("correlate", file, "--interval", $0, "--replicates", "199")
    }
    for run in runs {
      let pair = try #require(records(run).first)
      let numbers = ["estimate", "conf_low", "conf_high"].compactMap {
        pair[$0].flatMap(Double.init)
      }
      #expect(abs(numbers[0] - expected) < 1e-12)
      #expect(numbers[1] < expected && expected < numbers[2])
      #expect(pair["n"] == "200" && pair["n_effective"] != nil)
    }
    let plain = try workspace.run(
      "correlate", file, "--interval", "percentile", "--replicates", "199", "--unweighted")
    let pair = try #require(records(plain).first)
    #expect(pair["estimate"] == "0")
    #expect(try #require(pair["conf_low"].flatMap(Double.init)) < 0)
    #expect(try #require(pair["conf_high"].flatMap(Double.init)) > 0)
    let eigen = try workspace.run(
      "pca", file, "--bootstrap-replicates", "99", "--parallel-replicates", "20")
    let first = try #require(records(eigen).first)
    let values = ["eigenvalue", "conf_low", "conf_high"].compactMap {
      first[$0].flatMap(Double.init)
    }
    #expect(abs(values[0] - (1 + expected)) < 1e-9)
    #expect(values[1] < values[0] && values[0] < values[2])
    let alpha = try workspace.run(
      "factor", file, "--factors", "1", "--table", "reliability", "--bootstrap-replicates", "99")
    let row = try #require(records(alpha).first { $0["term"] == "alpha" })
    let limits = ["conf_low", "estimate", "conf_high"].compactMap { row[$0].flatMap(Double.init) }
    #expect(limits[0] < limits[1] && limits[1] < limits[2] && limits[1] > 0.3)
  }

  /// Every command that draws can be split and joined again, byte for byte.
  @Test(arguments: [
    "correlate --interval percentile", "pca", "pca --table loadings", "factor --factors 2",
    "factor --table reliability", "factor --table reliability --coefficient tetrachoric",
  ])
  func `replicates can be drawn in parts`(command: String) throws {
    let arguments = command.split(separator: " ").map(String.init)
    let file = try corpus()
    var all = [arguments[0], file, "--metadata", "stratum", "--replicates", "70"]
    all += arguments.dropFirst()
    if arguments[0] == "pca" { all += ["--parallel-replicates", "20"] }
    let whole = try workspace.run(all)
    #expect(whole.exitCode == 0)
    for share in ["1/2", "2/2"] {
      let part = try workspace.run(
        all + ["--replicate-range", share, "--part", workspace.path("\(share.prefix(1)).part")])
      #expect(part.exitCode == 0 && part.output.isEmpty)
    }
    let joined = try workspace.run(
      ["merge", workspace.path("1.part"), workspace.path("2.part")])
    #expect(joined.exitCode == 0 && joined.output == whole.output)
  }
}
