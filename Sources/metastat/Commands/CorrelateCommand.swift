import ArgumentParser
import SurveyStats

/// `metastat correlate` says which items, or categories, go together.
struct CorrelateCommand: AnalysisCommand {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case pairs, wide, partial, clusters, merges
    case leftOut = "left-out"
  }

  /// How the interval of a coefficient is made.
  enum Interval: String, ExpressibleByArgument, CaseIterable {
    case analytic, percentile, basic, normal, bca

    var choice: Correlations.Interval {
      ResampledInterval(rawValue: rawValue).map { .resampled($0) } ?? .analytic
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "correlate",
    abstract: "Which items, or categories, go together: coefficients of all pairs.",
    discussion: """
      Every pair uses the papers to which both items apply, and says how many they are with its 2 x \
      2 table. A pair that cannot be estimated stays in the table with the reason in 'note'. \
      Weighted papers count with their weights; the errors, limits and p-values of weighted papers \
      and of clusters are linearised (test: linearised). Margins bound phi: phi_over_max, and the coefficient phi-max, are phi over its largest \
      possible value. Tetrachoric assumes a normal trait behind each item. p-values are those of \
      Fisher's exact test where a cell is expected below 5, else of chi-square.

      EXAMPLES
        metastat correlate papers --item 'artifacts.*' --format text
        metastat correlate matrix.csv --coefficient tetrachoric --adjust bh
        metastat correlate papers --of categories --wide -o heatmap.csv
        metastat correlate matrix.csv --interval percentile --sort -estimate --top 20
        metastat correlate matrix.csv --table clusters --clusters 6

      OUTPUT (CSV)
        pairs: a, b, coefficient, n, [n_effective], n11, n10, n01, n00, estimate, std_error, conf_low,
          conf_high, conf_level, p_value, p_adjusted, test, [phi_over_max], note; in text the largest in
          size first, and pairs without a coefficient counted by reason
        wide: term, one column a variable, in the order of the clusters
        partial: the same pairs given all other variables; from a matrix that had to be repaired
          estimates only, and none from one whose inverse would be that of the repair
        clusters, merges: the tree of average linkage on 1 - r
        left-out: term, n, relation, with (which it copies, opposes or has no coefficient with), note
      """)

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup var association: AssociationOptions
  @OptionGroup(title: "Sampling and replicates") var resampling: ResamplingOptions
  @OptionGroup(title: "Sampling and replicates") var split: SplitOptions
  @OptionGroup(title: "Sampling and replicates") var replicateFile: ReplicateOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(help: "pairs (default), wide, partial, clusters, merges or left-out.")
  var table: TableName?

  @Option(help: "analytic, or bootstrap of papers: percentile, basic, normal, bca.")
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

  @Flag(help: "Shrink correlations for partial ones though their matrix is sound.")
  var shrink = false

  /// The table asked for.
  private var chosen: TableName { output.wide && table == nil ? .wide : table ?? .pairs }

  func answer(_ ask: Ask) async throws -> Answer {
    try replicateFile.check(
      drawsReplicates: interval != .analytic && chosen == .pairs,
      remedy: "--interval percentile, basic, normal or bca, and the table pairs")
    let variables = try association.variables()
    try check(variables)
    if shrink, chosen != .partial {
      throw CommandFailure(.usage, "--shrink is of --table partial; leave it out")
    }
    return try await association.answering(of: ask.study) {
      if chosen == .partial {
        var question = CorrelationMatrices(
          variables, repair: repair, needsInverse: true, level: resampling.level)
        question.shrinks = shrink
        let found = try await ask(question)
        ask.console.note(found.remarks)
        return Answer(
          try found.matrix.partialTable(level: resampling.level, adjustment: adjust))
      }
      let result = try await ask(
        Correlations(
          variables, interval: chosen == .pairs ? interval.choice : .analytic,
          level: resampling.level))
      guard result.hasCoefficient else {
        throw CommandFailure(.estimation, nothingEstimated(result.associations, ask.study))
      }
      return try arranged(result, console: ask.console)
    }
  }

  /// Why no pair has a coefficient, by reason.
  private func nothingEstimated(_ associations: PairwiseAssociations, _ study: Study) -> String {
    guard associations.names.count > 1 else {
      return
        "a pair needs two variables, and there \(associations.names.isEmpty ? "is none" : "is 1")"
    }
    let notes = associations.pairs.compactMap(\.association.note)
    return "no pair could be estimated (\(AssociationNote.counts(of: notes)))"
      + association.hint(notes, study)
  }

  /// Refuses tables that the coefficient cannot give.
  private func check(_ variables: CorrelatedVariables) throws {
    switch chosen {
    case .partial: _ = try association.correlations(for: "partial correlations")
    case .clusters, .merges, .leftOut:
      guard variables.isSimilarity else {
        throw CommandFailure(
          .usage,
          "clusters need a similarity, and \(variables.name) is none; choose phi, jaccard or "
            + "another coefficient between -1 and 1")
      }
    case .pairs, .wide: break
    }
  }

  /// The table asked for, and what people read in its place.
  private func arranged(_ result: Correlations.Result, console: Console) throws -> Answer {
    let associations = result.associations
    var answer: Answer
    switch chosen {
    case .pairs, .partial:
      answer = Answer(result.table(adjustment: adjust))
      answer.readable = associations.readableTable(answer.table)
      answer.widthRemedy = "--table pairs --wide shows all"
    case .wide:
      let order = result.values.variables.isSimilarity ? try? clusterOrder(associations) : nil
      answer = Answer(associations.wideTable(order: order))
      answer.readable = associations.wideTable(order: order, leavingOutUndefined: true)
    case .clusters:
      answer = Answer(
        try clustering(associations, console: console).clusterTable(count: clusters))
    case .merges: answer = Answer(try clustering(associations, console: console).mergeTable())
    case .leftOut: answer = Answer(try associations.correlationMatrix().leftOut.table())
    }
    return answer
  }

  private func clustering(
    _ associations: PairwiseAssociations, console: Console
  ) throws -> HierarchicalClustering {
    let matrix = try associations.correlationMatrix(boundary: .keep)
    console.note(matrix.remarks)
    return HierarchicalClustering(matrix, distance: distance, linkage: linkage)
  }

  /// All variables, those of the tree in its leaf order first.
  private func clusterOrder(_ associations: PairwiseAssociations) throws -> [Int] {
    let matrix = try associations.correlationMatrix(boundary: .keep)
    let tree = HierarchicalClustering(matrix, distance: distance, linkage: linkage)
    let inTree = tree.leafOrder.compactMap { associations.names.firstIndex(of: tree.names[$0]) }
    return inTree + associations.names.indices.filter { !inTree.contains($0) }
  }
}

extension HierarchicalClustering.Linkage: ExpressibleByArgument {}
extension HierarchicalClustering.Distance: ExpressibleByArgument {}
