import Glibc
import Synchronization

/// Which file a path leads to, whatever it is called.
struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let node: UInt64

  /// The regular file at a path, links followed; `nil` if there is none.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// The regular file of that status; `nil` if it is something else.
  init?(_ status: stat) {
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    device = UInt64(status.st_dev)
    node = UInt64(status.st_ino)
  }

  /// The folder at a path; `nil` if there is none.
  init?(folder path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
    device = UInt64(status.st_dev)
    node = UInt64(status.st_ino)
  }
}

/// What a command reads and writes, so that the two can be kept apart before any work is done.
protocol CommandWithFiles {
  /// The files and folders that are read.
  var readPaths: [String] { get }
  /// The files that are written.
  var writtenPaths: [String] { get }
}

/// The files of this run: an output never replaces an input, nor another output.
enum RunFiles {
  private struct State {
    /// The files that were opened to be read.
    var read: Set<FileIdentity> = []
    /// The files that will be written, as they are called.
    var planned: [String] = []
    /// The files that were written.
    var written: [OutputPlace] = []
  }

  private static let state = Mutex(State())

  /// Checks the files of a command before it starts.
  static func plan(_ command: any CommandWithFiles) throws(CommandFailure) {
    var places: [OutputPlace: String] = [:]
    let outputs = command.writtenPaths.filter { $0 != "/dev/null" }
    for path in outputs {
      if let other = places.updateValue(path, forKey: OutputPlace(path)) {
        throw CommandFailure(
          .usage,
          other == path
            ? "\(path) is named for two outputs; give each a name of its own"
            : "\(other) and \(path) are one file; give each output a name of its own")
      }
    }
    var read: Set<FileIdentity> = []
    for path in command.readPaths { if let file = FileIdentity(path) { read.insert(file) } }
    state.withLock { state in
      state.read.formUnion(read)
      state.planned += outputs
    }
    for path in outputs { try checkWriting(path) }
  }

  /// Remembers a file that is read.
  static func reading(_ status: stat) {
    guard let file = FileIdentity(status) else { return }
    state.withLock { _ = $0.read.insert(file) }
  }

  /// Checks files that were found in a folder, and are read, against the outputs.
  static func reading(_ paths: [String]) throws(CommandFailure) {
    for output in state.withLock(\.planned) {
      guard let file = FileIdentity(output) else { continue }
      for path in paths where FileIdentity(path) == file { throw replacing(output) }
    }
  }

  /// Plans to replace files that are there.
  static func planning(_ paths: [String]) throws(CommandFailure) {
    state.withLock { $0.planned += paths }
    for path in paths { try checkWriting(path) }
  }

  /// Refuses to replace a file that is read, or that this run has written.
  static func checkWriting(_ path: String) throws(CommandFailure) {
    guard let file = FileIdentity(path) else { return }
    if state.withLock({ $0.read.contains(file) }) { throw replacing(path) }
  }

  /// Remembers a file that was written; a second output in the same place is refused.
  static func writing(_ place: OutputPlace, _ path: String) throws(CommandFailure) {
    try checkWriting(path)
    let isNew = state.withLock { state in
      if state.written.contains(place) { return false }
      state.written.append(place)
      return true
    }
    guard isNew else {
      throw CommandFailure(
        .usage, "\(path) was written by this run already; give each output a name of its own")
    }
  }

  private static func replacing(_ path: String) -> CommandFailure {
    CommandFailure(
      .output, "\(path) is an input, which an output never replaces; name another file")
  }
}

/// Where an output goes: a folder and a name in it, links followed.
struct OutputPlace: Hashable, Sendable {
  /// The path without links.
  let path: String
  /// The folder.
  let folder: String
  /// The name in the folder.
  let name: String
  private let folderIdentity: FileIdentity?

  static func == (first: OutputPlace, second: OutputPlace) -> Bool {
    first.name == second.name
      && (first.folderIdentity == second.folderIdentity && first.folderIdentity != nil
        || first.folder == second.folder)
  }

  func hash(into hasher: inout Hasher) { hasher.combine(name) }

  init(_ path: String) {
    var path = path
    // As many links as the system follows itself.
    for _ in 0..<40 {
      guard let target = Self.target(ofLink: path) else { break }
      path = target.hasPrefix("/") ? target : "\(Self.split(path).folder)/\(target)"
    }
    (folder, name) = Self.split(path)
    self.path = path
    folderIdentity = FileIdentity(folder: folder)
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
  }

  private static func target(ofLink path: String) -> String? {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &target, target.count)
    guard count >= 0 else { return nil }
    return String(decoding: target.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
