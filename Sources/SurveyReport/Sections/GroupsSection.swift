import SurveyFigures
import SurveyStats

extension ReportSection {
  /// Rates by type, tag, year and version of the instrument.
  static let groups = ReportSection(id: "groups", title: "Groups and years") { analysis in
    let level = analysis.level
    var groups: [PaperGroup] = []
    let chosen = analysis.input.settings.groupColumns
    let usual = ["type", "venue", "tags", "group"].filter { !chosen.contains($0) }
    let columns = chosen + usual
    for column in columns + ["version", "year"].filter({ !chosen.contains($0) }) {
      groups += try await PaperGroup.all(of: column, analysis)
    }
    guard !groups.isEmpty else {
      throw SectionSkipped("no paper states a year, type, venue, tag, group or version")
    }
    var sentences: [Sentence] = []
    var contrasts: [GroupContrastRow] = []
    var figures: [Figure] = []
    var findings: [Finding] = []
    for column in columns {
      let word = Self.plurals[column].map { $0 as Sentence } ?? "values of \(name: column)"
      let ranked = groups.filter { $0.column == column && $0.isComparable }
        .sorted { ($0.rate.estimate ?? 0, $1.name) > ($1.rate.estimate ?? 0, $0.name) }
      guard let high = ranked.first, let low = ranked.last, ranked.count > 1 else { continue }
      let row = GroupContrastRow(low, high, amongOf: ranked.count)
      contrasts.append(row)
      if let finding = row.finding(column: column, word: word, level: level) {
        findings.append(finding)
      }
      let contrast = Self.contrast(row, column, level)
      sentences.append(
        """
        Among \(word) with at least \(.count("least_papers", PaperGroup.leastPapers)) \
        papers, \(name: high.name) passes most, \
        \(analysis.quoted(high.rate, as: high.term)), and \
        \(name: low.name) least, \(analysis.quoted(low.rate, as: low.term))\(contrast).
        """)
    }
    let named = (columns + ["version"]).flatMap { column in
      PaperGroup.largest(groups.filter { $0.column == column && $0.rate.estimate != nil })
    }
    if named.count > 1 {
      let papers = analysis.matrix.distinctPaperCount
      figures.append(
        Figure(
          id: "groups",
          title: findings.first?.headline.text ?? "No difference between groups is clear",
          caption: """
            Yes over applicable answers of the papers of the \(.count("largest_groups", PaperGroup.drawnLimit)) \
            largest groups of each kind, with \(.level(level)) intervals and n. n = \(.papers(papers)) in all.
            """,
          alternativeText: """
            Intervals of \(.number("groups", named.count, of: "group", "groups")), between \
            \(.share("lowest_group", named.compactMap(\.rate.estimate).min() ?? 0)) and \
            \(.share("highest_group", named.compactMap(\.rate.estimate).max() ?? 0)).
            """,
          source: "groups",
          specification: IntervalPlot(
            rows: named.map {
              EstimateRow(
                label: $0.label, estimate: $0.rate.estimate ?? 0, lower: $0.rate.lower,
                upper: $0.rate.upper, count: $0.papers)
            }, least: PaperGroup.leastPapers
          ).specification))
    }
    let years = groups.filter { $0.column == "year" && $0.isComparable }
    if let first = years.first, let last = years.last, years.count > 1,
      let from = Int(first.name), let to = Int(last.name)
    {
      let contrast = GroupContrastRow(first, last, amongOf: 2)
      let difference = contrast.difference
      contrasts.append(contrast)
      let verdict =
        difference.isClear
        ? "the later differ by" : "the difference is not clear,"
      sentences.append(
        """
        Papers of \(.label("first_year", from)) pass \
        \(analysis.quoted(first.rate, as: first.term)), papers of \
        \(.label("last_year", to)) \
        \(analysis.quoted(last.rate, as: last.term)): \
        \(words: verdict) \(Sentence.difference("years", difference, level: level)).
        """)
      let points = years.compactMap { year in
        Double(year.name).map {
          BandPlot.Point(
            position: $0, estimate: year.rate.estimate ?? 0, lower: year.rate.lower,
            upper: year.rate.upper)
        }
      }
      let count = years.reduce(0) { $0 + $1.papers }
      figures.append(
        Figure(
          id: "years",
          title: Self.yearsTitle(first, last, isClear: difference.isClear),
          caption: """
            Yes over applicable answers of the papers of a year, with \(.level(level)) intervals; \
            years with at least \(.papers(PaperGroup.leastPapers, as: "least_papers")). \
            n = \(.papers(count, as: "papers_in_years")).
            """,
          alternativeText: """
            A line with a band, from \(.share(first.term, first.rate.estimate ?? 0)) in \
            \(.label("first_year", from)) to \(.share(last.term, last.rate.estimate ?? 0)) in \
            \(.label("last_year", to)).
            """,
          source: "groups",
          specification: BandPlot(points: points, axisTitle: "Year", showsYears: true)
            .specification))
    }
    if sentences.isEmpty {
      sentences.append(
        """
        No two groups have \(.papers(PaperGroup.leastPapers, as: "least_papers")) each, so that \
        there is nothing to compare.
        """)
    }
    return Section(
      id: "groups", title: "Groups and years", sentences: sentences, figures: figures,
      tables: [
        SectionTable(
          PaperGroup.table(groups, level: level),
          caption: """
            Pass rates by type, venue, tag, group, version and year, over the items that apply in all groups of at \
            least \(.papers(PaperGroup.leastPapers, as: "least_papers")), item by item, so that being \
            asked other questions makes no difference; crude is the rate over whatever was asked. \
            Differences may be due to anything else in which the groups differ.
            """)
      ]
        + (contrasts.isEmpty
          ? []
          : [
            SectionTable(
              GroupContrastRow.table(contrasts, level: level),
              caption: """
                Differences of pass rates between groups, with \(.level(level)) intervals. Those \
                of the groups with the highest and the lowest rate are adjusted for the number of \
                pairs that they were chosen from.
                """)
          ]),
      findings: findings)
  }

