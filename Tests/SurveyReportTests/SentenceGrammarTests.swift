import Testing

@testable import SurveyFigures
@testable import SurveyReport
@testable import SurveyStats

/// Every sentence of many small surveys reads like one that somebody wrote.
@Suite struct SentenceGrammarTests {
  /// What no sentence may hold, and why.
  private static var faults: [(pattern: Regex<Substring>, why: String)] {
    [
      (
        /(?:^|[^\d.,])0 (?:of|papers|items|answers|pairs|problems|components|factors|conclusions)\b/,
        "says something of nothing"
      ),
      (
        /\b(?:with|of|by|on|are|were) 1 (?:papers|items|components|factors|pairs|questions|answers|patterns)\b/,
        "one of many"
      ),
      (
        /(?:^|[^\d.,])1 (?:papers|items|answers|questions|components|factors|pairs|problems|conclusions)\b/,
        "one in the plural"
      ),
      (/\bof 1 of\b/, "one of one"),
      (/\?:|: :|;;/, "two signs in a row"),
      (/\) \(/, "two parentheses in a row"),
      (/[ ]{2}|\.\.|[ ],|[ ]\./, "stray spaces or stops"),
      (/(?:^|[ (])-\d/, "a hyphen for a minus sign"),
      (/\bnan\b|\bnil\b|inf\b/, "no number"),
      (/\(\)|“”/, "nothing in brackets"),
    ]
  }

  private static func matrix(seed: UInt64) -> BinaryMatrix {
    var random = RandomStream(seed: seed)
    let papers = [1, 2, 3, 8, 12, 25, 40, 120][random.index(below: 8)]
    let items = [1, 2, 3, 5, 9][random.index(below: 5)]
    let chances = (0..<items).map { _ in random.index(below: 11) }
    let asked = 5 + random.index(below: 6)
    var cells: [Cell] = []
    for _ in 0..<papers {
      for item in 0..<items {
        if random.index(below: 10) >= asked {
          cells.append(random.index(below: 2) == 0 ? .notApplicable : .absent)
        } else {
          cells.append(random.index(below: 10) < chances[item] ? .yes : .no)
        }
      }
    }
    return BinaryMatrix(
      papers: (0..<papers).map { paper in
        Paper(
          slug: "p\(paper)", year: 2019 + (paper * 7 + papers) % 5,
          venue: ["A", "B", "C"][paper % 3],
          type: ["empirical", "survey"][paper % 2])
      },
      items: (0..<items).map { Item(id: ItemID(category: "c\($0 % 2)", name: "item_\($0)")) }
    ) { paper, item in cells[paper * items + item] }
  }

  private static func report(seed: UInt64) async throws -> Report {
    let matrix = matrix(seed: seed)
    var input = ReportInput(
      matrix: matrix, settings: ReportSettings(title: "t", replicates: 39),
      design: { SamplingDesign(paperCount: $0.papers.count) })
    input.settings.version = "0.1.0"
    input.pairs = ItemPairs(pairs: [
      ItemPairs.Pair(visible: "c0.item_0", invisible: "c1.item_1"),
      ItemPairs.Pair(visible: "c0.item_2", invisible: "c1.item_1"),
    ])
    input.patterns = NamedPatterns(patterns: [
      try NamedPatterns.Pattern(name: "p", label: "Show", expression: "c0.item_0")
    ])
    if seed % 3 == 0 {
      let before = seed % 2 == 0 ? matrix : Self.matrix(seed: seed + 1)
      var past = input
      past.matrix = before
      let old = try await ReportAnalysis(past)
      var rates = Table(rates: [(nil, old.rates)], by: nil, level: 0.95)
      rates.name = "rates"
      input.earlier = try EarlierReport(
        matrix: try MatrixCSV().write(before), rates: CSVWriter().write(rates), distribution: nil,
        tiers: nil, patterns: nil, pairs: nil)
    }
    return try await Report(
      try await ReportAnalysis(input), choices: ReportSection.all.map { Report.Choice(id: $0.id) })
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func `sentences have no fault of form`(block: UInt64) async throws {
    for seed in block * 20..<(block + 1) * 20 {
      let faults = Self.faults
      for section in try await Self.report(seed: seed).sections where section.skipped == nil {
        let prose = section.sentences + section.paragraphs
        for sentence in prose + section.figures.map(\.alternativeText) {
          let text = sentence.text
          for (pattern, why) in faults where text.contains(pattern) {
            Issue.record("\(seed) \(section.id): \(why): \(text)")
          }
        }
        let levels = prose.map(\.text).joined(separator: " ").ranges(of: "(95% interval").count
        #expect(levels <= 1, "\(seed) \(section.id) says the level again")
      }
    }
  }
}
