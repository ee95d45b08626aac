import SurveyFigures
import SurveyStats

extension ReportSection {
  /// Items that readers see against items that they do not see.
  static let pairs = ReportSection(id: "pairs", title: "Visible against invisible") { analysis in
    guard let pairs = analysis.input.pairs else {
      throw SectionSkipped("no pairs were given; name a file with --pairs")
    }
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
    let compared = found.map { analysis.pair($0.visible, $0.invisible) }
    let differences = compared.map(\.difference)
    let visible = found.map { analysis.rates[$0.visible] }
    let invisible = found.map { analysis.rates[$0.invisible] }
    let phrase = { (pair: Int) -> Sentence in
      """
      \(name: analysis.label(of: visible[pair].target)), \(analysis.quoted(visible[pair])), against \
      \(name: analysis.label(of: invisible[pair].target)), \(analysis.quoted(invisible[pair])): \
      \(Sentence.difference("gap:\(visible[pair].target.term)", differences[pair], level: level))
      """
    }
    let least = PaperGroup.leastPapers
    let ranked = differences.indices.filter {
      min(visible[$0].applicableCount, invisible[$0].applicableCount) >= least
    }.sorted { (differences[$0].value ?? 0, $1) > (differences[$1].value ?? 0, $0) }
    let clear = ranked.filter { differences[$0].isClear && (differences[$0].value ?? 0) > 0 }
    let drawn = ranked + differences.indices.filter { !ranked.contains($0) }
    var sentences: [Sentence] = [
      clear.isEmpty
        ? "The visible item does not clearly pass more often than the invisible one in any pair."
        : """
        In \(.count("clear_pairs", clear.count)) of \
        \(.number("pairs", found.count, of: "pair", "pairs")) the visible item clearly passes more often \
        than the invisible one: both apply to at least \(.papers(least, as: "least_papers")), and the \
        whole \(.level(level)) interval of the difference lies above zero.
        """
    ]
    if let widest = clear.first {
      let which: Sentence =
        clear.count > 1 ? "The widest of these is that of " : "It is that of "
      sentences.append("\(which)\(phrase(widest)).")
    }
    let findings = ranked.compactMap { pair -> Finding? in
      guard let effect = differences[pair].value, effect > 0,
        let seen = visible[pair].estimate, let unseen = invisible[pair].estimate
      else { return nil }
      let term = visible[pair].target.columnName
      let other = invisible[pair].target.columnName
      let names = [visible, invisible].map { analysis.label(of: $0[pair].target) }
      let digits = NumberFormat.shareDigits([seen, unseen])
      let exact = NumberFormat.shareDigits(beside: differences[pair])
      let high = Fact.share(term, seen, digits: digits)
      let low = Fact.share(other, unseen, digits: digits)
      return Finding(
        kind: .pair, section: "pairs", effect: effect, lower: differences[pair].lower,
        upper: differences[pair].upper, candidates: ranked.count,
        papers: min(visible[pair].paperCount, invisible[pair].paperCount),
        headline: "\(name: names[0]): \(high); \(name: names[1]): \(low)",
        sentence: """
          “\(name: names[0])” holds for \(.share(term, seen, digits: exact)) of \(.papers(visible[pair].paperCount, as: "\(term).n")), \
          “\(name: names[1])” for only \(.share(other, unseen, digits: exact)) of \(.papers(invisible[pair].paperCount, as: "\(other).n")): a gap of \
          \(Sentence.difference("gap:\(visible[pair].target.term)", differences[pair], level: level)).
          """,
        number: low,
        statement: """
          of the papers pass “\(name: names[1])”, while “\(name: names[0])” holds for \(high)
          """)
    }
    let left = pairs.pairs.count - found.count
    let basis: Sentence =
      analysis.input.settings.pairBasis == .own
      ? "each item over the papers to which it applies"
      : "over the papers to which both items apply"
    return Section(
      id: "pairs", title: "Visible against invisible", sentences: sentences,
      figures: [
        Figure(
          id: "pairs",
          title: findings.first?.headline.text ?? "No gap between visible and invisible is clear",
          caption: """
            Pass rates of the two items of each pair, each over the papers to which it applies, with \
            \(.level(level)) intervals and n; the widest gap first.
            """,
          alternativeText: clear.first.map {
            "Two points a pair. The widest clear gap is that of \(phrase($0))."
          } ?? "Two points a pair; no gap is clear.",
          source: "pairs",
          specification: PairPlot(
            rows: drawn.map {
              PairPlot.Row(
                first: EstimateRow(visible[$0], label: analysis.label(of: visible[$0].target)),
                second: EstimateRow(
                  invisible[$0], label: analysis.label(of: invisible[$0].target)))
            }, least: leastPapers(of: analysis.matrix), firstName: "visible (above)",
            secondName: "invisible (below)"
          ).specification)
      ],
      tables: [
        SectionTable(
          table(visible, invisible, compared, level: level, analysis),
          caption: """
            Pass rates of a visible and an invisible item, each over the papers to which it applies, \
            and their difference, \(basis), with a \(.level(level)) interval that allows for answers \
            of the same papers.
            """)
      ],
      paragraphs: left == 0
        ? []
        : [
          """
          \(Sentence.number("pairs_left_out", left, of: "pair is", "pairs are")) left out: an item of \
          \(words: left == 1 ? "it" : "them") applies nowhere.
          """
        ], findings: findings)
  }

  private static func table(
    _ visible: [Rate], _ invisible: [Rate], _ differences: [PairDifference], level: Double,
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
        Column("basis", .text(differences.map(\.basis.rawValue))),
        Column("estimate", .real(differences.map(\.estimate)), style: .points),
        Column(
          "conf_low", .real(differences.map(\.difference.lower)), style: .lowerLimit(of: "estimate")
        ),
        Column(
          "conf_high", .real(differences.map(\.difference.upper)),
          style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(differences.map { _ in level })),
        Column("interval", .text(differences.map(\.interval)), isDetail: true),
        Column("p_value", .real(differences.map(\.pValue)), style: .pValue, isDetail: true),
        Column("n_joint", .integer(differences.map(\.counts.count)), isDetail: true),
        Column(
          "other_basis", .real(differences.map(\.otherEstimate)), style: .points, isDetail: true),
        Column("note", .text(differences.map(\.note))),
      ])
  }
}

extension ReportAnalysis {
  /// The difference of two items by the positions of their rates, as ``Pairs`` has it.
  func pair(_ visible: Int, _ invisible: Int) -> PairDifference {
    PairDifference(
      matrix, rates[visible].target.items[0], rates[invisible].target.items[0],
      basis: input.settings.pairBasis, design: design, level: level)
  }
}
