import SurveyFigures
import SurveyStats

extension ReportSection {
  /// The pass rates of categories, and of the base layer against conditional modules.
  static let categories = ReportSection(
    id: "categories", title: "Categories and layers"
  ) { analysis in
    let level = analysis.level
    let categories = analysis.positions(.category).map { analysis.rates[$0] }
      .filter { $0.estimate != nil }
      .enumerated().sorted { left, right in
        let (a, b) = (left.element.estimate ?? 0, right.element.estimate ?? 0)
        return a == b ? left.offset < right.offset : a > b
      }.map(\.element)
    guard let top = categories.first, let bottom = categories.last, categories.count > 1 else {
      throw SectionSkipped("fewer than two categories apply to any paper")
    }
    let least = leastPapers(of: analysis.matrix)
    let eligible = categories.filter { $0.paperCount >= least }
    var sentences: [Sentence] = []
    if let first = eligible.first, let last = eligible.last, eligible.count > 1 {
      sentences.append(
        """
        Of \(.number("eligible_categories", eligible.count, of: "category", "categories")) that apply to at least \
        \(.papers(least, as: "least_papers")), \
        \(name: analysis.label(of: first.target)) is passed most often, in \
        \(analysis.quoted(first)); \
        \(name: analysis.label(of: last.target)) least often, in \
        \(analysis.quoted(last)).
        """)
    } else {
      sentences.append(
        """
        No two of \(.number("categories", categories.count, of: "category", "categories")) apply to at least \
        \(.papers(least, as: "least_papers")), so that none is called the \
        most or the least often passed.
        """)
    }
    let table = analysis.table(of: categories, name: "categories")
    let layers = Layers(analysis)
    var tables = [
      SectionTable(
        table,
        caption: """
          Pass rates of the categories, from the highest: yes over applicable answers of all \
          items of a category, papers resampled whole. \
          n = \(.papers(analysis.matrix.distinctPaperCount)).
          """)
    ]
    if let layers {
      sentences.append(contentsOf: layers.sentences)
      tables.append(
        SectionTable(
          layers.table,
          caption: """
            Pass rates of the base layer\(words: layers.isAskedOfAll ? ", which every paper is asked," : "") \
            and of the conditional modules; differences from the base layer allow for answers of the same papers.
            """))
    }
    return Section(
      id: "categories", title: "Categories and layers", sentences: sentences,
      figures: [
        Figure(
          id: "categories", title: "Pass rates of the categories",
          caption: """
            Yes over applicable answers of all items of a category, with \(.level(level)) \
            intervals; papers are resampled whole. \
            n = \(.papers(analysis.matrix.distinctPaperCount)).
            """,
          alternativeText: """
            Ranked intervals, from \(name: analysis.label(of: top.target)), \
            \(analysis.quoted(top)), down to \
            \(name: analysis.label(of: bottom.target)), \
            \(analysis.quoted(bottom)).
            """,
          source: "categories",
          specification: IntervalPlot(
            rows: categories.map { EstimateRow($0, label: analysis.label(of: $0.target)) },
            least: leastPapers(of: analysis.matrix)
          ).specification)
      ], tables: tables)
  }
}

/// The base layer against the conditional modules.
private struct Layers {
  let sentences: [Sentence]
  let table: Table
  /// Whether every paper was asked every item of the base layer.
  let isAskedOfAll: Bool

  /// Compares the layers; `nil` unless there are a base layer and a module that apply.
  init?(_ analysis: ReportAnalysis) {
    let modules = analysis.positions(.module).filter { analysis.rates[$0].estimate != nil }
    guard modules.count > 1,
      let base = modules.first(where: { analysis.rates[$0].target.term == Item.baseModule })
    else { return nil }
    let level = analysis.level
    let rates = modules.map { analysis.rates[$0] }
    let differences = modules.map { module in
      module == base ? nil : analysis.difference(from: base, to: module)
    }
    let conditional =
      modules.firstIndex { analysis.rates[$0].target.term == ReportAnalysis.conditionalLayer }
      ?? modules.lastIndex { $0 != base } ?? 0
    guard let difference = differences[conditional], let points = difference.value else {
      return nil
    }
    let verb =
      !difference.isClear
      ? "the data cannot tell which are passed more often, the difference is"
      : points < 0
        ? "the conditional items are passed less often, a difference of"
        : "the conditional items are passed more often, a difference of"
    let matrix = analysis.matrix
    let items = analysis.rates[base].target.items
    isAskedOfAll = items.allSatisfy { matrix.asked.count(column: $0) == matrix.papers.count }
    let whole = matrix.asked.rowCounts(columns: items).count { $0 == items.count }
    let askedOf: Sentence =
      isAskedOfAll
      ? ", which every paper is asked,"
      : """
      , which \(Sentence.number("asked_whole_base", whole, of: "paper was", "papers were")) asked in full \
      and the others in part,
      """
    sentences = [
      """
      The base layer\(askedOf) passes in \
      \(analysis.quoted(analysis.rates[base])), the \
      conditional modules in \(analysis.quoted(rates[conditional])): \(words: verb) \
      \(Sentence.difference("base_to_conditional", difference, level: level)).
      """
    ]
    var table = analysis.table(of: rates, name: "layers")
    let note = table.columns.count - 1
    table.columns.insert(
      contentsOf: [
        Column("difference", .real(differences.map { $0?.value }), style: .points),
        Column(
          "difference_low", .real(differences.map { $0?.lower }),
          style: .lowerLimit(of: "difference")),
        Column(
          "difference_high", .real(differences.map { $0?.upper }),
          style: .upperLimit(of: "difference")),
      ], at: note)
    self.table = table
  }
}
