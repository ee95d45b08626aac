/// Writes a table as a Markdown pipe table, aligned, with its caption and notes below.
///
/// An estimate and its interval share a column; headings are words. Everything that Markdown or HTML
/// would interpret in a cell is escaped, line breaks are spaces, and other invisible characters are
/// shown as `\u{1B}`.
public struct MarkdownWriter: Sendable {
  /// The looks of the numbers.
  public var options: TableOptions

  /// Creates a writer.
  public init(options: TableOptions = TableOptions()) {
    self.options = options
  }

  /// The table as Markdown.
  public func write(_ table: Table) -> [UInt8] {
    let readable = ReadableTable(table, options: options, heading: Glossary.heading)
    let headings = readable.columns.map { Self.escaped($0.heading) }
    let cells = readable.columns.map { column in
      (0..<readable.rowCount).map { Self.escaped(column.cell($0)) }
    }
    let widths = zip(headings, cells).map { heading, cells in
      cells.reduce(max(3, DisplayText.width(heading))) { max($0, DisplayText.width($1)) }
    }
    var bytes: [UInt8] = []
    func appendLine(_ cell: (Int) -> String) {
      for (index, column) in readable.columns.enumerated() {
        let text = cell(index)
        let padding = String(repeating: " ", count: widths[index] - DisplayText.width(text))
        bytes.append(column.isNumeric ? "| \(padding)\(text) " : "| \(text)\(padding) ")
      }
      bytes.append("|\n")
    }
    if !readable.columns.isEmpty {
      appendLine { headings[$0] }
      appendLine { index in
        let isNumeric = readable.columns[index].isNumeric
        return String(repeating: "-", count: widths[index] - (isNumeric ? 1 : 0))
          + (isNumeric ? ":" : "")
      }
      for row in 0..<readable.rowCount { appendLine { cells[$0][row] } }
    }
    if !readable.caption.isEmpty { bytes.append("\n*\(Self.escaped(readable.caption))*\n") }
    if !readable.notes.isEmpty { bytes.append("\n") }
    for note in readable.notes { bytes.append("- \(Self.escaped(note))\n") }
    return bytes
  }

  /// The text with a backslash before every character that could mean something.
  public static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in DisplayText.visible(text, foldingSpace: true).unicodeScalars {
      if special.contains(scalar) { result.append("\\") }
      result.unicodeScalars.append(scalar)
    }
    return result
  }

  private static let special = Set("\\|<>*_`[]&~#$".unicodeScalars)
}
