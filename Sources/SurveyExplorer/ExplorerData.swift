import SurveyStats

/// The data of an explorer as its page carries them.
///
/// *Facts* are a JSON document, padded to four bytes, after its length and before the three bit planes
/// (asked, applies, yes), each column after column in words of 32 bits. *Texts* are a JSON document, its
/// frequent words coded (``WordCode``).
struct ExplorerData {
  let explorer: Explorer
  /// After how many bytes long texts are cut; `nil` when all are whole.
  var longestText: Int?

  private var matrix: BinaryMatrix { explorer.matrix }

  /// The names of metadata that every page has; what else papers have are their further columns.
  private static let columns = MetadataColumn.allCases

  /// The facts.
  var facts: [UInt8] {
    var json = JSONText()
    json.object { json in
      settings(&json)
      json.list("items", matrix.items) { json, item in
        json.object { json in
          json.text("id", item.id.description)
          json.text("category", item.id.category)
          json.text("name", item.id.name)
          json.text("label", item.label)
          json.text("module", item.module)
        }
      }
      json.list("slugs", matrix.papers) { $0.text(nil, $1.slug) }
      json.list("variables") { variables(&$0) }
      json.list("scores", explorer.scores) { $0.number(nil, $1) }
      tables(&json)
      readings(&json)
      json.list("citations", explorer.citations) { json, edge in
        json.number(nil, edge.from)
        json.number(nil, edge.to)
      }
      sources(&json)
      json.list("credits", matrix.credits) { json, credit in
        json.list { json in
          json.number(nil, credit.paper)
          json.number(nil, credit.item)
          json.number(nil, credit.share)
        }
      }
    }
    var document = json.bytes
    while document.count % 4 != 0 { document.append(UInt8(ascii: " ")) }
    var bytes: [UInt8] = []
    Self.append(UInt32(document.count), to: &bytes)
    bytes += document
    for plane in [matrix.asked, matrix.applies, matrix.yes] {
      for item in matrix.items.indices {
        for start in stride(from: 0, to: matrix.papers.count, by: 32) {
          var word: UInt32 = 0
          for row in start..<min(start + 32, matrix.papers.count) where plane[row, item] {
            word |= 1 << UInt32(row - start)
          }
          Self.append(word, to: &bytes)
        }
      }
    }
    return bytes
  }

  /// What is said of texts that are cut.
  private var remarkOnCutTexts: String? {
    longestText.map {
      "Reasons, evidence and details of more than \($0) letters are cut after a word, and end with …, so "
        + "that the page stays small; the scans have them whole."
    }
  }

