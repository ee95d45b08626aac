import SurveyStats

/// A JSON document as it is written, value by value.
struct JSONText {
  private(set) var bytes: [UInt8] = []
  private var needsComma = false

  /// Writes an object.
  mutating func object(_ key: String? = nil, _ body: (inout JSONText) -> Void) {
    nested(key, "{", "}", body)
  }

  /// Writes a list.
  mutating func list(_ key: String? = nil, _ body: (inout JSONText) -> Void) {
    nested(key, "[", "]", body)
  }

  /// Writes a list of values.
  mutating func list<Element>(
    _ key: String? = nil, _ values: some Sequence<Element>,
    _ body: (inout JSONText, Element) -> Void
  ) {
    list(key) { json in for value in values { body(&json, value) } }
  }

  /// Writes a text, or null.
  mutating func text(_ key: String? = nil, _ value: String?) {
    begin(key)
    if let value { bytes.append(jsonString: value) } else { bytes.append("null") }
  }

  /// Writes a number, or null where there is no finite one.
  mutating func number(_ key: String? = nil, _ value: Double?) {
    begin(key)
    if let value, value.isFinite { bytes.append(shortest: value) } else { bytes.append("null") }
  }

  /// Writes a whole number, or null.
  mutating func number(_ key: String? = nil, _ value: Int?) {
    begin(key)
    if let value { bytes.append(decimal: value) } else { bytes.append("null") }
  }

  /// Writes a truth value.
  mutating func truth(_ key: String? = nil, _ value: Bool) {
    begin(key)
    bytes.append(value ? "true" : "false")
  }

  /// Writes a table: its columns by name, in order.
  mutating func table(_ key: String? = nil, _ table: Table) {
    object(key) { json in
      json.text("caption", table.caption)
      json.list("notes", table.notes) { $0.text(nil, $1) }
      json.object("columns") { json in
        for column in table.namingColumnsOnce.columns {
          switch column.values {
          case .text(let values): json.list(column.name, values) { $0.text(nil, $1) }
          case .integer(let values): json.list(column.name, values) { $0.number(nil, $1) }
          case .real(let values): json.list(column.name, values) { $0.number(nil, $1) }
          }
        }
      }
    }
  }

  private mutating func nested(
    _ key: String?, _ open: String, _ close: String, _ body: (inout JSONText) -> Void
  ) {
    begin(key)
    bytes.append(open)
    needsComma = false
    body(&self)
    bytes.append(close)
    needsComma = true
  }

  private mutating func begin(_ key: String?) {
    if needsComma { bytes.append(",") }
    needsComma = true
    guard let key else { return }
    bytes.append(jsonString: key)
    bytes.append(":")
  }
}
