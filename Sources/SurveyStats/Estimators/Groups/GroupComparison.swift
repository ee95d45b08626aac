/// Differences of rates and scores between groups of papers.
///
/// An item is compared by its rates among the papers to which it applies: the difference with a
/// score interval, risk ratio, odds ratio, and a test. A category, module or the whole checklist is
/// compared by the mean of the papers' scores (the share of its applicable items answered yes; papers
/// without an applicable item are left out): Welch's difference with its t interval, the rank test,
/// the Hodges–Lehmann shift, Cohen's d and Cliff's delta. With strata, items also get the
/// Mantel–Haenszel difference and odds ratio. With permutations the test is that of permuted labels,
/// whole clusters if given.
///
/// Papers of one cluster are not independent. With clusters the difference, which is the same, is
/// taken as a least-squares slope on the group, with CR2 standard errors and Satterthwaite's degrees
/// of freedom (see ``LinearSlope``) for interval and test; ratios and effect sizes then have no
/// limits but those of the bootstrap (``DifferenceStatistic``, ``EffectSizeStatistic``). Estimates
/// within strata know nothing of clusters. Cost: O(papers) a target and contrast, with permutations
/// times their number.
public struct GroupComparison: Sendable {
  /// The interval of a difference of rates.
  public enum Interval: String, Sendable, CaseIterable {
    /// Miettinen and Nurminen's score interval.
    case miettinenNurminen = "miettinen-nurminen"
    /// Newcombe's hybrid score interval.
    case newcombe
  }

  /// The contrasts.
  public var contrasts: [GroupContrast]
  /// The interval of a difference of rates.
  public var interval: Interval
  /// The test of equal rates.
  public var test: TwoProportions.Test
  /// The confidence level.
  public var level: Double
  /// The stratum of every paper, for estimates within strata.
  public var strata: [String?]?
  /// The number of random permutations; `nil` for no permutation test.
  public var permutations: Int?
  /// The cluster of every paper.
  public var clusters: [String?]?
  /// The seed of the permutations.
  public var seed: UInt64

  /// Creates a comparison.
  public init(
    _ contrasts: [GroupContrast], interval: Interval = .miettinenNurminen,
    test: TwoProportions.Test = .automatic, level: Double = 0.95, strata: [String?]? = nil,
    permutations: Int? = nil, clusters: [String?]? = nil, seed: UInt64 = 1
  ) {
    self.contrasts = contrasts
    self.interval = interval
    self.test = test
    self.level = level
    self.strata = strata
    self.permutations = permutations
    self.clusters = clusters
    self.seed = seed
  }

  /// Compares the groups on every target: all contrasts of the first target, then of the next.
  public func callAsFunction(_ matrix: BinaryMatrix, targets: [RateTarget]) -> [GroupDifference] {
    targets.flatMap { target -> [GroupDifference] in
      if target.level == .item, let item = target.items.first {
        let outcome = matrix.outcome(item: item)
        return contrasts.map { rates(target, outcome, $0, in: matrix) }
      }
      let scores = matrix.percentYes(items: target.items).map { $0.map { $0 / 100 } }
      return contrasts.map { self.scores(target, scores, $0, in: matrix) }
    }
  }

  /// Why a contrast has no difference, if a group has no answer.
  private func unanswered(
    _ target: RateTarget, _ contrast: GroupContrast, in matrix: BinaryMatrix
  ) -> Unanswered? {
    matrix.unanswered(items: target.items, papers: contrast.firstPapers)
      ?? matrix.unanswered(items: target.items, papers: contrast.secondPapers)
  }

  private func rates(
    _ target: RateTarget, _ outcome: BinaryOutcome, _ contrast: GroupContrast,
    in matrix: BinaryMatrix
  ) -> GroupDifference {
    let proportions = proportions(outcome, contrast) { _ in true }
    var row = GroupDifference(target: target, contrast: contrast)
    row.firstCount = proportions.firstCount
    row.secondCount = proportions.secondCount
    row.firstMean = proportions.first
    row.secondMean = proportions.second
    row.estimate = proportions.difference
    row.standardError = proportions.differenceError
    row.limits =
      interval == .newcombe
      ? proportions.newcombeInterval(level: level)
      : proportions.miettinenNurminenInterval(level: level)
    row.interval = interval.rawValue
    row.riskRatio = .init(logarithm: proportions.logRiskRatio, level: level)
    row.oddsRatio = .init(logarithm: proportions.logOddsRatio, level: level)
    if let result = proportions.test(test) {
      row.test = result.test.name
      row.statistic = result.statistic
      row.pValue = result.pValue
    } else {
      row.note = unanswered(target, contrast, in: matrix)?.rawValue ?? "constant-item"
    }
    if let strata {
      let stratified = StratifiedComparison(
        names(of: strata, contrast).map { name in
          self.proportions(outcome, contrast) { strata[$0] == name }
        })
      row.stratified = stratified
    }
    cluster(&row, contrast) { outcome.values[$0].map { $0 ? 1 : 0 } }
    permute(&row, contrast) { outcome.values[$0].map { $0 ? 1 : 0 } }
    return row
  }

