import ArgumentParser
import Foundation
import Testing

@testable import metastat

/// What the help of a command says.
private struct Help: CustomTestStringConvertible, Sendable {
  let name: String
  let discussion: String

  init(_ command: any ParsableCommand.Type) {
    name = command._commandName
    discussion = command.configuration.discussion
  }

  static let all = Metastat.configuration.subcommands.map(Help.init)

  var testDescription: String { name }

  /// The lines of a part, such as `EXAMPLES`, up to an empty line.
  func part(_ heading: String) -> [String] {
    let lines = discussion.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let start = lines.firstIndex(where: { $0.hasPrefix(heading) }) else { return [] }
    return Array(lines[(start + 1)...].prefix { !$0.isEmpty })
  }

  /// The command lines among the examples, without what the shell takes for itself.
  ///
  /// `report --manifest` is left out: it takes its arguments from the file.
  var examples: [[String]] {
    let text = part("EXAMPLES").joined(separator: "\n").replacing(/\\\n\s*/, with: " ")
    let commands = text.split(separator: "\n").flatMap { line in
      Self.words(String(line)).split(separator: "|")
    }
    return commands.compactMap { words in
      guard words.first == "metastat", !words.contains("--manifest") else { return nil }
      return words.dropFirst().prefix { ![">", "#", "&&"].contains($0) }.map { $0 }
    }
  }

  /// The words of a line of shell, in which quotes keep spaces.
  private static func words(_ line: String) -> [String] {
    line.matches(of: /'([^']*)'|"([^"]*)"|(\S+)/).map { match in
      String(match.1 ?? match.2 ?? match.3 ?? "")
    }
  }

  /// The columns that the help lists for a table, those in brackets being optional.
  func columns(of table: String?) -> [(name: String, isOptional: Bool)] {
    var lines = part("OUTPUT")
    if let table {
      guard let start = lines.firstIndex(where: { $0.hasPrefix("  \(table): ") }) else { return [] }
      let rest = lines[(start + 1)...].prefix { $0.hasPrefix("    ") }
      lines = [String(lines[start].dropFirst(table.count + 4))] + rest
    }
    let text = lines.joined(separator: " ").replacing(/\([^)]*\)/, with: "")
    var isOptional = false
    return text.split(separator: ",").map { field in
      let word = field.trimmingCharacters(in: .whitespaces)
      if word.hasPrefix("[") { isOptional = true }
      defer { if word.hasSuffix("]") { isOptional = false } }
      return (word.trimmingCharacters(in: CharacterSet(charactersIn: "[] ")), isOptional)
    }
  }
}

@Suite struct HelpTests {
  @Test func `the command is called metastat`() {
    #expect(Metastat.configuration.commandName == "metastat")
    #expect(Set(Help.all.map(\.name)).count == Help.all.count)
  }

  @Test(arguments: Help.all)
  fileprivate func `the help of a command has examples and says what is written`(help: Help) {
    #expect(!help.examples.isEmpty)
    #expect(help.discussion.contains("metastat \(help.name) "))
    #expect(!help.part("OUTPUT").isEmpty || ["merge", "report"].contains(help.name))
  }

  @Test(arguments: Help.all)
  fileprivate func `the examples of a command are understood`(help: Help) {
    for example in help.examples {
      #expect(throws: Never.self, "\(example)") {
        _ = try Metastat.parseAsRoot(CheckCommand.expanding(example))
      }
    }
  }

  @Test(
    arguments: [
      (["check"], "summary"), (["check", "--table", "problems"], "problems"),
      (["check", "--table", "items"], "items"), (["matrix", "--long"], "long"),
      (["matrix", "--table", "items"], "items"), (["rates"], "rates"),
      (["rates", "--by", "year", "--ranks", "--replicates", "99"], "rates"),
      (["scores", "--replicates", "99"], "distribution"),
      (["scores", "--by", "year", "--checkpoints", "1", "--replicates", "99"], "distribution"),
      (["bench", "--workload", "phi", "--runs", "1"], nil),
    ] as [([String], String?)])
  func `the columns that the help lists are written`(arguments: [String], table: String?) throws {
    let workspace = try Workspace()
    let matrix = try workspace.write(
      "paper,year,version,a.x,a.y\np,2023,2,1,NA\nq,2023,2,0,1\nr,2024,3,1,0\ns,2024,3,1,1\n",
      to: "matrix.csv")
    let help = try #require(Help.all.first { $0.name == arguments[0] })
    let listed = help.columns(of: table)
    let run = try workspace.run([arguments[0], matrix] + arguments.dropFirst())
    let written = try #require(run.rows.first)
    #expect(run.exitCode == 0 && listed.count > 2)
    #expect(written == listed.filter { !$0.isOptional || written.contains($0.name) }.map(\.name))
  }

  @Test(arguments: Help.all)
  fileprivate func `help has a short page, and its own options first`(_ help: Help) throws {
    let workspace = try Workspace()
    let short = try workspace.run(help.name, "-h")
    #expect(short.exitCode == 0)
    let shown = short.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(shown.count <= 36, "one screen")
    #expect(short.output.contains("USAGE: metastat \(help.name)"))
    let long = try workspace.run(help.name, "--help").output
    // Examples are as they were written, and everything else ends at 80 columns.
    for line in help.part("EXAMPLES") { #expect(long.contains("\n\(line)\n")) }
    let examples = Set(help.part("EXAMPLES"))
    for line in long.split(separator: "\n") where !examples.contains(String(line)) {
      #expect(line.count <= 80, "\(line)")
      if line.hasPrefix("  -") { #expect(!line.contains("<"), "\(line)") }
    }
    // What stands before the usage says which columns go with an option, in lines of its own.
    let options = long.split(separator: "\n").drop { !$0.hasPrefix("USAGE:") }
    for line in options
    where line.hasPrefix("  -") && line.split(separator: " ").count > 4 {
      #expect(line.prefix(26).hasSuffix(" "), "the text of an option begins elsewhere: \(line)")
    }
    let headings = long.split(separator: "\n").filter { $0.hasSuffix(":") && !$0.hasPrefix(" ") }
    if let own = headings.firstIndex(of: "OPTIONS:"),
      let shared = headings.firstIndex(of: "PAPERS AND ITEMS:")
    {
      #expect(own < shared)
    }
  }
}
