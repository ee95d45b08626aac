import SurveyFigures
import SurveyStats

extension ReportSection {
  /// All answers at a glance: papers by items.
  static let map = ReportSection(id: "map", title: "All answers at a glance") { analysis in
    let matrix = analysis.matrix
    guard analysis.overall != nil else { throw SectionSkipped("no item applies to any paper") }
    let scores = analysis.scores.overall.values
    let order = matrix.papers.indices.sorted { left, right in
      let (a, b) = (scores[left] ?? -1, scores[right] ?? -1)
      return a == b ? left < right : a > b
    }
    let ranked = analysis.rankedItems.map { $0.target.items[0] }
    let items = ranked.count <= 150 ? ranked : Array(ranked.prefix(75) + ranked.suffix(75))
    let drawn = matrix.selecting(items: items)
    let picture = TrafficLight(
      drawn, papers: order, labels: items.map { analysis.label(ofItem: $0) })
    let parts = MapPart.parts(of: drawn, order: order)
    let shared: Sentence =
      picture.papersPerColumn == 1
      ? "Each column is a paper"
      : """
      Each column is \(.count("papers_a_column", picture.papersPerColumn)) papers of neighbouring \
      scores, their answers stacked
      """
    return Section(
      id: "map", title: "All answers at a glance",
      sentences: [
        """
        \(shared), from the highest scores on the left to the lowest on the right; each row is an \
        item, from the most to the least often passed.
        """
      ],
      figures: [
        Figure(
          id: "map", title: MapPart.title(parts),
          caption: """
            Papers by items. Blue: yes. Orange: no. Grey: does not apply. Faint: never asked. \
            \(Sentence.papers(matrix.distinctPaperCount)) by \
            \(Sentence.number("drawn_items", items.count, of: "item", "items")).
            """,
          alternativeText: MapPart.finding(parts), source: "matrix",
          specification: picture.specification)
      ],
      tables: [
        SectionTable(
          MapPart.table(parts),
          caption: """
            The cells of the map by score of the papers, from the highest: those answered with yes \
            and no, those that do not apply or were never asked, and yes over applicable answers.
            """)
      ])
  }
}

/// Neighbouring papers of the map, and the states of their cells.
private struct MapPart {
  let name: String
  let papers: Int
  let yes: Int
  let no: Int
  let notApplicable: Int
  let absent: Int

  var share: Double? { yes + no == 0 ? nil : Double(yes) / Double(yes + no) }

  /// The papers in quarters of equal size, as nearly as can be; fewer than four are one part each.
  static func parts(of matrix: BinaryMatrix, order: [Int]) -> [MapPart] {
    let count = min(4, order.count)
    let names =
      count == 4
      ? ["highest quarter", "second quarter", "third quarter", "lowest quarter"]
      : Array(["first paper", "second paper", "third paper"].prefix(count))
    return names.enumerated().map { index, name in
      let rows = order[order.count * index / count..<order.count * (index + 1) / count]
      var states = [Int](repeating: 0, count: Cell.allCases.count)
      for row in rows {
        for item in matrix.items.indices { states[Int(matrix[row, item].rawValue)] += 1 }
      }
      let count = { (cell: Cell) in states[Int(cell.rawValue)] }
      return MapPart(
        name: name, papers: rows.count, yes: count(.yes), no: count(.no),
        notApplicable: count(.notApplicable), absent: count(.absent))
    }
  }

  /// What the map shows, in a phrase.
  static func title(_ parts: [MapPart]) -> String {
    guard let high = parts.first, let low = parts.last, parts.count == 4, let most = high.share,
      let least = low.share
    else { return "Papers by items" }
    let digits = NumberFormat.shareDigits([most, least])
    let shares = [most, least].map { NumberFormat.percent($0, digits: digits) }
    return "The highest quarter of papers passes \(shares[0]), the lowest \(shares[1])"
  }

  /// What the map shows, from the cells of its parts.
  static func finding(_ parts: [MapPart]) -> Sentence {
    let answers = parts.reduce(0) { $0 + $1.yes + $1.no }
    let yes = parts.reduce(0) { $0 + $1.yes }
    let cells = answers + parts.reduce(0) { $0 + $1.notApplicable + $1.absent }
    let whole: Sentence = """
      A map of \(.count("map_cells", cells)) cells: \(.count("map_yes", yes)) are yes, \
      \(.count("map_no", answers - yes)) no, and \(.count("map_without_answer", cells - answers)) \
      without an answer.
      """
    guard let high = parts.first, let low = parts.last, parts.count > 1, let most = high.share,
      let least = low.share
    else { return whole }
    return """
      \(whole) By score, \(.share("map_highest", most)) of the answers of the \(words: high.name) are \
      yes (n = \(.count("map_highest.n", high.yes + high.no))), and \(.share("map_lowest", least)) of \
      those of the \(words: low.name) (n = \(.count("map_lowest.n", low.yes + low.no))).
      """
  }

  static func table(_ parts: [MapPart]) -> Table {
    Table(
      name: "map-parts",
      columns: [
        Column("part", .text(parts.map(\.name))), Column("n_papers", .integer(parts.map(\.papers))),
        Column("n_yes", .integer(parts.map(\.yes))), Column("n_no", .integer(parts.map(\.no))),
        Column("n_not_applicable", .integer(parts.map(\.notApplicable))),
        Column("n_absent", .integer(parts.map(\.absent))),
        Column("estimate", .real(parts.map(\.share)), style: .share),
      ])
  }
}
