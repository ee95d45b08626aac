/// Any value of a JSON document, for files whose shape is not fixed.
indirect enum JSONTree: Decodable, Sendable, Equatable {
  case undefined
  case boolean(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  case list([JSONTree])
  case object([String: JSONTree])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .undefined
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .real(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONTree].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: JSONTree].self))
    }
  }

  /// The member of an object; `nil` for other values, and where it is null.
  subscript(key: String) -> JSONTree? {
    guard case .object(let members) = self, let member = members[key], member != .undefined else {
      return nil
    }
    return member
  }

  /// The members of an object.
  var members: [String: JSONTree] { if case .object(let members) = self { members } else { [:] } }

  /// The elements of a list; `nil` for other values.
  var elements: [JSONTree]? { if case .list(let elements) = self { elements } else { nil } }

  /// The text; `nil` for other values.
  var string: String? { if case .text(let text) = self { text } else { nil } }

  /// The truth value; `nil` for other values.
  var bool: Bool? { if case .boolean(let value) = self { value } else { nil } }

  /// The number; `nil` for other values.
  var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    default: nil
    }
  }

  /// A single value as text; `nil` for lists, objects and null.
  var spelling: String? {
    switch self {
    case .undefined, .list, .object: nil
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): value.description
    case .real(let value): NumberFormat.shortest(value)
    case .text(let value): value
    }
  }
}
