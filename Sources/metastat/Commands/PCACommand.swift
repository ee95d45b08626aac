import ArgumentParser
import SurveyStats

extension ParallelAnalysis.Reference: ExpressibleByArgument {}

/// `metastat pca` finds the components behind items or categories.
struct PCACommand: AsyncParsableCommand, CommandWithFiles {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case eigenvalues, loadings, scores, count
  }

  /// What the components are taken from.
  enum Method: String, ExpressibleByArgument, CaseIterable {
    case correlations, imputation, probabilistic, complete
  }

  /// How intervals of loadings are made.
  enum Interval: String, ExpressibleByArgument, CaseIterable {
    case percentile, basic, normal

    var bootstrap: BootstrapInterval {
      switch self {
      case .percentile: .percentile
      case .basic: .basic
      case .normal: .normal
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "pca",
    abstract: "Components behind the items or categories: how many, how stable.",
    discussion: """
      By default the components are those of the matrix of pairwise coefficients, each pair on the \
      papers that have both, so that nothing is imputed. A matrix of pairwise coefficients need not \
      be one of correlations of any data; then the nearest one is taken and the change said. How \
      many components: parallel analysis permutes every item among the papers it applies to, which \
      keeps rates and the pattern of missing answers.

      Limits of eigenvalues and proportions are the estimate and its bootstrap standard error; \
      those of loadings are of --interval, from replicates aligned with the sample. The alignment \
      takes all components shown together, so that intervals depend a little on --components.

      METHODS
        correlations: the pairwise matrix (default: "does not apply" is a judgement about the
          paper, and this alone assumes nothing about such cells)
        probabilistic: maximum likelihood of the scaled data with missing cells (EM); NIPALS,
          which fits the same cells by least squares without a model, is not offered
        imputation: singular values of the scaled data after filling in the item's mean, which
          shrinks correlations
        complete: singular values of the papers that have everything

      EXAMPLES
        metastat pca matrix.csv --format text
        metastat pca matrix.csv --coefficient tetrachoric --table loadings --components 4
        metastat pca papers --of categories --table scores -o scores.csv
        metastat pca matrix.csv --table count

      OUTPUT (CSV)
        eigenvalues: component, eigenvalue, proportion, cumulative, conf_low, conf_high (of the
          eigenvalue), proportion_low, proportion_high, cumulative_low, cumulative_high,
          parallel_quantile, retained, note
        loadings: term, component, estimate, conf_low, conf_high, note; in text one column a
          component, sorted, without those below --cut
        scores: paper, n_applicable, one column a component
        count: rule (parallel analysis, map, kaiser, and the elbow of the scree plot by its
          acceleration), components
      """)

  @OptionGroup var corpus: CorpusOptions
  @OptionGroup var association: AssociationOptions
  @OptionGroup var loadings: LoadingOptions
  @OptionGroup var resampling: ResamplingOptions
  @OptionGroup var replicates: ReplicateOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "eigenvalues (default), loadings, scores or count.")
  var table = TableName.eigenvalues

  @Option(help: "correlations (default), probabilistic, imputation or complete.")
  var method = Method.correlations

  @Option(help: "The number of components; 'auto' takes what parallel analysis retains.")
  var components = "auto"

  @Option(help: "Repair of an indefinite matrix: nearest, smoothing or shrinkage.")
  var repair = CorrelationRepair.Method.nearest

  @Option(help: "The reference of parallel analysis: permutation or normal.")
  var parallel = ParallelAnalysis.Reference.permutation

  @Option(help: "The number of reference data sets of parallel analysis.")
  var parallelReplicates = 1_000

  @Option(help: "The interval of loadings: percentile, basic or normal.")
  var interval = Interval.percentile

  @Option(
    help: "The same as --replicates; 0 for no bootstrap intervals.")
  var bootstrapReplicates: Int?

  /// The number of bootstrap replicates, each of which decomposes a matrix.
  private var replicateCount: Int { bootstrapReplicates ?? resampling.chosenReplicates ?? 999 }

  var readPaths: [String] { corpus.readPaths }
  var writtenPaths: [String] { output.writtenPaths + [replicates.replicatesOut].compactMap { $0 } }

  func run() async throws {
    try output.checkFiles()
    guard components == "auto" || (Int(components) ?? 0) > 0 else {
      throw CommandFailure(.usage, "--components takes a number or 'auto', not '\(components)'")
    }
    guard replicateCount >= 0, parallelReplicates >= 1 else {
      throw CommandFailure(
        .usage, "--bootstrap-replicates takes 0 or more, --parallel-replicates 1 or more")
    }
    try replicates.check(
      drawsReplicates: replicateCount > 0 && method == .correlations
        && (table == .eigenvalues || table == .loadings),
      remedy: "the table eigenvalues or loadings, with --bootstrap-replicates")
    let console = output.console
    let loaded = try await corpus.load(
      console: console, jobs: resampling.jobs, isStrict: output.strict)
    let variables = try association.variables(of: loaded.matrix)
    try variables.checkCorrelation(for: "components")
    do {
      let result = try await result(variables, console: console)
      try output.write(result.table, readable: result.readable)
    } catch let error as CorrelationMatrixError {
      throw variables.failure(error)
    }
    try output.writeManifest(
      of: loaded, seed: resampling.seed, replicates: replicateCount)
  }

  /// The table asked for, and what people read in its place.
  private func result(
    _ variables: AssociationVariables, console: Console
  ) async throws -> (table: Table, readable: Table?) {
    let correlations = try variables.correlationMatrix(
      repair: repair, needsInverse: table == .scores, level: resampling.level,
      console: method == .correlations ? console : nil)
    if let count = Int(components), count > correlations.count {
      throw CorrelationMatrixError.componentCount(count, variables: correlations.count)
    }
    var settings = ParallelAnalysis.Settings()
    settings.replicates = parallelReplicates
    settings.seed = resampling.seed
    settings.jobs = resampling.jobs
    let parallelAnalysis = try await variables.parallelAnalysis(
      of: correlations, reference: parallel, settings: settings)
    if components == "auto", parallelAnalysis.retained == 0, table == .loadings || table == .scores
    {
      console.note("parallel analysis retains no component; the first is shown all the same")
    }
    let count = Int(components) ?? max(1, parallelAnalysis.retained)
    let principal = try principalComponents(variables, correlations, count: count)
    if count > principal.rank {
      console.note("only \(principal.rank) components have any variance")
    }
    let reason: String? = method == .correlations ? nil : "no-interval-of-method"
    switch table {
    case .eigenvalues:
      let intervals = try await intervals(variables, correlations, count: count, console: console)
      return (
        principal.eigenvalueTable(
          parallel: parallelAnalysis, intervals: intervals, withoutIntervals: reason), nil
      )
    case .loadings:
      let intervals = try await intervals(variables, correlations, count: count, console: console)
      return (
        principal.loadingTable(
          count: count, intervals: intervals, withoutIntervals: reason),
        principal.sparseLoadingTable(
          count: count, cut: loadings.cut, isSorted: !loadings.inputOrder, intervals: intervals)
      )
    case .scores:
      let scores = try principal.scores(of: variables.columns, count: count)
      return (scores.table(papers: variables.matrix.papers.map(\.slug)), nil)
    case .count:
      let partial = try MinimumAveragePartial(correlations)
      let counts: [(String, Int?)] = [
        ("parallel-\(parallel.rawValue)", parallelAnalysis.retained), ("map", partial.count),
        ("map-fourth-power", partial.fourthPowerCount), ("kaiser", principal.kaiserCount),
        ("scree-acceleration", principal.accelerationCount),
      ]
      let table = Table(
        name: "count", caption: "How many components of \(correlations.count) variables, by rule.",
        columns: [
          Column("rule", .text(counts.map(\.0))), Column("components", .integer(counts.map(\.1))),
        ])
      return (table, nil)
    }
  }

  private func principalComponents(
    _ variables: AssociationVariables, _ correlations: CorrelationMatrix, count: Int
  ) throws(CorrelationMatrixError) -> PrincipalComponents {
    let data = variables.columns.selecting(names: correlations.names)
    switch method {
    case .correlations: return try PrincipalComponents(correlations)
    case .imputation: return try PrincipalComponents(data, missing: .meanImputation)
    case .probabilistic:
      return try PrincipalComponents(data, missing: .probabilistic(components: count))
    case .complete: return try PrincipalComponents(data, missing: .completePapers)
    }
  }

  /// Intervals of eigenvalues, proportions and loadings, for components of the pairwise matrix.
  private func intervals(
    _ variables: AssociationVariables, _ correlations: CorrelationMatrix, count: Int,
    console: Console
  ) async throws -> ComponentIntervals? {
    guard replicateCount > 0 else { return nil }
    guard method == .correlations else {
      console.note("intervals are those of --method correlations; \(method.rawValue) has none")
      return nil
    }
    let design = try resampling.design(of: variables.matrix)
    let pairs = variables.statistic(names: correlations.names, design: design)
    return try await bootstrap(
      pairs, correlations, count: count, design: design, console: console)
  }

  private func bootstrap(
    _ pairs: some Statistic, _ correlations: CorrelationMatrix, count: Int,
    design: SamplingDesign, console: Console
  ) async throws -> ComponentIntervals {
    let statistic = try PrincipalComponentStatistic(pairs, like: correlations, count: count)
    let sample = try await resampling.sample(
      statistic, design: design, replicates: replicateCount, console: console)
    try replicates.write(sample, terms: statistic.terms, output: output)
    let intervals = ComponentIntervals(
      sample, of: statistic, method: interval.bootstrap, level: resampling.level)
    if intervals.areAllUndefined { console.noteUndefinedIntervals() }
    return intervals
  }
}
