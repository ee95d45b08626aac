import SurveyFigures
import SurveyStats

extension ReportSection {
  /// How many factors are behind the answers to the items, and which items they join.
  static let factors = ReportSection(id: "factors", title: "Factors behind the items") { analysis in
    let matrix = analysis.matrix
    guard matrix.items.count <= ItemFactors.itemLimit else {
      throw SectionSkipped("there are more than \(ItemFactors.itemLimit) items")
    }
    let found = try await ItemFactors(analysis)
    let correlations = found.correlations
    let items = Fact.count("factor_items", correlations.count)
    var sentences: [Sentence] = [
      """
      The answers to \(items) items have \
      \(Sentence.components(found.parallel.retained, as: "retained_factors")) \
      with more variance than \
      chance gives (parallel analysis, \(found.parallel.referenceWords)).
      """
    ]
    var eigenvalues = found.principal.eigenvalueTable(parallel: found.parallel)
    eigenvalues.name = "item-eigenvalues"
    var figures = [
      Figure(
        id: "item-scree",
        title: found.parallel.retained == 0
          ? "No component of the items exceeds chance"
          : found.parallel.retained == 1
            ? "One component of the items exceeds chance"
            : "\(found.parallel.retained) components of the items exceed chance",
        caption: """
          The largest eigenvalues of the phi coefficients of \(items) items, and the quantile of \
          those of unrelated items that a component has to exceed, \
          \(.level(found.parallel.quantileLevel)).
          """,
        alternativeText: """
          Two falling lines; the data lie above chance for \
          \(Sentence.components(found.parallel.retained, as: "retained_factors")).
          """,
        source: "item-eigenvalues",
        specification: ScreePlot(
          eigenvalues: found.principal.eigenvalues, reference: found.parallel.quantiles
        ).specification)
    ]
    var tables = [
      SectionTable(
        eigenvalues,
        caption: "Components of the items by eigenvalue, with the quantile that chance gives.",
        shownRows: 20)
    ]
    tables.append(
      SectionTable(
        found.basis,
        caption: "What the factors rest on: the items, and what was done to their correlations."))
    let remarks = found.leftOutSentences
    if let solution = found.solution {
      sentences += found.sentences(solution, analysis)
      figures.append(found.figure(solution, analysis))
      tables += found.tables(solution, analysis)
    } else {
      if let failure = found.failure { sentences.append("\(name: failure)") }
    }
    return Section(
      id: "factors", title: "Factors behind the items", sentences: sentences, figures: figures,
      tables: tables,
      paragraphs: remarks + [
        """
        A factor says that answers go together, not why; a checklist defines what good practice \
        is, and its items need not measure one thing.
        """
      ],
      methods: [
        """
        Factors are those of the phi coefficients of the items, each on the papers to which both \
        apply, made positive definite where needed; as many as parallel analysis keeps are \
        extracted by minimum residuals and rotated obliquely (oblimin).
        """
      ],
      references: [
        "Horn, J. L. (1965). A rationale and test for the number of factors in factor analysis. "
          + "Psychometrika 30, 179–185.",
        "Glorfeld, L. W. (1995). An improvement on Horn's parallel analysis methodology. Educational "
          + "and Psychological Measurement 55, 377–393.",
        "Higham, N. J. (2002). Computing the nearest correlation matrix – a problem from finance. "
          + "IMA Journal of Numerical Analysis 22, 329–343.",
        "Harman, H. H. & Jones, W. H. (1966). Factor analysis by minimizing residuals (minres). "
          + "Psychometrika 31, 351–368.",
        "Jennrich, R. I. (2002). A simple general method for oblique rotation. Psychometrika 67, "
          + "7–19.",
      ])
  }
}

/// The correlations of the items with their components and factors.
private struct ItemFactors {
  /// The most items that are analysed; the cost grows with their third power.
  static let itemLimit = 300
  /// The most factors that are drawn and told.
  static let shownLimit = 6
  /// Loadings below it are not written into the picture.
  static let cut = 0.3

