import Glibc

/// Processor time and memory of this process.
enum Stopwatch {
  /// Seconds of processor time used so far, by all threads.
  static var processorTime: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Forgets the greatest memory so far, which becomes what is held now.
  ///
  /// Memory that was given back inside the process goes back to the system first. A system without `/proc/self/clear_refs` forgets nothing.
  static func resetPeakMemory() {
    if let trim = dlsym(nil, "malloc_trim") {
      _ = unsafeBitCast(trim, to: (@convention(c) (Int) -> CInt).self)(0)
    }
    guard let file = fopen("/proc/self/clear_refs", "w") else { return }
    fputs("5", file)
    fclose(file)
  }

  /// The greatest memory this process has held since the last reset, in megabytes.
  static var peakMemory: Double {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    return Double(usage.ru_maxrss) / 1_000
  }
}
