import Glibc

/// The bytes of a file or of standard input.
enum InputBytes {
  /// Reads a whole file; `-` is standard input.
  static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
    let isStandardInput = path == "-"
    let descriptor = isStandardInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, .noInput) }
    defer { if !isStandardInput { close(descriptor) } }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(path, .noInput) }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw CommandFailure(.noInput, "\(path) is a folder; name a file")
    }
    var bytes: [UInt8] = []
    if status.st_size > 0 { bytes.reserveCapacity(Int(status.st_size) + 1) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(path, .invalidInput)
      }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  private static func failure(_ path: String, _ kind: CommandFailure.Kind) -> CommandFailure {
    CommandFailure(kind, "\(path) cannot be read: \(String(cString: strerror(errno)))")
  }
}
