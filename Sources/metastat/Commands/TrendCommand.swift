import ArgumentParser
import Glibc
import SurveyStats

/// `metastat trend` says how rates and scores change with the year or another number.
struct TrendCommand: AsyncParsableCommand, CommandWithFiles {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case slopes, differences, sentences
  }

  /// The intervals by name.
  enum IntervalName: String, ExpressibleByArgument, CaseIterable {
    case auto, percentile, basic, normal

    /// The bootstrap method; `nil` for the analytic interval.
    var method: BootstrapInterval? {
      switch self {
      case .auto: nil
      case .percentile: .percentile
      case .basic: .basic
      case .normal: .normal
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "trend",
    abstract: "Slopes of rates and scores over the year or any numeric covariate.",
    discussion: """
      For an item the slope is that of a logistic fit, given as points per unit (the average \
      marginal effect) and as an odds ratio, with the Cochran-Armitage test and the least-squares \
      slope beside it; for categories and everything it is the least-squares slope of mean scores, \
      with the odds ratio of all their answers (cluster-robust). A trend over years mixes a change of \
      rigor with changes of the corpus and of the instrument: see 'compare --standardize' and 'logit'.

      EXAMPLES
        metastat trend papers --rows overall category --format text
        metastat trend papers --rows item --adjust bh --sort p_adjusted
        metastat trend papers --on hn_points --log --rows overall
        metastat trend matrix.csv --by type --rows overall --table differences
        metastat trend papers --rows item --interval percentile --cluster venue

      OUTPUT (CSV)
        slopes: level, category, term, [by, group], n, n_events, estimate (per unit), std_error,
          conf_low, conf_high, interval, odds_ratio with limits, statistic, p_value, p_adjusted, test,
          linear with limits, kendall, spearman, theil_sen, method, note
        differences: slopes of two groups, their difference and its p-value
        sentences: one line for prose for each row
      """)

  @OptionGroup var corpus: CorpusOptions
  @OptionGroup var resampling: ResamplingOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "The numeric column: year (default), hn_points, a covariate.")
  var on = "year"

  @Flag(help: "Take the natural logarithm of the column; values of 0 and less are left out.")
  var log = false

  @Option(parsing: .upToNextOption, help: "Rows: item, category, module, overall.")
  var rows = RateLevels.usual

  @Option(help: "Slopes for every group of papers with the same value of COLUMN.")
  var by: String?

  @Option(
    help: """
      Standard errors: model, HC0 to HC3; CR0, CR1, CR1S, CR2, CR3 with --cluster. (default: model, \
      HC3 of scores; CR2 with --cluster)
      """)
  var se: CovarianceType?

  @Option(help: "auto (default: profile or t); percentile, basic, normal resample papers.")
  var interval = IntervalName.auto

  @Option(help: "Adjustment of p-values over rows: none, holm, bh, by, …")
  var adjust = PValueAdjustment.holm

  @Option(help: "slopes (default), differences (with --by) or sentences.")
  var table = TableName.slopes

  var readPaths: [String] { corpus.readPaths }
  var writtenPaths: [String] { output.writtenPaths }

  func validate() throws {
    try resampling.validate(se)
    guard table != .differences || by != nil else {
      throw ValidationError("--table differences needs --by COLUMN.")
    }
  }

  func run() async throws {
    try output.checkFiles()
    let console = output.console
    let loaded = try await corpus.load(
      console: console, jobs: resampling.jobs, isStrict: output.strict)
    let matrix = loaded.matrix
    var covariate = matrix.papers.map { $0.number(of: on) }
    guard covariate.contains(where: { $0 != nil }) else {
      throw CommandFailure.noColumn(on, option: "--on", among: matrix.papers)
    }
    if log {
      let positive = covariate.map { $0.flatMap { $0 > 0 ? Glibc.log($0) : nil } }
      let lost = zip(covariate, positive).count { $0 != nil && $1 == nil }
      if lost > 0 { console.note("\(lost) papers have a '\(on)' of 0 or less and are left out") }
      covariate = positive
    }
    let missing = covariate.count { $0 == nil }
    if missing > 0 { console.note("\(missing) papers have no usable '\(on)' and are left out") }
    let groups = try by.map { column throws(CommandFailure) in
      do throws(BinaryMatrix.UnknownColumn) {
        return try matrix.groups(of: column)
      } catch { throw .noColumn(column, option: "--by", among: matrix.papers) }
    }
    if !resampling.unweighted, matrix.papers.contains(where: { $0.weight != nil }) {
      console.note("the 'weight' column plays no part in trends; see 'logit'")
    }
    let clusters = try resampling.clusters(of: matrix)
    let estimator = TrendEstimator(
      covariate: covariate, level: resampling.level,
      covarianceType: resampling.errors(se, clusters: clusters, console: console),
      clusters: clusters, keepsRefits: interval.method != nil)
    var trends = try await estimator(
      matrix, targets: RateTarget.all(in: matrix, levels: rows.levels), groups: groups,
      jobs: resampling.jobs)
    guard trends.contains(where: { $0.estimate != nil }) else {
      throw CommandFailure(.estimation, "no slope could be estimated on '\(on)'")
    }
    let sample = try await resample(trends, of: matrix, console: console)
    if let sample, let method = interval.method {
      for index in trends.indices {
        trends[index].replaceIntervals(
          sample, quantity: index * TrendStatistic.valuesPerTrend, method: method,
          level: resampling.level, name: interval.rawValue)
      }
    }
    let name = log ? "log(\(on))" : on
    let sentences = trends.map { $0.sentence(on: name) }
    switch table {
    case .slopes:
      try output.write(
        Table(trends: trends, on: name, by: by, level: resampling.level, adjustment: adjust),
        sentences: sentences)
    case .sentences:
      try output.write(
        Table(name: "sentences", columns: [Column("sentence", .text(sentences))]))
    case .differences:
      try output.write(
        Table(
          trendDifferences: TrendDifference.all(
            of: trends, level: resampling.level, sample: sample,
            method: interval.method ?? .percentile,
            sharesPapers: { first, second in
              let papers = { (name: String) in
                Set(groups?.first { $0.name == name }?.papers ?? [])
              }
              return !papers(first).isDisjoint(with: papers(second))
            }),
          level: resampling.level, adjustment: adjust))
    }
    try output.writeManifest(
      of: loaded, seed: sample == nil ? nil : resampling.seed,
      replicates: sample == nil ? nil : resampling.replicates)
  }

  /// The bootstrap of the slopes; `nil` for analytic intervals.
  private func resample(
    _ trends: [Trend], of matrix: BinaryMatrix, console: Console
  ) async throws -> BootstrapSample? {
    guard interval.method != nil else { return nil }
    let design = try resampling.unweightedDesign(of: matrix)
    return try await resampling.sample(
      TrendStatistic(trends, design: design), design: design, console: console)
  }
}
