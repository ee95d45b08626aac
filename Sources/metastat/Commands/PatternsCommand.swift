import ArgumentParser
import SurveyStats

/// `metastat patterns` says how many papers show named patterns of answers.
struct PatternsCommand: SplittableCommand {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case prevalence, papers, together
  }

  static let configuration = CommandConfiguration(
    commandName: "patterns",
    abstract: "How many papers show a pattern of answers, and which.",
    discussion: """
      A pattern is a condition on answers, metadata, covariates and scores (docs/variables.md), in \
      three-valued logic. A conjunction ('a and not b') counts over the papers to which all its \
      parts apply; 'or' and 'at least k of' over the papers for which they are true or false. \
      defined_estimate is the share of the latter for every pattern, expected the share if the \
      parts were independent of each other. Without --patterns and --pattern: those known of the \
      AI survey whose variables the input has.

      EXAMPLES
        metastat patterns papers
        metastat patterns papers --pattern 'code_released and not reproduction_instructions'
        metastat patterns papers --patterns patterns.json --by year --interval wilson
        metastat patterns matrix.csv --pattern 'at least 3 of (artifacts.*)' --table papers
        metastat patterns papers --table together

      OUTPUT (CSV)
        prevalence: level, category, term, [by, group], n_papers, n_applicable,
          n_not_applicable, n_absent, n_yes, estimate, std_error, conf_low,
          conf_high, conf_level, interval, n_defined, defined_estimate, expected,
          note, label, expression, reading
        papers: term, paper, title, year, shows, answers (those that decide)
        together: a, b, coefficient, n, n11, n10, n01, n00, estimate,
          std_error, conf_low, conf_high, p_value, p_adjusted, test, phi_over_max, note
      """)

  @OptionGroup var corpus: CorpusOptions
  @OptionGroup var resampling: ResamplingOptions
  @OptionGroup var split: SplitOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "Named patterns, a JSON file.")
  var patterns: String?

  @Option(help: "A pattern in words, 'NAME: CONDITION' or a condition alone; repeatable.")
  var pattern: [String] = []

  @Option(help: "The interval, as of 'rates'.")
  var interval = RateInterval.automatic

  @Option(help: "Prevalence for every group of papers with the same value of COLUMN; repeatable.")
  var by: [String] = []

  @Option(help: "prevalence (default), papers (which show a pattern) or together (pairs).")
  var table = TableName.prevalence

  @Flag(help: "List papers that do not show a pattern as well.")
  var allPapers = false

  @Option(help: "Adjustment of p-values over pairs: none, holm, bh, by, …")
  var adjust = PValueAdjustment.holm

  @Option(help: "Write the replicates to FILE, one row a replicate.")
  var replicatesOut: String?

  func validate() throws {
    if interval == .bootstrap(.bca) { try resampling.checkBCa() }
    guard by.count <= 2 else { throw ValidationError("--by takes one or two columns.") }
    guard table == .prevalence || by.isEmpty else {
      throw ValidationError("--by is of --table prevalence.")
    }
    guard table != .together || resampling.cluster == nil && resampling.stratify == nil else {
      throw ValidationError(
        "--table together takes papers as drawn one by one; leave out --cluster and --stratify.")
    }
    guard !allPapers || table == .papers else {
      throw ValidationError("--all-papers is of --table papers.")
    }
  }

  func run(replicates source: ReplicateSource) async throws {
    var source = source
    try output.checkFiles()
    let replicatesFile = try replicatesOut.map { path throws(CommandFailure) in
      try OutputFile(path)
    }
    let console = output.console
    let loaded = try await corpus.load(
      console: console, jobs: resampling.jobs, isStrict: output.strict)
    try source.begin(split, resampling: resampling, matrix: loaded.matrix)
    let asked = try namedPatterns(loaded.matrix, console: console)
    switch table {
    case .prevalence:
      guard
        let result = try await prevalence(of: asked, loaded, console: console, source: &source)
      else { return try source.finish() }
      if let replicatesFile, let replicates = result.replicates {
        try replicatesFile.write(CSVWriter().write(replicates))
      }
      try output.write(result.table)
    case .papers:
      try output.write(
        try Table(papersOf: asked, in: loaded.matrix.variables, showsAll: allPapers))
    case .together:
      let matrix = try PatternEstimator(asked, of: loaded.matrix.variables)
        .matrix(of: Array(loaded.matrix.papers.indices))
      if !resampling.unweighted, matrix.papers.contains(where: { $0.weight != nil }) {
        console.note("the 'weight' column plays no part in pairs of patterns")
      }
      try output.write(
        PairwiseAssociations(
          items: matrix, coefficient: .phi, minimumCount: 2, level: resampling.level
        ).table(adjustment: adjust))
    }
    try output.writeManifest(
      of: loaded, seed: resampling.seed, replicates: resampling.replicates,
      arguments: source.arguments)
  }

  /// The patterns asked for, whose variables must exist; else those known, as far as they do.
  private func namedPatterns(
    _ matrix: BinaryMatrix, console: Console
  ) throws -> [NamedPatterns.Pattern] {
    var asked: [NamedPatterns.Pattern] = []
    if let patterns {
      let resolved = try NamedPatterns.read(patterns, for: matrix).resolved(in: matrix.variables)
      asked += resolved.known
      for (pattern, error) in resolved.unknown {
        console.note("left out \(pattern.name): \(error)")
      }
    }
    for text in pattern {
      do throws(VariableError) {
        let parts = text.split(separator: ":", maxSplits: 1)
        let isNamed =
          parts.count == 2 && parts[0].allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
        let expression = isNamed ? String(parts[1]) : text
        let named = try NamedPatterns.Pattern(
          name: isNamed ? String(parts[0]) : text, expression: expression)
        _ = try matrix.variables.truths(named.condition)
        asked.append(named)
      } catch { throw CommandFailure(error, option: "--pattern '\(text)'", in: corpus) }
    }
    guard patterns == nil, pattern.isEmpty else { return asked }
    let known: NamedPatterns = try JSONFile.decode(
      PackageResources.patterns_json, name: "patterns.json")
    let resolved = known.resolved(in: matrix.variables)
    guard !resolved.known.isEmpty else {
      throw CommandFailure(
        .usage,
        "the input has the variables of no known pattern; name one with --pattern or --patterns")
    }
    for (pattern, error) in resolved.unknown {
      console.detail("left out \(pattern.name): \(error)")
    }
    return resolved.known
  }

  /// The prevalence of patterns in all groups; `nil` if a part was drawn.
  private func prevalence(
    of patterns: [NamedPatterns.Pattern], _ loaded: LoadedCorpus, console: Console,
    source: inout ReplicateSource
  ) async throws -> (table: Table, replicates: Table?)? {
    let matrix = loaded.matrix
    let estimator = try PatternEstimator(patterns, of: matrix.variables)
    let groups = try self.groups(of: matrix)
    let bar = ProgressBar(
      "bootstrap", total: resampling.replicates * groups.count, console: console)
    defer { bar.finish() }
    var results: [(group: String?, rows: [PatternPrevalence])] = []
    var replicateTables: [Table] = []
    let by = self.by.isEmpty ? nil : self.by.joined(separator: " × ")
    for (group, rows) in groups {
      let part = group == nil ? matrix : matrix.selecting(papers: rows)
      let rates = RateEstimator(
        interval: interval, level: resampling.level,
        bootstrap: Bootstrap(
          design: try resampling.design(of: part), scheme: resampling.scheme,
          replicates: resampling.replicates, seed: resampling.seed, jobs: resampling.jobs))
      var sample: BootstrapSample?
      let statistic = rates.statistic(
        estimator.matrix(of: rows), targets: estimator.targets,
        drawsReplicates: replicatesOut != nil)
      if let statistic {
        sample = try await source.sample(group ?? "", rates.bootstrap) { bootstrap in
          try await bootstrap(statistic) { bar.advance($0) }
        }
      }
      if source.drawsPart { continue }
      results.append((group, estimator(rows, rates, sample: sample)))
      if let sample, replicatesOut != nil {
        replicateTables.append(
          Table(
            replicates: estimator.shares(of: sample), terms: patterns.map(\.name), group: group,
            by: by))
      }
    }
    if source.drawsPart { return nil }
    guard results.contains(where: { $0.rows.contains { $0.rate.estimate != nil } }) else {
      throw CommandFailure(.estimation, "no paper can show any of the patterns")
    }
    return (
      Table(patterns: results, by: by, level: resampling.level), Table(stacking: replicateTables)
    )
  }

  /// The papers of every group, or of every pair of groups that share papers.
  private func groups(of matrix: BinaryMatrix) throws -> [(name: String?, papers: [Int])] {
    let first = try matrix.groups(by: by.first)
    guard by.count == 2 else { return first }
    let second = try matrix.groups(by: by[1])
    return first.flatMap { one in
      second.compactMap { other in
        let papers = Set(other.papers)
        let both = one.papers.filter(papers.contains)
        return both.isEmpty ? nil : ("\(one.name ?? "") × \(other.name ?? "")", both)
      }
    }
  }
}

extension NamedPatterns {
  /// The patterns of a file, whose variables must all exist unless the file says otherwise.
  static func read(_ path: String, for matrix: BinaryMatrix) throws -> NamedPatterns {
    let patterns: NamedPatterns = try JSONFile.decode(path)
    if !patterns.isOptional, let first = patterns.resolved(in: matrix.variables).unknown.first {
      throw CommandFailure(first.error, option: "\(path): \(first.pattern.name)")
    }
    return patterns
  }
}
