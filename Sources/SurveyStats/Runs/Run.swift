/// How replicates are drawn: how many, from which seed, by which scheme, on how many cores.
///
/// Everything random in an analysis goes through a run, so that each can be repeated, interrupted,
/// split over machines, and told how far it is. The number of jobs changes no number.
public struct Run: Sendable, Hashable {
  /// The seed.
  public var seed: UInt64
  /// The number of replicates; `nil` for the usual number of the analysis.
  public var replicates: Int?
  /// The weights of a replicate.
  public var scheme: Bootstrap.Scheme
  /// How many tasks work at a time.
  public var jobs: Int
  /// Whether replicates are wanted for themselves, even where no interval needs them.
  public var wantsReplicates = false

  /// Creates a run.
  public init(
    seed: UInt64 = 1, replicates: Int? = nil, scheme: Bootstrap.Scheme = .multinomial, jobs: Int = 1
  ) {
    self.seed = seed
    self.replicates = replicates
    self.scheme = scheme
    self.jobs = jobs
  }

  /// The bootstrap of a design; a draw sets the range of its replicates.
  public func bootstrap(_ design: SamplingDesign) -> Bootstrap {
    Bootstrap(design: design, scheme: scheme, replicates: 0, seed: seed, jobs: jobs)
  }

  /// The number of replicates of an analysis.
  public func replicateCount<A: Analysis>(_: A) -> Int { replicates ?? A.usualReplicates }

  /// The study as an analysis sees it.
  ///
  /// - Throws: ``AnalysisRefused`` where the analysis cannot be had with a feature of the sample, and
  ///   ``SamplingPlan/PlanError``.
  public func sample(_ analysis: some Analysis, of study: Study) throws -> Sample {
    var plan = study.plan
    var notes: [Note] = []
    let present = plan.features(of: study.matrix)
    for feature in SamplingFeature.allCases where present.contains(feature) {
      switch analysis.handling(of: feature) {
      case .honoured: break
      case .noted(let note):
        plan = plan.without(feature)
        notes.append(note)
      case .refused(let reason): throw AnalysisRefused(feature, reason)
      }
    }
    if plan.sharesRaters, study.matrix.hasSeveralRaters { notes.append(.sharedByRaters) }
    return Sample(study: study, design: try plan.design(of: study.matrix), notes: notes)
  }

  /// Begins an analysis: what it wants drawn, and what follows.
  public func prepare<A: Analysis>(
    _ analysis: A, of study: Study
  ) async throws -> Prepared<A.Result> {
    try await analysis.begin(sample(analysis, of: study), self)
  }

  /// Answers a question about a study.
  ///
  /// - Parameters:
  ///   - analysis: The question.
  ///   - study: The data.
  ///   - progress: Told the number of replicates finished since it was last called, from any task.
  /// - Throws: What the analysis throws, or `CancellationError`.
  public func callAsFunction<A: Analysis>(
    _ analysis: A, of study: Study, progress: (@Sendable (Int) -> Void)? = nil
  ) async throws -> A.Result {
    let prepared = try await prepare(analysis, of: study)
    let range = 0..<replicateCount(analysis)
    var samples: [BootstrapSample] = []
    for draw in prepared.draws {
      samples.append(try await draw(self, range, progress: progress))
    }
    return try await prepared.finish(samples)
  }
}
