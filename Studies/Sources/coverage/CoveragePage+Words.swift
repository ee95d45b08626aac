import SurveyStats

extension CoveragePage {
  /// What the page is and how to make it anew.
  var preface: String {
    Self.filled(
      """
      How often do the intervals of `metastat rates` hold the true rate? A 95% interval should in 95
      of 100 surveys. `make coverage` writes this page; [coverage.csv](coverage.csv) has all its
      numbers, and the misses on either side of every interval. They depend on the seed only (here
      \(plan.seed)). Percentages in the text are computed; words that judge and compare (nearest, as
      good, up to a tenth longer) were written by people who read the tables of seed 1.
      """)
  }

  /// What follows from the numbers.
  var conclusions: String {
    let pointwise: [Scenario] = [.item, .itemWithNA, .category, .clusters]
    let points = [
      """
      **Categories and clusters:** `auto` held the truth in at least
      \(lowest("auto", in: [.category, .clusters]))% of samples in every situation, from 3 papers to
      1,000 and from a rate of 2% to one of 98%.
      """,
      """
      **Single items:** of all intervals Wilson is on average nearest to 95%; it needs no resampling.
      Its coverage jumps with the rate, as that of every interval from a count does: from 20 papers
      on it is never below \(lowest("wilson", in: [.item], units: 20...1000))%, but with 3 to 10
      applicable papers and a rate near 0 or 1 it can be
      \(lowest("wilson", in: [.item], units: 3...10))%. Whoever cannot live with that asks for
      `clopper-pearson`. BCa and percentile intervals of single items hold the truth too often rather
      than too seldom; that is owed to the Wilson limits that stand in at rates of 0 and 1, where the
      bootstrap has no limits at all.
      """,
      """
      **Few papers or rare answers:** every bootstrap interval fails. With up to 10 papers in a
      category, or up to 15 clusters, the lowest coverage is \(lowestOfFew("percentile"))% for
      percentile, \(lowestOfFew("bca"))% for BCa, \(lowestOfFew("studentized"))% for studentized, and
      \(lowestOfFew("wilson"))% for Wilson on the effective sample size. With rare answers nearly all
      misses are on the side of one half: the truth is above the interval of a low rate. So `auto` has
      no bootstrap interval there, though one can be asked for.
      """,
      """
      **Many papers:** in categories the studentized bootstrap and Wilson on the effective sample size
      have the same coverage within a point. BCa is as good there, but with 20 to 100 clusters its
      coverage falls to \(lowest("bca", in: [.clusters], units: 20...100))%. Percentile,
      normal and basic intervals are good only with about a thousand papers, or with a hundred and
      rates from 10 to 90%.
      """,
      """
      **Clopper–Pearson** hardly ever falls short (lowest: \(lowest("clopper-pearson", in: pointwise))%)
      and is the choice where that matters more than length; its intervals are 5 to 20% longer.
      **Agresti–Coull** is a little longer than Wilson; **mid-p**, **Jeffreys** and
      **likelihood-ratio** are no better on the whole. **Wald** is there for comparison only.
      """,
      """
      **Few clusters** remain hard: the correlation within clusters cannot be told from 5 or 10 of
      them. `auto` holds its level by long intervals, and the notes `few-clusters` and
      `few-effective-clusters` warn.
      """,
      """
      **Bands** (`--simultaneous`) hold all twenty items at once in
      \(bandCoverages.joined(separator: ", "))% of samples of
      \(Scenario.bands.unitCounts.map { "\($0)" }.joined(separator: ", ")) papers. Intervals made one
      by one hold all twenty in little more than a third of the samples.
      """,
    ]
    return [
      Self.filled(
        """
        **The default is `auto`.** For a single item of papers drawn one by one it is the Wilson
        interval. For a category, a module and everything it is the studentized bootstrap where there
        are at least 20 papers and at least 10 effective yes and 10 effective no answers; otherwise it
        is the Wilson interval on the effective sample size. With clusters it is Clopper–Pearson, with
        weights Wilson, on an effective sample size that sees a dominant cluster or paper (see Awkward
        data). Effective answers are those of so many independent papers as would give the same
        standard error.
        """),
      points.map { Self.filled($0, bullet: true) }.joined(separator: "\n"),
      Self.filled(
        """
        What this does not show: whether an item applies is independent of its answer here; no paper is a duplicate of another; levels other than
        95% were not tried.
        """),
    ].joined(separator: "\n\n")
  }

