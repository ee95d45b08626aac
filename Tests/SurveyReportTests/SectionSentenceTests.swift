import Testing

@testable import SurveyFigures
@testable import SurveyReport
@testable import SurveyStats

/// What sections say of data whose answer is known.
@Suite struct SectionSentenceTests {
  private func section(
    _ id: String, of matrix: BinaryMatrix, patterns: NamedPatterns? = nil,
    change: (inout ReportInput) -> Void = { _ in }
  ) async throws -> Section {
    var input = ReportInput(
      matrix: matrix, settings: ReportSettings(title: "t", replicates: 199),
      design: { SamplingDesign(paperCount: $0.papers.count) })
    input.patterns = patterns
    change(&input)
    let report = try await Report(
      try await ReportAnalysis(input), choices: [Report.Choice(id: id)])
    return try #require(report.sections.first)
  }

  private func text(_ section: Section) -> String {
    section.sentences.map(\.text).joined(separator: " ")
  }

  private func value(_ term: String, _ section: Section) -> Double? {
    section.facts.first { $0.term == term }?.value
  }

  @Test func `the headline gives the share with interval and n, or says that it cannot tell`()
    async throws
  {
    let headline = try await section("headline", of: try ReportCorpora.oneItem.matrix)
    #expect(
      text(headline)
        == "12 papers were asked 1 question, and 12 answers apply. Of these answers 42% (95% "
        + "interval 19–68%, n = 12) are yes: the data cannot tell whether that is more or less "
        + "than half. From the most to the least often passed: Only 42% (19–68%, n = "
        + "12).")
  }

  @Test func `what was found adds up to what is analysed`() async throws {
    let corpus = try await section("corpus", of: try ReportCorpora.oneItem.matrix) {
      $0.filesFound = 60
      $0.filesRead = 58
      $0.otherScans = 6
      $0.duplicates = 2
      $0.papersBeforeSelection = 50
      $0.settings.selection = ["tag qualitative", "since 2020"]
    }
    #expect(
      text(corpus).hasPrefix(
        "60 scans were found and 2 of them could not be read. Of these, 6 are further scans of papers "
          + "of which another was chosen and 2 are papers that the corpus has under another name too. "
          + "That leaves 50 papers; the selection (tag qualitative; since 2020) leaves out 38 of them, "
          + "and 12 papers are analysed."))
    let rows = try await section("corpus", of: try ReportCorpora.oneItem.matrix) { $0.unit = .row }
    #expect(text(rows).hasPrefix("12 rows were found and read. 12 papers are analysed."))
  }

  @Test func `scans that were not chosen are not denied`() async throws {
    let matrix = try ReportCorpora.oneItem.matrix
    let raters = try await section("raters", of: matrix) { $0.otherScans = 26 }
    #expect(raters.skipped?.contains("26 other scans are left out; `instrument: all`") == true)
    let none = try await section("raters", of: matrix)
    #expect(none.skipped == "no paper was scanned twice")
  }

  @Test func `two readings of a paper are one paper`() async throws {
    let matrix = BinaryMatrix(
      papers: (0..<24).map { Paper(slug: "p\($0 / 2)", rater: $0 % 2 == 0 ? "A" : "B") },
      items: ["a", "b"].map { Item(id: ItemID($0)) }
    ) { paper, item in (paper / 2 + item) % 2 == 0 ? .yes : .no }
    #expect(
      text(try await section("headline", of: matrix)).hasPrefix("12 papers were asked 2 questions,")
    )
    let corpus = try await section("corpus", of: matrix) { $0.unit = .row }
    #expect(text(corpus).contains("24 rows of 12 papers are analysed."))
  }

  @Test func `what rests on few papers is not spoken of among patterns`() async throws {
    let matrix = BinaryMatrix(
      papers: (0..<40).map { Paper(slug: "p\($0)") },
      items: ["few", "many"].map { Item(id: ItemID($0)) }
    ) { paper, item in
      item == 0 ? (paper < 3 ? .yes : .notApplicable) : paper % 4 == 0 ? .yes : .no
    }
    let named = try ["few", "many"].map {
      try NamedPatterns.Pattern(name: $0, label: "Shows \($0)", expression: $0)
    }
    let patterns = try await section(
      "patterns", of: matrix, patterns: NamedPatterns(patterns: named))
    #expect(
      text(patterns).hasPrefix("Of the papers that can show a pattern, so many do: Shows many"))
    #expect(!text(patterns).contains("Shows few"))
    #expect(patterns.figures.first?.title == "Shows many: 25%")
  }

  @Test func `papers that were not asked everything were asked up to so many questions`()
    async throws
  {
    let matrix = BinaryMatrix(
      papers: (0..<12).map { Paper(slug: "p\($0)") },
      items: ["a", "b"].map { Item(id: ItemID($0)) }
    ) { paper, item in item == 1 && paper > 3 ? .absent : paper % 2 == 0 ? .yes : .no }
    #expect(
      text(try await section("headline", of: matrix)).hasPrefix(
        "12 papers were asked up to 2 questions, and 16 answers apply."))
  }

  @Test func `a difference of three papers is not called clear, one of many is`() async throws {
    let matrix = BinaryMatrix(
      papers: (0..<60).map { Paper(slug: "p\($0)") },
      items: ["few", "none", "often", "rarely"].map { Item(id: ItemID($0)) }
    ) { paper, item in
      switch item {
      case 0: paper < 3 ? .yes : .notApplicable
      case 1: paper < 3 ? .no : .notApplicable
      case 2: paper < 45 ? .yes : .no
      default: paper < 20 ? .yes : .no
      }
    }
    let pairs = try await section("pairs", of: matrix) {
      $0.pairs = ItemPairs(pairs: [
        ItemPairs.Pair(visible: "few", invisible: "none"),
        ItemPairs.Pair(visible: "often", invisible: "rarely"),
      ])
    }
    #expect(text(pairs).hasPrefix("In 1 of 2 pairs the visible item clearly passes more often"))
    #expect(text(pairs).contains("It is that of Often, 75%"))
    #expect(!text(pairs).contains("Few"))
  }

  @Test func `clear slopes are named, and steep ones that are not clear are said to be so`()
    async throws
  {
    let matrix = BinaryMatrix(
      papers: (0..<240).map { Paper(slug: "p\($0)", year: 2020 + $0 % 6) },
      items: ["up", "flat"].map { Item(id: ItemID($0)) }
    ) { paper, item in
      item == 0
        ? (paper / 6 % 10 < 2 + paper % 6 ? .yes : .no) : (paper / 6 % 2 == 0 ? .yes : .no)
    }
    let trends = try await section("trends", of: matrix)
    let words = text(trends)
    #expect(words.contains("the pass rate of 1 rises (Up with 4"), "\(words)")
    #expect(!words.contains("Flat") && !words.contains("steep"), "\(words)")
    let caption = try #require(trends.figures.first).caption.text
    #expect(caption.contains("10 papers") || caption.contains("24 papers"))
  }

  @Test func `groups that are the extremes of several have an adjusted interval`() async throws {
    let matrix = BinaryMatrix(
      papers: (0..<60).map { Paper(slug: "p\($0)", type: ["a", "b", "c"][$0 % 3]) },
      items: (0..<4).map { Item(id: ItemID("i\($0)")) }
    ) { paper, item in (paper * 7 + item * 3) % 10 < 4 + paper % 3 ? .yes : .no }
    let groups = try await section("groups", of: matrix)
    #expect(text(groups).contains("adjusted for the choice among 3 pairs"))
    let table = try #require(groups.tables.first { $0.table.name == "group-differences" }?.table)
    #expect(table["pairs"]?.values == .integer([3]))
  }

  @Test func `the order of growth is that of dates, or drawn by the seed and says so`() async throws
  {
    func matrix(_ isDated: Bool) -> BinaryMatrix {
      BinaryMatrix(
        papers: (0..<40).map { index in
          Paper(
            slug: "p\(100 + index)",
            covariates: isDated ? ["scan_date": "2026-01-\(50 - index)"] : [:])
        }, items: [Item(id: ItemID("a"))]
      ) { paper, _ in paper < 20 ? .yes : .no }
    }
    let dated = try await section("growth", of: matrix(true))
    #expect(
      text(dated).hasPrefix("Of the first 20 papers that were scanned, 0% "), "\(text(dated))")
    #expect(dated.figures[0].title == "The rate of all lies outside the interval of the first 20")
    let drawn = try await section("growth", of: matrix(false))
    #expect(text(drawn).hasPrefix("Of 20 papers drawn at random, "))
    #expect(drawn.figures[0].caption.text.contains("in an order drawn at random (seed 1)"))
    #expect(value("half", drawn) ?? 0 > 0 && value("half", drawn) ?? 1 < 1)
  }

  @Test func `three papers have no interval but that of the mean, and no clear layer`() async throws
  {
    let matrix = try ReportCorpora.threePapers.matrix
    let scores = try await section("scores", of: matrix)
    #expect(
      text(scores).contains("With fewer than 10 papers only the mean and the shares have intervals")
    )
    #expect(text(scores).hasPrefix("The mean score of 3 papers is "))
  }

  @Test func `an item that rises over the years is told from one that does not`() async throws {
    let matrix = BinaryMatrix(
      papers: (0..<240).map { Paper(slug: "p\($0)", year: 2020 + $0 % 6) },
      items: ["up", "flat"].map { Item(id: ItemID($0)) }
    ) { paper, item in
      item == 0
        ? (paper / 6 % 10 < 2 + paper % 6 ? .yes : .no) : (paper / 6 % 2 == 0 ? .yes : .no)
    }
    let trends = try await section("trends", of: matrix)
    #expect(value("rising_items", trends) == 1 && value("falling_items", trends) == nil)
    #expect(value("items_with_slope", trends) == 2)
    let change = try #require(value("up.change", trends))
    #expect(abs(change - 0.5) < 0.05)
    #expect(text(trends).contains("From 2020 to 2025 the mean score changes by 25.0 points ("))
    #expect(!text(trends).contains("so the data cannot tell"))
  }

  @Test func `papers of a type that pass less have lower odds of a high score`() async throws {
    let matrix = BinaryMatrix(
      papers: (0..<200).map { index in
        Paper(slug: "p\(index)", type: index < 120 ? "empirical" : index < 195 ? "survey" : "rare")
      }, items: (0..<10).map { Item(id: ItemID("i\($0)")) }
    ) { paper, item in
      (paper * 3 + item * 7) % 10 + (paper % 4 == 0 ? 3 : 0) < (paper < 120 ? 8 : 4) ? .yes : .no
    }
    let logit = try await section("logit", of: matrix)
    let term = try #require(logit.facts.first { $0.term == "odds:type[survey]" })
    #expect(term.value < 1)
    #expect(text(logit).contains("Type survey against empirical"))
    // All empirical papers reach the score; no survey does, and none of the five others.
    #expect(value("clear_terms", logit) == 2 && value("terms", logit) == 2)
    #expect(value("papers_in_fit", logit) == 200)
  }

  @Test func `a conjunction is counted where all of its parts apply, beside where it is defined`()
    async throws
  {
    let matrix = BinaryMatrix(
      papers: (0..<40).map { Paper(slug: "p\($0)") },
      items: ["a", "b"].map { Item(id: ItemID($0)) }
    ) { paper, item in
      item == 0 ? (paper < 30 ? .yes : .no) : (paper % 2 == 0 ? .notApplicable : .no)
    }
    let pattern = try NamedPatterns.Pattern(
      name: "p", label: "Show without tell", expression: "a and not b")
    let patterns = try await section(
      "patterns", of: matrix, patterns: NamedPatterns(patterns: [pattern]))
    // Of 40 papers, 15 are true (a, b no), 10 false (a no), and 15 undecided (b does not apply).
    #expect(text(patterns).hasPrefix("Of the papers that can show a pattern, so many do: Show"))
    #expect(value("pattern.p", patterns) == 0.75 && value("pattern.p.n", patterns) == 20)
    let table = try #require(patterns.tables.first?.table)
    #expect(table["defined_estimate"]?.values == .real([0.6]))
    #expect(table["n_defined"]?.values == .integer([25]))
    #expect(table["expected"]?.values == .real([0.75]))
  }

  @Test(arguments: ReportCorpora.allCases)
  func `sections open with sentences that name no cause`(corpus: ReportCorpora) async throws {
    let causal = ["because", "cause", "leads to", "due to", "impact", "improve", "effect of"]
    for section in try await corpus.cached().sections where section.skipped == nil {
      if section.id != "methods" { #expect(!section.sentences.isEmpty, "\(section.id)") }
      for fragment in section.sentences.flatMap(\.fragments) {
        guard case .words(let words) = fragment else { continue }
        for word in causal { #expect(!words.contains(word), "\(section.id): \(words)") }
      }
    }
  }

  @Test(arguments: ReportCorpora.allCases)
  func `a rate with an interval has its n beside it`(corpus: ReportCorpora) async throws {
    for section in try await corpus.cached().sections {
      let terms = Set(section.facts.map(\.term))
      for fact in section.facts where fact.term.hasSuffix(".conf_high") {
        guard fact.text.hasSuffix("%") else { continue }
        #expect(terms.contains(fact.term.dropLast(10) + ".n"), "\(section.id): \(fact.term)")
      }
    }
  }
}
