import CKernels
import Glibc

/// What the reader needs to know of files and folders.
enum FileSystem {
  /// A failed call.
  struct Failure: Error, Equatable {
    let code: Int32

    var isNoSuchFile: Bool { code == ENOENT || code == ENOTDIR }
    var isLoop: Bool { code == ELOOP }

    /// The reason in plain words.
    var reason: String {
      switch code {
      case EACCES, EPERM: "permission denied"
      case ENOENT: "no such file or folder"
      case ENOTDIR: "a part of the path is no folder"
      case ELOOP: "symbolic links lead in a circle"
      case ENAMETOOLONG: "the path is too long"
      case EMFILE, ENFILE: "too many open files"
      case ENOMEM: "not enough memory"
      case EIO: "input/output error"
      default: "error \(code) of the operating system"
      }
    }
  }

  /// What a path leads to, after following symbolic links.
  enum Kind: Equatable { case file, folder, pipe, socket, device }

  /// Tells one file or folder from every other.
  struct Identity: Hashable {
    let device: UInt64
    let node: UInt64

    fileprivate init(_ status: stat) {
      device = UInt64(status.st_dev)
      node = UInt64(status.st_ino)
    }
  }

  fileprivate static func kind(_ status: stat) -> Kind {
    switch status.st_mode & S_IFMT {
    case S_IFREG: .file
    case S_IFDIR: .folder
    case S_IFIFO: .pipe
    case S_IFSOCK: .socket
    default: .device
    }
  }

  /// What a path leads to.
  static func kind(of path: String) throws(Failure) -> Kind {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw Failure(code: errno) }
    return kind(status)
  }

  /// The path without symbolic links and relative parts.
  static func resolved(_ path: String) -> String? {
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(validatingCString: resolved)
  }

  /// An entry of a folder.
  struct Entry {
    let name: String
    /// What the entry is; `nil` for a symbolic link or when the file system does not say.
    let kind: Kind?
  }

  /// What a folder contains.
  struct Contents {
    /// The entries that are not hidden, sorted by name.
    var entries: [Entry] = []
    /// Names that are not UTF-8, repaired.
    var unreadableNames: [String] = []
    /// The hidden entries that may be folders.
    var hiddenFolders: [String] = []

    fileprivate mutating func add(_ entry: ck_entry) {
      if unsafe entry.name[0] == CChar(bitPattern: UInt8(ascii: ".")) {
        let kind = unsafe FileSystem.kind(ofEntryType: Int(entry.type))
        if kind == .folder || kind == nil, let text = unsafe String(validatingCString: entry.name),
          text != ".", text != ".."
        {
          hiddenFolders.append(text)
        }
        return
      }
      if let text = unsafe String(validatingCString: entry.name) {
        unsafe entries.append(
          Entry(name: text, kind: FileSystem.kind(ofEntryType: Int(entry.type))))
      } else {
        unsafe unreadableNames.append(String(cString: entry.name))
      }
    }
  }

  /// Whether there is something at a path that starts from an open folder.
  static func exists(_ path: String, in folder: Int32) -> Bool {
    unsafe path.withCString { unsafe faccessat(folder, $0, F_OK, 0) == 0 }
  }

  /// What relative paths start from.
  static var workingFolder: Int32 { AT_FDCWD }

  /// An open folder.
  struct Folder: ~Copyable {
    let identity: Identity
    /// What paths in the folder can start from.
    let descriptor: Int32

    /// Opens a folder by its path, or by its name in another that is open.
    init(_ path: String, in folder: Int32) throws(Failure) {
      // A call that takes a string itself would copy it.
      descriptor = unsafe path.withCString {
        unsafe openat(folder, $0, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC)
      }
      guard descriptor >= 0 else { throw Failure(code: errno) }
      var status = stat()
      guard unsafe fstat(descriptor, &status) == 0 else {
        let code = errno
        close(descriptor)
        throw Failure(code: code)
      }
      identity = Identity(status)
    }

    deinit { close(descriptor) }

    /// Lists the folder, by way of a buffer of some thousand words.
    func contents(buffer: inout [UInt64]) -> Contents {
      var contents = Contents()
      unsafe buffer.withUnsafeMutableBytes { bytes in
        var count = unsafe ck_read_entries(descriptor, bytes.baseAddress, bytes.count)
        while count > 0 {
          var offset = 0
          while offset < count {
            let entry = unsafe ck_entry_at(bytes.baseAddress, offset)
            unsafe contents.add(entry)
            offset = unsafe entry.next
          }
          count = unsafe ck_read_entries(descriptor, bytes.baseAddress, bytes.count)
        }
      }
      contents.entries.sort { FileSystem.isOrdered($0.name, $1.name) }
      contents.unreadableNames.sort(by: FileSystem.isOrdered)
      return contents
    }
  }

  private static func isOrdered(_ left: String, _ right: String) -> Bool {
    // Texts that are equal although their bytes are not come in the order of these.
    left < right || (left == right && left.utf8.lexicographicallyPrecedes(right.utf8))
  }

  private static func kind(ofEntryType type: Int) -> Kind? {
    switch type {
    case Int(DT_REG): .file
    case Int(DT_DIR): .folder
    case Int(DT_FIFO): .pipe
    case Int(DT_SOCK): .socket
    case Int(DT_CHR), Int(DT_BLK): .device
    default: nil
    }
  }
}

/// An open file.
struct InputFile: ~Copyable {
  /// The size when it was opened.
  let size: Int

  private let descriptor: Int32

  /// Why a file cannot be read.
  enum Failure: Error, Equatable {
    case system(FileSystem.Failure)
    case notAFile(FileSystem.Kind)
  }

  /// Opens a file; never waits for a pipe's other end.
  init(_ path: String) throws(Failure) {
    descriptor = unsafe path.withCString {
      unsafe open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    }
    guard descriptor >= 0 else { throw .system(FileSystem.Failure(code: errno)) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw .system(FileSystem.Failure(code: code))
    }
    let kind = FileSystem.kind(status)
    guard kind == .file else {
      close(descriptor)
      throw .notAFile(kind)
    }
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Reads into the bytes from `start`, at most `count`, fewer only at the end of the file.
  func read(into bytes: inout [UInt8], at start: Int, count: Int) throws(Failure) -> Int {
    precondition(start >= 0 && count >= 0 && start + count <= bytes.count)
    var total = 0
    while total < count {
      let result = unsafe bytes.withUnsafeMutableBytes {
        unsafe Glibc.read(
          descriptor, $0.baseAddress.map { unsafe $0 + start + total }, count - total)
      }
      if result == 0 { break }
      if result > 0 {
        total += result
      } else if errno != EINTR {
        throw .system(FileSystem.Failure(code: errno))
      }
    }
    return total
  }
}
