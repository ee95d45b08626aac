import FoundationEssentials
import Glibc

/// A new folder that is filled under a temporary name and then renamed, or not made at all.
struct OutputFolder: Sendable {
  let path: String
  private let temporary: String
  private let replaces: Bool

  /// Where the files are until the folder is put in its place.
  var workingPath: String { temporary }

  /// Names a folder, which must not exist, and makes its temporary stand-in.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - replaces: Whether it may exist if it holds a manifest, and is then replaced.
  init(_ path: String, replaces: Bool = false) throws(CommandFailure) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
    temporary = "\(path).tmp-\(getpid())"
    self.replaces = replaces
    let isReplaceable = replaces && access("\(path)/manifest.json", F_OK) == 0
    guard access(path, F_OK) != 0 || isReplaceable else {
      throw CommandFailure(.output, "\(path) exists already; remove it or name another folder")
    }
    guard mkdir(temporary, 0o777) == 0 else {
      throw CommandFailure(
        .output, "\(path) cannot be made: \(String(cString: strerror(errno)))")
    }
  }

  /// Writes a file below the folder, with the folders on its way.
  func write(_ bytes: [UInt8], to relativePath: String) throws(CommandFailure) {
    var folder = temporary
    for part in relativePath.split(separator: "/").dropLast() {
      folder += "/\(part)"
      guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
        throw CommandFailure(
          .output, "\(folder) cannot be made: \(String(cString: strerror(errno)))")
      }
    }
    try OutputFile("\(temporary)/\(relativePath)").write(bytes)
  }

  /// Puts the folder in its place.
  func commit() throws(CommandFailure) {
    let old = "\(path).old-\(getpid())"
    if replaces, rename(path, old) == 0 {
      defer { try? FileManager.default.removeItem(atPath: old) }
      guard rename(temporary, path) == 0 else {
        rename(old, path)
        discard()
        throw CommandFailure(.output, "\(path) cannot be replaced")
      }
      return
    }
    guard rename(temporary, path) == 0 else {
      let reason = String(cString: strerror(errno))
      discard()
      throw CommandFailure(.output, "\(path) cannot be made: \(reason)")
    }
  }

  /// Removes what was written so far.
  func discard() {
    try? FileManager.default.removeItem(atPath: temporary)
  }
}
