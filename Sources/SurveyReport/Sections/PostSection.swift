import SurveyFigures
import SurveyStats

extension ReportSection {
  /// What a reader with two minutes reads; everything else is an appendix.
  ///
  /// The strongest clear finding, the best and worst items, what would change the numbers most, how they were made.
  static let post = ReportSection(id: "post", title: "In two screens") { analysis in
    guard let overall = analysis.overall else {
      throw SectionSkipped("no item applies to any paper")
    }
    var found: [Finding] = []
    var change: [Sentence] = []
    for recipe in postSources {
      let section = try await recipe.made(for: analysis)
      found += section.findings
      if recipe.id == ReportSection.changes.id { change = Array(section.sentences.prefix(1)) }
    }
    let least = leastPapers(of: analysis.matrix)
    let ranked = Finding.ranked(found, leastPapers: least, level: analysis.level)
    var opening = ranked.first.map { [$0.sentence] } ?? []
    opening.append(sizes(overall, isFirst: ranked.isEmpty, analysis))
    // Where nothing changed, the one number is that of the papers.
    opening += change.filter { $0.facts.count > 1 }
    if let first = ranked.first, let next = ranked.first(where: { $0.kind != first.kind }) {
      opening.append(next.sentence)
    }
    if ranked.isEmpty, !found.isEmpty {
      opening.append("No gap, group, trend or pattern stands out beyond chance.")
    }
    let items = analysis.rankedItems.filter { $0.paperCount >= least }
    opening += extremes(items, analysis)
    let levers = Levers(analysis)
    let faults = try await analysis.findings(ItemFaults(level: analysis.level))
    let advice = levers.sentences(analysis) + broken(faults, analysis)
    var tables = [SectionTable(levers.items, caption: Levers.itemsCaption)]
    if levers.papers.rowCount > 0 {
      tables.append(SectionTable(levers.papers, caption: Levers.papersCaption))
    }
    var figures = itemFigure(items, least: least, analysis)
    if let figure = PairGaps(analysis)?.figure(id: "post-pairs", most: 6, analysis) {
      figures.append(figure)
    }
    return Section(
      id: "post",
      title: ranked.first?.headline.text
        ?? figures.first { $0.id == "post-items" }?.title ?? "No finding stands out",
      sentences: opening, figures: figures, tables: tables,
      paragraphs: [
        Sentence.paragraph(advice),
        Sentence.paragraph(methods(analysis, hasFinding: !ranked.isEmpty)),
      ]
      .filter { !$0.isEmpty },
      findings: ranked)
  }

  /// The sections whose findings a post can lead with.
  static let postSources: [ReportSection] = [.changes, .pairs, .groups, .trends, .patterns]

  /// How many papers, questions and answers, and the share of yes.
  private static func sizes(
    _ overall: Rate, isFirst: Bool, _ analysis: ReportAnalysis
  ) -> Sentence {
    let matrix = analysis.matrix
    let hasAll = matrix.items.indices.allSatisfy {
      matrix.asked.count(column: $0) == matrix.papers.count
    }
    return """
      \(words: isFirst ? "" : "In all, ")\(.papers(matrix.distinctPaperCount)) \
      \(words: matrix.distinctPaperCount == 1 ? "was" : "were") asked \
      \(words: hasAll ? "" : "up to ")\(.number("items", matrix.items.count, of: "question", "questions")), \
      and \(analysis.quoted(overall)) of the answers that apply are yes.
      """
  }

  /// The three items that pass most and least often.
  private static func extremes(_ ranked: [Rate], _ analysis: ReportAnalysis) -> [Sentence] {
    guard ranked.count > 1 else { return [] }
    let count = min(3, ranked.count / 2)
    let shown = ranked.prefix(count) + ranked.suffix(count)
    let digits = NumberFormat.shareDigits(shown.compactMap(\.estimate))
    func list(_ rates: [Rate]) -> Sentence {
      Sentence.list(
        rates.map { rate in
          """
          “\(name: analysis.label(of: rate.target))” \
          (\(.share(rate.target.columnName, rate.estimate ?? 0, digits: digits)))
          """
        })
    }
    return [
      """
      Papers most often pass \(list(Array(ranked.prefix(count)))), and least often \
      \(list(ranked.suffix(count).reversed())).
      """
    ]
  }

