import ArgumentParser
import SurveyStats

extension RateInterval: ExpressibleByArgument {
  /// The interval named on the command line.
  public init?(argument: String) { self.init(argument) }

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
        effective sample size with fewer than 20 papers (clusters) or fewer than
        10 effective yes or no answers (docs/coverage.md)
        percentile, basic, normal, bca, studentized: papers are resampled;
          bca takes 1999 replicates or more
        exact-bootstrap: percentiles of infinitely many replicates, none drawn;
          for items of papers drawn one by one, percentile for the rest
        wilson, clopper-pearson, jeffreys, agresti-coull, wald, mid-p,
        likelihood-ratio: from the binomial distribution, no resampling
      Rates of 0 and 1 have no bootstrap distribution; they get Wilson limits and a note.

      EXAMPLES
        metastat rates papers
        metastat rates papers --rows item --sort -estimate --top 10
        metastat rates matrix.csv --by year --rows overall --interval bca
        metastat rates matrix.csv --simultaneous --rows item -o bands.csv
        metastat rates papers --cluster venue --replicates-out replicates.csv

      OUTPUT (CSV)
        level, category, term, [by, group], n_papers, n_applicable,
          n_not_applicable, n_absent, n_yes, estimate, std_error, conf_low,
          conf_high, conf_level, interval, [rank, rank_low, rank_high], note
      """)

  @OptionGroup var corpus: CorpusOptions
  @OptionGroup var resampling: ResamplingOptions
  @OptionGroup var split: SplitOptions
  @OptionGroup var replicateFile: ReplicateOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "The interval.")
  var interval = RateInterval.automatic

  @Option(parsing: .upToNextOption, help: "Rows: item, category, module, overall.")
  var rows = RateLevels.usual

  @Option(help: "Rates for every group of papers with the same value of COLUMN.")
  var by: String?

  @Flag(
    help: "Intervals that hold for all items at once (max-t bands); --interval is for other rows.")
  var simultaneous = false

  @Flag(help: "Rank the items, with intervals of the ranks.")
  var ranks = false

  func validate() throws {
    if interval == .bootstrap(.bca) { try resampling.checkBCa() }
    guard simultaneous || ranks else { return }
    guard rows.levels.contains(.item) else {
      throw ValidationError(
        "\(simultaneous ? "--simultaneous" : "--ranks") is about items; add item to --rows.")
    }
    if simultaneous, interval != .automatic, rows.levels == [.item] {
      throw ValidationError("--simultaneous gives items their interval; leave out --interval.")
    }
  }

  func answer(_ ask: Ask) async throws -> Answer {
    let rates = Rates(
      levels: rows.levels, interval: interval, level: resampling.level,
      isSimultaneous: simultaneous, ranksItems: ranks)
    let groups = try await ask(rates.grouped(by: by))
    guard groups.contains(where: { $0.result.contains { $0.estimate != nil } }) else {
      throw CommandFailure(
        .estimation, "no rate could be estimated: nothing applies in the papers selected")
    }
    var table = Table(
      rates: groups.map { ($0.group, $0.result) }, by: by, level: resampling.level)
    if by == nil { table.caption += " \(ask.loaded.size)." }
    return Answer(table)
  }
}
