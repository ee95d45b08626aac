import ArgumentParser
import SurveyStats

extension CovarianceType: ExpressibleByArgument {}

extension EstimatingEquations.Correlation: ExpressibleByArgument {}

/// `metastat logit` fits items on covariates.
struct LogitCommand: AsyncParsableCommand, CommandWithFiles {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case coefficients, fit, tests, effects, predictions, influence, path, sentences
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

    /// Whether the interval comes from replicates.
    var isResampled: Bool { [.percentile, .basic, .normal].contains(self) }
  }

  /// What is fitted: every outcome by itself, or the answers to all items at once.
  enum ModelName: String, ExpressibleByArgument, CaseIterable {
    case separate, gee, mixed
  }

  /// The penalties by name.
  enum PenaltyName: String, ExpressibleByArgument, CaseIterable {
    case none, ridge, lasso
    case elasticNet = "elastic-net"
  }

  static let configuration = CommandConfiguration(
    commandName: "logit",
    abstract: "Logistic fits of items on year, type, tags, other items and covariates.",
    discussion: """
      Papers to which the outcome does not apply, or with a missing covariate, take no part; every \
      row has its n. Separation is looked for before fitting; where it is found, or a cell is \
      sparse, Firth's penalised likelihood is used and the method column says so. Associations are \
      not causes.

      OUTCOMES (--outcome, repeatable)
        code_released  artifacts.code_released  'artifacts.*'   items, one fit each
        open_source_theater                                     a pattern of --patterns FILE
        'code_released and not reproduction_instructions'       a pattern in words
        'score >= 60'                                           percent of applicable items

      FORMULA (--on)
        year + type + tags + venue           numeric, categorical, multi-label
        setup_transparency.prompts_provided  an item, yes against no
        artifacts                            a category score
        hn_points:log  year:center  hn_points:log:scale  type:ref=survey
        poly(year,2)  ns(hn_points:log,3)  type*year
        A category score is taken without the item that it explains.

      ALL ITEMS AT ONCE (--model gee or mixed)
        One row an applicable cell, every item with a rate of its own ('item' joins the formula),
        the answers of a paper hanging together. gee: effects in the population, with standard
        errors that hold whatever the correlation. mixed: effects within papers that differ by a
        normal intercept. --outcome chooses items; without it all take part.

      EXAMPLES
        metastat logit matrix.csv --outcome artifacts.code_released --on year
        metastat logit papers --outcome 'artifacts.*' --on 'year + type' --adjust bh
        metastat logit papers --outcome 'score >= 60' --on 'year + tags' --table effects
        metastat logit matrix.csv --outcome code_released --on 'ns(year,3)' \\
          --table predictions
        metastat logit papers --outcome code_released --on year --se CR2 --cluster venue
        metastat logit papers --model gee --on 'year + type' --table effects
        metastat logit papers --model mixed --nodes 1 --on year
        metastat logit papers --outcome code_released --on 'year + tags' --penalty lasso

      OUTPUT (CSV)
        outcome, term, estimate, std_error, statistic, p_value, p_adjusted, conf_low, conf_high,
          conf_level, odds_ratio, odds_low, odds_high, n, n_events, method, note, reference, coding
        fit: deviance, AIC, BIC, McFadden and Tjur R2, AUC, Brier, calibration (cross-validated); of
          all items the correlation of a paper's answers
        tests: tests of terms; effects: average marginal effects;
        predictions: probabilities over each term; influence: one row a paper;
        path: one row a strength of the penalty; sentences: one line for prose for each row
      """)

  @OptionGroup var corpus: CorpusOptions
  @OptionGroup var resampling: ResamplingOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "What to explain: items, 'artifacts.*', a pattern, 'score >= 60'; repeatable.")
  var outcome: [String] = []

  @Option(help: "Explain whether a paper's score is at least this many percent; repeatable.")
  var scoreAtLeast: [Double] = []

  @Option(help: "Named patterns that --outcome may name, a JSON file.")
  var patterns: String?

  @Option(help: "The predictors, a formula.")
  var on: String

  @Option(help: "separate (default): one fit an outcome; gee or mixed: one fit of all items.")
  var model = ModelName.separate

  @Option(help: "The working correlation of gee: exchangeable (default) or independence.")
  var correlation = EstimatingEquations.Correlation.exchangeable

  @Option(help: "Quadrature nodes of mixed: 9 or more; 1 is Laplace's approximation.")
  var nodes = 25

  @Option(help: "none (default), ridge, lasso or elastic-net, its strength by cross-validation.")
  var penalty = PenaltyName.none

  @Option(name: .customLong("mix"), help: "The share of the lasso in elastic-net. (default: 0.5)")
  var chosenMix: Double?

  /// The share of the lasso in elastic-net.
  var mix: Double { chosenMix ?? 0.5 }

  @Option(help: "The folds of the cross-validation.")
  var folds = 10

  @Option(help: "A numeric column that enters with the coefficient 1 (log odds).")
  var offset: String?

  @Option(
    help: "coefficients (default), fit, tests, effects, predictions, influence, path, sentences.")
  var table = TableName.coefficients

  @Option(help: "auto (default: Firth where separated or sparse), ml or firth.")
  var estimation = EstimationName.auto

  @Option(help: "auto (profile, Wald with --se), wald, profile, percentile, basic, normal.")
  var interval = IntervalName.auto

  @Option(
    help: """
      Standard errors: model, HC0 to HC3; CR0, CR1, CR1S, CR2, CR3 with --cluster. (default: model; \
      CR2 with --cluster, HC3 with weights)
      """)
  var se: CovarianceType?

  @Option(help: "Adjustment of p-values over outcomes: none, holm, bh, by, …")
  var adjust = PValueAdjustment.none

  var readPaths: [String] { corpus.readPaths + [patterns].compactMap { $0 } }
  var writtenPaths: [String] { output.writtenPaths }

  func validate() throws {
    guard model != .separate || !outcome.isEmpty || !scoreAtLeast.isEmpty else {
      throw ValidationError(
        "name an --outcome, such as an item or 'score >= 60', or fit all items: --model gee.")
    }
    try resampling.validate(se)
    if interval == .profile, let se, se != .model {
      throw ValidationError("--interval profile has no robust errors; leave out --se.")
    }
    if interval == .profile, resampling.cluster != nil {
      throw ValidationError("--interval profile knows nothing of clusters; leave out --cluster.")
    }
    if [.percentile, .basic, .normal].contains(interval), se != nil {
      throw ValidationError(
        "--interval \(interval.rawValue) has the standard errors of its replicates; leave out --se."
      )
    }
    guard chosenMix == nil || penalty == .elasticNet else {
      throw ValidationError("--mix is of --penalty elastic-net.")
    }
    guard nodes == 1 || (RandomInterceptRegression.fewestNodes...101).contains(nodes) else {
      throw ValidationError("--nodes takes 1 or a number from 9 to 101, not \(nodes).")
    }
    guard mix >= 0, mix <= 1 else {
      throw ValidationError("--mix takes a number between 0 and 1, not \(mix).")
    }
    guard folds >= 2 else { throw ValidationError("--folds takes a number of 2 or more.") }
    guard model == .separate || penalty == .none else {
      throw ValidationError("--penalty is of separate outcomes; leave out --model.")
    }
    guard table != .path || penalty != .none else {
      throw ValidationError("--table path needs --penalty ridge, lasso or elastic-net.")
    }
    try validateAllItems()
  }

  func run() async throws {
    try output.checkFiles()
    let console = output.console
    let loaded = try await corpus.load(
      console: console, jobs: resampling.jobs, isStrict: output.strict)
    if model != .separate {
      try writeAllItems(of: loaded, console: console)
    } else if penalty != .none {
      try writePenalized(loaded, console: console)
    } else {
      try await writeSeparate(loaded, console: console)
    }
    let resamples = model == .separate && penalty == .none && interval.isResampled
    try output.writeManifest(
      of: loaded,
      seed: resamples || penalty != .none || table == .fit ? resampling.seed : nil,
      replicates: resamples ? resampling.replicates : nil)
  }

  private func writeSeparate(_ loaded: LoadedCorpus, console: Console) async throws {
    let outcomes = try outcomes(of: loaded.matrix)
    let design = try design(of: loaded.matrix, console: console)
    let weights = weights(of: loaded.matrix)
    if let zeros = weights?.count(where: { $0 == 0 }), zeros > 0 {
      console.note("\(zeros) papers have the weight 0 and take no part")
    }
    let offsets = try offsets(of: loaded.matrix)
    let results: [Result<LogisticFit, LogisticRegressionError>]
    do throws(LogisticRegressionError) {
      results = try LogisticRegression(estimation: estimation.estimation, weighting: .sampling)
        .fits(
          design, of: loaded.matrix, outcomes: outcomes, weights: weights, offset: offsets)
    } catch { throw CommandFailure(.estimation, "\(error)") }
    let fits = results.compactMap { try? $0.get() }
    for case .failure(let error) in results { console.warning("\(error)") }
    guard !fits.isEmpty else { throw Self.nothingFitted(results) }
    let inference = try await inference(fits, loaded: loaded, console: console)
    let named = zip(outcomes, results).map { (outcome: $0.name, result: $1) }
    switch table {
    case .coefficients, .sentences:
      try writeEstimates(inference.estimates(named), of: loaded.matrix, notes: design.notes)
    case .fit:
      try output.write(
        Table(
          logisticFits: fits, level: resampling.level, clusters: inference.clusters, folds: folds,
          seed: resampling.seed))
    case .tests:
      try output.write(Table(logisticTermTests: fits, inference: inference, adjustment: adjust))
    case .effects:
      try output.write(Table(marginalEffectsOf: fits, inference: inference))
    case .predictions: try output.write(Table(predictionsOf: fits, inference: inference))
    case .influence, .path:
      try output.write(
        Table(influenceOf: fits, slugs: loaded.matrix.papers.map(\.slug)))
    }
  }

  /// Writes coefficients, or the sentences about them; in text both, without the intercept.
  ///
  /// Sentences name an item without its category where no other item has its name, and leave out
  /// coefficients that say nothing by themselves and the rates of the items.
  func writeEstimates(
    _ rows: [LogisticEstimate], of matrix: BinaryMatrix, notes: [String]
  ) throws {
    let ids = matrix.items.map(\.id)
    let sentences = rows.map { row -> String? in
      let isSaid = row.estimate == nil || row.effect != nil
      guard isSaid, row.term?.hasPrefix("item[") != true else { return nil }
      var row = row
      let id = ItemID(row.outcome)
      if ids.contains(id), ids.count(where: { $0.name == id.name }) == 1 { row.outcome = id.name }
      return row.sentence
    }
    if table == .sentences {
      try output.write(
        Table(
          name: "sentences",
          columns: [Column("sentence", .text(sentences.compactMap { $0 }.map(Optional.some)))],
          notes: notes))
    } else {
      try output.write(
        Table(logistic: rows, level: resampling.level, adjustment: adjust, notes: notes),
        hiddenRows: Set(
          rows.indices.filter { index in
            rows[index].term == DesignMatrix.intercept
              && rows.contains { $0.outcome == rows[index].outcome && $0.effect != nil }
          }), sentences: sentences)
    }
  }

  /// The columns of the formula; says which covariates are missing.
  func design(of source: some CovariateSource, console: Console) throws -> DesignMatrix {
    do throws(ModelFormulaError) {
      let design = try DesignMatrix(try ModelFormula(on), from: source)
      if let note = design.missingNote { console.note("\(note)") }
      return design
    } catch { throw CommandFailure(.usage, "--on: \(error)") }
  }
}
