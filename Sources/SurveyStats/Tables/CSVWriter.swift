/// Writes a table as CSV: RFC 4180, UTF-8, comma, line feed, a header.
///
/// An undefined value is an unquoted `NA`; text that happens to be `NA` is quoted, so that
/// ``CSVReader`` tells the two apart. Otherwise quotes stand only where they are needed. Shares are
/// fractions, numbers the shortest that read back exactly, infinities `Inf` and `-Inf`.
///
/// Cost: about 35 ns a real number.
public struct CSVWriter: Sendable {
  /// Whether text that a spreadsheet would run as a formula gets a single quote in front.
  ///
  /// That is text that starts with `=`, `+`, `-`, `@`, also in their full width, a tab or a line
  /// break. It is not part of the contract for programs, since the text then no longer reads back as
  /// it was.
  var guardsFormulas: Bool
  /// Whether invisible characters are shown, as `\u{1B}`, so that a terminal shows the text as it is
  /// and a line is a row; then text with such characters no longer reads back as it was.
  var showsInvisible: Bool

  /// Creates a writer.
  public init(guardsFormulas: Bool = false, showsInvisible: Bool = false) {
    self.guardsFormulas = guardsFormulas
    self.showsInvisible = showsInvisible
  }

  /// The text with a single quote in front when a spreadsheet would run it as a formula.
  public static func guarded(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, formulaStarts.contains(first) else { return text }
    return "'" + text
  }

  /// The table as CSV.
  public func write(_ table: Table) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity((table.rowCount + 1) * table.columns.count * 12)
    appendHeader(of: table, to: &bytes)
    appendRows(0..<table.rowCount, of: table, to: &bytes)
    return bytes
  }

  /// Appends the header line.
  public func appendHeader(of table: Table, to bytes: inout [UInt8]) {
    guard !table.columns.isEmpty else { return }
    for (index, column) in (showsInvisible ? table.showingInvisibleNames : table)
      .namingColumnsOnce.columns.enumerated()
    {
      if index > 0 { bytes.append(Self.comma) }
      append(column.name, to: &bytes, isOnlyColumn: table.columns.count == 1)
    }
    bytes.append(Self.lineFeed)
  }

  /// Appends some rows, so that a large table can be written in pieces.
  public func appendRows(_ rows: Range<Int>, of table: Table, to bytes: inout [UInt8]) {
    guard !table.columns.isEmpty else { return }
    let isOnlyColumn = table.columns.count == 1
    let columns = table.columns.map(\.values)
    for row in rows {
      for index in columns.indices {
        if index > 0 { bytes.append(Self.comma) }
        switch columns[index] {
        case .text(let values):
          if let value = values[row] {
            append(value, to: &bytes, isOnlyColumn: isOnlyColumn)
          } else {
            bytes.append(NumberFormat.undefined)
          }
        case .integer(let values):
          if let value = values[row] {
            bytes.append(decimal: value)
          } else {
            bytes.append(NumberFormat.undefined)
          }
        case .real(let values):
          bytes.append(shortest: values[row] ?? .nan)
        }
      }
      bytes.append(Self.lineFeed)
    }
  }

  /// Appends a text cell, quoted when it must be.
  private func append(_ text: String, to bytes: inout [UInt8], isOnlyColumn: Bool) {
    var text = text
    if guardsFormulas { text = Self.guarded(text) }
    if showsInvisible { text = DisplayText.visible(text) }
    if isOnlyColumn && text.isEmpty { bytes.append("\"\"") } else { bytes.append(csvField: text) }
  }

  private static let comma = UInt8(ascii: ",")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let formulaStarts: [Unicode.Scalar] = Array("=+-@\t\r\n＝＋－＠".unicodeScalars)
}

extension [UInt8] {
  /// Appends a text field of a CSV, quoted where RFC 4180 asks for it, and where it reads `NA` or
  /// starts with a byte order mark.
  mutating func append(csvField text: String) {
    let quote = UInt8(ascii: "\"")
    let needsQuotes =
      text.utf8.contains { $0 <= 0x2C && ($0 == 0x2C || $0 == quote || $0 == 0x0A || $0 == 0x0D) }
      || text == NumberFormat.undefined || text.unicodeScalars.first == "\u{FEFF}"
    guard needsQuotes else {
      append(text)
      return
    }
    append(quote)
    for byte in text.utf8 {
      if byte == quote { append(quote) }
      append(byte)
    }
    append(quote)
  }
}
