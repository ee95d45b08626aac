/// What `metastat-formats` writes of a table; `table_stream.hpp` says how.
struct TableStream {
  private(set) var grid = TableGrid()
  private(set) var sheet: String?
  private(set) var otherSheets: [String] = []

  /// The stream ends before its end.
  struct Truncated: Error {}

  init(_ bytes: [UInt8]) throws(Truncated) {
    var here = 0
    func number() throws(Truncated) -> Int {
      guard here + 4 <= bytes.count else { throw Truncated() }
      defer { here += 4 }
      return Int(bytes[here]) | Int(bytes[here + 1]) << 8 | Int(bytes[here + 2]) << 16
        | Int(bytes[here + 3]) << 24
    }
    var names: [(name: String, label: String, set: String)] = []
    var labels: [String: [String: String]] = [:]
    var missing: [Int: Set<String>] = [:]
    var isComplete = false
    var hasNames = false
    while here < bytes.count, !isComplete {
      let kind = bytes[here]
      here += 1
      var fields: [String] = []
      for _ in 0..<(try number()) {
        let count = try number()
        guard here + count <= bytes.count else { throw Truncated() }
        fields.append(String(decoding: bytes[here..<here + count], as: UTF8.self))
        here += count
      }
      switch kind {
      case UInt8(ascii: "S"): sheet = fields.first
      case UInt8(ascii: "O"): otherSheets += fields
      case UInt8(ascii: "C") where fields.count == 3:
        names.append((fields[0], fields[1], fields[2]))
      case UInt8(ascii: "L") where fields.count == 3:
        labels[fields[0], default: [:]][fields[1]] = fields[2]
      case UInt8(ascii: "M") where fields.count == 2:
        if let column = Int(fields[0]) { missing[column, default: []].insert(fields[1]) }
      case UInt8(ascii: "R"):
        if !names.isEmpty, !hasNames {
          grid.append(names.map(\.name), at: 0)
          hasNames = true
        }
        guard let place = fields.first.flatMap({ Int($0) }) else { throw Truncated() }
        grid.append(Array(fields.dropFirst()), at: place)
      case UInt8(ascii: "Z"): isComplete = true
      default: throw Truncated()
      }
    }
    guard isComplete else { throw Truncated() }
    if !names.isEmpty, !hasNames { grid.append(names.map(\.name), at: 0) }
    grid.hasNames = !names.isEmpty
    grid.placeUnit = names.isEmpty ? .row : .record
    for (column, name) in names.enumerated() {
      let notes = TableGrid.Notes(
        label: name.label.isEmpty ? nil : name.label, valueLabels: labels[name.set] ?? [:],
        missingCodes: missing[column] ?? [])
      if notes != TableGrid.Notes() { grid.notes[column] = notes }
    }
  }
}
