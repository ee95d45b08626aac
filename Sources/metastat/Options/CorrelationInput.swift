import ArgumentParser
import SurveyImport
import SurveyStats

/// Correlations in place of answers.
struct CorrelationInput: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      INPUT holds correlations of so many papers instead of answers: a square table with names in its \
      first row and column, or pairs with the columns a, b and estimate.
      """, valueName: "papers"))
  var correlationsOf: Int?

  /// Whether the input holds correlations.
  var isGiven: Bool { correlationsOf != nil }

  /// The options that are of answers or papers.
  private static let optionsOfPapers: Set<String> = [
    "of", "coefficient", "min-n", "zero-cells", "missing", "shrink", "covariance", "method",
    "interval", "bootstrap-replicates", "replicates", "scheme", "replicate-range", "part",
    "replicates-out", "stratify", "cluster", "unweighted", "instrument", "rater", "rater-order",
    "duplicates", "instrument-file", "metadata", "weight", "covariates", "module", "category",
    "item", "exclude-item", "tag", "type", "venue", "since", "until", "where", "exclude", "paper",
    "items", "ignore", "yes", "no", "na", "absent", "credit", "transpose", "codebook", "recipe",
    "rater-columns", "scores",
  ]

  /// Refuses what needs papers: options, and the table if it does.
  func check(table: String, needsPapers: Bool) throws {
    guard isGiven else { return }
    if needsPapers {
      throw ValidationError("--table \(table) needs papers; --correlations-of has none.")
    }
    for argument in CommandLine.arguments where argument.hasPrefix("--") {
      let name = String(argument.dropFirst(2).prefix { $0 != "=" })
      guard !Self.optionsOfPapers.contains(name) else {
        throw ValidationError(
          "--\(name) is of answers or papers; leave it out of --correlations-of.")
      }
    }
  }

  /// The input without papers.
  func load(_ corpus: CorpusOptions) throws(CommandFailure) -> LoadedCorpus {
    let path = try path(of: corpus)
    return LoadedCorpus(
      matrix: BinaryMatrix(papers: [], items: []) { _, _ in .absent }, inputPositions: [],
      files: InputKind.isReadOnce(path) ? [] : [.file(path)], filesFound: 1, filesRead: 1)
  }

  /// Reads the correlations; `nil` where the input holds answers.
  func variables(_ corpus: CorpusOptions) throws -> CorrelatedVariables? {
    guard let correlationsOf else { return nil }
    let path = try path(of: corpus)
    let grid = try TableGrid.reading(
      path, choices: try corpus.table.choices(metadata: []), orSay: "there are no correlations")
    do throws(GivenCorrelations.Faults) {
      return CorrelatedVariables(
        .given(
          try GivenCorrelations(
            header: grid.row(0), rows: (1..<grid.rowCount).map { grid.row($0) },
            paperCount: correlationsOf)))
    } catch {
      throw CommandFailure(
        .invalidInput,
        error.faults.count == 1
          ? "\(path): \(error)"
          : "\(path): \(error.faults.count) things stand in the way:\n"
            + error.faults.map { "  " + $0 }.joined(separator: "\n"))
    }
  }

  private func path(of corpus: CorpusOptions) throws(CommandFailure) -> String {
    guard corpus.inputs.count == 1, let path = corpus.inputs.first else {
      throw CommandFailure(.usage, "--correlations-of takes one table")
    }
    guard InputKind(path) != .scans else {
      throw CommandFailure(.usage, "\(path) is a folder; --correlations-of takes a table")
    }
    return path
  }
}
