extension ReportSection {
  /// Items that readers see against items that they do not see.
  static let pairs = ReportSection(id: "pairs", title: "Visible against invisible") { analysis in
    guard let pairs = analysis.input.pairs else {
      throw SectionSkipped("no pairs were given; name a file with --pairs")
    }
    guard let sample = analysis.sample else { throw SectionSkipped("nothing applies") }
    let level = analysis.level
    let items = analysis.positions(.item)
    let position = { (name: String) in
      items.first {
        analysis.matrix.items[analysis.rates[$0].target.items[0]].id.description == name
          && analysis.rates[$0].estimate != nil
      }
    }
    let found = pairs.pairs.compactMap { pair -> (visible: Int, invisible: Int)? in
      guard let visible = position(pair.visible), let invisible = position(pair.invisible)
      else { return nil }
      return (visible, invisible)
    }
    guard !found.isEmpty else {
      throw SectionSkipped("both items of a pair apply to no papers, for every pair")
    }
    let differences = found.map {
      RateDifference(sample, first: $0.invisible, second: $0.visible, level: level)
    }
    let visible = found.map { analysis.rates[$0.visible] }
    let invisible = found.map { analysis.rates[$0.invisible] }
    let clear = differences.count { $0.isClear && ($0.estimate ?? 0) > 0 }
    let widest = differences.indices.max {
      (differences[$0].estimate ?? -1, -$0) < (differences[$1].estimate ?? -1, -$1)
    }
    var sentences: [Sentence] = [
      """
      In \(.count("clear_pairs", clear)) of \(.count("pairs", found.count)) pairs the visible item \
      passes more often than the invisible one, with the whole \(.level(level)) interval of the \
      difference above zero.
      """
    ]
    if let widest {
      let names = (
        analysis.label(of: visible[widest].target), analysis.label(of: invisible[widest].target)
      )
      sentences.append(
        """
        The difference is greatest between \(name: names.0), \
        \(analysis.quoted(visible[widest])), and \
        \(name: names.1), \
        \(analysis.quoted(invisible[widest])): \
        \(Sentence.difference("widest_gap", differences[widest], level: level)).
        """)
    }
    let gap = widest.map { differences[$0].estimate ?? 0 } ?? 0
    let left = pairs.pairs.count - found.count
    return Section(
      id: "pairs", title: "Visible against invisible", sentences: sentences,
      figures: [
        Figure(
          id: "pairs", title: "What readers see, and what they do not",
          caption: """
            Pass rates of the two items of each pair, each over the papers to which it applies. \
            \(.count("pairs", found.count)) pairs; n of each item is in the table.
            """,
          alternativeText: """
            Two points a pair. The widest gap is \(.points("widest_gap", gap)) points.
            """,
          source: "pairs",
          specification: PairPlot(
            rows: zip(visible, invisible).map {
              PairPlot.Row(
                first: EstimateRow($0, label: analysis.label(of: $0.target)),
                second: EstimateRow($1, label: analysis.label(of: $1.target)))
            }, least: leastPapers(of: analysis.matrix), firstName: "visible (above)",
            secondName: "invisible (below)"
          ).specification)
      ],
      tables: [
        SectionTable(
          table(visible, invisible, differences, level: level, analysis),
          caption: """
            Pass rates of a visible and an invisible item, and their difference with a \
            \(.level(level)) interval from the same draws of papers.
            """)
      ],
      paragraphs: left == 0
        ? []
        : ["\(.count("pairs_left_out", left)) pairs are left out: an item of them applies nowhere."]
    )
  }

  private static func table(
    _ visible: [Rate], _ invisible: [Rate], _ differences: [RateDifference], level: Double,
    _ analysis: ReportAnalysis
  ) -> Table {
    Table(
      name: "pairs",
      columns: [
        Column("visible", .text(visible.map { analysis.label(of: $0.target) })),
        Column("visible_term", .text(visible.map(\.target.columnName)), isDetail: true),
        Column("n_visible", .integer(visible.map(\.applicableCount))),
        Column("rate_visible", .real(visible.map(\.estimate)), style: .share),
        Column(
          "visible_low", .real(visible.map(\.lower)), style: .lowerLimit(of: "rate_visible")),
        Column(
          "visible_high", .real(visible.map(\.upper)), style: .upperLimit(of: "rate_visible")),
        Column("invisible", .text(invisible.map { analysis.label(of: $0.target) })),
        Column("invisible_term", .text(invisible.map(\.target.columnName)), isDetail: true),
        Column("n_invisible", .integer(invisible.map(\.applicableCount))),
        Column("rate_invisible", .real(invisible.map(\.estimate)), style: .share),
        Column(
          "invisible_low", .real(invisible.map(\.lower)), style: .lowerLimit(of: "rate_invisible")),
        Column(
          "invisible_high", .real(invisible.map(\.upper)), style: .upperLimit(of: "rate_invisible")
        ),
        Column("estimate", .real(differences.map(\.estimate)), style: .share),
        Column(
          "conf_low", .real(differences.map(\.lower)), style: .lowerLimit(of: "estimate")),
        Column(
          "conf_high", .real(differences.map(\.upper)), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(differences.map { _ in level })),
        Column("note", .text(differences.map(\.note))),
      ])
  }
}
