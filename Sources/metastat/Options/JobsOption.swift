import ArgumentParser

/// How many tasks work at a time; results do not depend on it.
struct JobsOption: ParsableArguments {
  @Option(name: .shortAndLong, help: "The number of tasks that work at a time.")
  var jobs = Processors.count

  func validate() throws {
    guard jobs >= 1 else {
      throw ValidationError("--jobs takes a number of 1 or more, not \(jobs).")
    }
  }
}
