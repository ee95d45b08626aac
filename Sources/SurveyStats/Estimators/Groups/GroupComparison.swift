/// Differences of rates and scores between groups of papers.
///
/// An item is compared by its rates among the papers to which it applies. A category, module or the
/// whole checklist is compared over the same items in all groups (see ``ItemMix``): as groups that were
/// asked different items differ in their pooled rates though no item differs. ``mix`` says how:
///
/// * ``ItemMix/Method/common``: item by item over the items that apply in all groups, or, where there
///   is none, in the two of the row; without one the difference is undefined, with the note
///   `no-common-item`.
/// * ``ItemMix/Method/model``: over all items, each with a level of its own.
/// * ``ItemMix/Method/crude``: the mean of the papers' scores, the share of a paper's applicable items
///   that are yes, whatever was asked. It stands beside the others in ``ScoreDifference/crude``.
///
/// Limits, ratios and p-value come from one family, ``ScoreContrast``: of answers of papers drawn alike
/// Miettinen and Nurminen's; of means, clusters and weighted papers the same with effective sizes
/// (`DesignContrast`). They never lie outside of what is possible, and p is below 0.05 just when the
/// 95 % limits leave out zero. Another `test` than the usual one, or permutations, replace p alone.
/// Beside them, for scores: the rank test, the Hodges–Lehmann shift, Cohen's d and Cliff's delta of the
/// paper scores over the items that are compared, papers counted once. With strata, items also get the
/// Mantel–Haenszel difference and odds ratio.
///
/// Rows say what is missing or doubtful: `constant-item`, `constant-within-groups`, `no-standard-error`,
/// `conservative-test` (rejects equal rates in less than 3 % of samples at the 5 % level: of the items
/// with as many yes; of means with fewer than ten papers or 2.5 effective yes or no in a group, of
/// clusters also with fewer than thirty degrees of freedom), and
/// `applicability-differs` where the share of papers to which an item applies does by 20 points or more.
///
/// Cost: O(papers) a target and contrast, for means times items; with permutations times their number.
public struct GroupComparison: Sendable {
  /// The interval of a difference of rates.
  public enum Interval: String, Sendable, CaseIterable {
    /// Miettinen and Nurminen's score interval.
    case miettinenNurminen = "miettinen-nurminen"
    /// The score intervals without their factor N/(N − 1): Mee's, and Koopman's of the ratio.
    case koopman
    /// Newcombe's hybrid score interval of the difference.
    case newcombe
  }

  /// The contrasts.
  public var contrasts: [GroupContrast]
  /// How papers were sampled; `nil` for papers drawn alike.
  public var design: SamplingDesign?
  /// How the mix of items is held fixed.
  public var mix: ItemMix.Method
  /// The interval of a difference of rates.
  public var interval: Interval
  /// The test of equal rates; automatically the one that goes with the interval.
  public var test: TwoProportions.Test
  /// The confidence level.
  public var level: Double
  /// The stratum of every paper, for estimates within strata.
  public var strata: [String?]?
  /// The number of random permutations; `nil` for no permutation test.
  public var permutations: Int?
  /// The seed of the permutations.
  public var seed: UInt64

  /// Creates a comparison.
  public init(
    _ contrasts: [GroupContrast], design: SamplingDesign? = nil, mix: ItemMix.Method = .common,
    interval: Interval = .miettinenNurminen, test: TwoProportions.Test = .automatic,
    level: Double = 0.95, strata: [String?]? = nil, permutations: Int? = nil, seed: UInt64 = 1
  ) {
    self.contrasts = contrasts
    self.design = design
    self.mix = mix
    self.interval = interval
    self.test = test
    self.level = level
    self.strata = strata
    self.permutations = permutations
    self.seed = seed
  }

  /// Compares the groups on every target: all contrasts of the first target, then of the next.
  public func estimate(_ matrix: BinaryMatrix, targets: [RateTarget]) -> [GroupDifference] {
    let design = design ?? SamplingDesign(paperCount: matrix.papers.count)
    return targets.flatMap { target -> [GroupDifference] in
      if target.level == .item, let item = target.items.first {
        let outcome = matrix.outcome(item: item)
        return contrasts.map { rates(target, outcome, $0, matrix, design) }
      }
      let mixes = ContrastMix.all(
        contrasts, items: target.items, of: matrix, design: design, method: mix)
      return zip(contrasts, mixes).map { means(target, $0, $1, matrix, design) }
    }
  }

  /// Why a contrast has no difference, if a group has no answer.
  private func unanswered(
    _ target: RateTarget, _ contrast: GroupContrast, in matrix: BinaryMatrix
  ) -> Note? {
    (matrix.unanswered(items: target.items, papers: contrast.firstPapers)
      ?? matrix.unanswered(items: target.items, papers: contrast.secondPapers)).map(Note.init)
  }

