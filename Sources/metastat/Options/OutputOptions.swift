import ArgumentParser
import SurveyStats

extension TableFormat: ExpressibleByArgument {}

/// Where results go and what they look like.
struct OutputOptions: ParsableArguments {
  @Option(help: "text, csv, json, markdown or html (default: text on a terminal, else csv).")
  var format: TableFormat?

  @Option(
    name: [.short, .customLong("output")],
    help: "Write to FILE, in the format of its extension; repeatable.")
  var output: [String] = []

  @Option(help: "Digits after the decimal point in text, Markdown and HTML.")
  var digits: Int?

  @Flag(help: "Show every column in text, Markdown and HTML too.")
  var allColumns = false

  @Option(
    parsing: .unconditional, help: "Sort rows by COLUMN; '-COLUMN' sorts descending.")
  var sort: String?

  @Option(help: "Keep the first N rows.")
  var top: Int?

  @Option(help: "Write what was done, with versions, seed, and hashes of the inputs, to FILE.")
  var manifest: String?

  @Flag(help: "Guard text that a spreadsheet would run as a formula, in CSV.")
  var guardFormulas = false

  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say more: timings and details.")
  var verbose = false

  @Flag(help: "No colour, as with NO_COLOR set.")
  var noColor = false

  @Flag(help: "Fail with exit code 65 when any input has a problem.")
  var strict = false

  func validate() throws {
    if let top, top < 1 { throw ValidationError("--top takes a number of 1 or more, not \(top).") }
    if let digits, !(0...15).contains(digits) {
      throw ValidationError("--digits takes a number from 0 to 15, not \(digits).")
    }
    for path in output where Self.format(of: path) == nil {
      throw ValidationError(
        "-o \(path): the extension says no format; use .csv, .json, .md, .html or .txt.")
    }
  }

  /// The console that these options ask for.
  var console: Console {
    var console = Console.standard
    console.isQuiet = quiet
    console.isVerbose = verbose
    if noColor { console.isColored = false }
    return console
  }

  /// Checks, before any work is done, that every file asked for can be written.
  func checkFiles() throws(CommandFailure) {
    for path in output { _ = try OutputFile(path) }
    if let manifest { _ = try OutputFile(manifest) }
  }

  /// Sorts, cuts and writes a table to standard output or to the files asked for.
  ///
  /// Sentences, one a row, follow the table in text.
  func write(
    _ table: Table, sentences: [String?]? = nil, prepare: (inout Table) -> Void = { _ in }
  ) throws {
    try Task.checkCancellation()
    var table = table
    let sentenceColumn = "sentence for prose"
    if let sentences { table.columns.append(Column(sentenceColumn, .text(sentences))) }
    if let sort { table = try Self.sorted(table, by: sort) }
    if let top { table = table.prefix(top) }
    var proseTable = table
    if case .text(let lines)? = table[sentenceColumn]?.values, sentences != nil {
      table.columns.removeLast()
      proseTable = table
      proseTable.notes = lines.compactMap { $0 } + table.notes
    }
    prepare(&table)
    prepare(&proseTable)
    if output.isEmpty {
      let format = format ?? (StandardOutput.isTerminal ? .text : .csv)
      var options = tableOptions
      if format == .text {
        options.width = StandardOutput.width
        options.isColored =
          StandardOutput.isTerminal && !noColor && Console.terminalTakesColor
      }
      try StandardOutput.write(
        format.render([format == .text ? proseTable : table], options: options))
    }
    for path in output {
      guard let format = Self.format(of: path) else { continue }
      try OutputFile(path).write(
        format.render([format == .text ? proseTable : table], options: tableOptions))
    }
  }

  /// Writes bytes that are CSV already to standard output or to the files asked for.
  func writeCSV(_ bytes: [UInt8]) throws {
    try Task.checkCancellation()
    let formats = output.map { Self.format(of: $0) } + (output.isEmpty ? [format ?? .csv] : [])
    guard formats.allSatisfy({ $0 == .csv }), sort == nil, top == nil else {
      throw CommandFailure(
        .usage, "the matrix is written whole and as CSV; --long gives a table for other formats")
    }
    if output.isEmpty { try StandardOutput.write(bytes) }
    for path in output { try OutputFile(path).write(bytes) }
  }

  private var tableOptions: TableOptions {
    TableOptions(digits: digits, guardsFormulas: guardFormulas, showsDetails: allColumns)
  }

  private static func format(of path: String) -> TableFormat? {
    guard let dot = path.lastIndex(of: ".") else { return nil }
    return TableFormat(fileExtension: String(path[path.index(after: dot)...]))
  }

  /// The rows in the order of a column; undefined values come last, ties keep their order.
  private static func sorted(_ table: Table, by key: String) throws -> Table {
    let isDescending = key.hasPrefix("-")
    let name = isDescending ? String(key.dropFirst()) : key
    guard let sorted = table.sorted(by: name, descending: isDescending) else {
      let nearest = NearestNames(table.columns.map(\.name)).nearest(to: name)
      throw CommandFailure(
        .usage,
        "--sort: there is no column '\(name)'"
          + (nearest.isEmpty ? "" : "; the nearest are " + nearest.joined(separator: ", ")))
    }
    return sorted
  }
}
