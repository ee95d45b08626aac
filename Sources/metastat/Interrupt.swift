import Glibc

/// Ctrl-C: the first ends the run in order, the second at once.
///
/// A signal goes to any thread that does not block it, and which threads block it depends on who
/// started the program. One thread of our own is always open to it; the handler, on whatever
/// thread it runs, does no more than wake that one.
enum Interrupt {
  /// Wakes the waiting thread; written once, before the handler is in place.
  private static let pipe: (read: Int32, write: Int32) = {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { return (-1, -1) }
    // Programs that are started, such as the one that draws pictures, do not get the pipe.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }()

  /// What the waiting thread does when it is woken.
  private final class Action: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Runs `action` on a thread of its own when the user interrupts the program.
  ///
  /// Where the system grants neither pipe nor thread, an interrupt ends the program at once.
  static func handle(_ action: @escaping @Sendable () -> Void) {
    guard pipe.read >= 0 else { return }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Action(action))
    let failure = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        let action = Unmanaged<Action>.fromOpaque(context).takeRetainedValue()
        var interrupt = sigset_t()
        sigemptyset(&interrupt)
        sigaddset(&interrupt, SIGINT)
        pthread_sigmask(SIG_UNBLOCK, &interrupt, nil)
        var byte: UInt8 = 0
        while Glibc.read(Interrupt.pipe.read, &byte, 1) != 1 {}
        signal(SIGINT, SIG_DFL)
        action.run()
        while true { pause() }
      }, context.toOpaque())
    guard failure == 0 else { return context.release() }
    signal(SIGINT) { _ in
      var byte: UInt8 = 0
      _ = Glibc.write(Interrupt.pipe.write, &byte, 1)
    }
  }
}
