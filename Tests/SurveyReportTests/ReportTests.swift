import Testing

@testable import SurveyFigures
@testable import SurveyReport
@testable import SurveyStats

@Suite struct ReportTests {
  @Test(arguments: ReportCorpora.allCases)
  func `every number in the prose is a fact`(corpus: ReportCorpora) async throws {
    for section in try await corpus.cached().sections {
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
    let report = try await corpus.cached()
    let rates = try #require(report.furtherTables.first { $0.name == "rates" })
    let known = try Self.rows(of: rates)
    for section in report.sections {
      for fact in section.facts {
        let parts = fact.term.split(separator: ".").map(String.init)
        let field = ["n", "conf_low", "conf_high"].contains(parts.last ?? "") ? parts.last : nil
        let term = field == nil ? fact.term : parts.dropLast().joined(separator: ".")
        guard let row = known[term] else { continue }
        let column = field == "n" ? "n_papers" : field ?? "estimate"
        #expect(row[column] == fact.value, "\(section.id): \(fact.term)")
      }
    }
  }

  @Test(arguments: ReportCorpora.allCases)
  func `every fact that is no whole number is a number of a table`(
    corpus: ReportCorpora
  ) async throws {
    let report = try await corpus.report(earlier: try corpus.matrix)
    let tables = report.sections.flatMap(\.tables).map(\.table) + report.furtherTables
    let known = Set(tables.filter { $0.name != "facts" }.flatMap(Self.numbers))
    for section in report.sections {
      for fact in section.facts where fact.value != fact.value.rounded() {
        // A verb may say the direction of a change, and the number its size.
        let isKnown = known.contains(fact.value) || known.contains(-fact.value)
        #expect(isKnown, "\(section.id): \(fact)")
      }
    }
  }

  @Test(arguments: ReportCorpora.allCases)
  func `the numbers that a picture draws are those of its table`(
    corpus: ReportCorpora
  ) async throws {
    let report = try await corpus.cached()
    let tables = report.sections.flatMap(\.tables).map(\.table)
    for figure in report.figures {
      guard let table = tables.first(where: { $0.name == figure.source }),
        case .array(let rows)? = figure.specification.root["data"]?["values"]
      else { continue }
      let known = Set(Self.numbers(of: table))
      for row in rows {
        for key in ["estimate", "conf_low", "conf_high", "eigenvalue", "loading", "n_papers", "r"] {
          guard case .number(let value)? = row[key] else { continue }
          let isKnown = known.contains(value)
          #expect(isKnown, "\(figure.id): \(key) \(value)")
        }
      }
    }
  }

  @Test(arguments: [ReportCorpora.simulated, .noMetadata, .weighted])
  func `what is counted in prose can be counted again in the tables`(
    corpus: ReportCorpora
  ) async throws {
    let report = try await corpus.cached()
    let items = try #require(
      report.sections.flatMap(\.tables).first { $0.table.name == "items" }?.table)
    let document = try CSVDocument(CSVWriter().write(items))
    func column(_ name: String) -> [Double?] {
      document.rows.map { row in
        document.column(name).flatMap { row[$0] }.flatMap { Double($0) }
      }
    }
    let facts = try #require(report.sections.first { $0.id == "items" }).facts
    let value = { (term: String) in facts.first { $0.term == term }.map { Int($0.value) } }
    #expect(value("rated_items") == document.rows.count)
    #expect((value("below_half") ?? 0) == column("estimate").count { ($0 ?? 1) < 0.5 })
    #expect((value("clearly_below_half") ?? 0) == column("conf_high").count { ($0 ?? 1) < 0.5 })
    #expect((value("clearly_above_half") ?? 0) == column("conf_low").count { ($0 ?? 0) > 0.5 })
  }

  @Test func `scans of the same papers are compared`() async throws {
    let report = try await ReportCorpora.scannedTwice.cached()
    let raters = try #require(report.sections.first { $0.id == "raters" })
    #expect(raters.skipped == nil)
    let facts = Dictionary(raters.facts.map { ($0.term, $0.value) }) { first, _ in first }
    #expect(facts["papers_scanned_again"] == 20 && facts["pairs_of_scans"] == 20)
    let matrix = try ReportCorpora.scannedTwice.matrix
    var (cells, shares) = (0, [Double]())
    for item in matrix.items.indices {
      let pairs = (0..<20).map { [matrix[$0, item], matrix[$0 + 30, item]] }
        .filter { $0.allSatisfy { $0 == .yes || $0 == .no } }
      cells += pairs.count
      if !pairs.isEmpty {
        shares.append(Double(pairs.count { $0[0] == $0[1] }) / Double(pairs.count))
      }
    }
    let mean = shares.reduce(0, +) / Double(shares.count)
    #expect(abs((facts["same_answer"] ?? 0) - mean) < 1e-12)
    #expect(facts["same_answer.n"] == Double(cells))
  }

  @Test func `sections without what they need say so`() async throws {
    let report = try await ReportCorpora.noMetadata.cached()
    let skipped = Dictionary(
      report.sections.map { ($0.id, $0.skipped) }, uniquingKeysWith: { first, _ in first })
    for id in ["changes", "pairs", "patterns", "groups", "trends", "logit", "raters"] {
      #expect(skipped[id] as? String != nil, "\(id)")
    }
  }

  @Test func `the methods cite what the sections of the report used`() async throws {
    let all = try await ReportCorpora.clustered.cached()
    let methods = try #require(all.sections.first { $0.id == "methods" })
    for author in ["Horn", "Firth", "Harman", "Fisher"] {
      #expect(methods.references.contains { $0.hasPrefix(author) }, "\(author)")
    }
    #expect(Set(methods.references).count == methods.references.count)
    let none = try await ReportCorpora.nothingApplies.cached()
    let few = try #require(none.sections.first { $0.id == "methods" })
    #expect(!few.references.contains { $0.hasPrefix("Horn") || $0.hasPrefix("Firth") })
  }

