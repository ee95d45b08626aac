import FoundationEssentials
import Glibc

/// A folder that is filled under a temporary name and then put in its place whole, or not at all.
///
/// A folder that is there already is replaced only when its marker says that this program made it, and
/// with which files. These are exchanged in one step, so that a folder is in its place at every moment.
/// Whatever else somebody has put there stays.
struct OutputFolder {
  /// The file that says which files of a folder are ours.
  struct Marker: Codable, Equatable {
    /// Its name in the folder.
    static let name = ".metastat-folder.json"
    /// What it is, in words that no other program's file has.
    static let kind = "folder written by metastat"

    var kind = Marker.kind
    /// The version of this list.
    var format = 1
    /// The version of the program.
    var version = Version.text
    /// The files, by their paths in the folder; the marker itself is not listed.
    var files: [String]

    /// The marker of a folder; `nil` if it has none that we understand.
    init?(of folder: String) {
      let path = "\(folder)/\(Self.name)"
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        status.st_size < 1 << 24, let bytes = try? InputBytes.contents(path),
        let marker = try? JSONDecoder().decode(Marker.self, from: Data(bytes)),
        marker.kind == Self.kind, marker.format == 1,
        marker.files.allSatisfy(Self.isInside)
      else { return nil }
      self = marker
    }

    init(files: [String]) { self.files = files.sorted() }

    /// Whether a path stays in the folder.
    private static func isInside(_ path: String) -> Bool {
      !path.split(separator: "/", omittingEmptySubsequences: false).contains { part in
        part.isEmpty || part == "." || part == ".."
      }
    }