  private func rates(
    _ target: RateTarget, _ outcome: BinaryOutcome, _ contrast: GroupContrast,
    _ matrix: BinaryMatrix, _ design: SamplingDesign
  ) -> GroupDifference {
    let proportions = proportions(outcome, contrast) { _ in true }
    var row = GroupDifference(item: target, contrast: contrast)
    row.firstCount = proportions.firstCount
    row.secondCount = proportions.secondCount
    if design.drawsPapersAlike {
      guard let usual = proportions.usualScore(isUnbiased: interval != .koopman) else {
        row.notes = unanswered(target, contrast, in: matrix).map { [$0] } ?? []
        return row
      }
      (row.firstMean, row.secondMean) = (proportions.first, proportions.second)
      plain(&row, proportions, usual.score, isMidP: usual.isMidP)
    } else {
      func values(_ papers: [Int]) -> [(paper: Int, value: Double)] {
        papers.compactMap { paper in outcome.values[paper].map { (paper, $0 ? 1 : 0) } }
      }
      let sides = (values(contrast.firstPapers), values(contrast.secondPapers))
      guard let compared = DesignContrast(sides.0, sides.1, design: design) else {
        row.notes = [
          unanswered(target, contrast, in: matrix) ?? Note("no-weight", effect: .noValue)
        ]
        return row
      }
      (row.firstMean, row.secondMean) = (compared.first.mean, compared.second.mean)
      let score = compared.score(seed: seed)
      row.setScore(score, level: level, interval: .score, test: .scoreT)
      row.difference.standardError = compared.standardError
      noteDesign(&row, design, score)
    }
    if row.firstMean == row.secondMean, [0, 1].contains(row.firstMean) {
      row.notes.append(.constantItem)
    } else if row.standardError == nil, !row.notes.contains(.tooFewClusters) {
      row.notes.append(.noStandardError)
    }
    if let strata {
      row.item?.stratified = StratifiedComparison(
        names(of: strata, contrast).map { name in
          self.proportions(outcome, contrast) { strata[$0] == name }
        })
      if !design.drawsPapersAlike { row.notes.append(.strataIgnoreDesign) }
    }
    permute(&row, contrast, design) { outcome.values[$0].map { $0 ? 1 : 0 } }
    return row
  }