  /// What the years show.
  private static func yearsTitle(_ first: PaperGroup, _ last: PaperGroup, isClear: Bool) -> String {
    guard isClear, let from = first.rate.estimate, let to = last.rate.estimate else {
      return "No clear difference between \(first.name) and \(last.name)"
    }
    let digits = NumberFormat.shareDigits([from, to])
    let shares = [from, to].map { NumberFormat.percent($0, digits: digits) }
    return "From \(shares[0]) in \(first.name) to \(shares[1]) in \(last.name)"
  }

  /// What the groups of a column are called.
  private static let plurals: [String: Sentence] = [
    "type": "types", "venue": "venues", "tags": "tags", "group": "groups",
  ]

  /// The difference of the two groups at the ends, adjusted for having chosen them.
  private static func contrast(
    _ row: GroupContrastRow, _ column: String, _ level: Double
  ) -> Sentence {
    let adjustment: Sentence =
      row.pairs == 1
      ? "" : ", adjusted for the choice among \(.count("\(column).pairs", row.pairs)) pairs"
    return """
      ; the difference\(words: row.difference.isClear ? "" : " is not clear:") \
      \(words: row.difference.isClear ? "is " : "")\(Sentence.difference(column, row.difference, level: level))\(adjustment)
      """
  }
}

/// The difference of the rates of two groups of papers.
private struct GroupContrastRow {
  let first: PaperGroup
  let second: PaperGroup
  /// How many pairs of groups the two were chosen from; the interval is adjusted for them.
  let pairs: Int
  let difference: Estimate

  /// Compares two groups that were chosen as the extremes among a number of groups.
  init(_ first: PaperGroup, _ second: PaperGroup, amongOf count: Int) {
    self.first = first
    self.second = second
    pairs = count * (count - 1) / 2
    difference = first.answer.difference(of: second.name, from: first.name, among: pairs)
  }

