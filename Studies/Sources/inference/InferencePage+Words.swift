import SurveyStats

extension InferencePage {
  /// What the page is and how to make it anew.
  var preface: String {
    """
    How often do the tests of `metastat logit`, `trend` and `compare` find an effect where there is
    none (5% would be right), and how often do their intervals hold the true effect (95% would be
    right)? `make inference` writes this page; [inference.csv](inference.csv) has all its numbers, the
    misses on either side and the median lengths. They depend on the seed only (here \(plan.seed)).
    """
  }

  /// How to read the tables.
  var legend: String {
    """
    Every situation was drawn \(plan.repetitions) times (those of all items at once \
    \(Int(Double(plan.repetitions) * InferenceScenario.allItems.share)) times), so that a figure
    near 5 or 95 is right to about two points (two standard errors); bootstraps have \(plan.replicates) replicates. The head of a
    column is the number of papers (or clusters); *error* is the share of tests at 5% that find an
    effect where there is none (an interval without a test of its own rejects when it does not hold
    zero), *coverage* the share of 95% intervals that hold the truth where there is an effect, *none*
    the share of corpora with an effect for which there is no interval, as when all answers are alike.
    All are in percent; errors above 7.5 and coverage below 92.5 are bold.
    """
  }

  /// What the numbers say.
  var conclusions: [String] {
    let (year, cluster, cells) = (
      "odds ratio per year", "odds ratio of a covariate of clusters",
      "odds ratio per year over all items"
    )
    let text = """
      * **One item on the year.** With 20 papers Firth's profile interval errs in
        \(error(.logit, 20, year, "Firth, profile")) and holds the truth in
        \(coverage(.logit, 20, year, "Firth, profile")), the profile of maximum likelihood in
        \(error(.logit, 20, year, "ML, profile")) and
        \(coverage(.logit, 20, year, "ML, profile")). The percentile bootstrap of 20 papers often has no
        interval (\(none(.logit, 20, year, "auto, paper bootstrap (percentile)")) of corpora), as too
        many resamples are separated. From 100 papers on all agree.
      * **Clusters.** Who ignores them finds an effect of a covariate of clusters where there is none in
        \(error(.clusters, 20, cluster, "Wald, clusters ignored")) of corpora of 20 clusters. CR2 errs in
        \(error(.clusters, 10, cluster, "Wald, CR2")) with 10 clusters and
        \(error(.clusters, 50, cluster, "Wald, CR2")) with 50, CR1 in
        \(error(.clusters, 10, cluster, "Wald, CR1")) and
        \(error(.clusters, 50, cluster, "Wald, CR1")), the bootstrap of clusters in
        \(error(.clusters, 10, cluster, "cluster bootstrap (percentile)")) and
        \(error(.clusters, 50, cluster, "cluster bootstrap (percentile)")): take `--se CR2`.
      * **All items at once.** With 20 papers `--model mixed` errs in
        \(error(.allItems, 20, cells, "mixed, 25 nodes")) and `--model gee` in
        \(error(.allItems, 20, cells, "GEE exchangeable")); taking every cell for a paper of its own errs
        in \(error(.allItems, 20, cells, "every cell by itself (wrong)")).
      * **Trends.** The change of scores (HC3) holds the truth in
        \(coverage(.trend, 20, "change of the score", "least squares, HC3 (default)")) with 20 papers and
        \(coverage(.trend, 100, "change of the score", "least squares, HC3 (default)")) with 100, the
        penalised profile of the change of an item in
        \(coverage(.trend, 20, "change of an item", "penalised profile (default)")) and
        \(coverage(.trend, 100, "change of an item", "penalised profile (default)")), where the delta
        method of the average marginal effect has
        \(coverage(.trend, 20, "change of an item", "average marginal effect, delta method")) and
        \(coverage(.trend, 100, "change of an item", "average marginal effect, delta method")).
      * **Rare answers over the years.** Of items with 2, 5 and 10% yes the default test errs in at most
        \(worst(["2% yes", "5% yes", "10% yes"], "penalised likelihood ratio (default)")) at 5% and
        \(worst(["2% yes", "5% yes", "10% yes"], "penalised likelihood ratio (default), over 27 items")) after
        adjustment over 27 items, in clusters of unequal sizes in at most
        \(worst(["2% yes", "5% yes", "10% yes"], "clusters, CR2 (default)")) and
        \(worst(["2% yes", "5% yes", "10% yes"], "clusters, CR2 (default), over 27 items")). Cochran and
        Armitage's test errs in up to
        \(worst(["2% yes", "5% yes", "10% yes"], "Cochran-Armitage, over 27 items")) after the
        adjustment.
      * **Other items over the years.** Where easier items are asked in later years and none changes, the
        score as it is changes in \(error(.mixedTrend, 100, "change of the score", "as the answers are (wrong)"))
        of corpora of 100 papers, that over the items asked throughout in
        \(error(.mixedTrend, 100, "change of the score", "items asked throughout (default)")), the common odds
        ratio in \(error(.mixedTrend, 100, "common odds ratio", "all items, own levels")).
      * **Two groups.** Miettinen and Nurminen's interval holds the truth in
        \(coverage(.compare, 20, "difference of rates", "Miettinen-Nurminen")) with 20 papers, Newcombe's
        in \(coverage(.compare, 20, "difference of rates", "Newcombe")), Welch's of scores in
        \(coverage(.compare, 20, "difference of scores", "Welch")). Fisher's exact test errs in only
        \(error(.compare, 20, "test of equal rates", "fisher")) with 20 papers, the default test in
        \(error(.compare, 20, "test of equal rates", "auto")).
      * **Different mixes.** Groups that are alike in every stratum are called different in
        \(error(.strata, 100, standardised, "as observed, not standardised (wrong)")) of corpora of 100
        papers if nothing is done; Mantel and Haenszel's test errs in
        \(error(.strata, 100, "odds ratio within strata", "Mantel-Haenszel")), direct standardisation in
        \(error(.strata, 100, standardised, "direct")), weighting in
        \(error(.strata, 100, standardised, "weighting")). With 20 papers in four strata direct
        standardisation errs in \(error(.strata, 20, standardised, "direct")) and weighting in
        \(error(.strata, 20, standardised, "weighting")); the note of such a row says so of weighting.
      * **Two items in the same papers.** Newcombe's paired interval holds the truth in
        \(coverage(.pairs, 20, "paired difference", "Newcombe")) with 20 papers; McNemar's mid-p test errs in
        \(error(.pairs, 20, "test of equal paired rates", "McNemar mid-p")), the exact one in
        \(error(.pairs, 20, "test of equal paired rates", "McNemar exact")).
      """
    return [Self.filled(text)]
  }

