import RealModule
import SurveyFigures
import SurveyStats

extension ReportSection {
  /// What goes with a high score: a logistic fit on year, type, tags and version.
  static let logistic = ReportSection(id: "logit", title: "What goes with a high score") {
    analysis in
    let settings = analysis.input.settings
    let level = analysis.level
    let matrix = analysis.matrix
    let model = try await HighScoreModel(analysis)
    let estimates = model.estimates()
    let shown = estimates.filter { $0.estimate.estimate != nil }
    guard let fit = shown.first?.estimate, let papers = fit.paperCount, let events = fit.eventCount
    else { throw SectionSkipped("no coefficient of a logistic fit can be estimated") }
    let clear = shown.filter(\.isClear).sorted { left, right in
      let (a, b) = (abs(left.estimate.estimate ?? 0), abs(right.estimate.estimate ?? 0))
      return a == b ? left.label < right.label : a > b
    }
    let bound = Fact.number("score_bound", model.bound, digits: 0)
    var sentences: [Sentence] = [
      """
      \(.count("high_scores", events)) of \(analysis.readings(papers, as: "papers_in_fit")) \
      \(words: events == 1 ? "reaches" : "reach") a score of \(bound). In a logistic fit on \(model.variableWords), \
      \(clear.isEmpty ? "none of \(.number("terms", shown.count, of: "odds ratio", "odds ratios"))" : """
        \(.count("clear_terms", clear.count)) of \(.number("terms", shown.count, of: "odds ratio", "odds ratios"))
        """ as Sentence) \(words: clear.count == 1 || clear.isEmpty ? "differs" : "differ") clearly from one.
      """
    ]
    let title =
      clear.first.map { term in
        let ratio = Fact.number("", Double.exp(term.estimate.estimate ?? 0), digits: 2)
        return "\(term.label): odds of a high score times \(ratio.text)"
      } ?? "No property clearly goes with a high score"
    if !clear.isEmpty {
      let phrases = clear.prefix(3).map { term -> Sentence in
        "\(name: term.label) \(Self.ratio(term, level))"
      }
      sentences.append(
        "Furthest from one, which means no difference: \(Sentence.list(phrases)).")
    }
    var table = Table(
      logistic: estimates.map(\.estimate), level: level, notes: model.design.notes)
    table.name = "logit"
    table.columns.insert(Column("label", .text(estimates.map(\.label))), at: 0)
    for index in table.columns.indices
    where ["outcome", "term", "estimate", "std_error", "statistic", "p_adjusted", "conf_low"]
      .contains(table.columns[index].name) || table.columns[index].name == "conf_high"
    {
      table.columns[index].isDetail = true
    }
    var fits = Table(logisticFits: [model.fit], level: level)
    fits.name = "logit-fit"
    return Section(
      id: "logit", title: "What goes with a high score", sentences: sentences,
      figures: [
        Figure(
          id: "logit", title: title,
          caption: """
            Odds ratios of reaching a score of \(bound), with \(.level(level)) intervals, each \
            with the others held fixed; the dashed line is no difference. \
            n = \(analysis.readings(papers, as: "papers_in_fit")).
            """,
          alternativeText: """
            A forest plot of \(.number("terms", shown.count, of: "odds ratio", "odds ratios")), of which \
            \(clear.isEmpty ? "none" : "\(.count("clear_terms", clear.count))" as Sentence) \
            \(words: clear.count > 1 ? "differ" : "differs") clearly from one.
            """,
          source: "logit",
          specification: ForestPlot(
            rows: shown.map {
              EstimateRow(
                label: $0.label, estimate: Double.exp($0.estimate.estimate ?? 0),
                lower: $0.estimate.coefficient.lower.map { Double.exp($0) },
                upper: $0.estimate.coefficient.upper.map { Double.exp($0) })
            }, scale: .ratio, axisTitle: "Odds ratio"
          ).specification)
      ],
      tables: [
        SectionTable(
          table,
          caption: """
            Odds ratios of reaching a score of \(bound), from a logistic fit of \
            \(analysis.readings(papers, as: "papers_in_fit")); categories are compared with the most \
            frequent one, and rare ones are put together.
            """),
        SectionTable(
          fits, caption: "How well the logistic fit describes the papers it was fitted on."),
      ],
      paragraphs: [
        """
        An odds ratio says that papers with the one property reach the score more or less often \
        than papers without it that are alike in the other properties of the fit; it does not say \
        that the property is the reason.
        """
      ] + model.remarks(isWeighted: matrix.papers.contains { $0.weight != nil }),
      methods: [
        """
        The logistic fit has all variables at once; where it is sparse or separated it is Firth's \
        penalised likelihood. Intervals of odds ratios are of the profile likelihood, or of robust \
        standard errors where papers are clustered.
        """
      ],
      references: [
        "McCullagh, P. & Nelder, J. A. (1989). Generalized Linear Models, second edition. Chapman & "
          + "Hall.",
        "Firth, D. (1993). Bias reduction of maximum likelihood estimates. Biometrika 80, 27–38.",
        "Heinze, G. & Schemper, M. (2002). A solution to the problem of separation in logistic "
          + "regression. Statistics in Medicine 21, 2409–2419.",
      ])
  }

