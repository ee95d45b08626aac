import SurveyFigures
import SurveyStats

extension ReportSection {
  /// How many components are behind the categories, and what they are.
  static let components = ReportSection(
    id: "components", title: "Components behind the categories"
  ) { analysis in
    let found: Components.Result
    do {
      var question = Components(CorrelatedVariables(.categories(.pearson)))
      question.level = analysis.level
      found = try await analysis.findings(question)
    } catch let error as CorrelationMatrixError {
      throw SectionSkipped(error.description)
    }
    let (correlations, parallel, principal) = (found.correlations, found.parallel, found.principal)
    guard correlations.count > 2 else {
      throw SectionSkipped("fewer than three categories vary over enough papers")
    }
    let count = max(1, parallel.retained)
    let shown = min(count, 4, principal.rank)
    let loadings = principal.loadings(count: shown)
    let first = principal.proportions.first ?? 0
    let strongest = principal.names.indices.max {
      (abs(loadings[$0, 0]), -$0) < (abs(loadings[$1, 0]), -$1)
    }
    var leader = Sentence()
    if let strongest {
      leader = ", led by \(name: ReportAnalysis.words(principal.names[strongest]))"
    }
    var eigenvalues = principal.eigenvalueTable(parallel: parallel)
    eigenvalues.name = "eigenvalues"
    var loadingTable = principal.loadingTable(count: shown)
    loadingTable.name = "loadings"
    let categories = Fact.count("component_categories", correlations.count)
    return Section(
      id: "components", title: "Components behind the categories",
      sentences: [
        """
        The scores of \(categories) categories have \
        \(Sentence.components(parallel.retained, as: "retained")) \
        with more variance than chance gives (parallel analysis, \(parallel.referenceWords)).
        """
      ]
        + (parallel.retained == 0
          ? []
          : ["The first takes \(.share("first_component", first)) of the variance\(leader)."]),
      figures: [
        Figure(
          id: "scree",
          title: parallel.retained == 0
            ? "No component exceeds chance"
            : parallel.retained == 1
              ? "One component exceeds chance" : "\(parallel.retained) components exceed chance",
          caption: """
            Eigenvalues of the correlations of \(categories) category scores, and the quantile \
            of those of permuted scores that a component has to exceed, \
            \(.level(parallel.quantileLevel)).
            """,
          alternativeText: """
            Two falling lines; the data lie above chance for \
            \(Sentence.components(parallel.retained, as: "retained")).
            """,
          source: "eigenvalues",
          specification: ScreePlot(
            eigenvalues: principal.eigenvalues, reference: parallel.quantiles
          ).specification)
      ]
        + (parallel.retained == 0
          ? []
          : [
            Figure(
              id: "loadings",
              title: strongest.map {
                "The first component is led by \(ReportAnalysis.words(principal.names[$0]))"
              } ?? "Loadings of the categories",
              caption: """
                Correlations of the category scores with \
                \(.number("shown_components", shown, of: "component", "components")); blue is positive, \
                orange negative.
                """,
              alternativeText: """
                A table of colours of \(categories) categories by \
                \(.number("shown_components", shown, of: "component", "components")).
                """,
              source: "loadings",
              specification: LoadingsPlot(
                labels: principal.names.map { ReportAnalysis.words($0) },
                loadings: principal.names.indices.map { loadings.row($0) }
              ).specification)
          ]),
      tables: [
        SectionTable(
          eigenvalues, caption: "Components by eigenvalue, with the quantile that chance gives.")
      ]
        + (parallel.retained == 0
          ? []
          : [
            SectionTable(
              loadingTable, caption: "Loadings of the categories on the components shown.")
          ]),
      methods: [
        """
        Components are those of the Pearson correlations of category scores, each on the papers \
        that have both; they are kept as long as their eigenvalues exceed those of unrelated data \
        (parallel analysis).
        """
      ],
      references: [
        "Horn, J. L. (1965). A rationale and test for the number of factors in factor analysis. "
          + "Psychometrika 30, 179–185.",
        "Glorfeld, L. W. (1995). An improvement on Horn's parallel analysis methodology. Educational "
          + "and Psychological Measurement 55, 377–393.",
        "Higham, N. J. (2002). Computing the nearest correlation matrix – a problem from finance. "
          + "IMA Journal of Numerical Analysis 22, 329–343.",
      ])
  }
}
