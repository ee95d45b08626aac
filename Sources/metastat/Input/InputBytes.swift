import Glibc

/// The bytes of a file or of standard input.
enum InputBytes {
  /// Reads a whole file, which no output of this run may then replace; `-` is standard input.
  static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
    try contents(path, isInput: true)
  }

  /// Reads a whole file that is no input.
  static func contents(_ path: String) throws(CommandFailure) -> [UInt8] {
    try contents(path, isInput: false)
  }

  private static func contents(
    _ path: String, isInput: Bool
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
    }
  }

  private static func failure(
    _ path: String, _ kind: CommandFailure.Kind, _ error: Int32 = errno
  ) -> CommandFailure {
    CommandFailure(kind, "\(path) cannot be read: \(String(cString: strerror(error)))")
  }
}
