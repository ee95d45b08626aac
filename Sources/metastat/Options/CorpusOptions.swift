import ArgumentParser
import SurveyImport
import SurveyStats

extension DuplicatePolicy: ExpressibleByArgument {}

extension VersionChoice: ExpressibleByArgument {
  /// `newest`, `all`, or version numbers.
  public init?(argument: String) {
    switch argument {
    case "newest": self = .newest
    case "all": self = .all
    default:
      let names = argument.split(separator: ",", omittingEmptySubsequences: false)
      let versions = Set(names.compactMap { Int($0) }.filter { $0 > 0 })
      guard versions.count == Set(names).count else { return nil }
      self = .versions(versions)
    }
  }
}

/// What to read, and which papers and items of it to analyse.
struct CorpusOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Folders of scans, scan files, .jsonl files, or one matrix CSV ('-' is standard input).",
      valueName: "input"), completion: .file())
  var inputs: [String]

  @Option(
    name: .customLong("instrument"),
    help:
      "The scans of a paper that has several: newest, all, or versions such as 2,3. (default: newest)"
  )
  var chosenInstrument: VersionChoice?

  /// Which scans to take of a paper that has several.
  var instrument: VersionChoice { chosenInstrument ?? .newest }

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      Keep the answers of these raters, or name the column of a foreign table that holds them; without \
      it all raters of a paper share its weight.
      """, valueName: "rater"), completion: .names(.raters))
  var rater: [String] = []

  @Option(
    help:
      "Of each paper, take the first of these raters that answered, whatever the version: A,B,C.")
  var raterOrder: String?

  @Option(
    name: .customLong("duplicates"),
    help: "The paper of duplicates to keep: newest, first, or keep for all. (default: newest)")
  var chosenDuplicates: DuplicatePolicy?

  /// What to do with papers under several slugs.
  var duplicates: DuplicatePolicy { chosenDuplicates ?? .newest }

  @Option(
    help: ArgumentHelp(
      "Labels, modules and order of items, a JSON file (default: the AI survey's checklist).",
      valueName: "file"), completion: .file())
  var instrumentFile: String?

  @Option(
    help: ArgumentHelp(
      "A column of the matrix CSV that is metadata, not an item; repeatable.", valueName: "column"),
    completion: .header)
  var metadata: [String] = []

  @Option(
    help: ArgumentHelp(
      "The weight of a paper, a number: a column or an expression of variables.",
      valueName: "variable"), completion: .names(.variables))
  var weight: String?

  @Option(
    help: ArgumentHelp(
      "More metadata by paper, arxiv_id, doi, pmid or title: a .csv or .jsonl file; repeatable.",
      valueName: "file"), completion: .file())
  var covariates: [String] = []

  @Option(
    help: ArgumentHelp("Keep items of this module, such as base; repeatable.", valueName: "module"),
    completion: .names(.modules))
  var module: [String] = []

  @Option(
    help: ArgumentHelp(
      "Keep items of this category, or of categories that fit a pattern; repeatable.",
      valueName: "category"), completion: .names(.categories))
  var category: [String] = []

  @Option(
    help: ArgumentHelp(
      "Keep this item, or items that fit a pattern such as 'artifacts.*'; repeatable.",
      valueName: "item"), completion: .names(.items))
  var item: [String] = []

  @Option(
    help: ArgumentHelp(
      "Leave out this item, or items that fit a pattern; repeatable.", valueName: "item"),
    completion: .names(.items))
  var excludeItem: [String] = []

  @Option(
    help: ArgumentHelp("Keep papers with this tag; repeatable.", valueName: "tag"),
    completion: .names(.tags))
  var tag: [String] = []

  @Option(
    help: ArgumentHelp("Keep papers of this type; repeatable.", valueName: "type"),
    completion: .names(.types))
  var type: [String] = []

  @Option(
    help: ArgumentHelp("Keep papers of this venue; repeatable.", valueName: "venue"),
    completion: .names(.venues))
  var venue: [String] = []

  @Option(help: "Keep papers of this year and later.")
  var since: Int?

  @Option(help: "Keep papers of this year and earlier.")
  var until: Int?

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Keep papers for which a condition holds: 'year >= 2025 and score(artifacts) > 50'.",
      valueName: "condition"), completion: .names(.variables))
  var condition: String?

  @Option(
    help: "Leave out the paper SLUG, or those listed in @FILE, a line each; repeatable.")
  var exclude: [String] = []

  @OptionGroup(title: "Tables that are no matrix CSV") var table: ForeignTableOptions

  /// The files and folders that are read.
  var readPaths: [String] {
    inputs.filter { $0 != "-" } + covariates
      + [instrumentFile, table.recipe, table.codebook]
      .compactMap { $0 }
      + exclude.filter { $0.hasPrefix("@") }.map { String($0.dropFirst()) }
  }

  func validate() throws {
    guard !inputs.isEmpty else {
      throw ValidationError(
        "name an INPUT: a folder of scans or a matrix CSV, for example 'metastat rates papers'.")
    }
    if let raterOrder, rowChoice.raterOrder.isEmpty {
      throw ValidationError("--rater-order takes names such as opus,haiku, not '\(raterOrder)'.")
    }
    let matrices = inputs.filter(Self.isMatrix)
    if !matrices.isEmpty, let other = inputs.first(where: { !Self.isMatrix($0) }) {
      throw ValidationError(
        "a matrix CSV (\(matrices[0])) and scans (\(other)) are not read together; make a matrix of "
          + "the scans first, with 'metastat matrix'.")
    }
  }

  /// Which rows of each paper to take.
  var rowChoice: RowChoice {
    RowChoice(
      versions: instrument, raters: rater, raterOrder: RowChoice.raters(in: raterOrder ?? ""))
  }

  /// Reads the input, joins covariates, resolves versions and duplicates, and selects.
  ///
  /// - Parameters:
  ///   - console: where problems are said.
  ///   - jobs: the number of tasks that read.
  ///   - isStrict: whether a problem is an error.
  ///   - keepsSources: whether to keep who gave each answer.
  ///   - keepsTexts: whether to keep the texts of claims and red flags.
  ///   - keepsCitations: whether to keep the works that papers cite.
  ///   - keepsEverything: whether to keep the scans with all their texts.
  ///   - share: the share of the scans to read; all of them without one.
  ///   - saysChoice: whether to say what the choice of versions and raters means.
  func load(
    console: Console, jobs: Int, isStrict: Bool, keepsSources: Bool = false,
    keepsTexts: Bool = false, keepsCitations: Bool = false, keepsEverything: Bool = false,
    share: ScanShare? = nil, saysChoice: Bool = true
  ) async throws -> LoadedCorpus {
    for path in inputs where InputKind(path) == .unknown { throw InputKind.refusal(of: path) }
    let clock = ContinuousClock()
    let start = clock.now
    var loaded =
      if let path = inputs.first, Self.isMatrix(path) {
        try await readMatrices(console: console, jobs: jobs)
      } else {
        try await readScans(
          console: console, jobs: jobs, keepsSources: keepsSources, keepsTexts: keepsTexts,
          keepsCitations: keepsCitations, keepsEverything: keepsEverything, share: share)
      }
    loaded.papersBeforeSelection = loaded.matrix.papers.count
    let ownNames = loaded.matrix.papers.covariateNames
    try joinCovariates(to: &loaded, console: console)
    loaded.covariateNames = loaded.matrix.papers.covariateNames
      .subtracting(ownNames.subtracting(metadata)).sorted()
    if table.decimal == .comma { loaded.matrix = loaded.matrix.readingDecimalCommas() }
    if let weight { try setWeights(weight, of: &loaded) }
    for remark in [loaded.weightRemark, loaded.matrix.creditRemark].compactMap({ $0 }) {
      console.note("\(remark)")
    }
    loaded.sortPapers()
    console.say(loaded.problems)
    if isStrict { try checkStrictly(loaded) }
    try select(from: &loaded, console: console)
    if saysChoice { for remark in loaded.choiceRemarks { console.note("\(remark)") } }
    console.detail(
      "read \(loaded.filesRead) of \(loaded.filesFound) scans in \(clock.now - start)")
    return loaded
  }

  /// Fails if the input has a problem; duplicates are none once it was said what to do with them.
  func checkStrictly(_ loaded: LoadedCorpus) throws(CommandFailure) {
    let problems = loaded.problems.filter {
      $0.kind != .noScan && (chosenDuplicates == nil || $0.kind != .duplicatePaper)
    }
    guard let first = problems.first else { return }
    throw CommandFailure(
      .invalidInput,
      "--strict: \(problems.count) problem\(problems.count == 1 ? "" : "s"), the first: \(first)")
  }

  private static func isMatrix(_ path: String) -> Bool { InputKind(path) == .matrix }

  /// Reads one matrix, or joins several.
  private func readMatrices(console: Console, jobs: Int) async throws -> LoadedCorpus {
    var parts: [(name: String, matrix: BinaryMatrix)] = []
    var files: [InputRecord] = []
    let reader = TableInput(
      choices: try table.choices(metadata: metadata), metadata: metadata, raters: rater,
      recipe: try RecipeFile.read(table.recipe))
    var recipe: Recipe?
    var comparison: CodebookComparison?
    var problems: [ScanProblem] = []
    var names: [String] = []
    var choice = rowChoice
    for path in inputs {
      let name = path == "-" ? "standard input" : path
      let (result, digest) = try await reader.read(path, name: name, jobs: jobs)
      parts.append((name, result.matrix))
      problems += result.problems
      recipe = result.recipe ?? recipe
      comparison = result.comparison ?? comparison
      choice.raters.removeAll { $0 == result.raterColumn }
      names += result.metadata.filter { !names.contains($0) }
      for remark in result.remarks { console.note("\(remark)") }
      files.append(
        digest.map { .hashed(name: name, sha256: $0) } ?? .file(path))
    }
    var citation: String?
    if let path = table.recipe {
      files.append(.file(path))
      citation = recipe?.citation(sha256: SHA256.hexDigest(of: try InputBytes.read(path)))
    } else if let recipe {
      let digest = SHA256.hexDigest(of: recipe.json)
      files.append(.hashed(name: "proposed recipe", sha256: digest))
      citation = recipe.citation(sha256: digest)
    }
    if let path = table.codebook { files.append(.file(path)) }
    let name = parts.map(\.name).joined(separator: ", ")
    let read: BinaryMatrix
    do throws(MatrixJoinError) {
      read = parts.count == 1 ? parts[0].matrix : try BinaryMatrix.joining(parts)
    } catch {
      throw CommandFailure(.invalidInput, "\(error)")
    }
    let instrument = try loadInstrument()
    let matrix = read.arranged(by: instrument)
    var loaded = LoadedCorpus(
      matrix: matrix, inputPositions: Array(matrix.papers.indices), problems: problems,
      files: files,
      filesFound: matrix.papers.count, filesRead: matrix.papers.count, isMatrix: true)
    loaded.scoreNames = ScoreNames(data: matrix.items.map(\.id), instrument: instrument)
    loaded.recipe = recipe
    loaded.citation = citation
    loaded.comparison = comparison
    loaded.metadata = names
    loaded.sortPapers()
    let papers = loaded.matrix.papers
    loaded.resolve(choice, duplicates: duplicates, file: name)
    try check(loaded.chosen, choice, of: papers.lazy.map(\.row))
    return loaded
  }

  /// Fails when a rater that was named has answered nothing, or no row is of the versions asked for.
  private func check(
    _ chosen: RowChoice.Rows?, _ choice: RowChoice, of ids: some Sequence<RowID>
  ) throws(CommandFailure) {
    let names = choice.raters + choice.raterOrder
    let raters = names.isEmpty ? [] : Set(ids.compactMap(\.rater))
    let folded = Set(raters.map { $0.lowercased() })
    for (option, names) in [("--rater", choice.raters), ("--rater-order", choice.raterOrder)] {
      for name in names where !folded.contains(name.lowercased()) {
        let nearest = NearestNames(raters).nearest(to: name)
        throw CommandFailure(
          .usage,
          "\(option): nothing was answered by '\(name)'"
            + (raters.isEmpty
              ? "; no rater is stated"
              : nearest.isEmpty
                ? "; there \(raters.count == 1 ? "is" : "are") "
                  + raters.sorted().joined(separator: ", ")
                : NearestNames.suggestion(of: nearest)))
      }
    }
    guard let chosen, chosen.kept.isEmpty, case .versions(let wanted) = instrument else { return }
    let known = Set(ids.map { $0.version ?? 0 }).filter { $0 > 0 }.sorted().map(String.init)
    throw CommandFailure(
      .noInput,
      "--instrument: no scan is of version \(wanted.sorted().map(String.init).joined(separator: " or ")); "
        + (known.isEmpty
          ? "no version is stated"
          : "there \(known.count == 1 ? "is version" : "are versions") "
            + known.joined(separator: ", ")))
  }

  private func readScans(
    console: Console, jobs: Int, keepsSources: Bool, keepsTexts: Bool, keepsCitations: Bool,
    keepsEverything: Bool, share: ScanShare?
  ) async throws -> LoadedCorpus {
    let corpus: Corpus
    do {
      var reader = ScanReader(jobs: jobs)
      reader.share = share
      if keepsTexts { reader.details = [.claims, .redFlags] }
      if keepsCitations { reader.details.insert(.citedPapers) }
      if keepsEverything { reader.details = .all }
      corpus = try await reader.read(inputs)
    } catch let error as ScanReadError {
      let missing = inputs.first { !PathNames.exists($0) }
      throw CommandFailure(
        .noInput, "\(error)" + (missing.map { PathNames.suggestion(for: $0) } ?? ""))
    }
    try RunFiles.reading(corpus.files)
    var versions = corpus.droppingRepeats()
    let ids = versions.scans.map(\.row)
    let rows = rowChoice(ids)
    versions.scans = rows.kept.map { versions.scans[$0] }
    let chosen = versions.resolvingDuplicates(duplicates)
    if corpus.filesRead == 0 {
      console.say(corpus.problems)
      let message =
        corpus.filesFound == 0
        ? "no scans in\(share == nil ? "" : " this share of") \(inputs.joined(separator: ", ")); a scan is <slug>/scan.json"
        : corpus.filesFound == 1
          ? "the scan could not be read" : "none of \(corpus.filesFound) scans could be read"
      throw CommandFailure(corpus.filesFound == 0 ? .noInput : .invalidInput, message)
    }
    try check(rows, rowChoice, of: ids)
    let instrument = try loadInstrument()
    let matrix = BinaryMatrix(chosen, instrument: instrument)
    return LoadedCorpus(
      matrix: matrix, inputPositions: Array(matrix.papers.indices), problems: chosen.problems,
      files: corpus.files.map(InputRecord.file), filesFound: corpus.filesFound,
      filesRead: corpus.filesRead, chosen: rows,
      duplicatesLeftOut: versions.scans.count - chosen.scans.count,
      scoreNames: ScoreNames(data: corpus.items, instrument: instrument),
      texts: keepsTexts || keepsCitations ? chosen.scans.map(ScanTexts.init) : nil,
      sources: keepsSources ? CellSources(chosen) : nil,
      scans: keepsEverything ? chosen : nil)
  }

  private func loadInstrument() throws(CommandFailure) -> Instrument {
    let bytes = try instrumentFile.map { path throws(CommandFailure) in
      try InputBytes.read(path)
    }
    do throws(InstrumentError) {
      return try Instrument(json: bytes ?? PackageResources.instrument_json)
    } catch {
      throw CommandFailure(.invalidInput, "\(instrumentFile ?? "instrument.json"): \(error)")
    }
  }

  private func joinCovariates(to loaded: inout LoadedCorpus, console: Console) throws {
    for path in covariates {
      let bytes = try InputBytes.read(path)
      do throws(CovariateError) {
        let table =
          path.lowercased().hasSuffix(".jsonl")
          ? try Covariates(jsonLines: bytes) : try Covariates(csv: bytes)
        let joined = try table.joined(to: loaded.matrix.papers)
        loaded.matrix = loaded.matrix.replacing(papers: joined.papers)
        for note in joined.notes { console.note("\(path): \(note)") }
      } catch {
        throw CommandFailure(.invalidInput, "\(path): \(error)")
      }
      loaded.files.append(.file(path))
    }
  }

  /// Gives every paper the weight that a variable or expression says.
  private func setWeights(_ text: String, of loaded: inout LoadedCorpus) throws(CommandFailure) {
    do throws(VariableError) {
      loaded.matrix = try loaded.matrix.weighted(by: text)
    } catch { throw CommandFailure(error, option: "--weight", in: self) }
  }

  /// What selects papers and items, a phrase each.
  var selectionPhrases: [String] { selectionPhrases(namesRaters: true) }

  /// What selects papers and items, a phrase each, with the names of raters or without.
  func selectionPhrases(namesRaters: Bool) -> [String] {
    var chosen = self
    if !namesRaters {
      if !rater.isEmpty { chosen.rater = ["(not named here)"] }
      if raterOrder != nil { chosen.raterOrder = "(not named here)" }
      if condition?.contains("rater") == true { chosen.condition = "(a condition on raters)" }
    }
    return chosen.namedSelection
  }

  private var namedSelection: [String] {
    let lists = [
      ("rater", rater), ("raters in the order", raterOrder.map { [$0] } ?? []), ("module", module),
      ("category", category), ("item", item), ("without item", excludeItem),
      ("tag", tag), ("type", type), ("venue", venue), ("without paper", exclude),
      ("where", condition.map { [$0] } ?? []),
    ]
    return lists.compactMap { name, values in
      values.isEmpty ? nil : "\(name) \(values.joined(separator: ", "))"
    } + [since.map { "since \($0)" }, until.map { "until \($0)" }].compactMap { $0 }
  }

  /// Whether the condition of `--where` holds, for every paper; items that are not selected may be
  /// named as well.
  private func truths(of matrix: BinaryMatrix) throws(CommandFailure) -> Truths? {
    guard let condition else { return nil }
    do throws(VariableError) {
      return try matrix.variables.truths(try Expression(condition))
    } catch { throw CommandFailure(error, option: "--where", in: self) }
  }

  private func select(from loaded: inout LoadedCorpus, console: Console) throws {
    var selection = Selection()
    selection.modules = module
    selection.categories = category.map(GlobPattern.init)
    selection.items = item.map(GlobPattern.init)
    selection.excludedItems = excludeItem.map(GlobPattern.init)
    selection.tags = tag
    selection.types = type
    selection.venues = venue
    selection.since = since
    selection.until = until
    if !exclude.isEmpty {
      let known = Set(loaded.matrix.papers.map(\.slug))
      let list = try ExclusionList(exclude, known: known)
      selection.excludedPapers = list.slugs
      if let remark = list.remark(known: known) { console.note("\(remark)") }
    }
    do {
      var rows = try selection.papers(of: loaded.matrix)
      if let truths = try truths(of: loaded.matrix) { rows = rows.filter { truths[$0] == true } }
      let columns = try selection.items(of: loaded.matrix)
      loaded.keep(papers: rows)
      if columns.count < loaded.matrix.items.count {
        loaded.matrix = loaded.matrix.selecting(items: columns)
      }
    } catch let error as Selection.SelectionError {
      throw CommandFailure(.usage, error.description)
    }
    guard !loaded.matrix.papers.isEmpty, !loaded.matrix.items.isEmpty else {
      throw CommandFailure(
        .noInput,
        loaded.matrix.items.isEmpty
          ? "no items are left after selection"
          : "no papers are left after selection, of \(loaded.papersBeforeSelection)")
    }
  }
}
