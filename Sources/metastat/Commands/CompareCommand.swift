import ArgumentParser
import SurveyStats

extension TwoProportions.Test: ExpressibleByArgument {}

/// `metastat compare` says how groups of papers, or two items, differ.
struct CompareCommand: AsyncParsableCommand {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case differences, standardized
  }

  /// Which groups are compared with which.
  enum Against: String, ExpressibleByArgument, CaseIterable {
    case pairs, rest, reference
  }

  /// The intervals by name.
  enum IntervalName: String, ExpressibleByArgument, CaseIterable {
    case miettinenNurminen = "miettinen-nurminen"
    case newcombe, percentile, basic, normal
  }

  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Differences between groups of papers, or two items in the same papers.",
    discussion: """
      Groups share no paper: a paper's group is the value of --by (the first, for tags). Items are \
      compared by their rates, categories and everything by mean scores (Welch). Two items in the \
      same papers depend on each other; --pair compares them on the papers to which both apply.

      EXAMPLES
        metastat compare papers --by type --rows item --adjust bh --format text
        metastat compare papers --by venue --against rest --rows overall
        metastat compare papers --pair code_released reproduction_instructions
        metastat compare matrix.csv --by year --within type --table standardized
        metastat compare matrix.csv --by type --permutations 9999

      OUTPUT (CSV)
        differences: level, category, term, group, reference, n, n_group,
          n_reference, rate_group, rate_reference, estimate with interval,
          risk and odds ratio, test, p_value, p_adjusted, note
        --pair: a, b, n, n11, n10, n01, n00, difference with interval, McNemar mid-p and exact
        standardized: rates as if every group had the same mix of --within
      """)

  @OptionGroup var corpus: CorpusOptions
  @OptionGroup var resampling: ResamplingOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "The metadata column of the groups.")
  var by: String?

  @Option(parsing: .upToNextOption, help: "Two items to compare in the same papers; repeatable.")
  var pair: [String] = []

  @Option(parsing: .upToNextOption, help: "Rows: item, category, module, overall.")
  var rows: [RateTarget.Level] = [.item, .category, .overall]

  @Option(help: "pairs (default), rest, or reference (with --reference).")
  var against = Against.pairs

  @Option(help: "The group that the others are compared with.")
  var reference: String?

  @Option(help: "A column whose strata are held fixed (Mantel-Haenszel, standardisation).")
  var within: String?

  @Option(help: "miettinen-nurminen (default), newcombe; percentile, basic, normal resample.")
  var interval = IntervalName.miettinenNurminen

  @Option(help: "The test of equal rates.")
  var test = TwoProportions.Test.automatic

  @Option(help: "Random permutations of a permutation test; 0 for none.")
  var permutations = 0

  @Option(help: "Adjustment of p-values: none, holm, bh, by, …")
  var adjust = PValueAdjustment.holm

  @Option(help: "differences (default) or standardized (with --within).")
  var table = TableName.differences

  func validate() throws {
    guard by != nil || !pair.isEmpty else {
      throw ValidationError("name the groups, --by type, or two items, --pair A B.")
    }
    guard pair.count.isMultiple(of: 2) else {
      throw ValidationError("--pair takes two items each time.")
    }
    if against == .reference, reference == nil {
      throw ValidationError("--against reference needs --reference GROUP.")
    }
    if table == .standardized, within == nil {
      throw ValidationError("--table standardized needs --within COLUMN.")
    }
  }

  func run() async throws {
    try output.checkFiles()
    let console = output.console
    let loaded = try await corpus.load(
      console: console, jobs: resampling.jobs, isStrict: output.strict)
    if !pair.isEmpty {
      try output.write(try pairs(loaded.matrix))
    } else if let by {
      let labels = try labels(by, option: "--by", of: loaded.matrix)
      try output.write(
        table == .standardized
          ? try standardized(loaded.matrix, labels)
          : try await differences(loaded.matrix, labels, console: console))
    }
    try output.writeManifest(
      of: loaded, seed: resampling.seed, replicates: resampling.replicates)
  }

  private func labels(
    _ column: String, option: String, of matrix: BinaryMatrix
  ) throws(CommandFailure) -> [String?] {
    let labels = matrix.papers.map { $0.values(of: column).first }
    guard labels.contains(where: { $0 != nil }) else {
      throw .noColumn(column, option: option, among: matrix.papers)
    }
    return labels
  }

  private func differences(
    _ matrix: BinaryMatrix, _ labels: [String?], console: Console
  ) async throws -> Table {
    let rule: GroupContrast.Rule =
      switch against {
      case .pairs: .pairs
      case .rest: .rest
      case .reference: .reference(reference ?? "")
      }
    let contrasts = GroupContrast.all(of: labels, rule: rule)
    guard !contrasts.isEmpty else {
      throw CommandFailure(.estimation, "there are no two groups to compare in '\(by ?? "")'")
    }
    let comparison = GroupComparison(
      contrasts, interval: interval == .newcombe ? .newcombe : .miettinenNurminen, test: test,
      level: resampling.level,
      strata: try within.map { column throws(CommandFailure) in
        try self.labels(column, option: "--within", of: matrix)
      },
      permutations: permutations > 0 ? permutations : nil,
      clusters: resampling.cluster.map { column in
        matrix.papers.map { $0.values(of: column).first ?? $0.slug }
      },
      seed: resampling.seed)
    let targets = RateTarget.all(in: matrix, levels: Set(rows))
    var differences = comparison(matrix, targets: targets)
    let method: BootstrapInterval?
    switch interval {
    case .miettinenNurminen, .newcombe: method = nil
    case .percentile: method = .percentile
    case .basic: method = .basic
    case .normal: method = .normal
    }
    if let method {
      let design = try resampling.design(of: matrix)
      let statistic = DifferenceStatistic(
        differences.map {
          DifferenceStatistic.Difference(matrix, target: $0.target, contrast: $0.contrast)
        }, design: design)
      let bar = ProgressBar("bootstrap", total: resampling.replicates, console: console)
      defer { bar.finish() }
      let sample = try await Bootstrap(
        design: design, scheme: resampling.scheme, replicates: resampling.replicates,
        seed: resampling.seed, jobs: resampling.jobs
      )(statistic) { bar.advance($0) }
      for index in differences.indices where differences[index].estimate != nil {
        differences[index].replaceInterval(
          sample, quantity: index, method: method, level: resampling.level,
          name: interval.rawValue)
      }
    }
    return Table(differences: differences, level: resampling.level, adjustment: adjust)
  }

  private func pairs(_ matrix: BinaryMatrix) throws -> Table {
    let ids = matrix.items.map(\.id)
    let columns = try pair.map { name throws(CommandFailure) -> Int in
      let found = ids.indices.filter { ids[$0].description == name || ids[$0].name == name }
      guard found.count == 1 else {
        let nearest = NearestNames(ids.map(\.description)).nearest(to: name)
        throw CommandFailure(
          .usage,
          found.isEmpty
            ? "--pair: no item is called '\(name)'"
              + (nearest.isEmpty ? "" : "; the nearest are " + nearest.joined(separator: ", "))
            : "--pair: several items are called '\(name)'; write category.item")
      }
      return found[0]
    }
    let rows = stride(from: 0, to: columns.count, by: 2).map { index in
      let (first, second) = (columns[index], columns[index + 1])
      return (
        first: ids[first].description, second: ids[second].description,
        counts: PairedProportions(matrix, first, second)
      )
    }
    return Table(pairs: rows, level: resampling.level, adjustment: adjust)
  }

  private func standardized(_ matrix: BinaryMatrix, _ labels: [String?]) throws -> Table {
    guard let within else { preconditionFailure("checked before the input was read") }
    let strata = try self.labels(within, option: "--within", of: matrix)
    let rows = matrix.items.indices.map { item in
      (
        term: matrix.items[item].id.description,
        standardization: Standardization(
          answers: matrix.outcome(item: item).values, groups: labels, strata: strata)
      )
    }
    return Table(standardized: rows, level: resampling.level)
  }
}