  /// The best and worst items with their numbers.
  private static func itemFigure(
    _ ranked: [Rate], least: Int, _ analysis: ReportAnalysis
  ) -> [Figure] {
    let most = 6
    let shown = ranked.count <= 2 * most ? ranked : Array(ranked.prefix(most) + ranked.suffix(most))
    guard let best = shown.first, let worst = shown.last, shown.count > 1 else { return [] }
    let digits = NumberFormat.shareDigits([best, worst].compactMap(\.estimate))
    let quote = { (rate: Rate) -> Sentence in
      """
      \(name: analysis.label(of: rate.target)) \
      (\(.share(rate.target.columnName, rate.estimate ?? 0, digits: digits)))
      """
    }
    let which: Sentence =
      shown.count == ranked.count
      ? "The items that apply"
      : "The \(.count("shown_best", most)) best and \(.count("shown_best", most)) worst items of those that apply"
    return [
      Figure(
        id: "post-items",
        title: "From \(quote(best).text) to \(quote(worst).text)",
        caption: """
          \(which) to at least \(.papers(least, as: "least_papers")), with \
          \(.level(analysis.level)) intervals and n.
          """,
        alternativeText: """
          Intervals of the shares of papers that pass an item, from \(quote(best)) down to \
          \(quote(worst)).
          """,
        source: "rates",
        specification: IntervalPlot(
          rows: shown.map { EstimateRow($0, label: analysis.label(of: $0.target)) }, least: least
        ).specification)
    ]
  }

  /// Items of the checklist that work badly.
  private static func broken(_ faults: [ItemFault], _ analysis: ReportAnalysis) -> [Sentence] {
    let kinds: [(ItemFault.Kind, String, String)] = [
      (.negativeItemRest, "goes", "against all others"),
      (.allYes, "is", "passed by every paper"), (.allNo, "is", "passed by none"),
      (.neverApplicable, "applies", "to no paper"),
    ]
    let phrases = kinds.compactMap { kind, verb, rest -> Sentence? in
      let names = faults.filter { $0.kind == kind }.compactMap(\.item)
      guard let first = names.first else { return nil }
      let others = names.count - 1
      let further: Sentence =
        others == 0
        ? ""
        : " and \(.number("further_\(kind.rawValue)", others, of: "other item", "other items"))"
      let plural = ["goes": "go", "is": "are", "applies": "apply"][verb] ?? verb
      return """
        “\(name: analysis.label(named: first))”\(further) \(words: others == 0 ? verb : plural) \
        \(words: rest)
        """
    }
    guard !phrases.isEmpty else { return [] }
    let list = phrases.dropFirst().reduce(phrases[0]) { "\($0); \($1)" }
    return ["Questions to look at again: \(list)."]
  }

  /// What was done, in three sentences, or in two where nothing was found.
  private static func methods(_ analysis: ReportAnalysis, hasFinding: Bool) -> [Sentence] {
    let settings = analysis.input.settings
    let unit: Sentence =
      settings.cluster.map { "clusters of papers that share their \(name: $0)" } ?? "whole papers"
    let choice: [Sentence] = [
      """
      The finding at the top is the one whose limits, widened for the number of candidates, stay farthest \
      from no difference; it was looked for, and needs other papers to be confirmed.
      """
    ]
    return [
      """
      A rate is the share of yes among the answers that apply; answers that do not apply or were never \
      asked count neither way.
      """,
      """
      An interval says where the number could lie for other papers of the same kind, with \
      \(.level(settings.level)) confidence each; where it comes from a bootstrap, \(unit) were drawn \
      \(.count("replicates", settings.replicates)) times.
      """,
    ] + (hasFinding ? choice : [])
  }
}

/// What would change the numbers of a report most: the items with the most no answers, and the papers whose tier hangs
/// on one answer.
struct Levers {
  /// Items by the number of papers that do not pass them: `label`, `item`, `n`, `n_no`, `gain`.
  let items: Table
  /// Papers whose tier is another when one answer is: `paper`, `title`, `n_applicable`, `n_yes`, `score`, `tier`,
  /// `other_tier`.
  let papers: Table
  private let worst: [(rate: Rate, no: Int)]
  private let noCount: Int
  private let scoredCount: Int
  private let hangingCount: Int

