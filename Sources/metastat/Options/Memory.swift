import ArgumentParser
import Glibc
import Synchronization

/// The memory that a run may take: what would take more is refused before it is begun.
///
/// The limit is that of `--memory`, else three quarters of what is free: on the machine, in the control
/// group, and below the limit of the process.
enum Memory {
  /// A size in bytes, written as 500M or 8G.
  struct Size: ExpressibleByArgument, Equatable {
    let bytes: Int

    init?(argument: String) {
      let units = ["k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40]
      var digits = argument.lowercased()
      if digits.hasSuffix("b") { digits.removeLast() }
      var unit = 1
      if let last = digits.last, let known = units[String(last)] {
        unit = known
        digits.removeLast()
      }
      guard let number = Double(digits), number > 0, number * Double(unit) < 1e18 else {
        return nil
      }
      bytes = Int(number * Double(unit))
    }
  }

  private static let chosen = Mutex<Int?>(nil)

  /// Takes the limit of an option.
  static func choose(_ size: Size?) { chosen.withLock { $0 = size?.bytes } }

  /// The limit in bytes.
  static var limit: Int { chosen.withLock(\.self) ?? free / 4 * 3 }

  /// Refuses what needs more than the limit.
  ///
  /// - Parameters:
  ///   - bytes: What is needed.
  ///   - purpose: What for, as `10000000 replicates of 79 quantities`.
  ///   - remedy: What to do.
  static func check(
    _ bytes: Double, for purpose: String, remedy: String
  ) throws(CommandFailure) {
    let limit = limit
    guard bytes > Double(limit) else { return }
    throw CommandFailure(
      .resource,
      "\(purpose) take \(words(bytes)) of memory, and \(words(Double(limit))) are to be had; \(remedy), "
        + "or allow more with --memory")
  }

  private static func words(_ bytes: Double) -> String {
    bytes >= 0x1p30
      ? "\((bytes / 0x1p30 * 10).rounded() / 10) GB" : "\(Int((bytes / 0x1p20).rounded(.up))) MB"
  }

  /// What is free, in bytes; a great number where nothing is known.
  private static var free: Int {
    var least = Int.max
    if let text = text("/proc/meminfo"),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
      let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    {
      least = kilobytes << 10
    }
    let group = "/sys/fs/cgroup/memory."
    if let most = number(group + "max"), let current = number(group + "current") {
      least = min(least, max(most - current, 0))
    }
    var process = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &process) == 0,
      process.rlim_cur < 1 << 60,
      let pages = text("/proc/self/statm")?.split(separator: " ").first.flatMap({ Int($0) })
    {
      least = min(least, max(Int(process.rlim_cur) - pages * Int(getpagesize()), 0))
    }
    return least
  }

  private static func number(_ path: String) -> Int? {
    text(path).flatMap { Int($0.filter(\.isNumber)) }
  }

  private static func text(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 13)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
  }
}

/// The descriptors that a run may open.
enum Descriptors {
  /// Raises a small limit as far as that is allowed, and refuses to start below what the runtime needs.
  static func prepare() throws(CommandFailure) {
    var limit = rlimit()
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(kind, &limit) == 0, limit.rlim_cur < 256 else { return }
    limit.rlim_cur = min(limit.rlim_max, 256)
    _ = setrlimit(kind, &limit)
    guard getrlimit(kind, &limit) == 0, limit.rlim_cur < 16 else { return }
    throw CommandFailure(
      .resource,
      "no more than \(limit.rlim_cur) files may be open at a time; raise the limit to 16 or more "
        + "(ulimit -n 256)")
  }
}
