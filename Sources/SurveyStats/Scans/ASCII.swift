extension UInt8 {
  /// Whether the byte is one of `0` to `9`.
  var isASCIIDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }

  /// Whether the byte is one of `a` to `z` or `A` to `Z`.
  var isASCIILetter: Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= self | 0x20 }

  /// Whether the byte is white space.
  var isASCIISpace: Bool { self == 0x20 || 0x09...0x0D ~= self }

  /// Whether the byte is white space between JSON tokens.
  var isJSONSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}

extension String {
  /// The text without white space at its ends.
  var trimmed: String {
    // Most texts have no white space there; their bytes tell it fastest.
    guard let head = utf8.first, let tail = utf8.last else { return self }
    if 0x21..<0x7F ~= head, 0x21..<0x7F ~= tail { return self }
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }

  /// The text with single spaces between its words and none at its ends.
  var collapsingWhiteSpace: String {
    var isTidy = true
    var previous = UInt8(ascii: " ")
    for byte in utf8 {
      if !(0x20..<0x7F ~= byte) || (byte == 0x20 && previous == 0x20) { isTidy = false }
      previous = byte
    }
    if isTidy, previous != 0x20 { return self }
    return split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
