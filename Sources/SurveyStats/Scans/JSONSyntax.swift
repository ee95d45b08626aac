/// Says where and why a text is not acceptable JSON, after the fast parser has rejected it.
///
/// One pass without recursion, so that no text is too deep for it.
struct JSONSyntax {
  /// What makes a text unacceptable.
  struct Fault: Equatable {
    enum Kind { case notUTF8, nestedTooDeep, malformed }
    let kind: Kind
    let offset: Int
    let message: String
  }

  /// A token that is valid JSON but has no value, with the token of at most its length to use.
  struct Repair: Equatable {
    enum Kind { case numberOutOfRange, loneSurrogate }
    let kind: Kind
    let range: Range<Int>

    var replacement: String {
      switch kind {
      case .numberOutOfRange: "null"
      case .loneSurrogate: "\\ufffd"
      }
    }

    var message: String {
      switch kind {
      case .numberOutOfRange: "the number is out of range"
      case .loneSurrogate: "half of a surrogate pair"
      }
    }
  }

  /// The first fault; when there is none, only the repairs stand in the way.
  private(set) var fault: Fault?
  /// All tokens without a value, in order of place.
  private(set) var repairs: [Repair] = []

  private let bytes: [UInt8]
  private let start: Int
  private let end: Int
  private var offset: Int

  /// Examines the bytes in `range`.
  init(_ bytes: [UInt8], in range: Range<Int>) {
    self.bytes = bytes
    start = range.lowerBound
    offset = start
    end = range.upperBound
    do throws(Fault.Thrown) {
      try checkEncoding()
      try checkGrammar()
    } catch { fault = error.fault }
  }

  /// The bytes with all repairs made; the length stays.
  func repaired() -> [UInt8] {
    var result = bytes
    for repair in repairs {
      var position = repair.range.lowerBound
      for byte in repair.replacement.utf8 {
        result[position] = byte
        position += 1
      }
      while position < repair.range.upperBound {
        result[position] = UInt8(ascii: " ")
        position += 1
      }
    }
    return result
  }

  /// The line and the column, in characters, of an offset; both count from 1.
  func place(of offset: Int) -> (line: Int, column: Int) {
    var line = 1
    var column = 1
    for byte in bytes[start..<offset] {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0b1100_0000 != 0b1000_0000 {
        column += 1
      }
    }
    return (line, column)
  }

  // A pass ends at the first fault.
  private func fail(_ kind: Fault.Kind, _ message: String, at place: Int? = nil) -> Fault.Thrown {
    Fault.Thrown(fault: Fault(kind: kind, offset: place ?? offset, message: message))
  }