  /// Points with their lines filled to 100 characters.
  private static func filled(_ points: String) -> String {
    var result: [String] = []
    for line in points.split(separator: "\n") {
      for word in line.split(separator: " ") {
        if word == "*" {
          result.append("*")
        } else if let last = result.last, last.count + 1 + word.count <= 100 {
          result[result.count - 1] = last + " " + word
        } else {
          result.append("  " + word)
        }
      }
    }
    return result.joined(separator: "\n")
  }

  private var standardised: String { "standardised difference" }

  private func error(
    _ scenario: InferenceScenario, _ count: Int, _ quantity: String, _ name: String
  ) -> String {
    spelled(tally(scenario, count, false, Method(quantity, name))?.rejected)
  }

  /// The largest error of a test of rare answers.
  private func worst(_ quantities: [String], _ name: String) -> String {
    let errors = quantities.flatMap { quantity in
      InferenceScenario.rareTrend.unitCounts.compactMap {
        tally(.rareTrend, $0, false, Method(quantity, name))?.rejected
      }
    }
    return spelled(errors.max())
  }

  private func coverage(
    _ scenario: InferenceScenario, _ count: Int, _ quantity: String, _ name: String
  ) -> String {
    spelled(tally(scenario, count, true, Method(quantity, name))?.coverage)
  }

  private func none(
    _ scenario: InferenceScenario, _ count: Int, _ quantity: String, _ name: String
  ) -> String {
    spelled(tally(scenario, count, true, Method(quantity, name))?.withoutInterval)
  }

