import SurveyFigures
import SurveyStats

extension ReportSection {
  /// How rates and scores change with the year of publication.
  static let trends = ReportSection(id: "trends", title: "Change over the years") { analysis in
    let matrix = analysis.matrix
    let settings = analysis.input.settings
    let level = analysis.level
    let years = matrix.papers.compactMap(\.year)
    guard years.count >= PaperGroup.leastPapers, let first = years.min(), let last = years.max(),
      first < last
    else {
      throw SectionSkipped(
        "fewer than ten papers state a year, or all the same one")
    }
    let plan = SamplingPlan(
      stratum: settings.stratum, cluster: settings.cluster,
      usesWeights: analysis.design.weights != nil)
    let run = Run(
      seed: settings.seed, replicates: settings.replicates, scheme: settings.scheme,
      jobs: settings.jobs)
    let trends = try await run(Trends(level: level), of: Study(matrix, plan: plan)).trends
    guard
      let overall = trends.last(where: {
        $0.target.level == .overall && ($0.change.value ?? $0.score?.crude?.value) != nil
      })
    else { throw SectionSkipped("no change over the years can be estimated") }
    let items = trends.filter { $0.target.level == .item && $0.change.value != nil }
    let least = leastPapers(of: matrix)
    let adjusted = PValueAdjustment.holm(
      trends.filter { $0.target.level == .item }.map(\.pValue))
    let clear = zip(trends.filter { $0.target.level == .item }, adjusted)
      .filter { ($1 ?? 1) < 1 - level }.map(\.0)
    let rising = clear.filter { ($0.change.value ?? 0) > 0 }
    let falling = clear.filter { ($0.change.value ?? 0) < 0 }
    let ends = (
      first: Fact.label("trend_first_year", overall.span.map { Int($0.lowerBound) } ?? first),
      last: Fact.label("trend_last_year", overall.span.map { Int($0.upperBound) } ?? last)
    )
    let sentences: [Sentence] = [
      overallSentence(overall, ends: ends, level, analysis),
      Self.slopes(items.count, rising: rising, falling: falling, level, analysis),
    ]
    let ranked = items.filter { $0.count >= least }.enumerated().sorted { left, right in
      let (a, b) = (left.element.change.value ?? 0, right.element.change.value ?? 0)
      return a == b ? left.offset < right.offset : a > b
    }.map(\.element)
    let findings = ([overall] + clear).compactMap { (trend: Trend) -> Finding? in
      guard trend.isClear, let effect = trend.change.value else { return nil }
      let isOverall = trend.target.level == .overall
      let term = isOverall ? "overall.change" : "\(trend.target.columnName).change"
      let what: Sentence =
        isOverall ? "The mean score" : "“\(name: analysis.label(of: trend.target))”"
      let size = Fact.points(term, abs(effect))
      let verb = effect > 0 ? "rose" : "fell"
      return Finding(
        kind: .trend, section: "trends", effect: effect, lower: trend.change.lower,
        upper: trend.change.upper, candidates: isOverall ? 1 : items.count, papers: trend.count,
        headline:
          "\(what) \(words: verb) by \(size) points from \(ends.first) to \(ends.last)",
        sentence: """
          From \(ends.first) to \(ends.last) \(words: isOverall ? "the mean score" : "the pass rate of")\
          \(isOverall ? "" : " \(what)" as Sentence) \(words: verb) by \(Self.amount(term, trend.change, level)), over \
          \(analysis.readings(trend.count, as: "\(term).n")).
          """,
        number: size,
        statement: """
          points: so far \(isOverall ? "the mean score" : what) \(words: verb) from \(ends.first) to \(ends.last)
          """)
    }
    let shown =
      ranked.count <= Self.plottedTrends
      ? ranked
      : Array(ranked.prefix(Self.plottedTrends / 2) + ranked.suffix(Self.plottedTrends / 2))
    var table = Table(trends: trends, on: "year", level: level, adjustment: .holm)
    table.name = "trends"
    table.columns.insert(
      Column("label", .text(trends.map { analysis.label(of: $0.target) })), at: 0)
    for index in table.columns.indices
    where ["category", "term", "on", "method", "per_unit", "per_unit_low", "per_unit_high"]
      .contains(table.columns[index].name)
    {
      table.columns[index].isDetail = true
    }
    let weighted: Sentence =
      plan.usesWeights ? " Papers count by their weights." : ""
    return Section(
      id: "trends", title: "Change over the years", sentences: sentences,
      figures: shown.isEmpty
        ? []
        : [
          Figure(
            id: "trends",
            title: clear.isEmpty
              ? "No item changes clearly over the years"
              : Self.heading(rising: rising.count, falling: falling.count),
            caption: """
              Change of an item's pass rate from the first to the last year, in percentage points, \
              on a logistic curve, with \(.level(level)) intervals. \
              \(.count("plotted_trends", shown.count)) of \
              \(.items(items.count, as: "items_with_slope")), the steepest of those that apply to \
              at least \(.papers(least, as: "least_papers")). The intervals are those of each item alone.
              """,
            alternativeText: """
              Intervals around zero, from \(name: analysis.label(of: shown[0].target)) with \
              \(.points("highest_change", shown[0].change.value ?? 0)) points down to \
              \(name: analysis.label(of: shown[shown.count - 1].target)) with \
              \(.points("lowest_change", shown[shown.count - 1].change.value ?? 0)).
              """,
            source: "trends",
            specification: ForestPlot(
              rows: shown.map {
                EstimateRow(
                  label: analysis.label(of: $0.target), estimate: $0.change.value ?? 0,
                  lower: $0.change.lower, upper: $0.change.upper)
              }, scale: .difference, axisTitle: "Points from first to last year"
            ).specification)
        ],
      tables: [
        SectionTable(
          table,
          caption: """
            Change from the first to the last year: of items on a logistic curve, with the odds \
            ratio a year; of categories and everything on a straight line, every item that was asked \
            in all years keeping its place, and beside it as the answers are where that differs. \
            P-values are adjusted by Holm's rule over the rows of a level.\(weighted)
            """, shownRows: 300)
      ],
      paragraphs: [
        """
        A trend over years mixes a change of practice with changes of what was found and of the types \
        of papers; changes of the instrument are kept out, as only items asked in all years count.
        """
      ],
      methods: [
        """
        The change of an item is the last less the first point of a logistic curve on the year, fitted by \
        Firth's penalised likelihood; its interval is that of the penalised profile, and its test the \
        penalised likelihood ratio\(words: plan.cluster != nil || plan.usesWeights ? ", with the design effect of robust standard errors" : ""). \
        The change of a score is that of a straight line in which each item has its place, with standard \
        errors that allow for unequal variances. P-values are adjusted by Holm's rule.
        """
      ],
      references: [
        "Firth, D. (1993). Bias reduction of maximum likelihood estimates. Biometrika 80, 27–38.",
        "Heinze, G. & Schemper, M. (2002). A solution to the problem of separation in logistic "
          + "regression. Statistics in Medicine 21, 2409–2419.",
        "MacKinnon, J. G. & White, H. (1985). Some heteroskedasticity-consistent covariance matrix "
          + "estimators with improved finite sample properties. Journal of Econometrics 29, "
          + "305–325.",
        "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian "
          + "Journal of Statistics 6, 65–70.",
      ], findings: findings)
  }

