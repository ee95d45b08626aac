import Foundation
import Testing

/// Whatever names hold, nothing that is printed drives a terminal, forges a line or hides text.
@Suite struct VisibleTextTests {
  /// A title that a terminal takes over, a forged line, a null byte of a name, text turned around.
  static let hostile = "\u{1B}]0;owned\u{7}\u{1B}[2J\u{202E}x\u{200B}\u{9B}y"
  /// The same with a line break, for what arguments and files can hold.
  static let forged = hostile + "\nerror: forged"

  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// One way to a message: the files to write, and the arguments.
  struct Path: Sendable, CustomTestStringConvertible {
    let name: String
    var files: [String: String] = [:]
    let arguments: [String]
    /// Whether the text must be seen, since the message quotes it.
    var isQuoted = true

    var testDescription: String { name }
  }

  private static let matrix = "paper,year,a.x,a.y\np,2023,1,0\nq,2024,0,1\nr,2024,1,1\n"

  private static func rates(_ name: String, _ arguments: String...) -> Path {
    Path(name: name, files: ["m.csv": matrix], arguments: ["rates", "m.csv"] + arguments)
  }

  private static func matrix(_ name: String, _ text: String, _ arguments: String...) -> Path {
    Path(
      name: name, files: ["m.csv": text],
      arguments: arguments.isEmpty ? ["rates", "m.csv"] : arguments)
  }

  private static func json(_ name: String, _ text: String, _ arguments: String...) -> Path {
    Path(name: name, files: ["m.csv": matrix, "o.json": text], arguments: arguments)
  }

  private static let quotedForged =
    "\""
    + hostile.replacing("\u{1B}", with: "\\u001b")
    .replacing("\u{7}", with: "\\u0007") + "\\nerror: forged\""

