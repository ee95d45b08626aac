/// A whole CSV in memory, for small files.
///
/// ``CSVReader`` reads large ones.
public struct CSVDocument: Sendable, Equatable {
  /// The column names.
  public var header: [String]
  /// The records; an unquoted `NA` is `nil`, an empty field is empty text.
  public var rows: [[String?]]
  /// The line on which each record starts, from 1.
  public var lines: [Int]

  /// Reads a CSV.
  public init(_ bytes: [UInt8]) throws(CSVError) {
    var reader = try CSVReader(bytes)
    header = reader.header
    rows = []
    lines = []
    while try reader.next() {
      rows.append(
        (0..<reader.fieldCount).map { reader.isUndefined($0) ? nil : reader.text($0) })
      lines.append(reader.line)
    }
  }

  /// The place of the column of that name.
  public func column(_ name: String) -> Int? { header.firstIndex(of: name) }
}
