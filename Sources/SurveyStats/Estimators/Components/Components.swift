/// Components behind items or categories: how many, and how stable.
///
/// See ``PrincipalComponents``, ``ParallelAnalysis`` and ``ComponentIntervals``. Weights enter the
/// correlations, their reference data and the scores; clusters and strata the intervals. Reference data
/// have independent papers, which is noted where papers come in clusters. Components of the filled or
/// complete data know no weights.
public struct Components: Analysis {
  /// What the components are taken from.
  public enum Method: String, Sendable, Hashable, CaseIterable {
    /// The matrix of pairwise correlations.
    case correlations
    /// The data, with the means of the items where cells are missing.
    case imputation
    /// A normal model of the data.
    case probabilistic
    /// The papers that have everything.
    case complete
  }

  /// How many components or factors are wanted.
  public enum Count: Sendable, Hashable {
    /// As many as parallel analysis retains, but at least one.
    case parallelAnalysis
    /// So many.
    case exactly(Int)
  }

  /// The variables.
  public var variables: CorrelatedVariables
  /// What the components are taken from.
  public var method = Method.correlations
  /// The number of components whose loadings and scores are wanted.
  public var count = Count.parallelAnalysis
  /// How an indefinite matrix is repaired.
  public var repair = CorrelationRepair.Method.nearest
  /// Whether correlations are shrunk towards zero though their matrix is sound.
  public var shrinks = false
  /// Whether components are of covariances, not of correlations: of S = D R D with the standard deviations
  /// D of the variables; without intervals.
  public var ofCovariances = false
  /// Whether the matrix has to have an inverse, as for scores of papers with missing cells.
  public var needsInverse = false
  /// Where the reference data of parallel analysis come from; `nil` for the usual ones.
  public var reference: ParallelAnalysis.Reference?
  /// The number of reference data sets.
  public var referenceSets = 1_000
  /// The bootstrap interval of loadings (percentile, basic or normal); `nil` for no intervals.
  public var interval: ResampledInterval?
  /// The confidence level.
  public var level = 0.95

  /// The components.
  public struct Result: Sendable {
    /// The values.
    public let values: CorrelatedValues
    /// Their correlations.
    public let correlations: CorrelationMatrix
    /// What parallel analysis retains.
    public let parallel: ParallelAnalysis
    /// Whether the eigenvalues are those that parallel analysis is about.
    let comparesWithParallel: Bool
    /// The components.
    public let principal: PrincipalComponents
    /// The number of components whose loadings and scores are shown.
    public let count: Int
    /// Intervals of eigenvalues, proportions and loadings; `nil` where there are none.
    public let intervals: ComponentIntervals?
    /// Why there are none, for the `note` column.
    let withoutIntervals: String?
    /// What is to be said, a sentence each.
    public let remarks: [String]

    /// One row a component.
    public var eigenvalueTable: Table {
      principal.eigenvalueTable(
        parallel: comparesWithParallel ? parallel : nil, intervals: intervals,
        withoutIntervals: withoutIntervals)
    }

    /// One row a component and variable.
    public var loadingTable: Table {
      principal.loadingTable(
        count: count, intervals: intervals, withoutIntervals: withoutIntervals)
    }

    /// The scores of the papers.
    public func scores() throws(CorrelationMatrixError) -> ComponentScores {
      try principal.scores(of: values.columns, count: count, design: values.design)
    }

    /// How many components there are, by rule.
    public func countTable() throws(CorrelationMatrixError) -> Table {
      let partial = try MinimumAveragePartial(correlations)
      let counts: [(rule: String, count: Int?)] = [
        ("parallel-\(parallel.reference.rawValue)", parallel.retained), ("map", partial.count),
        ("map-fourth-power", partial.fourthPowerCount), ("kaiser", principal.kaiserCount),
        ("scree-acceleration", principal.accelerationCount),
      ]
      func parallelOnly<Value>(_ value: Value) -> [Value?] {
        counts.indices.map { $0 == 0 ? value : nil }
      }
      let notes = counts.indices.map { index -> String? in
        if index == 0, correlations.sampling.isClustered { return "parallel-ignores-clusters" }
        return counts[index].count == nil ? "fewer-than-3-components" : nil
      }
      return Table(
        name: "count", caption: "How many components of \(correlations.count) variables, by rule.",
        columns: [
          Column("rule", .text(counts.map(\.rule))),
          Column("components", .integer(counts.map(\.count))),
          Column("parallel_sets", .integer(parallelOnly(parallel.replicateCount))),
          Column("parallel_level", .real(parallelOnly(parallel.quantileLevel))),
          Column("note", .text(notes)),
        ], notes: [parallel.summary])
    }
  }

  /// Asks for the components of some variables.
  public init(_ variables: CorrelatedVariables) { self.variables = variables }

