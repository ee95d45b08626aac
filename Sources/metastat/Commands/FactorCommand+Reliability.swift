import SurveyStats

extension FactorCommand {
  /// The reliability of the sum of the items, or what each item contributes to it.
  func reliability(
    _ variables: AssociationVariables, console: Console
  ) async throws -> Table {
    guard case .items(let coefficient) = variables.kind else {
      throw CommandFailure(.usage, "reliability is that of a sum of items; leave out --of")
    }
    guard coefficient == .tetrachoric else {
      return try await reliabilityOfScore(variables, console: console)
    }
    let correlations = try variables.correlationMatrix(
      repair: repair ?? .nearest, level: resampling.level, console: console)
    let estimate = try wrapping(variables) { () throws(Reliability.ReliabilityError) in
      try Reliability(correlations)
    }
    if table == .items { return estimate.itemsTable() }
    let design = try resampling.design(of: variables.matrix)
    let pairs = variables.statistic(names: correlations.names, design: design)
    return estimate.table(
      splits: estimate.splits(seed: resampling.seed),
      omega: omega(console) { try Omega(try omegaSolution(correlations)) },
      intervals: try await alphaIntervals(
        pairs, like: correlations, design: design, console: console),
      level: resampling.level, isOrdinal: true)
  }

  /// The reliability of the sum of raw answers; only omega needs correlations, and does without where
  /// there are none.
  private func reliabilityOfScore(
    _ variables: AssociationVariables, console: Console
  ) async throws -> Table {
    let papers: PairwiseCovariance.Papers =
      association.missing == .listwise ? .listwise : .pairwise
    let estimate = try wrapping(variables) { () throws(Reliability.ReliabilityError) in
      try Reliability(variables.matrix, papers: papers, minimumCount: variables.minimumCount)
    }
    for line in estimate.leftOut.summaries { console.note("\(line)") }
    if table == .items { return estimate.itemsTable() }
    let omega = omega(console) {
      try Omega(
        try omegaSolution(
          variables.correlationMatrix(
            repair: repair ?? .nearest, level: resampling.level, console: nil)))
    }
    let design = try resampling.design(of: variables.matrix)
    let statistic = AlphaStatistic(
      variables.matrix.selecting(items: estimate.names), papers: papers, design: design)
    let intervals = try await alphaIntervals(
      statistic, terms: statistic.terms, design: design, console: console)
    return estimate.table(
      splits: estimate.splits(seed: resampling.seed), omega: omega, intervals: intervals,
      level: resampling.level)
  }

  /// Omega; `nil`, and said, where it cannot be estimated.
  private func omega(_ console: Console, _ estimate: () throws -> Omega) -> Omega? {
    do {
      return try estimate()
    } catch {
      console.note("omega is left out: \(error)")
      return nil
    }
  }

  private func alphaIntervals(
    _ pairs: some Statistic, like correlations: CorrelationMatrix, design: SamplingDesign,
    console: Console
  ) async throws -> AlphaIntervals? {
    let statistic = OrdinalAlphaStatistic(pairs, like: correlations)
    return try await alphaIntervals(
      statistic, terms: statistic.terms, design: design, console: console)
  }

  /// Bootstrap intervals of alpha; `nil` for Feldt's.
  private func alphaIntervals(
    _ statistic: some Statistic, terms: [String], design: SamplingDesign, console: Console
  ) async throws -> AlphaIntervals? {
    guard replicateCount > 0, let method = interval.bootstrap else { return nil }
    let sample = try await resampling.sample(
      statistic, design: design, replicates: replicateCount, console: console)
    try replicates.write(sample, terms: terms, output: output)
    return AlphaIntervals(
      sample, method: method, name: interval.rawValue, level: resampling.level)
  }

  /// Says why there is no reliability, with the minimum of papers if that is why.
  private func wrapping<Result>(
    _ variables: AssociationVariables,
    _ estimate: () throws(Reliability.ReliabilityError) -> Result
  ) throws(CommandFailure) -> Result {
    do throws(Reliability.ReliabilityError) {
      return try estimate()
    } catch {
      var isShort = false
      if case .tooFewItems(_, let leftOut) = error {
        isShort = leftOut.contains { $0.reason == .belowMinimumCount }
      }
      throw CommandFailure(
        .estimation, error.description + variables.minimumHint(isShort))
    }
  }
}
