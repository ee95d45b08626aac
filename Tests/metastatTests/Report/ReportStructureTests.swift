import Testing

/// The sections on correlations, components and factors say what the commands say, to the last digit.
@Suite struct ReportStructureTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// A table of the report, and the command that answers the same question.
  static let questions: [(table: String, command: [String])] = [
    ("correlations", ["correlate"]),
    ("category-correlations", ["correlate", "--of", "categories"]),
    ("eigenvalues", ["pca", "--of", "categories", "--bootstrap-replicates", "0"]),
    (
      "loadings",
      ["pca", "--of", "categories", "--table", "loadings", "--bootstrap-replicates", "0"]
    ),
    ("item-eigenvalues", ["pca", "--bootstrap-replicates", "0"]),
    ("factor-variances", ["factor", "--table", "variances"]),
    ("factor-fit", ["factor", "--table", "fit"]),
  ]

  @Test(arguments: [[], ["--cluster", "venue"]])
  func `tables of the report are those of the commands`(sampling: [String]) throws {
    let matrix = workspace.path("matrix.csv")
    let simulated = try workspace.run(
      "simulate", "--papers", "150", "--seed", "4", "-o", matrix)
    #expect(simulated.exitCode == 0)
    let report = try workspace.run(
      ["report", matrix, "-o", workspace.path("report"), "--replicates", "99"]
        + ["correlations", "components", "factors"].flatMap { ["--only", $0] } + sampling)
    #expect(report.exitCode == 0)
    for (table, command) in Self.questions {
      let told = try workspace.read("report/tables/\(table).csv").split(separator: "\n")
      let run = try workspace.run([command[0], matrix] + command.dropFirst() + sampling)
      let asked = run.output.split(separator: "\n")
      #expect(told.first == asked.first, "columns of \(table)")
      #expect(told.sorted() == asked.sorted(), "\(table) is that of \(command)")
    }
  }
}
