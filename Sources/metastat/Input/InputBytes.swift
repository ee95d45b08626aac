import Glibc
import SurveyImport
import SurveyStats

/// The bytes of a file or of standard input.
enum InputBytes {
  /// Files of fewer bytes are read without a look at the length of their fields.
  private static let largeSize = 512 << 20

  /// Reads a whole file, which no output of this run may then replace; `-` is standard input.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - checksFields: Whether a large file is a table, and refused before it fills the memory when one
  ///     of its fields is as long as only an open quote makes it.
  static func read(
    _ path: String, checksFields: Bool = false
  ) throws(CommandFailure) -> [UInt8] {
    try contents(path, isInput: true, checksFields: checksFields)
  }

  /// Lets a reader take a regular file piece by piece; `nil` when it does not want it, or it is no such
  /// file.
  static func stream(
    _ path: String, _ reader: MatrixStream, jobs: Int
  ) async throws(CommandFailure) -> BinaryMatrix? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, .noInput) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    RunFiles.reading(status)
    return await reader.read(size: Int(status.st_size), jobs: jobs) { offset, target in
      while true {
        let count = pread(descriptor, target.baseAddress, target.count, off_t(offset))
        if count < 0, errno == EINTR { continue }
        return count
      }
    }
  }

  /// Reads a whole file that is no input.
  static func contents(_ path: String) throws(CommandFailure) -> [UInt8] {
    try contents(path, isInput: false, checksFields: false)
  }

  private static func contents(
    _ path: String, isInput: Bool, checksFields: Bool
  ) throws(CommandFailure) -> [UInt8] {
    let isStandardInput = path == "-"
    let descriptor = isStandardInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, .noInput) }
    defer { if !isStandardInput { close(descriptor) } }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(path, .noInput) }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw CommandFailure(.noInput, "\(path) is a folder; name a file")
    }
    if isInput { RunFiles.reading(status) }
    var bytes: [UInt8] = []
    if checksFields, status.st_size > largeSize, status.st_mode & S_IFMT == S_IFREG {
      try checkFields(of: descriptor, path)
    }
    // One byte more than the file has, so that its end is found without growing.
    var room = max(Int(status.st_size) + 1, 1 << 16)
    while true {
      var error: Int32 = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
        while count < room {
          let read = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, room - count)
          if read < 0, errno == EINTR { continue }
          if read < 0 { error = errno }
          if read <= 0 { return }
          count += read
        }
      }
      guard error == 0 else { throw failure(path, .invalidInput, error) }
      if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
      if chunk.count < room { return bytes }
      room = bytes.count
      if checksFields, bytes.count > largeSize {
        var lengths = FieldLengths()
        lengths.add(bytes[...])
        try lengths.check(path)
      }
    }
  }

  /// Goes through a file once without keeping it.
  private static func checkFields(of descriptor: Int32, _ path: String) throws(CommandFailure) {
    var lengths = FieldLengths()
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    var place: off_t = 0
    while true {
      let count = pread(descriptor, &chunk, chunk.count, place)
      guard count > 0 else { return }
      lengths.add(chunk[..<count])
      // Packed files and spreadsheets have no fields yet.
      if place == 0, TableFile.Kind(Array(chunk[..<count])) != .table(.csv) { return }
      try lengths.check(path)
      place += off_t(count)
    }
  }

  private static func failure(
    _ path: String, _ kind: CommandFailure.Kind, _ error: Int32 = errno
  ) -> CommandFailure {
    CommandFailure(
      kind,
      "\(path) cannot be read: \(String(cString: strerror(error)))"
        + (error == ENOENT ? PathNames.suggestion(for: path) : ""))
  }
}

/// The lengths of fields of a text, as far as they can be known without its delimiter.
private struct FieldLengths {
  private var isQuoted = false
  private var length = 0
  private var longest = 0
  private var line = 1
  private var lineOfLongest = 1

  mutating func add(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes {
      if byte == UInt8(ascii: "\n") { line += 1 }
      if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
      } else if !isQuoted,
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: ";")
          || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "|") || byte == UInt8(ascii: "\r")
      {
        length = 0
        continue
      }
      length += 1
      if length > longest {
        longest = length
        lineOfLongest = line
      }
    }
  }

  func check(_ path: String) throws(CommandFailure) {
    guard longest > DelimitedText.fieldLimit else { return }
    throw CommandFailure(
      .invalidInput,
      "\(path): line \(lineOfLongest): a field of more than \(DelimitedText.fieldLimit) bytes; look "
        + "for a quote that is not closed before it")
  }
}
