import ArgumentParser
import SurveyStats

extension ParallelAnalysis.Reference: ExpressibleByArgument {}
extension Components.Method: ExpressibleByArgument {}
extension ResampledInterval: ExpressibleByArgument {}

/// `metastat pca` finds the components behind items or categories.
struct PCACommand: AnalysisCommand {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case eigenvalues, loadings, scores, count
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
        correlations: the pairwise matrix (default: "does not apply" is a judgement about the \
      paper, and this alone assumes nothing about such cells)
        probabilistic: maximum likelihood of the scaled data with missing cells (EM); NIPALS, \
      which fits the same cells by least squares without a model, is not offered
        imputation: singular values of the scaled data after filling in the item's mean, which \
      shrinks correlations
        complete: singular values of the papers that have everything

      EXAMPLES
        metastat pca matrix.csv --format text
        metastat pca matrix.csv --coefficient tetrachoric --table loadings --components 4
        metastat pca papers --of categories --table scores -o scores.csv
        metastat pca matrix.csv --table count
        metastat pca correlations.csv --correlations-of 512

      OUTPUT (CSV)
        eigenvalues: component, eigenvalue, proportion, cumulative, conf_low, conf_high (of the
          eigenvalue), proportion_low, proportion_high, cumulative_low, cumulative_high,
          parallel_quantile, retained, parallel_sets, parallel_level, note
        loadings: term, component, estimate, conf_low, conf_high, note; in text one column a
          component, sorted, without those below --cut
        scores: paper, n_applicable, one column a component, note
        count: rule (parallel analysis, map, kaiser, and the elbow of the scree plot by its
          acceleration), components, n_sets, quantile, note
      """)

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup var association: AssociationOptions
  @OptionGroup var given: CorrelationInput
  @OptionGroup var loadings: LoadingOptions
  @OptionGroup(title: "Sampling and replicates") var sampling: ResamplingOptions
  @OptionGroup(title: "Sampling and replicates") var split: SplitOptions
  @OptionGroup(title: "Sampling and replicates") var replicateFile: ReplicateOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(help: "eigenvalues (default), loadings, scores or count.")
  var table = TableName.eigenvalues

  @Option(help: "correlations (default), probabilistic, imputation or complete.")
  var method = Components.Method.correlations

  @Option(help: "The number of components; 'auto' takes what parallel analysis retains.")
  var components = "auto"

  @Option(help: "Repair of an indefinite matrix: nearest, smoothing or shrinkage.")
  var repair = CorrelationRepair.Method.nearest

  @Flag(help: "Components of covariances, so that variables count by their variance.")
  var covariance = false

  @Flag(help: "Shrink correlations towards zero though their matrix is sound (Schäfer-Strimmer).")
  var shrink = false

  @Option(
    help: """
      The reference of parallel analysis: permutation or normal. (default: permutation; normal for \
      product-moment correlations of more than 5000 papers)
      """)
  var parallel: ParallelAnalysis.Reference?

  @Option(help: "The number of reference data sets of parallel analysis.")
  var parallelReplicates = 1_000

  @Option(help: "The interval of loadings: percentile (default), basic or normal.")
  var interval: ResampledInterval?

  @Option(
    help: "The same as --replicates; 0 for no bootstrap intervals.")
  var bootstrapReplicates: Int?

  var resampling: ResamplingOptions {
    var options = sampling
    if let bootstrapReplicates, bootstrapReplicates > 0 {
      options.chosenReplicates = bootstrapReplicates
    }
    return options
  }

  func validate() throws {
    try given.check(table: table.rawValue, needsPapers: table == .scores)
    if given.isGiven, parallel == .permutation {
      throw ValidationError(
        "--parallel permutation permutes papers; leave it out of --correlations-of.")
    }
    guard components == "auto" || (Int(components) ?? 0) > 0 else {
      throw ValidationError("--components takes a number or 'auto', not '\(components)'.")
    }
    guard bootstrapReplicates ?? 0 >= 0, parallelReplicates >= 1 else {
      throw ValidationError(
        "--bootstrap-replicates takes 0 or more, --parallel-replicates 1 or more.")
    }
    if covariance, table == .count {
      throw ValidationError("--table count is of correlations; leave out --covariance.")
    }
    if covariance, interval != nil {
      throw ValidationError("--covariance has no intervals; leave out --interval.")
    }
    if shrink, method != .correlations {
      throw ValidationError("--shrink is of correlations; leave out --method.")
    }
    if let interval, interval.ofReplicatesAlone == nil {
      throw ValidationError("--interval takes percentile, basic or normal.")
    }
  }

  func load() async throws -> LoadedCorpus {
    guard !given.isGiven else { return try given.load(corpus) }
    return try await corpus.load(
      console: output.console, jobs: resampling.jobs, isStrict: output.strict)
  }

  func answer(_ ask: Ask) async throws -> Answer {
    let hasIntervals =
      !given.isGiven && bootstrapReplicates != 0 && !covariance
      && (table == .eigenvalues || table == .loadings)
    try replicateFile.check(
      drawsReplicates: hasIntervals && method == .correlations,
      remedy: "the table eigenvalues or loadings, with --bootstrap-replicates")
    var question = Components(
      try given.variables(corpus) ?? association.correlations(for: "components"))
    question.method = method
    question.count = Int(components).map { .exactly($0) } ?? .parallelAnalysis
    question.repair = repair
    question.shrinks = shrink
    question.ofCovariances = covariance
    question.needsInverse = table == .scores
    question.reference = parallel
    question.referenceSets = parallelReplicates
    question.interval = hasIntervals ? interval ?? .percentile : nil
    question.level = resampling.level
    return try await association.answering(of: ask.study) { [question] in
      let result = try await ask(question)
      ask.console.note(result.remarks)
      var answer: Answer
      switch table {
      case .eigenvalues: answer = Answer(result.eigenvalueTable)
      case .loadings:
        answer = Answer(result.loadingTable)
        answer.readable = result.principal.sparseLoadingTable(
          count: result.count, cut: loadings.cut, isSorted: !loadings.inputOrder,
          intervals: result.intervals)
      case .scores:
        answer = Answer(
          try result.scores().table(papers: result.values.matrix.papers.map(\.slug)))
      case .count: answer = Answer(try result.countTable())
      }
      return answer
    }
  }
}
