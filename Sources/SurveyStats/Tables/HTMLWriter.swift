/// Writes a table as a fragment of HTML.
///
/// An estimate and its interval share a column; headings are words. The caption is the `caption`,
/// the notes are the `tfoot`, the `term` or `paper` of a row, else its first cell, is its header, numbers have the class
/// `number` and intervals the class `interval`. All text is escaped, line breaks are spaces, and
/// other invisible characters are shown as `\u{1B}`.
public struct HTMLWriter: Sendable {
  /// The looks of the numbers.
  public var options: TableOptions

  /// Creates a writer.
  public init(options: TableOptions = TableOptions()) {
    self.options = options
  }

  /// The table as HTML.
  public func write(_ table: Table) -> [UInt8] {
    let readable = ReadableTable(table, options: options, heading: Glossary.heading)
    let rowHeader = readable.rowHeader
    var bytes: [UInt8] = []
    bytes.append("<table>\n")
    if !readable.caption.isEmpty {
      bytes.append("<caption>\(Self.escaped(readable.caption))</caption>\n")
    }
    bytes.append("<thead>\n<tr>")
    for column in readable.columns {
      let kind = column.isNumeric ? " class=\"number\"" : ""
      bytes.append("<th scope=\"col\"\(kind)>\(Self.escaped(column.heading))</th>")
    }
    bytes.append("</tr>\n</thead>\n<tbody>\n")
    for row in 0..<readable.rowCount {
      bytes.append("<tr>")
      for (index, column) in readable.columns.enumerated() {
        bytes.append(index == rowHeader ? "<th scope=\"row\"" : "<td")
        bytes.append(column.isNumeric ? " class=\"number\">" : ">")
        bytes.append(Self.escaped(column.cells[row]))
        if let interval = column.intervals?[row], !interval.isEmpty {
          bytes.append(" <span class=\"interval\">\(interval)</span>")
        }
        bytes.append(index == rowHeader ? "</th>" : "</td>")
      }
      bytes.append("</tr>\n")
    }
    bytes.append("</tbody>\n")
    if !readable.notes.isEmpty {
      bytes.append("<tfoot>\n")
      for note in readable.notes {
        let span = max(1, readable.columns.count)
        bytes.append("<tr><td colspan=\"\(span)\">\(Self.escaped(note))</td></tr>\n")
      }
      bytes.append("</tfoot>\n")
    }
    bytes.append("</table>\n")
    return bytes
  }

  /// The text with everything escaped that HTML would interpret, also within an attribute.
  public static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in DisplayText.visible(text, foldingSpace: true).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
