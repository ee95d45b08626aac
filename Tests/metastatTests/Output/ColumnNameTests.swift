import Foundation
import Testing

/// Columns have names of their own, and no header or cell runs in a spreadsheet, whatever items are
/// called.
@Suite struct ColumnNameTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func matrix(_ items: [String]) throws -> String {
    var text = "paper,year,title," + items.joined(separator: ",") + "\n"
    for row in 0..<40 {
      let cells = items.indices.map { String((row >> ($0 % 4)) & 1) }
      text += "=p\(row),\(2020 + row % 4),@t\(row)," + cells.joined(separator: ",") + "\n"
    }
    return try workspace.write(text, to: "m.csv")
  }

  static let commands: [[String]] = [
    ["scores", "--table", "papers"], ["scores"], ["rates"], ["correlate", "--wide"], ["correlate"],
    ["correlate", "--of", "categories", "--wide"], ["matrix", "--long"],
    ["matrix", "--table", "items"],
    ["check", "--table", "items"], ["rates", "--replicates-out", "out.csv"],
    ["scores", "--replicates-out", "out.csv"], ["pca", "--table", "scores"],
    ["pca", "--table", "loadings", "--wide"], ["factor", "--factors", "1", "--table", "scores"],
    ["correlate", "--interval", "percentile", "--replicates-out", "out.csv"],
  ]

  @Test(arguments: commands) func `names are unique`(command: [String]) throws {
    let path = try matrix([
      "score.a", "tier.b", "paper.c", "n_yes.d", "year.e", "title.f", "term.g", "overall",
      "replicate",
      "estimate", "score_2.h", "a", "overall.overall",
    ])
    for format in ["csv", "json"] {
      let run = try workspace.run(
        [command[0], path] + command.dropFirst() + ["--format", format]
          + (["matrix", "check"].contains(command[0]) ? [] : ["--replicates", "99"]))
      let isUsage = run.exitCode == 64
      #expect([0, 64, 70].contains(run.exitCode), "\(run.errors)")
      guard run.exitCode == 0, !isUsage else { continue }
      if format == "csv" { #expect(Self.repeated(run.output).isEmpty, "\(command)") }
      if format == "json" {
        let first = run.output.split(separator: "\n").dropFirst().first ?? ""
        let keys = first.matches(of: #/"([^"]*)": /#).map { String($0.1) }
        #expect(Set(keys).count == keys.count, "\(command): \(keys)")
      }
      if command.contains("out.csv") {
        #expect(Self.repeated(try workspace.read("out.csv")).isEmpty, "\(command)")
      }
    }
  }

  /// The names that a header has twice.
  private static func repeated(_ csv: String) -> [String] {
    let names = CSVText.rows(csv)[0]
    return Dictionary(grouping: names) { $0 }.filter { $1.count > 1 }.keys.sorted()
  }

  @Test func `the fixed columns keep their names`() throws {
    let path = try matrix(["score.a", "tier.b"])
    let run = try workspace.run("scores", path, "--table", "papers", "--format", "csv")
    let header = run.rows[0]
    #expect(header.contains("score") && header.contains("score_2") && header.contains("tier_2"))
    let tier = try #require(header.firstIndex(of: "tier"))
    #expect(
      [">=70", "60-70", "50-60", "40-50", "30-40", "<30"].contains(run.rows[1][tier]))
  }

  @Test func `nothing in a guarded file runs`() throws {
    let path = try matrix(["=cmd.a", "+x", "@y.b", "-z.c", "b.w"])
    let run = try workspace.run(
      "report", path, "-o", "r", "--figures", "none", "--replicates", "99", "-q")
    #expect(run.exitCode == 0, "\(run.errors)")
    let names = try FileManager.default.subpathsOfDirectory(atPath: workspace.path("r"))
    #expect(names.filter { $0.hasSuffix(".csv") }.count > 5)
    for name in names where name.hasSuffix(".csv") {
      let rows = CSVText.rows(try workspace.read("r/\(name)"))
      for field in rows.joined() {
        let text = field.hasPrefix("\"") ? field.dropFirst() : field[...]
        let runs = text.first.map { "=+@".contains($0) } ?? false
        let isWord = text.hasPrefix("-") && Double(text) == nil && text != "-Inf"
        #expect(!runs && !isWord, "\(name): \(field)")
      }
    }
    for command in [["rates"], ["scores", "--table", "papers"], ["correlate", "--wide"]] {
      let run = try workspace.run(
        [command[0], path] + command.dropFirst() + [
          "--guard-formulas", "--format", "csv", "--replicates", "99",
        ])
      #expect(run.exitCode == 0, "\(run.errors)")
      for field in run.rows.joined() {
        #expect(!(field.first.map { "=+@".contains($0) } ?? false), "\(command): \(field)")
      }
    }
    let replicates = try workspace.run(
      "rates", path, "--interval", "percentile", "--replicates", "99", "--guard-formulas",
      "--replicates-out", "out.csv", "-q")
    #expect(replicates.exitCode == 0)
    #expect(CSVText.rows(try workspace.read("out.csv"))[0].allSatisfy { $0.first != "=" })
  }
}
