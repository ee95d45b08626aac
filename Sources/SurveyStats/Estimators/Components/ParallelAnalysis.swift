import RealModule

/// How many components stand out from those of unrelated items.
///
/// Compared are the eigenvalues of the data with those of reference data in which the items are
/// unrelated (Horn 1965): a component is retained as long as it and all before it exceed the given
/// quantile of the reference (Glorfeld 1995). Reference data are
///
/// * the data with each item permuted among the papers to which it applies, which keeps the rates
///   and the pattern of missing cells (`permuting`): the default for items;
/// * independent normal variables in as many papers, or with as many papers a pair (`normal`).
///
/// Weights stay with the papers while answers are permuted, and enter the coefficients as they do those
/// of the data. Reference data take papers as independent: under clusters components stand out too
/// easily, and tables say so.
///
/// Quantiles are of type 7. Replicate r depends on the seed and r alone.
public struct ParallelAnalysis: Sendable, Equatable {
  /// Where the reference data come from.
  public enum Reference: String, Sendable, CaseIterable {
    /// The columns of the data, each permuted among its papers.
    case permutation
    /// Independent normal variables.
    case normal
  }

  /// Where the reference data came from.
  public let reference: Reference
  /// The eigenvalues of the data, largest first.
  public let observed: [Double]
  /// The mean of each eigenvalue over the reference data.
  public let means: [Double]
  /// The quantile of each eigenvalue over the reference data.
  public let quantiles: [Double]
  /// Which quantile it is.
  public let quantileLevel: Double
  /// The number of reference data sets.
  public let replicateCount: Int
  /// The mean number of pairs of a permuted data set whose correlation was undefined and taken as
  /// zero, its expectation.
  public let undefinedPairs: Double

  /// The number of components retained: those before the first that does not exceed its quantile.
  public var retained: Int {
    zip(observed, quantiles).prefix { $0 > $1 }.count
  }

  /// What was compared with what, in one sentence.
  public var summary: String {
    let sets =
      reference == .permutation
      ? "data sets in which each variable is permuted among its papers"
      : "data sets of independent normal variables"
    return "Parallel analysis: \(replicateCount) \(sets); a component is retained while its "
      + "eigenvalue exceeds their \(NumberFormat.percent(quantileLevel)) quantile."
  }

  /// One replicate: its eigenvalues, and how many pairs were undefined.
  private struct Draw: Sendable {
    let eigenvalues: [Double]
    let undefinedPairs: Int
  }

  private init(
    _ draws: [Draw], reference: Reference, observed: [Double], quantileLevel: Double
  ) {
    self.reference = reference
    self.observed = observed
    self.quantileLevel = quantileLevel
    replicateCount = draws.count
    var (means, quantiles): ([Double], [Double]) = ([], [])
    for component in observed.indices {
      let values = draws.map { $0.eigenvalues[component] }.sorted()
      means.append(values.reduce(0, +) / Double(max(values.count, 1)))
      quantiles.append(
        QuantileRule.type7.quantile(quantileLevel, ofSorted: values) ?? observed[component])
    }
    (self.means, self.quantiles) = (means, quantiles)
    let undefined = draws.reduce(0) { $0 + $1.undefinedPairs }
    undefinedPairs = Double(undefined) / Double(max(draws.count, 1))
  }

  private init(
    shrinking other: ParallelAnalysis, by intensity: Double
  ) {
    reference = other.reference
    observed = other.observed
    quantileLevel = other.quantileLevel
    replicateCount = other.replicateCount
    undefinedPairs = other.undefinedPairs
    means = other.means.map { (1 - intensity) * $0 + intensity }
    quantiles = other.quantiles.map { (1 - intensity) * $0 + intensity }
  }

  /// The same with reference eigenvalues of correlations that were shrunk as those of the data were.
  func shrinkingReference(by intensity: Double?) -> ParallelAnalysis {
    intensity.map { ParallelAnalysis(shrinking: self, by: $0) } ?? self
  }

  /// The options of a run.
  public struct Settings: Sendable, Equatable {
    /// The number of reference data sets.
    public var replicates = 1_000
    /// The quantile that a component must exceed.
    var quantileLevel = 0.95
    /// The seed.
    public var seed: UInt64 = 1
    /// How many tasks work at a time.
    public var jobs = 1

    /// Creates the default options: 1,000 replicates, the 95th percentile, seed 1, one task.
    public init() {}
  }

