import SurveyStats

/// Asks questions of a corpus on behalf of a command.
///
/// A question gets its replicates drawn at once, or taken from the parts of a split run. When a part is
/// drawn, the first question that draws ends the command by ``PartDrawn``.
actor Ask {
  /// A part of the replicates was drawn; there is no answer yet.
  struct PartDrawn: Error {}

  /// The corpus.
  nonisolated let loaded: LoadedCorpus
  /// The data with their sampling plan.
  nonisolated let study: Study
  /// Where remarks go.
  nonisolated let console: Console
  private let run: Run
  private let split: SplitOptions
  private var source: ReplicateSource
  private var hasBegun = false
  private var replicateTables: [Table] = []
  /// The number of replicates drawn; `nil` if there were none.
  private(set) var drawnCount: Int?

  init(
    _ loaded: LoadedCorpus, resampling: ResamplingOptions, split: SplitOptions,
    source: ReplicateSource, keepsReplicates: Bool, console: Console
  ) {
    self.loaded = loaded
    self.console = console
    self.split = split
    self.source = source
    study = Study(loaded.matrix, plan: resampling.plan)
    var run = resampling.run
    run.wantsReplicates = keepsReplicates
    self.run = run
  }

  /// The answer to a question about the whole corpus.
  func callAsFunction<A: Analysis>(_ analysis: A) async throws -> A.Result {
    do {
      return try await answer(to: analysis)
    } catch let error as SamplingPlan.PlanError {
      throw CommandFailure(error)
    } catch let error as VariableError {
      throw CommandFailure(error, option: "--by")
    } catch let refusal as AnalysisRefused {
      throw CommandFailure(.usage, refusal.description)
    }
  }

  private func answer<A: Analysis>(to analysis: A) async throws -> A.Result {
    let count = run.replicateCount(analysis)
    var source = source
    if !hasBegun {
      try source.begin(split, seed: run.seed, replicates: count, matrix: loaded.matrix)
      hasBegun = true
    }
    let prepared = try await run.prepare(analysis, of: study)
    let values = prepared.draws.reduce(0) { $0 + $1.terms.count }
    // Beside the values there are their standard errors, and a copy of each column in turn.
    try Memory.check(
      Double(values) * Double(count) * 24, for: "\(count) replicates of \(values) quantities",
      remedy: "draw fewer (--replicates), or ask for fewer rows or groups at a time")
    let bar = ProgressBar("bootstrap", total: count * prepared.draws.count, console: console)
    defer { bar.finish() }
    var samples: [BootstrapSample] = []
    for draw in prepared.draws {
      let sample = try await source.sample(draw.label, count: count) { range in
        try await draw(run, range) { bar.advance($0) }
      }
      drawnCount = count
      guard let sample else { continue }
      samples.append(sample)
      if run.wantsReplicates {
        replicateTables.append(draw.table(of: sample))
      }
    }
    self.source = source
    if source.drawsPart { throw PartDrawn() }
    return try await prepared.finish(samples)
  }

  /// All replicates that were drawn, one row a replicate; `nil` if there were none.
  var replicates: Table? { Table(stacking: replicateTables) }

  /// Writes the part that was drawn.
  func writePart() throws { try source.finish() }
}