  /// How the mean score changes, over the items asked in all years, and as the answers are.
  private static func overallSentence(
    _ overall: Trend, ends: (first: Fact, last: Fact), _ level: Double, _ analysis: ReportAnalysis
  ) -> Sentence {
    let crude: Sentence =
      overall.score?.crude.map { crude in
        """
         Over whatever was asked in which year, the change is \
        \(estimate("overall.crude", crude, level)).
        """
      } ?? ""
    guard overall.change.value != nil else {
      return """
        From \(ends.first) to \(ends.last) no item was asked in all years, so that the change of the \
        mean score cannot be told from a change of the questions.\(crude)
        """
    }
    let items: Sentence
    if let counts = overall.score?.items, counts.compared < counts.asked {
      items = """
        , over the \(.items(counts.compared, as: "trend_items")) of \
        \(.count("trend_items_asked", counts.asked)) asked in all years,
        """
    } else {
      items = ""
    }
    return """
      From \(ends.first) to \(ends.last) the mean score\(items) \
      \(words: overall.isClear ? "changes by" : "does not change clearly:") \
      \(estimate("overall.change", overall.change, level)), over \
      \(analysis.readings(overall.count, as: "overall.change.n")).\(crude)
      """
  }

  /// How many items rise and fall clearly, and which.
  private static func slopes(
    _ count: Int, rising: [Trend], falling: [Trend], _ level: Double, _ analysis: ReportAnalysis
  ) -> Sentence {
    guard !(rising.isEmpty && falling.isEmpty) else {
      return """
        No item of \(.count("items_with_slope", count)) changes clearly with the years, after adjustment for their \
        number.
        """
    }
    let phrases = Sentence.some(
      rising.isEmpty
        ? nil
        : """
        the pass rate of \(.count("rising_items", rising.count)) rises\(named(rising, level, analysis))
        """,
      falling.isEmpty
        ? nil
        : """
        \(words: rising.isEmpty ? "the pass rate" : "that") of \(.count("falling_items", falling.count)) \
        falls\(named(falling, level, analysis))
        """)
    return """
      Of \(.items(count, as: "items_with_slope")) \(Sentence.list(phrases)) with the years, after adjustment for \
      their number.
      """
  }

