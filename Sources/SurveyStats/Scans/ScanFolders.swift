/// Finds the scans below folders.
///
/// A scan file belongs to a paper when it lies directly in a paper's folder: a folder in a folder
/// named `papers`; the input folder, or else a folder in the input folder.
struct ScanFolders {
  /// What was found, folder by folder in the order of their names; in one folder by version.
  private(set) var sources: [ScanSource] = []

  private static let deepestLevel = 64
  private let hasOneInput: Bool
  private var buffer = [UInt64](repeating: 0, count: 1 << 12)
  private var pathsOfFolders: [FileSystem.Identity: String] = [:]
  private var openFolders: [FileSystem.Identity] = []
  private var paths: Set<String> = []

  /// Looks through files and folders.
  init(_ inputs: [String]) throws(ScanReadError) {
    let inputs = Set(inputs).sorted()
    hasOneInput = inputs.count == 1
    for input in inputs {
      let path = ScanFolders.normalized(input)
      do throws(FileSystem.Failure) {
        switch try FileSystem.kind(of: path) {
        case .folder:
          visit(
            path, name: path, in: FileSystem.workingFolder,
            slug: ScanFolders.slug(ofFolder: path), level: 0)
        case .file: addFile(path)
        case let kind: addUnusable(path, kind)
        }
      } catch {
        if error.isNoSuchFile { throw .noSuchInput(input) }
        addUnreadable(path, error)
      }
    }
  }

  /// The slug of the paper whose scan lies at a path, from the path alone.
  static func slug(ofFile path: String) -> String {
    var parts = path.split(separator: "/")
    guard let name = parts.popLast() else { return path }
    if ScanFileName(String(name)) != nil, let folder = parts.last, folder != ".", folder != ".." {
      return String(folder)
    }
    return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? String(name)
  }

  private static func slug(ofFolder path: String) -> String {
    let name = (FileSystem.resolved(path) ?? path).split(separator: "/").last
    return name.map(String.init) ?? path
  }

  private static func normalized(_ path: String) -> String {
    var parts = path.split(separator: "/")
    parts.removeAll { $0 == "." }
    let joined = parts.joined(separator: "/")
    if path.hasPrefix("/") { return "/" + joined }
    return joined.isEmpty && !path.isEmpty ? "." : joined
  }

  private mutating func addFile(_ path: String) {
    if path.hasSuffix(".jsonl") {
      if isNew(path) { sources.append(.lines(path: path)) }
      return
    }
    let name = String(path.split(separator: "/").last ?? "")
    let fileName = ScanFileName(name)
    let parent = path.contains("/") ? String(path.dropLast(name.count)) : "."
    let slug =
      fileName == nil ? ScanFolders.slug(ofFile: path) : ScanFolders.slug(ofFolder: parent)
    addScan(path, slug: slug, version: fileName?.version)
  }

  private mutating func addScan(_ path: String, slug: String, version: Int?) {
    guard isNew(path) else { return }
    sources.append(
      .file(path: path, origin: ScanOrigin(file: path, slug: slug, version: version)))
  }

  private mutating func isNew(_ path: String) -> Bool {
    // A folder is visited once, so only another input can lead to the same path.
    guard !hasOneInput, !paths.insert(path).inserted else { return true }
    addRemark(path, .repeatedInput, "the file is named twice", remedy: "it is read once")
    return false
  }
}

extension ScanFolders {
  /// Visits the folder of a path, by its name in a parent that is open.
  private mutating func visit(
    _ path: String, name: String, in parent: Int32, slug: String?, level: Int
  ) {
    guard level <= ScanFolders.deepestLevel else {
      addRemark(
        path, .unreadable, "folders are nested deeper than \(ScanFolders.deepestLevel) levels",
        remedy: "its scans are left out; name the folder itself", severity: .leftOut)
      return
    }
    let folder: FileSystem.Folder
    do throws(FileSystem.Failure) { folder = try FileSystem.Folder(name, in: parent) } catch {
      addUnreadable(path, error)
      return
    }
    guard !openFolders.contains(folder.identity) else {
      addRemark(
        path, .symlinkLoop, "a symbolic link leads back to a folder that it is in",
        remedy: "the link is passed over; remove it")
      return
    }
    if let earlier = pathsOfFolders[folder.identity] {
      addRemark(
        path, .repeatedInput, "the same folder as \(earlier)",
        remedy: "it is read once; remove the link or name it once")
      return
    }
    pathsOfFolders[folder.identity] = path
    openFolders.append(folder.identity)
    defer { openFolders.removeLast() }
    let contents = folder.contents(buffer: &buffer)
    for name in contents.unreadableNames {
      addRemark(
        "\(path)/\(name)", .unreadable, "the name is not UTF-8",
        remedy: "it is left out; rename it", severity: .leftOut)
    }
    for name in contents.hiddenFolders
    where FileSystem.exists("\(name)/scan.json", in: folder.descriptor) {
      addRemark(
        "\(path)/\(name)", .nearScanName, "a hidden folder has a scan",
        remedy: "it is passed over; rename the folder to have it read")
    }
    visit(contents.entries, of: folder.descriptor, path, slug: slug, level: level)
    withExtendedLifetime(folder) {}
  }

