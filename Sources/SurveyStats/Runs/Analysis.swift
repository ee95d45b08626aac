/// A question about a study: its options, and nothing else, so that it is cheap to compare.
///
/// An analysis first says what it wants drawn, then what follows from the draws. So a ``Run`` can draw
/// the replicates at once, draw a part of them, or take them from the parts of a split run, without
/// the analysis knowing.
///
/// ```swift
/// let rates = try await Run()(Rates(), of: Study(matrix))
/// ```
public protocol Analysis: Hashable, Sendable {
  /// What the question is answered with; most often rows of estimates with their notes.
  associatedtype Result: Sendable

  /// The number of replicates that are drawn unless a run says another.
  static var usualReplicates: Int { get }

  /// What the analysis does about a feature of the sample; every feature has an answer.
  func handling(of feature: SamplingFeature) -> Handling

  /// Works out what needs no replicates, and says which are wanted.
  func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result>
}

extension Analysis {
  /// 9,999.
  public static var usualReplicates: Int { 9_999 }
}

/// A study under the design that an analysis sees: features that it ignores are taken out, with notes
/// that belong into each of its rows.
public struct Sample: Sendable {
  /// The study.
  public let study: Study
  /// How its papers were sampled, as far as the analysis takes account of it.
  public let design: SamplingDesign
  /// What the analysis ignores, and what else is said of the sample; a part of the notes of every row.
  public let notes: [Note]

  /// The matrix of the study.
  public var matrix: BinaryMatrix { study.matrix }

  /// Whether weights count, and all papers have the weight 0.
  var weighsNothing: Bool {
    study.plan.usesWeights && !matrix.papers.isEmpty
      && matrix.papers.allSatisfy { $0.weight == 0 }
  }
}

/// An analysis that waits for its replicates.
public struct Prepared<Result: Sendable>: Sendable {
  /// The replicates it wants, none for analytic intervals.
  public let draws: [Draw]
  /// What follows from them, a sample for each draw.
  public let finish: @Sendable ([BootstrapSample]) async throws -> Result

  /// Creates an analysis that waits for draws.
  public init(
    draws: [Draw], finish: @escaping @Sendable ([BootstrapSample]) async throws -> Result
  ) {
    self.draws = draws
    self.finish = finish
  }
}

/// Replicates that an analysis wants: those of a statistic under a design, or rows made otherwise.
///
/// Row b of a draw depends on the seed and on b alone.
public struct Draw: Sendable {
  /// What is drawn, such as the name of a group; a check when parts are joined.
  public var label: String
  /// The names of the columns, for whoever wants the replicates themselves.
  public var terms: [String]
  /// The group of papers that it is about, with the column of the groups.
  public var group: (column: String, name: String)?
  /// The number of papers up to which it goes, where a corpus is followed as it grows.
  public var checkpoint: Int?
  /// The table of several that it belongs to, with the column that tells them apart.
  public var section: (column: String, name: String)?
  private let make:
    @Sendable (Run, Range<Int>, (@Sendable (Int) -> Void)?) async throws -> BootstrapSample

  /// The bootstrap of a statistic; its units are those of the design.
  init(
    _ label: String = "", terms: [String], _ statistic: some Statistic, _ design: SamplingDesign
  ) {
    self.init(label, terms: terms) { run, range, progress in
      var bootstrap = run.bootstrap(design)
      bootstrap.replicates = range
      return try await bootstrap(statistic, progress: progress)
    }
  }

  /// Rows that are made otherwise, such as those of permutations; `make` is asked for an empty range
  /// when only the values of the whole sample are wanted.
  init(
    _ label: String = "", terms: [String],
    make:
      @escaping @Sendable (Run, Range<Int>, (@Sendable (Int) -> Void)?) async throws
      -> BootstrapSample
  ) {
    self.label = label
    self.terms = terms
    self.make = make
  }

  /// Replicates as a table, one row a replicate, with the keys of this draw.
  public func table(of sample: BootstrapSample) -> Table {
    var result = Table(replicates: sample, terms: terms, group: group?.name, by: group?.column)
    let count = result.rowCount
    if let checkpoint {
      result.columns.insert(
        Column("checkpoint", .integer([Int?](repeating: checkpoint, count: count))),
        at: group == nil ? 0 : 2)
    }
    if let section {
      result.columns.insert(
        Column(section.column, .text([String?](repeating: section.name, count: count))), at: 0)
    }
    return result
  }

  /// The rows of a range.
  public func callAsFunction(
    _ run: Run, _ range: Range<Int>, progress: (@Sendable (Int) -> Void)? = nil
  ) async throws -> BootstrapSample {
    try await make(run, range, progress)
  }
}