    var bytes: [UInt8] {
      get throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + Array("\n".utf8)
      }
    }
  }

  let path: String
  private let place: OutputPlace
  private let temporary: Temporary
  private let replaces: Bool

  /// Where the files are until the folder is put in its place.
  var workingPath: String { temporary.path }

  /// Names a folder, which must not exist unless it may be replaced, and makes its stand-in.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - replaces: Whether it may be one that was written earlier, and is then replaced.
  init(_ path: String, replaces: Bool = false) throws(CommandFailure) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    let place = OutputPlace(path)
    var status = stat()
    if lstat(place.path, &status) == 0 {
      guard replaces else {
        throw CommandFailure(
          .output,
          "\(path) exists already; remove it, name another folder, or use --replace where there is "
            + "an earlier report")
      }
      guard status.st_mode & S_IFMT == S_IFDIR, let marker = Marker(of: place.path) else {
        throw CommandFailure(
          .output,
          "\(path) is not the folder of a report of this program (it has no file "
            + "\(Marker.name)) and is not replaced; remove it or name another folder")
      }
      try RunFiles.planning(marker.files.map { "\(place.path)/\($0)" })
    }
    guard !place.name.isEmpty, ![".", ".."].contains(place.name),
      let temporary = Temporary(.folder, in: place.folder)
    else {
      throw CommandFailure(.output, "\(path) cannot be made: \(String(cString: strerror(errno)))")
    }
    self.path = path
    self.place = place
    self.replaces = replaces
    self.temporary = temporary
  }

  /// Writes a file below the folder, with the folders on its way.
  func write(_ bytes: [UInt8], to relativePath: String) throws(CommandFailure) {
    try makeFolders(of: relativePath)
    let file = "\(workingPath)/\(relativePath)"
    let descriptor = open(
      file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(relativePath, errno) }
    guard OutputFile.write(bytes, to: descriptor) else {
      defer { close(descriptor) }
      throw failure(relativePath, errno)
    }
    guard close(descriptor) == 0 else { throw failure(relativePath, errno) }
  }

  /// Puts the folder in its place, with the marker that lists its files.
  ///
  /// - Returns: What was in an earlier folder and is not ours: it stays, in the new one.
  @discardableResult
  func commit() throws -> [String] {
    let files = Self.files(in: workingPath)
    try write(try Marker(files: files).bytes, to: Marker.name)
    var status = stat()
    guard lstat(place.path, &status) == 0 else {
      let error = temporary.move { rename($0, place.path) }
      guard error == 0 else { throw failure(nil, error) }
      return []
    }
    guard replaces, let marker = Marker(of: place.path) else {
      discard()
      throw CommandFailure(.output, "\(path) was made by another program in the meantime")
    }
    let ours = Set(marker.files + [Marker.name])
    for file in ours { try RunFiles.checkWriting("\(place.path)/\(file)") }
    let foreign = Self.files(in: place.path).filter { !ours.contains($0) }
    try keep(foreign, beside: Set(files))
    try exchange(mode: status.st_mode)
    return foreign
  }

  /// Removes what was written so far.
  func discard() { temporary.discard() }

  /// Gives files that are not ours a second name in the new folder, so that they are in the folder
  /// before and after the exchange.
  private func keep(_ foreign: [String], beside files: Set<String>) throws(CommandFailure) {
    for file in foreign {
      guard !files.contains(file) else {
        throw CommandFailure(
          .output,
          "\(path)/\(file) is not of the earlier report, and the new one has a file of that name; "
            + "move it, or name another folder")
      }
      let old = "\(place.path)/\(file)"
      var status = stat()
      guard lstat(old, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        try makeFolders(of: file + "/")
      } else {
        try makeFolders(of: file)
        guard linkat(AT_FDCWD, old, AT_FDCWD, "\(workingPath)/\(file)", 0) == 0 else {
          throw CommandFailure(
            .output,
            "\(path)/\(file) is not of the earlier report and cannot be kept "
              + "(\(String(cString: strerror(errno)))); move it, or name another folder")
        }
      }
    }
  }

  /// Exchanges the earlier folder for the new one and removes what was ours.
  private func exchange(mode: mode_t) throws(CommandFailure) {
    _ = chmod(workingPath, mode & 0o7777)
    let old = temporary.path
    let error = temporary.exchange(with: place.path)
    guard error == 0 else {
      discard()
      throw failure(nil, error)
    }
    Self.removeEarlier(old)
    temporary.forget()
  }

  /// Removes a folder that was exchanged for a newer one: the files of its marker, and second names
  /// of files that are kept elsewhere; nothing else.
  static func removeEarlier(_ folder: String) {
    let ours = Set((Marker(of: folder)?.files ?? []) + [Marker.name])
    for file in files(in: folder) {
      var status = stat()
      guard lstat("\(folder)/\(file)", &status) == 0, status.st_mode & S_IFMT != S_IFDIR,
        ours.contains(file) || status.st_nlink > 1
      else { continue }
      unlink("\(folder)/\(file)")
    }
    for inner in files(in: folder, includesFolders: true).sorted(by: { $0.count > $1.count }) {
      rmdir("\(folder)/\(inner)")
    }
    rmdir(folder)
  }

  private func makeFolders(of relativePath: String) throws(CommandFailure) {
    var folder = workingPath
    for part in relativePath.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
      folder += "/\(part)"
      guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
        throw failure(relativePath, errno)
      }
    }
  }

  private func failure(_ file: String?, _ error: Int32) -> CommandFailure {
    CommandFailure(
      .output,
      "\(path)\(file.map { "/" + $0 } ?? "") cannot be written: \(String(cString: strerror(error)))"
    )
  }

  /// The paths of what is in a folder, at any depth: files and links, and folders that are empty,
  /// or only and all folders.
  ///
  /// Links are not followed.
  private static func files(in root: String, includesFolders: Bool = false) -> [String] {
    var found: [String] = []
    var pending = [""]
    while let folder = pending.popLast() {
      guard let entries = opendir("\(root)/\(folder)") else { continue }
      defer { closedir(entries) }
      var isEmpty = true
      while let entry = readdir(entries) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        guard name != ".", name != ".." else { continue }
        isEmpty = false
        let path = folder.isEmpty ? name : "\(folder)/\(name)"
        var status = stat()
        guard lstat("\(root)/\(path)", &status) == 0 else { continue }
        if status.st_mode & S_IFMT == S_IFDIR {
          pending.append(path)
          if includesFolders { found.append(path) }
        } else if !includesFolders {
          found.append(path)
        }
      }
      if isEmpty, !folder.isEmpty, !includesFolders { found.append(folder) }
    }
    return found.sorted()
  }
}
