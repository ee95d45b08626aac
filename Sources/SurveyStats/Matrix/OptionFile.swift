/// A JSON file of options, such as weights, pairs or sections, read so that a mistake is found.
///
/// Whatever is wrong is said with line, column, path in the value, what is expected and what is there.
/// A key that nothing reads is a mistake too, with the nearest key that would be read, but for remarks:
/// `name`, `note`, `comment`, `source`, `published`, `$schema`, and keys that start with `_`.
///
/// Cost: linear in the file; nesting ends at 128 levels with an error.
public enum OptionFile {
  /// Decodes a value.
  ///
  /// - Parameters:
  ///   - type: The type of the value.
  ///   - bytes: The file.
  ///   - allowsOtherKeys: Whether keys that nothing reads are passed over.
  public static func decode<Value: Decodable>(
    _ type: Value.Type = Value.self, from bytes: [UInt8], allowsOtherKeys: Bool = false
  ) throws(OptionFileError) -> Value {
    let reading = OptionReading(bytes)
    let root = try reading.root()
    let value = try reading.decode(type, from: root, path: [])
    if !allowsOtherKeys, let error = reading.unreadKey(in: root, path: []) { throw error }
    return value
  }
}

/// What is wrong with a file of options, and where.
public struct OptionFileError: Error, Equatable, CustomStringConvertible {
  /// The line, from 1.
  public let line: Int
  /// The column, in characters, from 1.
  public let column: Int
  /// The path in the value, such as `pairs[2].visible`; empty for the whole.
  public let path: String
  /// What is wrong.
  public let message: String

  /// One line: where, and what is wrong.
  public var description: String {
    let path = path.isEmpty ? "" : DisplayText.abridged(path, to: 200) + ": "
    return DisplayText.visible("line \(line), column \(column): \(path)\(message)")
  }
}

/// A value of the file, with its place.
private final class OptionNode {
  enum Content {
    case null
    case boolean(Bool)
    case number(String)
    case text(String)
    case list([OptionNode])
    case object([(key: String, place: Int, value: OptionNode)])
  }

  let content: Content
  let place: Int
  /// The keys that were asked for; `nil` for an object that nobody has looked into.
  var asked: Set<String>?

  init(_ content: Content, at place: Int) {
    self.content = content
    self.place = place
  }

  /// What it is, for people.
  var kind: String {
    switch content {
    case .null: "null"
    case .boolean: "true or false"
    case .number: "a number"
    case .text: "text"
    case .list: "a list"
    case .object: "an object"
    }
  }

  func member(_ key: String) -> OptionNode? {
    guard case .object(let members) = content else { return nil }
    asked?.insert(key)
    return members.first { $0.key == key }?.value
  }
}

/// One file being read.
private final class OptionReading {
  static let deepest = 128
  static let remarks: Set = ["name", "note", "comment", "source", "published", "$schema"]

  private let bytes: [UInt8]
  private let syntax: JSONSyntax
  private var position = 0

  init(_ bytes: [UInt8]) {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    self.bytes = bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes
    syntax = JSONSyntax(self.bytes, in: self.bytes.indices)
  }

