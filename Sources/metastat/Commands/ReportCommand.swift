import ArgumentParser
import SurveyExplorer
import SurveyReport
import SurveyStats

extension ReportFolder.Pictures: ExpressibleByArgument {}
extension HTMLPage.Appearance: ExpressibleByArgument {}

/// `metastat report`: everything as a folder for a blog post.
struct ReportCommand: AsyncParsableCommand, CommandWithFiles {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "All of it as a folder for a blog post: sentences, tables, pictures.",
    discussion: """
      Writes report.html (one file that needs no network), report.md (for a blog or Quarto), \
      tables/*.csv, figures/*.svg, .png and .vl.json (Vega-Lite), figures/card.png for social \
      media, headline.json and manifest.json. The same inputs, seed and version give the same \
      bytes; only the manifest has a date (that of SOURCE_DATE_EPOCH when it is set).

      Pictures are drawn by Python 3 with the package vl-convert-python; METASTAT_PYTHON names \
      another Python than python3. Without it the report is whole but for the pictures.

      SECTIONS
        post, headline, changes, corpus, scores, items, categories, pairs,
        patterns, groups, variation, trends, attention, claims, citations, map,
        correlations, components, factors, logit, raters, corrected, instrument,
        growth, problems, methods, reproduction
      The post is the first two screens; the sections after it are folded unless \
      --full opens them. A section that the data do not allow is left out, with its reason.

      EXAMPLES
        metastat report papers -o report
        metastat report papers -o november --compare october
        metastat report papers -o shared --explorer
        metastat report papers --snippet headline
        metastat report --manifest report/manifest.json -o again

      OUTPUT
        a folder; with --snippet, Markdown on standard output, and with -o also a folder
        with the Markdown and what it shows: picture, specification, table
      """)

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup(title: "Sampling and replicates") var resampling: ResamplingOptions

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp(
      "The folder to write; it must not exist unless --replace is given.", valueName: "folder"),
    completion: .directory)
  var output: String?

  @Flag(help: "Replace the files of an earlier report; what else is in its folder stays.")
  var replace = false

  @Option(help: "The title of the report.")
  var title: String?

  @Flag(help: "Open the sections after the post, which are folded otherwise.")
  var full = false

  @Option(help: "The author, for the front matter and the page.")
  var author: String?

  @Option(help: "The date of publication, such as 2026-11-30, for the front matter and the page.")
  var date: String?

  @Option(
    help: ArgumentHelp("Group papers by this column too; repeatable.", valueName: "column"),
    completion: .names(.variables))
  var by: [String] = []

  @Flag(help: "Write explorer.html too, every paper and answer on a page; see 'metastat explore'.")
  var explorer = false

  @Option(
    help: ArgumentHelp("Make only this section; repeatable.", valueName: "section"),
    completion: .sections)
  var only: [String] = []

  @Option(
    help: ArgumentHelp("Leave out this section; repeatable.", valueName: "section"),
    completion: .sections)
  var skip: [String] = []

  @Option(
    help: ArgumentHelp(
      "Sections with their order, headings and words of your own, a JSON file.", valueName: "file"),
    completion: .file())
  var sections: String?

  @OptionGroup(title: "Correction for a rater's errors") var correction: CorrectionOptions

  @Option(
    help: ArgumentHelp("Pairs of a visible and an invisible item, a JSON file.", valueName: "file"),
    completion: .file())
  var pairs: String?

  @Option(help: "Of the pairs: own (each item's papers, default) or joint (papers of both).")
  var basis = Pairs.Basis.own

  @Option(
    help: ArgumentHelp(
      "Named patterns of answers, a JSON file of expressions over items.", valueName: "file"),
    completion: .file())
  var patterns: String?

  @Option(
    help: ArgumentHelp(
      "The folder of an earlier report: say what changed since.", valueName: "folder"),
    completion: .directory)
  var compare: String?

  @Option(help: "Lower bounds of the tiers, descending.")
  var tiers = "70,60,50,40,30"

  @Option(help: "auto, require (fail without pictures) or none.")
  var figures = ReportFolder.Pictures.auto

  @Option(help: "The looks of the page: auto (as the reader's screen), light or dark.")
  var theme = HTMLPage.Appearance.auto

  @Option(
    help: ArgumentHelp(
      """
      Print one section's sentences, or one figure (figure:NAME), as Markdown; -o DIR then writes it \
      with its picture instead of the report.
      """, valueName: "section"), completion: .sections)
  var snippet: String?

  @Option(
    help: ArgumentHelp(
      "Make the report of this manifest again, and say whether its inputs changed.",
      valueName: "file"), completion: .file())
  var manifest: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Guard text that a spreadsheet would run as a formula, in CSV.")
  var guardFormulas = true

  @OptionGroup var messages: MessageOptions

  var readPaths: [String] {
    corpus.readPaths + correction.readPaths
      + [sections, pairs, patterns, manifest].compactMap { $0 }
      + (compare.map { ["\($0)/tables/matrix.csv", "\($0)/tables/rates.csv"] } ?? [])
  }
  /// The files of a folder; which of an earlier one are replaced is known to its marker.
  var writtenPaths: [String] { [] }

  func validate() throws {
    if correction.known != nil || correction.betterError != nil {
      throw ValidationError(
        "--sensitivity, --specificity and --better-error are for 'metastat rates'; leave them out.")
    }
    if output == nil, snippet == nil {
      throw ValidationError(
        "name a folder with -o, for example 'metastat report papers -o report'.")
    }
  }

  func run() async throws {
    let console = messages.console
    var choices: SectionChoices = try sections.map { try JSONFile.decode($0) } ?? .all
    try choices.select(only: only, skip: skip)
    let folder = try output.map { try OutputFolder($0, replaces: replace) }
    defer { folder?.discard() }
    let clock = ContinuousClock()
    let start = clock.now
    let loaded = try await corpus.load(
      console: problemConsole(console), jobs: resampling.jobs, isStrict: messages.strict,
      keepsCitations: true)
    if !loaded.problems.isEmpty, !messages.verbose {
      console.note(
        "\(loaded.problems.count) problems in the input; the report lists them, and --verbose "
          + "says them here")
    }
    let read = clock.now
    for column in by {
      do throws(VariableError) {
        _ = try loaded.matrix.groups(of: column)
      } catch {
        throw CommandFailure(.usage, "--by: \(error)")
      }
    }
    var input = try reportInput(loaded, title: title ?? choices.title)
    input.settings.groupColumns = by
    if !correction.correct.isEmpty {
      let both = try await corpus.loadCorrected(
        by: correction, console: problemConsole(console), jobs: resampling.jobs,
        isStrict: messages.strict)
      input.correction = both.betterRater.map {
        ReportCorrection(
          matrix: both.matrix, better: $0, method: correction.method,
          probability: correction.probability)
      }
    }
    let bar = ProgressBar("report", total: resampling.replicates * 2, console: console)
    defer { bar.finish() }
    let analysis = try await ReportAnalysis(input) { bar.advance($0) }
    let report = try await Report(
      analysis, choices: choices.sections, recipes: SectionChoices.recipes
    ).namingOptions
    bar.finish()
    let estimated = clock.now
    var writer = ReportFolder(
      report: report, matrix: loaded.matrix, pictures: figures, appearance: theme,
      guardsFormulas: guardFormulas, isFull: full, author: author, date: date, console: console,
      jobs: resampling.jobs)
    if let snippet {
      try write(try ReportSnippet(snippet, of: report), with: writer, to: folder, console: console)
      return
    }
    try checkSections(of: report, console: console)
    guard let folder else { return }
    if explorer {
      try folder.write(
        try await explorer(title: report.title, earlier: input.earlier, console).bytes,
        to: "explorer.html")
      writer.explorer = "explorer.html"
    }
    try writer.write(to: folder)
    let record = try Manifest(
      loaded, seed: resampling.seed, replicates: resampling.replicates,
      arguments: Self.recorded(CommandLine.arguments))
    try folder.write(try record.json(), to: "manifest.json")
    try Task.checkCancellation()
    let kept = try folder.commit()
    if !kept.isEmpty {
      console.note(
        "\(folder.path) has files that are not of the report; they stay: \(kept.joined(separator: ", "))"
      )
    }
    console.note("\(writer.summary(of: folder.path))")
    if let change = report.sections.first(where: { $0.id == "changes" })?.sentences.first {
      console.note("\(change.text)")
    }
    for section in report.sections {
      if let reason = section.skipped { console.detail("left out \(section.id): \(reason)") }
    }
    console.detail(
      "read \(read - start), statistics \(estimated - read), folder \(clock.now - estimated)")
    try compareInputs(with: record, console: console)
  }

  /// The explorer of the same papers, raters numbered.
  private func explorer(
    title: String, earlier: EarlierReport?, _ console: Console
  ) async throws -> ExplorerPage {
    var silent = console
    silent.isQuiet = true
    let papers = try await ExplorerInput(
      corpus, publicIf: nil, showsRaters: false, jobs: resampling.jobs, isStrict: false,
      console: silent)
    var maker = ExplorerMaker(corpus: corpus, resampling: resampling, title: title, by: by)
    maker.earlier = earlier
    return maker.page(
      of: try await maker.explorer(of: papers, console: console), console: console)
  }

  /// Prints a snippet, and writes it with its picture when a folder is named.
  private func write(
    _ snippet: ReportSnippet, with writer: ReportFolder, to folder: OutputFolder?, console: Console
  ) throws {
    if let folder {
      try writer.write(snippet, to: folder)
      try folder.commit()
    } else if let figure = snippet.figure {
      console.note(
        "figures/\(figure.id).svg is a file of the report; with -o DIR it is written here too")
    }
    try StandardOutput.write(Array(snippet.markdown.utf8))
  }

  /// Fails when no section can be made, and warns of those that were asked for by name.
  private func checkSections(of report: Report, console: Console) throws(CommandFailure) {
    let skipped = report.sections.filter { $0.skipped != nil }
    let reasons = skipped.map { "\($0.id): \($0.skipped ?? "")" }
    if skipped.count == report.sections.count {
      throw CommandFailure(
        .estimation, "no section can be made; \(reasons.joined(separator: "; "))")
    }
    for (section, reason) in zip(skipped, reasons) where only.contains(section.id) {
      console.warning("left out \(reason)")
    }
  }

  /// Problems of single files are in the report; on standard error they are a detail.
  private func problemConsole(_ console: Console) -> Console {
    var result = console
    result.isQuiet = messages.quiet || !messages.verbose
    return result
  }

  private func reportInput(_ loaded: LoadedCorpus, title: String?) throws -> ReportInput {
    guard let bounds = Tiers(text: tiers) else {
      throw CommandFailure(
        .usage, "--tiers takes numbers in descending order, such as 70,60,50,40,30; not '\(tiers)'")
    }
    let resampling = resampling
    var input = ReportInput(
      matrix: loaded.matrix,
      settings: ReportSettings(
        title: title ?? "Rigor of \(Self.papers(loaded.matrix.distinctPaperCount))",
        level: resampling.level, replicates: resampling.replicates, seed: resampling.seed,
        scheme: resampling.scheme, jobs: resampling.jobs, tiers: bounds,
        stratum: resampling.stratify, cluster: resampling.cluster,
        command: ["metastat"] + Self.recorded(CommandLine.arguments) + ["-o", "report"],
        version: Version.text),
      design: { try resampling.design(of: $0) })
    input.plan = resampling.plan
    input.settings.selection = corpus.selectionPhrases
    input.settings.pairBasis = basis
    input.reading = loaded.citation
    input.unit = loaded.isMatrix ? .row : .scan
    input.filesFound = loaded.filesFound
    input.filesRead = loaded.filesRead
    input.otherScans = loaded.otherScans
    input.otherVersionPapers = loaded.chosen?.otherVersionCount ?? 0
    input.otherRaterPapers = loaded.chosen?.otherRaterCount ?? 0
    input.duplicates = loaded.duplicatesLeftOut
    input.papersBeforeSelection = loaded.papersBeforeSelection
    input.problems = loaded.problems
    input.pairs = try pairs.map { try JSONFile.decode($0) } ?? Self.knownPairs(loaded.matrix)
    input.patterns =
      try patterns.map { try NamedPatterns.read($0, for: loaded.matrix) }
      ?? Self.knownPatterns(loaded.matrix)
    if let texts = loaded.texts {
      let cited = loaded.inputPositions.map { texts[$0].cited }
      if cited.contains(where: { !$0.isEmpty }) {
        input.citations = CitationGraph(loaded.matrix.papers, cited: cited)
      }
    }
    input.earlier = try compare.map(Self.earlierReport)
    return input
  }

  private static func papers(_ count: Int) -> String {
    Sentence.number("papers", count, of: "paper", "papers").text
  }

  /// The report in a folder.
  static func earlierReport(_ folder: String) throws -> EarlierReport {
    do {
      return try EarlierReport(
        matrix: try InputBytes.read("\(folder)/tables/matrix.csv"),
        rates: try InputBytes.read("\(folder)/tables/rates.csv"),
        distribution: try? InputBytes.read("\(folder)/tables/distribution.csv"),
        tiers: try? InputBytes.read("\(folder)/tables/tiers.csv"),
        patterns: try? InputBytes.read("\(folder)/tables/patterns.csv"),
        pairs: try? InputBytes.read("\(folder)/tables/pairs.csv"))
    } catch let failure as CommandFailure {
      throw CommandFailure(
        .noInput, "--compare \(folder) is not the folder of a report: \(failure.message)")
    } catch {
      throw CommandFailure(.invalidInput, "--compare \(folder): \(error)")
    }
  }

  /// The pairs of the AI survey, when the matrix has any of their items.
  static func knownPairs(_ matrix: BinaryMatrix) throws -> ItemPairs? {
    let pairs: ItemPairs = try JSONFile.decode(PackageResources.pairs_json, name: "pairs.json")
    let names = Set(matrix.items.map(\.id.description))
    return pairs.pairs.contains { names.contains($0.visible) } ? pairs : nil
  }

  /// The patterns of the AI survey, when the matrix has all items of any of them.
  static func knownPatterns(_ matrix: BinaryMatrix) throws -> NamedPatterns? {
    let patterns: NamedPatterns = try JSONFile.decode(
      PackageResources.patterns_json, name: "patterns.json")
    return patterns.resolved(in: matrix.variables).known.isEmpty ? nil : patterns
  }

  /// The arguments that make the report what it is: without the folder and how it is told.
  static func recorded(_ arguments: [String]) -> [String] {
    let expanded = (try? ReportReplay.expanding(Array(arguments.dropFirst()))) ?? []
    let withValue: Set<String> = ["-o", "--output", "--manifest", "-j", "--jobs", "--memory"]
    let alone: Set<String> = ["--replace", "-q", "--quiet", "-v", "--verbose", "--no-color"]
    var kept: [String] = []
    var skipsNext = false
    for argument in expanded {
      if skipsNext {
        skipsNext = false
      } else if withValue.contains(argument) {
        skipsNext = true
      } else if !alone.contains(argument),
        !withValue.contains(where: { argument.hasPrefix("\($0)=") })
      {
        kept.append(argument)
      }
    }
    return kept
  }

  /// Says whether the inputs of the manifest that is made again are what they were.
  private func compareInputs(with record: Manifest, console: Console) throws {
    guard let manifest else { return }
    let replay: ReportReplay = try JSONFile.decode(manifest, allowsOtherKeys: true)
    let now = record.inputs.map { ReportReplay.Input(path: $0.path, sha256: $0.sha256) }
    let differences = replay.differences(from: now)
    for line in differences.prefix(20) { console.warning("\(line)") }
    if replay.version != Version.text {
      console.warning("the report was made by version \(replay.version), this is \(Version.text)")
    }
    console.note(
      differences.isEmpty
        ? "all \(now.count) inputs are what they were"
        : "\(differences.count) of the inputs are not what they were")
  }
}
