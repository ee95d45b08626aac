/// Writes a table as aligned text for a terminal.
///
/// The caption stands above, the notes below. An estimate and its interval share a column, aligned
/// apart; headings are the column names that options such as `--sort` understand. Numbers are
/// aligned right. Given a width, text cells are cut with `…`, the widest first and never below 8
/// cells; numbers are never cut. Invisible characters are shown as `\u{1B}`, so no title can forge
/// terminal output; wide characters and emoji take two cells.
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
    let widths = Self.fitted(columns, to: options.width)
    var bytes: [UInt8] = []
    if !readable.caption.isEmpty { bytes.append(DisplayText.visible(readable.caption) + "\n\n") }
    func appendLine(_ cell: (TextColumn, Int) -> String) {
      var line = ""
      for (index, column) in columns.enumerated() {
        if index > 0 { line += "  " }
        line += cell(column, widths[index])
      }
      while line.last == " " { line.removeLast() }
      bytes.append(line)
    }
    if !columns.isEmpty {
      if options.isColored { bytes.append("\u{1B}[1m") }
      appendLine { $0.padded($0.heading, to: $1) }
      bytes.append(options.isColored ? "\u{1B}[0m\n" : "\n")
      appendLine { String(repeating: "-", count: $1) }
      bytes.append("\n")
      for row in 0..<readable.rowCount {
        appendLine { $0.padded($0.cells[row], to: $1) }
        bytes.append("\n")
      }
    }
    if !readable.notes.isEmpty { bytes.append("\n") }
    for note in readable.notes { bytes.append(DisplayText.visible(note) + "\n") }
    return bytes
  }

  /// The widths of the columns, text columns narrowed until the line fits.
  private static func fitted(_ columns: [TextColumn], to limit: Int?) -> [Int] {
    var widths = columns.map(\.width)
    guard let limit else { return widths }
    while widths.reduce(0, +) + 2 * (widths.count - 1) > limit {
      let texts = columns.indices.filter { !columns[$0].isNumeric && widths[$0] > 8 }
      guard let widest = texts.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
    }
    return widths
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

  /// The text in exactly that many cells.
  func padded(_ text: String, to width: Int) -> String {
    if isNumeric { return Self.leftPadded(text, to: width) }
    let cut = DisplayText.truncated(text, to: width)
    return cut + String(repeating: " ", count: max(0, width - DisplayText.width(cut)))
  }

  private static func leftPadded(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - DisplayText.width(text))) + text
  }
}