  static let paths: [Path] = [
    // Arguments.
    Path(name: "command", arguments: [forged]),
    rates("option", "--" + forged), rates("value of an enumeration", "--interval", forged),
    rates("number", "--replicates", forged), rates("level", "--level", forged),
    rates("by", "--by", forged), rates("cluster", "--cluster", forged),
    rates("stratify", "--stratify", forged), rates("item", "--item", forged),
    rates("category", "--category", forged), rates("module", "--module", forged),
    rates("tag", "--tag", forged), rates("type", "--type", forged),
    rates("venue", "--venue", forged), rates("exclude", "--exclude", forged),
    rates("list to exclude", "--exclude", "@" + forged), rates("sort", "--sort", forged),
    rates("covariates", "--covariates", forged + ".csv"),
    rates("instrument file", "--instrument-file", forged),
    rates("metadata", "--metadata", forged), rates("rows", "--rows", forged),
    rates("output folder", "-o", forged + "/x.csv"), rates("output format", "-o", "x." + forged),
    rates("manifest", "--manifest", forged + "/x"), rates("part", "--part", forged + "/x"),
    rates("replicates out", "--replicates-out", forged + "/x"),
    rates("range", "--replicate-range", forged),
    rates("repeated option", "--by", "x", "--by", forged),
    Path(name: "input", arguments: ["rates", forged]),
    Path(name: "matrix input", arguments: ["rates", forged + ".csv"]),
    Path(name: "unknown input", files: ["x.\(hostile)": ""], arguments: ["rates", "x.\(hostile)"]),
    Path(name: "shard", arguments: ["matrix", forged + ".csv", "--shard", "1/2"]),
    Path(
      name: "score", files: ["m.csv": matrix], arguments: ["scores", "m.csv", "--of", forged]),
    Path(
      name: "tiers", files: ["m.csv": matrix], arguments: ["scores", "m.csv", "--tiers", forged]),
    Path(
      name: "checkpoints", files: ["m.csv": matrix],
      arguments: ["scores", "m.csv", "--checkpoints", forged]),
    Path(
      name: "order", files: ["m.csv": matrix], arguments: ["scores", "m.csv", "--order", forged]),
    Path(
      name: "trend", files: ["m.csv": matrix], arguments: ["trend", "m.csv", "--on", forged]),
    Path(
      name: "outcome", files: ["m.csv": matrix],
      arguments: ["logit", "m.csv", "--outcome", forged, "--on", "year"]),
    Path(
      name: "formula", files: ["m.csv": matrix],
      arguments: ["logit", "m.csv", "--outcome", "a.x", "--on", "`" + forged + "`"]),
    Path(
      name: "syntax of a formula", files: ["m.csv": matrix],
      arguments: ["logit", "m.csv", "--outcome", "a.x", "--on", "year +" + forged]),
    Path(
      name: "compare", files: ["m.csv": matrix], arguments: ["compare", "m.csv", "--by", forged]),
    Path(
      name: "pair", files: ["m.csv": matrix],
      arguments: ["compare", "m.csv", "--pair", forged, "a.x"]),
    Path(
      name: "reference", files: ["m.csv": matrix],
      arguments: ["compare", "m.csv", "--by", "year", "--reference", forged]),
    Path(name: "mix of versions", arguments: ["simulate", "--papers", "2", "--versions", forged]),
    Path(
      name: "items of a simulation", arguments: ["simulate", "--papers", "2", "--items", forged]),
    Path(name: "parts", arguments: ["merge", forged]),
    Path(
      name: "section", files: ["m.csv": matrix],
      arguments: ["report", "m.csv", "-o", "r", "--only", forged]),
    Path(
      name: "snippet", files: ["m.csv": matrix],
      arguments: ["report", "m.csv", "--snippet", forged, "--replicates", "99"]),
    Path(
      name: "folder of a report", files: ["m.csv": matrix],
      arguments: ["report", "m.csv", "-o", forged + "/x"]),
    Path(
      name: "earlier report", files: ["m.csv": matrix],
      arguments: ["report", "m.csv", "-o", "r", "--compare", forged]),
    // Names and cells of a matrix.
    matrix("cell", "paper,a\np,\"\(forged)\"\n"),
    matrix("first column", "\"\(forged)\",a\np,1\n"),
    matrix("column twice", "paper,\"\(forged)\",\"\(forged)\"\np,1,1\n"),
    matrix("column and cell", "paper,\"\(forged)\"\np,2\n"),
    matrix("paper twice", "paper,a\n\"\(forged)\",1\n\"\(forged)\",0\n"),
    matrix("weight", "paper,weight,a\np,\"\(forged)\",1\n"),
    matrix("year", "paper,year,a\np,\"\(forged)\",1\n"),
    matrix("known column", "paper,venue,a\np,\"\(forged)\",1\n", "trend", "m.csv", "--on", "venue"),
    matrix("nearest name", "paper,\"ab\(forged)\"\np,1\nq,0\n", "rates", "m.csv", "--item", "ab"),
    matrix(
      "constant item",
      "paper,year,a.x,\"a.\(forged)\"\np,2023,1,1\nq,2024,0,1\nr,2024,1,1\ns,2023,0,1\n",
      "logit", "m.csv", "--items", "all", "--on", "year"),
    matrix("name of a file", "paper,a\np,2\n", "rates", "m.csv"),
    // Option files.
    json("weights", "{\(quotedForged): 1}", "scores", "m.csv", "--weights", "o.json"),
    json(
      "category of weights", "{\"categories\": {\(quotedForged): 1}}", "scores", "m.csv",
      "--weights", "o.json"),
    json("dimensions", "{\"\(hostile)\": 1", "scores", "m.csv", "--dimensions", "o.json"),
    json("patterns", "{\(quotedForged): 1}", "report", "m.csv", "-o", "r", "--patterns", "o.json"),
    json("pairs", "{\(quotedForged): 1}", "report", "m.csv", "-o", "r", "--pairs", "o.json"),
    json("sections", "[\(quotedForged)]", "report", "m.csv", "-o", "r", "--sections", "o.json"),
    json("instrument", "{\(quotedForged): 1}", "rates", "m.csv", "--instrument-file", "o.json"),
    json("manifest", "{\(quotedForged): 1}", "report", "--manifest", "o.json", "-o", "r"),
    json("covariates", "{\(quotedForged): 1}", "rates", "m.csv", "--covariates", "o.json"),
    // Scans.
    Path(
      name: "broken scan", files: ["papers/\(hostile)/scan.json": "{\"\(hostile)"],
      arguments: ["check", "papers"]),
    Path(
      name: "values of a scan",
      files: [
        "papers/p/scan.json":
          "{\"scan_version\": 2, \"paper\": {\"title\": 1, \"doi\": \(quotedForged)}, "
          + "\"checklist\": {\(quotedForged): {\(quotedForged): {\"applies\": \(quotedForged), "
          + "\"answer\": 1}}, \"a\": {\"x\": {\"applies\": true, \"answer\": true}}}}"
      ],
      arguments: ["check", "papers"]),
    Path(
      name: "duplicate papers",
      files: [
        "papers/a\(hostile)/scan.json": ScanText.scan(
          title: "One and the same long title", arXiv: "2301.00001", [("a", "x", true)]),
        "papers/b\(hostile)/scan.json": ScanText.scan(
          title: "One and the same long title", arXiv: "2301.00001", [("a", "x", false)]),
      ], arguments: ["check", "papers"]),
  ]

