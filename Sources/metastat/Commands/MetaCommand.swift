import ArgumentParser
import MetaAnalysis
import SurveyImport
import SurveyStats

extension CoefficientTest: ExpressibleByArgument {}
extension Pooling.Interval: ExpressibleByArgument {}
extension VarianceInterval: ExpressibleByArgument {}
extension ContinuityCorrection.Scope: ExpressibleByArgument {}
extension MultivariateModel.Structure: ExpressibleByArgument {}

/// `metastat meta` pools rates over strata of the corpus, and effects over studies.
struct MetaCommand: AsyncParsableCommand, CommandWithFiles {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case pooled, studies, flow, moderators, subgroups, influence, bias, gosh, subsets, cumulative
    case models
    case leaveOneOut = "leave-one-out"
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
        binomial-normal, hypergeometric-normal, poisson-normal (GLMM names the fitting one): exact \
      likelihoods, no continuity correction; the default of PLO and IRLN
        REML (default of the rest), ML, DL, HE, HS, SJ, EB, PM, PMM, CE (a common effect)
        beta-binomial, mantel-haenszel (MH), peto

      TESTS (--test)
        adhoc (default): Knapp and Hartung's, never narrower than t; knha; t; z
        kr, satterthwaite: of REML, also in clusters: Kenward and Roger's errors, Satterthwaite's \
      degrees of freedom

      CLUSTERS OF EFFECTS (--cluster COLUMN of a table of studies)
        three levels by REML with cluster-robust CR2 errors; with --outcome COLUMN each outcome has a \
      pooled effect and a variance of its own, and outcomes of a cluster go together (--struct)

      EXAMPLES
        metastat meta matrix.csv --item artifacts.code_released --over venue
        metastat meta matrix.csv --item '*' --over year --format text
        metastat meta matrix.csv --score score --score artifacts --over year
        metastat meta haiku.csv --correct opus.csv --item '*' --over year
        metastat meta studies.csv --measure RR --events tpos --total n1 --events2 cpos --total2 n2
        metastat meta studies.csv --yi effect --sei se --moderators 'year + site' --table moderators
        metastat meta studies.csv --events x --total n --by country --table subgroups
        metastat meta studies.csv --yi effect --sei se --table bias
        metastat meta studies.csv --yi effect --sei se --figure forest.vl.json

