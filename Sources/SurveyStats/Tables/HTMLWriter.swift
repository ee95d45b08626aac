/// Writes a table as a fragment of HTML.
///
/// An estimate and its interval share a column; headings are words. The caption is the `caption`,
/// the notes are the `tfoot`, the `term` or `paper` of a row, else its first cell, is its header, numbers have the class
/// `number`, intervals the class `interval`, and columns that a printed page does not take the class
/// `unprinted`. On demand the limits of shares are bars on an axis from none to all, with the class `limits`. All text is escaped, line breaks are spaces, and
/// other invisible characters are shown as `\u{1B}`.
public struct HTMLWriter: Sendable {
  /// The looks of the numbers.
  public var options: TableOptions
  /// The characters that a printed page takes beside one another; `nil` for as many as there are.
  var printedWidth: Int?

  /// Whether the limits of shares are drawn below them.
  var drawsLimits: Bool

  /// Creates a writer.
  public init(
    options: TableOptions = TableOptions(), printedWidth: Int? = nil, drawsLimits: Bool = false
  ) {
    self.options = options
    self.printedWidth = printedWidth
    self.drawsLimits = drawsLimits
  }

  /// The table as HTML.
  public func write(_ table: Table) -> [UInt8] {
    let readable = ReadableTable(table, options: options, heading: Glossary.heading)
    let rowHeader = readable.rowHeader
    let classes = classes(of: readable)
    var bytes: [UInt8] = []
    bytes.append("<table>\n")
    if !readable.caption.isEmpty {
      bytes.append("<caption>\(Self.escaped(readable.caption))</caption>\n")
    }
    bytes.append("<thead>\n<tr>")
    for (column, kind) in zip(readable.columns, classes) {
      bytes.append("<th scope=\"col\"\(kind)>\(Self.escaped(column.heading))</th>")
    }
    bytes.append("</tr>\n</thead>\n<tbody>\n")
    for row in 0..<readable.rowCount {
      bytes.append("<tr>")
      for (index, column) in readable.columns.enumerated() {
        bytes.append(index == rowHeader ? "<th scope=\"row\"" : "<td")
        bytes.append("\(classes[index])>")
        bytes.append(Self.escaped(column.cells[row]))
        if let interval = column.intervals?[row], !interval.isEmpty {
          bytes.append(" <span class=\"interval\">\(interval)</span>")
        }
        if drawsLimits, let range = column.ranges?[row] {
          bytes.append(Self.bar(range.value, range.low, range.high))
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

  /// A share as a point on its limits, on an axis from none to all with a mark at one half; the number beside it says
  /// the same to those who do not see it.
  private static func bar(_ value: Double, _ low: Double, _ high: Double) -> String {
    let (x, from, to) = (place(value), place(low), place(high))
    return """
      <svg class="limits" viewBox="0 0 100 8" aria-hidden="true"><path class="half" d="M50 0V8"/>\
      <path d="M\(from) 4H\(to)"/><circle cx="\(x)" cy="4" r="3"/></svg>
      """
  }

  private static func place(_ share: Double) -> String {
    NumberFormat.shortest((share * 1000).rounded() / 10)
  }

  /// The class attribute of each column: whether it is numeric, and whether it is printed.
  ///
  /// A column of text needs 16 characters at most, since it is broken into lines; every column needs
  /// the longest word of its heading, and two characters of distance.
  private func classes(of table: ReadableTable) -> [String] {
    var used = 0
    return table.columns.enumerated().map { index, column in
      let cells = (0..<table.rowCount).map { column.cell($0).count }.max() ?? 0
      let word = column.heading.split(separator: " ").map(\.count).max() ?? 0
      used += max(word, column.isNumeric ? cells : min(16, cells)) + 2
      var names = column.isNumeric ? ["number"] : []
      if let printedWidth, used > printedWidth, index > 0 { names.append("unprinted") }
      return names.isEmpty ? "" : " class=\"\(names.joined(separator: " "))\""
    }
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
