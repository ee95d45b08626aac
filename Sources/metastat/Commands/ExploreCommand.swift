import ArgumentParser
import SurveyExplorer
import SurveyStats

/// `metastat explore`: one page on which readers look at every paper and every answer.
struct ExploreCommand: AsyncParsableCommand, CommandWithFiles {
  static let configuration = CommandConfiguration(
    commandName: "explore",
    abstract: "One page to look at every paper and answer, to filter, compare and check.",
    discussion: """
      Writes one HTML file that needs neither network nor server: findings, items, a map of papers \
      and items, papers with all that their scans say, scatter plots, groups, claims, definitions. \
      What it shows of the whole and of the groups is what rates, trend, compare and scores compute. \
      For a reader's own selection the page counts, and gives rates with Wilson intervals, by the \
      same formulas, and says so.

      Texts of scans (justifications, claims, flags, findings) are in the page unless --no-texts is \
      given, or there are more than 10,000 papers. Names of raters are not, unless --raters is given.

      EXAMPLES
        metastat explore papers -o explorer.html
        metastat explore matrix.csv -o explorer.html --by venue --title 'Rigor of 2026'
        metastat explore papers -o public.html --no-texts --only-public consent

      OUTPUT
        a page of HTML
      """)

  /// The most papers whose texts are in the page.
  static let mostTexts = 10_000

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup(title: "Sampling and replicates") var resampling: ResamplingOptions

  @Option(name: [.short, .customLong("output")], help: "The page to write.")
  var output: String

  @Option(help: "The title of the page.")
  var title: String?

  @Option(
    help: """
      Compare the groups of this column; repeatable. (default: year, type, tags and version, where they \
      make 2 to 12 groups)
      """)
  var by: [String] = []

  @Option(help: "An earlier state to compare with: the folder of a report, or scans or a matrix.")
  var compare: String?

  @Option(help: "The topics of tensions, a JSON file as of 'claims --table tensions'.")
  var tensions: String?

  @Flag(help: "Leave out what scans say in words.")
  var noTexts = false

  @Option(
    help: "Leave out papers for which this column or condition is not true, from all numbers too.")
  var onlyPublic: String?

  @Flag(help: "Show the names of raters, which are numbered otherwise.")
  var raters = false

  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say more: timings and details.")
  var verbose = false

  @Flag(help: "No colour, as with NO_COLOR set.")
  var noColor = false

  @Flag(help: "Fail with exit code 65 when any input has a problem.")
  var strict = false

  var readPaths: [String] {
    corpus.readPaths + [tensions].compactMap { $0 } + (compare.map(Self.filesOfEarlier) ?? [])
  }
  var writtenPaths: [String] { [output] }

  func run() async throws {
    var console = Console.standard
    console.isQuiet = quiet
    console.isVerbose = verbose
    if noColor { console.isColored = false }
    let file = try OutputFile(output)
    let clock = ContinuousClock()
    let start = clock.now
    let input = try await ExplorerInput(
      corpus, publicIf: onlyPublic, showsRaters: raters, jobs: resampling.jobs, isStrict: strict,
      console: console)
    let read = clock.now
    let explorer = try await explorer(of: input, console: console)
    let estimated = clock.now
    let page = ExplorerPage(explorer).bytes
    try Task.checkCancellation()
    try file.write(page)
    console.note(
      "\(output): \(input.loaded.size), \(NumberFormat.grouped((page.count + 999) / 1_000)) KB")
    console.detail(
      "read \(read - start), statistics \(estimated - read), page \(clock.now - estimated)")
  }

