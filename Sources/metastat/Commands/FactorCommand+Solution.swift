import SurveyStats

extension FactorCommand {
  /// The table of factors asked for, and what people read in its place.
  func result(
    _ variables: AssociationVariables, dimensions: DimensionUse, console: Console
  ) async throws -> (table: Table, readable: Table?) {
    let correlations = try variables.correlationMatrix(
      repair: repair ?? (table == .adequacy ? .shrinkage : .nearest),
      needsInverse: table == .adequacy || extraction == .maximumLikelihood,
      level: resampling.level, console: console)
    switch table {
    case .adequacy: return (try SamplingAdequacy(correlations).table(), nil)
    case .schmidLeiman:
      let omega = try Omega(try omegaSolution(correlations))
      return (
        omega.table(), omega.sparseTable(cut: layout.cut, isSorted: !layout.inputOrder)
      )
    case .eigenvalues:
      let parallel = try await parallelAnalysis(variables, correlations)
      return (try PrincipalComponents(correlations).eigenvalueTable(parallel: parallel), nil)
    default: break
    }
    var solution: FactorSolution
    switch dimensions {
    case .none:
      let count = try await factorCount(variables, correlations, console: console)
      solution = try fit(correlations, factors: count)
    case .test(let groups):
      solution = try fit(correlations, factors: groups.dimensions.count)
      return (try test(groups, solution).table(), nil)
    case .target(let groups):
      solution = try fit(correlations, factors: groups.dimensions.count).rotated(
        towards: groups.dimensions.map(\.name),
        membership: membership(groups, correlations))
    }
    for item in solution.heywoodItems {
      console.warning("\(item) is a Heywood case: its communality is 1 or more; try fewer factors")
    }
    switch table {
    case .variances: return (solution.variancesTable(), nil)
    case .fit:
      let fit = FactorFit(solution, rmseaLevel: resampling.chosenLevel ?? 0.9)
      return (fit.table(), nil)
    case .scores:
      guard case .items = variables.kind else {
        throw CommandFailure(.usage, "--table scores scores papers on items; leave out --of")
      }
      return (try solution.scores(of: variables.matrix, method: scores).table(), nil)
    default: return try await loadings(variables, solution, console: console)
    }
  }

  /// Loadings, communalities or factor correlations, with their intervals.
  private func loadings(
    _ variables: AssociationVariables, _ solution: FactorSolution, console: Console
  ) async throws -> (table: Table, readable: Table?) {
    let intervals = try await intervals(variables, solution, console: console)
    let reason: String? = solution.targets == nil ? nil : "no-interval-of-target"
    switch table {
    case .communalities:
      return (
        solution.communalitiesTable(intervals: intervals, withoutIntervals: reason), nil
      )
    case .correlations:
      return (solution.correlationsTable(intervals: intervals, withoutIntervals: reason), nil)
    default:
      let readable = solution.sparseLoadingsTable(
        cut: layout.cut, isSorted: !layout.inputOrder, intervals: intervals)
      return (
        solution.loadingsTable(intervals: intervals, withoutIntervals: reason), readable
      )
    }
  }

  private func parallelAnalysis(
    _ variables: AssociationVariables, _ correlations: CorrelationMatrix
  ) async throws -> ParallelAnalysis {
    var settings = ParallelAnalysis.Settings()
    settings.replicates = parallelReplicates
    settings.seed = resampling.seed
    settings.jobs = resampling.jobs
    return try await variables.parallelAnalysis(
      of: correlations, reference: .permutation, settings: settings)
  }

  /// The number of factors asked for, or that parallel analysis retains.
  private func factorCount(
    _ variables: AssociationVariables, _ correlations: CorrelationMatrix, console: Console
  ) async throws -> Int {
    if let count = Int(factors) { return count }
    let retained = try await parallelAnalysis(variables, correlations).retained
    let most = FactorAnalysis.largestFactorCount(items: correlations.count)
    let retains = "parallel analysis retains \(retained) factor\(retained == 1 ? "" : "s")"
    if retained == 0 {
      console.note("parallel analysis retains no factor; one is shown all the same")
    } else if retained > most, most > 0 {
      console.note("\(retains), and \(correlations.count) variables allow no more than \(most)")
    } else {
      console.note("\(retains)")
    }
    return max(1, min(retained, most))
  }

  private func fit(_ correlations: CorrelationMatrix, factors: Int) throws -> FactorSolution {
    if extraction == .maximumLikelihood, let repair = correlations.repair, repair.holdsEigenvalues {
      throw CommandFailure(
        .estimation,
        "maximum likelihood needs the inverse of a matrix that is not positive definite (smallest "
          + "eigenvalue \(NumberFormat.readable(repair.before.smallestEigenvalue))); choose "
          + "--extraction minres"
          + (repair.method == .shrinkage ? "" : " or --repair shrinkage"))
    }
    return try analysis(factors).fit(correlations)
  }

  private func test(_ groups: Dimensions, _ solution: FactorSolution) throws(FactorError)
    -> DimensionTest.Result
  {
    try DimensionTest(seed: resampling.seed)(
      loadings: solution.unrotated, free: solution.pattern,
      dimensions: groups.dimensions.map(\.name),
      membership: membership(groups, solution.correlations))
  }

  func analysis(_ factors: Int) -> FactorAnalysis {
    FactorAnalysis(
      factors: factors, extraction: extraction,
      rotation: Rotation(
        rotation.criterion, isKaiserNormalized: kaiser, randomStarts: starts,
        seed: resampling.seed), maximumIterations: maxIterations)
  }

  /// The position of each item's dimension.
  private func membership(_ groups: Dimensions, _ correlations: CorrelationMatrix) -> [Int?] {
    correlations.names.map { name in
      let category = ItemID(name).category
      return groups.dimensions.firstIndex {
        $0.categories.contains(category.isEmpty ? name : category)
      }
    }
  }

  /// The correlated factors that omega rests on: as many as asked for, else three if the items allow.
  func omegaSolution(
    _ correlations: CorrelationMatrix
  ) throws(FactorError) -> FactorSolution {
    let most = FactorAnalysis.largestFactorCount(items: correlations.count)
    var analysis = analysis(Int(factors) ?? max(1, min(3, most)))
    analysis.rotation.criterion = rotation.criterion.isOblique ? rotation.criterion : .oblimin
    return try analysis.fit(correlations)
  }
}
