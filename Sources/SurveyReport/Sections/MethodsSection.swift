import SurveyStats

extension ReportSection {
  /// What was estimated and how, from the options that were used.
  static let methods = ReportSection(id: "methods", title: "Methods") { analysis in
    let settings = analysis.input.settings
    let matrix = analysis.matrix
    let intervals = Set(analysis.rates.compactMap(\.interval))
    var references = [
      "Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. "
        + "Journal of the American Statistical Association 22, 209–212."
    ]
    let unit: Sentence =
      if let cluster = settings.cluster {
        "clusters of papers that share their \(name: cluster)"
      } else { "whole papers" }
    let strata: Sentence =
      if let stratum = settings.stratum { ", within strata of \(name: stratum)" } else { "" }
    let weights: Sentence =
      matrix.papers.contains { $0.weight != nil } ? "; papers count by their weights" : ""
    let resampled: Sentence =
      intervals.contains("studentized")
      ? """
      ; for categories, layers and all answers together they are studentized bootstrap intervals \
      on the logit scale, with linearised standard errors
      """ : ""
    let unequal: Sentence =
      !analysis.design.unitsArePapers
      ? """
      ; they rest on an effective sample size from the bias-reduced variance of clusters and its \
      degrees of freedom, with Clopper and Pearson's limits
      """
      : analysis.design.weights != nil
        ? """
        ; with weights they rest on the smaller of Korn and Graubard's and Kish's effective sample size
        """ : ""
    if !analysis.design.unitsArePapers {
      references.append(
        "Bell, R. M. & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression "
          + "with multi-stage samples. Survey Methodology 28, 169–181.")
    }
    var paragraphs: [Sentence] = [
      """
      \(.number("papers", matrix.distinctPaperCount, of: "paper was", "papers were")) asked up to \
      \(.number("items", matrix.items.count, of: "yes-or-no item", "yes-or-no items")). An answer is yes, no, or that the \
      item does not apply; an item that the version of a paper's instrument does not have was \
      never asked. Pass rates are yes answers over applicable answers; answers that do not apply \
      or were never asked are in neither count\(weights).
      """,
      """
      Intervals have level \(.level(settings.level)) each; they do not hold all at once. For \
      single items of papers drawn one by one they are Wilson's score intervals\(resampled)\(unequal). \
      Rates of zero or all have no bootstrap distribution and get Wilson limits. The bootstrap \
      resamples \(unit)\(strata), with \(.count("replicates", settings.replicates)) replicates and \
      seed \(name: String(settings.seed)) (\(words: scheme(settings.scheme))). \
      Differences of rates have intervals formed from those of the rates, which keep their width \
      where a rate is zero or all; those of the same papers allow for the correlation of the two \
      rates.
      """,
      """
      A paper's score is the share of its applicable items that it passes, in percent; quantities \
      of the distribution have percentile bootstrap intervals, from ten papers on, shares of tiers \
      those of rates; the mean of up to \
      \(.papers(Int(BoundedMean.mostEffectiveUnits), as: "bounded_mean_papers")) has limits within \
      the range of scores from random weights, with half a paper at the bound. Papers are neither a random sample \
      nor all of a field unless they were drawn as such: the intervals say how much the numbers \
      would vary over other papers of the same kind, not what was missed in finding papers. The \
      answers are judgements and have errors of their own, which the intervals do not contain.
      """,
    ]
    if let reading = analysis.input.reading { paragraphs.append("\(name: reading)") }
    if let credit = matrix.creditRemark { paragraphs.append("\(name: credit).") }
    if analysis.input.problems.contains(where: { $0.kind == .duplicatePaper }) {
      paragraphs.append(
        """
        Papers that stand in the input under several names were recognised by arXiv identifier, \
        DOI or title.
        """)
    }
    references += [
      "Efron, B. & Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman & Hall.",
      "Davison, A. C. & Hinkley, D. V. (1997). Bootstrap Methods and their Application. Cambridge "
        + "University Press.",
      "Zou, G. Y. & Donner, A. (2008). Construction of confidence limits about effect measures: a "
        + "general approach. Statistics in Medicine 27, 1693–1702.",
      "Newcombe, R. G. (1998). Improved confidence intervals for the difference between binomial "
        + "proportions based on paired data. Statistics in Medicine 17, 2635–2650.",
    ]
    if settings.cluster != nil || matrix.papers.contains(where: { $0.weight != nil }) {
      references.append(
        "Korn, E. L. & Graubard, B. I. (1998). Confidence intervals for proportions with small "
          + "expected number of positive counts estimated from survey data. Survey Methodology 24, "
          + "193–201.")
    }
    return Section(
      id: "methods", title: "Methods",
      tables: [
        SectionTable(options(settings), caption: "The options with which the report was made.")
      ], paragraphs: paragraphs, references: references)
  }

  /// The options that make the numbers what they are.
  private static func options(_ settings: ReportSettings) -> Table {
    let selection =
      settings.selection.isEmpty
      ? "all papers and items" : settings.selection.joined(separator: "; ")
    let options: [(String, String)] = [
      ("selection", selection),
      ("confidence level", NumberFormat.shortest(settings.level)),
      ("bootstrap replicates", String(settings.replicates)),
      ("weights of a replicate", scheme(settings.scheme)), ("seed", String(settings.seed)),
      (
        "lower bounds of the tiers",
        settings.tiers.bounds.map { NumberFormat.shortest($0) }
          .joined(separator: ", ")
      ),
      ("strata", settings.stratum ?? "none"), ("clusters", settings.cluster ?? "none"),
      ("version", settings.version),
    ]
    return Table(
      name: "options",
      columns: [
        Column("option", .text(options.map(\.0))), Column("value", .text(options.map(\.1))),
      ])
  }

  private static func scheme(_ scheme: Bootstrap.Scheme) -> String {
    switch scheme {
    case .multinomial: "draws with replacement"
    case .poisson: "independent Poisson counts"
    case .bayesian: "Dirichlet weights"
    }
  }
}
