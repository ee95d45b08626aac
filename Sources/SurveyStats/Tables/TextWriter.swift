/// Writes a table as aligned text for a terminal.
///
/// The caption stands above, the notes below. An estimate and its interval share a column, aligned
/// apart; headings are the column names by which a program can sort. Numbers are
/// aligned right. Given a width, columns for which there is no room are left out and named below, never
/// the key of a row or its estimate, which stand on two lines where one is too short; no cell is
/// cut. Invisible characters are shown as `\u{1B}`, so no title can forge terminal output; wide
/// characters and emoji take two cells.
public struct TextWriter: Sendable {
  /// The looks of the numbers, the width and the colour.
  public var options: TableOptions

  /// Creates a writer.
  public init(options: TableOptions = TableOptions()) {
    self.options = options
  }

  /// The table as text.
  public func write(_ table: Table) -> [UInt8] {
    let readable = ReadableTable(table, options: options) { $0 }
    let columns = readable.columns.map(TextColumn.init)
    let layout = TextLayout(readable, widths: columns.map(\.width), limit: options.width)
    var bytes: [UInt8] = []
    func appendText(_ text: String) {
      let lines = options.width.map { DisplayText.wrapped(text, to: $0) } ?? [text]
      for line in lines { bytes.append(line + "\n") }
    }
    if !readable.caption.isEmpty {
      appendText(DisplayText.visible(readable.caption))
      bytes.append("\n")
    }
    func line(_ shown: [Int], indent: Int = 0, _ cell: (TextColumn) -> String) -> String {
      var line = String(repeating: " ", count: indent)
      line += shown.map { columns[$0].padded(cell(columns[$0])) }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
    /// The lines of a row: one, or the values below the key.
    func appendRow(_ cell: (TextColumn) -> String) {
      bytes.append(layout.first.map { line($0, cell) }.joined(separator: "\n"))
      guard !layout.second.isEmpty else { return }
      bytes.append("\n" + line(layout.second, indent: TextLayout.indent, cell))
    }
    if !columns.isEmpty {
      if options.isColored { bytes.append("\u{1B}[1m") }
      appendRow { $0.heading }
      bytes.append(options.isColored ? "\u{1B}[0m\n" : "\n")
      if layout.second.isEmpty {
        appendRow { String(repeating: "-", count: $0.width) }
      } else {
        let values = line(layout.second, indent: TextLayout.indent) {
          String(repeating: "-", count: $0.width)
        }
        bytes.append(String(repeating: "-", count: DisplayText.width(values)))
      }
      bytes.append("\n")
      for row in 0..<readable.rowCount {
        appendRow { $0.cells[row] }
        bytes.append("\n")
      }
    }
    let notes = readable.notes + hiddenNotes(layout.hidden.map { readable.columns[$0] })
    if !notes.isEmpty { bytes.append("\n") }
    for note in notes { appendText(DisplayText.visible(note)) }
    return bytes
  }

  /// What is said of columns for which there was no room: the notes of the rows, and their names.
  private func hiddenNotes(_ columns: [ReadableTable.ReadableColumn]) -> [String] {
    guard !columns.isEmpty else { return [] }
    var lines: [String] = []
    var names = columns.map(\.name)
    if let notes = columns.first(where: { $0.name == "note" }) {
      names.removeAll { $0 == "note" }
      let counts = Dictionary(grouping: notes.cells.filter { !$0.isEmpty }) { $0 }
        .mapValues(\.count).sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      var said = counts.prefix(6).map { "\($0.key) (\($0.value) row\($0.value == 1 ? "" : "s"))" }
      if counts.count > 6 { said.append("\(counts.count - 6) others") }
      lines.append("note: " + said.joined(separator: ", "))
      if names.isEmpty { names = ["note by row"] }
    }
    let remedy = options.widthRemedy.map { "; \($0)" } ?? ""
    lines.append("Not shown at this width: \(names.joined(separator: ", "))\(remedy)")
    return lines
  }
}

/// A column ready for the terminal: nothing in it can move the cursor.
private struct TextColumn {
  var heading: String
  var isNumeric: Bool
  var cells: [String]
  var width: Int

  init(_ column: ReadableTable.ReadableColumn) {
    heading = DisplayText.visible(column.heading)
    isNumeric = column.isNumeric
    cells = column.cells.map { DisplayText.visible($0) }
    if let intervals = column.intervals {
      let cellWidth = cells.reduce(0) { max($0, DisplayText.width($1)) }
      let intervalWidth = intervals.reduce(0) { max($0, DisplayText.width($1)) }
      for row in cells.indices {
        cells[row] =
          Self.leftPadded(cells[row], to: cellWidth) + " "
          + Self.leftPadded(intervals[row], to: intervalWidth)
      }
    }
    width = cells.reduce(DisplayText.width(heading)) { max($0, DisplayText.width($1)) }
  }

  /// The text in exactly the cells of the column.
  func padded(_ text: String) -> String {
    if isNumeric { return Self.leftPadded(text, to: width) }
    return text + String(repeating: " ", count: max(0, width - DisplayText.width(text)))
  }

  private static func leftPadded(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - DisplayText.width(text))) + text
  }
}
