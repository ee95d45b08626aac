import ArgumentParser

/// How many tasks work at a time and what memory they take; results do not depend on it.
struct JobsOption: ParsableArguments {
  @Option(name: .shortAndLong, help: "The number of tasks that work at a time.")
  var jobs = Processors.count

  @Option(help: "The memory to take at most, such as 8G (default: three quarters of what is free).")
  var memory: Memory.Size?

  func validate() throws {
    Memory.choose(memory)
    guard jobs >= 1 else {
      throw ValidationError("--jobs takes a number of 1 or more, not \(jobs).")
    }
  }
}
