import Glibc
import Synchronization

/// A line on standard error that shows how far the work has come; only on a terminal.
final class ProgressBar: Sendable {
  private struct State {
    var done = 0
    var lastDrawn: ContinuousClock.Instant?
  }

  private let title: String
  private let total: Int
  private let isShown: Bool
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  /// Creates a bar that shows nothing when the console is quiet or no terminal.
  init(_ title: String, total: Int, console: Console) {
    self.title = title
    self.total = total
    isShown = Console.isTerminal && !console.isQuiet
  }

  /// Counts finished work and redraws at most ten times a second.
  func advance(_ count: Int) {
    guard isShown else { return }
    let line = state.withLock { state -> String? in
      state.done += count
      let now = ContinuousClock.now
      guard now - start > .milliseconds(300) else { return nil }
      if let last = state.lastDrawn, now - last < .milliseconds(100) { return nil }
      state.lastDrawn = now
      return text(done: state.done, elapsed: now - start)
    }
    if let line { StandardError.write("\r\u{1B}[K\(line)") }
  }

  /// Removes the bar.
  func finish() {
    let wasDrawn = state.withLock { $0.lastDrawn != nil }
    if wasDrawn { StandardError.write("\r\u{1B}[K") }
  }

  private func text(done: Int, elapsed: Duration) -> String {
    let share = total > 0 ? min(1, Double(done) / Double(total)) : 0
    let filled = Int(share * 30)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
    let seconds = Double(elapsed.components.seconds)
    let left = share > 0 ? Int(seconds / share - seconds) : 0
    return "\(title) [\(bar)] \(Int(share * 100)) %, \(left) s left"
  }
}
