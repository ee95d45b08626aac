import FoundationEssentials
import Glibc
import SurveyStats

/// Draws the figures of a folder as SVG and PNG with the Python module vl_convert.
///
/// The program is the one that the environment variable METASTAT_PYTHON names, else `python3`. It
/// is started once for all figures.
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
        "no pictures: '\(program)' has no package vl-convert-python; install it with "
          + "'\(program) -m pip install vl-convert-python', or name another Python in "
          + "METASTAT_PYTHON"
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
  }

  /// Draws `NAME.vl.json` of every name as `NAME.svg` and `NAME.png` beside it; a name that ends in
  /// `:png` gets no SVG.
  func render(_ names: [String], in folder: String) throws(Failure) {
    guard !names.isEmpty else { return }
    let script = String(decoding: PackageResources.render_py, as: UTF8.self)
    let words = [program, "-c", script, folder] + names
    var arguments = words.map { strdup($0) } + [nil]
    var environment =
      ProcessInfo.processInfo.environment.sorted { $0.key < $1.key }
      .map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in arguments + environment { free(text) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    var child: pid_t = 0
    guard posix_spawnp(&child, program, &actions, nil, &arguments, &environment) == 0 else {
      throw .noPython(program)
    }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
      guard errno == EINTR else { throw .failed("it was lost") }
    }
    let signal = status & 0x7F
    guard signal == 0 else { throw .failed("signal \(signal)") }
    switch status >> 8 & 0xFF {
    case 0: return
    case 3: throw .noModule(program)
    case 127: throw .noPython(program)
    case let code: throw .failed("exit code \(code)")
    }
  }
}