  private func proportions(
    _ outcome: BinaryOutcome, _ contrast: GroupContrast, _ isIncluded: (Int) -> Bool
  ) -> TwoProportions {
    func count(_ papers: [Int]) -> (yes: Int, all: Int) {
      let values = papers.filter(isIncluded).compactMap { outcome.values[$0] }
      return (values.count { $0 }, values.count)
    }
    let (first, second) = (count(contrast.firstPapers), count(contrast.secondPapers))
    return TwoProportions(first.yes, of: first.all, second.yes, of: second.all)
  }

  private func scores(
    _ target: RateTarget, _ scores: [Double?], _ contrast: GroupContrast, in matrix: BinaryMatrix
  ) -> GroupDifference {
    let first = contrast.firstPapers.compactMap { scores[$0] }
    let second = contrast.secondPapers.compactMap { scores[$0] }
    var row = GroupDifference(target: target, contrast: contrast)
    row.firstCount = first.count
    row.secondCount = second.count
    row.firstMean = first.isEmpty ? nil : Moments(first).mean
    row.secondMean = second.isEmpty ? nil : Moments(second).mean
    guard let welch = WelchTest(first, second), let ranks = MannWhitneyTest(first, second) else {
      row.note = unanswered(target, contrast, in: matrix)?.rawValue
      return row
    }
    row.estimate = welch.difference
    row.standardError = welch.standardError
    row.limits = welch.interval(level: level)
    row.interval = "welch"
    row.test = "welch"
    row.statistic = welch.statistic
    row.pValue = welch.pValue
    row.welch = welch
    row.ranks = ranks
    row.rankPValue = ranks.pValue
    row.setEffectSizeLimits(level: level)
    row.stratifiedScores = strata.map { strata in
      StratifiedScores(
        self.names(of: strata, contrast).map { name in
          func own(_ papers: [Int]) -> [Double] {
            papers.filter { strata[$0] == name }.compactMap { scores[$0] }
          }
          return (own(contrast.firstPapers), own(contrast.secondPapers))
        })
    }
    if welch.standardError == nil { row.note = "constant-item" }
    cluster(&row, contrast) { scores[$0] }
    permute(&row, contrast) { scores[$0] }
    return row
  }

  /// The strata of the papers of a contrast, in ascending order.
  private func names(of strata: [String?], _ contrast: GroupContrast) -> [String] {
    Set((contrast.firstPapers + contrast.secondPapers).compactMap { strata[$0] }).sorted()
  }

  private func cluster(
    _ row: inout GroupDifference, _ contrast: GroupContrast, value: (Int) -> Double?
  ) {
    guard let clusters, row.estimate != nil else { return }
    var papers: [(isFirst: Bool, value: Double, cluster: String?)] = []
    for (members, isFirst) in [(contrast.firstPapers, true), (contrast.secondPapers, false)] {
      for paper in members {
        if let value = value(paper) { papers.append((isFirst, value, clusters[paper])) }
      }
    }
    row.setClustered(papers, level: level)
    if row.isStratified { row.remark("estimates within strata ignore the clusters") }
  }

  private func permute(
    _ row: inout GroupDifference, _ contrast: GroupContrast, value: (Int) -> Double?
  ) {
    guard let permutations else { return }
    let papers = (contrast.firstPapers + contrast.secondPapers).filter { value($0) != nil }
    let isFirst = Set(contrast.firstPapers)
    let own = clusters.map { clusters in papers.map { clusters[$0] } }
    let result = PermutationTest(
      values: papers.compactMap(value), isFirst: papers.map(isFirst.contains), clusters: own,
      replicates: permutations, seed: seed)
    row.test = "permutation"
    row.statistic = nil
    row.pValue = result?.pValue
    if result == nil, row.note == nil { row.note = "clusters lie in both groups" }
  }
}
