import SurveyFigures
import SurveyStats

extension ReportSection {
  /// The pass rates of the items, ranked.
  static let items = ReportSection(id: "items", title: "What passes and what does not") {
    analysis in
    let ranked = analysis.rankedItems
    guard !ranked.isEmpty else { throw SectionSkipped("no item applies to any paper") }
    let level = analysis.level
    let below = ranked.count { ($0.estimate ?? 1) < 0.5 }
    let majorities = ranked.map { Majority(lower: $0.lower, upper: $0.upper) }
    let few = majorities.count { $0 == .few }
    let most = majorities.count { $0 == .most }
    let unclear = majorities.count { $0 == .unclear }
    let parts = Sentence.some(
      few == 0 ? nil : "below one half for \(.count("clearly_below_half", few))",
      most == 0 ? nil : "above it for \(.count("clearly_above_half", most))",
      unclear == 0 ? nil : "around it for \(.count("unclear_items", unclear))")
    let table = analysis.table(of: ranked, name: "items")
    let shown = plotted(ranked)
    let cut: Sentence =
      shown.count == ranked.count
      ? "" : " Shown are the \(.count("shown_items", shown.count)) at the ends."
    let papers = analysis.matrix.distinctPaperCount
    return Section(
      id: "items", title: "What passes and what does not",
      sentences: [
        """
        \(below == 0 ? "All of \(.items(ranked.count, as: "rated_items")) are" : """
          Of \(.items(ranked.count, as: "rated_items")), \(Sentence.number("below_half", below, of: "is", "are"))
          """ as Sentence) passed by \(words: below == 0 ? "at least" : "fewer than") half of the \
        papers to which \(words: below == 1 ? "it applies" : "they apply").
        """,
        """
        The \(.level(level)) interval lies \(Sentence.list(parts)).
        """,
      ],
      figures: [
        Figure(
          id: "items",
          title: below == 0
            ? "Every item is passed by at least half"
            : "\(below) of \(ranked.count) items are passed by fewer than half",
          caption: """
            Share of the papers to which an item applies that pass it, with \(.level(level)) \
            intervals and n; the dashed line is one half. n = \(.papers(papers)) in all.\(cut)
            """,
          alternativeText: extremes(analysis),
          source: "items",
          specification: IntervalPlot(
            rows: shown.map { EstimateRow($0, label: analysis.label(of: $0.target)) },
            least: leastPapers(of: analysis.matrix)
          ).specification)
      ],
      tables: [
        SectionTable(
          table,
          caption: """
            Pass rates of the items that apply to any paper, from the highest: yes over \
            applicable answers. n = \(.papers(papers)).
            """, shownRows: 300)
      ])
  }

  /// The items with the highest and the lowest rate among those of enough papers.
  private static func extremes(_ analysis: ReportAnalysis) -> Sentence {
    let least = leastPapers(of: analysis.matrix)
    let ranked = analysis.rankedItems.filter { $0.applicableCount >= least }
    guard let first = ranked.first, let last = ranked.last, ranked.count > 1 else {
      return "Ranked intervals."
    }
    return """
      Ranked intervals. Of items that apply to at least \
      \(.papers(least, as: "least_papers")), the highest rate is that of \
      \(name: analysis.label(of: first.target)), \
      \(analysis.quoted(first)), the lowest that of \
      \(name: analysis.label(of: last.target)), \
      \(analysis.quoted(last)).
      """
  }

  /// The items of a plot that still can be read: all of them, or those at the two ends.
  private static func plotted(_ ranked: [Rate]) -> [Rate] {
    ranked.count <= 120 ? ranked : Array(ranked.prefix(50) + ranked.suffix(50))
  }
}
