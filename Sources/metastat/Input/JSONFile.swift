import SurveyStats

/// A small JSON file with settings: weights, dimensions, pairs, sections.
enum JSONFile {
  /// Decodes a file; an error names the file, the place in it, and what was expected.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - allowsOtherKeys: Whether keys that nothing reads are passed over.
  static func decode<Value: Decodable>(
    _ path: String, allowsOtherKeys: Bool = false
  ) throws(CommandFailure) -> Value {
    try decode(try InputBytes.read(path), name: path, allowsOtherKeys: allowsOtherKeys)
  }

  /// Decodes bytes; an error names them as given.
  static func decode<Value: Decodable>(
    _ bytes: [UInt8], name path: String, allowsOtherKeys: Bool = false
  ) throws(CommandFailure) -> Value {
    do throws(OptionFileError) {
      return try OptionFile.decode(from: bytes, allowsOtherKeys: allowsOtherKeys)
    } catch {
      throw CommandFailure(.invalidInput, "\(path): \(error)")
    }
  }
}
