import FoundationEssentials
import SurveyStats

/// A small JSON file with settings: weights, dimensions, an instrument.
enum JSONFile {
  /// Decodes a file; an error names the file, the place in it, and what was expected.
  static func decode<Value: Decodable>(_ path: String) throws(CommandFailure) -> Value {
    try decode(try InputBytes.read(path), name: path)
  }

  /// Decodes bytes; an error names them as given.
  static func decode<Value: Decodable>(
    _ bytes: [UInt8], name path: String
  ) throws(CommandFailure) -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw CommandFailure(.invalidInput, "\(path): \(describe(error))")
    } catch {
      throw CommandFailure(.invalidInput, "\(path): \(error)")
    }
  }

  private static func describe(_ error: DecodingError) -> String {
    let (context, message): (DecodingError.Context, String) =
      switch error {
      case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
        (context, "expected \(name(of: type))")
      case .keyNotFound(let key, let context): (context, "'\(key.stringValue)' is missing")
      case .dataCorrupted(let context):
        (context, context.underlyingError == nil ? context.debugDescription : "not valid JSON")
      @unknown default: (DecodingError.Context(codingPath: [], debugDescription: ""), "\(error)")
      }
    let place = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
      .joined(separator: ".")
    return place.isEmpty ? message : "\(place): \(message)"
  }

  /// What JSON calls the values of a type.
  private static func name(of type: any Any.Type) -> String {
    switch type {
    case is String.Type: "text"
    case is Bool.Type: "true or false"
    case is Int.Type: "a whole number"
    case is Double.Type: "a number"
    case is any RangeReplaceableCollection.Type: "a list"
    default: "an object"
    }
  }
}