  let correlations: CorrelationMatrix
  let parallel: ParallelAnalysis
  let principal: PrincipalComponents
  /// The factors; `nil` when none stands out or they cannot be extracted.
  var solution: FactorSolution?
  /// Why there are none, if there should be some.
  var failure: String?

  init(_ analysis: ReportAnalysis) async throws {
    let variables = CorrelatedVariables()
    var components = Components(variables)
    components.level = analysis.level
    do {
      let found = try await analysis.findings(components)
      guard found.correlations.count > 3 else {
        throw SectionSkipped("fewer than four items vary over enough shared papers")
      }
      (correlations, parallel, principal) = (found.correlations, found.parallel, found.principal)
    } catch let error as CorrelationMatrixError {
      throw SectionSkipped(error.description)
    }
    guard parallel.retained > 0 else { return }
    var factors = Factors(variables)
    factors.count = .exactly(
      max(1, min(parallel.retained, FactorAnalysis.largestFactorCount(items: correlations.count))))
    factors.method.rotation.seed = analysis.input.settings.seed
    factors.level = analysis.level
    do {
      solution = try await analysis.findings(factors).solution
    } catch let error as FactorError {
      failure = "Factors cannot be extracted: \(error.description)."
    }
  }

  /// What the analysis rests on, as a table.
  var basis: Table {
    let rows: [(String, Double?)] = [
      ("items", Double(correlations.count)), ("items left out", Double(correlations.leftOut.count)),
      ("fewest papers of a pair", correlations.smallestPairCount.map(Double.init)),
      ("largest change to make the correlations fit together", correlations.repair?.largestChange),
      ("smallest loading that is written in the picture", Self.cut),
    ]
    return Table(
      name: "factor-basis",
      columns: [
        Column("term", .text(rows.map(\.0))), Column("estimate", .real(rows.map(\.1))),
      ])
  }

  /// What was left out of the correlations, or done to them.
  var leftOutSentences: [Sentence] {
    var result: [Sentence] = []
    if !correlations.leftOut.isEmpty {
      let count = Sentence.number(
        "items_left_out", correlations.leftOut.count, of: "item is", "items are")
      result.append(
        "\(count) left out: nearly constant, or shared by too few papers with another item.")
    }
    if let repair = correlations.repair {
      result.append(
        """
        The correlations rest on different papers each and did not fit together; the nearest \
        matrix that does differs by at most \
        \(.number("largest_repair", repair.largestChange, digits: 2)).
        """)
    }
    return result
  }

  /// The factor on which an item loads most, and the loading.
  private func leading(_ item: Int, _ solution: FactorSolution) -> (factor: Int, loading: Double) {
    let row = solution.pattern.row(item)
    let factor = row.indices.max { (abs(row[$0]), -$0) < (abs(row[$1]), -$1) } ?? 0
    return (factor, row[factor])
  }

  /// The items by their leading factor, the highest loading first.
  private func order(_ solution: FactorSolution) -> [Int] {
    correlations.names.indices.sorted { left, right in
      let (a, b) = (leading(left, solution), leading(right, solution))
      if a.factor != b.factor { return a.factor < b.factor }
      if abs(a.loading) != abs(b.loading) { return abs(a.loading) > abs(b.loading) }
      return left < right
    }
  }

  func sentences(_ solution: FactorSolution, _ analysis: ReportAnalysis) -> [Sentence] {
    let share = solution.rotated.variances.reduce(0, +) / Double(correlations.count)
    var result: [Sentence] = [
      """
      \(Sentence.number("factors", solution.factors, of: "factor takes", "factors together take")) \
      \(.share("factor_variance", share)) of the variance of the items.
      """
    ]
    let ordered = order(solution)
    for factor in 0..<min(solution.factors, Self.shownLimit) {
      let leaders = ordered.filter {
        let (own, loading) = leading($0, solution)
        return own == factor && abs(loading) >= Self.cut
      }.prefix(3)
      guard !leaders.isEmpty else { continue }
      let names = leaders.map { item -> Sentence in
        """
        \(name: analysis.label(named: correlations.names[item])) \
        (\(.number("loading:\(correlations.names[item]):F\(factor + 1)",
          solution.pattern[item, factor], digits: 2)))
        """
      }
      result.append(
        "Factor \(.label("factor", factor + 1)) is led by \(Sentence.list(names)).")
    }
    return result
  }