  private func explorer(of input: ExplorerInput, console: Console) async throws -> Explorer {
    let matrix = input.loaded.matrix
    let papers = Sentence.number("papers", matrix.distinctPaperCount, of: "paper", "papers").text
    var settings = Explorer.Settings(title: title ?? "Explorer of \(papers)")
    settings.level = resampling.level
    settings.generator = "metastat \(Version.text)"
    settings.selection = corpus.selectionPhrases
    settings.remarks = input.remarks
    settings.groupColumns = try groupColumns(of: matrix)
    if noTexts {
      settings.showsTexts = false
      settings.textRemark = "What scans say in words is left out of this page."
    } else if matrix.papers.count > Self.mostTexts {
      settings.showsTexts = false
      settings.textRemark =
        "What scans say in words is left out of this page, which has more than "
        + "\(NumberFormat.grouped(Self.mostTexts)) papers."
      if input.loaded.scans != nil { console.note("\(settings.textRemark ?? "")") }
    } else if input.loaded.isMatrix {
      settings.textRemark = "The input is a matrix, which has answers but no texts."
    }
    var report = try reportInput(of: input.loaded, title: settings.title)
    report.earlier = try await earlier(console: console)
    let bar = ProgressBar("explorer", total: resampling.replicates * 2, console: console)
    defer { bar.finish() }
    let analysis: ReportAnalysis
    do {
      analysis = try await ReportAnalysis(report) { bar.advance($0) }
    } catch let error as SamplingPlan.PlanError {
      throw CommandFailure(error)
    }
    var explorer = try await Explorer(analysis, settings: settings)
    if let tensions {
      guard !input.texts.isEmpty else {
        throw CommandFailure(
          .usage, "--tensions needs scans, which have the texts; a matrix has none")
      }
      explorer.tensions = try TensionFile(tensions).rows(
        of: matrix, claims: input.texts.map { $0.claims.map(\.claim) },
        flags: input.texts.map { $0.redFlags.map(\.flag) }, level: resampling.level,
        corpus: corpus)
      explorer.furtherTables.append(
        Table(tensions: explorer.tensions, level: resampling.level, adjustment: .holm))
    }
    explorer.papers = input.texts
    explorer.readings = input.readings
    explorer.citations = report.citations?.edges ?? []
    explorer.sources = input.loaded.sources
    return explorer
  }

  /// The files that are read of an earlier state.
  private static func filesOfEarlier(_ path: String) -> [String] {
    InputKind.isReport(path) ? ["\(path)/tables/matrix.csv", "\(path)/tables/rates.csv"] : [path]
  }

  /// The earlier state, if there is one: a report, or papers whose rates are estimated now.
  private func earlier(console: Console) async throws -> EarlierReport? {
    guard let compare else { return nil }
    if InputKind.isReport(compare) { return try ReportCommand.earlierReport(compare) }
    var other = corpus
    other.inputs = [compare]
    var silent = console
    silent.isQuiet = !verbose
    let loaded = try await other.load(
      console: silent, jobs: resampling.jobs, isStrict: strict, saysChoice: false)
    let plan = resampling.plan
    let rates = try await resampling.run(
      Rates(level: resampling.level), of: Study(loaded.matrix, plan: plan))
    return try EarlierReport(
      matrix: try MatrixCSV(metadata: loaded.metadata).write(loaded.matrix),
      rates: CSVWriter().write(
        Table(rates: [(nil, rates)], by: nil, level: resampling.level)))
  }

  /// The columns whose groups are compared: those asked for, else the usual ones that make a few.
  private func groupColumns(of matrix: BinaryMatrix) throws(CommandFailure) -> [String] {
    for column in by {
      do throws(VariableError) {
        _ = try matrix.groups(of: column)
      } catch { throw CommandFailure(error, option: "--by", in: corpus) }
    }
    guard by.isEmpty else { return by }
    return ["year", "type", "tags", "version"].filter { column in
      let count = (try? matrix.groups(of: column).count) ?? 0
      return (2...GroupFolding.mostGroups).contains(count)
    }
  }

  private func reportInput(of loaded: LoadedCorpus, title: String) throws -> ReportInput {
    let resampling = resampling
    var input = ReportInput(
      matrix: loaded.matrix,
      settings: ReportSettings(
        title: title, level: resampling.level, replicates: resampling.replicates,
        seed: resampling.seed, scheme: resampling.scheme, jobs: resampling.jobs,
        stratum: resampling.stratify, cluster: resampling.cluster),
      design: { try resampling.design(of: $0) })
    input.plan = resampling.plan
    input.pairs = try ReportCommand.knownPairs(loaded.matrix)
    input.patterns = try ReportCommand.knownPatterns(loaded.matrix)
    if let scans = loaded.scans, loaded.matrix.distinctPaperCount == loaded.matrix.papers.count {
      let cited = loaded.inputPositions.map { scans.scans[$0].citedPapers }
      if cited.contains(where: { !$0.isEmpty }) {
        input.citations = CitationGraph(loaded.matrix.papers, cited: cited)
      }
    }
    return input
  }
}
