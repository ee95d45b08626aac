import ArgumentParser
import SurveyStats

extension RateInterval: ExpressibleByArgument {
  /// The interval named on the command line.
  public init?(argument: String) { self.init(argument) }

  /// Shells complete the names.
  public static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

  /// The names for the help text.
  public static var allValueStrings: [String] { all.map(\.description) }
}

/// `metastat rates` says what share passes each item, category and everything.
struct RatesCommand: AnalysisCommand {
  static let configuration = CommandConfiguration(
    commandName: "rates",
    abstract: "What share of papers passes each item, category and everything, with intervals.",
    discussion: """
      A rate is yes cells over applicable cells. Cells that do not apply, or that the paper's \
      instrument never asked, are in neither count. Papers are resampled whole, so that the cells \
      of one paper stay together.

      INTERVALS
        auto: wilson for items; for the rest studentized, or wilson on the
        effective sample size with fewer than 20 papers or fewer than 10
        effective yes or no answers. With clusters clopper-pearson, with weights
        wilson, on an effective sample size that sees a dominant cluster or
        paper (docs/coverage.md)
        percentile, basic, normal, bca, studentized: papers are resampled;
          bca takes 1999 replicates or more
        exact-bootstrap: percentiles of infinitely many replicates, none drawn;
          for items of papers drawn one by one, percentile for the rest
        wilson, clopper-pearson, jeffreys, agresti-coull, wald, mid-p,
        likelihood-ratio: from the binomial distribution, no resampling
      Rates of 0 and 1 have no bootstrap distribution; they get Wilson limits and a note.

      GROUPS
      With --by, categories, modules and everything are over the same mix of items in every group: \
      the items that apply in all of them, each with the same weight (--mix common); all items, each \
      with its own level in a logistic model (--mix model); or whatever a group was asked (--mix \
      crude), which mixes differences of the questions into those of the papers. 'crude' stands beside \
      the others.

      CORRECTION (--correct BETTER)
      Rates as a better rater, who has answered some of the papers again, would have found them in \
      all: another corpus or matrix, rater:NAME of the same matrix, or 'calibration'.
        double-sampling: what the rater says is counted in all papers, what it means where both \
      have answered, with yes, no and does not apply as three states
        double-sampling-borrowing: the same for items, which share how the rater errs
        ppi, ppi++, cross-ppi: prediction-powered inference, for 200 papers or more
        rogan-gladen: by sensitivity and specificity, yes and no only; also without BETTER by \
      --sensitivity 45/50 --specificity 90/100

      EXAMPLES
        metastat rates papers
        metastat rates papers --rows item --sort -estimate --top 10
        metastat rates matrix.csv --by year --rows overall --interval bca
        metastat rates matrix.csv --simultaneous --rows item -o bands.csv
        metastat rates papers --cluster venue --replicates-out replicates.csv
        metastat rates papers --population 1200
        metastat rates papers --plan 0.05
        metastat rates haiku.csv --correct opus.csv
        metastat rates raters.csv --correct rater:opus --by year --rows overall

      OUTPUT (CSV)
        rates: level, category, term, [by, group], n_papers, n_applicable,
          n_not_applicable, n_absent, n_yes, [n_effective], estimate, std_error,
          conf_low, conf_high, conf_level, interval, [rank, rank_low, rank_high],
          [bound_low, bound_high], [mix, n_items, crude], item, note
        plan: level, category, term, n_applicable, estimate, conf_level,
          half_length, n_needed, n_needed_most, n_needed_each_group, note
        --correct: level, category, term, [by, group], n_papers, n_applicable,
          n_not_applicable, n_absent, n_yes (of the rater), n_gold (papers that both have
          answered), n_effective, estimate (corrected), std_error, conf_low, conf_high,
          conf_level, interval, method, [band_low, band_high], naive, naive_low, naive_high, gold,
          gold_low, gold_high, sensitivity, specificity, missed_applies, false_applies, item,
          note
      """)

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup(title: "Sampling and replicates") var resampling: ResamplingOptions
  @OptionGroup(title: "Sampling and replicates") var split: SplitOptions
  @OptionGroup(title: "Sampling and replicates") var replicateFile: ReplicateOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Correction for a rater's errors") var correction: CorrectionOptions

  @Option(help: "The interval.")
  var interval = RateInterval.automatic

  @Option(parsing: .upToNextOption, help: "Rows: item, category, module, overall.")
  var rows = RateLevels.usual

  @Option(
    name: .customLong("by"),
    help: ArgumentHelp(
      "Rates for every group of papers with the same value of COLUMN; repeatable, for their combinations.",
      valueName: "column"),
    completion: .names(.variables))
  var groupColumns: [String] = []

  /// The column, or columns, of the groups.
  var by: String? { groupColumns.joinedColumns }

  @Option(
    help:
      "With --by, what categories and everything are over: common, model or crude. (default: common)"
  )
  var mix: ItemMix.Method?

  @Option(
    help:
      "N papers are all there are: the finite-population correction; at N papers read, a census.")
  var population: Int?

  @Option(help: "How many papers are needed for intervals of ±X, such as 0.05.")
  var plan: Double?

  @Flag(help: "What the rates would be if all cells without an answer were no, or yes.")
  var bounds = false

  @Flag(
    help: "Design effect, intraclass correlation and degrees of freedom of --cluster and weights.")
  var designEffects = false

  @Flag(
    help: "Intervals that hold for all items at once (max-t bands); --interval is for other rows.")
  var simultaneous = false

  @Flag(help: "Rank the items, with intervals of the ranks.")
  var ranks = false

