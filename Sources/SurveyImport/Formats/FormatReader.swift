import Glibc

/// Reads a foreign format in a process of its own, `metastat-formats`, with bounds of memory and time.
///
/// The parsers of these formats are libraries in C, whose faults cannot be mended here: what a hostile
/// file makes of them ends with that process.
public struct FormatReader: Sendable {
  /// Megabytes of memory that the process may take.
  public var memoryLimit = 1024
  /// Seconds of processor time that it may take.
  public var timeLimit = 60
  /// Megabytes that a packed file may unpack to.
  public var unpackedLimit = 512
  /// Where the program is; beside this one when it is `nil`.
  public var program: String?

  /// Creates a reader with the usual bounds.
  public init() {}

  /// Why a format could not be read.
  public struct Failure: Error, Equatable, Sendable {
    /// What was wrong.
    public let message: String
    /// What can be done.
    public let remedy: String
  }

  /// The bytes that the process writes for a file.
  func run(_ format: String, _ bytes: [UInt8], sheet: String = "") throws(Failure) -> [UInt8] {
    let path = try locate()
    let input = Self.temporaryFile()
    guard input >= 0 else { throw Self.system("a temporary file") }
    defer { close(input) }
    guard Self.write(bytes, to: input), lseek(input, 0, SEEK_SET) == 0 else {
      throw Self.system("a temporary file")
    }
    var (output, errors): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
    guard unsafe pipe(&output) == 0 else { throw Self.system("a pipe") }
    guard unsafe pipe(&errors) == 0 else {
      output.forEach { close($0) }
      throw Self.system("a pipe")
    }
    for end in output + errors { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, errors[1], STDERR_FILENO)
    let arguments = [
      path, format, "\(memoryLimit)", "\(timeLimit)", "\(unpackedLimit)", sheet,
    ]
    var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe pointers.forEach { unsafe free($0) } }
    // What reads hostile files need know nothing of its user.
    var environment: [UnsafeMutablePointer<CChar>?] = unsafe [nil]
    var process = pid_t()
    let status = unsafe posix_spawn(&process, path, &actions, nil, &pointers, &environment)
    close(output[1])
    close(errors[1])
    defer {
      close(output[0])
      close(errors[0])
    }
    guard status == 0 else {
      throw Failure(
        message: unsafe "\(path) does not start: \(String(cString: strerror(status)))",
        remedy: "install metastat again")
    }
    let result = Self.drain(output[0], errors[0], process: process, seconds: timeLimit * 4)
    var code: Int32 = 0
    while unsafe waitpid(process, &code, 0) < 0, errno == EINTR {}
    return try verdict(result, status: code, path: path)
  }

  private func verdict(
    _ result: (output: [UInt8], errors: [UInt8], isLate: Bool), status: Int32, path: String
  ) throws(Failure) -> [UInt8] {
    let signal = status & 0x7F
    let code = (status >> 8) & 0xFF
    if result.isLate || signal == SIGXCPU || signal == SIGKILL {
      throw Failure(
        message: "reading it takes more than the \(timeLimit) seconds it may",
        remedy: "save it as a CSV")
    }
    if signal != 0 {
      throw Failure(
        message: "its reader failed on it, without harm (signal \(signal))",
        remedy: "the file is damaged, or save it as a CSV")
    }
    guard code == 0 else {
      let message = String(decoding: result.errors.prefix(300), as: UTF8.self)
        .split(separator: "\n").first.map(String.init)
      switch code {
      case 4, 127:
        throw Failure(
          message: message ?? "a library is missing", remedy: "or save the file as a CSV")
      case 5:
        throw Failure(
          message: message ?? "it takes more memory than it may",
          remedy: "save it as a CSV, unpacked")
      default:
        throw Failure(
          message: message ?? "it cannot be read",
          remedy: "the file is damaged, or save it as a CSV")
      }
    }
    return result.output
  }

  private func locate() throws(Failure) -> String {
    if let program { return program }
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
    let own = String(
      decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let folder = own.lastIndex(of: "/").map { String(own[..<$0]) } ?? "."
    for path in [
      "\(folder)/metastat-formats", "\(folder)/../libexec/metastat/metastat-formats",
    ] where unsafe access(path, X_OK) == 0 {
      return path
    }
    throw Failure(
      message: "the program metastat-formats, which reads this format, is not beside metastat",
      remedy: "install both, or save the file as a CSV")
  }

  /// A file without a name, which is gone when it is closed.
  private static func temporaryFile() -> Int32 {
    let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    guard let path = unsafe strdup("\(folder)/metastat-XXXXXX") else { return -1 }
    defer { unsafe free(path) }
    let descriptor = unsafe mkstemp(path)
    if descriptor >= 0 {
      unsafe unlink(path)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }
    return descriptor
  }

  private static func system(_ what: String) -> Failure {
    Failure(
      message: unsafe "\(what) cannot be made: \(String(cString: strerror(errno)))",
      remedy: "close other programs")
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    unsafe bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let count = unsafe Glibc.write(
          descriptor, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        done += count
      }
      return true
    }
  }

  /// Reads both ends until they close, or kills the process when it takes too long.
  private static func drain(
    _ output: Int32, _ errors: Int32, process: pid_t, seconds: Int
  ) -> (output: [UInt8], errors: [UInt8], isLate: Bool) {
    var result: (output: [UInt8], errors: [UInt8], isLate: Bool) = ([], [], false)
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    var open = [
      pollfd(fd: output, events: Int16(POLLIN), revents: 0),
      pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
    ]
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    while open.contains(where: { $0.fd >= 0 }) {
      let count = unsafe poll(&open, 2, 1_000)
      if clock.now > end {
        kill(process, SIGKILL)
        result.isLate = true
        break
      }
      guard count > 0 else { continue }
      for index in open.indices where open[index].fd >= 0 && open[index].revents != 0 {
        let read = unsafe Glibc.read(open[index].fd, &chunk, chunk.count)
        if read > 0 {
          if index == 0 {
            result.output += chunk[..<read]
          } else if result.errors.count < 1 << 16 {
            result.errors += chunk[..<read]
          }
        } else if read == 0 || errno != EINTR {
          open[index].fd = -1
        }
      }
    }
    return result
  }
}
