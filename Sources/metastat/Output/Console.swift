import Glibc
import SurveyStats

/// What the program says to its user on standard error.
struct Console: Sendable {
  /// Whether only errors are said.
  var isQuiet = false
  /// Whether timings and other details are said.
  var isVerbose = false
  /// Whether colour may be used.
  var isColored = Console.terminalTakesColor

  /// The console before any option was read.
  static let standard = Console()

  /// Whether standard error is a terminal.
  static var isTerminal: Bool { isatty(STDERR_FILENO) != 0 }

  /// Whether standard error is a terminal that takes colour, and whose user has not asked for none.
  static var terminalTakesColor: Bool {
    guard isTerminal, getenv("NO_COLOR") == nil else { return false }
    return getenv("TERM").map { String(cString: $0) != "dumb" } ?? true
  }

  /// Says something worth knowing.
  func note(_ message: VisibleText) {
    if !isQuiet { write(message, label: "note", color: "36") }
  }

  /// Says that something was left out or is doubtful.
  func warning(_ message: VisibleText) {
    if !isQuiet { write(message, label: "warning", color: "33") }
  }

  /// Says why there is no result.
  func error(_ message: VisibleText) { write(message, label: "error", color: "31") }

  /// Says a detail that only the curious want.
  func detail(_ message: VisibleText) {
    if isVerbose { write(message, label: "detail", color: "2") }
  }

  /// Says text without a label.
  func plain(_ text: VisibleText) { StandardError.write("\(text.namingOptions)\n") }

  private func write(_ message: VisibleText, label: VisibleText, color: VisibleText) {
    let message = message.namingOptions
    StandardError.write(
      isColored
        ? "\u{1B}[\(color)m\(label):\u{1B}[0m \(message)\n" : "\(label): \(message)\n")
  }
}

/// Standard error, which is never buffered and takes visible text alone.
enum StandardError {
  static func write(_ text: VisibleText) {
    var bytes = Array(text.text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      bytes = bytes.dropFirst(written)
    }
  }
}

/// Standard output, whose reader may go away.
enum StandardOutput {
  /// Writes all bytes; a closed pipe ends quietly.
  static func write(_ bytes: [UInt8]) throws(CommandFailure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR { continue }
        if errno == EPIPE { return }
        throw CommandFailure(
          .output, "standard output cannot be written: \(String(cString: strerror(errno)))")
      }
      rest = rest.dropFirst(written)
    }
  }

  /// Whether standard output is a terminal.
  static var isTerminal: Bool { isatty(STDOUT_FILENO) != 0 }

  /// The width of the terminal, else that which `COLUMNS` says; `nil` for any.
  static var width: Int? {
    var size = winsize()
    if isTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      return Int(size.ws_col)
    }
    return getenv("COLUMNS").flatMap { Int(String(cString: $0)) }.flatMap { $0 > 0 ? $0 : nil }
  }
}
