import ArgumentParser
import MetaAnalysis
import SurveyImport
import SurveyStats

extension CoefficientTest: ExpressibleByArgument {}
extension Pooling.Interval: ExpressibleByArgument {}
extension VarianceInterval: ExpressibleByArgument {}
extension ContinuityCorrection.Scope: ExpressibleByArgument {}

/// `metastat meta` pools rates over strata of the corpus, and effects over studies.
struct MetaCommand: AsyncParsableCommand, CommandWithFiles {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case pooled, studies, moderators, subgroups
  }

  static let configuration = CommandConfiguration(
    commandName: "meta",
    abstract: "Pooled rates and effects over venues, years, studies: how much do they vary?",
    discussion: """
      With --over every stratum of the corpus (a venue, a year) is a study, and each item of --item is \
      pooled over them. Without it INPUT is a table with a row a study; columns are named by options, or \
      found by the names that metafor gives them. Results are on the natural scale (rates, ratios); \
      std_error, tau2 and moderators are on that of the measure.

      MEASURES (--measure)
        events and total: PLO (logit, default), PR, PLN, PAS, PFT
        two groups: OR (default), RR, RD, AS, PETO; MD, SMD (default), ROM; IRR
        one group: MN; ZCOR, COR; IR, IRLN; an effect with its error: GEN

      MODELS (--method)
        binomial-normal, hypergeometric-normal, poisson-normal (GLMM names the fitting one): exact
          likelihoods, no continuity correction; the default of PLO and IRLN
        REML (default of the rest), ML, DL, HE, HS, SJ, EB, PM, PMM, CE (a common effect)
        beta-binomial, mantel-haenszel (MH), peto

      TESTS (--test)
        adhoc (default): Knapp and Hartung's, never narrower than t; knha; t; z

      EXAMPLES
        metastat meta matrix.csv --item artifacts.code_released --over venue
        metastat meta matrix.csv --item '*' --over year --format text
        metastat meta studies.csv --measure RR --events tpos --total n1 --events2 cpos --total2 n2
        metastat meta studies.csv --yi effect --sei se --moderators 'year + site' --table moderators
        metastat meta studies.csv --events x --total n --by country --table subgroups

      OUTPUT (CSV)
        pooled: [item], measure, model, method, test, k, n, estimate, conf_low, conf_high, conf_level,
          interval, predict_low, predict_high, estimate_mean, estimate_model, std_error, df, tau2,
          tau2_low, tau2_high, i2, h2, q, q_df, q_p, log_likelihood, note
        studies: [item], study, n_events, n, estimate, conf_low, conf_high, estimate_model, std_error,
          weight_share, note
        moderators: [item], term, k, estimate, std_error, conf_low, conf_high, statistic, df,
          df_residual, p_value, p_adjusted, p_permutation, note
        subgroups: [item], group, the columns of pooled, qm, qm_df, qm_p
      """)

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup(title: "Columns of a table of studies") var columns: StudyOptions
  @OptionGroup(title: "Sampling and replicates") var resampling: ResamplingOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(help: "The variable whose values are the studies; several make combinations; repeatable.")
  var over: [String] = []

  @Option(parsing: .upToNextOption, help: "With --over: item (default), category, module, overall.")
  var rows: [RateLevels] = []

  @Option(
    help: "With --over, pool an expression such as 'a and not b', or NAME:EXPRESSION; repeatable.")
  var pattern: [String] = []

  @Option(help: "What is pooled, by metafor's names.")
  var measure: String?

  @Option(help: "The model, or how the variance between studies is estimated.")
  var method: String?

  @Option(help: "Where tests and limits come from: adhoc, knha, t, z. (default: adhoc)")
  var test: CoefficientTest?

  @Option(help: "Limits of the pooled estimate: wald, profile, score, bootstrap.")
  var interval = Pooling.Interval.wald

  @Option(name: .customLong("tau2-interval"), help: "Limits of tau2: q-profile or profile.")
  var varianceInterval: VarianceInterval?

  @Option(
    help: "What is added to counts with a zero, unless the model needs nothing. (default: 0.5)")
  var continuity: Double?

  @Option(
    name: .customLong("continuity-to"),
    help: "To which studies it is added: only0, if0all, all, none. (default: only0)")
  var continuityScope: ContinuityCorrection.Scope?

  @Option(help: "Moderators: a formula such as 'year + type' of columns of the studies.")
  var moderators: String?

  @Option(help: "Permutations of --moderators; all orders where they are no more.")
  var permutations: Int?

  @Option(
    help:
      "With --cluster COLUMN of a table of studies: the correlation of errors in a cluster. (default: 0)"
  )
  var rho: Double?

  @Option(help: "The column whose groups of studies --table subgroups pools.")
  var by: String?

  @Flag(
    name: .customLong("common-tau2"), help: "Of --by: one variance between studies for all groups.")
  var commonVariance = false

  @Option(help: "Adjustment of the p-values of moderators: none, holm, bh, by, …")
  var adjust = PValueAdjustment.none

  @Option(help: "pooled (default), studies, moderators, subgroups.")
  var table: TableName?

  var readPaths: [String] { corpus.readPaths }
  var writtenPaths: [String] { output.writtenPaths }

  /// The table that is written: that of what was asked, unless named.
  private var chosenTable: TableName {
    table ?? (moderators != nil ? .moderators : by != nil ? .subgroups : .pooled)
  }

  /// The first option that plays no part in what is asked, with the reason.
  private var idleOption: String? {
    let isTable = over.isEmpty
    let isOfModerators = chosenTable == .moderators
    let idle: [(String, Bool, String)] = [
      ("--rows", !rows.isEmpty && isTable, "is of --over"),
      ("--pattern", !pattern.isEmpty && isTable, "is of --over"),
      ("--item", !corpus.item.isEmpty && isTable, "is of --over"),
      ("--where", corpus.condition != nil && isTable, "is of --over"),
      (
        "--rho", rho != nil && (!isTable || resampling.cluster == nil),
        "is of --cluster and a table of studies"
      ),
      ("--stratify", resampling.stratify != nil && isTable, "is of --over"),
      ("--moderators", moderators != nil && !isOfModerators, "is of --table moderators"),
      ("--permutations", permutations != nil && !isOfModerators, "is of --moderators"),
      ("--adjust", adjust != .none && !isOfModerators, "is of --moderators"),
      ("--by", by != nil && chosenTable != .subgroups, "is of --table subgroups"),
      ("--common-tau2", commonVariance && chosenTable != .subgroups, "is of --by"),
      (
        "--interval", interval != .wald && isOfModerators,
        "is of a pooled estimate; moderators have those of --test"
      ),
      (
        "--replicates", resampling.chosenReplicates != nil && interval != .bootstrap,
        "is of --interval bootstrap"
      ),
      (
        "--test", test != nil && interval != .wald && chosenTable == .pooled,
        "is of --interval wald"
      ),
    ]
    return idle.first { $0.1 }.map { "\($0.0) \($0.2); leave it out." }
  }

  func validate() throws {
    if !over.isEmpty, !columns.roles.isEmpty {
      throw ValidationError(
        "--over makes studies of the corpus; --\(columns.roles.keys.map(\.rawValue).sorted()[0]) is of a table of studies."
      )
    }
    if over.isEmpty, corpus.inputs.count > 1 {
      throw ValidationError(
        "name one table of studies, or strata of the corpus with --over COLUMN.")
    }
    if chosenTable == .moderators, moderators == nil {
      throw ValidationError("--table moderators needs --moderators FORMULA.")
    }
    if chosenTable == .subgroups, by == nil {
      throw ValidationError("--table subgroups needs --by COLUMN.")
    }
    if let continuity, !(continuity >= 0 && continuity.isFinite) {
      throw ValidationError("--continuity takes a number from 0, such as 0.5, not \(continuity).")
    }
    if let permutations, permutations < 1 {
      throw ValidationError("--permutations takes a number from 1, not \(permutations).")
    }
    if over.isEmpty, let phrase = corpus.selectionPhrases.first {
      throw ValidationError(
        "'\(phrase)' selects papers or items of a corpus; a table of studies is pooled whole.")
    }
    if let rho, !(rho >= 0 && rho < 1) {
      throw ValidationError("--rho takes a correlation from 0 to below 1, not \(rho).")
    }
    if let idleOption { throw ValidationError(idleOption) }
  }

  func run() async throws {
    try output.checkFiles()
    let asked = try asked()
    let set = over.isEmpty ? try studies(asked.measure) : try await strata(asked.measure)
    let result: Table
    do {
      result = try await answer(set, asked.pooling)
    } catch let error as MetaError {
      throw CommandFailure(
        error == .noStudies ? .estimation : .usage, "\(error)")
    } catch let error as ModelFormulaError {
      throw CommandFailure(.usage, "--moderators: \(error)")
    }
    try output.write(result)
    let usesSeed = interval == .bootstrap || permutations != nil
    try output.writeManifest(
      of: set.loaded, seed: usesSeed ? resampling.seed : nil,
      replicates: interval == .bootstrap ? resampling.chosenReplicates ?? 999 : nil,
      arguments: Array(CommandLine.arguments.dropFirst()))
  }

  /// Studies with their variables, in parts that are pooled by themselves.
  private struct StudySet {
    var loaded: LoadedCorpus
    var parts: [(term: String?, studies: StudyEffects)]
    var variables: any VariableSource
  }

  /// The model and measure named on the command line.
  private func asked() throws -> (pooling: Pooling, measure: EffectMeasure?) {
    let chosen: EffectMeasure?
    do throws(MetaError) {
      chosen = try measure.map { name throws(MetaError) in try EffectMeasure(named: name) }
    } catch { throw CommandFailure(.usage, "--measure: \(error)") }
    var pooling = Pooling(
      test: test, interval: interval, varianceInterval: varianceInterval, level: resampling.level,
      seed: resampling.seed, replicates: resampling.chosenReplicates ?? 999)
    pooling.correlation = rho ?? 0
    guard let method else { return (pooling, chosen) }
    if let known = HeterogeneityMethod(rawValue: method.uppercased())
      ?? (["FE", "EE"].contains(method.uppercased()) ? .commonEffect : nil)
    {
      let isClustered = over.isEmpty && resampling.cluster != nil
      pooling.model = isClustered ? .threeLevel : .inverseVariance
      pooling.method = known
      return (pooling, chosen)
    }
    let aliases = ["mh": "mantel-haenszel", "bb": "beta-binomial"]
    let lower = method.lowercased()
    if let model = MetaModel(rawValue: aliases[lower] ?? lower) {
      pooling.model = model
      return (pooling, chosen)
    }
    if lower == "glmm" {
      pooling.prefersLikelihood = true
      return (pooling, chosen)
    }
    let names = HeterogeneityMethod.allCases.map(\.rawValue) + MetaModel.allCases.map(\.rawValue)
    throw CommandFailure(
      .usage,
      "--method: there is no method '\(method)'"
        + NearestNames.suggestion(of: NearestNames(names).nearest(to: method)))
  }

  private func answer(_ set: StudySet, _ pooling: Pooling) async throws -> Table {
    let console = output.console
    switch chosenTable {
    case .pooled:
      let rows = try set.parts.map { try pooling($0.studies, term: $0.term) }
      guard rows.contains(where: { $0.fit != nil }) else {
        throw CommandFailure(.estimation, MetaError.noStudies.description)
      }
      return Table(meta: rows, level: resampling.level)
    case .studies:
      return Table(
        studies: set.parts.map { part in
          (part.term, part.studies, try? pooling.fit(part.studies))
        }, level: resampling.level)
    case .moderators:
      let formula = try ModelFormula(moderators ?? "1")
      var results: [(term: String?, result: MetaRegression.Result)] = []
      var failure: (any Error)?
      for part in set.parts {
        do {
          let regression = MetaRegression(formula, pooling: pooling, permutations: permutations)
          results.append(
            (part.term, try regression(part.studies, moderators: set.variables)))
        } catch let error as MetaError where set.parts.count > 1 {
          console.note("\(part.term ?? "studies"): \(error)")
          failure = error
        }
      }
      if results.isEmpty, let failure { throw failure }
      return Table(moderators: results, level: resampling.level, adjustment: adjust)
    case .subgroups:
      let by = by ?? ""
      let labels = try groupLabels(by, set.variables)
      let question = Subgroups(pooling, hasCommonVariance: commonVariance)
      return Table(
        subgroups: try set.parts.map { ($0.term, try question($0.studies, labels: labels)) },
        by: by, level: resampling.level)
    }
  }

  /// The group of every study.
  private func groupLabels(
    _ name: String, _ variables: any VariableSource
  ) throws(CommandFailure) -> [String?] {
    do throws(VariableError) {
      switch try variables.values(of: name, asCategories: true) {
      case .categorical(let values): return values
      case .numeric(let values): return values.map { $0.map(NumberFormat.shortest) }
      case .answers(let cells):
        return cells.map { $0 == .yes ? "yes" : $0 == .no ? "no" : nil }
      case .labels(let values): return values.map(\.first)
      }
    } catch { throw CommandFailure(error, option: "--by") }
  }

  private var correction: ContinuityCorrection? {
    guard continuity != nil || continuityScope != nil else { return nil }
    return ContinuityCorrection(
      amount: continuity ?? 0.5, scope: continuityScope ?? .onlyZero)
  }

  // MARK: Studies

  /// The studies of a table.
  private func studies(_ measure: EffectMeasure?) throws -> StudySet {
    let path = corpus.inputs[0]
    let console = output.console
    if InputKind(path) == .scans {
      throw CommandFailure(
        .usage, "\(path) holds scans; name the variable whose values are studies, --over venue")
    }
    let table = try StudyTable(
      reading: path, choices: try corpus.table.choices(metadata: corpus.metadata))
    let found: StudyTable.Result
    do throws(StudyTable.Fault) {
      found = try table.studies(measure, roles: columns.roles, correction: correction)
    } catch {
      if case .notNumber = error { throw CommandFailure(.invalidInput, "\(path), \(error)") }
      var text = "\(error)"
      if case .missingRoles = error, table.names.first == "paper" {
        text += "; a matrix of papers is pooled over strata with --over COLUMN"
      }
      throw CommandFailure(.usage, text)
    }
    if !found.guessed.isEmpty {
      let list = found.guessed.map { "\($0.role.rawValue) '\($0.column)'" }
      console.note("columns found by their names: \(list.joined(separator: ", "))")
    }
    var studies = found.studies
    if let cluster = resampling.cluster {
      guard let column = table.names.firstIndex(of: cluster) else {
        throw CommandFailure(
          .usage,
          "--cluster: there is no column '\(cluster)'"
            + NearestNames.suggestion(of: NearestNames(table.names).nearest(to: cluster)))
      }
      studies.clusters = table.cells[column].map { $0.isEmpty ? nil : $0 }
    }
    let file: InputRecord = .file(path)
    let loaded = LoadedCorpus(
      matrix: BinaryMatrix(papers: [], items: []) { _, _ in .absent }, inputPositions: [],
      files: InputKind.isReadOnce(path) ? [] : [file], filesFound: 1, filesRead: 1)
    return StudySet(
      loaded: loaded, parts: [(nil, studies)], variables: table.variables)
  }

  /// The strata of the corpus.
  private func strata(_ measure: EffectMeasure?) async throws -> StudySet {
    let console = output.console
    let measure = measure ?? .logit
    guard measure.material == .events else {
      throw CommandFailure(
        .usage,
        "--measure: strata of the corpus have events and totals; take PLO, PR, PLN, PAS or PFT, not \(measure.rawValue)"
      )
    }
    let loaded = try await corpus.load(
      console: console, jobs: resampling.jobs, isStrict: output.strict)
    let patterns = try pattern.map { text in
      try NamedPatterns.Pattern(commandLine: text, in: loaded.matrix)
    }
    let levels: Set<RateTarget.Level> =
      rows.isEmpty ? (patterns.isEmpty || !corpus.item.isEmpty ? [.item] : []) : rows.levels
    let question = StratumRates(levels: levels, patterns: patterns, over: over)
    let found: StratumRates.Result
    do {
      found = try await Run()(question, of: Study(loaded.matrix, plan: resampling.plan))
    } catch let error as VariableError {
      throw CommandFailure(error, option: "--over")
    } catch let error as SamplingPlan.PlanError { throw CommandFailure(error) }
    if found.rows.contains(where: \.hasEffectiveSizes) {
      console.note(
        "sizes of strata are effective ones, of the errors that clusters, weights and several items leave"
      )
    }
    let parts = try found.rows.map { row -> (term: String?, studies: StudyEffects) in
      (
        row.term,
        try StudyEffects(
          measure, labels: found.labels, counts: row.counts, correction: correction)
      )
    }
    return StudySet(
      loaded: loaded, parts: parts,
      variables: StratumVariables(found, over: over, of: loaded.matrix))
  }
}

extension NamedPatterns.Pattern {
  /// A pattern as `EXPRESSION` or `NAME:EXPRESSION`, whose variables must exist.
  init(commandLine text: String, in matrix: BinaryMatrix) throws(CommandFailure) {
    do throws(VariableError) {
      let parts = text.split(separator: ":", maxSplits: 1)
      let isNamed =
        parts.count == 2 && parts[0].allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
      try self.init(
        name: isNamed ? String(parts[0]) : text, expression: isNamed ? String(parts[1]) : text)
      _ = try matrix.variables.truths(condition)
    } catch { throw CommandFailure(error, option: "--pattern '\(text)'") }
  }
}
