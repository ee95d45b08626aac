import SurveyFigures
import SurveyStats

extension ReportSection {
  /// How many papers show named patterns of answers.
  static let patterns = ReportSection(id: "patterns", title: "Patterns of answers") { analysis in
    guard let named = analysis.input.patterns else {
      throw SectionSkipped("no patterns were given; name a file with `patterns:`")
    }
    let (known, unknown) = named.resolved(in: analysis.matrix.variables)
    let prevalence = try await analysis.prevalence(of: known)
    let rates = prevalence.map(\.rate)
    let ranked = known.indices.filter { rates[$0].estimate != nil }.sorted { left, right in
      let (a, b) = (rates[left].estimate ?? 0, rates[right].estimate ?? 0)
      return a == b ? left < right : a > b
    }
    guard let first = ranked.first, let last = ranked.last else {
      throw SectionSkipped("no pattern is defined for any paper")
    }
    // What rests on few papers is in the table, and pale in the picture; it is not spoken of.
    let least = leastPapers(of: analysis.matrix)
    let firm = ranked.filter { rates[$0].paperCount >= least }
    let majorities = ranked.map { Majority(lower: rates[$0].lower, upper: rates[$0].upper) }
    let phrases = firm.prefix(6).map { index -> Sentence in
      "\(name: known[index].label) \(analysis.quoted(rates[index]))"
    }
    let level = analysis.level
    let title = firm.first.map { index -> String in
      let share = rates[index].estimate ?? 0
      let digits = NumberFormat.shareDigits([share])
      return "\(known[index].label): \(NumberFormat.percent(share, digits: digits))"
    }
    let few = majorities.count { $0 == .few }
    let left = named.patterns.count - ranked.count
    let most = majorities.count { $0 == .most }
    let unclear = majorities.count { $0 == .unclear }
    let findings = ranked.compactMap { index -> Finding? in
      let rate = rates[index]
      guard let share = rate.estimate, share > 0.5 else { return nil }
      let pattern = known[index].label
      let number = Fact.share(
        rate.target.columnName, share, digits: NumberFormat.shareDigits([share]))
      return Finding(
        kind: .pattern, section: "patterns", effect: share - 0.5,
        lower: rate.lower.map { $0 - 0.5 }, upper: rate.upper.map { $0 - 0.5 },
        candidates: ranked.count, papers: rate.paperCount,
        headline: "\(number) of the papers: \(name: pattern)",
        sentence: """
          Most papers show the pattern “\(name: pattern)”: \
          \(analysis.quoted(rate)) of those to which it applies.
          """,
        number: number,
        statement: "of the papers that can show the pattern “\(name: pattern)”")
    }
    return Section(
      id: "patterns", title: "Patterns of answers",
      sentences: [
        firm.isEmpty
          ? "No pattern can be shown by \(.papers(least, as: "least_papers")) or more."
          : "Of the papers that can show a pattern, so many do: \(Sentence.list(phrases)).",
        """
        The interval lies \(Sentence.list(Sentence.some(
          few == 0 ? nil : "below one half for \(.number("patterns_of_few", few, of: "pattern", "patterns"))",
          most == 0 ? nil : "above one half for \(.number("patterns_of_most", most, of: "pattern", "patterns"))",
          unclear == 0 ? nil : "around one half for \(.number("patterns_unclear", unclear, of: "pattern", "patterns"))"))).
        """,
      ],
      figures: [
        Figure(
          id: "patterns",
          title: title ?? "Few papers can show any pattern",
          caption: """
            Share of the papers to which a pattern applies that show it, with \
            \(.level(level)) intervals and n.
            """,
          alternativeText: """
            Ranked intervals, from \(name: known[first].label), \(analysis.quoted(rates[first])), \
            to \(name: known[last].label), \(analysis.quoted(rates[last])).
            """,
          source: "patterns",
          specification: IntervalPlot(
            rows: ranked.map { EstimateRow(rates[$0], label: known[$0].label) },
            least: least, axisTitle: "Share that shows it"
          ).specification)
      ],
      tables: [
        SectionTable(
          table(ranked.map { prevalence[$0] }, level: level),
          caption: """
            Papers that show a pattern, over the papers to which all parts of a conjunction apply, or \
            for which another condition is true or false. Beside it the share over all papers for which \
            the condition is true or false, and the share if the parts were independent.
            """)
      ],
      paragraphs: left == 0
        ? []
        : [
          """
          \(Sentence.number("patterns_left_out", left, of: "pattern is", "patterns are")) left out: \
          \(name: reasons(unknown, count: left)).
          """
        ],
      methods: [
        """
        A pattern is a condition on the answers of a paper in three-valued logic. A conjunction counts \
        over the papers to which all its parts apply, as its truth elsewhere depends on the answers; \
        another condition counts where items that do not apply leave it no longer open.
        """
      ],
      references: [
        "Kleene, S. C. (1952). Introduction to Metamathematics. Van Nostrand, section 64."
      ], findings: findings)
  }