  /// The difference as something to lead with; the limits are adjusted for the choice of the groups already.
  func finding(column: String, word: Sentence, level: Double) -> Finding? {
    guard let effect = difference.value, let high = second.rate.estimate,
      let low = first.rate.estimate, effect > 0
    else { return nil }
    let digits = NumberFormat.shareDigits([high, low])
    let exact = NumberFormat.shareDigits(beside: difference)
    let most = Fact.share(second.term, high, digits: digits)
    let least = Fact.share(first.term, low, digits: digits)
    let size = Fact.points(column, effect)
    return Finding(
      kind: .group, section: "groups", effect: effect, lower: difference.lower,
      upper: difference.upper, candidates: 1, papers: min(first.papers, second.papers),
      headline: "\(name: second.label): \(most); \(name: first.label): \(least)",
      sentence: """
        Among \(word), papers of \(name: second.label) pass \(.share(second.term, high, digits: exact)) and those of \(name: first.label) \
        \(.share(first.term, low, digits: exact)) of what applies to them, a difference of \
        \(Sentence.difference(column, difference, level: level)).
        """,
      number: size,
      statement: """
        points between papers of \(name: second.label) (\(most)) and of \(name: first.label) (\(least))
        """)
  }

  static func table(_ rows: [GroupContrastRow], level: Double) -> Table {
    Table(
      name: "group-differences",
      columns: [
        Column("group", .text(rows.map(\.second.label))),
        Column("reference", .text(rows.map(\.first.label))),
        Column("n_group", .integer(rows.map(\.second.rate.applicableCount))),
        Column("n_reference", .integer(rows.map(\.first.rate.applicableCount))),
        Column("estimate", .real(rows.map(\.difference.value)), style: .points),
        Column(
          "conf_low", .real(rows.map(\.difference.lower)), style: .lowerLimit(of: "estimate")),
        Column(
          "conf_high", .real(rows.map(\.difference.upper)), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(rows.map { _ in level })),
        Column("pairs", .integer(rows.map(\.pairs))),
        Column("note", .text(rows.map(\.difference.notes.text))),
      ])
  }
}

/// A group of ``GroupRates`` under the name of its column.
struct PaperGroup: Sendable {
  /// How many papers a group needs before it is compared with others.
  static let leastPapers = ItemMix.fewestPapers
  /// The most groups of one column; of more the largest are kept.
  static let limit = 30

  let column: String
  let group: GroupRates.Group
  /// All groups of the column.
  let answer: GroupRates.Answer
  /// How many papers it has, whatever number of raters read them.
  let papers: Int

  var name: String { group.name }
  var rate: Rate { group.rate }

  var term: String { "\(column):\(name)" }
  var label: String { (column == "tags" ? "tag" : column) + " \(name)" }
  /// Whether it is large enough to be compared, and has a rate.
  var isComparable: Bool { papers >= Self.leastPapers && rate.estimate != nil }

  /// The groups of a column to which anything applies, in the order of their values.
  static func all(of column: String, _ analysis: ReportAnalysis) async throws -> [PaperGroup] {
    guard let names = try? analysis.matrix.groups(of: column), !names.isEmpty else { return [] }
    let answer = try await analysis.findings(GroupRates(by: column, level: analysis.level))
    let groups = answer.groups.filter { $0.rate.estimate ?? $0.rate.mix?.crude != nil }
    let sizes = groups.map(\.papers.count).sorted(by: >)
    let least = sizes.count > limit ? sizes[limit - 1] : 0
    return groups.filter { $0.papers.count >= least }.prefix(limit)
      .map { group in
        let papers = Set(group.papers.map { analysis.matrix.papers[$0].slug }).count
        return PaperGroup(column: column, group: group, answer: answer, papers: papers)
      }
  }

  /// The most groups of one column that are drawn.
  static let drawnLimit = 5

  /// The largest groups, by their rates.
  static func largest(_ groups: [PaperGroup]) -> [PaperGroup] {
    groups.sorted { ($0.papers, $1.name) > ($1.papers, $0.name) }.prefix(drawnLimit)
      .sorted { ($0.rate.estimate ?? 0, $1.name) > ($1.rate.estimate ?? 0, $0.name) }
  }

  static func table(_ groups: [PaperGroup], level: Double) -> Table {
    var table = Table(rates: groups.map { ($0.name, [$0.rate]) }, by: "group", level: level)
    table.name = "groups"
    if let by = table.columns.firstIndex(where: { $0.name == "by" }) {
      table.columns[by].values = .text(groups.map(\.column))
    }
    table.columns.removeAll { ["level", "category", "term"].contains($0.name) }
    for index in table.columns.indices where table.columns[index].name == "n_papers" {
      table.columns[index].isDetail = false
    }
    return table
  }
}
