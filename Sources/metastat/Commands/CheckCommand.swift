import ArgumentParser
import Glibc
import SurveyImport
import SurveyStats

/// `metastat check` says whether a corpus is sound.
struct CheckCommand: AsyncParsableCommand, CommandWithFiles {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case summary, problems, items, support, recipe, codebook
    case faults
    case itemRest = "item-rest"
    case drift, dif, redundant
    case shortForm = "short-form"
    case fewItems = "few-items"
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

      ITEMS
      --items without names is --table faults: everything about items that makes scores doubtful, each \
      with its n and limits: never or always applicable, constant or rare items, items that go against \
      the rest, apply more often in some versions, raters, types or years than in others, or work \
      differently there among papers that score alike, pairs that never differ, papers scored on few \
      items. The tables item-rest, drift, dif, redundant and few-items have all rows behind it; \
      short-form says which few items predict the whole score, cross-validated. Weights and clusters \
      play no part.

      EXAMPLES
        metastat check papers
        metastat check papers --table problems -o problems.csv --quiet
        metastat check papers --table items --format text
        metastat check papers --strict && echo sound
        metastat check form.csv --table recipe > recipe.json
        metastat check matrix.csv --table support --format text
        metastat check export.csv --codebook dictionary.csv --table codebook
        metastat check papers --table faults
        metastat check papers --table dif --by type --by 'year >= 2025'
        metastat check papers --table short-form --size 20

