import ArgumentParser
import SurveyStats

/// Where the replicates of a bootstrap go.
struct ReplicateOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Write the replicates to FILE, one row a replicate.", valueName: "file"),
    completion: .file())
  var replicatesOut: String?

  /// Checks, before any work is done, that there will be replicates and a file for them.
  ///
  /// - Parameters:
  ///   - drawsReplicates: Whether the run draws any.
  ///   - remedy: What to choose so that it does.
  func check(drawsReplicates: Bool, remedy: String) throws(CommandFailure) {
    guard let replicatesOut else { return }
    guard drawsReplicates else {
      throw CommandFailure(
        .usage, "--replicates-out: this run draws no replicates; choose \(remedy)")
    }
    _ = try OutputFile(replicatesOut)
  }

  /// Writes the replicates, if asked for.
  func write(_ sample: BootstrapSample, terms: [String], output: OutputOptions) throws {
    guard let replicatesOut else { return }
    try OutputFile(replicatesOut).write(
      output.csv(Table(replicates: sample, terms: terms, group: nil, by: nil)))
  }
}
