import FoundationEssentials

/// The processors of the machine.
enum Processors {
  /// How many processors this process may use.
  static var count: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
}