  /// An odds ratio with its interval.
  private static func ratio(_ term: HighScoreModel.Term, _ level: Double) -> Sentence {
    let name = "odds:\(term.estimate.term ?? "")"
    let value = Fact.number(name, Double.exp(term.estimate.estimate ?? 0), digits: 2)
    guard let low = term.estimate.coefficient.lower, let high = term.estimate.coefficient.upper
    else {
      return "\(value)"
    }
    return """
      \(value) (\(.level(level)) interval \
      \(.number("\(name).conf_low", Double.exp(low), digits: 2)) to \
      \(.number("\(name).conf_high", Double.exp(high), digits: 2)))
      """
  }
}

/// The logistic fit of a high score on what is known of the papers.
private struct HighScoreModel {
  /// A coefficient with its name for people.
  struct Term {
    let label: String
    let estimate: LogisticEstimate

    /// Whether the interval leaves out an odds ratio of one.
    var isClear: Bool {
      guard let low = estimate.coefficient.lower, let high = estimate.coefficient.upper else {
        return false
      }
      return low > 0 || high < 0
    }
  }

  /// The score that counts as high: the bound of a tier nearest to the median.
  let bound: Double
  let design: DesignMatrix
  let fit: LogisticFit
  private let rows: [LogisticEstimate]
  private let properties: PaperProperties

  init(_ analysis: ReportAnalysis) async throws {
    let matrix = analysis.matrix
    let settings = analysis.input.settings
    let scores = analysis.scores.overall.values.compactMap { $0 }.sorted()
    guard scores.count >= 2 * PaperProperties.fewestPapers else {
      throw SectionSkipped("fewer than twenty papers have a score")
    }
    let median = scores[scores.count / 2]
    bound =
      settings.tiers.bounds.min { abs($0 - median) < abs($1 - median) } ?? 50
    properties = PaperProperties(of: matrix)
    let columns = properties.columns
    guard !columns.isEmpty else {
      throw SectionSkipped("no year, type, tag or version differs between enough papers")
    }
    let plan = SamplingPlan(
      stratum: settings.stratum, cluster: settings.cluster,
      usesWeights: analysis.design.weights != nil)
    let run = Run(seed: settings.seed, replicates: settings.replicates, jobs: settings.jobs)
    let question = Logits(
      [.scoreAtLeast(bound)], on: columns.map(\.name).joined(separator: " + "),
      variables: columns.map { Logits.Variable($0.name, $0.values) }, level: settings.level)
    do {
      let result = try await run(question, of: Study(matrix, plan: plan))
      rows = result.estimates
      design = result.design
      guard let found = result.fitted.first else {
        throw SectionSkipped("no logistic fit of a high score")
      }
      fit = found
    } catch let failure as Logits.Failure {
      switch failure {
      case .formula(let reason): throw SectionSkipped("\(reason)")
      case .nothingFitted(let errors):
        throw SectionSkipped(errors.first?.description ?? "no logistic fit of a high score")
      case .zeroWeights: throw SectionSkipped("all papers have the weight 0")
      default: throw SectionSkipped("no logistic fit of a high score")
      }
    }
  }

