import ArgumentParser
import SurveyStats

extension TwoProportions.Test: ExpressibleByArgument {}

extension StandardizedDifference.Method: ExpressibleByArgument {}

/// `metastat compare` says how groups of papers, or two items, differ.
struct CompareCommand: AsyncParsableCommand, CommandWithFiles {
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
    case newcombe, percentile, basic, normal

    /// The bootstrap method; `nil` for analytic intervals.
    var method: BootstrapInterval? {
      switch self {
      case .auto, .miettinenNurminen, .newcombe: nil
      case .percentile: .percentile
      case .basic: .basic
      case .normal: .normal
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Differences between groups of papers, or two items in the same papers.",
    discussion: """
      Groups share no paper: a paper's group is the value of --by (the first, for tags). Items are \
      compared by their rates, categories and everything by mean scores (Welch). Two items in the \
      same papers depend on each other; --pair compares them on the papers to which both apply.

      STANDARDISATION (--standardize)
        A different mix of types or years is not a difference of rigor. direct averages the strata
        of all columns together with the mix of both groups; weighting divides by the probability
        of a paper's group given the columns, by a logistic model.

      EXAMPLES
        metastat compare papers --by type --rows item --adjust bh --format text
        metastat compare papers --by venue --against rest --rows overall
        metastat compare papers --by version --standardize type --standardize year
        metastat compare papers --by type --within year --rows item
        metastat compare papers --by type --table homogeneity
        metastat compare papers --pair code_released reproduction_instructions
        metastat compare papers --pairs data/pairs.json --interval percentile
        metastat compare matrix.csv --by type --permutations 9999

      OUTPUT (CSV)
        differences: level, category, term, group, reference, n, n_group,
          n_reference, rate_group, rate_reference, estimate with interval,
          risk and odds ratio, test, p_value, p_adjusted, note
        --within: mh_difference and mh_odds_ratio with limits, mh_p_value, homogeneity_p_value
        --standardize: crude, standard_group, standard_reference, estimate with interval, note
        --pair: a, b, n, n11, n10, n01, n00, difference with interval, McNemar mid-p and exact
        rates: each group's rates at the common mix of --standardize
        homogeneity: one test of all groups a row; sentences: one line for prose for each row
      """)

  @OptionGroup var corpus: CorpusOptions
  @OptionGroup var resampling: ResamplingOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "The metadata column of the groups.")
  var by: String?

  @Option(parsing: .upToNextOption, help: "Two items to compare in the same papers; repeatable.")
  var pair: [String] = []

  @Option(help: "Pairs of a visible and an invisible item to compare, a JSON file.")
  var pairs: String?

  @Option(parsing: .upToNextOption, help: "Rows: item, category, module, overall.")
  var rows = RateLevels.usual

  @Option(help: "pairs (default), rest, or reference (as --reference alone).")
  var against = Against.pairs

  @Option(help: "The group that the others are compared with.")
  var reference: String?

  @Option(help: "A column whose strata are held fixed (Mantel-Haenszel, Breslow-Day).")
  var within: String?

  @Option(help: "A column whose mix is made equal; repeatable.")
  var standardize: [String] = []

  @Option(help: "direct (default) or weighting.")
  var standardization = StandardizedDifference.Method.direct

  @Option(help: "auto, miettinen-nurminen, newcombe; percentile, basic, normal resample.")
  var interval = IntervalName.auto

  @Option(help: "The test of equal rates.")
  var test = TwoProportions.Test.automatic

  @Option(help: "Random permutations of a permutation test; 0 for none.")
  var permutations = 0

  @Option(help: "Adjustment of p-values: none, holm, bh, by, …")
  var adjust = PValueAdjustment.holm

  @Option(help: "differences (default), homogeneity, rates (with --standardize) or sentences.")
  var table = TableName.differences

  var readPaths: [String] { corpus.readPaths + [pairs].compactMap { $0 } }
  var writtenPaths: [String] { output.writtenPaths }

