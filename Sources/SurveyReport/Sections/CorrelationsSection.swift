import SurveyFigures
import SurveyStats

extension ReportSection {
  /// Which items and categories go together.
  static let correlations = ReportSection(
    id: "correlations", title: "What goes together"
  ) { analysis in
    let level = analysis.level
    let items = try await analysis.findings(Correlations(level: level)).associations
    let ranked = items.pairs.filter { $0.association.estimate != nil }.enumerated()
      .sorted { left, right in
        let (a, b) = (
          left.element.association.estimate ?? 0, right.element.association.estimate ?? 0
        )
        return a == b ? left.offset < right.offset : a > b
      }.map(\.element)
    guard let high = ranked.first, let low = ranked.last, ranked.count > 2 else {
      throw SectionSkipped("fewer than three pairs of items share enough papers")
    }
    let adjusted = PValueAdjustment.holm(items.pairs.map(\.association.pValue))
    let clear = adjusted.count { ($0 ?? 1) < 1 - level }
    let label = { (index: Int) in analysis.label(ofItem: index) }
    let phrase = { (term: String, pair: AssociatedPair) -> Sentence in
      let value = pair.association
      let size: Sentence =
        "n = \(.count("\(term).n", pair.count))\(words: analysis.hasReadings ? " readings" : "")"
      guard let lower = value.lower, let upper = value.upper else {
        return "\(.number(term, value.estimate ?? 0, digits: 2)) (\(size))"
      }
      return """
        \(.number(term, value.estimate ?? 0, digits: 2)) (\(.level(level)) interval \
        \(.number("\(term).conf_low", lower, digits: 2)) to \
        \(.number("\(term).conf_high", upper, digits: 2)), \(size))
        """
    }
    var figures = [itemMap(items, analysis)].compactMap { $0 }
    var tables = [
      SectionTable(
        named("correlations", items.table()).sorted(by: "estimate", descending: true)
          ?? items.table(),
        caption: """
          Phi coefficients of pairs of items, each on the papers to which both apply, from the \
          highest; p-values are adjusted by Holm's rule over all pairs.
          """, shownRows: 25)
    ]
    let scores = try await analysis.findings(
      Correlations(CorrelatedVariables(.categories(.pearson)), level: level)
    ).associations
    if let figure = categoryMap(scores) {
      figures.append(figure)
      tables.append(
        SectionTable(
          named("category-correlations", scores.table()).sorted(by: "estimate", descending: true)
            ?? scores.table(),
          caption: """
            Pearson correlations of the category scores of papers, each on the papers that have \
            both, from the highest.
            """, shownRows: 25))
    }
    return Section(
      id: "correlations", title: "What goes together",
      sentences: [
        """
        \(items.pairs.count == ranked.count ? "All" : "Of") \(.count("pairs", items.pairs.count)) pairs \
        of items\(items.pairs.count == ranked.count
          ? "" : ", \(.count("estimated_pairs", ranked.count))") share enough papers for a coefficient; \
        \(clear == 0 ? "none" : .number("clear_pairs", clear, of: "of these differs", "of these differ")) \
        \(words: clear == 0 ? "differs " : "")from zero after adjustment for their number.
        """,
        """
        The highest coefficient is that of \(name: label(high.first)) and \
        \(name: label(high.second)), phi = \(phrase("highest_phi", high)); the lowest that of \
        \(name: label(low.first)) and \(name: label(low.second)), \
        phi = \(phrase("lowest_phi", low)).
        """,
      ], figures: figures, tables: tables,
      paragraphs: [
        """
        A coefficient says that two items are passed together more or less often than by chance, \
        not that one leads to the other; phi cannot reach one when two rates differ.
        """
      ],
      methods: [
        """
        Correlations have large-sample intervals that are symmetric on Fisher's scale\
        \(words: items.sampling.isAlike
          ? "" : ", with linearised errors of the sampling units and Student's t"); p-values \
        are adjusted by Holm's rule over all pairs. Heat maps are in the leaf order of a \
        hierarchical clustering by average linkage.
        """
      ],
      references: [
        "Fisher, R. A. (1921). On the probable error of a coefficient of correlation deduced from a "
          + "small sample. Metron 1, 3–32.",
        "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian "
          + "Journal of Statistics 6, 65–70.",
        "Sokal, R. R. & Michener, C. D. (1958). A statistical method for evaluating systematic "
          + "relationships. University of Kansas Science Bulletin 38, 1409–1438.",
      ])
  }