  var readPaths: [String] { corpus.readPaths + correction.readPaths }

  func validate() throws {
    try checkCorrection()
    if interval == .bootstrap(.bca) { try resampling.checkBCa() }
    if mix != nil, by == nil {
      throw ValidationError("--mix is about groups; add --by COLUMN.")
    }
    if let population {
      guard population > 0 else {
        throw ValidationError(
          "--population takes the number of papers there are, not \(population).")
      }
      switch interval {
      case .bootstrap, .exactBootstrap:
        throw ValidationError(
          "--population goes with intervals from the binomial distribution; replicates are drawn as "
            + "from an unlimited field.")
      case .automatic, .analytic: break
      }
      if simultaneous || ranks {
        throw ValidationError(
          "--population does not go with --simultaneous or --ranks, which resample papers.")
      }
    }
    if let plan {
      guard plan > 0, plan < 0.5 else {
        throw ValidationError(
          "--plan takes half a length between 0 and 0.5, such as 0.05, not \(plan).")
      }
      if by != nil || simultaneous || ranks || designEffects {
        throw ValidationError(
          "--plan is about all papers; leave out --by, --simultaneous, --ranks and --design-effects."
        )
      }
    }
    guard simultaneous || ranks else { return }
    guard rows.levels.contains(.item) else {
      throw ValidationError(
        "\(simultaneous ? "--simultaneous" : "--ranks") is about items; add item to --rows.")
    }
    if simultaneous, interval != .automatic, rows.levels == [.item] {
      throw ValidationError("--simultaneous gives items their interval; leave out --interval.")
    }
  }

  /// Refuses what corrected rates do not have.
  private func checkCorrection() throws {
    guard correction.isWanted else { return }
    for (name, isGiven) in [
      ("--interval", interval != .automatic), ("--plan", plan != nil), ("--bounds", bounds),
      ("--design-effects", designEffects),
      ("--population", population != nil), ("--simultaneous", simultaneous), ("--ranks", ranks),
    ] where isGiven {
      throw ValidationError(
        "\(name) is not for corrected rates, whose limits go with --correction; leave out \(name) or "
          + "--correct.")
    }
    if let mix, mix != .crude {
      throw ValidationError(
        "--mix \(mix.rawValue) is not for corrected rates, which are over whatever a group was asked; leave it "
          + "out.")
    }
  }

  func load() async throws -> LoadedCorpus {
    try await corpus.loadCorrected(
      by: correction, console: output.console, jobs: resampling.jobs, isStrict: output.strict)
  }

  func answer(_ ask: Ask) async throws -> Answer {
    if let better = ask.loaded.betterRater { return try await corrected(ask, better: better) }
    var rates = Rates(
      levels: rows.levels, interval: interval, level: resampling.level,
      isSimultaneous: simultaneous, ranksItems: ranks)
    rates.estimatesDesignEffects = designEffects
    let read = ask.loaded.matrix.distinctPaperCount
    if let population {
      guard population >= read else {
        throw CommandFailure(
          .usage, "--population \(population): \(read) papers were read, more than there are")
      }
      let field = FinitePopulation(size: population, read: read)
      rates.samplingFraction = plan == nil ? field.samplingFraction : 0
    }
    let groups: [GroupResult<[Rate]>]
    if let by {
      groups = try await ask(RatesByGroup(rates, by: by, mix: mix ?? .common))
    } else {
      groups = [GroupResult(group: nil, result: try await ask(rates))]
    }
    guard groups.contains(where: { $0.result.contains { $0.estimate != nil || $0.mix != nil } })
    else {
      let isWeightless = groups.contains { $0.result.contains { $0.notes.contains(.zeroWeight) } }
      throw CommandFailure(
        .estimation,
        isWeightless
          ? "no rate could be estimated: all papers with an answer weigh 0; --unweighted ignores weights"
          : "no rate could be estimated: nothing applies in the papers selected")
    }
    if let plan, let found = groups.first?.result {
      return Answer(
        Table(
          planned: PlannedPapers.all(
            for: found, halfLength: plan, paperCount: read, level: resampling.level,
            population: population),
          halfLength: plan, paperCount: read, level: resampling.level, population: population))
    }
    var table = Table(
      rates: groups.map { ($0.group, $0.result) }, by: by, level: resampling.level,
      showsBounds: bounds)
    if by == nil { table.caption += " \(ask.loaded.size)." }
    if let population {
      table.notes.append(FinitePopulation(size: population, read: read).sentence)
    }
    return Answer(table)
  }

  /// The rates that the better rater would have found.
  private func corrected(_ ask: Ask, better: String) async throws -> Answer {
    if let name = correction.probability {
      do throws(VariableError) {
        _ = try ask.study.matrix.variables.numbers(name)
      } catch { throw CommandFailure(error, option: "--probability") }
    }
    var question = CorrectedRates(
      better: better, levels: rows.levels, method: correction.method,
      level: resampling.level, betterError: correction.betterError,
      probability: correction.probability)
    question.knownErrors = correction.known
    let groups: [GroupResult<[CorrectedRate]>]
    do {
      groups = try await ask(question.grouped(by: by))
    } catch let error as ReanswerProbabilityError {
      throw CommandFailure(.invalidInput, "--probability: \(error)")
    }
    try ask.check(groups.flatMap { $0.result.map(\.estimate) }, better: better)
    var table = Table(
      corrected: groups, by: by, better: better, betterError: correction.betterError)
    if by != nil, rows.levels != [.item] {
      table.notes.append(
        "Categories and everything are over whatever the papers of a group were asked.")
    }
    return Answer(table)
  }
}
