import ArgumentParser
import SurveyStats

/// `metastat patterns` says how many papers show named patterns of answers.
struct PatternsCommand: AnalysisCommand {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case prevalence, papers, together, combinations
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

      --table combinations looks at the answers themselves: which combinations of two and three answers \
      occur far more or less often than independence predicts, over all sets of items, and for three \
      also than their pairs predict; p-values are adjusted over all that were looked at.

      EXAMPLES
        metastat patterns papers
        metastat patterns papers --pattern 'code_released and not reproduction_instructions'
        metastat patterns papers --patterns patterns.json --by year --interval wilson
        metastat patterns matrix.csv --pattern 'at least 3 of (artifacts.*)' --table papers
        metastat patterns papers --table together
        metastat patterns papers --table combinations --sizes 3 --top 20

      OUTPUT (CSV)
        prevalence: level, category, term, [by, group], n_papers, n_applicable,
          n_not_applicable, n_absent, n_yes, estimate, std_error, conf_low,
          conf_high, conf_level, interval, n_defined, defined_estimate, expected,
          note, label, expression, reading
        papers: term, paper, title, year, shows, answers (those that decide)
        together: a, b, coefficient, n, n11, n10, n01, n00, estimate,
          std_error, conf_low, conf_high, conf_level, p_value, p_adjusted, test,
          phi_over_max, note
        combinations: combination, size, n, count, estimate, conf_low, conf_high,
          conf_level, expected_count, ratio, statistic, p_value, p_adjusted,
          expected_pairs, pairs_p, pairs_p_adjusted, note
      """)

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup(title: "Sampling and replicates") var resampling: ResamplingOptions
  @OptionGroup(title: "Sampling and replicates") var split: SplitOptions
  @OptionGroup(title: "Sampling and replicates") var replicateFile: ReplicateOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(
    help: ArgumentHelp("Named patterns, a JSON file.", valueName: "file"), completion: .file())
  var patterns: String?

  @Option(help: "A pattern in words, 'NAME: CONDITION' or a condition alone; repeatable.")
  var pattern: [String] = []

  @Option(help: "The interval, as of 'rates'.")
  var interval = RateInterval.automatic

  @Option(
    help: ArgumentHelp(
      "Prevalence for every group of papers with the same value of COLUMN; repeatable.",
      valueName: "column"), completion: .names(.variables))
  var by: [String] = []

  @Option(
    help: """
      prevalence (default), papers (which show a pattern), together (pairs of patterns) or combinations \
      (of answers).
      """)
  var table = TableName.prevalence

  @Flag(help: "List papers that do not show a pattern as well.")
  var allPapers = false

  @Option(help: "Of combinations, the numbers of answers: 2, 3 or 2,3. (default: 2,3)")
  var sizes: String?

  @Option(help: "Of combinations, the fewest papers to which all items apply.")
  var fewest = 20

  @Option(help: "Of combinations, the rows of each number of answers.")
  var most = 50

  @Option(help: "Adjustment of p-values over pairs or combinations: none, holm, bh, by, …")
  var adjust = PValueAdjustment.holm

  var readPaths: [String] { corpus.readPaths + [patterns].compactMap { $0 } }

  func validate() throws {
    if interval == .bootstrap(.bca) { try resampling.checkBCa() }
    guard by.count <= 2 else { throw ValidationError("--by takes one or two columns.") }
    guard table == .prevalence || by.isEmpty else {
      throw ValidationError("--by is of --table prevalence.")
    }
    guard table == .combinations || sizes == nil else {
      throw ValidationError("--sizes is of --table combinations.")
    }
    guard table != .combinations || patterns == nil && pattern.isEmpty else {
      throw ValidationError(
        "--table combinations is of answers, not of patterns; leave out --pattern and --patterns.")
    }
    if let sizes, !["2", "3", "2,3", "3,2"].contains(sizes) {
      throw ValidationError("--sizes takes 2, 3 or 2,3, not '\(sizes)'.")
    }
    guard fewest >= 2, most >= 1 else {
      throw ValidationError("--fewest takes 2 or more papers, --most 1 or more rows.")
    }
    guard
      table != .combinations || resampling.cluster == nil && resampling.stratify == nil
    else {
      throw ValidationError(
        "--table combinations takes papers as drawn one by one; leave out --cluster and --stratify."
      )
    }
    guard table != .together || resampling.cluster == nil && resampling.stratify == nil else {
      throw ValidationError(
        "--table together takes papers as drawn one by one; leave out --cluster and --stratify.")
    }
    guard !allPapers || table == .papers else {
      throw ValidationError("--all-papers is of --table papers.")
    }
  }

  func answer(_ ask: Ask) async throws -> Answer {
    let matrix = ask.loaded.matrix
    if table == .combinations {
      let question = AnswerCombinations(
        sizes: (sizes ?? "2,3").split(separator: ",").compactMap { Int($0) }, fewest: fewest,
        most: most, adjustment: adjust, level: resampling.level)
      let found = try await ask(question)
      guard found.setCounts.values.contains(where: { $0 > 0 }) else {
        throw CommandFailure(
          .estimation,
          "no \(sizes ?? "2 or 3") items that vary apply to the same \(fewest) papers; --fewest takes fewer"
        )
      }
      return Answer(Table(combinations: found, level: resampling.level))
    }
    let asked = try namedPatterns(matrix, console: ask.console)
    switch table {
    case .prevalence:
      let question = Patterns(asked, by: by, interval: interval, level: resampling.level)
      let groups = try await ask(question)
      guard groups.contains(where: { $0.result.contains { $0.rate.estimate != nil } }) else {
        throw CommandFailure(.estimation, "no paper can show any of the patterns")
      }
      return Answer(
        Table(
          patterns: groups.map { ($0.group, $0.result) }, by: question.groupName,
          level: resampling.level))
    case .papers:
      return Answer(try Table(papersOf: asked, in: matrix.variables, showsAll: allPapers))
    case .together, .combinations:
      let patterns = try PatternEstimator(asked, of: matrix.variables)
        .matrix(of: Array(matrix.papers.indices))
      if !resampling.unweighted, matrix.papers.contains(where: { $0.weight != nil }) {
        ask.console.note("the 'weight' column plays no part in pairs of patterns")
      }
      return Answer(
        PairwiseAssociations(
          items: patterns, coefficient: .phi, minimumCount: 2, level: resampling.level
        ).table(adjustment: adjust))
    }
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
