import ArgumentParser

/// The help of a command: everything (`--help`) or one screen (`-h`).
///
/// Examples are printed as they were written, never wrapped, so that one that is pasted runs; other lines
/// end at 80 columns. The command's own options come first, then those that it shares with others, in titled
/// groups. Values have names in capitals, as in the texts.
struct HelpPage {
  private let name: String
  private let configuration: CommandConfiguration
  /// The parts that ArgumentParser lays out, by their headings, in its order.
  private let parts: [(heading: String, lines: [String])]

  /// The page that was asked for; `nil` when the arguments ask for no command's help.
  ///
  /// - Parameters:
  ///   - arguments: What was typed.
  ///   - text: The help that ArgumentParser made of it.
  init?(_ arguments: [String], _ text: String) {
    let named = arguments.first { $0 != "help" }
    guard
      let command = Metastat.configuration.subcommands.first(where: { $0._commandName == named })
    else { return nil }
    name = command._commandName
    configuration = command.configuration
    var parts: [(heading: String, lines: [String])] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let heading = Self.heading(line) {
        parts.append((heading, []))
        let rest = line.dropFirst(heading.count + 1).drop { $0 == " " }
        if !rest.isEmpty { parts[parts.count - 1].lines.append(String(rest)) }
      } else if !parts.isEmpty {
        parts[parts.count - 1].lines.append(String(line))
      }
    }
    guard parts.contains(where: { $0.heading == "USAGE" }) else { return nil }
    self.parts = parts.filter { $0.heading != "OVERVIEW" }
  }

  /// The heading of a part, in capitals at the start of a line and before a colon.
  private static func heading(_ line: Substring) -> String? {
    guard let end = line.firstIndex(of: ":"), end > line.startIndex else { return nil }
    let heading = line[..<end]
    let isHeading = heading.allSatisfy { ("A"..."Z").contains($0) || $0 == " " }
    return isHeading && heading.first != " " ? String(heading) : nil
  }

  private func lines(of heading: String) -> [String] {
    let lines = parts.first { $0.heading == heading }?.lines ?? []
    return Array(lines.reversed().drop { $0.isEmpty }.reversed())
  }

  /// Everything.
  var whole: String {
    let first = ["ARGUMENTS", "OPTIONS"]
    let last = parts.map(\.heading).filter { !first.contains($0) && $0 != "USAGE" }
    let laidOut = (first + last).compactMap { heading -> String? in
      let lines = lines(of: heading)
      return lines.isEmpty
        ? nil : ([heading + ":"] + lines.map(Self.capitalized)).joined(separator: "\n")
    }
    return ([abstract, discussion, usage] + laidOut)
      .filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  /// One screen: what, usage, the first five options of the command's own, three examples.
  var short: String {
    var options: [String] = []
    var count = 0
    for line in lines(of: "OPTIONS") {
      if line.hasPrefix("  -") { count += 1 }
      if count > 5 { break }
      options.append(Self.capitalized(line))
    }
    let examples = self.examples.prefix(3)
    return [
      abstract, usage,
      options.isEmpty ? "" : (["OPTIONS:"] + options).joined(separator: "\n"),
      examples.isEmpty ? "" : (["EXAMPLES"] + examples).joined(separator: "\n"),
      "'metastat \(name) --help' lists all options, and the columns of its tables.",
    ].filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private var usage: String {
    "USAGE: " + lines(of: "USAGE").map(Self.capitalized).joined(separator: "\n")
  }

  private var abstract: String { Self.wrapped(configuration.abstract[...]) }

  /// What the command does, its lines ending at 80 columns but for those of examples.
  private var discussion: String {
    var isExample = false
    return configuration.discussion.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in
        if !line.hasPrefix(" ") { isExample = line.hasPrefix("EXAMPLES") }
        return isExample ? String(line) : Self.wrapped(line)
      }.joined(separator: "\n")
  }

  /// A line broken at spaces before column 80; what follows is indented as it is, or by four.
  private static func wrapped(_ line: Substring) -> String {
    let indent = line.prefix { $0 == " " }.count
    var lines = [String(repeating: " ", count: indent)]
    for word in line.split(separator: " ") {
      let last = lines[lines.count - 1]
      let isFirst = last.allSatisfy { $0 == " " }
      if !isFirst, last.count + 1 + word.count > 80 {
        lines.append(String(repeating: " ", count: indent == 0 ? 0 : max(4, indent)) + word)
      } else {
        lines[lines.count - 1] += (isFirst ? "" : " ") + word
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The examples; one that goes on after a backslash is one.
  private var examples: [String] {
    let lines = configuration.discussion.split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(where: { $0.hasPrefix("EXAMPLES") }) else { return [] }
    var examples: [String] = []
    var goesOn = false
    for line in lines[(start + 1)...].prefix(while: { !$0.isEmpty }) {
      if goesOn {
        examples[examples.count - 1] += "\n" + line
      } else {
        examples.append(String(line))
      }
      goesOn = line.hasSuffix("\\")
    }
    return examples
  }

  /// Where the texts of options begin.
  private static let textColumn = 26

  /// A line with the names of values in capitals, its texts staying in their column.
  private static func capitalized(_ line: String) -> String {
    var removed = 0
    var found = line.replacing(/<([a-z0-9-]+)>/) { match in
      removed += 2
      return match.1.uppercased()
    }
    // The texts begin in one column, behind a label that is short enough.
    let label = line.prefix(Self.textColumn)
    if removed > 0, line.hasPrefix("  "), label.count == Self.textColumn, label.last == " ",
      let end = label.lastIndex(where: { $0 != " " }), label[end] == ">"
    {
      let text = line.dropFirst(Self.textColumn)
      let name = String(label[...end]).replacing(/<([a-z0-9-]+)>/) { $0.1.uppercased() }
      found = name + String(repeating: " ", count: Self.textColumn - name.count) + text
    }
    return found
  }
}
