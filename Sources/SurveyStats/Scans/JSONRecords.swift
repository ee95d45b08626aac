/// Records of JSON as rows of texts: an array of objects, or an object a line.
///
/// Objects within a record are flattened (`hn.points`), the texts of lists are joined by semicolons,
/// and `null` is nothing.
package struct JSONRecords {
  /// The names of the columns, in order of first appearance.
  package private(set) var names: [String] = []
  /// The fields of each record, by column.
  package private(set) var rows: [[Int: String]] = []
  /// The line of each record, or its number in an array.
  package private(set) var places: [Int] = []
  /// Whether the records stand on lines.
  package private(set) var isLines = true

  private var columns: [String: Int] = [:]

  /// Why a text is no table of records.
  package struct Fault: Error {
    /// Where it is.
    package let place: String
    /// What it is.
    package let message: String
  }

  /// Reads records.
  package init(_ bytes: [UInt8]) throws(Fault) {
    let parser = JSONParser()
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let padded = bytes + [UInt8](repeating: 0, count: JSONParser.padding)
    let first = bytes[start...].first { !Self.isSpace($0) }
    if first == UInt8(ascii: "[") {
      isLines = false
      try read(start..<bytes.count, of: padded, by: parser, place: "the array") { value, records in
        for (number, element) in value.elements.enumerated() {
          guard records.add(element, place: number + 1) else {
            return Fault(
              place: "record \(number + 1)", message: "it is \(element.summary), not an object")
          }
        }
        return nil
      }
      return
    }
    var (here, line) = (start, 1)
    while here < bytes.count {
      let end = bytes[here...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      if bytes[here..<end].contains(where: { !Self.isSpace($0) }) {
        let number = line
        try read(here..<end, of: padded, by: parser, place: "line \(line)") { value, records in
          records.add(value, place: number)
            ? nil : Fault(place: "line \(number)", message: "it is \(value.summary), not an object")
        }
      }
      here = end + 1
      line += 1
    }
  }

  /// Whether a file that starts so holds records of a table, and not scans.
  ///
  /// It does when it is an array, or when the first line is an object without the parts of a scan.
  package static func areRecords(_ start: ArraySlice<UInt8>) -> Bool {
    let text = start.starts(with: [0xEF, 0xBB, 0xBF]) ? start.dropFirst(3) : start
    let body = text.drop(while: isSpace)
    if body.first == UInt8(ascii: "[") { return true }
    guard body.first == UInt8(ascii: "{") else { return false }
    let end = body.firstIndex(of: UInt8(ascii: "\n")) ?? body.endIndex
    guard end < body.endIndex, let records = try? JSONRecords(Array(body[..<end])) else {
      return false
    }
    let parts = ["checklist", "paper", "scan_version", "type_checklist"]
    return records.names.count > 1
      && !records.names.contains { name in
        parts.contains { name == $0 && $0 != "paper" || name.hasPrefix($0 + ".") }
      }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
      || byte == UInt8(ascii: "\n")
  }

  private mutating func read(
    _ range: Range<Int>, of bytes: [UInt8], by parser: JSONParser, place: String,
    _ body: (JSONValue, inout JSONRecords) -> Fault?
  ) throws(Fault) {
    var records = self
    let fault: Fault?
    do throws(JSONParser.Rejection) {
      fault = try parser.withValue(of: bytes, in: range) { body($0, &records) }
    } catch {
      let syntax = JSONSyntax(bytes, in: range)
      let message = syntax.fault?.message ?? error.message
      throw Fault(place: place, message: "not valid JSON: \(message)")
    }
    if let fault { throw fault }
    self = records
  }

  /// Adds a record; false for a value that is none.
  private mutating func add(_ value: JSONValue, place: Int) -> Bool {
    guard value.kind == .object else { return false }
    var row: [Int: String] = [:]
    add(value, prefix: "", to: &row)
    rows.append(row)
    places.append(place)
    return true
  }

  private mutating func add(_ object: JSONValue, prefix: String, to row: inout [Int: String]) {
    for member in object.members {
      let name = prefix + member.key.string
      if member.value.kind == .object {
        add(member.value, prefix: name + ".", to: &row)
        continue
      }
      guard let text = Self.text(member.value) else {
        if columns[name] == nil { _ = column(name) }
        continue
      }
      row[column(name)] = text
    }
  }

  private mutating func column(_ name: String) -> Int {
    if let column = columns[name] { return column }
    columns[name] = names.count
    names.append(name)
    return names.count - 1
  }

  private static func text(_ value: JSONValue) -> String? {
    switch value.kind {
    case .null, .object: nil
    case .boolean: value.boolean == true ? "true" : "false"
    case .string: value.text?.string
    case .number: value.integer.map(String.init) ?? value.number.map(NumberFormat.shortest)
    case .array:
      value.isEmpty
        ? nil
        : value.elements.map { text($0) ?? "" }.filter { !$0.isEmpty }.joined(separator: ";")
    }
  }
}
