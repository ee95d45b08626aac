import FoundationEssentials
import Glibc
import SurveyStats
import Synchronization

/// Draws the figures of a folder as SVG and PNG with the Python module vl_convert.
///
/// The program is the one that the environment variable METASTAT_PYTHON names, else `python3`. It
/// is started once for all figures, or twice when two tasks may work at a time, sees little of the
/// environment, and is ended after 300 seconds, or METASTAT_PYTHON_SECONDS.
struct FigureRenderer {
  /// Why there are no pictures.
  enum Failure: Error, Equatable {
    /// Python cannot be started.
    case noPython(String)
    /// Python does not have the module.
    case noModule(String)
    /// A specification was refused, or the renderer failed otherwise.
    case failed(String)

    /// One sentence with the remedy.
    var message: String {
      switch self {
      case .noPython(let program):
        "no pictures: '\(program)' cannot be started; install Python 3 with the package "
          + "vl-convert-python, or name another Python in METASTAT_PYTHON"
      case .noModule(let program):
        "no pictures: '\(program)' has no package vl-convert-python; make a Python that has it with "
          + "'\(program) -m venv ~/.metastat && ~/.metastat/bin/pip install vl-convert-python', and "
          + "name it with METASTAT_PYTHON=~/.metastat/bin/python3"
      case .failed(let reason): "no pictures: the renderer failed (\(reason))"
      }
    }
  }

  /// The Python to start.
  let program: String

  /// Finds Python in the environment.
  init() {
    let named = getenv("METASTAT_PYTHON").map { String(cString: $0) } ?? ""
    program = named.isEmpty ? "python3" : named
    let seconds = getenv("METASTAT_PYTHON_SECONDS").flatMap { Double(String(cString: $0)) }
    limit = seconds.map { $0 > 0 && $0 < 1e6 ? $0 : 300 } ?? 300
  }

  /// The seconds after which a process that still draws is ended.
  let limit: Double

  /// Draws `NAME.vl.json` of every name as `NAME.svg` and `NAME.png` beside it; a name that ends in
  /// `:png` gets no SVG.
  ///
  /// - Parameters:
  ///   - names: The names.
  ///   - folder: Where the specifications are.
  ///   - jobs: How many processes share the work; two are worth their start from six figures on.
  func render(_ names: [String], in folder: String, jobs: Int) throws(Failure) {
    let count = names.count < 6 ? 1 : min(2, jobs)
    var children: [pid_t] = []
    defer { for child in children { Self.end(child) } }
    for part in 0..<count {
      let share = names.indices.filter { $0 % count == part }.map { names[$0] }
      guard !share.isEmpty else { continue }
      children.append(try start(share, in: folder))
    }
    let end = ContinuousClock.now + .seconds(limit)
    while let child = children.first {
      try wait(for: child, until: end)
      children.removeFirst()
    }
  }

  /// What a renderer may see of the environment: where programs, modules and fonts are, and in which
  /// language it speaks; nothing of what else the user keeps there.
  private static func isPassedOn(_ name: String) -> Bool {
    let names = [
      "PATH", "HOME", "LANG", "TMPDIR", "TZ", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "FONTCONFIG_FILE",
      "FONTCONFIG_PATH", "SOURCE_DATE_EPOCH",
    ]
    return names.contains(name)
      || ["LC_", "PYTHON", "XDG_", "CONDA_", "VL_CONVERT_"].contains { name.hasPrefix($0) }
  }

  /// Starts a process that draws some figures, at the head of a group of its own.
  private func start(_ names: [String], in folder: String) throws(Failure) -> pid_t {
    let script = String(decoding: PackageResources.render_py, as: UTF8.self)
    let words = [program, "-c", script, folder] + names
    var arguments = words.map { strdup($0) } + [nil]
    var environment =
      ProcessInfo.processInfo.environment.filter { Self.isPassedOn($0.key) }
      .sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in arguments + environment { free(text) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)
    var child: pid_t = 0
    let error = posix_spawnp(&child, program, &actions, &attributes, &arguments, &environment)
    guard error == 0 else { throw .noPython(program) }
    Self.running.withLock { _ = $0.insert(child) }
    return child
  }

  /// Waits until a process has drawn its figures, or the time is up, or the run is interrupted.
  private func wait(
    for child: pid_t, until end: ContinuousClock.Instant
  ) throws(Failure) {
    var status: Int32 = 0
    while true {
      let ended = waitpid(child, &status, WNOHANG)
      if ended == child { break }
      guard ended == 0 || errno == EINTR else { throw .failed("it was lost") }
      guard !Task.isCancelled else { throw .failed("interrupted") }
      guard ContinuousClock.now < end else {
        throw .failed("it was ended after \(NumberFormat.shortest(limit)) seconds")
      }
      usleep(5_000)
    }
    Self.running.withLock { _ = $0.remove(child) }
    let signal = status & 0x7F
    guard signal == 0 else { throw .failed("signal \(signal)") }
    switch status >> 8 & 0xFF {
    case 0: return
    case 3: throw .noModule(program)
    case 127: throw .noPython(program)
    case let code: throw .failed("exit code \(code)")
    }
  }

  /// The processes that draw.
  private static let running = Mutex<Set<pid_t>>([])

  /// Ends a process and what it has started, and waits for it.
  private static func end(_ child: pid_t) {
    guard running.withLock({ $0.remove(child) != nil }) else { return }
    kill(-child, SIGKILL)
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
  }

  /// Ends all processes that draw.
  static func endAll() { for child in running.withLock({ $0 }) { end(child) } }
}
