import SurveyStats

extension ReportSection {
  /// What papers claim and how well it is supported, their flags, and how both go with scores.
  static let claims = ReportSection(id: "claims", title: "Claims and flags") { analysis in
    let names = analysis.countNames
    guard !names.isEmpty else {
      throw SectionSkipped("the papers have no counts of claims or flags")
    }
    let level = analysis.level
    let counts = try await analysis.findings(CountSummary(names, level: level))
    let rows = counts.flatMap(\.result)
    var sentences: [Sentence] = []
    let known = rows.filter { $0.mean.value != nil }
    let means = known.compactMap { row -> Sentence? in
      guard let words = ["claims": "claims", "red_flags": "red flags"][row.name] else { return nil }
      // Papers that all have the same count say nothing of how much it varies.
      let isFlat = row.mean.lower == row.mean.upper
      let (lower, upper) = isFlat ? (nil, nil) : (row.mean.lower, row.mean.upper)
      return """
        \(Sentence.score("mean_\(row.name)", row.mean.value ?? .nan, lower: lower, upper: upper, level: level)) \
        \(words: words)
        """
    }
    let counted = known.first { $0.name == "claims" } ?? known.first { $0.name == "red_flags" }
    if !means.isEmpty, let counted {
      sentences.append(
        """
        On average a paper has \(Sentence.list(means)), over \
        \(.papers(counted.paperCount, as: "papers_\(counted.name)")) with counts.
        """)
    }
    if let strong = known.first(where: { $0.name == "claims_strong" }),
      let share = strong.share.value
    {
      sentences.append(
        """
        Of all claims \
        \(Sentence.estimate("strong_claims", share, lower: strong.share.lower, upper: strong.share.upper, level: level, n: strong.paperCount, unit: " papers")) \
        are strongly supported.
        """)
    }
    var tables = [
      SectionTable(
        Table(counts: counts.map { ($0.group, $0.result) }, by: nil, level: level),
        caption: "Counts of papers: the mean for a paper, and the share of all of the kind.")
    ]
    if analysis.allowsRelations {
      let relations = try await analysis.findings(
        VariableRelations(names, coefficients: [.spearman], level: level))
      tables.append(
        SectionTable(
          Table(relations: relations, level: level, adjustment: .holm),
          caption: "How counts go with the score of a paper (Spearman's coefficient)."))
    }
    return Section(
      id: "claims", title: "Claims and flags", sentences: sentences, tables: tables,
      methods: [
        """
        Claims and flags are counted by the rater; papers are the units of means and shares, so that a \
        paper with many claims is not many papers.
        """
      ])
  }

  /// How scores go with attention.
  static let attention = ReportSection(id: "attention", title: "Attention and scores") { analysis in
    let names = analysis.attentionNames
    guard !names.isEmpty else {
      throw SectionSkipped("the papers have no numbers of attention, such as hn_points")
    }
    let level = analysis.level
    let rows = try await analysis.findings(ScoresAgainst(names, level: level))
    let slopes = rows.filter { $0.part == "slope" && $0.estimate.value != nil }
    guard !slopes.isEmpty else {
      throw SectionSkipped("too few papers have both a score and a number of attention")
    }
    let phrases = slopes.map { row -> Sentence in
      """
      \(name: row.variable) \
      \(Sentence.score("slope_\(row.variable)", row.estimate.value ?? .nan, lower: row.estimate.lower, upper: row.estimate.upper, level: level)) \
      \(words: row.term.hasPrefix("per tenfold") ? "points for a tenfold" : "points for one more"), \
      \(.papers(row.estimate.count ?? 0, as: "papers_\(row.variable)"))
      """
    }
    let clear = slopes.count { ($0.estimate.lower ?? -1) > 0 || ($0.estimate.upper ?? 1) < 0 }
    return Section(
      id: "attention", title: "Attention and scores",
      sentences: [
        "The score goes with attention by: \(Sentence.list(phrases)).",
        """
        For \(.count("clear_slopes", clear)) of \(.number("slopes", slopes.count, of: "number", "numbers")) \
        the whole interval lies on one side of zero; what goes together need not be cause and effect.
        """,
      ],
      tables: [
        SectionTable(
          Table(against: rows, level: level, adjustment: .holm),
          caption: """
            How the score of papers goes with attention: correlations, points for a step, means between \
            cuts, and a smooth with pointwise limits.
            """)
      ],
      methods: [
        """
        Attention is put on a logarithmic axis of one more than itself, which keeps papers without any; \
        slopes are least squares with errors that hold where the spread changes.
        """
      ])
  }