      OUTPUT (CSV)
        summary: part, term, count
        problems: file, place, kind, severity, message, remedy
        items: category, term, item, label, module, n_yes, n_no, n_not_applicable,
          n_absent, note
        support: analysis, supported (yes, limited or no), reason, remedy
        recipe: JSON, as docs/recipe.schema.json describes it
        codebook: item, column, finding (same, not-in-table, not-in-codebook, no-item,
          other-label, other-category, undeclared-code, unused-code), detail
        faults: fault, item, with, quantity, n, estimate, conf_low, conf_high,
          conf_level, p_adjusted, note
        item-rest: item, n, estimate, std_error, conf_low, conf_high, conf_level,
          p_value, p_adjusted, note
        drift: item, by, highest, lowest, n_a, n_b, rate_a, rate_b, n, estimate,
          std_error, conf_low, conf_high, conf_level, p_value, p_adjusted, note
        dif: item, by, group, reference, n_group, n_reference, estimate (log odds
          ratio), std_error, conf_low, conf_high, conf_level, odds_ratio, delta,
          ets_class, p_value, p_adjusted, uniform_p, nonuniform_p,
          r_squared_change, logistic_class, n_left_out, note
        redundant: a, b, n, n11, n00, estimate, std_error, conf_low, conf_high,
          conf_level, note
        short-form: n_items, item, n, r_squared, estimate (cross-validated R²),
          std_error, conf_low, conf_high, conf_level, mean_error, n_folds, note
        few-items: paper, title, n_applicable, n_yes, score
      """)

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(
    help: """
      summary (default), problems, items, support, recipe, codebook, faults, item-rest, drift, dif, redundant, \
      short-form or few-items.
      """)
  var table = TableName.summary

  @Option(
    help: ArgumentHelp(
      """
      The variable of the groups of faults, drift and dif; repeatable. (default: version, rater, type, \
      year, as far as papers differ)
      """, valueName: "column"), completion: .names(.variables))
  var by: [String] = []

  @Option(help: "The confidence level of the tables about items.")
  var level = 0.95

  @Option(help: "Adjustment of p-values over rows: none, holm, bh, by, …")
  var adjust = PValueAdjustment.holm

  @Flag(help: "In dif, match papers on all items, also those that work differently.")
  var withoutPurification = false

  @Option(help: "In few-items and faults, scores on fewer than N applicable items rest on few.")
  var fewest = 10

  @Option(help: "The most items of a short form.")
  var size = 20

  @Option(help: "The seed by which a short form is cross-validated.")
  var seed: UInt64 = 1

  @OptionGroup var tasks: JobsOption

  func validate() throws {
    guard ConfidenceLevel.isTaken(level) else {
      throw ValidationError("--level takes a number between 0 and 1, such as 0.95, not \(level).")
    }
    guard by.isEmpty || [.faults, .drift, .dif].contains(table) else {
      throw ValidationError("--by is of --table faults, drift and dif.")
    }
    guard !withoutPurification || table == .dif else {
      throw ValidationError("--without-purification is of --table dif.")
    }
    guard size >= 1, fewest >= 1 else {
      throw ValidationError("--size and --fewest take a number of 1 or more.")
    }
  }

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
    noteRatersSideBySide(in: loaded)
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
    case .faults, .itemRest, .drift, .dif, .redundant, .shortForm, .fewItems:
      try output.write(try await itemTable(loaded.matrix))
    }
    try output.writeManifest(of: loaded, seed: table == .shortForm ? seed : nil, replicates: nil)
    if output.strict { try corpus.checkStrictly(loaded) }
  }

  /// Says that the items of a matrix CSV look like those of raters side by side.
  private func noteRatersSideBySide(in loaded: LoadedCorpus) {
    guard loaded.isMatrix, loaded.recipe == nil,
      let marks = RaterMarks(foundIn: loaded.matrix.items.map(\.id.name))?.marks
    else { return }
    let list = marks.joined(separator: ",")
    output.console.note(
      "the names of the items look like those of \(marks.count) raters side by side "
        + "(\(marks.joined(separator: ", "))); 'metastat import FILE --rater-columns \(list)' makes a row "
        + "for each")
  }

  /// The arguments with `--items`, where no columns of a foreign table follow it, as `--table faults`.
  static func expanding(_ arguments: [String]) -> [String] {
    guard arguments.first == "check", let place = arguments.firstIndex(of: "--items") else {
      return arguments
    }
    let next = arguments.dropFirst(place + 1).first
    guard next.map({ $0.hasPrefix("-") || access($0, F_OK) == 0 }) ?? true else {
      return arguments
    }
    return arguments[..<place] + ["--table", "faults"] + arguments[(place + 1)...]
  }

  /// A table about the items.
  private func itemTable(_ matrix: BinaryMatrix) async throws -> Table {
    let study = Study(matrix)
    let run = Run(seed: seed, jobs: tasks.jobs)
    let groups = by.isEmpty ? ItemFaults.usualVariables(of: matrix) : by
    do {
      for name in by { _ = try matrix.variables.groups(name) }
      if table == .drift || table == .dif, groups.isEmpty {
        throw CommandFailure(
          .usage,
          "the papers are all of one version, rater, type and year; name a variable with --by")
      }
      switch table {
      case .itemRest:
        return Table(
          itemRest: try await run(ItemRest(level: level), of: study), level: level,
          adjustment: adjust)
      case .drift:
        return Table(
          drift: try await run(ApplicabilityDrift(groups, level: level), of: study), level: level,
          adjustment: adjust)
      case .dif:
        let question = DifferentialFunctioning(
          groups, isPurified: !withoutPurification, level: level)
        return Table(
          functioning: try await run(question, of: study), level: level, adjustment: adjust)
      case .redundant:
        return Table(
          redundant: try await run(RedundantItems(level: level), of: study), level: level)
      case .shortForm:
        return Table(
          shortForm: try await run(ShortForm(size: size, level: level), of: study), level: level)
      case .fewItems:
        return Table(fewItems: matrix.papersScoredOnFewItems(below: fewest), of: matrix)
      default:
        let question = ItemFaults(by: by.isEmpty ? nil : by, fewestItems: fewest, level: level)
        return Table(faults: try await run(question, of: study), level: level)
      }
    } catch let error as VariableError {
      throw CommandFailure(error, option: "--by", in: corpus)
    } catch let error as ShortForm.Failure {
      throw CommandFailure(.estimation, "\(error)")
    }
  }

  /// What can be said of a table that is not read yet: its problems, and the recipe to edit.
  private func write(_ refusal: TableRefusal) throws {
    switch table {
    case .recipe:
      if let recipe = refusal.recipe { try StandardOutput.write(recipe.json) }
    case .codebook where refusal.comparison != nil:
      if let comparison = refusal.comparison { try output.write(Table(codebook: comparison)) }
    default:
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