  func error(_ place: Int, _ path: [any CodingKey], _ message: String) -> OptionFileError {
    let (line, column) = syntax.place(of: min(place, bytes.count))
    let path = path.reduce(into: "") { text, key in
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += (text.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return OptionFileError(line: line, column: column, path: path, message: message)
  }

  func root() throws(OptionFileError) -> OptionNode {
    if let fault = syntax.fault {
      throw error(fault.offset, [], "not valid JSON: \(fault.message)")
    }
    if let repair = syntax.repairs.first {
      throw error(repair.range.lowerBound, [], repair.message)
    }
    return try value(depth: 0)
  }

  // The text is known to be valid here.
  private func value(depth: Int) throws(OptionFileError) -> OptionNode {
    guard depth < Self.deepest else {
      throw error(position, [], "nested deeper than \(Self.deepest) levels")
    }
    skipSpace()
    let place = position
    switch bytes[position] {
    case UInt8(ascii: "{"):
      position += 1
      var members: [(key: String, place: Int, value: OptionNode)] = []
      var keys: Set<String> = []
      while !closes(UInt8(ascii: "}")) {
        let place = position
        let key = string()
        guard keys.insert(key).inserted else {
          throw error(place, [], "the key \(ScanProblem.quoted(key)) is there twice")
        }
        skipSpace()
        position += 1
        members.append((key, place, try value(depth: depth + 1)))
      }
      return OptionNode(.object(members), at: place)
    case UInt8(ascii: "["):
      position += 1
      var elements: [OptionNode] = []
      while !closes(UInt8(ascii: "]")) { elements.append(try value(depth: depth + 1)) }
      return OptionNode(.list(elements), at: place)
    case UInt8(ascii: "\""): return OptionNode(.text(string()), at: place)
    default:
      let ends: [UInt8] = Array(",]} \t\r\n".utf8)
      while position < bytes.count, !ends.contains(bytes[position]) { position += 1 }
      let word = String(decoding: bytes[place..<position], as: UTF8.self)
      switch word {
      case "true": return OptionNode(.boolean(true), at: place)
      case "false": return OptionNode(.boolean(false), at: place)
      case "null": return OptionNode(.null, at: place)
      default: return OptionNode(.number(word), at: place)
      }
    }
  }

  /// Whether a list or object ends here; passes over the comma if it does not.
  private func closes(_ end: UInt8) -> Bool {
    skipSpace()
    if bytes[position] == UInt8(ascii: ",") {
      position += 1
      skipSpace()
    }
    guard bytes[position] == end else { return false }
    position += 1
    return true
  }

  private func skipSpace() {
    while position < bytes.count, bytes[position].isJSONSpace { position += 1 }
  }

  private func string() -> String {
    position += 1
    var units: [UInt8] = []
    while bytes[position] != UInt8(ascii: "\"") {
      guard bytes[position] == UInt8(ascii: "\\") else {
        units.append(bytes[position])
        position += 1
        continue
      }
      let escape = bytes[position + 1]
      position += 2
      switch escape {
      case UInt8(ascii: "b"): units.append(0x08)
      case UInt8(ascii: "f"): units.append(0x0C)
      case UInt8(ascii: "n"): units.append(0x0A)
      case UInt8(ascii: "r"): units.append(0x0D)
      case UInt8(ascii: "t"): units.append(0x09)
      case UInt8(ascii: "u"):
        var unit = codeUnit()
        if 0xD800..<0xDC00 ~= unit {
          position += 2
          unit = 0x10000 + (unit - 0xD800) << 10 + (codeUnit() - 0xDC00)
        }
        units += Array(String(Unicode.Scalar(unit).map(Character.init) ?? "\u{FFFD}").utf8)
      default: units.append(escape)
      }
    }
    position += 1
    return String(decoding: units, as: UTF8.self)
  }

  private func codeUnit() -> UInt32 {
    let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
    position += 4
    return UInt32(digits, radix: 16) ?? 0xFFFD
  }

  func decode<Value: Decodable>(
    _ type: Value.Type, from node: OptionNode, path: [any CodingKey]
  ) throws(OptionFileError) -> Value {
    do {
      return try Value(from: OptionDecoder(reading: self, node: node, codingPath: path))
    } catch let known as OptionFileError {
      throw known
    } catch DecodingError.dataCorrupted(let context) {
      let inner = context.codingPath.count > path.count ? context.codingPath : path
      let isWord = context.debugDescription.hasPrefix("Cannot initialize")
      throw error(
        place(of: inner.dropFirst(path.count), in: node), inner,
        isWord ? "none of the words that are known here" : context.debugDescription)
    } catch {
      throw self.error(node.place, path, "\(error)")
    }
  }

  private func place(of path: ArraySlice<any CodingKey>, in node: OptionNode) -> Int {
    path.reduce(node) { node, key in
      if case .list(let elements) = node.content, let index = key.intValue,
        elements.indices.contains(index)
      {
        return elements[index]
      }
      return node.member(key.stringValue) ?? node
    }.place
  }

  /// The first key that nothing has read, in objects that somebody has looked into.
  func unreadKey(in node: OptionNode, path: [any CodingKey]) -> OptionFileError? {
    switch node.content {
    case .list(let elements):
      for (index, element) in elements.enumerated() {
        if let error = unreadKey(in: element, path: path + [OptionKey(index)]) { return error }
      }
    case .object(let members):
      guard let asked = node.asked else { return nil }
      for member in members {
        if asked.contains(member.key) {
          let inner = path + [OptionKey(member.key)]
          if let error = unreadKey(in: member.value, path: inner) { return error }
        } else if !Self.remarks.contains(member.key), !member.key.hasPrefix("_") {
          let names = asked.sorted()
          let nearest = NearestNames(names).nearest(to: member.key)
          return error(
            member.place, path,
            "the key \(ScanProblem.quoted(member.key)) means nothing here"
              + (nearest.isEmpty
                ? "; there are " + names.joined(separator: ", ")
                : NearestNames.suggestion(of: nearest)))
        }
      }
    default: break
    }
    return nil
  }
}

private struct OptionKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(_ index: Int) { (stringValue, intValue) = ("\(index)", index) }
  init(_ name: String) { (stringValue, intValue) = (name, nil) }
  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { self.init(intValue) }
}

private struct OptionDecoder: Decoder {
  let reading: OptionReading
  let node: OptionNode
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = node.content else { throw expected("an object") }
    if node.asked == nil { node.asked = [] }
    return KeyedDecodingContainer(
      OptionMembers<Key>(decoder: self, names: members.map(\.key)))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .list(let elements) = node.content else { throw expected("a list") }
    return OptionElements(decoder: self, elements: elements)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    OptionValue(decoder: self)
  }