  /// The most items whose slopes are drawn.
  private static let plottedTrends = 40

  private static func estimate(_ term: String, _ change: Estimate, _ level: Double) -> Sentence {
    let value = change.value ?? 0
    guard let low = change.lower, let high = change.upper else {
      return "\(.points(term, value)) points"
    }
    return """
      \(.points(term, value)) points (\(.level(level)) interval \
      \(.points("\(term).conf_low", low)) to \(.points("\(term).conf_high", high)))
      """
  }

  /// The size of a change whose direction a verb says.
  private static func amount(_ term: String, _ change: Estimate, _ level: Double) -> Sentence {
    let value = abs(change.value ?? 0)
    guard let low = change.lower, let high = change.upper else {
      return "\(.points(term, value)) points"
    }
    let ends = [abs(low), abs(high)].sorted()
    return """
      \(.points(term, value)) points (\(.level(level)) interval \
      \(.points("\(term).conf_low", ends[0])) to \(.points("\(term).conf_high", ends[1])))
      """
  }

  /// `1 item rises and 3 fall clearly over the years`.
  private static func heading(rising: Int, falling: Int) -> String {
    func phrase(_ count: Int, _ one: String, _ many: String, isFirst: Bool) -> String? {
      guard count > 0 else { return nil }
      let noun = isFirst ? (count == 1 ? " item" : " items") : ""
      return "\(count)\(noun) \(count == 1 ? one : many)"
    }
    let parts = [
      phrase(rising, "rises", "rise", isFirst: true),
      phrase(falling, "falls", "fall", isFirst: rising == 0),
    ]
    return parts.compactMap { $0 }.joined(separator: " and ") + " clearly over the years"
  }

  /// At most three of the items whose slope is clear, in brackets.
  private static func named(
    _ trends: [Trend], _ level: Double, _ analysis: ReportAnalysis
  ) -> Sentence {
    guard !trends.isEmpty else { return "" }
    let steepest = trends.enumerated().sorted { left, right in
      let (a, b) = (abs(left.element.change.value ?? 0), abs(right.element.change.value ?? 0))
      return a == b ? left.offset < right.offset : a > b
    }.map(\.element)
    let phrases = steepest.prefix(3).map { phrase($0, level, analysis) }
    let further: Sentence = trends.count > 3 ? "; and others" : ""
    return " (\(Sentence.list(phrases))\(further))"
  }

  private static func phrase(
    _ trend: Trend, _ level: Double, _ analysis: ReportAnalysis
  ) -> Sentence {
    let term = trend.target.columnName
    return """
      \(name: analysis.label(of: trend.target)) with \
      \(estimate("\(term).change", trend.change, level)), \
      n = \(.count("\(term).change.n", trend.count))
      """
  }
}