  private func spelled(_ share: Double?) -> String {
    share.map { NumberFormat.percent($0) } ?? "–"
  }
}

extension InferenceScenario {
  /// The heading.
  var title: String {
    switch self {
    case .logit: "`logit`: one item on the year"
    case .clusters: "`logit`: clusters"
    case .allItems: "`logit --model`: all items at once"
    case .trend: "`trend`"
    case .compare: "`compare`: two groups"
    case .strata: "`compare`: strata and standardisation"
    case .pairs: "`compare --pair`: two items in the same papers"
    case .sparse: "`compare`: rare answers, unequal groups, clusters"
    case .rareTrend: "`trend`: rare answers, and clusters"
    case .mixedTrend: "`trend --mix`: other items over the years"
    }
  }

  /// What was drawn.
  var explanation: String {
    switch self {
    case .logit:
      """
      An item with a rate of 30% in the middle year of seven; the odds ratio per year is 1 or 1.5.
      """
    case .clusters:
      """
      Clusters of 2 to 14 papers share a normal covariate; the answers of a cluster are correlated by
      0.1 (beta-binomial). The log odds ratio of the covariate is 0 or 0.5. The bootstrap draws whole
      clusters.
      """
    case .allItems:
      """
      Eight items with rates from about 20 to 80%, a quarter of the cells not applicable; papers differ
      by a normal intercept with standard deviation 1. The log odds ratio per year is 0 or 0.3 within
      papers, for `mixed`, and 0.26 in the population, for `gee` (Zeger, Liang & Albert 1988, an
      approximation). There is no interval where an item has equal answers; the command leaves such
      items out and goes on.
      """
    case .trend:
      """
      Ten items whose rate is 35% in the middle year and rises by nothing or four points a year; the
      answers of a paper are correlated by 0.2, which makes skewed scores.
      """
    case .compare:
      """
      Two groups of half the papers each; an item of rate 20% against 20% or 40%, and the mean score of
      ten such items whose answers are correlated by 0.2.
      """
    case .strata:
      """
      Four strata with rates of 15 to 75%, in shares 1:2:3:4 of one group and 4:3:2:1 of the other; within
      a stratum the groups are alike or their odds differ by a factor of two.
      """
    case .pairs:
      """
      Two items of rates 40% and 40% or 20%; half of the papers answer both by the same draw.
      """
    case .sparse:
      """
      The default tests and intervals alone, with rates of 2, 5 and 10% in groups of the shares named; with
      an effect the first rate is three times the second. Means are those of ten items whose answers are
      correlated by 0.2; clusters have one to nine papers, answers correlated by about 0.1; of two items in
      the same papers half are answered by the same draw, each applies to 80% of the papers. Four times as
      many corpora as elsewhere. Errors below 3% are those of tables that hold too few yes for the test to
      reject more often; their rows have the note `conservative-test`.
      """
    case .rareTrend:
      """
      An item with 2 to 30% yes in the middle year of seven; the odds ratio per year is 1 or 1.28. Tests
      *over 27 items* reject at 5% divided by 27. The clusters are a fifth as many as papers, at least
      four, of sizes in proportion to 1, 1/2, 1/3, …; a cluster has one year, and its answers are correlated
      by 0.1. Where all answers are alike nothing is rejected, and there is no interval. Drawn eight times
      as often as the other situations: an error near 5 is right to 0.7 points, one near 0.2 to 0.14.
      The exact test is not worked out for 150 yes of 500 papers, which counts as no rejection. Known
      weakness: with a hundred clusters of which the largest has a fifth of the papers, CR2 errors of items
      with 2 and 5% yes are too short.
      """
    case .mixedTrend:
      """
      Ten of twenty items are asked in all years, five before 2024 and five easier ones from then on; half of
      the items apply more often as years go by, the other half less. Papers differ by a normal effect of
      standard deviation 0.7. The log odds of every item change by nothing or 0.15 a year (0.139 in the
      population, Zeger, Liang & Albert 1988).
      """
    }
  }
}
