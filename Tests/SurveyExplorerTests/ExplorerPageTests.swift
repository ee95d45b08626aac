import SurveyReport
import SurveyStats
import Testing

@testable import SurveyExplorer

@Suite struct ExplorerPageTests {
  private static let hostile = "</script><script>alert(1)</script>\u{202E}"

  /// An explorer of three papers, one of them hostile.
  private static func explorer(showsTexts: Bool = true) async throws -> Explorer {
    let csv = """
      paper,title,year,artifacts.code_released,artifacts.data_released
      alpha,"\(hostile)",2023,1,0
      beta,Beta,2024,0,NA
      gamma,Gamma,2025,1,
      """
    let matrix = try MatrixCSV().read(Array(csv.utf8))
    let input = ReportInput(
      matrix: matrix, settings: ReportSettings(title: hostile, replicates: 99),
      design: { SamplingDesign(paperCount: $0.papers.count) })
    var settings = Explorer.Settings(title: hostile)
    settings.groupColumns = ["year"]
    settings.showsTexts = showsTexts
    var explorer = try await Explorer(try await ReportAnalysis(input), settings: settings)
    explorer.papers = [
      PaperTexts(authors: [hostile], justifications: [matrix.items[0].id: hostile]),
      PaperTexts(claims: [Claim(claim: "secret claim")]), PaperTexts(),
    ]
    return explorer
  }

  @Test func `hostile texts are text in the page, and the policy allows its own script alone`()
    async throws
  {
    let page = String(decoding: ExplorerPage(try await Self.explorer()).bytes, as: UTF8.self)
    #expect(!page.contains("<script>alert"))
    #expect(!page.contains("\u{202E}"))
    #expect(page.contains("default-src 'none'; script-src 'sha256-"))
    #expect(!page.contains("unsafe-inline"))
    #expect(page.ranges(of: "<script").count == 3)
    let data = ExplorerData(explorer: try await Self.explorer())
    #expect(String(decoding: data.facts, as: UTF8.self).contains("\\u202e"))
  }

  @Test func `the modules make one script without imports`() {
    let script = ExplorerPage.script
    #expect(!script.contains("\nimport ") && !script.contains("\nexport "))
    #expect(!script.contains("</script") && !script.contains("<!--"))
    #expect(!script.contains("innerHTML") && !script.contains("eval("))
    let folder = ["fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon", "localStorage"]
    for word in folder { #expect(!script.contains(word), "\(word)") }
  }

  @Test func `texts are left out when they are not to be shown`() async throws {
    #expect(ExplorerData(explorer: try await Self.explorer(showsTexts: false)).texts == nil)
    let page = ExplorerPage(try await Self.explorer(showsTexts: false)).bytes
    #expect(!String(decoding: page, as: UTF8.self).contains("id=\"texts\""))
  }

  @Test func `facts hold the planes after the document, words in the order of the rows`()
    async throws
  {
    let explorer = try await Self.explorer()
    let bytes = ExplorerData(explorer: explorer).facts
    let length = (0..<4).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    #expect(length % 4 == 0)
    // Two items of three papers: asked, applies, yes.
    #expect(
      Array(bytes[(4 + length)...])
        == [7, 3, 7, 1, 5, 0].flatMap { [$0, 0, 0, 0] as [UInt8] })
  }

  @Test func `a page is the same each time`() async throws {
    let first = ExplorerPage(try await Self.explorer()).bytes
    #expect(first == ExplorerPage(try await Self.explorer()).bytes)
  }

  @Test func `texts that are too much for the page are cut, and the page says so`() async throws {
    var explorer = try await Self.explorer()
    let words = (0..<4_000).map { "word\($0 * $0 % 9_973)" }
    explorer.papers[1].justifications[explorer.matrix.items[0].id] = words.joined(separator: " ")
    let whole = ExplorerPage(explorer)
    #expect(whole.longestText == nil)

    let size = whole.bytes.count
    var settings = explorer.settings
    // The page is measured with the remark on cut texts.
    settings.mostBytes = size + 1_000
    let kept = ExplorerPage(Self.replacing(explorer, settings))
    #expect(kept.longestText == nil && kept.bytes.count == size)

    settings.mostBytes = size - 8_000
    let cut = ExplorerPage(Self.replacing(explorer, settings))
    let length = try #require(cut.longestText)
    #expect(cut.bytes.count <= size - 8_000)
    let facts = ExplorerData(explorer: explorer, longestText: length).facts
    let said = String(decoding: facts, as: UTF8.self)
    #expect(said.contains("of more than \(length) letters are cut"))

    settings.mostBytes = 1
    #expect(ExplorerPage(Self.replacing(explorer, settings)).longestText == 40)
  }

  private static func replacing(_ explorer: Explorer, _ settings: Explorer.Settings) -> Explorer {
    var explorer = explorer
    explorer.settings = settings
    return explorer
  }

  @Test(arguments: [
    ("short", 10, "short"), ("one two three", 8, "one two …"), ("one two three", 7, "one …"),
    ("undivided", 4, "undi …"), ("ééé", 3, "é …"), ("", 4, ""),
  ])
  func `a text is cut after a word, never within a character`(
    text: String, length: Int, cut: String
  ) {
    #expect(PaperTexts.cut(text, to: length) == cut)
  }
}
