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
    let clusters = try? matrix.clusters(of: settings.cluster)
    let estimator = TrendEstimator(
      covariate: matrix.papers.map { $0.year.map(Double.init) }, level: level,
      covarianceType: clusters == nil ? .model : .cr2, clusters: clusters)
    let targets = RateTarget.all(in: matrix, levels: [.item, .category, .overall])
    let trends = try await estimator(matrix, targets: targets, jobs: settings.jobs)
    guard let overall = trends.last(where: { $0.target.level == .overall && $0.estimate != nil })
    else { throw SectionSkipped("no slope over the years can be estimated") }
    let items = trends.filter { $0.target.level == .item && $0.estimate != nil }
    let least = leastPapers(of: matrix)
    let adjusted = PValueAdjustment.holm(
      trends.filter { $0.target.level == .item }.map(\.pValue))
    let clear = zip(trends.filter { $0.target.level == .item }, adjusted)
      .filter { ($1 ?? 1) < 1 - level }.map(\.0)
    let rising = clear.filter { ($0.estimate ?? 0) > 0 }
    let falling = clear.filter { ($0.estimate ?? 0) < 0 }
    var sentences: [Sentence] = [
      """
      From \(.label("trend_first_year", first)) to \(.label("trend_last_year", last)) the mean \
      score of a paper changes by \(slope("overall", overall, level)) a year\
      \(words: overall.isClear ? "" : ", so the data cannot tell a change from none"), \
      n = \(.papers(overall.count, as: "overall.slope.n")).
      """,
      """
      Of \(.items(items.count, as: "items_with_slope")) the pass rate of \
      \(.count("rising_items", rising.count)) rises\(named(rising, level, analysis)) and that of \
      \(.count("falling_items", falling.count)) falls\(named(falling, level, analysis)) with the \
      year, after adjustment for their number; for the others the data cannot tell.
      """,
    ]
    let ranked = items.filter { $0.count >= least }.enumerated().sorted { left, right in
      let (a, b) = (left.element.estimate ?? 0, right.element.estimate ?? 0)
      return a == b ? left.offset < right.offset : a > b
    }.map(\.element)
    if let up = ranked.first, let down = ranked.last, ranked.count > 1 {
      let steepest = [up, down].filter { trend in !clear.contains { $0.target == trend.target } }
      if !steepest.isEmpty {
        let phrases = steepest.map { phrase($0, level, analysis) }
        sentences.append(
          """
          \(words: steepest.count == 1 ? "Also steep, but" : "Steepest, but") not clear after the \
          adjustment, among items that apply to at least \(.papers(least, as: "least_papers")): \
          \(Sentence.list(phrases)).
          """)
      }
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
    where ["category", "term", "on", "kendall", "spearman", "theil_sen", "method", "statistic"]
      .contains(table.columns[index].name)
      || ["theil_sen_low", "theil_sen_high", "std_error"].contains(table.columns[index].name)
    {
      table.columns[index].isDetail = true
    }
    for index in table.columns.indices where table.columns[index].name == "estimate" {
      table.columns[index].style = .points
    }
    let unweighted: Sentence =
      matrix.papers.contains { $0.weight != nil } ? " Papers count alike, without weights." : ""
    return Section(
      id: "trends", title: "Change over the years", sentences: sentences,
      figures: shown.isEmpty
        ? []
        : [
          Figure(
            id: "trends", title: "Change of the pass rates a year",
            caption: """
              Average change of an item's pass rate a year, in percentage points, from a logistic \
              fit on the year, with \(.level(level)) intervals. \
              \(.count("plotted_trends", shown.count)) of \
              \(.items(items.count, as: "items_with_slope")), the steepest of those that apply to \
              at least \(.papers(least, as: "least_papers")); n of each is in the table. The \
              intervals are those of each item alone, not adjusted for the number of items.
              """,
            alternativeText: """
              Intervals around zero, from \(name: analysis.label(of: shown[0].target)) with \
              \(.points("highest_slope", shown[0].estimate ?? 0)) points a year down to \
              \(name: analysis.label(of: shown[shown.count - 1].target)) with \
              \(.points("lowest_slope", shown[shown.count - 1].estimate ?? 0)).
              """,
            source: "trends",
            specification: ForestPlot(
              rows: shown.map {
                EstimateRow(
                  label: analysis.label(of: $0.target), estimate: $0.estimate ?? 0,
                  lower: $0.limits.low, upper: $0.limits.high)
              }, scale: .difference, axisTitle: "Points a year"
            ).specification)
        ],
      tables: [
        SectionTable(
          table,
          caption: """
            Change a year: of items the average marginal effect of a logistic fit, with the odds \
            ratio; of categories and everything the least-squares slope of the papers' scores. \
            P-values are adjusted by Holm's rule over the rows of a level.\(unweighted)
            """, shownRows: 300)
      ],
      paragraphs: [
        """
        A trend over years mixes a change of practice with changes of what was found, of the types \
        of papers and of the instrument.
        """
      ],
      methods: [
        """
        The slope of an item over the years is the average marginal effect of a logistic fit, \
        tested by Cochran and Armitage's test; that of a score is of least squares, with standard \
        errors that allow for unequal variances. P-values are adjusted by Holm's rule.
        """
      ],
      references: [
        "Armitage, P. (1955). Tests for linear trends in proportions and frequencies. Biometrics "
          + "11, 375–386.",
        "MacKinnon, J. G. & White, H. (1985). Some heteroskedasticity-consistent covariance matrix "
          + "estimators with improved finite sample properties. Journal of Econometrics 29, "
          + "305–325.",
        "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian "
          + "Journal of Statistics 6, 65–70.",
      ])
  }

  /// The most items whose slopes are drawn.
  private static let plottedTrends = 40

  private static func slope(_ term: String, _ trend: Trend, _ level: Double) -> Sentence {
    let value = trend.estimate ?? 0
    guard let low = trend.limits.low, let high = trend.limits.high else {
      return "\(.points("\(term).slope", value, digits: 2)) points"
    }
    return """
      \(.points("\(term).slope", value, digits: 2)) points (\(.level(level)) interval \
      \(.points("\(term).slope.conf_low", low, digits: 2)) to \
      \(.points("\(term).slope.conf_high", high, digits: 2)))
      """
  }

  /// At most three of the items whose slope is clear, in brackets.
  private static func named(
    _ trends: [Trend], _ level: Double, _ analysis: ReportAnalysis
  ) -> Sentence {
    guard !trends.isEmpty else { return "" }
    let steepest = trends.enumerated().sorted { left, right in
      let (a, b) = (abs(left.element.estimate ?? 0), abs(right.element.estimate ?? 0))
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
      \(name: analysis.label(of: trend.target)) with \(slope(term, trend, level)), \
      n = \(.count("\(term).slope.n", trend.count))
      """
  }
}

extension Trend {
  /// Whether the interval of the slope leaves out zero.
  var isClear: Bool {
    guard let low = limits.low, let high = limits.high else { return false }
    return low > 0 || high < 0
  }
}
