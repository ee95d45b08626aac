import SurveyFigures
import SurveyStats

extension ReportSection {
  /// Items that readers see against items that they do not see.
  static let pairs = ReportSection(id: "pairs", title: "Visible against invisible") { analysis in
    guard let pairs = analysis.input.pairs else {
      throw SectionSkipped("no pairs were given; name a file with `pairs:`")
    }
    guard let gaps = PairGaps(analysis) else {
      throw SectionSkipped("both items of a pair apply to no papers, for every pair")
    }
    let level = analysis.level
    let (visible, invisible) = (gaps.visible, gaps.invisible)
    let differences = gaps.compared.map(\.difference)
    let (ranked, clear, least) = (gaps.ranked, gaps.clear, PairGaps.leastPapers)
    let phrase = { gaps.phrase($0, analysis) }
    var sentences: [Sentence] = [
      clear.isEmpty
        ? "The visible item does not clearly pass more often than the invisible one in any pair."
        : """
        In \(.count("clear_pairs", clear.count)) of \
        \(.number("pairs", visible.count, of: "pair", "pairs")) the visible item clearly passes more often \
        than the invisible one: both apply to at least \(.papers(least, as: "least_papers")), and the \
        whole \(.level(level)) interval of the difference lies above zero.
        """
    ]
    if let widest = clear.first {
      let which: Sentence =
        clear.count > 1 ? "The widest of these is that of " : "It is that of "
      sentences.append("\(which)\(phrase(widest)).")
    }
    let findings = ranked.compactMap { gaps.finding($0, analysis) }
    let left = pairs.pairs.count - visible.count
    let basis: Sentence =
      analysis.input.settings.pairBasis == .own
      ? "each item over the papers to which it applies"
      : "over the papers to which both items apply"
    return Section(
      id: "pairs", title: "Visible against invisible", sentences: sentences,
      figures: [gaps.figure(id: "pairs", most: .max, analysis)],
      tables: [
        SectionTable(
          table(visible, invisible, gaps.compared, level: level, analysis),
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
        Column("interval", .text(differences.map(\.interval.rawValue)), isDetail: true),
        Column("p_value", .real(differences.map(\.pValue)), style: .pValue, isDetail: true),
        Column("n_joint", .integer(differences.map(\.counts.count)), isDetail: true),
        Column(
          "other_basis", .real(differences.map(\.otherEstimate)), style: .points, isDetail: true),
        Column("note", .text(differences.map(\.note))),
      ])
  }
}

/// The known pairs of a corpus, with the rates of their items and what lies between them.
struct PairGaps {
  /// How many papers both items of a pair need before it is ranked.
  static let leastPapers = PaperGroup.leastPapers

  let visible: [Rate]
  let invisible: [Rate]
  let compared: [PairDifference]
  /// The pairs of which both items apply to enough papers, the widest gap first.
  let ranked: [Int]
  /// Those of them whose visible item clearly passes more often.
  let clear: [Int]

  /// Compares the pairs of which both items apply to a paper; `nil` without any.
  init?(_ analysis: ReportAnalysis) {
    let items = analysis.positions(.item)
    let position = { (name: String) in
      items.first {
        analysis.matrix.items[analysis.rates[$0].target.items[0]].id.description == name
          && analysis.rates[$0].estimate != nil
      }
    }
    let found = (analysis.input.pairs?.pairs ?? []).compactMap { pair -> (Int, Int)? in
      guard let visible = position(pair.visible), let invisible = position(pair.invisible)
      else { return nil }
      return (visible, invisible)
    }
    guard !found.isEmpty else { return nil }
    let visible = found.map { analysis.rates[$0.0] }
    let invisible = found.map { analysis.rates[$0.1] }
    let compared = found.map { analysis.pair($0.0, $0.1) }
    let differences = compared.map(\.difference)
    let ranked = differences.indices.filter {
      min(visible[$0].applicableCount, invisible[$0].applicableCount) >= Self.leastPapers
    }.sorted { (differences[$0].value ?? 0, $1) > (differences[$1].value ?? 0, $0) }
    clear = ranked.filter { differences[$0].isClear && (differences[$0].value ?? 0) > 0 }
    (self.visible, self.invisible) = (visible, invisible)
    (self.compared, self.ranked) = (compared, ranked)
  }

