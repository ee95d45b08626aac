import CSimdjson
import Glibc

/// Parses JSON texts one after another, reusing its memory.
///
/// The parser is simdjson's; its result is a *tape*, an array of 64-bit words in the order of the
/// text, that `JSONValue` walks. All pointers into the tape stay in this file, and no `JSONValue`
/// may leave the closure it is given to.
@safe final class JSONParser {
  /// The deepest nesting of objects and arrays that is accepted.
  static let maximumDepth = 512
  /// The bytes that must follow a text in memory; their values do not matter.
  static let padding = csimdjson_padding()

  private let parser: OpaquePointer?

  init() { unsafe parser = unsafe csimdjson_create(JSONParser.maximumDepth) }

  deinit { unsafe csimdjson_destroy(parser) }

  /// Why a text is not accepted, without the place; see `JSONSyntax` for that.
  struct Rejection: Error { let message: String }

  /// Parses the bytes in `range` and hands the outermost value to `body`.
  ///
  /// At least `padding` more bytes must follow the range.
  func withValue<Result>(
    of bytes: [UInt8], in range: Range<Int>, _ body: (JSONValue) -> Result
  ) throws(Rejection) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound + JSONParser.padding <= bytes.count)
    guard let parser = unsafe parser else {
      throw Rejection(message: "not enough memory for the parser")
    }
    return try unsafe bytes.withUnsafeBufferPointer { buffer throws(Rejection) -> Result in
      let document = unsafe csimdjson_parse(
        parser, buffer.baseAddress.map { unsafe $0 + range.lowerBound }, range.count)
      guard unsafe document.error == 0, let tape = unsafe document.tape,
        let strings = unsafe document.strings
      else {
        throw unsafe Rejection(message: String(cString: csimdjson_message(document.error)))
      }
      return unsafe body(JSONValue(tape: tape, strings: strings, index: 1))
    }
  }
}

/// A string or key of a parsed document, not yet copied.
@safe struct JSONText: Hashable {
  fileprivate let start: UnsafePointer<UInt8>
  let count: Int

  /// A copy; bytes that are not UTF-8 (from lone surrogates) become U+FFFD.
  var string: String {
    unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  /// A copy of at most about a hundred characters, for messages.
  var shortened: String {
    guard count > 100 else { return string }
    let bytes = unsafe UnsafeBufferPointer(start: start, count: 100)
    return unsafe String(decoding: bytes, as: UTF8.self) + "…"
  }

  /// A copy of the bytes.
  var bytes: [UInt8] { unsafe Array(UnsafeBufferPointer(start: start, count: count)) }

  /// A number that equal texts have in common, made of their lengths, ends and middles.
  var signature: UInt64 {
    // The padding of the string buffer makes eight bytes readable at any text.
    let raw = unsafe UnsafeRawPointer(start)
    var mixed = unsafe UInt64(littleEndian: raw.loadUnaligned(as: UInt64.self))
    if count < 8 {
      mixed &= 1 << UInt64(8 * count) &- 1
    } else {
      mixed = (mixed ^ mixed >> 29) &* 0xBF58_476D_1CE4_E5B9
      unsafe mixed ^= raw.loadUnaligned(fromByteOffset: (count - 8) / 2, as: UInt64.self)
      mixed = (mixed ^ mixed >> 29) &* 0x94D0_49BB_1331_11EB
      unsafe mixed ^= raw.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
    }
    mixed = (mixed ^ mixed >> 29) &+ UInt64(count)
    return mixed &* 0x9E37_79B9_7F4A_7C15
  }

  static func == (left: JSONText, right: JSONText) -> Bool {
    unsafe left.count == right.count && memcmp(left.start, right.start, left.count) == 0
  }

  static func == (left: JSONText, right: StaticString) -> Bool {
    unsafe left.count == right.utf8CodeUnitCount
      && memcmp(left.start, right.utf8Start, left.count) == 0
  }

  static func == (left: JSONText, right: [UInt8]) -> Bool {
    unsafe left.count == right.count
      && right.withUnsafeBytes { unsafe $0.elementsEqualMemory(left.start, count: left.count) }
  }

  /// Whether the text is a part of some bytes.
  func equals(_ bytes: [UInt8], in range: Range<Int>) -> Bool {
    guard range.count == count else { return false }
    return unsafe bytes.withUnsafeBytes {
      unsafe UnsafeRawBufferPointer(rebasing: $0[range]).elementsEqualMemory(start, count: count)
    }
  }

  func hash(into hasher: inout Hasher) {
    unsafe hasher.combine(bytes: UnsafeRawBufferPointer(start: start, count: count))
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func elementsEqualMemory(_ other: UnsafePointer<UInt8>, count: Int) -> Bool {
    guard let baseAddress else { return count == 0 }
    return unsafe memcmp(baseAddress, other, count) == 0
  }
}

/// The items of one object, all of which have a usable answer.
@safe struct PlainItems {
  fileprivate var storage = unsafe [csimdjson_item](repeating: csimdjson_item(), count: 64)
  /// The number of items.
  fileprivate(set) var count = 0

  subscript(number: Int) -> (name: JSONText, cell: Cell, source: JSONText?) {
    let item = unsafe storage[number]
    return unsafe (
      JSONText(start: item.name, count: Int(item.name_count)),
      item.applies ? item.answer ? .yes : .no : .notApplicable,
      item.source.map { unsafe JSONText(start: $0, count: Int(item.source_count)) }
    )
  }
}

/// One value of a parsed document: a position on its tape.
@safe struct JSONValue {
  enum Kind { case object, array, string, number, boolean, null }

  fileprivate let tape: UnsafePointer<UInt64>
  fileprivate let strings: UnsafePointer<UInt8>
  fileprivate let index: Int

  fileprivate var tag: UInt8 { unsafe UInt8(truncatingIfNeeded: tape[index] >> 56) }

  fileprivate func at(_ index: Int) -> JSONValue {
    unsafe JSONValue(tape: tape, strings: strings, index: index)
  }

  /// The tape index after this value, found without visiting what it contains.
  fileprivate var end: Int {
    switch tag {
    case UInt8(ascii: "{"), UInt8(ascii: "["): unsafe Int(UInt32(truncatingIfNeeded: tape[index]))
    case UInt8(ascii: "l"), UInt8(ascii: "u"), UInt8(ascii: "d"): index + 2
    default: index + 1
    }
  }

  fileprivate var unsafeText: JSONText {
    let start = unsafe strings + Int(tape[index] & 0x00FF_FFFF_FFFF_FFFF)
    let count = unsafe UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)
    return unsafe JSONText(start: start + 4, count: Int(count))
  }

  /// What the value is.
  var kind: Kind {
    switch tag {
    case UInt8(ascii: "{"): .object
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "\""): .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
    case UInt8(ascii: "n"): .null
    default: .number
    }
  }

