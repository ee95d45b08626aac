import ArgumentParser
import SurveyStats

/// `metastat check` says whether a corpus is sound.
struct CheckCommand: AsyncParsableCommand, CommandWithFiles {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case summary, problems, items
  }

  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Is this corpus sound? Every problem with file, place and remedy; counts by kind.",
    discussion: """
      Problems are said on standard error, one a line, and never stop the run: what cannot be read \
      is left out and counted. The summary counts files, papers, cells and problems; the items \
      table says which items are constant, never applicable or always applicable.

      EXAMPLES
        metastat check papers
        metastat check papers --table problems -o problems.csv --quiet
        metastat check papers --table items --format text
        metastat check papers --strict && echo sound

      OUTPUT (CSV)
        summary: part, term, count
        problems: file, place, kind, severity, message, remedy
        items: category, item, label, module, n_yes, n_no, n_not_applicable,
          n_absent, note
      """)

  @OptionGroup var corpus: CorpusOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "summary (default), problems or items.")
  var table = TableName.summary

  @OptionGroup var tasks: JobsOption

  var readPaths: [String] { corpus.readPaths }
  var writtenPaths: [String] { output.writtenPaths }

  func run() async throws {
    try output.checkFiles()
    let loaded = try await corpus.load(console: output.console, jobs: tasks.jobs, isStrict: false)
    switch table {
    case .summary:
      let found = (found: loaded.filesFound, read: loaded.filesRead)
      try output.write(Table(summaryOf: loaded.matrix, files: found, problems: loaded.problems))
    case .problems: try output.write(Table(problems: loaded.problems))
    case .items: try output.write(Table(itemsOf: loaded.matrix))
    }
    try output.writeManifest(of: loaded, seed: nil, replicates: nil)
    if output.strict { try corpus.checkStrictly(loaded) }
  }
}
