import ArgumentParser
import SurveyExplorer
import SurveyReport
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
      given, or there are more than 10,000 papers. The longest are cut where the page would have more \
      than 3 MB, or 3 KB a paper, unless --long-texts is given. Names of raters are not in it, unless \
      --raters is given.

      EXAMPLES
        metastat explore papers -o explorer.html
        metastat explore matrix.csv -o explorer.html --by venue --title 'Rigor of 2026'
        metastat explore papers -o public.html --no-texts --only-public 'year >= 2020'

      OUTPUT
        a page of HTML
      """)

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

  @Flag(help: "Keep long texts whole, however large the page.")
  var longTexts = false

  @Option(
    help: "Leave out papers for which this column or condition is not true, from all numbers too.")
  var onlyPublic: String?

  @Flag(help: "Show the names of raters, which are numbered otherwise.")
  var raters = false

  @OptionGroup var messages: MessageOptions

  var readPaths: [String] {
    corpus.readPaths + [tensions].compactMap { $0 } + (compare.map(Self.filesOfEarlier) ?? [])
  }
  var writtenPaths: [String] { [output] }

  func run() async throws {
    let console = messages.console
    let file = try OutputFile(output)
    let clock = ContinuousClock()
    let start = clock.now
    let input = try await ExplorerInput(
      corpus, publicIf: onlyPublic, showsRaters: raters, jobs: resampling.jobs,
      isStrict: messages.strict,
      console: console)
    let read = clock.now
    var maker = ExplorerMaker(corpus: corpus, resampling: resampling, title: title, by: by)
    maker.tensions = tensions
    maker.earlier = try await earlier(console: console)
    if noTexts { maker.textRemark = "What scans say in words is left out of this page." }
    maker.keepsLongTexts = longTexts
    let explorer = try await maker.explorer(of: input, console: console)
    let estimated = clock.now
    let page = maker.page(of: explorer, console: console).bytes
    try Task.checkCancellation()
    try file.write(page)
    console.note(
      "\(output): \(input.loaded.size), \(NumberFormat.grouped((page.count + 999) / 1_000)) KB")
    console.detail(
      "read \(read - start), statistics \(estimated - read), page \(clock.now - estimated)")
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
    silent.isQuiet = !messages.verbose
    let loaded = try await other.load(
      console: silent, jobs: resampling.jobs, isStrict: messages.strict, saysChoice: false)
    let plan = resampling.plan
    let rates = try await resampling.run(
      Rates(level: resampling.level), of: Study(loaded.matrix, plan: plan))
    return try EarlierReport(
      matrix: try MatrixCSV(metadata: loaded.metadata).write(loaded.matrix),
      rates: CSVWriter().write(
        Table(rates: [(nil, rates)], by: nil, level: resampling.level)))
  }
}
