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
    let picture = TrafficLight(
      matrix.selecting(items: items), papers: order,
      labels: items.map { analysis.label(ofItem: $0) })
    let drawn = picture.papers.count
    let some: Sentence =
      drawn == order.count ? "" : "\(.count("drawn_papers", drawn)) evenly spaced of "
    return Section(
      id: "map", title: "All answers at a glance",
      sentences: [
        """
        Each column is a paper, from the highest score on the left to the lowest on the right; \
        each row is an item, from the most to the least often passed.
        """
      ],
      figures: [
        Figure(
          id: "map", title: "Papers by items",
          caption: """
            Blue: yes. Orange: no. Grey: does not apply. Empty: never asked. \(some)\
            \(.count("papers", order.count)) papers by \(.count("drawn_items", items.count)) items.
            """,
          alternativeText: """
            A map of the answers of \(.count("papers", order.count)) papers to \
            \(.count("drawn_items", items.count)) items; yes gathers at the upper left.
            """,
          source: "matrix", specification: picture.specification)
      ])
  }
}
