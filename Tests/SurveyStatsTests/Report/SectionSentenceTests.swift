@testable import SurveyStats
import Testing

/// What sections say of data whose answer is known.
@Suite struct SectionSentenceTests {
  private func section(
    _ id: String, of matrix: BinaryMatrix, patterns: NamedPatterns? = nil
  ) async throws -> Section {
    var input = ReportInput(
      matrix: matrix, settings: ReportSettings(title: "t", replicates: 199),
      design: { SamplingDesign(paperCount: $0.papers.count) })
    input.patterns = patterns
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
        + "than half. From the most to the least often passed: Only 42% (95% interval 19–68%, n = "
        + "12).")
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
    #expect(value("rising_items", trends) == 1 && value("falling_items", trends) == 0)
    #expect(value("items_with_slope", trends) == 2)
    let slope = try #require(value("up.slope", trends))
    #expect(abs(slope - 0.1) < 0.01)
    #expect(text(trends).contains("From 2020 to 2025 the mean score of a paper changes by 5.00"))
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

  @Test func `a pattern is counted where it is defined, and where all of its items apply`()
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
    #expect(text(patterns).hasPrefix("Papers show these patterns, where they can: Show without"))
    #expect(value("pattern.p", patterns) == 0.6 && value("pattern.p.n", patterns) == 25)
    let table = try #require(patterns.tables.first?.table)
    #expect(table["all_items"]?.values == .real([0.75]))
    #expect(table["n_all_items"]?.values == .integer([20]))
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
