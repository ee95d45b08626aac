import RealModule

extension Table {
  /// What was matched: `term`, `count`, `n`, `estimate` (the share of n) with limits, `note`.
  public init(citations graph: CitationGraph, level: Double) {
    let listed = graph.hasList.count { $0 }
    let cited = graph.timesCited.count { $0 > 0 }
    let matched = graph.matchedCounts.reduce(0) { $0 + $1.count }
    var rows: [(term: String, count: Int, whole: Int)] = [
      ("papers_with_a_list", listed, graph.papers.count),
      ("papers_cited_inside", cited, graph.papers.count),
      ("entries_matched", matched, graph.entryCount),
    ]
    rows += graph.matchedCounts.map { ("matched_by_\($0.key)", $0.count, matched) }
    rows += [
      ("entries_ambiguous", graph.ambiguousCount, graph.entryCount),
      ("entries_without_a_name", graph.namelessCount, graph.entryCount),
      ("entries_of_the_paper_itself", graph.selfCount, graph.entryCount),
      ("entries_repeated", graph.repeatedCount, graph.entryCount),
      ("citations_inside", graph.edges.count, graph.entryCount),
      ("works_outside", graph.works.count, graph.entryCount),
    ]
    let limits = rows.map {
      ProportionInterval.wilson.limits(
        successes: Double($0.count), trials: Double($0.whole), level: level)
    }
    self.init(
      name: "citations",
      caption: "Entries of the lists of cited works, and what was found of them in the corpus.",
      columns: [
        Column("term", .text(rows.map(\.term))), Column("count", .integer(rows.map(\.count))),
        Column("n", .integer(rows.map(\.whole))),
        Column(
          "estimate", .real(rows.map { $0.whole > 0 ? Double($0.count) / Double($0.whole) : nil }),
          style: .share),
        Column("conf_low", .real(limits.map { $0?.lower }), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(limits.map { $0?.upper }), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(rows.map { _ in level })),
        Column("note", .text(rows.map { $0.whole == 0 ? "no-entries" : nil })),
      ])
  }

  /// The papers most cited within the corpus: `paper`, `title`, `year`, `n_cited`, `n_cites`, `exposure`, `estimate`
  /// (the share of the papers that could cite it which do) with Wilson's limits, `score`.
  public init(citedInside graph: CitationGraph, scores: [Double?], level: Double) {
    let (cited, cites, exposures) = (graph.timesCited, graph.citesCounts, graph.exposures)
    let rows = graph.papers.indices.filter { cited[$0] > 0 }.sorted {
      (cited[$1], $0) < (cited[$0], $1)
    }
    let shares = rows.map { paper -> (value: Double, limits: (lower: Double, upper: Double)?)? in
      guard let exposure = exposures[paper], exposure >= cited[paper], exposure > 0 else {
        return nil
      }
      return (
        Double(cited[paper]) / Double(exposure),
        ProportionInterval.wilson.limits(
          successes: Double(cited[paper]), trials: Double(exposure), level: level)
      )
    }
    self.init(
      name: "cited_inside", caption: "The papers that others of the corpus cite most.",
      columns: [
        Column("paper", .text(rows.map { graph.papers[$0].slug })),
        Column("title", .text(rows.map { graph.papers[$0].title })),
        Column("year", .integer(rows.map { graph.papers[$0].year })),
        Column("n_cited", .integer(rows.map { cited[$0] })),
        Column("n_cites", .integer(rows.map { cites[$0] }), isDetail: true),
        Column("exposure", .integer(rows.map { exposures[$0] })),
        Column("estimate", .real(shares.map { $0?.value }), style: .share),
        Column(
          "conf_low", .real(shares.map { $0?.limits?.lower }), style: .lowerLimit(of: "estimate")),
        Column(
          "conf_high", .real(shares.map { $0?.limits?.upper }), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(rows.map { _ in level })),
        Column("score", .real(rows.map { scores[$0] })),
        Column(
          "note",
          .text(
            zip(rows, shares).map { paper, share in
              guard share == nil else { return nil }
              return exposures[paper] == nil ? "no-year" : "cited-by-earlier-papers"
            })),
      ])
  }

  /// The works outside that are cited most: `title`, `year`, `arxiv_id`, `doi`, `n_papers`, `n`, `estimate` (the
  /// share of the papers with a list) with limits.
  public init(citedOutside graph: CitationGraph, level: Double) {
    let listed = graph.hasList.count { $0 }
    let works = graph.works
    let limits = works.map {
      ProportionInterval.wilson.limits(
        successes: Double($0.papers.count), trials: Double(listed), level: level)
    }
    self.init(
      name: "cited_outside", caption: "The works that are not in the corpus and cited most.",
      columns: [
        Column("title", .text(works.map(\.title))), Column("year", .integer(works.map(\.year))),
        Column("arxiv_id", .text(works.map(\.arXivID))), Column("doi", .text(works.map(\.doi))),
        Column("n_papers", .integer(works.map(\.papers.count))),
        Column("n", .integer(works.map { _ in listed })),
        Column(
          "estimate", .real(works.map { Double($0.papers.count) / Double(max(1, listed)) }),
          style: .share),
        Column("conf_low", .real(limits.map { $0?.lower }), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(limits.map { $0?.upper }), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(works.map { _ in level })),
      ])
  }

  /// The citations within the corpus: `citing`, `cited`, `matched_by`, `score_citing`, `score_cited`.
  public init(citationEdges graph: CitationGraph, scores: [Double?]) {
    let edges = graph.edges
    self.init(
      name: "edges", caption: "Papers of the corpus that cite papers of the corpus.",
      columns: [
        Column("citing", .text(edges.map { graph.papers[$0.from].slug })),
        Column("cited", .text(edges.map { graph.papers[$0.to].slug })),
        Column("matched_by", .text(edges.map(\.matchedBy))),
        Column("score_citing", .real(edges.map { scores[$0.from] })),
        Column("score_cited", .real(edges.map { scores[$0.to] })),
      ])
  }

  /// How citations go with scores: `term`, `n`, `estimate` with its error and limits, `p_value`, `p_adjusted`,
  /// `rate_ratio` with limits, `method`, `note`.
  public init(
    citationScores rows: [CitationScoreRow], level: Double, adjustment: PValueAdjustment
  ) {
    func ratio(_ row: CitationScoreRow, _ value: Double?) -> Double? {
      row.isLogRatio ? value.map { Double.exp($0) } : nil
    }
    self.init(
      name: "citation_scores",
      caption: "How often papers are cited within the corpus, and by whom, against their score.",
      columns: [
        Column("term", .text(rows.map(\.term))),
        Column("n", .integer(rows.map(\.estimate.count))),
      ] + Column.columns(of: rows.map(\.estimate)) + [
        Column("conf_level", .real(rows.map { _ in level })),
        Column("p_value", .real(rows.map(\.pValue)), style: .pValue),
        Column("p_adjusted", .real(adjustment(rows.map(\.pValue))), style: .pValue),
        Column("rate_ratio", .real(rows.map { ratio($0, $0.estimate.value) })),
        Column(
          "ratio_low", .real(rows.map { ratio($0, $0.estimate.lower) }),
          style: .lowerLimit(of: "rate_ratio")),
        Column(
          "ratio_high", .real(rows.map { ratio($0, $0.estimate.upper) }),
          style: .upperLimit(of: "rate_ratio")),
        Column("method", .text(rows.map(\.method.rawValue))),
        Column.notes(rows.map(\.estimate.notes)),
      ])
  }
}