  /// The coefficients without the intercept.
  func estimates() -> [Term] {
    rows.compactMap { estimate in
      guard let name = estimate.term, name != DesignMatrix.intercept else { return nil }
      return Term(label: properties.labels[name] ?? name, estimate: estimate)
    }
  }

  /// The variables in words.
  var variableWords: Sentence { Sentence.list(properties.words) }

  /// What a reader must know of the papers and of the fit.
  func remarks(isWeighted: Bool) -> [Sentence] {
    var result = properties.incomplete
    if fit.method == .firth {
      result.append(
        """
        A category has few papers or determines the outcome; the fit is Firth's penalised \
        likelihood, whose ratios stay finite.
        """)
    }
    if isWeighted { result.append("The papers count by their weights.") }
    return result
  }
}

/// What is known of the papers that a fit can use.
private struct PaperProperties {
  /// The fewest papers of a category or tag that stands by itself.
  static let fewestPapers = 10
  /// The most categories of a variable that stand by themselves.
  private static let levelLimit = 10

  /// The variables.
  private(set) var columns: [(name: String, values: VariableValues)] = []
  /// The names of coefficients for people.
  private(set) var labels: [String: String] = [:]
  /// The variables in words.
  private(set) var words: [Sentence] = []
  /// How many papers lack which variable.
  private(set) var incomplete: [Sentence] = []

  init(of matrix: BinaryMatrix) {
    addYear(of: matrix)
    addCategories("type", "type", of: matrix)
    addCategories("version", "version of the instrument", of: matrix)
    addTags(of: matrix)
  }

  private mutating func addYear(of matrix: BinaryMatrix) {
    let years = matrix.papers.map { $0.year.map(Double.init) }
    guard Set(years.compactMap { $0 }).count > 1,
      isKnown(years.count { $0 != nil }, of: matrix, "year")
    else { return }
    columns.append(("year", .numeric(years)))
    labels["year"] = "A year later"
    words.append("year")
  }

  private mutating func addCategories(
    _ column: String, _ word: String, of matrix: BinaryMatrix
  ) {
    let values = (try? matrix.disjointGroups(of: column).labels) ?? matrix.papers.map { _ in nil }
    let kept = Self.frequent(values.compactMap { $0 })
    let merged = values.map { value in value.map { kept.contains($0) ? $0 : "other" } }
    let levels = Set(merged.compactMap { $0 })
    guard levels.count > 1, isKnown(values.count { $0 != nil }, of: matrix, column) else { return }
    columns.append((column, .categorical(merged)))
    let sizes = levels.sorted().map { level in (level, merged.count { $0 == level }) }
    let reference = sizes.max { ($0.1, $1.0) < ($1.1, $0.0) }?.0 ?? ""
    for level in levels {
      labels["\(column)[\(level)]"] =
        "\(ReportAnalysis.words(column)) \(level) against \(reference)"
    }
    words.append("\(words: word)")
  }

  private mutating func addTags(of matrix: BinaryMatrix) {
    let kept = Self.frequent(matrix.papers.flatMap { Set($0.tags).sorted() })
      .filter { tag in matrix.papers.count { !$0.tags.contains(tag) } >= Self.fewestPapers }
    guard !kept.isEmpty else { return }
    columns.append(("tags", .labels(matrix.papers.map { $0.tags.filter(kept.contains) })))
    for tag in kept { labels["tags[\(tag)]"] = "Tag \(tag)" }
    words.append("tags")
  }

  /// Whether a variable is known for more than half of the papers; those without are left out.
  private mutating func isKnown(_ count: Int, of matrix: BinaryMatrix, _ name: String) -> Bool {
    guard count * 2 > matrix.papers.count else { return false }
    let missing = matrix.papers.count - count
    if missing > 0 {
      incomplete.append(
        """
        \(Sentence.number("without_\(name)", missing, of: "paper states", "papers state")) no \
        \(words: name) and is not in the fit.
        """)
    }
    return true
  }

  /// The values that enough papers have, at most so many of the most frequent ones.
  private static func frequent(_ values: [String]) -> Set<String> {
    var counts: [String: Int] = [:]
    for value in values { counts[value, default: 0] += 1 }
    let ranked = counts.filter { $0.value >= fewestPapers }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return Set(ranked.prefix(levelLimit).map(\.key))
  }
}