  private static func named(_ name: String, _ table: Table) -> Table {
    var table = table
    table.name = name
    return table
  }

  private static func itemMap(
    _ items: PairwiseAssociations, _ analysis: ReportAnalysis
  ) -> Figure? {
    guard let matrix = try? items.correlationMatrix(boundary: .keep), matrix.count > 2,
      matrix.count <= 100
    else { return nil }
    let order = HierarchicalClustering(matrix).leafOrder
    let title = strongest(items, matrix, names: { analysis.label(ofItem: $0) })
    let columns = order.map { items.names.firstIndex(of: matrix.names[$0]) ?? 0 }
    return Figure(
      id: "correlations", title: title ?? "Correlations of the items",
      caption: """
        Phi coefficients of \(.count("mapped_items", matrix.count)) items in the order of clusters, each pair on the papers \
        to which both apply; items that go together stand together (average linkage).
        """,
      alternativeText: finding(
        items, matrix, things: "items", names: { analysis.label(ofItem: $0) }),
      source: "correlations",
      specification: CorrelationHeatmap(
        labels: columns.map { analysis.label(ofItem: $0) },
        values: order.map { row in order.map { matrix.values[row, $0] } }, coefficient: "phi"
      ).specification)
  }

  private static func categoryMap(_ scores: PairwiseAssociations) -> Figure? {
    guard let matrix = try? scores.correlationMatrix(boundary: .keep), matrix.count > 2 else {
      return nil
    }
    let order = HierarchicalClustering(matrix).leafOrder
    return Figure(
      id: "category-correlations",
      title: strongest(scores, matrix, names: { ReportAnalysis.words(scores.names[$0]) })
        ?? "Correlations of the category scores",
      caption: """
        Pearson correlations of the scores of papers in \
        \(.count("mapped_categories", matrix.count)) categories, in the order of clusters.
        """,
      alternativeText: finding(
        scores, matrix, things: "categories", names: { ReportAnalysis.words(scores.names[$0]) }),
      source: "category-correlations",
      specification: CorrelationHeatmap(
        labels: order.map { ReportAnalysis.words(matrix.names[$0]) },
        values: order.map { row in order.map { matrix.values[row, $0] } },
        coefficient: "Pearson's r"
      ).specification)
  }

  /// The pair of a heat map that goes together most.
  private static func strongest(
    _ all: PairwiseAssociations, _ matrix: CorrelationMatrix, names: (Int) -> String
  ) -> String? {
    let shown = Set(matrix.names)
    func size(_ pair: AssociatedPair) -> Double { abs(pair.association.estimate ?? 0) }
    let pairs = all.pairs.filter {
      $0.association.estimate != nil && shown.contains(all.names[$0.first])
        && shown.contains(all.names[$0.second])
    }
    guard let pair = pairs.max(by: { size($0) < size($1) }) else { return nil }
    let value = Fact.number("", pair.association.estimate ?? 0, digits: 2)
    return "Strongest: \(names(pair.first)) and \(names(pair.second)), \(value.text)"
  }

  /// What a heat map shows: how many coefficients are above zero, and the greatest and the least.
  private static func finding(
    _ all: PairwiseAssociations, _ matrix: CorrelationMatrix, things: String,
    names: (Int) -> String
  ) -> Sentence {
    let shown = Set(matrix.names)
    let pairs = all.pairs.filter {
      $0.association.estimate != nil && shown.contains(all.names[$0.first])
        && shown.contains(all.names[$0.second])
    }
    func value(_ pair: AssociatedPair) -> Double { pair.association.estimate ?? 0 }
    guard let high = pairs.max(by: { value($0) < value($1) }),
      let low = pairs.min(by: { value($0) < value($1) })
    else { return "A heat map without coefficients." }
    let positive = pairs.count { value($0) > 0 }
    let share: Sentence =
      positive == 0
      ? "No coefficient is above zero."
      : """
      \(.count("positive_pairs_of_\(things)", positive)) of \
      \(.count("mapped_pairs_of_\(things)", pairs.count)) coefficients are above zero.
      """
    return """
      A heat map of \(.count("mapped_\(things)", matrix.count)) \(words: things) in the order of \
      clusters. \(share) The greatest is \
      \(.number("greatest_of_\(things)", value(high), digits: 2)), of \(name: names(high.first)) and \
      \(name: names(high.second)), the least \
      \(.number("least_of_\(things)", value(low), digits: 2)), of \(name: names(low.first)) and \
      \(name: names(low.second)).
      """
  }
}