  /// 999, each of which decomposes a matrix.
  public static var usualReplicates: Int { 999 }

  /// Weights of papers, clusters and strata are honoured; other methods than correlations refuse weights.
  public func handling(of feature: SamplingFeature) -> Handling {
    guard feature == .weights, method != .correlations else { return .honoured }
    return .refused(
      "components by '\(method.rawValue)' do not know weights; take those of correlations, or leave the "
        + "weights out (`usesWeights: false`)")
  }

  /// Estimates, and says which replicates are wanted.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    var matrices = CorrelationMatrices(
      variables, repair: repair, needsInverse: needsInverse, level: level)
    matrices.shrinks = shrinks
    let found = try matrices.result(sample)
    let (values, correlations) = (found.values, found.matrix)
    if case .exactly(let count) = count, count > correlations.count {
      throw CorrelationMatrixError.componentCount(count, variables: correlations.count)
    }
    let parallel = try await values.parallelAnalysis(
      of: correlations, reference: reference,
      settings: ParallelAnalysis.Settings(referenceSets, run)
    ).shrinkingReference(by: shrinks ? correlations.repair?.intensity : nil)
    var remarks = method == .correlations ? found.remarks : []
    let count: Int
    switch self.count {
    case .exactly(let wanted): count = wanted
    case .parallelAnalysis:
      count = max(1, parallel.retained)
      if parallel.retained == 0 {
        remarks.append("parallel analysis retains no component; the first is shown all the same")
      }
    }
    let principal = try principal(values, correlations, count: count)
    if count > principal.rank {
      remarks.append("only \(principal.rank) components have any variance")
    }
    let withoutIntervals: String? =
      variables.given != nil
      ? "no-papers-to-resample"
      : method != .correlations
        ? "no-interval-of-method" : ofCovariances ? "no-interval-of-covariances" : nil
    if ofCovariances, self.count == .parallelAnalysis {
      remarks.append("the number of components is that of parallel analysis of the correlations")
    }
    if interval != nil, method != .correlations {
      remarks.append("intervals are those of correlations; \(method.rawValue) has none")
    }
    let result = { @Sendable [remarks] (intervals: ComponentIntervals?) -> Result in
      Result(
        values: values, correlations: correlations, parallel: parallel,
        comparesWithParallel: !ofCovariances, principal: principal,
        count: count, intervals: intervals, withoutIntervals: withoutIntervals,
        remarks: remarks
          + (intervals?.areAllUndefined == true ? [BootstrapSample.withoutIntervals] : []))
    }
    guard method == .correlations, !ofCovariances, variables.given == nil,
      let method = interval?.ofReplicatesAlone
    else {
      let plain = result(nil)
      return Prepared(draws: []) { _ in plain }
    }
    return try prepared(
      values.statistic(names: correlations.names), like: correlations, values.design,
      count: count, by: method, result)
  }

  private func prepared(
    _ pairs: some Statistic, like correlations: CorrelationMatrix, _ design: SamplingDesign,
    count: Int, by method: BootstrapInterval,
    _ result: @escaping @Sendable (ComponentIntervals?) -> Result
  ) throws -> Prepared<Result> {
    let statistic = try PrincipalComponentStatistic(pairs, like: correlations, count: count)
    return Prepared(draws: [Draw(terms: statistic.terms, statistic, design)]) { [level] samples in
      result(
        samples.first.map {
          ComponentIntervals(
            $0, of: statistic, method: method, level: level, doubts: design.effectiveNumberNotes())
        })
    }
  }

  private func principal(
    _ values: CorrelatedValues, _ correlations: CorrelationMatrix, count: Int
  ) throws(CorrelationMatrixError) -> PrincipalComponents {
    let data = values.columns.selecting(names: correlations.names)
    return switch method {
    case .correlations:
      try PrincipalComponents(
        correlations,
        deviations: ofCovariances ? data.deviations(weights: values.design.relativeWeights) : nil)
    case .imputation:
      try PrincipalComponents(data, missing: .meanImputation, isScaled: !ofCovariances)
    case .probabilistic:
      try PrincipalComponents(
        data, missing: .probabilistic(components: count), isScaled: !ofCovariances)
    case .complete:
      try PrincipalComponents(data, missing: .completePapers, isScaled: !ofCovariances)
    }
  }
}

extension ParallelAnalysis.Settings {
  /// The settings of a run.
  init(_ replicates: Int, _ run: Run) {
    self.init()
    self.replicates = replicates
    seed = run.seed
    jobs = run.jobs
  }
}

extension BootstrapSample {
  /// Why a bootstrap gives no intervals.
  static let withoutIntervals =
    "no intervals: more than one in twenty replicates are undefined, as with few papers or rare answers"
}
