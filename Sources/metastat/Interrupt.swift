import Glibc
import Synchronization

/// Ctrl-C, and what batch systems and terminals send: the first signal ends the run in order.
///
/// A signal goes to any thread that does not block it, and which threads block it depends on who
/// started the program. One thread of our own is always open to it; the handler, on whatever
/// thread it runs, does no more than wake that one. Work that does not end in a moment, or a second
/// signal, is not waited for: what was under way is removed, and the program ends.
enum Interrupt {
  /// What is said when a signal has ended the run.
  static let message = "interrupted; nothing was left half written"

  /// The signal that ends the run, if one came.
  static var signal: Int32? {
    let signal = received.load(ordering: .acquiring)
    return signal == 0 ? nil : signal
  }

  private static let received = Atomic<Int32>(0)
  /// How long work has to end in order, in milliseconds.
  private static let patience: Int32 = 2_000

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

  /// Runs `action` on a thread of its own when SIGINT, SIGTERM or SIGHUP comes.
  ///
  /// Under `nohup` SIGHUP stays ignored. Where the system grants neither pipe nor thread, a signal
  /// ends the program at once.
  static func handle(_ action: @escaping @Sendable () -> Void) {
    guard pipe.read >= 0 else { return }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Action(action))
    let failure = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        let action = Unmanaged<Action>.fromOpaque(context).takeRetainedValue()
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        var signal: UInt8 = 0
        while Glibc.read(Interrupt.pipe.read, &signal, 1) != 1 {}
        Interrupt.received.store(Int32(signal), ordering: .releasing)
        action.run()
        var next = pollfd(fd: Interrupt.pipe.read, events: Int16(POLLIN), revents: 0)
        while poll(&next, 1, Interrupt.patience) < 0, errno == EINTR {}
        FigureRenderer.endAll()
        Temporary.removeAll()
        Console.standard.error("\(Interrupt.message)")
        _exit(128 + Int32(signal))
      }, context.toOpaque())
    guard failure == 0 else { return context.release() }
    for signal in [SIGINT, SIGTERM, SIGHUP] {
      let former = Glibc.signal(signal) { signal in
        var byte = UInt8(truncatingIfNeeded: signal)
        let error = errno
        _ = Glibc.write(Interrupt.pipe.write, &byte, 1)
        errno = error
      }
      if signal == SIGHUP, Self.isIgnored(former) { Glibc.signal(signal, SIG_IGN) }
    }
  }

  private static func isIgnored(_ handler: sighandler_t?) -> Bool {
    unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