  private mutating func visit(
    _ entries: [FileSystem.Entry], of folder: Int32, _ path: String, slug: String?, level: Int
  ) {
    let prefix = path == "." ? "" : path.hasSuffix("/") ? path : path + "/"
    var folders: [String] = []
    var scans: [(name: String, version: Int?, kind: FileSystem.Kind?)] = []
    for entry in entries {
      if let name = ScanFileName(entry.name) {
        scans.append((entry.name, name.version, entry.kind))
      } else if entry.kind == .folder || (entry.kind == nil && isFolder(prefix + entry.name)) {
        folders.append(entry.name)
      } else if ScanFileName.isNear(entry.name) {
        addRemark(
          prefix + entry.name, .nearScanName, "the name is almost that of a scan",
          remedy: "it is passed over; a scan is called scan.json, or scan-v4.json for version 4")
      }
    }
    scans.sort { ($0.version ?? 0, $0.name) < ($1.version ?? 0, $1.name) }
    for scan in scans {
      addEntry(prefix + scan.name, kind: scan.kind, slug: slug, version: scan.version)
    }
    let holdsPapers =
      (level == 0 && scans.isEmpty) || path == "papers" || path.hasSuffix("/papers")
    if folders.count > pathsOfFolders.count {
      pathsOfFolders.reserveCapacity(pathsOfFolders.count + folders.count)
    }
    var empty: [String] = []
    for name in folders {
      let count = sources.count
      visit(
        prefix + name, name: name, in: folder, slug: holdsPapers ? name : nil, level: level + 1)
      if sources.count == count { empty.append(name) }
    }
    // Among other folders one without a scan is nothing special.
    if path == "papers" || path.hasSuffix("/papers"), let first = empty.first {
      addRemark(
        path, .noScan,
        "\(empty.count) of \(folders.count) folders have no scan"
          + (empty.count == 1 ? ": \(first)" : ", the first \(first)"),
        remedy: "they are not counted as papers")
    }
  }

  /// Whether a symbolic link leads to a folder; a link in a circle is remarked on.
  private mutating func isFolder(_ path: String) -> Bool {
    do throws(FileSystem.Failure) {
      return try FileSystem.kind(of: path) == .folder
    } catch {
      if error.isLoop {
        addRemark(
          path, .symlinkLoop, error.reason, remedy: "the link is passed over; remove it")
      }
      return false
    }
  }

  private mutating func addEntry(
    _ path: String, kind: FileSystem.Kind?, slug: String?, version: Int?
  ) {
    do throws(FileSystem.Failure) {
      let kind = if let kind { kind } else { try FileSystem.kind(of: path) }
      guard kind == .file else {
        addUnusable(path, kind)
        return
      }
    } catch {
      addUnreadable(path, error)
      return
    }
    if let slug {
      addScan(path, slug: slug, version: version)
    } else {
      sources.append(
        .unusable(
          ScanProblem(
            file: path, kind: .outsidePaperFolder,
            message: "the scan is not directly in a paper's folder",
            remedy: "it is left out; move it to papers/<slug>/", severity: .leftOut)))
    }
  }

  private mutating func addUnusable(_ path: String, _ kind: FileSystem.Kind) {
    sources.append(.unusable(.notAFile(path, kind)))
  }

  private mutating func addUnreadable(_ path: String, _ failure: FileSystem.Failure) {
    sources.append(.unusable(.unreadable(path, failure)))
  }

  private mutating func addRemark(
    _ path: String, _ kind: ScanProblem.Kind, _ message: String, remedy: String,
    severity: ScanProblem.Severity = .note
  ) {
    sources.append(
      .remark(
        ScanProblem(
          file: path, kind: kind, message: message, remedy: remedy, severity: severity)))
  }
}

extension ScanProblem {
  /// Something that is no regular file.
  static func notAFile(_ path: String, _ kind: FileSystem.Kind) -> ScanProblem {
    let name =
      switch kind {
      case .file: "a file"
      case .folder: "a folder"
      case .pipe: "a named pipe"
      case .socket: "a socket"
      case .device: "a device"
      }
    return ScanProblem(
      file: path, kind: .notAFile, message: "\(name), not a scan file",
      remedy: "it is left out; rename or remove it", severity: .leftOut)
  }

  /// Something that cannot be opened.
  static func unreadable(_ path: String, _ failure: FileSystem.Failure) -> ScanProblem {
    ScanProblem(
      file: path, kind: failure.isLoop ? .symlinkLoop : .unreadable,
      message: "cannot be read: \(failure.reason)",
      remedy: "it is left out; repair the path or its permissions", severity: .leftOut)
  }
}
