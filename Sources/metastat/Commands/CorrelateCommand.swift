import ArgumentParser
import SurveyStats

/// `metastat correlate` says which items, or categories, go together.
struct CorrelateCommand: AsyncParsableCommand, CommandWithFiles {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case pairs, wide, partial, clusters, merges
    case leftOut = "left-out"
  }

  /// How the interval of a coefficient is made.
  enum Interval: String, ExpressibleByArgument, CaseIterable {
    case analytic, percentile, basic, normal
  }

  static let configuration = CommandConfiguration(
    commandName: "correlate",
    abstract: "Which items, or categories, go together: coefficients of all pairs.",
    discussion: """
      Every pair uses the papers to which both items apply, and says how many they are with its 2 x \
      2 table. A pair that cannot be estimated stays in the table with the reason in 'note'. \
      Margins bound phi: phi_over_max, and the coefficient phi-max, are phi over its largest \
      possible value. Tetrachoric assumes a normal trait behind each item. p-values are those of \
      Fisher's exact test where a cell is expected below 5, else of chi-square.

      EXAMPLES
        metastat correlate papers --item 'artifacts.*' --format text
        metastat correlate matrix.csv --coefficient tetrachoric --adjust bh
        metastat correlate papers --of categories --wide -o heatmap.csv
        metastat correlate matrix.csv --interval percentile --sort -estimate --top 20
        metastat correlate matrix.csv --table clusters --clusters 6

      OUTPUT (CSV)
        pairs: a, b, coefficient, n, n11, n10, n01, n00, estimate, std_error, conf_low,
          conf_high, p_value, p_adjusted, [test, phi_over_max], note; in text the largest in size
          first, and pairs without a coefficient counted by reason
        wide: term, one column a variable, in the order of the clusters
        partial: the same pairs given all other variables; from a matrix that had to be repaired
          estimates only, and none from one whose inverse would be that of the repair
        clusters, merges: the tree of average linkage on 1 - r
        left-out: term, n, relation, with (which it copies, opposes or has no coefficient with), note
      """)

  @OptionGroup var corpus: CorpusOptions
  @OptionGroup var association: AssociationOptions
  @OptionGroup var resampling: ResamplingOptions
  @OptionGroup var replicates: ReplicateOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "pairs (default), wide, partial, clusters, merges or left-out.")
  var table = TableName.pairs

  @Flag(help: "The same as --table wide.")
  var wide = false

  @Option(help: "analytic, or bootstrap of papers: percentile, basic, normal.")
  var interval = Interval.analytic

  @Option(help: "Adjustment of p-values over all pairs: none, holm, bh, by, …")
  var adjust = PValueAdjustment.holm

  @Option(help: "The linkage of clusters: average, complete, single, ward.")
  var linkage = HierarchicalClustering.Linkage.average

  @Option(help: "The distance of clusters: signed, 1 - r, or absolute, 1 - |r|.")
  var distance = HierarchicalClustering.Distance.signed

  @Option(help: "The number of clusters in the clusters table.")
  var clusters = 5

  @Option(help: "Repair for partial correlations: shrinkage, nearest or smoothing.")
  var repair = CorrelationRepair.Method.shrinkage

  var readPaths: [String] { corpus.readPaths }
  var writtenPaths: [String] { output.writtenPaths + [replicates.replicatesOut].compactMap { $0 } }

  func run() async throws {
    try output.checkFiles()
    try replicates.check(
      drawsReplicates: interval != .analytic && (wide ? .wide : table) == .pairs,
      remedy: "--interval percentile, basic or normal, and the table pairs")
    let console = output.console
    let loaded = try await corpus.load(
      console: console, jobs: resampling.jobs, isStrict: output.strict)
    let variables = try association.variables(of: loaded.matrix)
    try check(variables)
    let associations = variables.associations(level: resampling.level)
    guard associations.pairs.contains(where: { $0.association.estimate != nil }) else {
      throw CommandFailure(.estimation, nothingEstimated(associations, variables))
    }
    do {
      let result = try await result(associations, variables: variables, console: console)
      try output.write(result.table, readable: result.readable)
    } catch let error as CorrelationMatrixError {
      throw variables.failure(error)
    }
    try output.writeManifest(
      of: loaded, seed: resampling.seed, replicates: resampling.replicates)
  }

  /// Why no pair has a coefficient, by reason.
  private func nothingEstimated(
    _ associations: PairwiseAssociations, _ variables: AssociationVariables
  ) -> String {
    guard associations.names.count > 1 else {
      return
        "a pair needs two variables, and there \(associations.names.isEmpty ? "is none" : "is 1")"
    }
    let notes = associations.pairs.compactMap(\.association.note)
    return "no pair could be estimated (\(AssociationNote.counts(of: notes)))"
      + variables.minimumHint(notes.contains(.belowMinimumCount))
  }

  /// Refuses tables that the coefficient cannot give.
  private func check(_ variables: AssociationVariables) throws(CommandFailure) {
    switch wide ? .wide : table {
    case .partial: try variables.checkCorrelation(for: "partial correlations")
    case .clusters, .merges, .leftOut:
      guard variables.isSimilarity else {
        throw CommandFailure(
          .usage,
          "clusters need a similarity, and \(variables.coefficient) is none; choose phi, jaccard or "
            + "another coefficient between -1 and 1")
      }
    case .pairs, .wide: break
    }
  }

  /// The table asked for, and what people read in its place.
  private func result(
    _ associations: PairwiseAssociations, variables: AssociationVariables, console: Console
  ) async throws -> (table: Table, readable: Table?) {
    switch wide ? .wide : table {
    case .pairs:
      let limits =
        interval == .analytic
        ? nil : try await bootstrapLimits(associations, variables, console: console)
      let table = associations.table(
        adjustment: adjust, intervals: limits?.intervals, standardErrors: limits?.standardErrors)
      return (table, associations.readableTable(table))
    case .wide:
      let order = variables.isSimilarity ? try? clusterOrder(associations) : nil
      return (
        associations.wideTable(order: order),
        associations.wideTable(order: order, leavingOutUndefined: true)
      )
    case .partial:
      let matrix = try variables.correlationMatrix(
        repair: repair, needsInverse: true, level: resampling.level, console: console)
      return (try matrix.partialTable(level: resampling.level, adjustment: adjust), nil)
    case .clusters:
      return (try clustering(associations, console: console).clusterTable(count: clusters), nil)
    case .merges: return (try clustering(associations, console: console).mergeTable(), nil)
    case .leftOut: return (try associations.correlationMatrix().leftOut.table(), nil)
    }
  }

  private func clustering(
    _ associations: PairwiseAssociations, console: Console
  ) throws -> HierarchicalClustering {
    let matrix = try associations.correlationMatrix(boundary: .keep)
    console.describe(matrix)
    return HierarchicalClustering(matrix, distance: distance, linkage: linkage)
  }

  /// All variables, those of the tree in its leaf order first.
  private func clusterOrder(_ associations: PairwiseAssociations) throws -> [Int] {
    let matrix = try associations.correlationMatrix(boundary: .keep)
    let tree = HierarchicalClustering(matrix, distance: distance, linkage: linkage)
    let inTree = tree.leafOrder.compactMap { associations.names.firstIndex(of: tree.names[$0]) }
    return inTree + associations.names.indices.filter { !inTree.contains($0) }
  }

  private func bootstrapLimits(
    _ associations: PairwiseAssociations, _ variables: AssociationVariables, console: Console
  ) async throws -> (intervals: [IntervalOutcome], standardErrors: [Double?]) {
    let design = try resampling.design(of: variables.matrix)
    let sample = try await resampling.sample(
      variables.statistic(design: design), design: design, console: console)
    let method: BootstrapInterval =
      switch interval {
      case .basic: .basic
      case .normal: .normal
      case .analytic, .percentile: .percentile
      }
    try replicates.write(sample, terms: associations.terms, output: output)
    let intervals = associations.pairs.indices.map {
      sample.interval(of: $0, by: method, level: resampling.level)
    }
    // A standard error of the few replicates that are defined would be as doubtful as their limits.
    let errors = intervals.indices.map { index in
      intervals[index].limits == nil ? nil : sample.standardError(of: index)
    }
    return (intervals, errors)
  }
}

extension HierarchicalClustering.Linkage: ExpressibleByArgument {}
extension HierarchicalClustering.Distance: ExpressibleByArgument {}
