import SurveyStats

/// JSON text of a scan, written key by key in the order of the calls.
struct ScanText {
  /// How the text looks; all styles mean the same.
  enum Style {
    /// Two spaces a level, a key a line.
    case indented
    /// No white space.
    case compact
    /// Two spaces a level, and every character beyond ASCII escaped.
    case ascii
  }

  private(set) var bytes: [UInt8] = []
  private let style: Style
  private var depth = 0
  private var isFirst = true

  init(style: Style) { self.style = style }

  /// Writes an object; without a key it is the document or an element of a list.
  mutating func object(_ key: String? = nil, _ body: (inout ScanText) -> Void) {
    nested(key, open: "{", close: "}", body)
  }

  /// Writes a list.
  mutating func list(_ key: String, _ body: (inout ScanText) -> Void) {
    nested(key, open: "[", close: "]", body)
  }

  /// Writes a list of texts.
  mutating func list(_ key: String, _ values: [String]) {
    list(key) { json in
      for value in values {
        json.begin(nil)
        json.append(quoted: value)
      }
    }
  }

  /// Writes a text; nothing when there is none.
  mutating func text(_ key: String, _ value: String?) {
    guard let value else { return }
    begin(key)
    append(quoted: value)
  }

  /// Writes a whole number; nothing when there is none.
  mutating func number(_ key: String, _ value: Int?) {
    guard let value else { return }
    begin(key)
    bytes += Array(String(value).utf8)
  }

  /// Writes true or false.
  mutating func flag(_ key: String, _ value: Bool) {
    begin(key)
    bytes += Array((value ? "true" : "false").utf8)
  }

  private mutating func nested(
    _ key: String?, open: Unicode.Scalar, close: Unicode.Scalar, _ body: (inout ScanText) -> Void
  ) {
    if depth > 0 { begin(key) }
    bytes.append(UInt8(ascii: open))
    depth += 1
    isFirst = true
    body(&self)
    depth -= 1
    if !isFirst { newLine() }
    isFirst = false
    bytes.append(UInt8(ascii: close))
  }

  private mutating func begin(_ key: String?) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
    newLine()
    guard let key else { return }
    append(quoted: key)
    bytes.append(UInt8(ascii: ":"))
    if style != .compact { bytes.append(UInt8(ascii: " ")) }
  }

  private mutating func newLine() {
    guard style != .compact else { return }
    bytes.append(UInt8(ascii: "\n"))
    for _ in 0..<(2 * depth) { bytes.append(UInt8(ascii: " ")) }
  }

  private mutating func append(quoted text: String) {
    bytes.append(UInt8(ascii: "\""))
    if style == .ascii {
      for unit in text.utf16 {
        if unit < 0x80 { append(escaped: UInt8(unit)) } else { append(unit: unit) }
      }
    } else {
      for byte in text.utf8 { append(escaped: byte) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func append(escaped byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
    case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
    case UInt8(ascii: "\t"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
    case 0..<0x20: append(unit: UInt16(byte))
    default: bytes.append(byte)
    }
  }

  private mutating func append(unit: UInt16) {
    let digits = Array("0123456789abcdef".utf8)
    bytes += [UInt8(ascii: "\\"), UInt8(ascii: "u")]
    for shift in [12, 8, 4, 0] { bytes.append(digits[Int(unit >> UInt16(shift) & 15)]) }
  }
}
