/// Factors behind items or categories: loadings, communalities, correlations, and their limits.
///
/// See ``FactorAnalysis``, ``FactorIntervals`` and ``DimensionTest``. Weights enter the correlations,
/// clusters and strata the intervals; tests of fit that take papers as drawn alike are noted.
public struct Factors: Analysis {
  /// What dimensions that were assigned to the items beforehand are for.
  public enum Purpose: Sendable, Hashable {
    /// Factors are rotated towards them.
    case target(Dimensions)
    /// Factors are compared with them.
    case test(Dimensions)

    fileprivate var dimensions: [Dimensions.Dimension] {
      switch self {
      case .target(let groups), .test(let groups): groups.dimensions
      }
    }
  }

  /// The variables.
  public var variables: CorrelatedVariables
  /// The number of factors, unless dimensions say it.
  public var count = Components.Count.parallelAnalysis
  /// How factors are extracted and rotated; its number of factors is not used.
  public var method = FactorAnalysis(factors: 1)
  /// How an indefinite matrix is repaired.
  public var repair = CorrelationRepair.Method.nearest
  /// Whether correlations are shrunk towards zero though their matrix is sound.
  public var shrinks = false
  /// Dimensions, if there are any.
  public var purpose: Purpose?
  /// Where the reference data of parallel analysis come from; `nil` for the usual ones.
  public var reference: ParallelAnalysis.Reference?
  /// The number of its reference data sets.
  public var referenceSets = 1_000
  /// The bootstrap interval (percentile, basic or normal); `nil` for no intervals.
  public var interval: ResampledInterval?
  /// The confidence level.
  public var level = 0.95

  /// The factors.
  public struct Result: Sendable {
    /// The values.
    public let values: CorrelatedValues
    /// Their correlations.
    public let correlations: CorrelationMatrix
    /// What parallel analysis retains, where it was asked.
    public let parallel: ParallelAnalysis?
    /// The factors.
    public let solution: FactorSolution
    /// The comparison with dimensions, where it was asked for.
    public let test: DimensionTest.Result?
    /// The intervals; `nil` where there are none.
    public let intervals: FactorIntervals?
    /// Why there are none, for the `note` column.
    public let withoutIntervals: String?
    /// What is to be said, a sentence each.
    public let remarks: [String]
  }

  /// Asks for the factors of some variables.
  public init(_ variables: CorrelatedVariables) { self.variables = variables }

  /// 999, each of which extracts and rotates factors.
  public static var usualReplicates: Int { 999 }

  /// All features of a sample are honoured.
  public func handling(of feature: SamplingFeature) -> Handling { .honoured }

  /// Estimates, and says which replicates are wanted.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    var matrices = CorrelationMatrices(
      variables, repair: repair, needsInverse: method.extraction == .maximumLikelihood,
      level: level)
    matrices.shrinks = shrinks
    let found = try matrices.result(sample)
    let (values, correlations) = (found.values, found.matrix)
    var remarks = found.remarks
    var parallel: ParallelAnalysis?
    let factors: Int
    switch (purpose, count) {
    case (let purpose?, _): factors = purpose.dimensions.count
    case (nil, .exactly(let count)): factors = count
    case (nil, .parallelAnalysis):
      let reference = try await values.parallelAnalysis(
        of: correlations, reference: reference,
        settings: ParallelAnalysis.Settings(referenceSets, run)
      ).shrinkingReference(by: shrinks ? correlations.repair?.intensity : nil)
      parallel = reference
      let most = FactorAnalysis.largestFactorCount(items: correlations.count)
      remarks.append(Self.remark(retained: reference.retained, most: most, correlations.count))
      factors = max(1, min(reference.retained, most))
    }
    var solution = try fit(correlations, factors: factors)
    var test: DimensionTest.Result?
    switch purpose {
    case .target(let groups):
      solution = try solution.rotated(
        towards: groups.dimensions.map(\.name),
        membership: groups.membership(of: correlations.names))
    case .test(let groups):
      test = try DimensionTest(seed: run.seed).estimate(
        loadings: solution.unrotated, free: solution.pattern,
        dimensions: groups.dimensions.map(\.name),
        membership: groups.membership(of: correlations.names))
    case nil: break
    }
    let result = {
      @Sendable [remarks, solution, parallel, test, variables] (intervals: FactorIntervals?)
        -> Result in
      Result(
        values: values, correlations: correlations, parallel: parallel, solution: solution,
        test: test, intervals: intervals,
        withoutIntervals: variables.given == nil ? nil : "no-papers-to-resample",
        remarks: remarks
          + (intervals?.areAllUndefined == true ? [BootstrapSample.withoutIntervals] : []))
    }
    guard test == nil, variables.given == nil, let method = interval?.ofReplicatesAlone else {
      let plain = result(nil)
      return Prepared(draws: []) { _ in plain }
    }
    return prepared(
      values.statistic(names: correlations.names), like: solution, values.design, by: method,
      result)
  }

  private func prepared(
    _ pairs: some Statistic, like solution: FactorSolution, _ design: SamplingDesign,
    by method: BootstrapInterval, _ result: @escaping @Sendable (FactorIntervals?) -> Result
  ) -> Prepared<Result> {
    let statistic = FactorStatistic(pairs, like: solution)
    return Prepared(draws: [Draw(terms: statistic.terms, statistic, design)]) { [level] samples in
      result(
        samples.first.map {
          FactorIntervals(
            $0, of: statistic, method: method, level: level, doubts: design.effectiveNumberNotes())
        })
    }
  }

  private func fit(
    _ correlations: CorrelationMatrix, factors: Int
  ) throws(FactorError) -> FactorSolution {
    if method.extraction == .maximumLikelihood, let repair = correlations.repair,
      repair.holdsEigenvalues
    {
      throw .heldByRepair(repair.method, smallestEigenvalue: repair.before.smallestEigenvalue)
    }
    var method = method
    method.factors = factors
    return try method.fit(correlations)
  }

  private static func remark(retained: Int, most: Int, _ variables: Int) -> String {
    let retains = "parallel analysis retains \(retained) factor\(retained == 1 ? "" : "s")"
    if retained == 0 { return "parallel analysis retains no factor; one is shown all the same" }
    return retained > most && most > 0
      ? "\(retains), and \(variables) variables allow no more than \(most)" : retains
  }
}

extension Dimensions {
  /// The position of each item's, or category's, dimension.
  func membership(of names: [String]) -> [Int?] {
    names.map { name in
      let category = ItemID(name).category
      return dimensions.firstIndex {
        $0.categories.contains(category.isEmpty ? name : category)
      }
    }
  }
}