  /// Compares a matrix of item correlations with those of permuted items.
  ///
  /// The coefficient is that of the matrix. Tetrachoric correlations of reference data that are at
  /// the boundary count as ±0.99.
  ///
  /// - Parameters:
  ///   - matrix: Answers that hold the items of the correlations, by name.
  ///   - correlations: The matrix whose components are counted.
  ///   - settings: Replicates, percentile, seed and tasks.
  ///   - zeroCells: What stands for an empty cell in tetrachoric correlations.
  ///   - design: How the papers were sampled; its weights are used.
  /// - Throws: `CorrelationMatrixError`, or `CancellationError` when the task is cancelled.
  public static func permuting(
    _ matrix: BinaryMatrix, like correlations: CorrelationMatrix, settings: Settings = Settings(),
    zeroCells: TetrachoricCorrelation.ZeroCellPolicy = .halfKeepingMargins,
    design: SamplingDesign? = nil
  ) async throws -> ParallelAnalysis {
    let weights = design?.relativeWeights
    let items = matrix.selecting(items: correlations.names)
    let coefficient = ItemCoefficient(rawValue: correlations.coefficient) ?? .phi
    let columns = PermutedItems(items)
    let pairs = PairwiseAssociations.indices(count: items.items.count, isSymmetric: true)
    return try await runMatrices(like: correlations, settings: settings) { random in
      let drawn = columns.drawn(from: &random)
      let tables =
        weights.map { PairTables(yes: drawn, applies: items.applies, realWeights: $0) }
        ?? PairTables(yes: drawn, applies: items.applies)
      var values = tables.estimates(coefficient, of: pairs, zeroCells: zeroCells)
      if coefficient == .tetrachoric {
        values = values.map { $0.isNaN ? $0 : max(-0.99, min(0.99, $0)) }
      }
      return Self.matrix(count: tables.count, pairs: pairs, values: values)
    }
  }

  /// Compares a matrix of score correlations with those of permuted scores.
  public static func permuting(
    _ columns: ScoreColumns, like correlations: CorrelationMatrix,
    settings: Settings = Settings(), design: SamplingDesign? = nil
  ) async throws -> ParallelAnalysis {
    let names = correlations.names
    let indices = names.compactMap { name in columns.names.firstIndex(of: name) }
    precondition(indices.count == names.count, "scores without some of the variables")
    let coefficient = ScoreCoefficient(rawValue: correlations.coefficient) ?? .pearson
    let weights = design?.relativeWeights
    let values = indices.map { columns.values[$0] }
    let pairs = PairwiseAssociations.indices(count: names.count, isSymmetric: true)
    if coefficient == .pearson, weights == nil {
      // A permutation moves values among the papers that have one, so that pairs keep their papers.
      let shared = pairs.map { pair in
        (0..<columns.paperCount).filter {
          values[pair.first][$0] != nil && values[pair.second][$0] != nil
        }
      }
      return try await runMatrices(like: correlations, settings: settings) { random in
        let drawn = values.map { Self.permuted($0, from: &random).map { $0 ?? 0 } }
        let estimates = zip(pairs, shared).map { pair, papers in
          papers.count > 1
            ? ScorePair.correlation(drawn[pair.first], drawn[pair.second], in: papers) : .nan
        }
        return Self.matrix(count: names.count, pairs: pairs, values: estimates)
      }
    }
    return try await runMatrices(like: correlations, settings: settings) { random in
      let drawn = ScoreColumns(
        names: names, values: values.map { Self.permuted($0, from: &random) })
      let estimates = pairs.map { pair in
        guard let weights else {
          let (x, y) = drawn.shared(pair.first, pair.second)
          return x.count > 1 ? ScorePair(x, y).estimate(coefficient) : .nan
        }
        let (x, y) = (drawn.values[pair.first], drawn.values[pair.second])
        let both = x.indices.filter { x[$0] != nil && y[$0] != nil && weights[$0] > 0 }
        guard both.count > 1 else { return .nan }
        return ScorePair(
          both.compactMap { x[$0] }, both.compactMap { y[$0] }, weights: both.map { weights[$0] }
        ).estimate(coefficient)
      }
      return Self.matrix(count: names.count, pairs: pairs, values: estimates)
    }
  }

