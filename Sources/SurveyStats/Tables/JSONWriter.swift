/// Writes a table as JSON: an array of records, one a line, with the columns in their order.
///
/// An undefined value is `null`, and so is an infinite one, for which JSON has no word. Numbers are
/// the shortest that read back exactly. Captions and notes are not part of the records.
public struct JSONWriter: Sendable {
  /// Creates a writer.
  public init() {}

  /// The table as an array of records.
  public func write(_ table: Table) -> [UInt8] {
    var bytes: [UInt8] = []
    append(table, to: &bytes)
    bytes.append("\n")
    return bytes
  }

  /// Several tables as an object of arrays of records, by the name of the table.
  public func write(_ tables: [Table]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append("{")
    for (index, table) in tables.enumerated() {
      bytes.append(index > 0 ? ",\n" : "\n")
      bytes.append(jsonString: table.name)
      bytes.append(": ")
      append(table, to: &bytes)
    }
    bytes.append(tables.isEmpty ? "}\n" : "\n}\n")
    return bytes
  }

  private func append(_ table: Table, to bytes: inout [UInt8]) {
    let keys = table.namingColumnsOnce.columns.map { column in
      var key: [UInt8] = []
      key.append(jsonString: column.name)
      key.append(": ")
      return key
    }
    bytes.append("[")
    for row in 0..<table.rowCount {
      bytes.append(row > 0 ? ",\n{" : "\n{")
      for index in table.columns.indices {
        if index > 0 { bytes.append(", ") }
        bytes.append(contentsOf: keys[index])
        append(table.columns[index].values, row: row, to: &bytes)
      }
      bytes.append("}")
    }
    bytes.append(table.rowCount > 0 ? "\n]" : "]")
  }

  private func append(_ values: Column.Values, row: Int, to bytes: inout [UInt8]) {
    switch values {
    case .text(let values):
      if let value = values[row] { return bytes.append(jsonString: value) }
    case .integer(let values):
      if let value = values[row] { return bytes.append(decimal: value) }
    case .real(let values):
      if let value = values[row], value.isFinite { return bytes.append(shortest: value) }
    }
    bytes.append("null")
  }
}

extension [UInt8] {
  /// Appends a JSON string; control characters, line separators and invisible characters that turn
  /// or hide text are escaped, so that the text reads back as it is and looks as it is.
  package mutating func append(jsonString text: String) {
    append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": append("\\\"")
      case "\\": append("\\\\")
      case "\n": append("\\n")
      case "\r": append("\\r")
      case "\t": append("\\t")
      case _ where DisplayText.isInvisible(scalar):
        for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
          let digits = String(unit, radix: 16)
          append("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
        }
      default: append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    append(UInt8(ascii: "\""))
  }
}
