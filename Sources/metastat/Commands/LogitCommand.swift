import ArgumentParser
import SurveyStats

extension CovarianceType: ExpressibleByArgument {}

extension EstimatingEquations.Correlation: ExpressibleByArgument {}

/// `metastat logit` fits items on covariates.
struct LogitCommand: AnalysisCommand {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case coefficients, fit, tests, effects, predictions, influence, path, sentences
  }

  /// The estimators by name.
  enum EstimationName: String, ExpressibleByArgument, CaseIterable {
    case auto, ml, firth, flic

    var estimation: LogisticRegression.Estimation {
      switch self {
      case .auto: .automatic
      case .ml: .maximumLikelihood
      case .firth, .flic: .firth
      }
    }
  }

  /// The intervals by name.
  enum IntervalName: String, ExpressibleByArgument, CaseIterable {
    case auto, wald, profile, percentile, basic, normal, wild

    /// The interval of the question.
    var asked: Logits.Interval {
      switch self {
      case .auto: .automatic
      case .wald: .wald
      case .profile: .profile
      case .wild: .wild
      case .percentile: .resampled(.percentile)
      case .basic: .resampled(.basic)
      case .normal: .resampled(.normal)
      }
    }

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
        'score >= 60'  'claims(strong) > 2'                     any condition (docs/variables.md)

      FORMULA (--on)
        year + type + tags + venue           numeric, categorical, multi-label
        setup_transparency.prompts_provided  an item, yes against no
        artifacts  score  score(artifacts.*)  claims(strong)     scores, counts
        hn_points:log  year:center  hn_points:log:scale  type:ref=survey
        poly(year,2)  ns(hn_points:log,3)  type*year
        A category score is taken without the item that it explains.

      ALL ITEMS AT ONCE (--model gee or mixed)
        One row an applicable cell, every item with a rate of its own ('item' joins the formula), \
      the answers of a paper hanging together. gee: effects in the population, with standard \
      errors that hold whatever the correlation. mixed: effects within papers that differ by a \
      normal intercept. --outcome chooses items; without it all take part.

      CORRECTION (--correct BETTER)
        Coefficients as a better rater, who has answered some of the papers again, would have found \
      them in all, by power-tuned prediction-powered inference; predictors are metadata.

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
        metastat logit haiku.csv --correct opus.csv --outcome code_released --on year

      OUTPUT (CSV)
        outcome, term, estimate, std_error, statistic, p_value, p_adjusted, conf_low, conf_high,
          conf_level, odds_ratio, odds_low, odds_high, n, n_events, method, note, reference, coding
        --correct: outcome, term, n_papers, n_gold, n_effective, estimate (corrected), std_error,
          conf_low, conf_high, p_value, odds_ratio, odds_low, odds_high, conf_level, df, method,
          power, naive and gold with limits, note
        fit: deviance, AIC, BIC, McFadden and Tjur R2, AUC, Brier, calibration (cross-validated); of
          all items the correlation of a paper's answers
        tests: tests of terms; effects: average marginal effects;
        predictions: probabilities over each term; influence: one row a paper;
        path: one row a strength of the penalty; sentences: one line for prose for each row
      """)

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup(title: "Sampling and replicates") var resampling: ResamplingOptions
  @OptionGroup(title: "Sampling and replicates") var split: SplitOptions
  @OptionGroup(title: "Sampling and replicates") var replicateFile: ReplicateOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Correction for a rater's errors") var correction: CorrectionOptions

  @Option(
    help: ArgumentHelp(
      "What to explain: items, 'artifacts.*', a pattern, 'score >= 60'; repeatable.",
      valueName: "outcome"), completion: .names(.items))
  var outcome: [String] = []

  @Option(help: "Explain whether a paper's score is at least this many percent; repeatable.")
  var scoreAtLeast: [Double] = []

  @Option(
    help: ArgumentHelp("Named patterns that --outcome may name, a JSON file.", valueName: "file"),
    completion: .file())
  var patterns: String?

  @Option(
    help: ArgumentHelp("The predictors, a formula.", valueName: "formula"),
    completion: .names(.variables))
  var on: String

  @Option(help: "separate (default): one fit an outcome; gee or mixed: one fit of all items.")
  var model = ModelName.separate

  @Option(
    name: .customLong("correlation"),
    help: "The working correlation of gee: exchangeable (default) or independence.")
  var chosenCorrelation: EstimatingEquations.Correlation?

  /// The working correlation of gee.
  var correlation: EstimatingEquations.Correlation { chosenCorrelation ?? .exchangeable }

  @Option(
    name: .customLong("nodes"),
    help: "Quadrature nodes of mixed: 9 or more; 1 is Laplace's approximation. (default: 25)")
  var chosenNodes: Int?

  /// The quadrature nodes of mixed.
  var nodes: Int { chosenNodes ?? 25 }

  @Option(help: "none (default), ridge, lasso or elastic-net, its strength by cross-validation.")
  var penalty = PenaltyName.none

  @Option(name: .customLong("mix"), help: "The share of the lasso in elastic-net. (default: 0.5)")
  var chosenMix: Double?

  /// The share of the lasso in elastic-net.
  var mix: Double { chosenMix ?? 0.5 }

  @Option(
    name: .customLong("folds"),
    help: "The folds of the cross-validation of penalties and of --table fit. (default: 10)")
  var chosenFolds: Int?

  /// The folds of the cross-validation.
  var folds: Int { chosenFolds ?? 10 }

  @Option(
    help: ArgumentHelp(
      "A numeric column that enters with the coefficient 1 (log odds).", valueName: "column"),
    completion: .names(.variables))
  var offset: String?

  @Option(
    help: "coefficients (default), fit, tests, effects, predictions, influence, path, sentences.")
  var table = TableName.coefficients

  @Option(
    help: """
      auto (default: Firth where separated or sparse), ml, firth, or flic: Firth with the intercept \
      at which the mean probability is the observed rate.
      """)
  var estimation = EstimationName.auto

  @Option(
    help: """
      auto (profile, Wald with --se), wald, profile, percentile, basic, normal, or wild: random signs \
      of the clusters' scores, for few clusters.
      """)
  var interval = IntervalName.auto

  @Option(
    help: """
      Standard errors: model, HC0 to HC3; CR0, CR1, CR1S, CR2, CR3 with --cluster. (default: model; \
      CR2 with --cluster, HC3 with weights)
      """)
  var se: CovarianceType?

  @Option(
    name: .customLong("adjust"),
    help: "Adjustment of p-values over outcomes: none (default), holm, bh, by, …")
  var chosenAdjustment: PValueAdjustment?

  /// The adjustment of p-values.
  var adjust: PValueAdjustment { chosenAdjustment ?? .none }

  var readPaths: [String] {
    corpus.readPaths + correction.readPaths + [patterns].compactMap { $0 }
  }

  func validate() throws {
    if correction.isWanted {
      try correction.validatePowered("coefficients")
      try correction.refuse(
        [
          "--model": model != .separate, "--penalty": penalty != .none, "--offset": offset != nil,
          "--table \(table.rawValue)": table != .coefficients, "--estimation": estimation != .auto,
          "--interval": interval != .auto, "--se": se != nil,
          "--adjust": chosenAdjustment != nil,
        ], for: "coefficients")
    }
    guard model != .separate || !outcome.isEmpty || !scoreAtLeast.isEmpty else {
      throw ValidationError(
        "name an --outcome, such as an item or 'score >= 60', or fit all items: --model gee.")
    }
    try resampling.validate(se)
    if interval == .profile, let se, se != .model {
      throw ValidationError("--interval profile has no robust errors; leave out --se.")
    }
    if interval == .profile, model != .mixed, resampling.cluster != nil {
      throw ValidationError("--interval profile knows nothing of clusters; leave out --cluster.")
    }
    if [.percentile, .basic, .normal].contains(interval), se != nil {
      throw ValidationError(
        "--interval \(interval.rawValue) has the standard errors of its replicates; leave out --se."
      )
    }
    if interval == .wild {
      if let se, !se.needsClusters {
        throw ValidationError(
          "--interval wild is of clusters, --se \(se.rawValue) is not; leave it out.")
      }
      if split.part != nil { throw ValidationError("--part: --interval wild is made at once.") }
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
    try refuseIdleOptions()
  }

  /// Refuses options that what was chosen takes no account of.
  private func refuseIdleOptions() throws {
    let hasTests = [.coefficients, .tests].contains(table)
    let hasIntervals = [.coefficients, .sentences].contains(table)
    let idle: [(isIdle: Bool, option: String, remedy: String)] = [
      (chosenCorrelation != nil && model != .gee, "--correlation", "is of --model gee"),
      (chosenNodes != nil && model != .mixed, "--nodes", "is of --model mixed"),
      (
        chosenFolds != nil && penalty == .none && !(table == .fit && model == .separate), "--folds",
        "is of --penalty and --table fit"
      ),
      (
        chosenAdjustment != nil && !(hasTests && penalty == .none), "--adjust",
        "is of the tables coefficients and tests; leave it out"
      ),
      (
        interval != .auto && !hasIntervals && penalty == .none, "--interval",
        "is of the table coefficients; --table \(table.rawValue) has its own"
      ),
      (
        se != nil && [.fit, .influence].contains(table), "--se",
        "plays no part in --table \(table.rawValue); leave it out"
      ),
      (
        patterns != nil && model != .separate, "--patterns",
        "is of separate outcomes; leave out --model"
      ),
      (
        resampling.stratify != nil && !interval.isResampled, "--stratify",
        "is of resampled intervals; take --interval percentile"
      ),
    ]
    if let found = idle.first(where: \.isIdle) {
      throw ValidationError("\(found.option) \(found.remedy).")
    }
  }

  func load() async throws -> LoadedCorpus {
    try await corpus.loadCorrected(
      by: correction, console: output.console, jobs: resampling.jobs, isStrict: output.strict)
  }

  func answer(_ ask: Ask) async throws -> Answer {
    if let better = ask.loaded.betterRater { return try await corrected(ask, better: better) }
    let console = ask.console
    if model != .separate { return try await allItems(ask) }
    if penalty != .none { return try await penalized(ask) }
    let matrix = ask.loaded.matrix
    var question = Logits(
      try outcomes(of: matrix), on: on, estimation: estimation.estimation,
      interval: interval.asked, errors: se, offset: offset, level: resampling.level)
    question.correctsIntercept = estimation == .flic
    let result: Logits.Result
    do {
      result = try await ask(question)
    } catch let failure as Logits.Failure {
      throw refusal(failure, console: console)
    }
    if let note = result.design.missingNote { console.note("\(note)") }
    sayZeroWeights(of: matrix, console: console)
    for case .failure(let error) in result.fits.map(\.result) { console.warning("\(error)") }
    let inference = result.inference
    sayErrors(inference.covarianceType, console: console)
    let fits = result.fitted
    switch table {
    case .coefficients, .sentences:
      var answer = try estimates(result.estimates, of: matrix, notes: result.design.notes)
      answer.usesSeed = interval == .wild
      answer.usesReplicates = interval == .wild
      return answer
    case .fit:
      var answer = Answer(
        Table(
          logisticFits: fits, level: resampling.level, clusters: inference.clusters, folds: folds,
          seed: resampling.seed))
      answer.usesSeed = true
      return answer
    case .tests:
      return Answer(
        Table(logisticTermTests: fits, inference: inference, adjustment: adjust))
    case .effects: return Answer(Table(marginalEffectsOf: fits, inference: inference))
    case .predictions: return Answer(Table(predictionsOf: fits, inference: inference))
    case .influence, .path:
      return Answer(Table(influenceOf: fits, slugs: matrix.papers.map(\.slug)))
    }
  }

  /// The coefficients that the better rater would have found.
  private func corrected(_ ask: Ask, better: String) async throws -> Answer {
    let question = CorrectedLogits(
      better: better, try outcomes(of: ask.loaded.matrix), on: on, method: correction.powered,
      level: resampling.level, probability: correction.probability)
    do {
      let found = try await ask.corrected(question, correction)
      try ask.check(found.rows.map(\.estimate), better: better)
      return Answer(Table(correctedLogits: found.rows, better: better, notes: found.notes))
    } catch let failure as Logits.Failure {
      throw refusal(failure, console: ask.console)
    }
  }

  /// Coefficients, or the sentences about them; in text both, without the intercept.
  ///
  /// Sentences name an item without its category where no other item has its name, and leave out
  /// coefficients that say nothing by themselves and the rates of the items.
  func estimates(
    _ rows: [LogisticEstimate], of matrix: BinaryMatrix, notes: [String]
  ) throws -> Answer {
    let ids = matrix.items.map(\.id)
    let sentences = rows.map { row -> String? in
      let isSaid = row.estimate == nil || row.effect != nil
      guard isSaid, row.term?.hasPrefix("item[") != true else { return nil }
      var row = row
      let id = ItemID(row.outcome)
      if ids.contains(id), ids.count(where: { $0.name == id.name }) == 1 { row.outcome = id.name }
      return row.sentence
    }
    guard table != .sentences else {
      return Answer(
        Table(
          name: "sentences",
          columns: [Column("sentence", .text(sentences.compactMap { $0 }.map(Optional.some)))],
          notes: notes))
    }
    var answer = Answer(
      Table(logistic: rows, level: resampling.level, adjustment: adjust, notes: notes))
    answer.hiddenRows = Set(
      rows.indices.filter { index in
        rows[index].term == DesignMatrix.intercept
          && rows.contains { $0.outcome == rows[index].outcome && $0.effect != nil }
      })
    answer.sentences = sentences
    return answer
  }
}
