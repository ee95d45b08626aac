import ArgumentParser
import SurveyStats

extension ParallelAnalysis.Reference: ExpressibleByArgument {}

/// `metastat pca` finds the components behind items or categories.
struct PCACommand: AsyncParsableCommand {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case eigenvalues, loadings, scores, count
  }

  /// What the components are taken from.
  enum Method: String, ExpressibleByArgument, CaseIterable {
    case correlations, imputation, probabilistic, complete
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

      METHODS
        correlations: the pairwise matrix (default)
        probabilistic: maximum likelihood with missing cells (EM)
        imputation: singular values after filling in the item's mean
        complete: singular values of the papers that have everything

      EXAMPLES
        metastat pca matrix.csv --format text
        metastat pca matrix.csv --coefficient tetrachoric --table loadings --components 4
        metastat pca papers --of categories --table scores -o scores.csv
        metastat pca matrix.csv --table count

      OUTPUT (CSV)
        eigenvalues: component, eigenvalue, proportion, cumulative, conf_low, conf_high,
          parallel_quantile, retained
        loadings: term, component, estimate, conf_low, conf_high
        scores: paper, n_applicable, one column a component
        count: rule, components
      """)

  @OptionGroup var corpus: CorpusOptions
  @OptionGroup var association: AssociationOptions
  @OptionGroup var resampling: ResamplingOptions
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

  @Option(help: "The number of bootstrap replicates for intervals; 0 for none.")
  var bootstrapReplicates = 999

  func run() async throws {
    try output.checkFiles()
    guard components == "auto" || (Int(components) ?? 0) > 0 else {
      throw CommandFailure(.usage, "--components takes a number or 'auto', not '\(components)'")
    }
    let console = output.console
    let loaded = try await corpus.load(
      console: console, jobs: resampling.jobs, isStrict: output.strict)
    do {
      let variables = try association.variables(of: loaded.matrix)
      try output.write(try await result(variables, console: console))
    } catch let error as CorrelationMatrixError {
      throw CommandFailure(.estimation, error.description)
    }
    try output.writeManifest(
      of: loaded, seed: resampling.seed, replicates: bootstrapReplicates)
  }

  private func result(_ variables: AssociationVariables, console: Console) async throws -> Table {
    let correlations = try variables.associations(level: resampling.level).correlationMatrix()
      .repairedIfNeeded(by: repair)
    console.describe(correlations)
    var settings = ParallelAnalysis.Settings()
    settings.replicates = parallelReplicates
    settings.seed = resampling.seed
    settings.jobs = resampling.jobs
    let parallelAnalysis = try await variables.parallelAnalysis(
      of: correlations, reference: parallel, settings: settings)
    let count = Int(components) ?? max(1, parallelAnalysis.retained)
    let principal = try principalComponents(variables, correlations, count: count)
    switch table {
    case .eigenvalues:
      let limits = try await intervals(variables, correlations, count: count, console: console)
      return principal.eigenvalueTable(parallel: parallelAnalysis, limits: limits?.eigenvalues)
    case .loadings:
      let limits = try await intervals(variables, correlations, count: count, console: console)
      return principal.loadingTable(count: count, limits: limits?.loadings)
    case .scores:
      return try principal.scores(of: variables.columns, count: count)
        .table(papers: variables.matrix.papers.map(\.slug))
    case .count:
      let partial = try MinimumAveragePartial(correlations)
      return Table(
        name: "count", caption: "How many components, by rule.",
        columns: [
          Column(
            "rule",
            .text(["parallel-\(parallel.rawValue)", "map", "map-fourth-power", "kaiser"])),
          Column(
            "components",
            .integer([
              parallelAnalysis.retained, partial.count, partial.fourthPowerCount,
              principal.kaiserCount,
            ])),
        ])
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

  /// Limits of eigenvalues and loadings, for components of the pairwise matrix.
  ///
  /// Bootstrapped eigenvalues are spread too far: the large ones lie above those of the sample, so
  /// that their quantiles can miss the estimate. Their limits are the estimate and normal quantiles
  /// of the bootstrap standard error; those of loadings are percentiles of the aligned replicates.
  private func intervals(
    _ variables: AssociationVariables, _ correlations: CorrelationMatrix, count: Int,
    console: Console
  ) async throws -> (
    eigenvalues: [PrincipalComponents.Limits?], loadings: [PrincipalComponents.Limits?]
  )? {
    guard method == .correlations, bootstrapReplicates > 0 else { return nil }
    let design = try resampling.design(of: variables.matrix)
    let pairs = variables.statistic(names: correlations.names, design: design)
    let sample = try await bootstrap(
      pairs, correlations, count: count, design: design, console: console)
    let z = Normal().quantile((1 + resampling.level) / 2)
    let limits = sample.original.indices.map { index -> PrincipalComponents.Limits? in
      let estimate = sample.original[index]
      if index < correlations.count {
        return sample.standardError(of: index).map { (estimate - z * $0, estimate + z * $0) }
      }
      guard
        let limits = try? BootstrapInterval.percentile.limits(
          estimate: estimate, replicates: sample.values(of: index), level: resampling.level)
      else { return nil }
      return (limits.lower, limits.upper)
    }
    return (
      Array(limits.prefix(correlations.count)), Array(limits.dropFirst(correlations.count))
    )
  }

  private func bootstrap(
    _ pairs: some Statistic, _ correlations: CorrelationMatrix, count: Int,
    design: SamplingDesign, console: Console
  ) async throws -> BootstrapSample {
    let statistic = try PrincipalComponentStatistic(pairs, like: correlations, count: count)
    let bar = ProgressBar("bootstrap", total: bootstrapReplicates, console: console)
    defer { bar.finish() }
    return try await Bootstrap(
      design: design, scheme: resampling.scheme, replicates: bootstrapReplicates,
      seed: resampling.seed, jobs: resampling.jobs
    )(statistic) { bar.advance($0) }
  }
}
