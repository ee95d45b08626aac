import ArgumentParser
import SurveyStats

/// `metastat correlate` says which items, or categories, go together.
struct CorrelateCommand: AsyncParsableCommand {
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
          conf_high, p_value, p_adjusted, [test, phi_over_max], note
        wide: term, one column a variable, in the order of the clusters
        partial: the same pairs given all other variables; from a matrix that had to be repaired
          estimates only
        clusters, merges: the tree of average linkage on 1 - r
      """)

  @OptionGroup var corpus: CorpusOptions
  @OptionGroup var association: AssociationOptions
  @OptionGroup var resampling: ResamplingOptions
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

  @Option(help: "The number of clusters in the clusters table.")
  var clusters = 5

  @Option(help: "Repair for partial correlations: shrinkage, nearest or smoothing.")
  var repair = CorrelationRepair.Method.shrinkage

  func run() async throws {
    try output.checkFiles()
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
      try output.write(
        try await result(associations, variables: variables, console: console))
    } catch let error as CorrelationMatrixError {
      throw CommandFailure(.estimation, error.description)
    }
    try output.writeManifest(
      of: loaded, seed: resampling.seed, replicates: resampling.replicates)
  }

  /// Why no pair has a coefficient, by reason.
  private func nothingEstimated(
    _ associations: PairwiseAssociations, _ variables: AssociationVariables
  ) -> String {
    let notes = associations.pairs.compactMap(\.association.note)
    let reasons = AssociationNote.allCases.compactMap { reason in
      let count = notes.count { $0 == reason }
      return count > 0 ? "\(count) \(reason)" : nil
    }
    return "no pair could be estimated (\(reasons.joined(separator: ", "))); "
      + "\(variables.matrix.papers.count) papers take part, and a pair needs "
      + "\(association.minN) that have both (--min-n)"
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

  private func result(
    _ associations: PairwiseAssociations, variables: AssociationVariables, console: Console
  ) async throws -> Table {
    switch wide ? .wide : table {
    case .pairs:
      guard interval != .analytic else { return associations.table(adjustment: adjust) }
      let limits = try await bootstrapLimits(associations, variables, console: console)
      return associations.table(
        adjustment: adjust, intervals: limits.intervals, standardErrors: limits.standardErrors)
    case .wide:
      return associations.wideTable(
        order: variables.isSimilarity ? try? clusterOrder(associations) : nil)
    case .partial:
      let matrix = try associations.correlationMatrix().repairedIfNeeded(by: repair)
      console.describe(matrix)
      return try matrix.partialTable(level: resampling.level, adjustment: adjust)
    case .clusters:
      return try clustering(associations, console: console)
        .clusterTable(count: clusters)
    case .merges: return try clustering(associations, console: console).mergeTable()
    case .leftOut:
      let leftOut = try associations.correlationMatrix().leftOut
      return Table(
        name: "left_out", caption: "Variables that cannot take part in a matrix, and why.",
        columns: [
          Column("term", .text(leftOut.map(\.name))),
          Column("note", .text(leftOut.map(\.reason.description))),
        ])
    }
  }

  private func clustering(
    _ associations: PairwiseAssociations, console: Console
  ) throws -> HierarchicalClustering {
    let matrix = try associations.correlationMatrix(boundary: .keep)
    console.describe(matrix)
    return HierarchicalClustering(matrix, linkage: linkage)
  }

  /// All variables, those of the tree in its leaf order first.
  private func clusterOrder(_ associations: PairwiseAssociations) throws -> [Int] {
    let matrix = try associations.correlationMatrix(boundary: .keep)
    let tree = HierarchicalClustering(matrix, linkage: linkage)
    let inTree = tree.leafOrder.compactMap { associations.names.firstIndex(of: tree.names[$0]) }
    return inTree + associations.names.indices.filter { !inTree.contains($0) }
  }

  private func bootstrapLimits(
    _ associations: PairwiseAssociations, _ variables: AssociationVariables, console: Console
  ) async throws -> (intervals: [PairwiseAssociations.Limits?], standardErrors: [Double?]) {
    let design = try resampling.design(of: variables.matrix)
    let bar = ProgressBar("bootstrap", total: resampling.replicates, console: console)
    defer { bar.finish() }
    let sample = try await Bootstrap(
      design: design, scheme: resampling.scheme, replicates: resampling.replicates,
      seed: resampling.seed, jobs: resampling.jobs
    )(variables.statistic(design: design)) { bar.advance($0) }
    let method: BootstrapInterval =
      switch interval {
      case .basic: .basic
      case .normal: .normal
      case .analytic, .percentile: .percentile
      }
    let intervals = associations.pairs.indices.map { index -> PairwiseAssociations.Limits? in
      guard let estimate = associations.pairs[index].association.estimate,
        let limits = try? method.limits(
          estimate: estimate, replicates: sample.values(of: index), level: resampling.level)
      else { return nil }
      return (limits.lower, limits.upper)
    }
    let errors = associations.pairs.indices.map { index in
      associations.pairs[index].association.estimate == nil
        ? nil : sample.standardError(of: index)
    }
    return (intervals, errors)
  }
}

extension HierarchicalClustering.Linkage: ExpressibleByArgument {}
