import SurveyStats

/// One scan of a simulated paper, written in the layout of its instrument version.
struct SimulatedScan {
  let simulation: CorpusSimulation
  let draw: PaperDraw
  let paper: Paper
  let version: Int
  let cells: [Cell]
  /// The items that do not apply, and whose answer says yes all the same.
  let contradicts: [Bool]
  var stream: RandomStream

  static func fileName(version: Int) -> String {
    version <= 3 ? "scan.json" : "scan-v\(version).json"
  }

  /// The text of the scan.
  mutating func text(style: ScanText.Style) -> [UInt8] {
    var json = ScanText(style: style)
    json.object { json in
      switch version {
      case 1:
        writePaper(&json)
        writeChecklist(&json)
        writeClaims(&json)
        writeTags(&json)
      case 2, 3:
        writePaper(&json)
        json.number("scan_version", version)
        json.list("active_modules", activeModules)
        writeTags(&json)
        writeChecklist(&json)
        writeClaims(&json)
      default:
        json.number("scan_version", version)
        json.text("paper_type", paper.type)
        writePaper(&json)
        writeChecklist(&json)
        writeClaims(&json)
        writeTags(&json)
      }
      json.text("key_findings", sentence(450))
      writeRedFlags(&json)
      writeCitedPapers(&json)
      if version >= 3 { writeEngagement(&json) }
      if version >= 4 { writeAttention(&json) }
    }
    return json.bytes
  }

  private var activeModules: [String] {
    zip(simulation.modules, draw.activeModules).filter(\.1).map(\.0)
  }

  private mutating func sentence(_ length: Int) -> String {
    let isShort = simulation.parameters.textLength == .short
    return SimulatedText.sentence(length: isShort ? min(40, length) : length, from: &stream)
  }

  private func writePaper(_ json: inout ScanText) {
    let venue = simulation.parameters.venues.values[draw.venue]
    json.object("paper") { json in
      json.text("title", paper.title)
      json.list("authors", ["A. Nonymous", "Zoë Ünreal"])
      json.number("year", paper.year)
      json.text("venue", venue.isEmpty ? nil : venue)
      json.text("arxiv_id", paper.arxivID)
      json.text("doi", paper.doi)
    }
  }

  private func writeTags(_ json: inout ScanText) {
    json.list("methodology_tags", paper.tags)
  }

  private mutating func writeChecklist(_ json: inout ScanText) {
    let items = simulation.parameters.items
    let asked = items.indices.filter { cells[$0] != .absent }
    guard version >= 4 else {
      writeItems(asked, key: "checklist", source: nil, &json)
      return
    }
    let sources = AnswerSources(version: version, choice: draw.raters)
    writeItems(asked.filter(simulation.isCore), key: "checklist", source: sources.core, &json)
    writeItems(
      asked.filter { !simulation.isCore($0) }, key: "type_checklist", source: sources.other, &json)
  }

  /// Writes items, nested by category.
  private mutating func writeItems(
    _ asked: [Int], key: String, source: String?, _ json: inout ScanText
  ) {
    let items = simulation.parameters.items
    var categories: [String] = []
    for item in asked where !categories.contains(items[item].item.id.category) {
      categories.append(items[item].item.id.category)
    }
    json.object(key) { json in
      for category in categories {
        let members = asked.filter { items[$0].item.id.category == category }
        if category.isEmpty {
          for item in members { writeItem(item, source: source, &json) }
        } else {
          json.object(category) { json in
            for item in members { writeItem(item, source: source, &json) }
          }
        }
      }
    }
  }

  private mutating func writeItem(_ item: Int, source: String?, _ json: inout ScanText) {
    let cell = cells[item]
    let justification = sentence(cell == .notApplicable ? 60 : 200)
    json.object(simulation.parameters.items[item].item.id.name) { json in
      json.flag("applies", cell != .notApplicable)
      json.flag("answer", cell == .yes || contradicts[item])
      json.text("justification", justification)
      json.text("source", source)
    }
  }

  private mutating func writeClaims(_ json: inout ScanText) {
    let levels = ["strong", "moderate", "weak"]
    json.list("claims") { json in
      for _ in 0..<5 {
        json.object { json in
          json.text("claim", sentence(110))
          json.text("evidence", sentence(220))
          json.text("supported", levels[stream.index(below: levels.count)])
        }
      }
    }
  }

  private mutating func writeRedFlags(_ json: inout ScanText) {
    json.list("red_flags") { json in
      for _ in 0..<stream.index(below: 5) {
        json.object { json in
          json.text("flag", sentence(35))
          json.text("detail", sentence(230))
        }
      }
    }
  }

  private mutating func writeCitedPapers(_ json: inout ScanText) {
    json.list("cited_papers") { json in
      for _ in 0..<(simulation.parameters.textLength == .short ? 2 : 10) {
        json.object { json in
          json.text("title", sentence(70))
          json.list("authors", ["B. Author"])
          json.number("year", paper.year.map { $0 - stream.index(below: 6) })
          json.text("relevance", sentence(150))
        }
      }
      for cited in simulation.citedPapers(of: draw) {
        json.object { json in
          json.text("title", cited.title)
          json.list("authors", ["A. Nonymous"])
          json.number("year", cited.year)
          json.text("arxiv_id", cited.arxivID)
          json.text("doi", cited.doi)
          json.text("relevance", "A paper of the same corpus.")
        }
      }
    }
  }

  private mutating func writeEngagement(_ json: inout ScanText) {
    let factors = [
      "practical_relevance", "surprise_contrarian", "fear_safety", "drama_conflict",
      "demo_ability", "brand_recognition",
    ]
    json.object("engagement_factors") { json in
      for factor in factors {
        json.object(factor) { json in
          json.number("score", stream.index(below: 3))
          json.text("justification", sentence(90))
        }
      }
    }
  }

  private mutating func writeAttention(_ json: inout ScanText) {
    json.object("hn_data") { json in
      json.number("points", stream.index(below: 400))
      json.number("comments", stream.index(below: 200))
      json.number("posts", 1 + stream.index(below: 9))
    }
  }
}
