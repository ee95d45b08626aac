import SurveyStats

/// A value of JSON, written as Swift literals and encoded with sorted keys.
public indirect enum VegaLiteValue: Sendable, Equatable {
  /// Nothing.
  case null
  /// A truth value.
  case boolean(Bool)
  /// A number.
  case number(Double)
  /// Text.
  case text(String)
  /// Values in order.
  case array([VegaLiteValue])
  /// Values by name.
  case object([String: VegaLiteValue])

  /// A number, or null when there is none.
  public init(_ value: Double?) {
    self = value.map { $0.isFinite ? .number($0) : .null } ?? .null
  }

  /// Text, or null when there is none.
  init(_ value: String?) { self = value.map(VegaLiteValue.text) ?? .null }

  /// A list of texts.
  init(_ values: [String]) { self = .array(values.map(VegaLiteValue.text)) }

  /// The value of a key of an object; setting a key of anything else makes it an object.
  public subscript(key: String) -> VegaLiteValue? {
    get { if case .object(let values) = self { values[key] } else { nil } }
    set {
      var values: [String: VegaLiteValue] = [:]
      if case .object(let known) = self { values = known }
      values[key] = newValue
      self = .object(values)
    }
  }

  /// The object with the keys of another; where both have one, the other's goes first.
  public func merging(_ other: VegaLiteValue) -> VegaLiteValue {
    guard case .object(let left) = self, case .object(let right) = other else { return other }
    return .object(left.merging(right) { $1 })
  }

  /// The value as JSON with sorted keys; elements of the outer arrays stand on lines of their own.
  public var json: [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes, depth: 0)
    bytes.append("\n")
    return bytes
  }

  private func append(to bytes: inout [UInt8], depth: Int) {
    switch self {
    case .null: bytes.append("null")
    case .boolean(let value): bytes.append(value ? "true" : "false")
    case .number(let value): value.isFinite ? bytes.append(shortest: value) : bytes.append("null")
    case .text(let value): bytes.append(jsonString: value)
    case .array(let values):
      bytes.append("[")
      for (index, value) in values.enumerated() {
        if index > 0 { bytes.append(",") }
        Self.breakLine(depth, in: &bytes)
        value.append(to: &bytes, depth: depth + 1)
      }
      bytes.append("]")
    case .object(let values):
      bytes.append("{")
      for (index, key) in values.keys.sorted().enumerated() {
        if index > 0 { bytes.append(",") }
        Self.breakLine(depth, in: &bytes)
        bytes.append(jsonString: key)
        bytes.append(": ")
        values[key]?.append(to: &bytes, depth: depth + 1)
      }
      bytes.append("}")
    }
  }

  private static func breakLine(_ depth: Int, in bytes: inout [UInt8]) {
    guard depth < 3 else { return }
    bytes.append("\n" + String(repeating: " ", count: depth + 1))
  }
}

extension VegaLiteValue: ExpressibleByStringLiteral, ExpressibleByFloatLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// Text.
  public init(stringLiteral value: String) { self = .text(value) }

  /// A real number.
  public init(floatLiteral value: Double) { self = .number(value) }

  /// A whole number.
  public init(integerLiteral value: Int) { self = .number(Double(value)) }

  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }

  /// Null.
  public init(nilLiteral: ()) { self = .null }

  /// A list.
  public init(arrayLiteral elements: VegaLiteValue...) { self = .array(elements) }

  /// An object; of equal keys the last one counts.
  public init(dictionaryLiteral elements: (String, VegaLiteValue)...) {
    self = .object(Dictionary(elements) { $1 })
  }
}
