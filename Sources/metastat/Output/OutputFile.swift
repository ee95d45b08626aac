import Glibc

/// A file that is written whole under a temporary name and then renamed, or not at all.
///
/// A link is followed: what it leads to is replaced, and it stays. A file that is replaced keeps its
/// mode; one that nobody may write to, and one that this run reads, are not replaced.
struct OutputFile: Sendable {
  let path: String

  /// Names a file and checks at once that it can be written.
  init(_ path: String) throws(CommandFailure) {
    self.path = path
    if Self.isStream(path) { return }
    let place = OutputPlace(path)
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT != S_IFDIR else {
        throw CommandFailure(.output, "\(path) is a folder; name a file")
      }
      // The superuser may write to everything, and a file is read-only all the same.
      guard status.st_mode & 0o222 != 0, access(path, W_OK) == 0 else {
        throw CommandFailure(
          .output, "\(path) is read-only; change its mode or name another file")
      }
    }
    guard !place.name.isEmpty, access(place.folder, W_OK | X_OK) == 0 else {
      throw CommandFailure(
        .output,
        "\(path) cannot be written: \(place.folder): \(String(cString: strerror(errno))); "
          + "create the folder or choose another")
    }
  }

  /// Writes all bytes and puts the file in its place.
  ///
  /// A device, such as `/dev/stdout`, or a pipe is written to as it stands.
  func write(_ bytes: [UInt8]) throws(CommandFailure) {
    if path == "/dev/stdout" { return try StandardOutput.write(bytes) }
    guard !Self.isStream(path) else { return try writeInPlace(bytes) }
    let place = OutputPlace(path)
    try RunFiles.writing(place, path)
    var status = stat()
    let isReplaced = stat(place.path, &status) == 0
    guard let temporary = Temporary(.file(mode: isReplaced ? 0o600 : 0o666), in: place.folder)
    else { throw failure(errno) }
    guard Self.write(bytes, to: temporary.descriptor) else {
      defer { temporary.discard() }
      throw failure(errno)
    }
    if isReplaced {
      // The group first: a change of owner takes away some bits of the mode.
      _ = fchown(temporary.descriptor, uid_t.max, status.st_gid)
      _ = fchmod(temporary.descriptor, status.st_mode & 0o7777)
    }
    let error = temporary.move { rename($0, place.path) }
    guard error == 0 else {
      temporary.discard()
      throw failure(error)
    }
  }

  /// Whether a path names a device or a pipe, which cannot be replaced.
  private static func isStream(_ path: String) -> Bool {
    if path.hasPrefix("/dev/") { return true }
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  private func writeInPlace(_ bytes: [UInt8]) throws(CommandFailure) {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(errno) }
    defer { close(descriptor) }
    guard Self.write(bytes, to: descriptor) || errno == EPIPE else { throw failure(errno) }
  }

  /// Writes all bytes; false, with `errno`, if that fails.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
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

  private func failure(_ error: Int32) -> CommandFailure {
    CommandFailure(.output, "\(path) cannot be written: \(String(cString: strerror(error)))")
  }
}
