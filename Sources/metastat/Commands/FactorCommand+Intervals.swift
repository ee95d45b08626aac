import SurveyStats

extension FactorCommand {
  /// Intervals of a solution; `nil` where none are asked for, or the factors have a target.
  func intervals(
    _ variables: AssociationVariables, _ solution: FactorSolution, console: Console
  ) async throws -> FactorIntervals? {
    guard replicateCount > 0 else { return nil }
    guard solution.targets == nil else {
      console.note("loadings rotated towards a target have no intervals")
      return nil
    }
    let design = try resampling.design(of: variables.matrix)
    let pairs = variables.statistic(names: solution.correlations.names, design: design)
    return try await intervals(pairs, solution, design: design, console: console)
  }

  private func intervals(
    _ pairs: some Statistic, _ solution: FactorSolution, design: SamplingDesign, console: Console
  ) async throws -> FactorIntervals {
    let statistic = FactorStatistic(pairs, like: solution)
    let sample = try await resampling.sample(
      statistic, design: design, replicates: replicateCount, console: console)
    try replicates.write(sample, terms: statistic.terms, output: output)
    let intervals = FactorIntervals(
      sample, of: statistic, method: interval.bootstrap ?? .percentile, level: resampling.level)
    if intervals.areAllUndefined { console.noteUndefinedIntervals() }
    return intervals
  }
}