  func validate() throws {
    guard by != nil || isOfPairs else {
      throw ValidationError("name the groups, --by type, or two items, --pair A B.")
    }
    guard pair.count.isMultiple(of: 2) else {
      throw ValidationError("--pair takes two items each time.")
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
    let isIndependent = [.miettinenNurminen, .newcombe].contains(interval) || test != .automatic
    if resampling.cluster != nil, isIndependent {
      throw ValidationError("--test and --interval newcombe know nothing of clusters.")
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
    if isOfPairs, table == .homogeneity || table == .rates {
      throw ValidationError("--pair has the tables differences and sentences.")
    }
  }

  /// Whether items in the same papers are compared.
  private var isOfPairs: Bool { !pair.isEmpty || pairs != nil }

  func run() async throws {
    try output.checkFiles()
    let console = output.console
    let loaded = try await corpus.load(
      console: console, jobs: resampling.jobs, isStrict: output.strict)
    let matrix = loaded.matrix
    if !resampling.unweighted, matrix.papers.contains(where: { $0.weight != nil }) {
      console.note("the 'weight' column plays no part in comparisons; see 'rates --by', 'logit'")
    }
    if resampling.cluster != nil, interval.method == nil,
      isOfPairs || !standardize.isEmpty || table == .homogeneity
    {
      console.note("--cluster counts only with the intervals percentile, basic and normal here")
    }
    if isOfPairs {
      try await writePairs(matrix, console: console)
    } else if let by {
      let labels = try labels(by, option: "--by", of: matrix, console: console)
      switch table {
      case .rates: try writeRates(matrix, labels, console: console)
      case .homogeneity:
        try output.write(
          Table(
            homogeneityOf: matrix, targets: RateTarget.all(in: matrix, levels: rows.levels),
            groups: labels, adjustment: adjust))
      case .differences, .sentences:
        let contrasts = try contrasts(of: labels)
        if standardize.isEmpty {
          try await writeDifferences(matrix, contrasts, console: console)
        } else {
          try await writeStandardized(matrix, contrasts, console: console)
        }
      }
    }
    let resamples = interval.method != nil && table != .homogeneity && table != .rates
    try output.writeManifest(
      of: loaded, seed: resamples || permutations > 0 ? resampling.seed : nil,
      replicates: resamples ? resampling.replicates : nil)
  }

  /// Writes a table with its sentences, or the sentences alone.
  func write(_ result: Table, sentences: [String]) throws {
    if table == .sentences {
      try output.write(
        Table(name: "sentences", columns: [Column("sentence", .text(sentences))]))
    } else {
      try output.write(result, sentences: sentences)
    }
  }

  /// The bootstrap of differences; `nil` for analytic intervals.
  func resample(
    of matrix: BinaryMatrix, console: Console,
    _ statistic: (SamplingDesign) -> some Statistic
  ) async throws -> BootstrapSample? {
    guard interval.method != nil else { return nil }
    let design = try resampling.unweightedDesign(of: matrix)
    return try await resampling.sample(statistic(design), design: design, console: console)
  }

  /// Gives differences the bootstrap intervals of a sample with a quantity for each.
  func replaceIntervals(
    of differences: inout [some ResampledDifference], by sample: BootstrapSample?
  ) {
    guard let sample, let method = interval.method else { return }
    for index in differences.indices {
      differences[index].replaceInterval(
        sample, quantity: index, method: method, level: resampling.level, name: interval.rawValue)
    }
  }

  /// The one group of every paper by a column; says how many papers have several values.
  func labels(
    _ column: String, option: String, of matrix: BinaryMatrix, console: Console
  ) throws(CommandFailure) -> [String?] {
    do throws(BinaryMatrix.UnknownColumn) {
      let groups = try matrix.disjointGroups(of: column)
      if groups.severalCount > 0 {
        console.note(
          "\(option): \(groups.severalCount) papers have several '\(column)' and count with the "
            + "first")
      }
      return groups.labels
    } catch { throw .noColumn(column, option: option, among: matrix.papers) }
  }

  private func contrasts(of labels: [String?]) throws(CommandFailure) -> [GroupContrast] {
    let rule: GroupContrast.Rule =
      switch against {
      case .rest: .rest
      case .pairs, .reference: reference.map { .reference($0) } ?? .pairs
      }
    if let reference, !labels.contains(reference) {
      let names = Set(labels.compactMap { $0 }).sorted().joined(separator: ", ")
      throw CommandFailure(
        .usage, "--reference: '\(by ?? "")' has no group '\(reference)'; there are \(names)")
    }
    let contrasts = GroupContrast.all(of: labels, rule: rule)
    guard !contrasts.isEmpty else {
      throw CommandFailure(.estimation, "there are no two groups to compare in '\(by ?? "")'")
    }
    return contrasts
  }

  private func writeDifferences(
    _ matrix: BinaryMatrix, _ contrasts: [GroupContrast], console: Console
  ) async throws {
    let comparison = GroupComparison(
      contrasts, interval: interval == .newcombe ? .newcombe : .miettinenNurminen, test: test,
      level: resampling.level,
      strata: try within.map { column throws(CommandFailure) in
        try self.labels(column, option: "--within", of: matrix, console: console)
      },
      permutations: permutations > 0 ? permutations : nil,
      clusters: try resampling.clusters(of: matrix),
      seed: resampling.seed)
    var differences = comparison(
      matrix, targets: RateTarget.all(in: matrix, levels: rows.levels))
    let sample = try await resample(of: matrix, console: console) { design in
      DifferenceStatistic(
        differences.map {
          DifferenceStatistic.Difference(matrix, target: $0.target, contrast: $0.contrast)
        }, design: design)
    }
    replaceIntervals(of: &differences, by: sample)
    if let method = interval.method {
      try await resampleEffectSizes(&differences, matrix, method, console: console)
    }
    try write(
      Table(differences: differences, level: resampling.level, adjustment: adjust),
      sentences: differences.map(\.sentence))
  }

  /// Gives differences the bootstrap intervals of their ratios and effect sizes, from the same
  /// resamples.
  private func resampleEffectSizes(
    _ differences: inout [GroupDifference], _ matrix: BinaryMatrix, _ method: BootstrapInterval,
    console: Console
  ) async throws {
    let rows = differences
    let sample = try await resample(of: matrix, console: console) { design in
      EffectSizeStatistic(rows, of: matrix, design: design)
    }
    guard let sample else { return }
    for index in differences.indices {
      differences[index].replaceEffectSizeIntervals(
        sample, quantity: index * EffectSizeStatistic.valuesPerDifference, method: method,
        level: resampling.level)
    }
  }
}
