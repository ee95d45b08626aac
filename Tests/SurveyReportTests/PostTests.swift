import Testing

@testable import SurveyFigures
@testable import SurveyReport
@testable import SurveyStats

/// The two screens that are read first.
@Suite struct PostTests {
  /// 90 papers of which every one says often, and a third rarely.
  private static let matrix = BinaryMatrix(
    papers: (0..<90).map { Paper(slug: "p\($0)", title: "Paper \($0)", year: 2020 + $0 % 3) },
    items: ["often", "rarely", "half", "never"].map { Item(id: ItemID($0)) }
  ) { paper, item in
    switch item {
    case 0: paper % 10 == 0 ? .no : .yes
    case 1: paper % 5 == 0 ? .yes : .no
    case 2: paper % 2 == 0 ? .yes : .no
    default: .no
    }
  }

  private func report(_ ids: [String], pairs: Bool = true) async throws -> Report {
    var input = ReportInput(
      matrix: Self.matrix, settings: ReportSettings(title: "t", replicates: 199),
      design: { SamplingDesign(paperCount: $0.papers.count) })
    if pairs {
      input.pairs = ItemPairs(pairs: [ItemPairs.Pair(visible: "often", invisible: "rarely")])
    }
    return try await Report(
      try await ReportAnalysis(input), choices: ids.map { Report.Choice(id: $0) })
  }

  @Test func `it leads with the widest gap, in title, first sentence and card`() async throws {
    let report = try await report(["post", "items", "pairs"])
    let post = try #require(report.post)
    #expect(post.title == "Often: 90%; Rarely: 20%")
    let first = post.sentences[0].text.replacing(".0", with: "")
    #expect(
      first.hasPrefix(
        "“Often” holds for 90% of 90 papers, “Rarely” for only 20% of 90 papers: a gap of 70 points (95% "
          + "interval "), "\(first)")
    #expect(report.card?.number == "20%")
    #expect(report.card?.statement.contains("“Rarely”, while “Often” holds for 90%") == true)
    #expect(report.figures.map(\.id).prefix(2) == ["post-items", "post-pairs"])
  }

  @Test func `it says which items hold most no answers, and how many tiers hang on one answer`()
    async throws
  {
    let post = try #require(try await report(["post"]).post)
    let advice = post.paragraphs[0].text
    // 9 + 72 + 45 + 90 answers are no.
    #expect(
      advice.contains("of 216 answers that are no, the most are on “Never” (90), “Rarely” (72) and")
    )
    // Of four answers one is 25 points, so that every paper is near another tier.
    #expect(advice.contains("A single other answer would move 90 of 90 papers to another tier"))
    #expect(advice.contains("“Never” is passed by none"))
    let items = try #require(post.tables.first { $0.table.name == "items-to-fix" }?.table)
    #expect(items["gain"]?.values == .real([0.25, 0.2, 0.125, 0.025]))
  }

  @Test func `what it draws on is in the folder when its section is not`() async throws {
    let alone = try await report(["post"])
    #expect(alone.furtherTables.contains { $0.name == "pairs" })
    let with = try await report(["post", "pairs"])
    #expect(!with.furtherTables.contains { $0.name == "pairs" })
  }

  @Test func `without a clear finding it says so, and leads with the share of yes`() async throws {
    let post = try #require(try await report(["post"], pairs: false).post)
    #expect(post.title == "From Often (90%) to Never (0%)", "the range, which is no finding")
    #expect(post.sentences[0].text.hasPrefix("90 papers were asked 4 questions, and 40"))
    #expect(!post.paragraphs.map(\.text).joined().contains("The finding at the top"))
  }

  @Test func `a report without the post has none`() async throws {
    let report = try await report(["items"])
    #expect(report.post == nil && report.card != nil)
  }

  @Test func `where nothing applies there is no post`() async throws {
    let report = try await ReportCorpora.nothingApplies.cached()
    #expect(report.post == nil)
    #expect(report.sections.first { $0.id == "post" }?.skipped == "no item applies to any paper")
  }
}
