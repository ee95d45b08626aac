import Glibc

/// A file that is written whole under a temporary name and then renamed, or not at all.
struct OutputFile: Sendable {
  let path: String

  /// Names a file and checks at once that its folder exists and takes new files.
  init(_ path: String) throws(CommandFailure) {
    self.path = path
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw CommandFailure(.output, "\(path) is a folder; name a file")
    }
    let folder = Self.folder(of: path)
    if isStream { return }
    guard access(folder, W_OK | X_OK) == 0 else {
      throw CommandFailure(
        .output,
        "\(path) cannot be written: \(folder): \(String(cString: strerror(errno))); "
          + "create the folder or choose another")
    }
  }

  /// Writes all bytes and puts the file in its place.
  ///
  /// A device, such as `/dev/stdout`, or a pipe is written to as it stands.
  func write(_ bytes: [UInt8]) throws(CommandFailure) {
    if path == "/dev/stdout" { return try StandardOutput.write(bytes) }
    guard !isStream else { return try writeInPlace(bytes) }
    let temporary = "\(path).tmp-\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure() }
    guard Self.write(bytes, to: descriptor) else {
      let reason = failure()
      close(descriptor)
      unlink(temporary)
      throw reason
    }
    guard close(descriptor) == 0, rename(temporary, path) == 0 else {
      let reason = failure()
      unlink(temporary)
      throw reason
    }
  }

  /// Whether the path names a device or a pipe, which cannot be replaced.
  private var isStream: Bool {
    if path.hasPrefix("/dev/") { return true }
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
  }

  private func writeInPlace(_ bytes: [UInt8]) throws(CommandFailure) {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }
    guard Self.write(bytes, to: descriptor) || errno == EPIPE else { throw failure() }
  }

  /// Writes all bytes; false, with `errno`, if that fails.
  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR { continue }
        return false
      }
      rest = rest.dropFirst(written)
    }
    return true
  }

  private func failure() -> CommandFailure {
    CommandFailure(
      .output, "\(path) cannot be written: \(String(cString: strerror(errno)))")
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
