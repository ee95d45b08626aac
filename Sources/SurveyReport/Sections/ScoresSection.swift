import SurveyFigures
import SurveyStats

extension ReportSection {
  /// How scores and tiers are distributed.
  static let scores = ReportSection(id: "scores", title: "Scores of the papers") { analysis in
    guard let distribution = analysis.distribution else {
      throw SectionSkipped("no paper has a score: nothing applies to any")
    }
    let level = analysis.level
    let values = analysis.scores.overall.values.compactMap { $0 }
    let quantity = { (term: String) in DistributionRow(distribution, term: term) }
    let mean = quantity("mean")
    let median = quantity("median")
    let tiers = analysis.input.settings.tiers
    let quoted = { (term: String, row: DistributionRow) in
      Sentence.score(term, row.estimate, lower: row.lower, upper: row.upper, level: level)
    }
    let share = { (term: String, row: DistributionRow) in
      Sentence.estimate(
        term, row.estimate, lower: row.lower, upper: row.upper, level: level, n: row.n,
        unit: analysis.hasReadings ? " readings" : "")
    }
    var sentences: [Sentence] = [
      """
      The mean score of \(analysis.readings(values.count, as: "scored_papers")) is \
      \(quoted("mean", mean)), the median \(quoted("median", median)); a score is the share of the \
      items that apply to a paper and are passed, in percent.
      """
    ]
    if values.count < ScoreDistributionTable.fewestPapers {
      sentences.append(
        """
        With fewer than \(.papers(ScoreDistributionTable.fewestPapers, as: "fewest_papers")) only the \
        mean and the shares have intervals.
        """)
    }
    let few = zip(analysis.scores.applicable, analysis.scores.overall.values).count {
      $1 != nil && $0 < 10
    }
    if few > 0 {
      sentences.append(
        """
        \(analysis.readings(few, as: "few_items")) \
        \(words: few == 1 ? "is" : "are") scored on fewer than \
        \(.items(10, as: "few_items_limit")) that apply, so that \
        \(words: few == 1 ? "its score is" : "their scores are") coarse.
        """)
    }
    sentences.append(
      """
      The middle half of the papers lies between \(.number("q25", quantity("q25").estimate)) and \
      \(.number("q75", quantity("q75").estimate)).
      """)
    let ends = [tiers.names.first, tiers.names.last].compactMap { $0 }
    let bounds = [tiers.bounds.first, tiers.bounds.last].compactMap { $0 }
    if ends.count == 2, bounds.count == 2 {
      let top = quantity("share \(ends[0])")
      let bottom = quantity("share \(ends[1])")
      let parts = Sentence.some(
        top.estimate > 0
          ? """
          \(share("top_tier", top)) of the papers reach \(.number("top_bound", bounds[0], digits: 0)) or more
          """ : nil,
        bottom.estimate > 0
          ? """
          \(share("bottom_tier", bottom))\(words: top.estimate > 0 ? "" : " of the papers") stay below \
          \(.number("bottom_bound", bounds[1], digits: 0))
          """ : nil)
      if !parts.isEmpty { sentences.append("\(Sentence.list(parts)).") }
    }
    let histogram = ScoreHistogram(scores: values, median: median.estimate)
    let bins: Sentence =
      histogram.drawsDots
      ? "A dot for each paper, at its score"
      : """
      Papers by score, in bins of \(.number("bin_width", histogram.width, digits: 0)) points
      """
    var papers = Table(scores: analysis.scores, of: analysis.matrix, tiers: tiers)
    papers = papers.sorted(by: "score", descending: true) ?? papers
    var listed = papers
    listed.columns.removeAll { ["weight", "rater", "group", "cluster"].contains($0.name) }
    let (summary, shares) = distribution.divided(atRow: ScoreDistribution.summaryTerms.count)
    return Section(
      id: "scores", title: "Scores of the papers", sentences: sentences,
      figures: [
        Figure(
          id: "scores",
          title: "The median score is \(Fact.number("median", median.estimate).text)",
          caption: """
            \(bins); \
            the dashed line is the median. A score is passed over applicable items, in percent. \
            n = \(analysis.readings(values.count, as: "scored_papers")).
            """,
          alternativeText: """
            \(words: histogram.drawsDots ? "Dots" : "Histogram") of scores. The median is \(.number("median", median.estimate)); the middle \
            half lies between \(.number("q25", quantity("q25").estimate)) and \
            \(.number("q75", quantity("q75").estimate)).
            """,
          source: "score-bins", specification: histogram.specification)
      ],
      tables: [
        SectionTable(
          summary,
          caption: """
            The distribution of the scores, in percent of the applicable items; \
            n = \(analysis.readings(values.count, as: "scored_papers")).
            """),
        SectionTable(
          shares,
          caption: """
            The share of papers in each tier of scores; \
            n = \(analysis.readings(values.count, as: "scored_papers")).
            """),
        SectionTable(histogram.table, caption: "Papers by score."),
        SectionTable(
          listed,
          caption: """
            The papers by score, from the highest: overall and by category, in percent of the \
            applicable items.
            """, shownRows: 25),
      ])
  }
}

extension Table {
  /// A distribution of scores as a table of scores and one of the shares of tiers.
  fileprivate func divided(atRow row: Int) -> (scores: Table, shares: Table) {
    let scores = prefix(row)
    var shares = selecting(rows: Array(row..<rowCount))
    shares.name = "tiers"
    for index in shares.columns.indices where shares.columns[index].name == "estimate" {
      shares.columns[index].style = .share
    }
    return (scores, shares)
  }
}

/// One quantity of a distribution table.
struct DistributionRow: Equatable {
  let estimate: Double
  let lower: Double?
  let upper: Double?
  let n: Int

  /// Finds the row of a term; without one everything is undefined.
  init(_ table: Table, term: String) {
    func real(_ name: String, _ row: Int) -> Double? {
      if case .real(let values) = table[name]?.values { values[row] } else { nil }
    }
    guard case .text(let terms) = table["term"]?.values, let row = terms.firstIndex(of: term),
      case .integer(let counts) = table["n"]?.values
    else {
      self.estimate = .nan
      lower = nil
      upper = nil
      n = 0
      return
    }
    estimate = real("estimate", row) ?? .nan
    lower = real("conf_low", row)
    upper = real("conf_high", row)
    n = counts[row] ?? 0
  }
}
