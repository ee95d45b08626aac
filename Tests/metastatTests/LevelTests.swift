import Foundation
import Testing

/// Levels up to the greatest give limits, whatever asks for them; others are refused.
@Suite struct LevelTests {
  private let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    var text = "paper,year,type,a.x,a.y,b.z,b.w\n"
    for row in 0..<60 {
      let cells = [row % 2, row / 2 % 2, row % 3 / 2, (row * 7) % 5 / 2]
      text +=
        "p\(row),\(2018 + row % 6),\(row % 3 == 0 ? "u" : "v"),"
        + cells.map { String(min($0, 1)) }.joined(separator: ",") + "\n"
    }
    try workspace.write(text, to: "m.csv")
  }

  static let commands: [[String]] = [
    ["rates", "m.csv", "--rows", "item", "category", "overall"],
    ["rates", "m.csv", "--simultaneous"], ["rates", "m.csv", "--ranks"],
    ["rates", "m.csv", "--interval", "exact-bootstrap"], ["rates", "m.csv", "--interval", "bca"],
    ["rates", "m.csv", "--interval", "likelihood-ratio"],
    ["rates", "m.csv", "--interval", "mid-p"],
    ["rates", "m.csv", "--by", "type", "--cluster", "year"], ["scores", "m.csv"],
    ["scores", "m.csv", "--interval", "normal"], ["correlate", "m.csv"],
    ["correlate", "m.csv", "--coefficient", "odds-ratio"],
    ["correlate", "m.csv", "--coefficient", "yule-q"],
    ["correlate", "m.csv", "--coefficient", "tetrachoric"],
    ["correlate", "m.csv", "--of", "categories", "--coefficient", "spearman"],
    ["correlate", "m.csv", "--interval", "percentile"], ["pca", "m.csv"],
    ["factor", "m.csv", "--factors", "1", "--table", "fit"],
    ["factor", "m.csv", "--factors", "1", "--table", "reliability", "--interval", "feldt"],
    ["logit", "m.csv", "--outcome", "a.x", "--on", "year"],
    ["logit", "m.csv", "--outcome", "a.x", "--on", "year", "--cluster", "type"],
    ["trend", "m.csv", "--on", "year"], ["compare", "m.csv", "--by", "type"],
    ["compare", "m.csv", "--pair", "a.x", "a.y"],
    ["compare", "m.csv", "--by", "type", "--of", "scores"],
  ]

  @Test(arguments: commands) func `limits of great and small levels exist`(command: [String]) throws
  {
    for level in ["0.999999999", "0.99999", "1e-9", "1e-300"] {
      let run = try workspace.run(command + ["--level", level, "--replicates", "1999", "-q"])
      #expect([0, 64, 70].contains(run.exitCode), "\(level): \(run.exitCode) \(run.errors)")
      for word in ["Inf", "inf", "NaN", "nan"] {
        // An odds ratio may be infinite, a limit of a level is not for the level's sake.
        let isWord = run.output.split { ",\n".contains($0) }.contains(Substring(word))
        #expect(!isWord || command.contains("odds-ratio"), "\(level): \(run.output)")
      }
    }
  }

  @Test(arguments: commands) func `a level that is one, or nearly, is refused`(command: [String])
    throws
  {
    for level in [
      "0.9999999999999999", "0.999999999999999", "0.9999999999", "1", "0", "-0.5", "nan", "inf",
      "1e400", "95",
    ] {
      let run = try workspace.run(command + ["--level=\(level)"])
      #expect(run.exitCode == 64 && run.output.isEmpty, "\(level): \(run.exitCode) \(run.errors)")
    }
  }

  @Test func `a report of the greatest level is whole`() throws {
    let run = try workspace.run(
      "report", "m.csv", "-o", "r", "--figures", "none", "--replicates", "99", "--level",
      "0.999999999", "-q")
    #expect(run.exitCode == 0, "\(run.errors)")
    let refused = try workspace.run(
      "report", "m.csv", "-o", "s", "--figures", "none", "--level", "0.999999999999999")
    #expect(refused.exitCode == 64)
  }
}