  @Test func `the facts table is not empty`() async throws {
    let report = try await ReportCorpora.simulated.cached()
    #expect(report.furtherTables.first { $0.name == "facts" }?.rowCount ?? 0 > 100)
  }

  @Test(arguments: ReportCorpora.allCases)
  func `the facts table has every fact`(corpus: ReportCorpora) async throws {
    let report = try await corpus.cached()
    let facts = try #require(report.furtherTables.first { $0.name == "facts" })
    #expect(facts.rowCount == report.sections.reduce(0) { $0 + $1.facts.count })
  }

  @Test(arguments: ReportCorpora.allCases)
  func `a figure's source is a table of the report`(corpus: ReportCorpora) async throws {
    let report = try await corpus.cached()
    let tables = report.sections.flatMap(\.tables).map(\.table) + report.furtherTables
    let names = Set(tables.map(\.name) + ["matrix"])
    for figure in report.figures { #expect(names.contains(figure.source), "\(figure.id)") }
    #expect(Set(report.figures.map(\.id)).count == report.figures.count)
  }

  @Test func `a corpus in which nothing applies has no headline, and says why`() async throws {
    let report = try await ReportCorpora.nothingApplies.cached()
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
    #expect(facts["papers_shared"] == 60)
    for term in ["papers_added", "papers_removed", "papers_rescanned", "conclusions_changed"] {
      #expect(facts[term] == nil, "\(term) is zero, which is not said")
    }
    let words = changes.sentences.map(\.text).joined(separator: " ")
    #expect(
      words.hasPrefix("Papers and answers are those of the earlier report: 60 papers in both."))
    #expect(words.ranges(of: ", as before.").count == 2)
    #expect(!words.contains("cannot tell") && !words.contains("changed clearly"))
    let tables = Dictionary(changes.tables.map { ($0.table.name, $0.table) }) { first, _ in first }
    for name in ["changes", "changed-scores"] {
      guard case .real(let differences)? = tables[name]?["estimate"]?.values,
        case .real(let old)? = tables[name]?["old"]?.values,
        case .real(let new)? = tables[name]?["new"]?.values
      else {
        Issue.record("no table \(name)")
        continue
      }
      #expect(old == new && differences.allSatisfy { $0 == 0 || $0 == nil })
    }
    guard case .text(let levels)? = tables["changes"]?["level"]?.values else { return }
    #expect(Set(levels.compactMap { $0 }).isSuperset(of: ["item", "pattern", "pair", "score"]))
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

  @Test func `states without a common paper are compared with care`() async throws {
    let now = try ReportCorpora.simulated.matrix
    let before = BinaryMatrix(
      papers: (0..<3).map { Paper(slug: "old-\($0)") }, items: now.items
    ) { _, item in item % 2 == 0 ? .yes : .no }
    let report = try await ReportCorpora.simulated.report(earlier: before)
    let changes = try #require(report.sections.first { $0.id == "changes" })
    #expect(changes.sentences[0].text.hasSuffix("removed; the two reports share no paper."))
    let table = try #require(changes.tables.first { $0.table.name == "changes" }?.table)
    guard case .real(let old)? = table["old"]?.values,
      case .real(let low)? = table["conf_low"]?.values,
      case .real(let high)? = table["conf_high"]?.values
    else {
      Issue.record("no columns")
      return
    }
    // Three papers of three: Wilson's limits of such a rate are 56 points apart.
    for row in old.indices where old[row] == 0 || old[row] == 1 {
      if let low = low[row], let high = high[row] { #expect(high - low > 0.3) }
    }
  }

  @Test func `conclusions that change are marked, for shares, gaps and scores`() {
    func number(
      _ kind: ChangedNumber.Kind, _ old: (Double, Double), _ new: (Double, Double)
    ) -> ChangedNumber {
      ChangedNumber(
        level: "", label: "", term: "", kind: kind,
        old: Estimate(0, lower: old.0, upper: old.1), published: nil,
        new: Estimate(0, lower: new.0, upper: new.1), difference: nil)
    }
    let share = number(.share, (0.4, 0.6), (0.51, 0.6))
    #expect(share.changesConclusion && share.newConclusion == "more than half")
    #expect(!number(.share, (0.1, 0.2), (0.3, 0.4)).changesConclusion)
    #expect(number(.gap, (-0.1, 0.2), (0.1, 0.2)).newConclusion == "above zero")
    #expect(!number(.gap, (-0.1, 0.2), (-0.2, 0)).changesConclusion)
    let score = number(.score(.standard), (51, 54), (51, 61))
    #expect(score.changesConclusion && score.oldConclusion == "50-60")
    #expect(!number(.plain, (1, 2), (3, 4)).changesConclusion)
  }

  /// All numbers of a table.
  static func numbers(of table: Table) -> [Double] {
    table.columns.flatMap { column -> [Double] in
      switch column.values {
      case .text(let values): values.compactMap { $0.flatMap { Double($0) } }
      case .integer(let values): values.compactMap { $0.map(Double.init) }
      case .real(let values): values.compactMap { $0 }
      }
    }
  }

  /// Whether a text is the value, in percent or not, rounded as the text is.
  static func spells(_ text: String, _ value: Double) -> Bool {
    let digits = text.replacing(",", with: "").replacing("%", with: "")
      .replacing("−", with: "-")
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
