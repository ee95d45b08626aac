import Foundation
import Testing

/// The methods of docs/methods.md as a user meets them, beside those of `compare`.
@Suite struct ReviewerMethodsTests {
  private let workspace: Workspace
  private let synthetic = Workspace.repository.appending(path: "data/synthetic/matrix.csv")
    .path(percentEncoded: false)

  init() throws { workspace = try Workspace() }

  @Test(
    arguments: [
      ["rates", "--design-effects", "--cluster", "venue", "--category", "artifacts"],
      ["rates", "--by", "version", "--by", "year", "--category", "artifacts"],
      ["trend", "--table", "isotonic", "--replicates", "99", "--category", "artifacts"],
      ["trend", "--by", "version,venue", "--rows", "overall", "--where", "year > 2022"],
      ["correlate", "--interval", "bca", "--replicates", "199", "--category", "artifacts"],
      ["correlate", "--table", "partial", "--shrink", "--category", "artifacts"],
      ["pca", "--covariance", "--category", "artifacts", "--parallel-replicates", "20"],
      ["pca", "--shrink", "--category", "artifacts", "--bootstrap-replicates", "99"],
      ["factor", "--shrink", "--category", "artifacts", "--factors", "1", "--replicates", "99"],
      ["logit", "--outcome", "code_released", "--on", "year", "--estimation", "flic"],
      ["irt", "--table", "rasch", "--category", "artifacts"],
      ["irt", "--table", "andersen", "--category", "artifacts", "--by", "version"],
      [
        "irt", "--table", "item-fit", "--model", "1pl", "--item", "artifacts.*", "--item",
        "limitations*",
      ],
    ])
  func `each gives rows`(arguments: [String]) throws {
    let run = try workspace.run([arguments[0], synthetic] + arguments.dropFirst())
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.split(separator: "\n").count > 1, "\(arguments)")
    #expect(!run.output.contains("nan") && !run.output.contains("inf,"))
  }

  @Test(
    arguments: [
      (["trend", "--table", "isotonic", "--by", "version"], "plays no part"),
      (["trend", "--table", "isotonic", "--rows", "overall"], "is about items"),
      (["trend", "--table", "isotonic", "--on", "nothing"], "no variable"),
      (["correlate", "--shrink"], "--table partial"),
      (["pca", "--covariance", "--interval", "basic"], "has no intervals"),
      (["pca", "--shrink", "--method", "complete"], "leave out --method"),
      (["factor", "--shrink", "--table", "reliability"], "leave it out"),
      (["irt", "--by", "version"], "is of --table andersen"),
      (["irt", "--table", "rasch", "--model", "2pl"], "no conditional likelihood"),
      (["irt", "--table", "andersen", "--by", "nothing"], "no variable"),
      (["rates", "--design-effects", "--plan", "0.05"], "is about all papers"),
    ])
  func `what makes no sense gives 64 and a remedy`(arguments: [String], remedy: String) throws {
    let run = try workspace.run([arguments[0], synthetic] + arguments.dropFirst())
    #expect(run.exitCode == 64, "\(run.errors)")
    #expect(run.errors.contains(remedy), "\(run.errors)")
  }
}