      OUTPUT (CSV)
        pooled: [item], measure, model, method, test, k, n, estimate, conf_low, conf_high, conf_level,
          interval, predict_low, predict_high, estimate_mean, estimate_model, std_error, df, tau2,
          tau2_low, tau2_high, i2, h2, q, q_df, q_p, log_likelihood, note
        studies: [item], study, n_events, n, estimate, conf_low, conf_high, estimate_model, std_error,
          weight_share, note
        flow: stage, reason, n, share
        moderators: [item], term, k, estimate, std_error, conf_low, conf_high, statistic, df,
          df_residual, p_value, p_adjusted, p_permutation, note
        subgroups: [item], group, the columns of pooled, qm, qm_df, qm_p
        leave-one-out, cumulative: [item], study, the columns of pooled
        influence: [item], study, rstudent, dffits, cook_d, cov_r, tau2_del, qe_del, hat,
          weight_share, dfbetas, baujat_x, baujat_y, influential, note
        bias: [item], method, quantity, estimate, std_error, conf_low, conf_high, conf_level,
          statistic, df, p_value, n_filled, k, note
        gosh: [item], study, subsets, n_subsets, estimate, subset_low, subset_high, i2, k
        subsets: [item], subset, k, estimate, tau2, i2
        models: [item], row_kind, term, bias_model, n_models, prior_prob, posterior_prob,
          bayes_factor, log_marginal, estimate, std_error, conf_low, conf_high, conf_level, tau, k,
          note
      """)

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup(title: "Columns of a table of studies") var columns: StudyOptions
  @OptionGroup(title: "Robustness and pictures") var robust: RobustnessOptions
  @OptionGroup(title: "Sampling and replicates") var resampling: ResamplingOptions
  @OptionGroup(title: "Correction for a rater's errors") var correctionOptions: CorrectionOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(
    help: ArgumentHelp(
      "The variable whose values are the studies; several make combinations; repeatable.",
      valueName: "variable"), completion: .names(.variables))
  var over: [String] = []

  @Option(parsing: .upToNextOption, help: "With --over: item (default), category, module, overall.")
  var rows: [RateLevels] = []

  @Option(
    help: "With --over, pool an expression such as 'a and not b', or NAME:EXPRESSION; repeatable.")
  var pattern: [String] = []

  @Option(
    help:
      "With --over, pool the mean of a number: score, a category's name (its score), a variable; repeatable."
  )
  var score: [String] = []

  @Option(help: "What is pooled, by metafor's names.")
  var measure: String?

  @Option(help: "The model, or how the variance between studies is estimated.")
  var method: String?

  @Option(
    help: "Where tests and limits come from: adhoc, knha, t, z, kr, satterthwaite. (default: adhoc)"
  )
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

  @Option(
    help: ArgumentHelp(
      "Moderators: a formula such as 'year + type' of columns of the studies.", valueName: "formula"
    ), completion: .header)
  var moderators: String?

  @Option(help: "Permutations of --moderators; all orders where they are no more.")
  var permutations: Int?

  @Option(
    help:
      "With --cluster COLUMN of a table of studies: the correlation of errors in a cluster. (default: 0)"
  )
  var rho: Double?

  @Option(
    help: ArgumentHelp(
      "With --cluster of a table of studies: the column that says of what effects are.",
      valueName: "column"), completion: .header)
  var outcome: String?

  @Option(
    name: .customLong("struct"),
    help: "With --outcome: outcomes of a cluster go together (UN) or do not (DIAG). (default: UN)")
  var structure: MultivariateModel.Structure?

  @Option(
    help: ArgumentHelp(
      "The column of reasons: what has one is not pooled, and --table flow counts it.",
      valueName: "column"), completion: .header)
  var excluded: String?

  @Option(
    help: ArgumentHelp(
      "The column whose groups of studies --table subgroups pools.", valueName: "column"),
    completion: .header)
  var by: String?

  @Flag(
    name: .customLong("common-tau2"), help: "Of --by: one variance between studies for all groups.")
  var commonVariance = false

  @Option(help: "Adjustment of the p-values of moderators: none, holm, bh, by, …")
  var adjust = PValueAdjustment.none

  @Option(
    help: """
      pooled (default), studies, flow, moderators, subgroups, leave-one-out, cumulative, influence, bias, gosh, \
      subsets, models.
      """)
  var table: TableName?

  var readPaths: [String] { corpus.readPaths + correctionOptions.readPaths }
  var writtenPaths: [String] {
    output.writtenPaths + ((try? robust.figures()) ?? []).map(\.path)
  }

  /// The table that is written: that of what was asked, unless named.
  var chosenTable: TableName {
    table ?? (moderators != nil ? .moderators : by != nil ? .subgroups : .pooled)
  }

  /// The first option that plays no part in what is asked, with the reason.
  private var idleOption: String? {
    let isTable = over.isEmpty
    let isOfModerators = chosenTable == .moderators
    let pictures = ((try? robust.figures()) ?? []).map(\.kind)
    let isRegression =
      isOfModerators || chosenTable == .influence || pictures.contains(.bubble)
    let isGrouped = chosenTable == .subgroups || pictures.contains(.forest)
    let idle: [(String, Bool, String)] = [
      ("--rows", !rows.isEmpty && isTable, "is of --over"),
      ("--pattern", !pattern.isEmpty && isTable, "is of --over"),
      ("--score", !score.isEmpty && isTable, "is of --over"),
      ("--correct", correctionOptions.isWanted && isTable, "is of --over"),
      ("--better-error", correctionOptions.betterError != nil, "is of 'metastat rates'"),
      ("--item", !corpus.item.isEmpty && isTable, "is of --over"),
      ("--where", corpus.condition != nil && isTable, "is of --over"),
      (
        "--rho", rho != nil && (!isTable || resampling.cluster == nil),
        "is of --cluster and a table of studies"
      ),
      (
        "--outcome", outcome != nil && (!isTable || resampling.cluster == nil),
        "is of --cluster and a table of studies"
      ),
      ("--struct", structure != nil && outcome == nil, "is of --outcome"),
      ("--stratify", resampling.stratify != nil && isTable, "is of --over"),
      ("--moderators", moderators != nil && !isRegression, "is of --table moderators"),
      ("--permutations", permutations != nil && !isOfModerators, "is of --moderators"),
      ("--adjust", adjust != .none && !isOfModerators, "is of --moderators"),
      ("--by", by != nil && !isGrouped, "is of --table subgroups"),
      ("--common-tau2", commonVariance && by == nil, "is of --by"),
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
      ?? robust.idleOption(table: chosenTable)
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
    if moderators == nil, ((try? robust.figures()) ?? []).contains(where: { $0.kind == .bubble }) {
      throw ValidationError("--figure bubble needs --moderators FORMULA.")
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
    if correctionOptions.isWanted, !pattern.isEmpty || !score.isEmpty {
      throw ValidationError(
        "--correct: rates of items, categories and everything are corrected for a rater's errors, scores and "
          + "patterns are not.")
    }
    if !score.isEmpty, measure.map({ $0.uppercased() != "MN" }) ?? false, rows.isEmpty,
      pattern.isEmpty, corpus.item.isEmpty
    {
      throw ValidationError("--score pools means (MN); leave out --measure.")
    }
    if correctionOptions.isWanted, chosenTable == .flow {
      throw ValidationError("--table flow counts papers once; leave out --correct.")
    }
    if let idleOption { throw ValidationError(idleOption) }
  }

  func run() async throws {
    try output.checkFiles()
    for file in try robust.figures() { try file.check() }
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
    do {
      try draw(
        set.parts, asked.pooling,
        groups: { studies in
          guard let by else { return nil }
          let labels = try groupLabels(by, set.variables)
          return (
            labels,
            try Subgroups(asked.pooling, hasCommonVariance: commonVariance).estimate(
              studies, labels: labels)
          )
        }, regression: { try regression($0, set, asked.pooling) })
    } catch let error as MetaError { throw CommandFailure(.estimation, "--figure: \(error)") }
    try output.write(result)
    let usesSeed =
      interval == .bootstrap || permutations != nil || [.gosh, .subsets].contains(chosenTable)
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
    /// The reason against each study of the table; those that have one are not in ``parts``.
    var exclusions: [String?] = []
    /// What became of the papers, of strata.
    var flow: StudyFlow?
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
    pooling.structure = structure ?? .unstructured
    guard let method else { return (pooling, chosen) }
    if let known = HeterogeneityMethod(rawValue: method.uppercased())
      ?? (["FE", "EE"].contains(method.uppercased()) ? .commonEffect : nil)
    {
      let isClustered = over.isEmpty && resampling.cluster != nil
      pooling.model =
        isClustered ? (outcome == nil ? .threeLevel : .multivariate) : .inverseVariance
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
    let byOutcome: [TableName] = [.pooled, .studies, .moderators]
    if outcome != nil, !byOutcome.contains(chosenTable) {
      throw MetaError.unfittingModel(
        MetaModel.multivariate.rawValue,
        reason: "has no --table \(chosenTable.rawValue); leave out --outcome")
    }
    switch chosenTable {
    case .pooled where outcome != nil:
      return Table(
        meta: try set.parts.flatMap { try pooling.pooledByOutcome($0.studies) },
        termName: "outcome", level: resampling.level)
    case .pooled:
      let rows = try set.parts.map { try pooling.estimate($0.studies, term: $0.term) }
      guard rows.contains(where: { $0.fit != nil }) else {
        throw CommandFailure(.estimation, MetaError.noStudies.description)
      }
      return Table(meta: rows, level: resampling.level)
    case .flow:
      let flow =
        set.flow
        ?? StudyFlow(
          exclusions: set.exclusions, studies: set.parts[0].studies, pooling: pooling)
      return Table(flow: flow, records: over.isEmpty ? "studies" : "papers")
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
            (part.term, try regression.fit(part.studies, moderators: set.variables)))
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
        subgroups: try set.parts.map {
          ($0.term, try question.estimate($0.studies, labels: labels))
        },
        by: by, level: resampling.level)
    case .leaveOneOut, .cumulative, .influence, .bias, .gosh, .subsets, .models:
      var twoStep = pooling
      twoStep.model = .inverseVariance
      return try robustness(set.parts, pooling) { try regression($0, set, twoStep) }
    }
  }

  /// The regression on --moderators; `nil` without any.
  private func regression(
    _ studies: StudyEffects, _ set: StudySet, _ pooling: Pooling
  ) throws -> MetaRegression.Result? {
    guard let moderators else { return nil }
    let question = MetaRegression(try ModelFormula(moderators), pooling: pooling)
    return try question.fit(studies, moderators: set.variables)
  }

  /// The group of every study.
  private func groupLabels(
    _ name: String, _ variables: any VariableSource, option: String = "--by"
  ) throws(CommandFailure) -> [String?] {
    do throws(VariableError) {
      switch try variables.values(of: name, asCategories: true) {
      case .categorical(let values): return values
      case .numeric(let values): return values.map { $0.map(NumberFormat.shortest) }
      case .answers(let cells):
        return cells.map { $0 == .yes ? "yes" : $0 == .no ? "no" : nil }
      case .labels(let values): return values.map(\.first)
      }
    } catch { throw CommandFailure(error, option: option) }
  }

  private var continuityCorrection: ContinuityCorrection? {
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
    let all = try StudyTable(
      reading: path, choices: try corpus.table.choices(metadata: corpus.metadata))
    var exclusions: [String?] = all.places.map { _ in nil }
    if let excluded { exclusions = try reasons(excluded, of: all) }
    let table = all.selecting(exclusions.indices.filter { exclusions[$0] == nil })
    say(exclusions, of: "studies")
    let found: StudyTable.Result
    do throws(StudyTable.Fault) {
      found = try table.studies(measure, roles: columns.roles, correction: continuityCorrection)
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
      studies.clusters = try cells(of: cluster, in: table, option: "--cluster")
        .map { $0.isEmpty ? nil : $0 }
    }
    if let outcome { studies.outcomes = try outcomes(outcome, of: table, path) }
    let file: InputRecord = .file(path)
    let loaded = LoadedCorpus(
      matrix: BinaryMatrix(papers: [], items: []) { _, _ in .absent }, inputPositions: [],
      files: InputKind.isReadOnce(path) ? [] : [file], filesFound: 1, filesRead: 1)
    return StudySet(
      loaded: loaded, parts: [(nil, studies)], variables: table.variables, exclusions: exclusions)
  }

  /// Says how many are left out for a reason.
  private func say(_ exclusions: [String?], of records: String) {
    let count = exclusions.count { $0 != nil }
    guard let excluded, count > 0, chosenTable != .flow else { return }
    output.console.note(
      "\(count) of \(exclusions.count) \(records) excluded by '\(excluded)'; --table flow counts the reasons"
    )
  }

  /// The reason against each study.
  private func reasons(
    _ name: String, of table: StudyTable
  ) throws(CommandFailure) -> [String?] {
    try cells(of: name, in: table, option: "--excluded").map { text in
      ["", "na", "n/a"].contains(text.lowercased()) ? nil : text
    }
  }

  /// The outcome of every study.
  private func outcomes(
    _ name: String, of table: StudyTable, _ path: String
  ) throws(CommandFailure) -> [String] {
    let outcomes = try cells(of: name, in: table, option: "--outcome")
    if let empty = outcomes.firstIndex(of: "") {
      throw CommandFailure(
        .invalidInput, "\(path), line \(table.places[empty]): there is no '\(name)'")
    }
    return outcomes
  }

  /// The texts of a column of a table of studies.
  private func cells(
    of name: String, in table: StudyTable, option: String
  ) throws(CommandFailure) -> [String] {
    guard let column = table.names.firstIndex(of: name) else {
      throw CommandFailure(
        .usage,
        "\(option): there is no column '\(name)'"
          + NearestNames.suggestion(of: NearestNames(table.names).nearest(to: name)))
    }
    return table.cells[column]
  }

  /// The strata of the corpus.
  private func strata(_ measure: EffectMeasure?) async throws -> StudySet {
    let console = output.console
    let measure = measure == .mean && !score.isEmpty ? .logit : measure ?? .logit
    guard measure.material == .events else {
      throw CommandFailure(
        .usage,
        "--measure: strata of the corpus have events and totals; take PLO, PR, PLN, PAS or PFT, not \(measure.rawValue)"
      )
    }
    var loaded = try await corpus.loadCorrected(
      by: correctionOptions, console: console, jobs: resampling.jobs, isStrict: output.strict)
    var exclusions: [String?] = loaded.matrix.papers.map { _ in nil }
    if let excluded {
      exclusions = try groupLabels(excluded, loaded.matrix, option: "--excluded")
      loaded.arrange(
        loaded.matrix.selecting(papers: exclusions.indices.filter { exclusions[$0] == nil }))
      say(exclusions, of: "papers")
    }
    for name in score {
      do throws(VariableError) {
        _ = try loaded.matrix.variables.numbers(name)
      } catch { throw CommandFailure(error, option: "--score") }
    }
    let correction = loaded.betterRater.map { better in
      var rates = CorrectedRates(
        better: better, method: correctionOptions.method, level: resampling.level,
        probability: correctionOptions.probability)
      rates.knownErrors = correctionOptions.known
      return rates
    }
    let patterns = try pattern.map { text in
      try NamedPatterns.Pattern(commandLine: text, in: loaded.matrix)
    }
    let levels: Set<RateTarget.Level> =
      rows.isEmpty
      ? ((patterns.isEmpty && score.isEmpty) || !corpus.item.isEmpty ? [.item] : []) : rows.levels
    let question = StratumRates(
      levels: levels, patterns: patterns, scores: score, correction: correction, over: over)
    let found: StratumRates.Result
    do {
      found = try await Run()(question, of: Study(loaded.matrix, plan: resampling.plan))
    } catch let error as VariableError {
      throw CommandFailure(error, option: "--over")
    } catch let error as SamplingPlan.PlanError {
      throw CommandFailure(error)
    } catch let error as ReanswerProbabilityError {
      throw CommandFailure(.invalidInput, "--probability: \(error)")
    }
    if found.rows.contains(where: \.hasEffectiveSizes) {
      console.note(
        "sizes of strata are effective ones, of the errors that "
          + (correction == nil
            ? "clusters, weights and several items leave" : "the correction leaves"))
    }
    let parts = try found.rows.map { row -> (term: String?, studies: StudyEffects) in
      (
        row.term,
        try StudyEffects(
          row.counts.contains { $0?.material == .mean } ? .mean : measure, labels: found.labels,
          counts: row.counts, correction: continuityCorrection)
      )
    }
    return StudySet(
      loaded: loaded, parts: parts,
      variables: StratumVariables(found, over: over, of: loaded.matrix), exclusions: exclusions,
      flow: flow(exclusions, found))
  }

  /// What became of the papers: those of no stratum are not pooled.
  private func flow(_ exclusions: [String?], _ strata: StratumRates.Result) -> StudyFlow {
    let reasons = exclusions.compactMap { $0 }
    let pooled = Set(strata.papers.flatMap { $0 }).count
    return StudyFlow(
      identified: exclusions.count, exclusions: reasons,
      notPooled: [String](
        repeating: "no \(over.joined(separator: " × "))",
        count: exclusions.count - reasons.count - pooled), pooled: pooled)
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
