import SurveyExplorer
import SurveyReport
import SurveyStats

/// Makes the explorer of a corpus, for a page of its own or beside a report.
struct ExplorerMaker {
  /// The most papers whose texts are in the page.
  static let mostTexts = 10_000
  /// The size of a page of up to 1,000 papers for which long texts are cut; larger corpora have as much a paper.
  static let mostBytes = 3_000_000

  /// Where the papers come from.
  let corpus: CorpusOptions
  /// How papers were sampled and replicates are drawn.
  let resampling: ResamplingOptions
  /// The title of the page.
  let title: String?
  /// The columns whose groups are compared; empty for the usual ones.
  let by: [String]
  /// The file of tensions.
  var tensions: String?
  /// The state to compare with.
  var earlier: EarlierReport?
  /// Why texts are left out, if they are to be.
  var textRemark: String?
  /// Whether long texts are kept whole, however large the page.
  var keepsLongTexts = false

  /// Estimates everything, and gathers what the page shows.
  func explorer(of input: ExplorerInput, console: Console) async throws -> Explorer {
    let matrix = input.loaded.matrix
    let papers = Sentence.number("papers", matrix.distinctPaperCount, of: "paper", "papers").text
    var settings = Explorer.Settings(title: title ?? "Explorer of \(papers)")
    settings.level = resampling.level
    settings.generator = "metastat \(Version.text)"
    settings.selection = input.selection
    settings.remarks = input.remarks
    settings.groupColumns = try groupColumns(of: matrix)
    settings.textRemark = textRemark
    if !keepsLongTexts {
      settings.mostBytes = Self.mostBytes * max(1_000, matrix.papers.count) / 1_000
    }
    if textRemark == nil, matrix.papers.count > Self.mostTexts, !input.texts.isEmpty {
      settings.textRemark =
        "What scans say in words is left out of this page, which has more than "
        + "\(NumberFormat.grouped(Self.mostTexts)) papers."
      console.note("\(settings.textRemark ?? "")")
    }
    settings.showsTexts = settings.textRemark == nil
    if input.loaded.isMatrix {
      settings.textRemark = "The input is a matrix, which has answers but no texts."
    }
    var report = try reportInput(of: input.loaded, title: settings.title)
    report.earlier = earlier
    let bar = ProgressBar("explorer", total: resampling.replicates * 2, console: console)
    defer { bar.finish() }
    let analysis: ReportAnalysis
    do {
      analysis = try await ReportAnalysis(report) { bar.advance($0) }
    } catch let error as SamplingPlan.PlanError {
      throw CommandFailure(error)
    }
    var explorer = try await Explorer(analysis, settings: settings)
    explorer.papers = input.texts
    explorer.readings = input.readings
    explorer.citations = report.citations?.edges ?? []
    explorer.sources = input.loaded.sources
    if let tensions { try add(tensions, of: input, to: &explorer) }
    return explorer
  }

  /// The page of an explorer; says when texts are cut.
  func page(of explorer: Explorer, console: Console) -> ExplorerPage {
    let page = ExplorerPage(explorer)
    if let length = page.longestText {
      console.note(
        """
        reasons, evidence and details of more than \(length) letters are cut, so that the page stays small; \
        'metastat explore --long-texts' keeps them
        """)
    }
    return page
  }

  /// Adds the papers on the sides of the topics of a file.
  private func add(
    _ path: String, of input: ExplorerInput, to explorer: inout Explorer
  ) throws(CommandFailure) {
    guard !input.texts.isEmpty else {
      throw CommandFailure(
        .usage, "--tensions needs scans, which have the texts; a matrix has none")
    }
    explorer.tensions = try TensionFile(path).rows(
      of: input.loaded.matrix, claims: input.texts.map { $0.claims.map(\.claim) },
      flags: input.texts.map { $0.redFlags.map(\.flag) }, level: resampling.level, corpus: corpus)
    explorer.furtherTables.append(
      Table(tensions: explorer.tensions, level: resampling.level, adjustment: .holm))
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