  /// How samples were drawn and intervals made.
  var method: String {
    [
      """
      The true rate is 2, 5, 10, 20, 50, 80, 90, 95 or 98%. For one item that applies to every paper
      coverage is not simulated but summed over the binomial distribution of the number of yes
      answers, with bootstrap intervals of \(plan.exactReplicates) replicates. All other numbers are
      from \(samples) samples for each rate and number of papers, with \(plan.replicates)
      replicates each; their standard error is \(monteCarloError) points near 95%.
      """,
      """
      Where an interval is undefined, the one that `metastat` puts in its place counts: at rates of 0
      and 1, and where more than 5% of the replicates are undefined, every bootstrap interval gives
      way to Wilson limits, and so their coverage at small numbers is partly that of Wilson. The
      column `analytic_share` of the CSV says how often. Samples in which the item applies to no paper
      are left out. Limits beyond 0 and 1 (basic and normal intervals) count as 0 and 1 in the length.
      """,
    ].map { Self.filled($0) }.joined(separator: "\n\n")
  }

  /// The words of a text in lines of at most 100 characters.
  static func filled(_ text: String, bullet: Bool = false) -> String {
    var lines = [bullet ? "*" : ""]
    for word in text.split(whereSeparator: \.isWhitespace) {
      let line = lines[lines.count - 1]
      if line.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if line.count + 1 + word.count <= 100 {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(bullet ? "  " + word : String(word))
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The lowest coverage of an interval with few papers in a category, or few clusters.
  private func lowestOfFew(_ interval: String) -> String {
    lowest(interval, in: [.category, .clusters], units: 3...15)
  }

  /// The numbers of samples of the scenarios that were simulated.
  private var repetitions: [Int] { Set(results.compactMap(\.repetitions)).sorted() }

  private var samples: String { repetitions.map { "\($0)" }.joined(separator: " or ") }

  private var monteCarloError: String {
    repetitions.map { count in
      NumberFormat.fixed(100 * (0.95 * 0.05 / Double(count)).squareRoot(), digits: 2)
    }.joined(separator: " or ")
  }

  /// The coverage of an interval in one situation, in percent.
  private func coverage(
    _ interval: String, _ scenario: Scenario, _ unitCount: Int, _ rate: Double
  ) -> String {
    results(of: interval, in: [scenario], units: unitCount...unitCount)
      .first { $0.rate == rate }.map { Self.percent($0.tally.coverage) } ?? "–"
  }

  private var bandCoverages: [String] {
    results(of: "max-t", in: [.bands]).map { Self.percent($0.tally.coverage) }
  }
}

extension Scenario {
  /// The heading of its part of the page.
  var title: String {
    switch self {
    case .item: "One item"
    case .itemWithNA: "One item with NA"
    case .category: "A category"
    case .clusters: "Clustered papers"
    case .bands: "Simultaneous bands"
    }
  }

  /// What is drawn.
  var explanation: String {
    switch self {
    case .item:
      "The item applies to every paper; papers are independent. Exact sums, no simulation."
    case .itemWithNA:
      """
      The item applies to a random \(Self.percent(SimulatedSamples.itemApplicability)) of the papers,
      so that the number of applicable papers is random too.
      """
    case .category:
      """
      Five items of the same rate; each applies to a random \
      \(Self.percent(SimulatedSamples.categoryApplicability)) of the papers. Two answers of one paper
      have the correlation \(SimulatedSamples.paperCorrelation) (beta-binomial). The category's rate is
      yes cells over applicable cells; papers are resampled whole.
      """
    case .clusters:
      """
      One item that applies to every paper. Clusters have one or more papers, \
      \(Self.whole(SimulatedSamples.meanClusterSize)) on average, with a geometric distribution; two
      papers of one cluster have the correlation \(SimulatedSamples.clusterCorrelation)
      (beta-binomial). Clusters are resampled whole.
      """
    case .bands:
      """
      Twenty items with rates of 5, 10, …, 95 and 98%, which apply to all, 90, 60 or 30% of the papers
      and depend on a common factor (loading \(BandStudy.loading)). Analytic are the intervals of items
      with fewer than five yes or no answers.
      """
    }
  }

  private static func percent(_ share: Double) -> String { NumberFormat.percent(share, digits: 0) }

  private static func whole(_ number: Double) -> String { NumberFormat.fixed(number, digits: 0) }
}
