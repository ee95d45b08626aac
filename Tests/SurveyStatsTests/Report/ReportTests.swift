@testable import SurveyStats
import Testing

@Suite struct ReportTests {
  @Test(arguments: ReportCorpora.allCases)
  func `every number in the prose is a fact`(corpus: ReportCorpora) async throws {
    for section in try await corpus.report().sections {
      let sentences =
        section.sentences + section.paragraphs + section.tables.map(\.caption)
        + section.figures.flatMap { [$0.caption, $0.alternativeText] }
      for fragment in sentences.flatMap(\.fragments) {
        if case .words(let words) = fragment {
          #expect(!words.contains { $0.isNumber }, "\(section.id): \(words)")
        }
      }
      for fact in section.facts {
        #expect(fact.value.isFinite, "\(section.id): \(fact.term)")
        #expect(Self.spells(fact.text, fact.value), "\(section.id): \(fact)")
      }
    }
  }

  @Test(arguments: ReportCorpora.allCases)
  func `facts about items and categories are those of the tables`(
    corpus: ReportCorpora
  ) async throws {
    let report = try await corpus.report()
    let rates = try #require(report.furtherTables.first { $0.name == "rates" })
    let known = try Self.rows(of: rates)
    for section in report.sections {
      for fact in section.facts {
        let parts = fact.term.split(separator: ".").map(String.init)
        let field = ["n", "conf_low", "conf_high"].contains(parts.last ?? "") ? parts.last : nil
        let term = field == nil ? fact.term : parts.dropLast().joined(separator: ".")
        guard let row = known[term] else { continue }
        let column = field == "n" ? "n_applicable" : field ?? "estimate"
        #expect(row[column] == fact.value, "\(section.id): \(fact.term)")
      }
    }
  }

  @Test(arguments: ReportCorpora.allCases)
  func `the facts table has every fact`(corpus: ReportCorpora) async throws {
    let report = try await corpus.report()
    let facts = try #require(report.furtherTables.first { $0.name == "facts" })
    #expect(facts.rowCount == report.sections.reduce(0) { $0 + $1.facts.count })
  }

  @Test(arguments: ReportCorpora.allCases)
  func `a figure's source is a table of the report`(corpus: ReportCorpora) async throws {
    let report = try await corpus.report()
    let names = Set(report.sections.flatMap(\.tables).map(\.table.name) + ["matrix"])
    for figure in report.figures { #expect(names.contains(figure.source), "\(figure.id)") }
    #expect(Set(report.figures.map(\.id)).count == report.figures.count)
  }

  @Test func `a corpus in which nothing applies has no headline, and says why`() async throws {
    let report = try await ReportCorpora.nothingApplies.report()
    let skipped = report.sections.filter { $0.skipped != nil }.map(\.id)
    #expect(skipped.contains("headline") && skipped.contains("items") && skipped.contains("scores"))
    #expect(report.card == nil)
    #expect(report.sections.contains { $0.id == "problems" && $0.skipped == nil })
  }

  @Test func `the number of tasks does not matter`() async throws {
    let one = try await ReportCorpora.simulated.report(jobs: 1)
    let three = try await ReportCorpora.simulated.report(jobs: 3)
    #expect(one.sections == three.sections)
    #expect(one.headlineJSON == three.headlineJSON)
  }

  @Test func `a corpus has not changed since itself`() async throws {
    let matrix = try ReportCorpora.simulated.matrix
    let report = try await ReportCorpora.simulated.report(earlier: matrix)
    let changes = try #require(report.sections.first { $0.id == "changes" })
    let facts = Dictionary(changes.facts.map { ($0.term, $0.value) }) { first, _ in first }
    #expect(facts["papers_added"] == 0 && facts["papers_removed"] == 0)
    #expect(facts["papers_rescanned"] == 0 && facts["papers_shared"] == 60)
    #expect(facts["overall.difference"] == 0 && facts["items_changed"] == 0)
  }

  @Test func `papers that came, went and were scanned anew are told apart`() async throws {
    let now = try ReportCorpora.simulated.matrix
    let before = BinaryMatrix(
      papers: Array(now.papers[5...]) + [Paper(slug: "gone")], items: now.items
    ) { paper, item in
      guard paper < 55 else { return .no }
      return paper == 0 ? .yes : now[paper + 5, item]
    }
    let report = try await ReportCorpora.simulated.report(earlier: before)
    let changes = try #require(report.sections.first { $0.id == "changes" })
    let facts = Dictionary(changes.facts.map { ($0.term, $0.value) }) { first, _ in first }
    #expect(facts["papers_added"] == 5)
    #expect(facts["papers_removed"] == 1)
    #expect(facts["papers_rescanned"] == 1)
    #expect(facts["papers_shared"] == 55)
  }

  /// Whether a text is the value, in percent or not, rounded as the text is.
  static func spells(_ text: String, _ value: Double) -> Bool {
    let digits = text.replacing(",", with: "").replacing("%", with: "")
    let decimals = digits.split(separator: ".").dropFirst().first?.count ?? 0
    return [value, 100 * value].contains {
      abs((Double(digits) ?? .nan) - $0) <= 0.5 * [1, 0.1, 0.01, 0.001][min(decimals, 3)] + 1e-9
    }
  }

  /// The numbers of a table of rates by the name of the target.
  static func rows(of table: Table) throws -> [String: [String: Double]] {
    let document = try CSVDocument(CSVWriter().write(table))
    var result: [String: [String: Double]] = [:]
    for row in document.rows {
      var numbers: [String: Double] = [:]
      for (name, cell) in zip(document.header, row) { numbers[name] = cell.flatMap { Double($0) } }
      let text = { (name: String) in document.column(name).flatMap { row[$0] } ?? "" }
      let target = RateTarget(
        level: try #require(RateTarget.Level(rawValue: text("level"))), category: text("category"),
        term: text("term"), items: [])
      result[target.columnName] = numbers
    }
    return result
  }
}
