import Glibc

/// The processors of the machine.
enum Processors {
  /// How many processors this process may use.
  static var count: Int {
    var set = cpu_set_t()
    guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &set) == 0 else { return 1 }
    let bits = withUnsafeBytes(of: &set) { $0.reduce(0) { $0 + $1.nonzeroBitCount } }
    return max(1, bits)
  }
}
