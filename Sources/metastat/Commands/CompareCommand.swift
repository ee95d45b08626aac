import ArgumentParser
import SurveyReport
import SurveyStats

extension TwoProportions.Test: ExpressibleByArgument {}

extension StandardizedDifference.Method: ExpressibleByArgument {}

extension Pairs.Basis: ExpressibleByArgument {}

/// `metastat compare` says how groups of papers, or two items, differ.
struct CompareCommand: AnalysisCommand {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case differences, homogeneity, rates, sentences
  }

  /// Which groups are compared with which.
  enum Against: String, ExpressibleByArgument, CaseIterable {
    case pairs, rest, reference
  }

  /// The intervals by name.
  enum IntervalName: String, ExpressibleByArgument, CaseIterable {
    case auto
    case miettinenNurminen = "miettinen-nurminen"
    case koopman, newcombe, tango
    case bonettPrice = "bonett-price"
    case percentile, basic, normal

    /// The bootstrap method; `nil` for analytic intervals.
    var resampled: ResampledInterval? { ResampledInterval(rawValue: rawValue) }

    /// The interval of groups.
    var ofGroups: Groups.Interval {
      if let resampled { return .resampled(resampled) }
      return GroupComparison.Interval(rawValue: rawValue).map { .analytic($0) } ?? .automatic
    }

    /// The interval of two items.
    var ofPairs: Pairs.Interval {
      if let resampled { return .resampled(resampled) }
      return Pairs.Formula(rawValue: rawValue).map { .formula($0) } ?? .automatic
    }
  }

  /// An adjustment of p-values.
  enum Adjustment: ExpressibleByArgument, Equatable {
    /// A function of the p-values.
    case pValues(PValueAdjustment)
    /// By joint permutations of the papers.
    case westfallYoung

    static let jointName = "westfall-young"
    static var allValueStrings: [String] {
      PValueAdjustment.allCases.map(\.rawValue) + [jointName]
    }

    init?(argument: String) {
      if argument == Self.jointName {
        self = .westfallYoung
      } else if let function = PValueAdjustment(rawValue: argument) {
        self = .pValues(function)
      } else {
        return nil
      }
    }

    var defaultValueDescription: String {
      if case .pValues(let function) = self { function.rawValue } else { Self.jointName }
    }

    /// The function of p-values; Holm's where the rows have their own.
    var ofPValues: PValueAdjustment {
      if case .pValues(let function) = self { function } else { .holm }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Differences between groups of papers, or two items in the same papers.",
    discussion: """
      Groups share no paper: a paper's group is the value of --by (the first, for tags). Items are \
      compared by their rates. Categories and everything are compared over the same items, as \
      groups that were asked other items differ though no item does (--mix). Two items of the same \
      papers depend on each other; --pair compares them.

      MIX OF ITEMS (--mix)
        common: item by item over the items that apply in all groups; crude: the
        mean of paper scores, whatever was asked; model: over all items, each with
        a level of its own. The column crude has the crude difference beside it.

      INTERVALS (--interval)
        auto: Miettinen and Nurminen's score limits of difference, risk and odds
        ratio; for means, clusters and weighted papers the same with effective
        sizes. p and limits are one family. koopman: Koopman's and Mee's;
        newcombe: of the difference; percentile, basic, normal resample papers

      TWO ITEMS (--pair, --basis)
        joint: in the papers to which both apply (Tango, McNemar); own: each in
        the papers to which it applies. other_basis has the other difference.
        --interval newcombe and bonett-price are other limits of the first.
        --table homogeneity: whether all items named have one rate (Cochran's Q)

      A NUMBER BY ANSWERS (--on)
        Papers with yes and with no to each item compared in a number, such as
        points or citations, by ranks: Mann and Whitney's test, Cliff's delta

      ADJUSTMENT (--adjust westfall-young)
        Permutes papers between the groups with all their answers, so that items
        that go together count as fewer; for the differences of groups

      STANDARDISATION (--standardize)
        A different mix of types or years is not a difference of rigor. direct averages the strata \
      of all columns together with the mix of both groups; weighting divides by the probability \
      of a paper's group given the columns, by a logistic model.

      CORRECTION (--correct BETTER)
        Differences of the rates that a better rater, who has answered some papers of both groups \
      again, would have found in all: each group is corrected by its own papers.

      EXAMPLES
        metastat compare papers --by type --rows item --adjust bh --format text
        metastat compare papers --by venue --against rest --rows overall
        metastat compare papers --by version --standardize type --standardize year
        metastat compare papers --by type --within year --rows item
        metastat compare papers --by type --table homogeneity
        metastat compare papers --pair code_released reproduction_instructions
        metastat compare papers --pairs data/pairs.json --interval percentile
        metastat compare papers --pair 'artifacts.*' --table homogeneity
        metastat compare papers --on hn_points
        metastat compare papers --by type --rows item --adjust westfall-young
        metastat compare matrix.csv --by type --permutations 9999
        metastat compare haiku.csv --correct opus.csv --by type --rows overall

      OUTPUT (CSV)
        differences: level, category, term, group, reference, n, n_group,
          n_reference, rate_group, rate_reference, estimate with interval,
          risk and odds ratio, test, p_value, p_adjusted, mix, n_items, crude, item, note
        --correct: level, category, term, group, reference, n_group, n_reference, n_gold_group,
          n_gold_reference, rate_group, rate_reference, estimate with limits, conf_level, interval,
          method, naive and gold with limits, item, note
        --within: mh_difference and mh_odds_ratio with limits, mh_p_value, homogeneity_p_value
        --standardize: crude, standard_group, standard_reference, estimate with interval, mix,
          n_items, note
        --pair: a, b, basis, n, n11, n10, n01, n00, difference with interval, McNemar's p_value,
          p_mid and p_exact, other_basis
        --pair with homogeneity: item, n, estimate, n_differ, statistic, df, p_value, test, note
        --on: category, term, on, n_yes, n_no, median_yes, median_no, cliffs_delta with limits,
          hodges_lehmann (the shift) with limits, statistic, p_value, p_adjusted, test, item, note
        rates: each group's rates at the common mix of --standardize
        homogeneity: one test of all groups a row; sentences: one line for prose for each row
      """)

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup(title: "Sampling and replicates") var resampling: ResamplingOptions
  @OptionGroup(title: "Sampling and replicates") var split: SplitOptions
  @OptionGroup(title: "Sampling and replicates") var replicateFile: ReplicateOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Correction for a rater's errors") var correction: CorrectionOptions

  @Option(
    name: .customLong("by"),
    help: ArgumentHelp(
      "The metadata column of the groups; several make a group of each combination.",
      valueName: "column"),
    completion: .names(.variables))
  var groupColumns: [String] = []

  /// The column, or columns, of the groups.
  var by: String? { groupColumns.joinedColumns }

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Two items to compare in the same papers; repeatable. With --table homogeneity any number.",
      valueName: "item"),
    completion: .names(.items))
  var pair: [String] = []

  @Option(
    help: ArgumentHelp(
      "A number in which papers with yes and no to each item are compared by ranks.",
      valueName: "variable"),
    completion: .names(.variables))
  var on: String?

  @Option(
    help: ArgumentHelp(
      "Pairs of a visible and an invisible item to compare, a JSON file.", valueName: "file"),
    completion: .file())
  var pairs: String?

  @Option(help: "Of --pair: joint (papers to which both apply, default) or own.")
  var basis: Pairs.Basis?

  @Option(parsing: .upToNextOption, help: "Rows: item, category, module, overall.")
  var rows = RateLevels.usual

  @Option(help: "The items of categories and everything: common (default), model or crude.")
  var mix: ItemMix.Method?

  @Option(help: "pairs (default), rest, or reference (as --reference alone).")
  var against = Against.pairs

  @Option(help: ArgumentHelp("The group that the others are compared with.", valueName: "group"))
  var reference: String?

  @Option(
    name: .customLong("fewest"),
    help: """
      Groups of fewer papers count together as 'other'. (default: 5 of more than 12 groups, else 1)
      """)
  var fewest: Int?

  @Option(
    help: ArgumentHelp(
      "A column whose strata are held fixed (Mantel-Haenszel, Breslow-Day).", valueName: "column"),
    completion: .names(.variables))
  var within: String?

  @Option(
    help: ArgumentHelp("A column whose mix is made equal; repeatable.", valueName: "column"),
    completion: .names(.variables))
  var standardize: [String] = []

  @Option(help: "direct (default) or weighting.")
  var standardization: StandardizedDifference.Method?

  @Option(
    help: """
      auto, miettinen-nurminen, koopman, newcombe; of --pair tango, newcombe, bonett-price; \
      percentile, basic, normal resample.
      """)
  var interval = IntervalName.auto

  @Option(help: "The test of equal rates; auto goes with the interval.")
  var test = TwoProportions.Test.automatic

  @Option(help: "Random permutations of a permutation test; 0 for none.")
  var permutations = 0

  @Option(help: "Adjustment of p-values: none, holm, bh, by, …; westfall-young of groups.")
  var adjust = Adjustment.pValues(.holm)

  @Option(help: "differences (default), homogeneity, rates (with --standardize) or sentences.")
  var table = TableName.differences

  /// Whether items in the same papers are compared.
  private var isOfPairs: Bool { !pair.isEmpty || pairs != nil }
  /// Whether all items named are tested at once.
  private var testsItems: Bool { isOfPairs && table == .homogeneity }

  /// An option that plays no part in what is asked, and why.
  private var idleOption: String? {
    let isStandardized = !standardize.isEmpty
    let isHomogeneity = table == .homogeneity
    let isRates = table == .rates
    let hasNoContrasts = isOfPairs || isHomogeneity || isRates
    let isChosen: [(name: String, isGiven: Bool, reason: String, isIdle: Bool)] = [
      ("--test", test != .automatic, "is of groups", isOfPairs || isStandardized),
      ("--permutations", permutations > 0, "is of groups", isOfPairs && !testsItems),
      (
        "--adjust westfall-young", adjust == .westfallYoung,
        "permutes the papers of groups, for their differences as observed",
        isOfPairs || isHomogeneity || isStandardized
      ),
      ("--adjust", adjust != .pValues(.holm), "has one p-value only here", testsItems),
      ("--rows", rows != RateLevels.usual, "are of groups", isOfPairs),
      ("--rows", rows != RateLevels.usual, "are items here", isRates),
      ("--adjust", adjust != .pValues(.holm), "has no p-values here", isRates),
      (
        "--standardization weighting", standardization == .weighting,
        "is of differences of groups", isRates
      ),
      ("--mix", mix != nil, "is of groups", isOfPairs || isRates),
      ("--mix model", mix == .model, "is of groups as observed", isStandardized),
      ("--against", against != .pairs, "is of differences of groups", hasNoContrasts),
      ("--reference", reference != nil, "is of differences of groups", hasNoContrasts),
      ("--fewest", fewest != nil, "is of groups", isOfPairs),
      ("--within", within != nil, "is of differences of groups", isHomogeneity),
      ("--standardize", isStandardized, "is of differences of groups", isHomogeneity),
      ("--interval", interval != .auto, "is of differences", isHomogeneity || table == .rates),
      (
        "--interval", interval == .tango || interval == .bonettPrice, "is of --pair", !isOfPairs
      ),
      (
        "--interval", interval == .koopman || interval == .newcombe, "is of items as observed",
        isStandardized || !(isOfPairs || rows.levels.contains(.item))
      ),
      (
        "--interval", interval == .koopman || interval == .miettinenNurminen, "is of groups",
        isOfPairs
      ),
      ("--basis", basis != nil, "is of --pair and --pairs", !isOfPairs),
      ("--basis", basis != nil, "is joint for a test of all items", testsItems),
      ("--standardization", standardization != nil, "needs --standardize", !isStandardized),
    ]
    return isChosen.first { $0.isGiven && $0.isIdle }.map {
      "\($0.name) \($0.reason); leave it out."
    }
  }

  /// An option that says nothing about a number by answers.
  private var idleOptionByAnswer: String? {
    let isChosen: [(name: String, isGiven: Bool)] = [
      ("--by", by != nil), ("--pair", isOfPairs), ("--rows", rows != RateLevels.usual),
      ("--mix", mix != nil), ("--against", against != .pairs), ("--reference", reference != nil),
      ("--fewest", fewest != nil), ("--within", within != nil),
      ("--standardize", !standardize.isEmpty), ("--standardization", standardization != nil),
      ("--interval", interval != .auto), ("--test", test != .automatic),
      ("--permutations", permutations > 0), ("--basis", basis != nil),
      ("--table \(table.rawValue)", table != .differences),
      ("--adjust westfall-young", adjust == .westfallYoung),
    ]
    return isChosen.first(where: \.isGiven).map {
      "\($0.name) plays no part with --on, which compares papers by their answers; leave it out."
    }
  }

  var readPaths: [String] {
    corpus.readPaths + correction.readPaths + [pairs].compactMap { $0 }
  }

  func validate() throws {
    if correction.isWanted {
      if correction.known != nil {
        throw ValidationError(
          "--sensitivity and --specificity are the same in both groups, so that they correct no difference "
            + "of theirs; differences take --correct BETTER.")
      }
      if correction.betterError != nil {
        throw ValidationError(
          "--better-error has a band for rates, not for differences; leave it out.")
      }
      try correction.refuse(
        [
          "--pair": isOfPairs, "--on": on != nil, "--within": within != nil,
          "--standardize": !standardize.isEmpty,
          "--interval": interval != .auto, "--test": test != .automatic,
          "--permutations": permutations > 0, "--mix": mix != nil && mix != .crude,
          "--table \(table.rawValue)": table != .differences, "--adjust": adjust != .pValues(.holm),
        ], for: "differences")
    }
    if on != nil {
      if let idleOptionByAnswer { throw ValidationError(idleOptionByAnswer) }
      if split.part != nil { throw ValidationError("--part: --on draws no replicates.") }
      return
    }
    guard by != nil || isOfPairs else {
      throw ValidationError(
        "name the groups, --by type, two items, --pair A B, or a number, --on points.")
    }
    guard testsItems || pair.count.isMultiple(of: 2) else {
      throw ValidationError(
        "--pair takes two items each time; with --table homogeneity it takes any number.")
    }
    if isOfPairs, by != nil || within != nil || !standardize.isEmpty {
      throw ValidationError("--pair compares items in the same papers, not groups of --by.")
    }
    if reference != nil, against == .rest {
      throw ValidationError("--reference GROUP does not go with --against rest.")
    }
    if permutations > 0, test != .automatic {
      throw ValidationError("--permutations is a test of its own; leave out --test.")
    }
    if test != .automatic, !isOfPairs, !rows.levels.contains(.item) {
      throw ValidationError("--test is of the rates of items; --rows has none.")
    }
    if against == .reference, reference == nil {
      throw ValidationError("--against reference needs --reference GROUP.")
    }
    if table == .rates, standardize.isEmpty {
      throw ValidationError("--table rates needs --standardize COLUMN.")
    }
    if !standardize.isEmpty, within != nil || permutations > 0 {
      throw ValidationError("--standardize goes without --within and --permutations.")
    }
    if isOfPairs, table == .rates {
      throw ValidationError("--pair has the tables differences, homogeneity and sentences.")
    }
    if let fewest, fewest < 1 {
      throw ValidationError("--fewest takes a number of papers from 1, not \(fewest).")
    }
    if let idleOption { throw ValidationError(idleOption) }
    if interval.resampled == nil, split.part != nil {
      throw ValidationError(
        "--part: this run draws no replicates; choose --interval percentile, basic or normal.")
    }
  }

  func load() async throws -> LoadedCorpus {
    try await corpus.loadCorrected(
      by: correction, console: output.console, jobs: resampling.jobs, isStrict: output.strict)
  }

  func answer(_ ask: Ask) async throws -> Answer {
    if interval.resampled == nil, resampling.chosenReplicates != nil {
      ask.console.note("--replicates plays no part; choose --interval percentile, basic or normal")
    }
    do {
      if let better = ask.loaded.betterRater { return try await corrected(ask, better: better) }
      if let on {
        do throws(VariableError) {
          _ = try ask.study.matrix.variables.numbers(on)
        } catch { throw CommandFailure(error, option: "--on", in: corpus) }
        return Answer(
          Table(
            answerContrasts: try await ask(AnswerContrasts(on, level: resampling.level)), on: on,
            level: resampling.level, adjustment: adjust.ofPValues))
      }
      if isOfPairs { return try await comparePairs(ask) }
      guard let by else { throw CommandFailure(.usage, "name the groups, --by type") }
      let folding = GroupFolding(fewest: fewest)
      switch table {
      case .rates: return try await standardizedRates(by, folding, ask)
      case .homogeneity:
        let found = try await ask(
          Homogeneity(
            by: by, levels: rows.levels, test: test,
            permutations: permutations > 0 ? permutations : nil, mix: mix ?? .common,
            folding: folding))
        note(found.labels, by, ask.console)
        return Answer(Table(homogeneity: found.rows, adjustment: adjust.ofPValues))
      case .differences, .sentences:
        return standardize.isEmpty
          ? try await compareGroups(by, folding, ask) : try await standardized(by, folding, ask)
      }
    } catch let error as Groups.GroupError {
      if case .strata(let reason) = error {
        throw CommandFailure(reason, option: "--within", in: corpus)
      }
      switch error {
      case .unknownReference: throw CommandFailure(.usage, "--reference: \(error)")
      case .tooManyContrasts: throw CommandFailure(.usage, error.description)
      case .fewerThanTwoGroups, .strata: throw CommandFailure(.estimation, error.description)
      }
    } catch let error as Pairs.PairError {
      throw CommandFailure(.usage, "--pair: \(error)")
    } catch let error as ItemHomogeneity.ItemError {
      throw CommandFailure(.usage, "--pair: \(error)")
    } catch let error as ModelFormulaError {
      throw CommandFailure(.usage, "--standardize: \(error)")
    }
  }

  /// Which groups are compared with which.
  private var rule: GroupContrast.Rule {
    against == .rest ? .rest : reference.map { .reference($0) } ?? .pairs
  }

  /// The differences that the better rater would have found.
  private func corrected(_ ask: Ask, better: String) async throws -> Answer {
    let question = CorrectedDifferences(
      by: by ?? "", rule: rule, folding: GroupFolding(fewest: fewest),
      CorrectedRates(
        better: better, levels: rows.levels, method: correction.method, level: resampling.level,
        probability: correction.probability))
    let found = try await ask.corrected(question, correction)
    note(found.labels, by ?? "", ask.console)
    try ask.check(found.rows.map(\.estimate), better: better)
    return Answer(Table(correctedDifferences: found.rows, better: better))
  }

  private func comparePairs(_ ask: Ask) async throws -> Answer {
    var names = stride(from: 0, to: pair.count - 1, by: 2).map {
      Pairs.Pair(pair[$0], pair[$0 + 1])
    }
    if let pairs {
      let file: ItemPairs = try JSONFile.decode(pairs)
      names += file.pairs.map { Pairs.Pair($0.visible, $0.invisible) }
    }
    if testsItems {
      let items = pair + names.dropFirst(pair.count / 2).flatMap { [$0.first, $0.second] }
      var answer = Answer(
        Table(
          itemHomogeneity: try await ask(
            ItemHomogeneity(items, permutations: permutations > 0 ? permutations : nil))))
      answer.usesSeed = true
      return answer
    }
    let found = try await ask(
      Pairs(
        names, basis: basis ?? .joint, interval: interval.ofPairs, level: resampling.level))
    return answer(
      Table(pairs: found, level: resampling.level, adjustment: adjust.ofPValues),
      found.map(\.sentence))
  }

  private func compareGroups(
    _ by: String, _ folding: GroupFolding, _ ask: Ask
  ) async throws -> Answer {
    let found = try await ask(
      Groups(
        by: by, rule: rule, levels: rows.levels, mix: mix ?? .common, interval: interval.ofGroups,
        test: test, permutations: permutations > 0 ? permutations : nil, within: within,
        level: resampling.level, folding: folding, adjustsJointly: adjust == .westfallYoung))
    note(found.labels, by, ask.console)
    if found.severalStrataCount > 0, let within {
      noteSeveral(found.severalStrataCount, within, option: "--within", ask.console)
    }
    return answer(
      Table(differences: found.rows, level: resampling.level, adjustment: adjust.ofPValues),
      found.rows.map(\.sentence))
  }

  private func standardized(
    _ by: String, _ folding: GroupFolding, _ ask: Ask
  ) async throws -> Answer {
    let found = try await ask(
      StandardizedGroups(
        by: by, rule: rule, levels: rows.levels, columns: standardize,
        method: standardization ?? .direct, mix: mix ?? .common, resampled: interval.resampled,
        level: resampling.level, folding: folding))
    note(found.labels, by, ask.console)
    guard found.rows.contains(where: { $0.estimate != nil }) else {
      throw CommandFailure(
        .estimation,
        "nothing could be standardised: \(found.rows.first?.note ?? "there are no rows")")
    }
    return answer(
      Table(standardized: found.rows, level: resampling.level, adjustment: adjust.ofPValues),
      found.rows.map(\.sentence))
  }

  /// The rates of all groups at a common mix.
  private func standardizedRates(
    _ by: String, _ folding: GroupFolding, _ ask: Ask
  ) async throws -> Answer {
    let found = try await ask(
      StandardizedRates(
        by: by, columns: standardize, level: resampling.level, folding: folding))
    note(found.labels, by, ask.console)
    for (column, count) in zip(standardize, found.severalCounts) {
      noteSeveral(count, column, option: "--standardize", ask.console)
    }
    return Answer(Table(standardizedRates: found))
  }

  /// A table with its sentences, or the sentences alone.
  private func answer(_ result: Table, _ sentences: [String]) -> Answer {
    guard table == .sentences else {
      var answer = Answer(result)
      answer.sentences = sentences
      answer.usesSeed = permutations > 0 || adjust == .westfallYoung
      return answer
    }
    return Answer(Table(name: "sentences", columns: [Column("sentence", .text(sentences))]))
  }

  /// Says what was done to the groups.
  private func note(_ labels: GroupLabels, _ by: String, _ console: Console) {
    noteSeveral(labels.severalCount, by, option: "--by", console)
    if labels.foldedCount > 0 {
      console.note(
        "--by: \(labels.foldedCount) groups of '\(by)' with fewer than \(labels.fewest) papers count "
          + "together as '\(GroupFolding.other)'; --fewest 1 keeps them apart")
    }
  }

  private func noteSeveral(
    _ count: Int, _ column: String, option: String, _ console: Console
  ) {
    guard count > 0 else { return }
    console.note("\(option): \(count) papers have several '\(column)' and count with the first")
  }
}
