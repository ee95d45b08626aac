extension ReportSection {
  /// What changed since an earlier report.
  static let changes = ReportSection(id: "changes", title: "What changed") { analysis in
    guard let earlier = analysis.input.earlier else {
      throw SectionSkipped("no earlier report was given; name its folder with --compare")
    }
    let level = analysis.level
    let change = try await CorpusChange(
      from: earlier.matrix, to: analysis.matrix, settings: analysis.input.settings)
    let rows = analysis.rates.filter { $0.target.level != .module }.map { rate in
      ChangedRate(
        rate: rate, old: earlier.rates[rate.target.columnName],
        difference: change.differences[rate.target.columnName])
    }
    let flagged = rows.filter(\.changesConclusion)
    let clear = rows.filter { $0.rate.target.level == .item && $0.difference?.isClear == true }
    let added = Sentence.number(
      "papers_added", change.added.count, of: "paper was", "papers were")
    var sentences: [Sentence] = [
      """
      \(added) added, \
      \(.count("papers_removed", change.removed.count)) removed and \
      \(.count("papers_rescanned", change.rescanned.count)) of the \
      \(.count("papers_shared", change.shared)) shared ones have other answers than before.
      """
    ]
    if let overall = analysis.overall, let old = earlier.rates["overall"]?.estimate,
      let difference = change.differences["overall"]
    {
      let verdict =
        difference.isClear
        ? "it changed by" : "the data cannot tell a change from none, the difference is"
      sentences.append(
        """
        The share of answers that are yes was \(.share("overall.old", old)) and is now \
        \(analysis.quoted(overall)); \
        \(words: verdict) \(Sentence.difference("overall.difference", difference, level: level)).
        """)
    }
    let labels = flagged.prefix(5).map { row -> Sentence in
      "\(name: analysis.label(of: row.rate.target))"
    }
    let conclusions = Sentence.number(
      "conclusions_changed", flagged.count, of: "conclusion", "conclusions")
    let further: Sentence = flagged.count > 5 ? " and others" : ""
    let names: Sentence = labels.isEmpty ? "" : ": \(Sentence.list(labels))\(further)"
    sentences.append(
      """
      For \(Sentence.number("items_changed", clear.count, of: "item", "items")) the interval of \
      the difference leaves out zero; \(conclusions) about one half changed\(names).
      """)
    let papers: [(String, String)] =
      change.added.map { ("added", $0) } + change.removed.map { ("removed", $0) }
      + change.rescanned.map { ("re-scanned", $0) }
    return Section(
      id: "changes", title: "What changed", sentences: sentences,
      tables: [
        SectionTable(
          ChangedRate.table(rows, level: level, label: { analysis.label(of: $0) }),
          caption: """
            Pass rates in the earlier and in this report, and their difference with a \
            \(.level(level)) interval; papers in both are drawn together. Marked are rates whose \
            interval has moved from one side of one half to the other or to neither.
            """, shownRows: 300),
        SectionTable(
          Table(
            name: "changed-papers",
            columns: [
              Column("change", .text(papers.map(\.0))), Column("paper", .text(papers.map(\.1))),
            ]),
          caption: "Papers that were added, removed or re-scanned.", shownRows: 50),
      ])
  }
}

/// A rate in two reports.
private struct ChangedRate {
  let rate: Rate
  let old: EarlierReport.Published?
  let difference: RateDifference?

  /// Whether the interval lies on another side of one half than before.
  var changesConclusion: Bool {
    guard let old, old.estimate != nil, rate.estimate != nil else { return false }
    return Majority(lower: old.lower, upper: old.upper)
      != Majority(lower: rate.lower, upper: rate.upper)
  }

  static func table(
    _ rows: [ChangedRate], level: Double, label: (RateTarget) -> String
  ) -> Table {
    Table(
      name: "changes",
      columns: [
        Column("level", .text(rows.map(\.rate.target.level.rawValue))),
        Column("label", .text(rows.map { label($0.rate.target) })),
        Column("term", .text(rows.map(\.rate.target.columnName)), isDetail: true),
        Column("old", .real(rows.map { $0.old?.estimate }), style: .share),
        Column("old_low", .real(rows.map { $0.old?.lower }), style: .lowerLimit(of: "old")),
        Column("old_high", .real(rows.map { $0.old?.upper }), style: .upperLimit(of: "old")),
        Column("new", .real(rows.map(\.rate.estimate)), style: .share),
        Column("new_low", .real(rows.map(\.rate.lower)), style: .lowerLimit(of: "new")),
        Column("new_high", .real(rows.map(\.rate.upper)), style: .upperLimit(of: "new")),
        Column("estimate", .real(rows.map { $0.difference?.estimate }), style: .share),
        Column(
          "conf_low", .real(rows.map { $0.difference?.lower }), style: .lowerLimit(of: "estimate")),
        Column(
          "conf_high", .real(rows.map { $0.difference?.upper }), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(rows.map { _ in level })),
        Column(
          "conclusion",
          .text(rows.map { $0.changesConclusion ? "changed" : nil })),
        Column("note", .text(rows.map { $0.difference?.note })),
      ])
  }
}
