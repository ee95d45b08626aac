import ArgumentParser
import SurveyStats

extension CovarianceType: ExpressibleByArgument {}

/// `metastat logit` fits items on covariates.
struct LogitCommand: AsyncParsableCommand {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case coefficients, fit, tests, effects, predictions, influence, sentences
  }

  /// The estimators by name.
  enum EstimationName: String, ExpressibleByArgument, CaseIterable {
    case auto, ml, firth

    var estimation: LogisticRegression.Estimation {
      switch self {
      case .auto: .automatic
      case .ml: .maximumLikelihood
      case .firth: .firth
      }
    }
  }

  /// The intervals by name.
  enum IntervalName: String, ExpressibleByArgument, CaseIterable {
    case auto, wald, profile, percentile, basic, normal
  }

  static let configuration = CommandConfiguration(
    commandName: "logit",
    abstract: "Logistic fits of items on year, type, tags, other items and covariates.",
    discussion: """
      Papers to which the outcome does not apply, or with a missing covariate, take no part; every \
      row has its n. Separation is looked for before fitting; where it is found, or a cell is \
      sparse, Firth's penalised likelihood is used and the method column says so. Associations are \
      not causes.

      FORMULA (--on)
        year + type + tags + venue           numeric, categorical, multi-label
        setup_transparency.prompts_provided  an item, yes against no
        artifacts                            a category score
        hn_points:log  year:center  year:scale  type:ref=survey
        poly(year,2)  ns(year,3)  type*year

      EXAMPLES
        metastat logit matrix.csv --outcome artifacts.code_released --on year
        metastat logit papers --outcome 'artifacts.*' --on 'year + type' --adjust bh
        metastat logit papers --score-at-least 60 --on 'year + tags' --table effects
        metastat logit matrix.csv --outcome code_released --on 'ns(year,3)' \\
          --table predictions
        metastat logit papers --outcome code_released --on year --se CR2 --cluster venue

      OUTPUT (CSV)
        outcome, term, estimate, std_error, statistic, p_value, p_adjusted, conf_low, conf_high,
          conf_level, odds_ratio, odds_low, odds_high, n, n_events, method, note
        fit: deviance, AIC, BIC, McFadden and Tjur R2, AUC, Brier, calibration
        tests: likelihood-ratio tests of terms; effects: average marginal effects;
        predictions: probabilities over each term; influence: one row a paper;
        sentences: one line for prose for each row
      """)

  @OptionGroup var corpus: CorpusOptions
  @OptionGroup var resampling: ResamplingOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "The item to explain, or a pattern such as 'artifacts.*'; repeatable.")
  var outcome: [String] = []

  @Option(help: "Explain whether a paper's score is at least this many percent; repeatable.")
  var scoreAtLeast: [Double] = []

  @Option(help: "The predictors, a formula.")
  var on: String

  @Option(help: "coefficients (default), fit, tests, effects, predictions, influence, sentences.")
  var table = TableName.coefficients

  @Option(help: "auto (default: Firth where separated or sparse), ml or firth.")
  var estimation = EstimationName.auto

  @Option(help: "auto (profile, Wald with --se), wald, profile, percentile, basic, normal.")
  var interval = IntervalName.auto

  @Option(help: "Standard errors: model, HC0 to HC3; CR0, CR1, CR1S, CR2, CR3 with --cluster.")
  var se = CovarianceType.model

  @Option(help: "Adjustment of p-values over outcomes: none, holm, bh, by, …")
  var adjust = PValueAdjustment.none

  func validate() throws {
    guard !outcome.isEmpty || !scoreAtLeast.isEmpty else {
      throw ValidationError("name an --outcome item, or --score-at-least 60.")
    }
    guard !se.needsClusters || resampling.cluster != nil else {
      throw ValidationError("--se \(se.rawValue) needs --cluster COLUMN.")
    }
  }

  func run() async throws {
    try output.checkFiles()
    let console = output.console
    let loaded = try await corpus.load(
      console: console, jobs: resampling.jobs, isStrict: output.strict)
    let outcomes = try outcomes(of: loaded.matrix)
    let results: [Result<LogisticFit, LogisticRegressionError>]
    let design: DesignMatrix
    do {
      design = try DesignMatrix(try ModelFormula(on), from: loaded.matrix)
      let weights =
        resampling.unweighted || loaded.matrix.papers.allSatisfy { $0.weight == nil }
        ? nil : loaded.matrix.papers.map { $0.weight ?? 1 }
      results = try LogisticRegression(estimation: estimation.estimation)
        .fits(design, outcomes: outcomes, weights: weights)
    } catch let error as ModelFormulaError {
      throw CommandFailure(.usage, "--on: \(error)")
    } catch let error as LogisticRegressionError {
      throw CommandFailure(.estimation, "\(error)")
    }
    let fits = results.compactMap { try? $0.get() }
    for case .failure(let error) in results { console.warning("\(error)") }
    guard !fits.isEmpty else {
      throw CommandFailure(.estimation, "no outcome could be fitted")
    }
    let inference = try await inference(fits, loaded: loaded, console: console)
    let named = zip(outcomes, results).map { (outcome: $0.name, result: $1) }
    try output.write(
      result(named, fits: fits, inference: inference, design: design, loaded: loaded))
    try output.writeManifest(
      of: loaded, seed: resampling.seed, replicates: resampling.replicates)
  }

  private func result(
    _ named: [(outcome: String, result: Result<LogisticFit, LogisticRegressionError>)],
    fits: [LogisticFit], inference: LogisticInference, design: DesignMatrix, loaded: LoadedCorpus
  ) -> Table {
    let notes =
      design.notes
      + design.missing.map { "\($0.papers) papers left out: '\($0.variable)' is missing" }
    switch table {
    case .coefficients:
      return Table(
        logistic: inference.estimates(named), level: resampling.level, adjustment: adjust,
        notes: notes)
    case .sentences:
      let rows = inference.estimates(named).filter { $0.term != DesignMatrix.intercept }
      return Table(
        name: "sentences", columns: [Column("sentence", .text(rows.map(\.sentence)))],
        notes: notes)
    case .fit: return Table(logisticFits: fits, level: resampling.level)
    case .tests: return Table(logisticTermTests: fits, adjustment: adjust)
    case .effects: return Table(marginalEffectsOf: fits, inference: inference)
    case .predictions: return Table(predictionsOf: fits, inference: inference)
    case .influence:
      return Table(influenceOf: fits, slugs: loaded.matrix.papers.map(\.slug))
    }
  }

  /// The outcomes asked for, items in the order of the matrix.
  private func outcomes(of matrix: BinaryMatrix) throws -> [BinaryOutcome] {
    var selection = Selection()
    selection.items = outcome.map(GlobPattern.init)
    do throws(Selection.SelectionError) {
      let items = outcome.isEmpty ? [] : try selection.items(of: matrix)
      return items.map { matrix.outcome(item: $0) }
        + scoreAtLeast.map { matrix.outcome(scoreAtLeast: $0) }
    } catch {
      throw CommandFailure(.usage, "--outcome: \(error)")
    }
  }

  private func inference(
    _ fits: [LogisticFit], loaded: LoadedCorpus, console: Console
  ) async throws -> LogisticInference {
    let clusters = resampling.cluster.map { column in
      loaded.matrix.papers.map { $0.values(of: column).first ?? $0.slug }
    }
    let method: BootstrapInterval
    switch interval {
    case .auto, .wald, .profile:
      let kind: LogisticInference.Interval =
        interval == .auto ? .automatic : interval == .wald ? .wald : .profile
      return LogisticInference(
        interval: kind, covarianceType: se, clusters: clusters, level: resampling.level)
    case .percentile: method = .percentile
    case .basic: method = .basic
    case .normal: method = .normal
    }
    let design = try resampling.design(of: loaded.matrix)
    let bar = ProgressBar("bootstrap", total: resampling.replicates, console: console)
    defer { bar.finish() }
    let sample = try await Bootstrap(
      design: design, scheme: resampling.scheme, replicates: resampling.replicates,
      seed: resampling.seed, jobs: resampling.jobs
    )(LogisticStatistic(fits, design: design)) { bar.advance($0) }
    return LogisticInference(
      interval: .bootstrap(sample, method), covarianceType: se, clusters: clusters,
      level: resampling.level)
  }
}
