import CKernels
import FoundationEssentials
import Glibc
import Synchronization

/// A file or folder that is filled beside its place and then moved there, or not at all.
///
/// Its name cannot be guessed, it is made exclusively and never through a link, and its maker holds a
/// lock on it while it lives. What a killed process has left is known by the missing lock, and removed
/// by the next run that writes to the same folder. Everything a process has under way is removed when
/// a signal ends it.
struct Temporary: Sendable {
  /// What is made.
  enum Kind: Sendable { case file(mode: mode_t), folder }

  let path: String
  /// Where a file is written to; of a folder, what holds its lock.
  let descriptor: Int32

  /// Makes a file or folder in a folder; `errno` says why if that fails.
  init?(_ kind: Kind, in folder: String) {
    Self.removeStale(in: folder)
    for _ in 0..<100 {
      let path = "\(folder)/\(Self.prefix)\(Self.randomName())\(Self.suffix)"
      guard let descriptor = Self.make(kind, at: path) else {
        if errno == EEXIST || errno == EAGAIN { continue }
        return nil
      }
      // Another run takes what is not locked for left over; it has then lost its name.
      var status = stat()
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
        || fstat(descriptor, &status) != 0 || status.st_nlink == 0
      {
        close(descriptor)
        continue
      }
      self.path = path
      self.descriptor = descriptor
      if case .folder = kind { isFolder = true } else { isFolder = false }
      guard Self.underWay.withLock({ $0?.insert(path) }) != nil else {
        Self.remove(path)
        close(descriptor)
        errno = EINTR
        return nil
      }
      return
    }
    return nil
  }

  private let isFolder: Bool

  /// Moves it to its place with a call that gives 0 for success, and gives up the lock.
  ///
  /// - Returns: 0, or the error.
  func move(_ call: (_ from: String) -> Int32) -> Int32 {
    Self.underWay.withLock { paths in
      guard paths != nil else { return EINTR }
      guard call(path) == 0 else { return errno }
      paths?.remove(path)
      close(descriptor)
      return 0
    }
  }

  /// Exchanges a folder with the one in its place; what was there is then under the temporary name.
  ///
  /// Where the file system cannot exchange, the earlier folder is moved away first.
  ///
  /// - Returns: 0, or the error.
  func exchange(with place: String) -> Int32 {
    Self.underWay.withLock { paths in
      guard paths != nil else { return EINTR }
      guard ck_exchange_paths(path, place) != 0 else {
        // What stands under the temporary name now has files of others.
        paths?.remove(path)
        return 0
      }
      guard [EINVAL, ENOSYS, EOPNOTSUPP].contains(errno) else { return errno }
      let aside = path + ".old"
      guard rename(place, aside) == 0 else { return errno }
      guard rename(path, place) == 0 else {
        let error = errno
        rename(aside, place)
        return error
      }
      rename(aside, path)
      paths?.remove(path)
      return 0
    }
  }

  /// Gives up the lock on what is under the temporary name no more.
  func forget() { close(descriptor) }

  /// Removes it.
  func discard() {
    let wasUnderWay = Self.underWay.withLock { $0?.remove(path) != nil }
    guard wasUnderWay else { return }
    Self.remove(path)
    close(descriptor)
  }

  /// Removes everything under way, for good: nothing can be made or moved afterwards.
  static func removeAll() {
    for path in underWay.withLock({ paths in
      defer { paths = nil }
      return paths ?? []
    }) { remove(path) }
  }

  /// Removes a file, or a folder with what is in it; links are removed, not followed.
  static func remove(_ path: String) {
    guard unlink(path) != 0 else { return }
    try? FileManager.default.removeItem(atPath: path)
  }

  private static let prefix = ".metastat-"
  private static let suffix = ".tmp"
  /// What this process has made and not moved; `nil` once a signal ends it.
  private static let underWay = Mutex<Set<String>?>([])
  /// The folders that were looked through for what is left over.
  private static let lookedThrough = Mutex<Set<String>>([])

  private static func randomName() -> String {
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  private static func make(_ kind: Kind, at path: String) -> Int32? {
    let descriptor: Int32
    switch kind {
    case .file(let mode):
      descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    case .folder:
      guard mkdir(path, 0o777) == 0 else { return nil }
      descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      // Without the name, another run has removed it already.
      if descriptor < 0, errno == ENOENT { errno = EAGAIN }
    }
    return descriptor >= 0 ? descriptor : nil
  }

  /// Removes what processes that are no more have left in a folder.
  private static func removeStale(in folder: String) {
    guard lookedThrough.withLock({ $0.insert(folder).inserted }),
      let entries = opendir(folder)
    else { return }
    defer { closedir(entries) }
    while let entry = readdir(entries) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard isTemporary(name) else { continue }
      let path = "\(folder)/\(name)"
      let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
        // A folder with a marker was in its place before: others may have put files there.
        if OutputFolder.Marker(of: path) == nil {
          remove(path)
        } else {
          OutputFolder.removeEarlier(path)
        }
      }
      close(descriptor)
    }
  }

  private static func isTemporary(_ name: String) -> Bool {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return false }
    let digits = name.dropFirst(prefix.count).dropLast(suffix.count)
    return digits.utf8.count == 16 && digits.allSatisfy(\.isHexDigit)
  }
}