  @Test(arguments: paths) func `a message shows what it quotes`(path: Path) throws {
    for (name, text) in path.files { try workspace.write(text, to: name) }
    let run = try workspace.run(path.arguments)
    #expect(Self.invisible(in: run.errors).isEmpty, "\(path.name): \(run.errors.debugDescription)")
    #expect(Self.invisible(in: run.output).isEmpty, "\(path.name)")
    // A forged line would stand alone.
    #expect(!run.errorLines.contains("error: forged"), "\(path.name)")
    #expect(run.errorLines.allSatisfy { $0.utf8.count < 20_000 }, "\(path.name)")
  }

  @Test func `a list of choices is in the message`() throws {
    let run = try workspace.run("logit", "m.csv", "--on", "year", "--table", "nonsense")
    #expect(
      run.exitCode == 64 && run.errors.contains("--table takes coefficients, fit, tests"),
      "\(run.errors)")
    let forged = try workspace.run("logit", "m.csv", "--on", "year", "--table", "x\nerror: forged")
    #expect(forged.exitCode == 64 && !forged.errors.contains("\nerror: forged"))
  }

  @Test func `most paths end with a message that shows the text`() throws {
    var shown = 0
    for path in Self.paths {
      for (name, text) in path.files { try workspace.write(text, to: name) }
      if try workspace.run(path.arguments).errors.contains("\\u{1B}") { shown += 1 }
    }
    #expect(shown * 10 >= Self.paths.count * 7, "\(shown) of \(Self.paths.count)")
  }

  @Test(arguments: [
    ["rates"], ["rates", "--by", "venue"], ["scores"], ["scores", "--table", "papers"],
    ["check"], ["check", "--table", "items"], ["correlate"], ["correlate", "--wide"],
    ["matrix", "--long"], ["matrix", "--table", "items"], ["pca"], ["trend", "--on", "year"],
    ["compare", "--by", "venue"],
  ]) func `a table shows its names`(command: [String]) throws {
    var text = "paper,title,year,venue,tags,\"\(Self.forged).x\",\"b.\(Self.forged)\",b.z\n"
    for row in 0..<40 {
      text +=
        "\"\(row)\(Self.forged)\",\"\(Self.forged)\",\(2020 + row % 4),"
        + "\"\(Self.forged)\(row % 2)\",\"\(Self.forged)\",\(row % 2),\(row / 2 % 2),\(row % 3 / 2)\n"
    }
    let path = try workspace.write(text, to: "m.csv")
    for format in ["text", "csv", "json", "markdown", "html"] {
      let run = try workspace.run(
        [command[0], path] + command.dropFirst()
          + ["--format", format, "--all-columns"]
          + (["rates", "scores"].contains(command[0]) ? ["--replicates", "99"] : []))
      #expect(Self.invisible(in: run.output).isEmpty, "\(command) \(format)")
      #expect(Self.invisible(in: run.errors).isEmpty, "\(command) \(format)")
      #expect(run.exitCode == 0 || run.exitCode == 70, "\(command) \(format): \(run.errors)")
      if format == "csv", run.exitCode == 0 {
        // Every row is a line.
        let widths = Set(
          run.output.split(separator: "\n").map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).count
          })
        #expect(widths.count <= 2, "\(command): \(widths)")
      }
    }
  }

  @Test func `the files of a report show their names`() throws {
    var text = "paper,title,year,venue,\"\(Self.hostile).x\",b.y,b.z\n"
    for row in 0..<40 {
      text +=
        "\"\(row)\(Self.hostile)\",\"\(Self.hostile)\",\(2020 + row % 4),"
        + "\"\(Self.hostile)\(row % 2)\",\(row % 2),\(row / 2 % 2),\(row % 3 / 2)\n"
    }
    let path = try workspace.write(text, to: "m.csv")
    let run = try workspace.run(
      "report", path, "-o", "r", "--figures", "none", "--replicates", "99", "--title", Self.forged)
    #expect(run.exitCode == 0, "\(run.errors)")
    for name in try FileManager.default.subpathsOfDirectory(atPath: workspace.path("r"))
    where !name.hasSuffix("matrix.csv") {
      guard let bytes = FileManager.default.contents(atPath: workspace.path("r/\(name)")) else {
        continue
      }
      let found = Self.invisible(in: String(decoding: bytes, as: UTF8.self))
      #expect(found.isEmpty, "\(name): \(found)")
    }
  }

  /// The characters of a text that are not seen, line breaks and tabs of layout apart.
  private static func invisible(in text: String) -> [String] {
    text.unicodeScalars.filter { scalar in
      if scalar == "\n" { return false }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        return scalar != "\u{200C}" && scalar != "\u{200D}"
      default: return false
      }
    }.map { "U+" + String($0.value, radix: 16) }
  }
}