  static func append(_ word: UInt32, to bytes: inout [UInt8]) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: word >> shift))
    }
  }

  private func settings(_ json: inout JSONText) {
    let settings = explorer.settings
    json.text("title", settings.title)
    json.text("generator", settings.generator)
    json.number("level", settings.level)
    json.number("z", Normal().upperQuantile((1 - settings.level) / 2))
    json.number("rows", matrix.papers.count)
    json.number("papers", matrix.distinctPaperCount)
    json.truth("weighted", matrix.papers.contains { $0.weight != nil })
    json.list("selection", settings.selection) { $0.text(nil, $1) }
    json.text("textRemark", settings.textRemark ?? remarkOnCutTexts)
    json.list("remarks", settings.remarks + [remarkOnCutTexts].compactMap { $0 }) {
      $0.text(nil, $1)
    }
    json.text("headline", explorer.headline)
    json.list("opening", explorer.opening) { $0.text(nil, $1) }
    json.list("changes", explorer.changes) { $0.text(nil, $1) }
  }

  private func variables(_ json: inout JSONText) {
    for column in Self.columns {
      let values = matrix.papers.map { column.values(of: $0) }
      guard values.contains(where: { !$0.isEmpty }) else { continue }
      json.object { json in
        json.text("name", column.rawValue)
        switch column {
        case .year, .weight:
          json.text("kind", "number")
          json.list(
            "values",
            matrix.papers.map { column == .year ? $0.year.map(Double.init) : $0.weight ?? 1 }
          ) { $0.number(nil, $1) }
        case .tags:
          json.text("kind", "labels")
          json.list("values", values) { json, labels in
            json.list(nil, labels) { $0.text(nil, $1) }
          }
        default:
          json.text("kind", "category")
          json.list("values", values) { $0.text(nil, $1.first) }
        }
      }
    }
    let names = matrix.papers.covariateNames
    let variables = matrix.variables
    for name in names.sorted() {
      // A column that shares its name with metadata or has no value is none of the language's.
      guard MetadataColumn(rawValue: name) == nil, let variable = try? variables(name) else {
        continue
      }
      further(name, variable.kind, &json)
    }
  }

  /// A further column of the papers, with its values as they were written where they are no numbers.
  private func further(_ name: String, _ kind: Variable.Kind, _ json: inout JSONText) {
    let texts = matrix.papers.map { paper in
      paper.covariates[name].flatMap { $0.isEmpty || $0 == "NA" ? nil : $0 }
    }
    guard texts.contains(where: { $0 != nil }) else { return }
    json.object { json in
      json.text("name", name)
      json.text("kind", kind.rawValue)
      switch kind {
      case .number, .count, .date:
        let numbers = (try? matrix.variables.numbers("`\(name.replacing("`", with: "``"))`")) ?? []
        json.list("values", numbers) { $0.number(nil, $1) }
        if kind == .date { json.list("texts", texts) { $0.text(nil, $1) } }
      case .labels:
        let labels = (try? matrix.variables.labels("`\(name.replacing("`", with: "``"))`")) ?? []
        json.list("values", labels) { json, labels in
          json.list(nil, labels) { $0.text(nil, $1) }
        }
      case .category, .answer: json.list("values", texts) { $0.text(nil, $1) }
      }
    }
  }

  private func tables(_ json: inout JSONText) {
    json.object("tables") { json in
      json.table("rates", explorer.rates)
      if let distribution = explorer.distribution { json.table("distribution", distribution) }
      if let trends = explorer.trends { json.table("trends", trends) }
      if let facts = explorer.facts { json.table("facts", facts) }
      for table in explorer.furtherTables { json.table(table.name, table) }
    }
    json.list("groups", explorer.groups) { json, group in
      json.object { json in
        json.text("column", group.column)
        json.table("rates", group.rates)
        if let differences = group.differences { json.table("differences", differences) }
      }
    }
    json.list("tensions", explorer.tensions) { json, row in
      json.object { json in
        json.text("name", row.topic.name)
        json.text("label", row.topic.label ?? row.topic.name)
        json.text("positive", row.topic.positive)
        json.text("nuanced", row.topic.nuanced)
        json.list("positivePapers", row.positivePapers) { $0.number(nil, $1) }
        json.list("nuancedPapers", row.nuancedPapers) { $0.number(nil, $1) }
      }
    }
  }

  private func readings(_ json: inout JSONText) {
    json.list("readings", explorer.readings) { json, reading in
      json.object { json in
        json.number("paper", reading.paper)
        json.number("version", reading.version)
        json.text("rater", reading.rater)
        json.text("cells", String(reading.cells.map(Self.letter)))
      }
    }
  }

  /// A cell as one letter.
  private static func letter(_ cell: Cell) -> Character {
    switch cell {
    case .yes: "1"
    case .no: "0"
    case .notApplicable: "-"
    case .absent: "."
    }
  }

  /// Who gave each answer, paper by paper: places in a list of names, -1 where it is not stated.
  private func sources(_ json: inout JSONText) {
    guard let sources = explorer.sources else { return }
    var names: [String] = []
    var places: [String: Int] = [:]
    var rows: [[Int]] = []
    for paper in matrix.papers {
      rows.append(
        matrix.items.map { item in
          guard let name = sources.source(of: item.id, for: paper) else { return -1 }
          if let place = places[name] { return place }
          places[name] = names.count
          names.append(name)
          return names.count - 1
        })
    }
    guard !names.isEmpty else { return }
    json.object("sources") { json in
      json.list("names", names) { $0.text(nil, $1) }
      json.list("cells", rows) { json, row in
        // Mostly one rater has given all answers of a paper.
        if Set(row).count == 1 {
          json.number(nil, row.first)
        } else {
          json.list(nil, row) { $0.number(nil, $1) }
        }
      }
    }
  }

  /// The texts; `nil` without any.
  var texts: [UInt8]? {
    guard explorer.settings.showsTexts, !explorer.papers.isEmpty else { return nil }
    let papers =
      longestText.map { limit in explorer.papers.map { $0.cut(to: limit) } }
      ?? explorer.papers
    let others =
      longestText.map { limit in explorer.readings.map { $0.cut(to: limit) } }
      ?? explorer.readings
    var json = JSONText()
    json.object { json in
      json.list("authors", papers) { json, paper in
        json.list(nil, paper.authors) { $0.text(nil, $1) }
      }
      json.list("findings", papers) { json, paper in
        json.list(nil, paper.keyFindings) { $0.text(nil, $1) }
      }
      json.list("claims", papers) { json, paper in
        json.list(nil, paper.claims) { json, claim in
          json.list { json in
            json.text(nil, claim.claim)
            json.text(nil, claim.evidence)
            json.text(nil, claim.support)
          }
        }
      }
      json.list("flags", papers) { json, paper in
        json.list(nil, paper.redFlags) { json, flag in
          json.list { json in
            json.text(nil, flag.flag)
            json.text(nil, flag.detail)
          }
        }
      }
      // Item by item, because justifications of one item are alike.
      json.list("justifications", matrix.items) { json, item in
        json.list(nil, papers) { $0.text(nil, $1.justifications[item.id]) }
      }
      json.list("readings", others) { json, reading in
        json.list(nil, matrix.items) { $0.text(nil, reading.justifications[$1.id]) }
      }
    }
    return WordCode.encode(json.bytes)
  }
}