  /// The value of a boolean, else `nil`.
  var boolean: Bool? {
    switch tag {
    case UInt8(ascii: "t"): true
    case UInt8(ascii: "f"): false
    default: nil
    }
  }

  /// The text of a string, else `nil`.
  var text: JSONText? { tag == UInt8(ascii: "\"") ? unsafeText : nil }

  /// The value of a number without fraction that fits, else `nil`.
  var integer: Int? {
    switch tag {
    case UInt8(ascii: "l"): unsafe Int(Int64(bitPattern: tape[index + 1]))
    case UInt8(ascii: "u"): unsafe Int(exactly: tape[index + 1])
    case UInt8(ascii: "d"): unsafe Int(exactly: Double(bitPattern: tape[index + 1]))
    default: nil
    }
  }

  /// The value of any number, else `nil`.
  var number: Double? {
    switch tag {
    case UInt8(ascii: "l"): unsafe Double(Int64(bitPattern: tape[index + 1]))
    case UInt8(ascii: "u"): unsafe Double(tape[index + 1])
    case UInt8(ascii: "d"): unsafe Double(bitPattern: tape[index + 1])
    default: nil
    }
  }

  /// A member of an object.
  struct Member {
    let key: JSONText
    let value: JSONValue

    /// Tells the member from every other member of its document.
    var identity: Int { value.index }
  }

  /// Whether an object in this outermost value has two members of one name, or may have.
  var mayRepeatKeys: Bool { unsafe csimdjson_may_repeat_keys(tape, strings) }

  /// Reads the members of an object if all of them are plain items; else false.
  ///
  /// No object of the document may have two members of one name.
  func readItems(into items: inout PlainItems) -> Bool {
    let capacity = unsafe items.storage.count
    let count = unsafe items.storage.withUnsafeMutableBufferPointer {
      unsafe csimdjson_plain_items(tape, strings, index, $0.baseAddress, capacity)
    }
    items.count = max(0, count)
    return count >= 0
  }

  /// The texts of a list with their lengths, as one text; `nil` for another value or when an element
  /// is no text.
  var joinedTexts: JSONText? {
    guard tag == UInt8(ascii: "["), index + 2 < end else { return nil }
    for place in index + 1..<end - 1 where unsafe tape[place] >> 56 != UInt64(UInt8(ascii: "\"")) {
      return nil
    }
    // The texts of a list lie one after another in the buffer, each after its length.
    let last = at(end - 2).unsafeText
    let start = unsafe at(index + 1).unsafeText.start - 4
    return unsafe JSONText(start: start, count: last.start + last.count - start)
  }

  /// The members of an object in the order of the text; none for another kind of value.
  var members: Members {
    let isObject = tag == UInt8(ascii: "{")
    return Members(position: at(index + 1), end: isObject ? end - 1 : index + 1)
  }

  struct Members: Sequence, IteratorProtocol {
    fileprivate var position: JSONValue
    fileprivate let end: Int

    mutating func next() -> Member? {
      guard position.index < end else { return nil }
      let member = Member(key: position.unsafeText, value: position.at(position.index + 1))
      position = position.at(member.value.end)
      return member
    }
  }

  /// The elements of an array in order; none for another kind of value.
  var elements: Elements {
    let isArray = tag == UInt8(ascii: "[")
    return Elements(position: at(index + 1), end: isArray ? end - 1 : index + 1)
  }

  struct Elements: Sequence, IteratorProtocol {
    fileprivate var position: JSONValue
    fileprivate let end: Int

    mutating func next() -> JSONValue? {
      guard position.index < end else { return nil }
      let element = position
      position = position.at(position.end)
      return element
    }
  }

  /// Whether an object or array has nothing in it.
  var isEmpty: Bool { (kind == .object || kind == .array) && end == index + 2 }

  /// What the value is, for a message.
  var summary: String {
    switch kind {
    case .object: "an object"
    case .array: "an array"
    case .string: "the text \(ScanProblem.quoted(text?.shortened ?? ""))"
    case .boolean: boolean == true ? "true" : "false"
    case .null: "null"
    case .number: "the number \(integer.map { "\($0)" } ?? number.map { "\($0)" } ?? "")"
    }
  }

  /// The first member of that name; `nil` when there is none or the value is no object.
  subscript(key: StaticString) -> JSONValue? {
    for member in members where member.key == key { return member.value }
    return nil
  }
}
