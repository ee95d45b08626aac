import ArgumentParser
import SurveyStats

extension TrendTest: ExpressibleByArgument {}

/// `metastat trend` says how rates and scores change with the year or another number.
struct TrendCommand: AnalysisCommand {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case slopes, differences, sentences, isotonic
  }

  /// The intervals by name.
  enum IntervalName: String, ExpressibleByArgument, CaseIterable {
    case auto, percentile, basic, normal

    /// The bootstrap interval; `nil` for the analytic one.
    var resampled: ResampledInterval? { ResampledInterval(rawValue: rawValue) }
  }

  static let configuration = CommandConfiguration(
    commandName: "trend",
    abstract: "Changes of rates and scores over the year or any numeric covariate.",
    discussion: """
      The estimate is the change over the observed span, last less first, in points; limits and \
      p-value come from one test, which the column 'test' names. For an item it is that of a logistic \
      curve by Firth's penalised likelihood, with the odds ratio per unit beside it, sound for rare \
      answers as well; for categories and everything that of a straight line. A trend over years \
      mixes a change of rigor with changes of the corpus: see 'compare --standardize' and 'logit'.

      ITEMS OF A SCORE (--mix)
        common: every item that was asked at all values of the column (of more than
          20 values: in every tenth of the papers) keeps its place, so that papers
          that were asked other items, or to which others apply, make no change
        model: one odds ratio for all items, each at a level of its own
        crude: papers' scores as they are; stands beside the others where it differs

      WITHOUT A CURVE (--table isotonic)
        The rates of each item at the values of the column, and those nearest to them that only rise or
        only fall; the p-value is from --replicates permutations of the papers

      CORRECTION (--correct BETTER)
      Changes as a better rater, who has answered some of the papers again, would have found them in all: \
      of items by a logistic curve, of scores as they are by a line, both by prediction-powered inference.

      EXAMPLES
        metastat trend papers --rows overall category --format text
        metastat trend papers --rows item --adjust bh --sort p_adjusted
        metastat trend papers --on hn_points --log --rows overall
        metastat trend matrix.csv --by type --rows overall --table differences
        metastat trend papers --rows item --interval percentile --cluster venue
        metastat trend papers --rows overall --mix model
        metastat trend papers --item 'artifacts.*' --table isotonic
        metastat trend haiku.csv --correct opus.csv --rows overall

      OUTPUT (CSV)
        slopes: level, category, term, [by, group], on, n, n_events, from, to, rate_from, rate_to,
          estimate (the change from 'from' to 'to'), std_error, conf_low, conf_high, interval, df,
          per_unit with limits (the same divided by the span), statistic, p_value, p_adjusted, test,
          odds_ratio with limits (per unit), mix, n_items, crude with limits, effect (average
          marginal effect per unit), armitage_p (Cochran-Armitage), linear with limits (per unit),
          kendall, spearman, theil_sen, method, item, note
        --correct: level, category, term, [by, group], on, from, to, n_papers, n_gold, n_effective,
          estimate (corrected change), std_error, conf_low, conf_high, p_value, conf_level, df, method,
          power, naive and gold with limits, item, note
        differences: changes per unit of two groups, their difference and its p-value
        isotonic: category, term, on, value, n, n_yes, rate, estimate (fitted), trend, statistic,
          p_value, p_adjusted, item, note; one row a value
        sentences: one line for prose for each row
      """)

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup(title: "Sampling and replicates") var resampling: ResamplingOptions
  @OptionGroup(title: "Sampling and replicates") var split: SplitOptions
  @OptionGroup(title: "Sampling and replicates") var replicateFile: ReplicateOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Correction for a rater's errors") var correction: CorrectionOptions

  @Option(
    help: ArgumentHelp(
      "A number: year (default), hn_points, score, any variable (docs/variables.md).",
      valueName: "variable"), completion: .names(.variables))
  var on = "year"

  @Flag(help: "Take the natural logarithm of the column; values of 0 and less are left out.")
  var log = false

  @Option(parsing: .upToNextOption, help: "Rows: item, category, module, overall.")
  var rows = RateLevels.usual

  @Option(
    name: .customLong("by"),
    help: ArgumentHelp(
      "Changes for every group of papers with the same value of COLUMN; repeatable, for their combinations.",
      valueName: "column"),
    completion: .names(.variables))
  var groupColumns: [String] = []

  /// The column, or columns, of the groups.
  var by: String? { groupColumns.joinedColumns }

  @Option(help: "The items of a score: common (default), model or crude.")
  var mix = ItemMix.Method.common

  @Option(
    help: """
      The test of items: auto (default: that of the limits), cochran-armitage (many yes and no) or \
      exact.
      """)
  var test = TrendTest.automatic

  @Option(
    help: """
      Standard errors: model, HC0 to HC3; CR0, CR1, CR1S, CR2, CR3 with --cluster. (default: model, \
      HC3 of scores and with weights; CR2 with --cluster)
      """)
  var se: CovarianceType?

  @Option(help: "auto (default: profile or t); percentile, basic, normal resample papers.")
  var interval = IntervalName.auto

  @Option(help: "Adjustment of p-values over rows: none, holm, bh, by, …")
  var adjust = PValueAdjustment.holm

  @Option(help: "slopes (default), differences (with --by), isotonic (of items) or sentences.")
  var table = TableName.slopes

  var readPaths: [String] { corpus.readPaths + correction.readPaths }

  func validate() throws {
    if correction.isWanted {
      try correction.validatePowered("trends")
      try correction.refuse(
        [
          "--table \(table.rawValue)": table != .slopes, "--mix": mix != .common,
          "--test": test != .automatic, "--se": se != nil, "--interval": interval != .auto,
          "--adjust": adjust != .holm,
        ], for: "trends")
    }
    try resampling.validate(se)
    if table == .isotonic { try validateIsotonic() }
    guard table != .differences || by != nil else {
      throw ValidationError("--table differences needs --by COLUMN.")
    }
    if interval != .auto, se != nil {
      throw ValidationError(
        "--interval \(interval.rawValue) has the standard errors of its replicates; leave out --se."
      )
    }
    if test != .automatic {
      guard rows.levels.contains(.item) else {
        throw ValidationError("--test \(test.rawValue) is about items; add item to --rows.")
      }
      guard interval == .auto else {
        throw ValidationError(
          "--interval \(interval.rawValue) has the test of its replicates; leave out --test.")
      }
      guard table != .differences else {
        throw ValidationError("--test is of the rows; --table differences has a test of its own.")
      }
    }
  }

  /// Refuses options that say nothing about fits that only rise or fall.
  private func validateIsotonic() throws {
    let isChosen: [(name: String, isGiven: Bool)] = [
      ("--by", by != nil), ("--log", log), ("--mix", mix != .common),
      ("--test", test != .automatic), ("--se", se != nil), ("--interval", interval != .auto),
      ("--part", split.part != nil),
    ]
    if let given = isChosen.first(where: \.isGiven) {
      throw ValidationError("\(given.name) plays no part in --table isotonic; leave it out.")
    }
    guard rows.levels.contains(.item) else {
      throw ValidationError("--table isotonic is about items; add item to --rows.")
    }
  }

  func load() async throws -> LoadedCorpus {
    try await corpus.loadCorrected(
      by: correction, console: output.console, jobs: resampling.jobs, isStrict: output.strict)
  }

  func answer(_ ask: Ask) async throws -> Answer {
    if let better = ask.loaded.betterRater { return try await corrected(ask, better: better) }
    let console = ask.console
    if table == .isotonic { return try await isotonic(ask) }
    let question = Trends(
      on: on, isLogarithm: log, levels: rows.levels, by: by, mix: mix, test: test, errors: se,
      interval: interval.resampled, level: resampling.level)
    sayWhatIsLeftOut(of: ask.loaded.matrix, question, console: console)
    let result: Trends.Result
    do {
      result = try await ask(question)
    } catch let failure as Trends.Failure {
      switch failure {
      case .covariate(let reason): throw CommandFailure(reason, option: "--on", in: corpus)
      case .groups(let reason): throw CommandFailure(reason, option: "--by")
      case .interval(let name):
        throw CommandFailure(.usage, "--interval \(name) is not of trends")
      }
    }
    let trends = result.trends
    guard trends.contains(where: { ($0.change.value ?? $0.score?.crude?.value) != nil }) else {
      let reasons = Set(
        trends.flatMap(\.change.notes).filter { $0.effect == .noValue }.map(\.words))
      throw CommandFailure(
        .estimation,
        "no change could be estimated on '\(on)'"
          + (reasons.isEmpty ? "" : ": \(reasons.sorted().joined(separator: "; "))"))
    }
    if se == nil, result.errors != .model {
      console.note(
        result.errors == .cr2
          ? "standard errors are CR3 of items and CR2 of scores, by \(resampling.cluster.map { "'\($0)'" } ?? "paper")"
          : "papers are weighted, standard errors are \(result.errors.rawValue)")
    }
    let name = log ? "log(\(on))" : on
    let sentences = trends.map { $0.sentence(on: name) }
    switch table {
    case .slopes, .isotonic:
      var answer = Answer(
        Table(trends: trends, on: name, by: by, level: resampling.level, adjustment: adjust))
      answer.sentences = sentences
      return answer
    case .sentences:
      return Answer(Table(name: "sentences", columns: [Column("sentence", .text(sentences))]))
    case .differences:
      return Answer(
        Table(
          trendDifferences: result.differences, level: resampling.level, adjustment: adjust))
    }
  }

  /// Rates that only rise or fall.
  private func isotonic(_ ask: Ask) async throws -> Answer {
    do {
      let rows = try await ask(IsotonicTrends(on: on))
      guard rows.contains(where: { $0.isRising != nil }) else {
        throw CommandFailure(
          .estimation,
          "no item varies with '\(on)': \(rows.first?.notes.text ?? "there are no items")")
      }
      var answer = Answer(Table(isotonic: rows, on: on, adjustment: adjust))
      answer.usesSeed = true
      return answer
    } catch Trends.Failure.covariate(let reason) {
      throw CommandFailure(reason, option: "--on", in: corpus)
    }
  }

  /// The changes that the better rater would have found.
  private func corrected(_ ask: Ask, better: String) async throws -> Answer {
    let question = CorrectedTrends(
      better: better, on: on, isLogarithm: log, levels: rows.levels, method: correction.powered,
      level: resampling.level, probability: correction.probability)
    do {
      let groups = try await ask.corrected(question.grouped(by: by), correction)
      try ask.check(groups.flatMap { $0.result.map(\.effect.estimate) }, better: better)
      return Answer(
        Table(correctedTrends: groups, on: log ? "log(\(on))" : on, by: by, better: better))
    } catch let failure as Trends.Failure {
      if case .covariate(let reason) = failure {
        throw CommandFailure(reason, option: "--on", in: corpus)
      }
      throw failure
    }
  }

  /// Says how many papers lack the covariate, and why.
  private func sayWhatIsLeftOut(of matrix: BinaryMatrix, _ question: Trends, console: Console) {
    guard let values = try? matrix.variables.numbers(on) else { return }
    let empty = values.count { $0 == nil }
    if empty > 0 { console.note("\(empty) papers have no '\(on)' and are left out") }
    if log {
      let lost = values.count { ($0 ?? 1) <= 0 }
      if lost > 0 {
        console.note("\(lost) papers have a '\(on)' of 0 or less and are left out")
      }
    }
  }
}