  /// Both items of a pair with their rates, and the gap.
  func phrase(_ pair: Int, _ analysis: ReportAnalysis) -> Sentence {
    """
    \(name: analysis.label(of: visible[pair].target)), \(analysis.quoted(visible[pair])), against \
    \(name: analysis.label(of: invisible[pair].target)), \(analysis.quoted(invisible[pair])): \
    \(Sentence.difference(
      "gap:\(visible[pair].target.term)", compared[pair].difference, level: analysis.level))
    """
  }

  /// A gap as something to lead with; `nil` where the visible item does not pass more often.
  func finding(_ pair: Int, _ analysis: ReportAnalysis) -> Finding? {
    let difference = compared[pair].difference
    guard let effect = difference.value, effect > 0, let seen = visible[pair].estimate,
      let unseen = invisible[pair].estimate
    else { return nil }
    let term = visible[pair].target.columnName
    let other = invisible[pair].target.columnName
    let names = [visible, invisible].map { analysis.label(of: $0[pair].target) }
    let digits = NumberFormat.shareDigits([seen, unseen])
    let exact = NumberFormat.shareDigits(beside: difference)
    let high = Fact.share(term, seen, digits: digits)
    let low = Fact.share(other, unseen, digits: digits)
    let many = Sentence.papers(visible[pair].paperCount, as: "\(term).n")
    let few = Sentence.papers(invisible[pair].paperCount, as: "\(other).n")
    return Finding(
      kind: .pair, section: "pairs", effect: effect, lower: difference.lower,
      upper: difference.upper, candidates: ranked.count,
      papers: min(visible[pair].paperCount, invisible[pair].paperCount),
      headline: "\(name: names[0]): \(high); \(name: names[1]): \(low)",
      sentence: """
        “\(name: names[0])” holds for \
        \(seen == 1 ? "all \(many)" : "\(.share(term, seen, digits: exact)) of \(many)"), \
        “\(name: names[1])” for \
        \(unseen == 0 ? "none of \(few)" : "only \(.share(other, unseen, digits: exact)) of \(few)"): \
        a gap of \
        \(Sentence.difference(
          "gap:\(visible[pair].target.term)", difference, level: analysis.level)).
        """,
      number: low,
      statement: """
        of the papers pass “\(name: names[1])”, while “\(name: names[0])” holds for \(high)
        """)
  }

  /// The pairs with the widest gaps, and after them those that rest on few papers.
  func figure(id: String, most: Int, _ analysis: ReportAnalysis) -> Figure {
    let drawn = ranked + compared.indices.filter { !ranked.contains($0) }
    let first = ranked.lazy.compactMap { finding($0, analysis) }.first
    let which: Sentence =
      drawn.count > most
      ? """
      The \(.count("drawn_pairs", most)) of \(.count("pairs", drawn.count)) pairs with the widest gaps: pass \
      rates of their two items
      """
      : "Pass rates of the two items of each pair"
    return Figure(
      id: id, title: first?.headline.text ?? "No gap between visible and invisible is clear",
      caption: """
        \(which), each over the papers to which it applies, with \(.level(analysis.level)) intervals and n; the \
        widest gap first.
        """,
      alternativeText: clear.first.map {
        "Two points a pair. The widest clear gap is that of \(phrase($0, analysis))."
      } ?? "Two points a pair; no gap is clear.",
      source: "pairs",
      specification: PairPlot(
        rows: drawn.prefix(most).map {
          PairPlot.Row(
            first: EstimateRow(visible[$0], label: analysis.label(of: visible[$0].target)),
            second: EstimateRow(
              invisible[$0], label: analysis.label(of: invisible[$0].target)))
        }, least: ReportSection.leastPapers(of: analysis.matrix), firstName: "visible (above)",
        secondName: "invisible (below)"
      ).specification)
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