  func expected(_ kind: String) -> OptionFileError {
    reading.error(node.place, codingPath, "expected \(kind), found \(node.kind)")
  }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try reading.decode(type, from: node, path: codingPath)
  }

  func inside(_ node: OptionNode, _ key: any CodingKey) -> OptionDecoder {
    OptionDecoder(reading: reading, node: node, codingPath: codingPath + [key])
  }

  func boolean() throws -> Bool {
    guard case .boolean(let value) = node.content else { throw expected("true or false") }
    return value
  }

  func text() throws -> String {
    guard case .text(let value) = node.content else { throw expected("text") }
    return value
  }

  func real<Value: LosslessStringConvertible>() throws -> Value {
    guard case .number(let text) = node.content, let value = Value(text) else {
      throw expected("a number")
    }
    return value
  }

  func whole<Value: FixedWidthInteger>() throws -> Value {
    guard case .number(let text) = node.content else { throw expected("a whole number") }
    if let value = Value(text) { return value }
    guard let real = Double(text), let value = Value(exactly: real) else {
      throw expected("a whole number")
    }
    return value
  }
}

private struct OptionValue: SingleValueDecodingContainer {
  let decoder: OptionDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }

  func decodeNil() -> Bool { if case .null = decoder.node.content { true } else { false } }
  func decode(_ type: Bool.Type) throws -> Bool { try decoder.boolean() }
  func decode(_ type: String.Type) throws -> String { try decoder.text() }
  func decode(_ type: Double.Type) throws -> Double { try decoder.real() }
  func decode(_ type: Float.Type) throws -> Float { try decoder.real() }
  func decode(_ type: Int.Type) throws -> Int { try decoder.whole() }
  func decode(_ type: Int8.Type) throws -> Int8 { try decoder.whole() }
  func decode(_ type: Int16.Type) throws -> Int16 { try decoder.whole() }
  func decode(_ type: Int32.Type) throws -> Int32 { try decoder.whole() }
  func decode(_ type: Int64.Type) throws -> Int64 { try decoder.whole() }
  func decode(_ type: UInt.Type) throws -> UInt { try decoder.whole() }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try decoder.whole() }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try decoder.whole() }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try decoder.whole() }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try decoder.whole() }
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.decode(type) }
}

private struct OptionElements: UnkeyedDecodingContainer {
  let decoder: OptionDecoder
  let elements: [OptionNode]
  private(set) var currentIndex = 0
  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex == elements.count }

  init(decoder: OptionDecoder, elements: [OptionNode]) {
    self.decoder = decoder
    self.elements = elements
  }

  private func current() throws -> OptionDecoder {
    guard currentIndex < elements.count else {
      throw decoder.reading.error(decoder.node.place, codingPath, "the list is too short")
    }
    return decoder.inside(elements[currentIndex], OptionKey(currentIndex))
  }

  mutating func decodeNil() throws -> Bool {
    guard case .null = try current().node.content else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value = try current().decode(type)
    currentIndex += 1
    return value
  }

  mutating func nestedContainer<Key: CodingKey>(
    keyedBy type: Key.Type
  ) throws -> KeyedDecodingContainer<Key> {
    let container = try current().container(keyedBy: type)
    currentIndex += 1
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let container = try current().unkeyedContainer()
    currentIndex += 1
    return container
  }

  mutating func superDecoder() throws -> any Decoder { try current() }
}

private struct OptionMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: OptionDecoder
  let names: [String]
  var codingPath: [any CodingKey] { decoder.codingPath }

  /// The keys of the object; who asks for them reads them all.
  var allKeys: [Key] {
    let keys = names.compactMap(Key.init(stringValue:))
    for key in keys { decoder.node.asked?.insert(key.stringValue) }
    return keys
  }

  func contains(_ key: Key) -> Bool { decoder.node.member(key.stringValue) != nil }

  private func member(_ key: Key) throws -> OptionDecoder {
    guard let node = decoder.node.member(key.stringValue) else {
      throw decoder.reading.error(
        decoder.node.place, codingPath, "'\(key.stringValue)' is missing")
    }
    return decoder.inside(node, key)
  }

  func decodeNil(forKey key: Key) throws -> Bool {
    guard case .null = try member(key).node.content else { return false }
    return true
  }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try member(key).decode(type)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try member(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try member(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { decoder }
  func superDecoder(forKey key: Key) throws -> any Decoder { try member(key) }
}
