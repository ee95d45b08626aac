import ArgumentParser
import SurveyImport
import SurveyStats

/// `metastat check` says whether a corpus is sound.
struct CheckCommand: AsyncParsableCommand, CommandWithFiles {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case summary, problems, items, support, recipe, codebook
  }

  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Is this corpus sound? Every problem with file, place and remedy; counts by kind.",
    discussion: """
      Problems are said on standard error, one a line, and never stop the run: what cannot be read \
      is left out and counted. The summary counts files, papers, cells and problems; the items \
      table says which items are constant, never applicable or always applicable; the support table \
      says which analyses the data allow, which not, and why. For a table that is no matrix CSV, the \
      recipe by which it is read is said too: with the reason for each role, and marks where a person \
      must decide.

      EXAMPLES
        metastat check papers
        metastat check papers --table problems -o problems.csv --quiet
        metastat check papers --table items --format text
        metastat check papers --strict && echo sound
        metastat check form.csv --table recipe > recipe.json
        metastat check matrix.csv --table support --format text
        metastat check export.csv --codebook dictionary.csv --table codebook

      OUTPUT (CSV)
        summary: part, term, count
        problems: file, place, kind, severity, message, remedy
        items: category, term, item, label, module, n_yes, n_no, n_not_applicable,
          n_absent, note
        support: analysis, supported (yes, limited or no), reason, remedy
        recipe: JSON, as docs/recipe.schema.json describes it
        codebook: item, column, finding (same, not-in-table, not-in-codebook, no-item,
          other-label, other-category, undeclared-code, unused-code), detail
      """)

  @OptionGroup var corpus: CorpusOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "summary (default), problems, items, support, recipe or codebook.")
  var table = TableName.summary

  @OptionGroup var tasks: JobsOption

  var readPaths: [String] { corpus.readPaths }
  var writtenPaths: [String] { output.writtenPaths }

  func run() async throws {
    try output.checkFiles()
    if table == .codebook, corpus.table.codebook == nil {
      throw CommandFailure(.usage, "--table codebook needs the codebook: --codebook FILE")
    }
    let loaded: LoadedCorpus
    do {
      loaded = try await corpus.load(console: output.console, jobs: tasks.jobs, isStrict: false)
    } catch let failure as CommandFailure where !failure.problems.isEmpty {
      if table == .problems { try output.write(Table(problems: failure.problems)) }
      throw failure
    } catch let refusal as TableRefusal {
      try write(refusal)
      throw refusal
    }
    switch table {
    case .support: try output.write(Table(supportOf: loaded.matrix))
    case .recipe:
      guard let recipe = loaded.recipe else {
        throw CommandFailure(.usage, "--table recipe: the input is read without a recipe")
      }
      try StandardOutput.write(recipe.json)
    case .codebook:
      guard let comparison = loaded.comparison else {
        throw CommandFailure(
          .usage, "--table codebook: scans have no codebook; name one table")
      }
      try output.write(Table(codebook: comparison))
    case .summary:
      let found = (found: loaded.filesFound, read: loaded.filesRead)
      try output.write(
        Table(
          summaryOf: loaded.matrix, files: found, problems: loaded.problems,
          chosen: loaded.chosen))
    case .problems: try output.write(Table(problems: loaded.problems))
    case .items: try output.write(Table(itemsOf: loaded.matrix))
    }
    try output.writeManifest(of: loaded, seed: nil, replicates: nil)
    if output.strict { try corpus.checkStrictly(loaded) }
  }
  /// What can be said of a table that is not read yet: its problems, and the recipe to edit.
  private func write(_ refusal: TableRefusal) throws {
    switch table {
    case .recipe:
      if let recipe = refusal.recipe { try StandardOutput.write(recipe.json) }
    case .codebook where refusal.comparison != nil:
      if let comparison = refusal.comparison { try output.write(Table(codebook: comparison)) }
    case .summary, .problems, .items, .support, .codebook:
      try output.write(Table(problems: refusal.problems))
      if let recipe = refusal.recipe, !output.quiet {
        output.console.plain(
          VisibleText(
            lines: "A recipe to edit, also by --table recipe:\n"
              + String(decoding: recipe.json, as: UTF8.self)))
      }
    }
  }
}