  /// An item of papers drawn alike.
  private func plain(
    _ row: inout GroupDifference, _ proportions: TwoProportions, _ score: ScoreContrast,
    isMidP: Bool
  ) {
    let usual = interval == .koopman ? TwoProportions.Test.chiSquare : .reducedChiSquare
    row.setScore(
      score, level: level, interval: MethodName(rawValue: interval.rawValue),
      test: isMidP ? TwoProportions.Test.fisherMidP.name : usual.name)
    row.difference.value = proportions.difference
    row.statistic = isMidP ? nil : score.statistic * score.statistic
    if interval == .newcombe { row.difference = proportions.newcombeInterval(level: level) }
    let isVaried = [0, 1].allSatisfy { score.first != $0 && score.second != $0 }
    row.difference.standardError = isVaried ? proportions.differenceError : nil
    if test != .automatic {
      let result = proportions.test(test)
      row.test = test.name
      row.statistic = result?.statistic
      row.pValue = result?.pValue ?? 1
    } else if let error = proportions.attainableError(level: level),
      error < 0.6 * (1 - level)
    {
      row.notes.append(.conservativeTest)
    }
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

  /// Says what the design does to a row: few effective units, or a single one.
  private func noteDesign(
    _ row: inout GroupDifference, _ design: SamplingDesign, _ score: ScoreContrast
  ) {
    let members = row.contrast.firstPapers + row.contrast.secondPapers
    if !design.unitsArePapers, Set(members.map { design.unitOfPaper[$0] }).count < 2 {
      row.difference = Estimate(row.difference.value)
      (row.pValue, row.statistic) = (nil, nil)
      row.item?.dropLimits()
      row.notes.append(.tooFewClusters)
      return
    }
    let isMember = Set(members)
    row.notes += design.effectiveNumberNotes(isMember.contains)
    if min(row.firstCount, row.secondCount) < DesignContrast.fewestPapers || score.fewestRare < 2.5
      || !design.unitsArePapers && score.degreesOfFreedom < 30
    {
      row.notes.append(.conservativeTest)
    }
  }

  /// A category, module or everything.
  private func means(
    _ target: RateTarget, _ contrast: GroupContrast, _ used: ContrastMix, _ matrix: BinaryMatrix,
    _ design: SamplingDesign
  ) -> GroupDifference {
    let all = scores(target.items, contrast, matrix)
    var row = GroupDifference(
      score: target, contrast: contrast, over: used.items, weights: used.mix.weights,
      ScoreDifference(
        mix: mix, itemCount: used.items.count,
        commonShare: mix == .crude ? 1 : used.mix.commonShare, crude: difference(all, design)))
    if used.isOfPair, !used.mix.mixedItems.isEmpty { row.notes.append(.commonToPair) }
    let values = mix == .crude ? all : scores(row.items, contrast, matrix)
    (row.firstCount, row.secondCount) = (values.0.count, values.1.count)
    let compared =
      mix == .crude
      ? DesignContrast(values.0, values.1, design: design)
      : DesignContrast(used.mix, used.first, used.second)
    guard let compared else {
      row.notes = [unanswered(target, contrast, in: matrix) ?? used.reason]
      return row
    }
    row.firstMean = compared.first.mean
    row.secondMean = compared.second.mean
    let score = compared.score(seed: seed)
    row.setScore(score, level: level, interval: .score, test: .scoreT)
    row.difference.standardError = compared.standardError
    noteDesign(&row, design, score)
    compareScores(&row, values.0.map(\.value), values.1.map(\.value), design)
    if let strata {
      row.score?.stratified = StratifiedScores(
        names(of: strata, contrast).map { name in
          func own(_ side: [(paper: Int, value: Double)]) -> [Double] {
            side.filter { strata[$0.paper] == name }.map(\.value)
          }
          return (own(values.0), own(values.1))
        })
      if !design.drawsPapersAlike { row.notes.append(.strataIgnoreDesign) }
    }
    if row.standardError == nil, !row.notes.contains(.tooFewClusters) {
      row.notes.append(row.estimate == 0 ? .constantItem : .constantWithinGroups)
    }
    if mix != .model, let note = contrast.applicabilityNote(target, in: matrix) {
      row.notes.append(note)
    }
    let scoreOfPaper = Dictionary(
      uniqueKeysWithValues: (values.0 + values.1).map { ($0.paper, $0.value) })
    permute(&row, contrast, design) { scoreOfPaper[$0] }
    return row
  }

  /// The scores of the papers of a contrast over some items, as fractions.
  private func scores(
    _ items: [Int], _ contrast: GroupContrast, _ matrix: BinaryMatrix
  ) -> ([(paper: Int, value: Double)], [(paper: Int, value: Double)]) {
    let values = matrix.percentYes(items: items)
    func side(_ papers: [Int]) -> [(paper: Int, value: Double)] {
      papers.compactMap { paper in values[paper].map { (paper, $0 / 100) } }
    }
    return (side(contrast.firstPapers), side(contrast.secondPapers))
  }

  /// The difference of weighted means; `nil` when a side is empty.
  private func difference(
    _ sides: ([(paper: Int, value: Double)], [(paper: Int, value: Double)]),
    _ design: SamplingDesign
  ) -> Double? {
    func mean(_ side: [(paper: Int, value: Double)]) -> Double? {
      let total = side.reduce(0) { $0 + (design.weights?[$1.paper] ?? 1) }
      guard total > 0 else { return nil }
      return side.reduce(0) { $0 + (design.weights?[$1.paper] ?? 1) * $1.value } / total
    }
    guard let first = mean(sides.0), let second = mean(sides.1) else { return nil }
    return first - second
  }

  /// Ranks and effect sizes of the papers' scores.
  private func compareScores(
    _ row: inout GroupDifference, _ first: [Double], _ second: [Double], _ design: SamplingDesign
  ) {
    guard let welch = WelchTest(first, second), let ranks = MannWhitneyTest(first, second) else {
      return
    }
    row.score?.welch = welch
    row.score?.ranks = ranks
    row.score?.rankPValue = ranks.pValue
    row.score?.setEffectSizeLimits(level: level)
    if !design.drawsPapersAlike {
      row.score?.dropIndependentLimits()
      row.notes.append(.ranksIgnoreDesign)
    }
  }

  /// The strata of the papers of a contrast, in ascending order.
  private func names(of strata: [String?], _ contrast: GroupContrast) -> [String] {
    Set((contrast.firstPapers + contrast.secondPapers).compactMap { strata[$0] }).sorted()
  }

  private func permute(
    _ row: inout GroupDifference, _ contrast: GroupContrast, _ design: SamplingDesign,
    value: (Int) -> Double?
  ) {
    guard let permutations else { return }
    let papers = (contrast.firstPapers + contrast.secondPapers).filter { value($0) != nil }
    let isFirst = Set(contrast.firstPapers)
    let clusters: [String?]? =
      design.unitsArePapers ? nil : papers.map { "\(design.unitOfPaper[$0])" }
    let result = PermutationTest(
      values: papers.compactMap(value), isFirst: papers.map(isFirst.contains), clusters: clusters,
      replicates: permutations, seed: seed)
    row.test = .permutation
    row.statistic = nil
    row.difference.degreesOfFreedom = nil
    row.pValue = result?.pValue
    row.notes.removeAll { $0 == .conservativeTest }
    if result == nil { row.notes.append(.clustersInSeveralGroups) }
  }
}
