import ArgumentParser
import Foundation
import SurveyStats
import Testing

@testable import metastat

/// Every table of every command on a terminal of 80 columns.
@Suite struct TerminalTableTests {
  /// What a command needs to have something to say of the papers of these tests.
  private static let needs: [String: [String]] = [
    "compare": ["--by", "group"], "logit": ["--outcome", "a.item_one", "--on", "year"],
    "patterns": ["--pattern", "a.item_one and not a.item_two"], "agree": ["--by", "rater"],
    "meta": ["--item", "*", "--over", "venue"], "classes": ["--classes", "2"],
    "factor": ["--factors", "1"],
  ]

  /// The commands that write tables, with the tables that `--table` names.
  private static let commands: [(name: String, tables: [String?])] = Metastat.configuration
    .subcommands.compactMap { type in
      let name = type._commandName
      guard !["import", "simulate", "merge", "bench", "report", "explore"].contains(name)
      else { return nil }
      let tables = tables(of: type)
      return (name, tables.isEmpty ? [nil] : tables.map { $0 })
    }

  /// The values of `--table`, from what the parser of options says of the command.
  private static func tables(of type: any ParsableCommand.Type) -> [String] {
    let dump =
      (try? JSONSerialization.jsonObject(with: Data(type._dumpHelp().utf8))) as? [String: Any]
    let arguments = (dump?["command"] as? [String: Any])?["arguments"] as? [[String: Any]] ?? []
    let table = arguments.first { argument in
      (argument["names"] as? [[String: Any]] ?? []).contains { $0["name"] as? String == "table" }
    }
    return table?["allValues"] as? [String] ?? []
  }

  /// 60 papers with long names, whose items have names as long as those of a real checklist.
  private static func matrix(hasRaters: Bool) -> String {
    var random = RandomStream(seed: 5, stream: 1)
    let items = ["item_one", "item_two", "reproduction_instructions_that_are_long"]
    let names = items.map { "a.\($0)" } + items.map { "statistical_methodology_of_papers.\($0)" }
    var text = "paper,title,year,venue,group,type" + (hasRaters ? ",rater" : "")
    text += "," + names.joined(separator: ",") + "\n"
    for paper in 0..<60 {
      for rater in hasRaters ? ["haiku", "opus"] : [""] {
        text += "a-paper-with-a-long-name-\(100 + paper),A title that goes on and on \(paper),"
        text += "\(2019 + paper % 5),Transactions on Machine Learning Research \(paper % 4),"
        text += (paper % 2 == 0 ? "benchmark-creation" : "empirical") + ",t\(paper % 3)"
        text += hasRaters ? ",\(rater)" : ""
        for _ in names {
          let draw = Double(random.next() >> 11) / 0x1p53
          text += draw < 0.1 ? ",NA" : draw < 0.3 + 0.08 * Double(paper % 6) ? ",1" : ",0"
        }
        text += "\n"
      }
    }
    return text
  }

  @Test(arguments: commands.map(\.name))
  func `no table is wider than a terminal or loses its key`(command: String) throws {
    let workspace = try Workspace()
    try workspace.write(Self.matrix(hasRaters: command == "agree"), to: "m.csv")
    let tables = try #require(Self.commands.first { $0.name == command }).tables
    var written = 0
    for table in tables {
      // Only scans have claims and citations.
      let isOfScans = ["claims", "citations"].contains(command)
      let input = command == "glossary" ? [] : [isOfScans ? Workspace.papers : "m.csv"]
      let words =
        [command] + input + (Self.needs[command] ?? []) + (table.map { ["--table", $0] } ?? [])
      let line = words.map { "'\($0)'" }.joined(separator: " ") + " --quiet --top 5"
      let run = try workspace.shell("COLUMNS=80 $metastat \(line) --format text")
      // What the data do not allow is refused; other tests ask for that.
      guard run.exitCode == 0, !run.output.isEmpty else { continue }
      written += 1
      // Lists that end early say so; nothing else does.
      #expect(!run.output.replacing(", …", with: "").contains("…"), "\(line)")
      for row in run.output.split(separator: "\n")
      where DisplayText.width(String(row)) > 80 {
        // A word, or a number with its limits, that is wider than the terminal stays whole.
        #expect(!row.drop { $0 == " " }.contains("  "), "\(line): \(row)")
      }
      let whole = try workspace.shell("$metastat \(line) --format text --wide")
      let header = whole.output.split(separator: "\n").first { $0.contains("  ") } ?? ""
      let names = header.split(separator: " ").map(String.init)
      if let key = ["term", "paper"].first(where: names.contains) ?? names.first {
        #expect(run.output.contains(key), "\(line): no \(key)")
      }
    }
    #expect(written > 0, "\(command)")
  }

  @Test func `COLUMNS is the width where there is no terminal, and --wide goes beyond`() throws {
    let workspace = try Workspace()
    try workspace.write(Self.matrix(hasRaters: false), to: "m.csv")
    let run = try workspace.shell(
      "COLUMNS=60 $metastat rates m.csv --rows item --format text --top 2 --quiet")
    #expect(run.output.contains("Not shown at this width: "))
    #expect(run.output.contains("--wide shows"))
    #expect(run.output.contains("item_one"))
    let wide = try workspace.shell(
      "COLUMNS=60 $metastat rates m.csv --rows item --format text --top 2 --quiet --wide")
    #expect(!wide.output.contains("Not shown") && wide.output.contains("n_yes"))
  }
}