  /// Which item leads the first factor.
  private func title(_ solution: FactorSolution, _ analysis: ReportAnalysis) -> String {
    guard let first = order(solution).first, leading(first, solution).factor == 0 else {
      return "Loadings of the items on the factors"
    }
    return "The first factor is led by \(analysis.label(named: correlations.names[first]))"
  }

  func figure(_ solution: FactorSolution, _ analysis: ReportAnalysis) -> Figure {
    let ordered = order(solution)
    let shown = min(solution.factors, Self.shownLimit)
    return Figure(
      id: "factor-loadings", title: title(solution, analysis),
      caption: """
        Pattern loadings of \(.items(correlations.count, as: "factor_items")) on \
        \(shown == solution.factors ? "" : "\(.count("shown_factors", shown)) of ")\
        \(.number("factors", solution.factors, of: "factor", "factors")) (phi \
        coefficients, minimum residuals, oblique rotation); blue is positive, orange negative. \
        Loadings below \(.number("loading_cut", Self.cut)) in size are not written.
        """,
      alternativeText: """
        A table of colours: items down, in the order of the factor on which they load most, \
        \(.number("shown_factors", shown, of: "factor", "factors")) across.
        """,
      source: "factor-loadings",
      specification: LoadingsPlot(
        labels: ordered.map { analysis.label(named: correlations.names[$0]) },
        loadings: ordered.map { Array(solution.pattern.row($0).prefix(shown)) }, cut: Self.cut,
        axisTitle: "Factor"
      ).specification)
  }

  func tables(_ solution: FactorSolution, _ analysis: ReportAnalysis) -> [SectionTable] {
    let ordered = order(solution)
    var columns = [
      Column(
        "label", .text(ordered.map { analysis.label(named: correlations.names[$0]) })),
      Column("term", .text(ordered.map { correlations.names[$0] }), isDetail: true),
    ]
    for (factor, name) in solution.factorNames.enumerated() {
      columns.append(Column(name, .real(ordered.map { solution.pattern[$0, factor] })))
    }
    let communalities = solution.communalities
    columns.append(Column("communality", .real(ordered.map { communalities[$0] })))
    columns.append(
      Column(
        "note",
        .text(ordered.map { solution.isHeywood($0) ? "heywood" : nil })))
    var variances = solution.variancesTable()
    variances.name = "factor-variances"
    var fit = FactorFit(solution).table()
    fit.name = "factor-fit"
    var result = [
      SectionTable(
        Table(name: "factor-loadings", columns: columns),
        caption: """
          Pattern loadings of the items, in the order of the factor on which they load most, and \
          the variance of each that the factors account for.
          """, shownRows: 300),
      SectionTable(variances, caption: "The variance that each factor accounts for."),
      SectionTable(
        fit,
        caption: """
          How well the factors describe the correlations; of yes-or-no items the chi-square and \
          what follows from it are descriptive only.
          """),
    ]
    if solution.factors > 1 {
      var correlations = solution.correlationsTable()
      correlations.name = "factor-correlations"
      result.append(SectionTable(correlations, caption: "Correlations of the factors."))
    }
    return result
  }
}

extension ReportAnalysis {
  /// What an item is called that is known by its identifier.
  func label(named name: String) -> String {
    let id = ItemID(name)
    return matrix.items.firstIndex { $0.id == id }.map { label(ofItem: $0) } ?? Self.words(name)
  }
}

extension ParallelAnalysis {
  /// What the reference data were, in words.
  var referenceWords: Sentence {
    switch reference {
    case .permutation:
      "\(.number("reference_sets", replicateCount, of: "permutation", "permutations"))"
    case .normal:
      "\(.count("reference_sets", replicateCount)) sets of unrelated normal variables"
    }
  }
}
