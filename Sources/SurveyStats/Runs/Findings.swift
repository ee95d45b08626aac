/// The answers to questions about one study in one run, each worked out once.
///
/// The sections of a report ask the same questions; what is remembered dies with this value.
public actor Findings {
  /// The study.
  public nonisolated let study: Study
  /// The run.
  public nonisolated let run: Run
  private let progress: (@Sendable (Int) -> Void)?
  private var answers: [AnyHashable: Task<any Sendable, any Error>] = [:]

  /// Creates findings without answers.
  public init(_ study: Study, run: Run, progress: (@Sendable (Int) -> Void)? = nil) {
    self.study = study
    self.run = run
    self.progress = progress
  }

  /// The answer to a question, worked out now unless it was asked before.
  public func callAsFunction<A: Analysis>(_ analysis: A) async throws -> A.Result {
    let task =
      answers[AnyHashable(analysis)]
      ?? Task { [study, run, progress] in
        try await run(analysis, of: study, progress: progress) as any Sendable
      }
    answers[AnyHashable(analysis)] = task
    let answer = try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
    guard let answer = answer as? A.Result else {
      preconditionFailure("an answer is kept under its own question")
    }
    return answer
  }
}