  private func checkEncoding() throws(Fault.Thrown) {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span.extracting(offset..<end))
    } catch {
      throw fail(.notUTF8, "not UTF-8", at: offset + error.byteOffsets.lowerBound)
    }
  }

  private enum Expectation { case value, firstElement, firstKey, key, colon, separator }

  private mutating func checkGrammar() throws(Fault.Thrown) {
    var open: [UInt8] = []
    var expected = Expectation.value
    while true {
      skipSpace()
      if expected == .separator, open.isEmpty {
        guard offset == end else {
          throw fail(.malformed, "\(found) after the end of the document")
        }
        return
      }
      guard offset < end else { throw fail(.malformed, "the text ends inside \(inside(open))") }
      let byte = bytes[offset]
      switch expected {
      case .firstElement where byte == UInt8(ascii: "]"),
        .firstKey where byte == UInt8(ascii: "}"):
        offset += 1
        open.removeLast()
        expected = .separator
      case .value, .firstElement:
        expected = try value(&open)
      case .firstKey, .key:
        guard byte == UInt8(ascii: "\"") else {
          throw fail(.malformed, "expected a key in quotes, found \(found)")
        }
        try string()
        expected = .colon
      case .colon:
        guard byte == UInt8(ascii: ":") else {
          throw fail(.malformed, "expected a colon after the key, found \(found)")
        }
        offset += 1
        expected = .value
      case .separator:
        expected = try separator(&open)
      }
    }
  }

  private mutating func separator(_ open: inout [UInt8]) throws(Fault.Thrown) -> Expectation {
    let isObject = open.last == UInt8(ascii: "{")
    switch bytes[offset] {
    case UInt8(ascii: ","):
      offset += 1
      return isObject ? .key : .value
    case isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"):
      offset += 1
      open.removeLast()
      return .separator
    default:
      throw fail(
        .malformed, "expected a comma or the end of \(inside(open)), found \(found)")
    }
  }

  private mutating func value(_ open: inout [UInt8]) throws(Fault.Thrown) -> Expectation {
    switch bytes[offset] {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      open.append(bytes[offset])
      // simdjson counts the document itself as a level.
      guard open.count < JSONParser.maximumDepth else {
        throw fail(.nestedTooDeep, "nested deeper than \(JSONParser.maximumDepth - 1) levels")
      }
      offset += 1
      return open.last == UInt8(ascii: "{") ? .firstKey : .firstElement
    case UInt8(ascii: "\""): try string()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
    default:
      guard let word = ["true", "false", "null"].first(where: startsHere) else {
        throw fail(.malformed, "expected a value, found \(found)")
      }
      offset += word.utf8.count
    }
    return .separator
  }

  private mutating func string() throws(Fault.Thrown) {
    let start = offset
    offset += 1
    while offset < end {
      switch bytes[offset] {
      case UInt8(ascii: "\""):
        offset += 1
        return
      case UInt8(ascii: "\\"): try escape()
      case 0..<0x20:
        throw fail(.malformed, "\(found) inside a string")
      default: offset += 1
      }
    }
    throw fail(.malformed, "a string without its closing quote", at: start)
  }

  private mutating func escape() throws(Fault.Thrown) {
    let start = offset
    guard offset + 1 < end else { throw fail(.malformed, "a string without its closing quote") }
    guard bytes[offset + 1] == UInt8(ascii: "u") else {
      guard "\"\\/bfnrt".utf8.contains(bytes[offset + 1]) else {
        throw fail(.malformed, "an unknown escape in a string")
      }
      offset += 2
      return
    }
    guard let unit = codeUnit(at: offset) else {
      throw fail(.malformed, "a \\u escape without four hexadecimal digits")
    }
    offset += 6
    switch unit {
    case 0xD800..<0xDC00:
      if let low = codeUnit(at: offset), 0xDC00..<0xE000 ~= low {
        offset += 6
      } else {
        repairs.append(Repair(kind: .loneSurrogate, range: start..<start + 6))
      }
    case 0xDC00..<0xE000:
      repairs.append(Repair(kind: .loneSurrogate, range: start..<start + 6))
    default: break
    }
  }

  private func codeUnit(at place: Int) -> Int? {
    guard place + 6 <= end, bytes[place] == UInt8(ascii: "\\"),
      bytes[place + 1] == UInt8(ascii: "u")
    else { return nil }
    var unit = 0
    for byte in bytes[place + 2..<place + 6] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      unit = unit * 16 + digit
    }
    return unit
  }

  private mutating func number() throws(Fault.Thrown) {
    let start = offset
    if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
    let isZero = offset < end && bytes[offset] == UInt8(ascii: "0")
    let wholeDigits = digits()
    guard wholeDigits > 0, !(isZero && wholeDigits > 1) else {
      throw fail(.malformed, "not a valid number", at: start)
    }
    var isWhole = true
    if offset < end, bytes[offset] == UInt8(ascii: ".") {
      isWhole = false
      offset += 1
      guard digits() > 0 else { throw fail(.malformed, "not a valid number", at: start) }
    }
    if offset < end, bytes[offset] | 0x20 == UInt8(ascii: "e") {
      isWhole = false
      offset += 1
      if offset < end, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[offset]) {
        offset += 1
      }
      guard digits() > 0 else { throw fail(.malformed, "not a valid number", at: start) }
    }
    let token = String(decoding: bytes[start..<offset], as: UTF8.self)
    let hasValue =
      isWhole
      ? Int64(token) != nil || UInt64(token) != nil
      : Double(token).map { $0.isFinite } ?? false
    if !hasValue { repairs.append(Repair(kind: .numberOutOfRange, range: start..<offset)) }
  }

  private mutating func digits() -> Int {
    let start = offset
    while offset < end, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[offset] { offset += 1 }
    return offset - start
  }

  private mutating func skipSpace() {
    while offset < end, bytes[offset].isJSONSpace { offset += 1 }
  }

  private func startsHere(_ word: String) -> Bool {
    bytes[offset..<end].starts(with: word.utf8)
  }

  private func inside(_ open: [UInt8]) -> String {
    switch open.last {
    case UInt8(ascii: "{"): "an object"
    case UInt8(ascii: "["): "an array"
    default: "the document"
    }
  }

  /// The character at the offset, for a message.
  private var found: String {
    guard offset < end else { return "the end of the text" }
    let character = String(decoding: bytes[offset..<min(end, offset + 4)], as: UTF8.self)
      .unicodeScalars.prefix(1)
    return ScanProblem.quoted(String(character))
  }
}

extension JSONSyntax.Fault {
  fileprivate struct Thrown: Error { let fault: JSONSyntax.Fault }
}
