import ArgumentParser

/// Refuses `--correct` where nothing is corrected for a rater's errors, with what to do instead.
struct NoCorrection: ParsableArguments {
  @Option(parsing: .upToNextOption, help: .hidden)
  var correct: [String] = []

  func validate() throws {
    guard !correct.isEmpty else { return }
    throw ValidationError(
      "--correct: rates are corrected for a rater's errors, scores, slopes and differences are not; "
        + "'metastat rates --correct BETTER --by COLUMN' has corrected rates of groups side by side."
    )
  }
}
