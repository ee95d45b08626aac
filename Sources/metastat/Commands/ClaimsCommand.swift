import ArgumentParser
import SurveyStats

/// `metastat claims`: claims, flags, engagement and attention of papers, and their scores.
struct ClaimsCommand: AnalysisCommand {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case counts, relations, effects, flags, tensions
  }

  static let configuration = CommandConfiguration(
    commandName: "claims",
    abstract: "Claims, flags, engagement and attention of papers, and how they go with scores.",
    discussion: """
      Counts of claims by level of support, of red flags and of cited works are in scans, as are \
      scores of engagement and points of Hacker News; any number of --covariates will do as well \
      (docs/variables.md). counts has the mean for a paper and the share of all claims, papers (or \
      clusters) being the units; relations has correlations with the score; effects has ratios of \
      means by quasi-Poisson regression; flags groups the texts of red flags by their words; \
      tensions compares papers whose claims are on two sides of a topic. Associations are not causes.

      EXAMPLES
        metastat claims papers
        metastat claims papers --by tags
        metastat claims papers --table relations --of hn_points 'log1p(hn_points)' red_flags
        metastat claims papers --table effects --of claims_strong --on 'score + year'
        metastat claims papers --table flags --top 20
        metastat claims papers --table tensions --tensions tensions.json

      OUTPUT (CSV)
        counts: term, [by, group], n, n_papers, total, estimate, std_error,
          conf_low, conf_high, share, share_low, share_high, conf_level, note
        relations: a, b, coefficient, n, mean, min, max, estimate, std_error,
          conf_low, conf_high, conf_level, p_value, p_adjusted, test, note
        effects: outcome, term, estimate, std_error, statistic, p_value,
          p_adjusted, conf_low, conf_high, conf_level, rate_ratio, ratio_low,
          ratio_high, dispersion, n, n_events, method, note
        flags: flag, wordings, n_papers, n, share, share_low, share_high, with,
          without, estimate, std_error, conf_low, conf_high, conf_level,
          p_value, p_adjusted, note
        tensions: term, label, n_positive, n_nuanced, n_both, positive, nuanced,
          estimate, std_error, conf_low, conf_high, conf_level, p_value,
          p_adjusted, note
      """)

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup(title: "Sampling and replicates") var resampling: ResamplingOptions
  @OptionGroup(title: "Sampling and replicates") var split: SplitOptions
  @OptionGroup(title: "Sampling and replicates") var replicateFile: ReplicateOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(help: "counts (default), relations, effects, flags or tensions.")
  var table = TableName.counts

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "The variables, names or expressions. (default: the counts of scans; of relations all numbers)",
      valueName: "variable"), completion: .names(.variables))
  var of: [String] = []

  @Option(
    help: ArgumentHelp(
      "Counts for every group of papers with the same value of COLUMN.", valueName: "column"),
    completion: .names(.variables))
  var by: String?

  @Option(name: .customLong("with"), help: "What relations are with.")
  var other = "score"

  @Option(help: "The predictors of effects, a formula as of 'logit'.")
  var on = "score"

  @Option(
    help: ArgumentHelp("The topics of tensions, a JSON file.", valueName: "file"),
    completion: .file())
  var tensions: String?

  @Option(help: "Adjustment of p-values over rows: none, holm, bh, by, …")
  var adjust = PValueAdjustment.holm

  /// Whether the table is of texts, which are not kept otherwise.
  private var keepsTexts: Bool { table == .flags || table == .tensions }

  var readPaths: [String] { corpus.readPaths + [tensions].compactMap { $0 } }

  func load() async throws -> LoadedCorpus {
    try await corpus.load(
      console: output.console, jobs: resampling.jobs, isStrict: output.strict,
      keepsTexts: keepsTexts)
  }

  func validate() throws {
    guard by == nil || table == .counts else {
      throw ValidationError("--by is of --table counts.")
    }
    guard table != .tensions || tensions != nil else {
      throw ValidationError("--table tensions needs --tensions FILE.")
    }
    if keepsTexts, resampling.cluster != nil || resampling.stratify != nil {
      throw ValidationError(
        "--table \(table.rawValue) takes papers as drawn one by one; leave out --cluster and --stratify."
      )
    }
  }

  func answer(_ ask: Ask) async throws -> Answer {
    let matrix = ask.loaded.matrix
    let level = resampling.level
    switch table {
    case .counts:
      let rows = try await ask(CountSummary(try names(of: matrix), by: by, level: level))
      guard rows.contains(where: { $0.result.contains { $0.mean.value != nil } }) else {
        throw CommandFailure(.estimation, "nothing was counted for any paper")
      }
      return Answer(
        Table(counts: rows.map { ($0.group, $0.result) }, by: by, level: level))
    case .relations:
      let rows = try await ask(
        VariableRelations(try names(of: matrix), with: other, level: level))
      return Answer(Table(relations: rows, level: level, adjustment: adjust))
    case .effects: return Answer(try effects(matrix, console: ask.console))
    case .flags:
      noteWeights(of: matrix, console: ask.console)
      return Answer(
        Table(
          flags: FlagTexts(
            try texts(ask.loaded).map(\.flags), scores: PaperScores(matrix).overall.values,
            level: level), level: level, adjustment: adjust))
    case .tensions:
      noteWeights(of: matrix, console: ask.console)
      return Answer(try tensions(ask.loaded))
    }
  }

  private func noteWeights(of matrix: BinaryMatrix, console: Console) {
    if !resampling.unweighted, matrix.papers.contains(where: { $0.weight != nil }) {
      console.note("the 'weight' column plays no part in \(table.rawValue)")
    }
  }

  /// The variables asked for, all of which must exist, or those that there are.
  private func names(of matrix: BinaryMatrix) throws(CommandFailure) -> [String] {
    let variables = matrix.variables
    do throws(VariableError) {
      for name in of { _ = try variables.numbers(name) }
    } catch { throw CommandFailure(error, option: "--of", in: corpus) }
    guard of.isEmpty else { return of }
    let counts = ["claims", "red_flags", "cited_papers"]
    let found = matrix.papers.covariateNames.sorted().filter { name in
      if table == .relations { return (try? variables.numbers(name)) != nil }
      return counts.contains(name) || name.hasPrefix("claims_")
    }
    guard !found.isEmpty else {
      throw CommandFailure(
        .usage, "the papers have no counts of claims, flags or citations; name variables with --of")
    }
    return found
  }

  private func effects(_ matrix: BinaryMatrix, console: Console) throws -> Table {
    let names = try names(of: matrix)
    let design: DesignMatrix
    do throws(ModelFormulaError) {
      design = try DesignMatrix(try ModelFormula(on), from: matrix)
    } catch {
      if case .variable(let error) = error {
        throw CommandFailure(error, option: "--on", in: corpus)
      }
      throw CommandFailure(.usage, "--on: \(error)")
    }
    if let note = design.missingNote { console.note("\(note)") }
    let sampling = try resampling.design(of: matrix)
    var fits: [CountRegression.Fit] = []
    for name in names {
      let counts = try matrix.variables.numbers(name)
      do throws(CountRegression.Failure) {
        fits.append(
          try CountRegression(level: resampling.level).fit(
            name, counts: counts, design, sampling: sampling))
      } catch { console.warning("\(error)") }
    }
    guard !fits.isEmpty else { throw CommandFailure(.estimation, "no count could be fitted") }
    return Table(countFits: fits, level: resampling.level, adjustment: adjust)
  }

  /// The texts of the papers, in their order.
  private func texts(_ loaded: LoadedCorpus) throws(CommandFailure) -> [ScanTexts] {
    guard let texts = loaded.texts else {
      throw CommandFailure(
        .usage, "--table \(table.rawValue) needs scans, which have the texts; a matrix has none")
    }
    return loaded.inputPositions.map { texts[$0] }
  }

  private func tensions(_ loaded: LoadedCorpus) throws -> Table {
    let texts = try texts(loaded)
    let rows = try TensionFile(tensions ?? "").rows(
      of: loaded.matrix, claims: texts.map(\.claims), flags: texts.map(\.flags),
      level: resampling.level, corpus: corpus)
    return Table(tensions: rows, level: resampling.level, adjustment: adjust)
  }
}
