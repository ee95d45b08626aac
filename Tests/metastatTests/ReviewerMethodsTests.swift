import Foundation
import Testing

/// The methods of docs/methods.md as a user meets them, beside those of `compare`.
@Suite struct ReviewerMethodsTests {
  private let workspace: Workspace
  private let synthetic = Workspace.repository.appending(path: "data/synthetic/matrix.csv")
    .path(percentEncoded: false)

  init() throws { workspace = try Workspace() }

  private func run(_ command: String, _ options: String...) throws -> Workspace.Run {
    try workspace.run([command, synthetic] + options)
  }

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
      [
        "logit", "--outcome", "code_released", "--on", "year", "--cluster", "year", "--interval",
        "wild",
      ],
      [
        "logit", "--model", "mixed", "--category", "artifacts", "--on", "year:center", "--interval",
        "profile",
      ],
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
      (["logit", "--outcome", "code_released", "--on", "year", "--interval", "wild"], "--cluster"),
      (["irt", "--by", "version"], "is of --table andersen"),
      (["irt", "--table", "rasch", "--model", "2pl"], "no conditional likelihood"),
      (["irt", "--table", "andersen", "--by", "nothing"], "no variable"),
      (["rates", "--design-effects", "--plan", "0.05"], "is about all papers"),
      (["logit", "--model", "gee", "--on", "year", "--interval", "profile"], "of mixed"),
    ])
  func `what makes no sense gives 64 and a remedy`(arguments: [String], remedy: String) throws {
    let run = try workspace.run([arguments[0], synthetic] + arguments.dropFirst())
    #expect(run.exitCode == 64, "\(run.errors)")
    #expect(run.errors.contains(remedy), "\(run.errors)")
  }

  @Test func `profile limits of a mixed model are near Wald's, and those of items are Wald's`()
    throws
  {
    let options = ["--model", "mixed", "--category", "artifacts", "--on", "year:center"]
    let wald = try workspace.run(["logit", synthetic] + options)
    let profile = try workspace.run(["logit", synthetic] + options + ["--interval", "profile"])
    #expect(profile.exitCode == 0, "\(profile.errors)")
    let place = try #require(profile.column("term").firstIndex(of: "year:center"))
    #expect(profile.column("method")[place].contains("profile"))
    for column in ["conf_low", "conf_high"] {
      let found = try #require(Double(profile.column(column)[place]))
      let near = try #require(Double(wald.column(column)[place]))
      #expect(abs(found - near) < 0.05 && found != near)
    }
    #expect(wald.column("estimate") == profile.column("estimate"))
  }

  @Test func `weights of estimating equations count`() throws {
    let rows = (0..<80).map { paper in
      "p\(paper),\(2018 + paper % 5),\(paper % 2 == 0 ? 1 : 3),\(paper % 3 == 0 ? 1 : 0),"
        + "\((paper * 7) % 5 < 2 ? 1 : 0)"
    }
    let header = "paper,year,weight,x.a,x.b\n"
    let input = try workspace.write(
      header + rows.joined(separator: "\n") + "\n", to: "weighted.csv")
    // Three equal papers in the place of one of weight three.
    let copies = rows.enumerated().flatMap { paper, row in
      (0..<(paper % 2 == 0 ? 1 : 3)).map { copy in
        row.replacingOccurrences(of: "p\(paper),", with: "p\(paper)c\(copy),")
          .replacingOccurrences(of: paper % 2 == 0 ? ",1," : ",3,", with: ",1,")
      }
    }
    let copied = try workspace.write(
      header + copies.joined(separator: "\n") + "\n", to: "copied.csv")
    let options = ["--model", "gee", "--on", "year", "--correlation", "independence"]
    let weighted = try workspace.run(["logit", input] + options)
    let plain = try workspace.run(["logit", copied] + options)
    #expect(weighted.exitCode == 0 && plain.exitCode == 0, "\(weighted.errors)\(plain.errors)")
    for (one, other) in zip(weighted.column("estimate"), plain.column("estimate")) {
      let (found, expected) = (Double(one) ?? 9, Double(other) ?? -9)
      #expect(abs(found - expected) < 1e-6 * max(1, abs(expected)))
    }
    #expect(weighted.column("std_error") != plain.column("std_error"))
  }

  @Test func `correlations alone have components and factors, and no papers`() throws {
    let names = ["a", "b", "c", "d"]
    let square =
      "," + names.joined(separator: ",") + "\n"
      + names.indices.map { row in
        names[row] + ","
          + names.indices.map { row == $0 ? "1" : (row < 2) == ($0 < 2) ? "0.6" : "0.2" }
          .joined(separator: ",")
      }.joined(separator: "\n") + "\n"
    let path = try workspace.write(square, to: "square.csv")
    let known = ["--correlations-of", "300"]
    let loadings = try workspace.run(["factor", path, "--factors", "1"] + known)
    #expect(loadings.exitCode == 0, "\(loadings.errors)")
    #expect(loadings.column("term") == names)
    #expect(loadings.column("note").allSatisfy { $0 == "no-papers-to-resample" })
    for table in ["communalities", "fit", "variances", "eigenvalues", "adequacy", "schmid-leiman"] {
      let run = try workspace.run(
        ["factor", path, "--factors", "1", "--table", table] + known)
      #expect(run.exitCode == 0, "\(table) \(run.errors)")
    }
    for table in ["eigenvalues", "loadings", "count"] {
      let run = try workspace.run(["pca", path, "--table", table] + known)
      #expect(run.exitCode == 0, "\(table) \(run.errors)")
    }
    let pairs = try workspace.write(
      "a,b,estimate\nx,y,0.5\nx,z,0.4\ny,z,0.3\n", to: "pairs.csv")
    #expect(try workspace.run(["pca", pairs] + known).column("eigenvalue").count == 3)
    for (arguments, code, words) in [
      (["factor", path, "--table", "scores"], 64, "needs papers"),
      (["factor", path, "--cluster", "venue"], 64, "--cluster is of answers or papers"),
      (["pca", path, "--bootstrap-replicates", "9"], 64, "--bootstrap-replicates is of"),
      (["pca", path, "--shrink"], 64, "--shrink is of"),
      (["pca", path, "--parallel", "permutation"], 64, "permutes papers"),
      (["pca", synthetic], 65, "columns of correlations"),
    ] as [([String], Int32, String)] {
      let run = try workspace.run(arguments + known)
      #expect(run.exitCode == code && run.errors.contains(words), "\(arguments) \(run.errors)")
    }
  }
}