  /// Compares a correlation matrix with those of independent normal variables.
  ///
  /// Where all pairs have the same number of papers, a reference correlation matrix comes from the
  /// Bartlett (1933) factor of a Wishart matrix, chi variates on the diagonal and normal ones below.
  /// Where they differ, each correlation is drawn by itself, normal with variance `1/(n_jk - 1)`, as
  /// correlations of unrelated variables are when papers are many. The cost does not depend on the number
  /// of papers.
  public static func normal(
    like correlations: CorrelationMatrix, settings: Settings = Settings()
  ) async throws -> ParallelAnalysis {
    let pairs = PairwiseAssociations.indices(count: correlations.count, isSymmetric: true)
    let papers = pairs.map { pair in
      correlations.effectiveCounts?[pair.first + pair.second * correlations.count]
        ?? Double(correlations.pairCount(pair.first, pair.second))
    }
    guard papers.allSatisfy({ $0 == papers.first }) else {
      let deviations = papers.map { 1 / max($0 - 1, 1).squareRoot() }
      let count = correlations.count
      return try await run(
        .normal, like: correlations, settings: settings, batchSize: EigenvalueBatch.capacity
      ) { streams in
        let drawn = streams.map { stream in
          var random = stream
          let values = deviations.map { max(-1, min(1, $0 * random.normal())) }
          return Self.matrix(count: count, pairs: pairs, values: values).0
        }
        return try DenseMatrix.symmetricEigenvalues(of: drawn).map {
          Draw(eigenvalues: $0, undefinedPairs: 0)
        }
      }
    }
    let reference = NormalCorrelations(
      count: correlations.count, papers: Int((correlations.harmonicMeanCount ?? 2).rounded()))
    return try await run(.normal, like: correlations, settings: settings, batchSize: 64) {
      try reference.eigenvalues(from: $0).map { Draw(eigenvalues: $0, undefinedPairs: 0) }
    }
  }

  /// Compares with permuted data, of which a function makes a correlation matrix.
  private static func runMatrices(
    like correlations: CorrelationMatrix, settings: Settings,
    matrix: @escaping @Sendable (inout RandomStream) -> (DenseMatrix, undefinedPairs: Int)
  ) async throws -> ParallelAnalysis {
    try await run(
      .permutation, like: correlations, settings: settings, batchSize: EigenvalueBatch.capacity
    ) { streams in
      let drawn = streams.map { stream in
        var random = stream
        return matrix(&random)
      }
      let eigenvalues = try DenseMatrix.symmetricEigenvalues(of: drawn.map(\.0))
      return zip(eigenvalues, drawn).map {
        Draw(eigenvalues: $0, undefinedPairs: $1.undefinedPairs)
      }
    }
  }

  /// Draws the replicates, a batch at a time, each from its own stream.
  private static func run(
    _ reference: Reference, like correlations: CorrelationMatrix, settings: Settings,
    batchSize: Int, draw: @escaping @Sendable ([RandomStream]) throws -> [Draw]
  ) async throws -> ParallelAnalysis {
    let observed = try correlations.values.symmetricEigen(vectors: false).values
    let replicates = max(1, settings.replicates)
    let batches = stride(from: 0, to: replicates, by: batchSize).map {
      $0..<min($0 + batchSize, replicates)
    }
    let draws = try await concurrentMap(batches, jobs: settings.jobs) { batch in
      try Task.checkCancellation()
      return try draw(
        batch.map {
          RandomStream(seed: settings.seed, stream: UInt64($0), substream: Self.substream)
        })
    }.flatMap { $0 }
    return ParallelAnalysis(
      draws, reference: reference, observed: observed, quantileLevel: settings.quantileLevel)
  }

  /// Keeps the streams apart from those of bootstrap replicates, whose blocks count from zero.
  private static let substream = UInt64.max

  /// A symmetric matrix from its pairs; undefined ones become zero and are counted.
  private static func matrix(
    count: Int, pairs: [(first: Int, second: Int)], values: [Double]
  ) -> (DenseMatrix, undefinedPairs: Int) {
    var result = DenseMatrix(diagonal: [Double](repeating: 1, count: count))
    var undefined = 0
    for (pair, value) in zip(pairs, values) {
      guard value.isFinite else {
        undefined += 1
        continue
      }
      result[pair.first, pair.second] = value
      result[pair.second, pair.first] = value
    }
    return (result, undefined)
  }

  /// The values of a column in random order among the papers that have one.
  private static func permuted(_ values: [Double?], from random: inout RandomStream) -> [Double?] {
    let present = values.indices.filter { values[$0] != nil }
    var order = present
    random.draw(order.count, toFrontOf: &order)
    var result = values
    for (paper, source) in zip(present, order) { result[paper] = values[source] }
    return result
  }
}