  private static func reasons(
    _ unknown: [(pattern: NamedPatterns.Pattern, error: VariableError)], count: Int
  ) -> String {
    guard let first = unknown.first else {
      return "no paper can show \(count == 1 ? "it" : "them")"
    }
    let reason = "\(first.pattern.label): \(first.error)"
    return unknown.count == 1 ? reason : "the first, \(reason)"
  }

  private static func table(_ rows: [PatternPrevalence], level: Double) -> Table {
    Table(
      name: "patterns",
      columns: [
        Column("label", .text(rows.map(\.pattern.label))),
        Column("term", .text(rows.map(\.rate.target.columnName)), isDetail: true),
        Column("n", .integer(rows.map(\.rate.applicableCount))),
        Column("n_yes", .integer(rows.map(\.rate.yesCount))),
        Column("estimate", .real(rows.map(\.rate.estimate)), style: .share),
        Column("conf_low", .real(rows.map(\.rate.lower)), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(rows.map(\.rate.upper)), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(rows.map { _ in level })),
        Column("n_defined", .integer(rows.map(\.defined.applicableCount))),
        Column("defined_estimate", .real(rows.map(\.defined.estimate)), style: .share),
        Column("expected", .real(rows.map(\.expected)), style: .share),
        Column("expression", .text(rows.map(\.pattern.expression)), isDetail: true),
        Column("reading", .text(rows.map(\.pattern.reading)), isDetail: true),
      ])
  }
}

extension ReportAnalysis {
  /// How many papers show patterns.
  func prevalence(of patterns: [NamedPatterns.Pattern]) async throws -> [PatternPrevalence] {
    let settings = input.settings
    let run = Run(
      seed: settings.seed, replicates: settings.replicates, scheme: settings.scheme,
      jobs: settings.jobs)
    let estimator = try PatternEstimator(patterns, of: matrix.variables)
    let rates = RateEstimator(level: settings.level, bootstrap: run.bootstrap(design))
    let papers = Array(matrix.papers.indices)
    let statistic = rates.statistic(estimator.matrix(of: papers), targets: estimator.targets)
    var sample: BootstrapSample?
    if let statistic {
      var bootstrap = rates.bootstrap
      bootstrap.replicates = 0..<settings.replicates
      sample = try await bootstrap(statistic)
    }
    return estimator.estimate(papers, rates, sample: sample)
  }

  /// The rates of the items of another matrix of the same papers.
  func rates(of matrix: BinaryMatrix) async throws -> [Rate] {
    let settings = input.settings
    let bootstrap = Bootstrap(
      design: try input.design(matrix), scheme: settings.scheme, replicates: settings.replicates,
      seed: settings.seed, jobs: settings.jobs)
    return try await RateEstimator(level: settings.level, bootstrap: bootstrap).estimate(
      matrix, targets: RateTarget.all(in: matrix, levels: [.item])
    ).rates
  }
}