  /// How many papers some rows are of.
  private static func distinct(_ analysis: ReportAnalysis, _ rows: [Int]) -> Int {
    Set(rows.map { analysis.matrix.papers[$0].slug }).count
  }

  static let itemsCaption: Sentence = """
    The items by the number of papers that do not pass them, and by how much the share of all answers that are yes \
    would be higher if they did.
    """
  static let papersCaption: Sentence = """
    Papers that would be in another tier if one answer that applies were the other one, those with fewest answers first.
    """

  init(_ analysis: ReportAnalysis) {
    let rates = analysis.positions(.item).map { analysis.rates[$0] }
    let ranked = rates.map { (rate: $0, no: $0.applicableCount - $0.yesCount) }
      .filter { $0.no > 0 }.enumerated().sorted { left, right in
        left.element.no == right.element.no
          ? left.offset < right.offset : left.element.no > right.element.no
      }.map(\.element)
    worst = Array(ranked.prefix(3))
    noCount = ranked.reduce(0) { $0 + $1.no }
    let answers = rates.reduce(0) { $0 + $1.applicableCount }
    items = Table(
      name: "items-to-fix",
      columns: [
        Column("label", .text(ranked.map { analysis.label(of: $0.rate.target) })),
        Column("item", .text(ranked.map(\.rate.target.columnName)), isDetail: true),
        Column("n", .integer(ranked.map(\.rate.applicableCount))),
        Column("n_no", .integer(ranked.map(\.no))),
        Column(
          "gain", .real(ranked.map { Double($0.no) / Double(max(1, answers)) }), style: .points),
      ])
    let tiers = analysis.input.settings.tiers
    let scores = analysis.scores
    scoredCount = Self.distinct(
      analysis, analysis.matrix.papers.indices.filter { scores.overall.values[$0] != nil })
    let hanging = analysis.matrix.papers.indices.compactMap { paper -> (Int, Int, Int)? in
      guard let score = scores.overall.values[paper] else { return nil }
      let (yes, all) = (Double(scores.passed[paper]), Double(scores.applicable[paper]))
      let tier = tiers.index(of: score)
      for other in [yes + 1, yes - 1] where other >= 0 && other <= all {
        let moved = tiers.index(of: score + 100 * (other - yes) / all)
        if moved != tier { return (paper, tier, moved) }
      }
      return nil
    }.sorted { (scores.applicable[$0.0], $0.0) < (scores.applicable[$1.0], $1.0) }
    hangingCount = Self.distinct(analysis, hanging.map(\.0))
    papers = Table(
      name: "papers-to-read-again",
      columns: [
        Column("paper", .text(hanging.map { analysis.matrix.papers[$0.0].slug })),
        Column("title", .text(hanging.map { analysis.matrix.papers[$0.0].title })),
        Column("n_applicable", .integer(hanging.map { scores.applicable[$0.0] })),
        Column("n_yes", .integer(hanging.map { scores.passed[$0.0] })),
        Column("score", .real(hanging.map { scores.overall.values[$0.0] })),
        Column("tier", .text(hanging.map { tiers.names[$0.1] })),
        Column("other_tier", .text(hanging.map { tiers.names[$0.2] })),
      ])
  }

  func sentences(_ analysis: ReportAnalysis) -> [Sentence] {
    var result: [Sentence] = []
    if noCount > 0 {
      let names = worst.map { row -> Sentence in
        """
        “\(name: analysis.label(of: row.rate.target))” \
        (\(.count("\(row.rate.target.columnName).n_no", row.no)))
        """
      }
      result.append(
        """
        What would change this most: of \(.number("no_answers", noCount, of: "answer", "answers")) that \
        \(words: noCount == 1 ? "is" : "are") no, \
        \(words: names.count == 1 ? noCount == 1 ? "it is" : "all are" : "the most are") on \
        \(Sentence.list(names)).
        """)
    }
    if papers.rowCount > 0 {
      result.append(
        """
        A single other answer would move \(.count("papers_to_read_again", hangingCount)) of \
        \(.papers(scoredCount, as: "scored_papers")) to another tier of scores: \
        \(words: hangingCount == 1 ? "read it" : "read these") again first.
        """)
    }
    return result
  }
}