  /// Which papers of the corpus cite which.
  static let citations = ReportSection(id: "citations", title: "Citations") { analysis in
    guard let graph = analysis.input.citations, graph.hasList.contains(true) else {
      throw SectionSkipped("the papers have no lists of cited works")
    }
    guard analysis.matrix.distinctPaperCount == analysis.matrix.papers.count else {
      throw SectionSkipped("citations take one scan of each paper")
    }
    let level = analysis.level
    let scores = analysis.scores.overall.values
    let matched = graph.matchedCounts.reduce(0) { $0 + $1.count }
    let inside = Table(citedInside: graph, scores: scores, level: level)
    var sentences: [Sentence] = [
      """
      Of \(.number("cited_entries", graph.entryCount, of: "cited work", "cited works")) in the lists of \
      \(.papers(graph.hasList.count { $0 }, as: "citing_papers")), \
      \(.number("matched_entries", matched, of: "is a paper", "are papers")) of the corpus, with \
      \(.number("citations_inside", graph.edges.count, of: "citation", "citations")) among them.
      """
    ]
    var tables = [
      SectionTable(
        Table(citations: graph, level: level),
        caption: "What was found of the lists of cited works.")
    ]
    if inside.rowCount > 0 {
      tables.append(
        SectionTable(
          inside, caption: "The papers of the corpus that others of it cite most.", shownRows: 10))
    }
    if !graph.works.isEmpty {
      tables.append(
        SectionTable(
          Table(citedOutside: graph, level: level).prefix(100),
          caption: "The works outside the corpus that are cited most.", shownRows: 10))
    }
    let rows = try await analysis.findings(CitationScores(graph, scores: scores, level: level))
    if let rank = rows.first(where: { $0.term == "spearman" }), let value = rank.estimate.value,
      rank.estimate.lower != nil
    {
      sentences.append(
        """
        How often a paper is cited goes with its score by a rank correlation of \
        \(.number("cited_score", value, digits: 2)) (\(.level(level)) interval \
        \(.number("cited_score.conf_low", rank.estimate.lower ?? .nan, digits: 2)) to \
        \(.number("cited_score.conf_high", rank.estimate.upper ?? .nan, digits: 2))), \
        \(.papers(rank.estimate.count ?? 0, as: "ranked_papers")).
        """)
      tables.append(
        SectionTable(
          Table(citationScores: rows, level: level, adjustment: .holm),
          caption:
            "How citations go with scores, and whether papers cite papers that score like them."))
    }
    return Section(
      id: "citations", title: "Citations", sentences: sentences, tables: tables,
      methods: [
        """
        A cited work is a paper of the corpus by its arXiv identifier, else its DOI, else its title. The \
        regression of citations on scores is negative binomial, with the papers that could cite a paper \
        as its exposure; the test of assortativity permutes scores.
        """
      ])
  }

  /// Where the instrument breaks.
  static let instrument = ReportSection(id: "instrument", title: "Where the instrument breaks") {
    analysis in
    let level = analysis.level
    let rows = try await analysis.findings(ItemFaults(level: level))
    guard !rows.isEmpty else {
      throw SectionSkipped("no fault of the instrument was found")
    }
    let kinds = ItemFault.Kind.allCases.compactMap { kind -> Sentence? in
      let found = rows.filter { $0.kind == kind }
      guard !found.isEmpty, let (one, several) = kind.phrase else { return nil }
      let names = found.compactMap(\.item).reduce(into: [String]()) { names, item in
        if !names.contains(item) { names.append(item) }
      }
      // A pair is of two items, and is named in the table.
      guard kind != .neverDiffer, !names.isEmpty else {
        return Sentence.number("fault_\(kind.rawValue)", found.count, of: one, several)
      }
      let count = names.count
      var shown = names.prefix(2).map { "“\(name: analysis.label(named: $0))”" as Sentence }
      if count > 2 {
        shown.append(Sentence.number("further_\(kind.rawValue)", count - 2, of: "other", "others"))
      }
      let named: Sentence = " (\(Sentence.list(shown)))"
      return "\(Sentence.number("fault_\(kind.rawValue)", count, of: one, several))\(named)"
    }
    return Section(
      id: "instrument", title: "Where the instrument breaks",
      sentences: [
        kinds.isEmpty
          ? "No item is constant, goes against the rest, drifts or repeats another."
          : "Of the questions, \(Sentence.list(kinds))."
      ],
      tables: [
        SectionTable(
          Table(faults: rows, level: level),
          caption:
            "Everything about items that makes scores doubtful; quantity says what the estimate is.",
          shownRows: 40)
      ],
      methods: [
        """
        Whether an item works differently in groups is asked among papers that score alike (Mantel and \
        Haenszel), on the items that do not; p-values are Holm's over all items and groups.
        """
      ],
      references: [
        "Holland, P. W. & Thayer, D. T. (1988). Differential item performance and the Mantel-Haenszel "
          + "procedure. In Test Validity, Erlbaum."
      ])
  }
}

extension ItemFault.Kind {
  /// What a number of such items is called; `nil` for faults of papers and for what is usual.
  fileprivate var phrase: (one: String, several: String)? {
    switch self {
    case .neverAsked: ("was never asked", "were never asked")
    case .neverApplicable: ("applies to no paper", "apply to no paper")
    case .allYes: ("is always passed", "are always passed")
    case .allNo: ("is never passed", "are never passed")
    case .negativeItemRest: ("goes against the rest", "go against the rest")
    case .worksDifferently:
      ("works differently in groups of equal score", "work differently in groups of equal score")
    case .applicabilityDrift:
      ("applies more often in some groups", "apply more often in some groups")
    case .neverDiffer: ("pair never differs", "pairs never differ")
    case .fewPapers: ("applies to few papers", "apply to few papers")
    case .fewItems, .contradictory, .categoryNotAsked, .alwaysApplicable: nil
    }
  }
}

extension ReportAnalysis {
  /// The further columns of the papers.
  private var columnNames: [String] { Set(matrix.papers.flatMap(\.covariates.keys)).sorted() }

  /// The counts of scans.
  fileprivate var countNames: [String] {
    columnNames.filter {
      ["claims", "red_flags"].contains($0) || $0.hasPrefix("claims_")
    }
  }

  /// The numbers of attention.
  fileprivate var attentionNames: [String] {
    columnNames.filter { name in
      guard name.hasPrefix("hn_") || Self.attention.contains(name) else { return false }
      let values = (try? matrix.variables.numbers(name)) ?? []
      return Set(values.compactMap { $0 }).count > 1
    }
  }

  private static let attention: Set<String> = [
    "points", "comments", "reposts", "upvotes", "up_votes", "likes", "stars", "citation_count",
  ]

  /// Whether papers are drawn one by one, as correlations of variables take them.
  fileprivate var allowsRelations: Bool {
    design.unitsArePapers && matrix.distinctPaperCount == matrix.papers.count
  }
}
