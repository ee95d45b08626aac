import ArgumentParser
import SurveyStats

extension TableFormat: ExpressibleByArgument {}

/// Where results go and what they look like.
struct OutputOptions: ParsableArguments {
  @Option(help: "text, csv, json, markdown or html (default: text on a terminal, else csv).")
  var format: TableFormat?

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp(
      "Write to FILE, in the format of its extension, else of --format; repeatable.",
      valueName: "file"), completion: .file())
  var output: [String] = []

  @Option(help: "Digits after the decimal point in text, Markdown and HTML.")
  var digits: Int?

  @Flag(help: "Show every column in text, Markdown and HTML too.")
  var allColumns = false

  @Flag(
    help: """
      Show text as wide as it is, not only the columns for which the terminal has room; 'correlate' \
      without --table gives its wide table.
      """)
  var wide = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Sort rows by COLUMN; '-COLUMN' sorts descending.", valueName: "column"),
    completion: .resultColumns)
  var sort: String?

  @Option(help: "Keep the first N rows.")
  var top: Int?

  @Option(
    help: ArgumentHelp(
      "Write what was done, with versions, seed, and hashes of the inputs, to FILE.",
      valueName: "file"), completion: .file())
  var manifest: String?

  @Flag(help: "Guard text that a spreadsheet would run as a formula, in CSV.")
  var guardFormulas = false

  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if let top, top < 1 { throw ValidationError("--top takes a number of 1 or more, not \(top).") }
    if let digits, !(0...15).contains(digits) {
      throw ValidationError("--digits takes a number from 0 to 15, not \(digits).")
    }
    for path in output where format(of: path) == nil {
      throw ValidationError(
        "-o \(path): the extension says no format; use .csv, .json, .md, .html or .txt, or add "
          + "--format.")
    }
  }

  /// The console that these options ask for.
  var console: Console { messages.console }

  /// Whether nothing but errors is said.
  var quiet: Bool { messages.quiet }

  /// Whether any problem of the input ends the command.
  var strict: Bool { messages.strict }

  /// The files that are written.
  var writtenPaths: [String] { output + [manifest].compactMap { $0 } }

  /// Checks, before any work is done, that every file asked for can be written.
  func checkFiles() throws(CommandFailure) {
    for path in writtenPaths { _ = try OutputFile(path) }
  }

  /// Sorts, cuts and writes a table to standard output or to the files asked for.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - readable: What text, Markdown and HTML show instead, unless all columns are asked for or
  ///     it lacks the column to sort by.
  ///   - hiddenRows: Rows that only machines, and people who ask for all columns, see.
  ///   - sentences: What each row says in words, where it can be said; follows the table in text.
  ///   - widthRemedy: What shows the columns for which a terminal has no room.
  ///   - prepare: A last change of each table.
  func write(
    _ table: Table, readable: Table? = nil, hiddenRows: Set<Int> = [],
    sentences: [String?]? = nil, widthRemedy: String = "--wide shows all",
    prepare: (inout Table) -> Void = { _ in }
  ) throws {
    try Task.checkCancellation()
    let table = table.namingColumnsOnce.namingOptions
    let readable = readable?.namingColumnsOnce.namingOptions
    let kept = (0..<table.rowCount).filter { !hiddenRows.contains($0) }
    var shown = readable ?? (hiddenRows.isEmpty ? nil : table.selecting(rows: kept))
    if allColumns { shown = nil }
    if let sort, let table = shown, !Self.hasColumn(toSortBy: sort, table) { shown = nil }
    func prepared(_ table: Table) throws -> (table: Table, sentences: [String]) {
      var table = table
      let isPart = !hiddenRows.isEmpty && table.rowCount == kept.count
      let sentences = isPart ? sentences.map { all in kept.map { all[$0] } } : sentences
      // The sentences travel with their rows as a last column.
      if let sentences { table.columns.append(Column("sentence", .text(sentences))) }
      if let sort { table = try Self.sorted(table, by: sort) }
      if let top { table = table.prefix(top) }
      var said: [String] = []
      if sentences != nil, case .text(let lines)? = table.columns.popLast()?.values {
        said = lines.compactMap { $0 }
      }
      prepare(&table)
      return (table, said)
    }
    let read = try shown.map(prepared)
    let isOnlyRead = read != nil && formats.allSatisfy(\.isForPeople)
    let whole = isOnlyRead ? (table, []) : try prepared(table)
    func rendered(_ format: TableFormat, _ options: TableOptions) -> [UInt8] {
      var (table, sentences) = format.isForPeople ? read ?? whole : whole
      if format == .text { table.notes += sentences }
      return format.render([table], options: options)
    }
    if output.isEmpty {
      let format = format ?? (StandardOutput.isTerminal ? .text : .csv)
      var options = tableOptions
      if format == .text {
        options.width = wide || allColumns ? nil : StandardOutput.width
        options.widthRemedy = widthRemedy
        options.isColored =
          StandardOutput.isTerminal && !messages.noColor && Console.terminalTakesColor
      }
      try StandardOutput.write(rendered(format, options))
    }
    for path in output {
      guard let format = format(of: path) else { continue }
      try OutputFile(path).write(rendered(format, tableOptions))
    }
  }

  /// A table beside the main one as CSV, with what the options say of CSV.
  func csv(_ table: Table) -> [UInt8] {
    CSVWriter(guardsFormulas: guardFormulas, showsInvisible: true).write(table)
  }

  /// Writes bytes that are CSV already to standard output or to the files asked for.
  func writeCSV(_ bytes: [UInt8]) throws {
    try Task.checkCancellation()
    guard (output.isEmpty ? [format ?? .csv] : formats).allSatisfy({ $0 == .csv }), sort == nil,
      top == nil
    else {
      throw CommandFailure(
        .usage, "the matrix is written whole and as CSV; --long gives a table for other formats")
    }
    guard digits == nil, !guardFormulas, !allColumns else {
      throw CommandFailure(
        .usage,
        "the matrix is written so that it reads back exactly; --digits, --all-columns and "
          + "--guard-formulas are for tables")
    }
    if output.isEmpty {
      // Only a terminal runs what is in the names; a file or a program gets them as they are.
      try StandardOutput.write(
        StandardOutput.isTerminal
          ? Array(VisibleText(lines: String(decoding: bytes, as: UTF8.self)).text.utf8) : bytes)
    }
    for path in output { try OutputFile(path).write(bytes) }
  }

  /// The formats that are written.
  private var formats: [TableFormat] {
    output.isEmpty
      ? [format ?? (StandardOutput.isTerminal ? .text : .csv)]
      : output.compactMap { format(of: $0) }
  }

  private var tableOptions: TableOptions {
    TableOptions(
      digits: digits, guardsFormulas: guardFormulas, showsInvisible: true, showsDetails: allColumns)
  }

  /// The format that the extension of a file says, else that of `--format`.
  private func format(of path: String) -> TableFormat? {
    guard let dot = path.lastIndex(of: ".") else { return format }
    return TableFormat(fileExtension: String(path[path.index(after: dot)...])) ?? format
  }

  private static func hasColumn(toSortBy key: String, _ table: Table) -> Bool {
    table[key.hasPrefix("-") ? String(key.dropFirst()) : key] != nil
  }

  /// The rows in the order of a column; undefined values come last, ties keep their order.
  private static func sorted(_ table: Table, by key: String) throws -> Table {
    let isDescending = key.hasPrefix("-")
    let name = isDescending ? String(key.dropFirst()) : key
    guard let sorted = table.sorted(by: name, descending: isDescending) else {
      let nearest = NearestNames(table.columns.map(\.name)).nearest(to: name)
      throw CommandFailure(
        .usage,
        "--sort: there is no column '\(name)'" + NearestNames.suggestion(of: nearest))
    }
    return sorted
  }
}
