/// Estimates the pass rates of items, categories, modules and everything, with intervals.
///
/// A rate is yes cells over applicable cells, `R = Σ y / Σ m`; cells that do not apply or were never
/// asked are in neither sum. Papers (or clusters) are the sampling units: a bootstrap replicate draws
/// whole papers, and all rates of a replicate come from the same draw.
///
/// * A target that was never asked (`never-asked`), or that applies nowhere (`never-applicable`), has
///   no estimate and no interval.
/// * A rate of 0 or 1 has no bootstrap distribution; it gets analytic limits (`all-no`, `all-yes`),
///   and so does one that all papers share (`all-papers-equal`). A Wald interval has no width there.
/// * Analytic limits use the binomial formula on the counts for a single item of papers drawn one by
///   one with equal weights. Otherwise they use an effective sample size. For categories and strata it is
///   `nₑ = R (1 − R) / se² · (t_{n−1} / t_{G−H})²`, at most n, for n cells, G units and H strata, of
///   Korn & Graubard (1998), *Survey Methodology* 24:193, and for rates of 0 and 1 Kish's effective
///   number of units. For clusters it rests on the bias-reduced variance and Bell and McCaffrey's degrees
///   of freedom (``UnitVariance``), for weights it is at most Kish's number, with that number's Student's
///   t: the number of clusters or papers says nothing where one of them dominates.
/// * An interval that is undefined for a target is replaced by analytic limits, with the reason.
/// * The exact bootstrap is that of single items of papers drawn one by one with multinomial counts
///   (``ExactRateBootstrap``); everything else gets percentile limits of replicates and a note.
/// * `automatic` is the Wilson interval for a single item of papers drawn one by one with equal
///   weights, Clopper–Pearson on nₑ for clusters, and Wilson on nₑ for weights. For every other target it is the studentized bootstrap where there are at least 20
///   units and at least 10 effective yes and 10 effective no answers, `nₑ min(R, 1 − R) ≥ 10`, and
///   the Wilson interval on nₑ otherwise. With fewer units or rarer answers bootstrap intervals miss
///   the truth too often; `docs/coverage.md` has the numbers.
///
/// With simultaneous bands, items that have at least 5 yes and 5 no answers share a
/// `SimultaneousBand` on the logit scale; the others get Clopper–Pearson limits at level `1 − α/k`
/// among k items. If m of the k items are in the band, its own level is `1 − α m/k`, so that all
/// intervals hold at once with probability `1 − α`.
public struct RateEstimator: Sendable {
  /// The kind of interval.
  public var interval: RateInterval
  /// The confidence level.
  public var level: Double
  /// Whether the intervals of items hold all at once.
  public var isSimultaneous: Bool
  /// Whether items are ranked, with intervals of the ranks.
  var ranksItems: Bool
  /// The analytic interval that stands in where the bootstrap is undefined.
  var fallback: ProportionInterval
  /// The share of the population that was read, for the finite-population correction of analytic
  /// intervals: the effective sample size is divided by `1 − f`, the variance times it (Cochran
  /// 1977, *Sampling Techniques*, section 2.6).
  ///
  /// At 1 nothing is left to sampling.
  var samplingFraction = 0.0
  /// Whether design effects and intraclass correlations are wanted.
  var estimatesDesignEffects = false
  /// The bootstrap.
  public var bootstrap: Bootstrap

  /// Creates an estimator.
  public init(
    interval: RateInterval = .automatic, level: Double = 0.95, isSimultaneous: Bool = false,
    ranksItems: Bool = false, fallback: ProportionInterval = .wilson, bootstrap: Bootstrap
  ) {
    self.interval = interval
    self.level = level
    self.isSimultaneous = isSimultaneous
    self.ranksItems = ranksItems
    self.fallback = fallback
    self.bootstrap = bootstrap
  }

  /// The rates, and the replicates when any were drawn: one column a target.
  public struct Result: Sendable {
    /// One rate for each target.
    public let rates: [Rate]
    /// The replicates of the rates, if an interval needed them.
    public let sample: BootstrapSample?
  }

  /// Estimates the rates of targets.
  ///
  /// - Parameters:
  ///   - matrix: The matrix, with as many papers as the design of the bootstrap.
  ///   - targets: What to estimate.
  ///   - drawsReplicates: Whether to draw replicates even if no interval needs them.
  ///   - progress: Told the number of replicates finished since the last call.
  /// - Throws: `CancellationError` when the task is cancelled.
  public func estimate(
    _ matrix: BinaryMatrix, targets: [RateTarget], drawsReplicates: Bool = false,
    progress: (@Sendable (Int) -> Void)? = nil
  ) async throws -> Result {
    let statistic = statistic(matrix, targets: targets, drawsReplicates: drawsReplicates)
    var sample: BootstrapSample?
    if let statistic { sample = try await bootstrap(statistic, progress: progress) }
    return result(matrix, targets: targets, sample: sample)
  }

  /// The statistic whose replicates the intervals need; `nil` if they need none.
  ///
  /// - Parameters:
  ///   - matrix: The matrix, with as many papers as the design of the bootstrap.
  ///   - targets: What to estimate.
  ///   - drawsReplicates: Whether replicates are wanted even if no interval needs them.
  public func statistic(
    _ matrix: BinaryMatrix, targets: [RateTarget], drawsReplicates: Bool = false
  ) -> RateStatistic? {
    let kinds = kinds(of: targets, in: matrix)
    guard drawsReplicates || !drawn(kinds).isEmpty, !targets.isEmpty else { return nil }
    return statistic(matrix, targets: targets, kinds: kinds)
  }

  /// The statistic of those targets alone whose intervals need replicates, and their places among all;
  /// `nil` if none does.
  ///
  /// - Parameters:
  ///   - unlimited: The places of targets whose limits nobody wants.
  func statistic(
    _ matrix: BinaryMatrix, targets: [RateTarget], drawing unlimited: Set<Int>
  ) -> (statistic: RateStatistic, places: [Int])? {
    let kinds = kinds(of: targets, in: matrix)
    let places = drawn(kinds).filter { !unlimited.contains($0) || isSimultaneous || ranksItems }
    guard !places.isEmpty else { return nil }
    let statistic = statistic(
      matrix, targets: places.map { targets[$0] }, kinds: places.map { kinds[$0] })
    return (statistic, places)
  }

  private func statistic(
    _ matrix: BinaryMatrix, targets: [RateTarget], kinds: [RateInterval]
  ) -> RateStatistic {
    RateStatistic(
      matrix, targets: targets, design: bootstrap.design,
      includesStandardErrors: isSimultaneous || kinds.contains(.bootstrap(.studentized)))
  }

  /// The interval that each target gets.
  private func kinds(of targets: [RateTarget], in matrix: BinaryMatrix) -> [RateInterval] {
    targets.map { target in
      kind(
        for: target, RatioEstimate(matrix, target: target, design: bootstrap.design), in: matrix)
    }
  }

  /// The places of the targets whose intervals need replicates: all where bands or ranks are wanted.
  private func drawn(_ kinds: [RateInterval]) -> [Int] {
    kinds.indices.filter {
      if case .bootstrap = kinds[$0] { return true }
      return isSimultaneous || ranksItems
    }
  }

  /// The rates, given the replicates of ``statistic(_:targets:drawsReplicates:)``, or of any
  /// ``RateStatistic`` of the targets with standard errors, so that several intervals can share them.
  public func result(
    _ matrix: BinaryMatrix, targets: [RateTarget], sample: BootstrapSample?
  ) -> Result {
    result(matrix, targets: targets, sample: sample, places: Array(targets.indices))
  }

  /// The rates, given the replicates of the targets at some places.
  func result(
    _ matrix: BinaryMatrix, targets: [RateTarget], sample: BootstrapSample?, places: [Int]
  ) -> Result {
    let columns = Dictionary(uniqueKeysWithValues: zip(places, places.indices))
    let design = bootstrap.design
    let ratios = targets.map { RatioEstimate(matrix, target: $0, design: design) }
    var rates = zip(targets, ratios).map { Self.counted($0, $1, in: matrix, design: design) }
    if estimatesDesignEffects {
      for index in rates.indices {
        rates[index].designEffect = RateDesignEffect(
          matrix, target: targets[index], design: design, ratio: ratios[index])
      }
    }
    if samplingFraction > 0 {
      let correction = (1 - samplingFraction).squareRoot()
      for index in rates.indices {
        rates[index].standardError = rates[index].standardError.map { $0 * correction }
      }
    }
    for index in rates.indices where !(isSimultaneous && targets[index].level == .item) {
      setLimits(
        of: &rates[index], ratio: ratios[index],
        kind: kind(for: targets[index], ratios[index], in: matrix),
        sample: columns[index] == nil ? nil : sample,
        column: columns[index] ?? 0, targetCount: places.count)
    }
    if isSimultaneous, let sample { setBands(&rates, ratios: ratios, sample: sample) }
    if ranksItems, let sample { setRanks(&rates, sample: sample) }
    return Result(rates: rates, sample: sample.map { $0.prefix(places.count) })
  }

  /// Whether cells of a target are independent draws: one item, papers drawn one by one.
  private func hasIndependentCells(_ target: RateTarget) -> Bool {
    target.items.count == 1 && bootstrap.design.drawsPapersAlike
  }

  /// The interval that a target gets.
  private func kind(
    for target: RateTarget, _ ratio: @autoclosure () -> RatioEstimate, in matrix: BinaryMatrix
  ) -> RateInterval {
    switch interval {
    case .analytic, .bootstrap: return interval
    case .exactBootstrap:
      return hasIndependentCells(target) && bootstrap.scheme == .multinomial
        ? interval : .bootstrap(.percentile)
    case .automatic: break
    }
    guard !hasIndependentCells(target) else { return .analytic(.wilson) }
    let design = bootstrap.design
    if !design.unitsArePapers { return .analytic(.clopperPearson) }
    if design.weights != nil || samplingFraction > 0 { return .analytic(.wilson) }
    let ratio = ratio()
    guard ratio.unitCount >= Self.fewestBootstrapUnits, let estimate = ratio.value else {
      return .analytic(.wilson)
    }
    let cells = target.items.reduce(0) { $0 + matrix.applies.count(column: $1) }
    let effective = ratio.effectiveTrials(cells: cells, level: level)
    return effective * min(estimate, 1 - estimate) >= Self.fewestBootstrapAnswers
      ? .bootstrap(.studentized) : .analytic(.wilson)
  }

  /// With fewer units `automatic` takes no bootstrap interval.
  static let fewestBootstrapUnits = 20
  /// With fewer effective yes or no answers `automatic` takes no bootstrap interval.
  static let fewestBootstrapAnswers = 10.0

  private static func counted(
    _ target: RateTarget, _ ratio: RatioEstimate, in matrix: BinaryMatrix, design: SamplingDesign
  ) -> Rate {
    let count = { (plane: BitColumns) in target.items.reduce(0) { $0 + plane.count(column: $1) } }
    let applicable = count(matrix.applies)
    let asked = count(matrix.asked)
    let yes = count(matrix.yes)
    var notes: [Rate.Note] = []
    let papers = paperCount(target, in: matrix, design: design)
    if ratio.value == nil {
      notes.append(applicable > 0 ? .zeroWeight : asked > 0 ? .neverApplicable : .neverAsked)
    } else {
      if papers == 1 { notes.append(.onePaper) }
      if ratio.value == 1 { notes.append(.allYes) }
      if ratio.value == 0 { notes.append(.allNo) }
      if ratio.standardError == nil, ratio.unitCount > 1, ratio.value != 0, ratio.value != 1 {
        notes.append(design.unitsArePapers ? .allPapersEqual : .allClustersEqual)
      }
      if !design.unitsArePapers, ratio.unitCount < 20 {
        notes.append(.fewClusters(ratio.unitCount))
      }
      if let few = ratio.effectiveNumberNote { notes.append(few) }
      if ratio.loneUnitCount > 0 { notes.append(.singleUnitStrata(ratio.loneUnitCount)) }
      let partial = matrix.partialCount(items: target.items)
      if partial > 0 { notes.append(.sample(.partialAnswers(partial))) }
    }
    return Rate(
      target: target, paperCount: papers, applicableCount: applicable,
      notApplicableCount: asked - applicable,
      absentCount: matrix.papers.count * target.items.count - asked, yesCount: yes,
      estimate: ratio.value, standardError: ratio.standardError, lower: nil, upper: nil,
      interval: nil, notes: notes, rank: nil,
      effectiveUnitCount: ratio.units.areUnequal && ratio.value != nil
        ? ratio.effectiveUnitCount : nil,
      bounds: weightedBounds(target, in: matrix, design: design)
        ?? Rate.Bounds(
          yes: Double(yes), applicable: Double(applicable),
          unanswered: Double(matrix.papers.count * target.items.count - asked)))
  }

  /// The rates of weighted papers if all cells without an answer were no, or yes; `nil` without weights.
  private static func weightedBounds(
    _ target: RateTarget, in matrix: BinaryMatrix, design: SamplingDesign
  ) -> Rate.Bounds? {
    guard let weights = design.weights else { return nil }
    func sum(_ plane: BitColumns) -> Double {
      zip(plane.rowCounts(columns: target.items), weights).reduce(0) { $0 + Double($1.0) * $1.1 }
    }
    let all = weights.reduce(0, +) * Double(target.items.count)
    return Rate.Bounds(
      yes: sum(matrix.yes), applicable: sum(matrix.applies), unanswered: all - sum(matrix.asked))
  }

  /// The papers to which some item of a target applies; several scans of a paper are one cluster.
  private static func paperCount(
    _ target: RateTarget, in matrix: BinaryMatrix, design: SamplingDesign
  ) -> Int {
    if design.unitsArePapers { return matrix.applies.anyCount(columns: target.items) }
    let applicable = matrix.applies.rowCounts(columns: target.items)
    return Set(matrix.papers.indices.filter { applicable[$0] > 0 }.map { matrix.papers[$0].slug })
      .count
  }

  /// Sets the limits of one rate.
  private func setLimits(
    of rate: inout Rate, ratio: RatioEstimate, kind: RateInterval, sample: BootstrapSample?,
    column: Int, targetCount: Int
  ) {
    guard let estimate = rate.estimate else { return }
    if kind == .exactBootstrap, estimate > 0, estimate < 1 {
      let law = ExactRateBootstrap(
        yesCount: rate.yesCount, applicableCount: rate.applicableCount,
        paperCount: bootstrap.design.paperCount)
      let limits = law.limits(level: level)
      rate.lower = limits.lower
      rate.upper = limits.upper
      rate.interval = MethodName(rawValue: kind.description)
      return
    }
    if interval == .exactBootstrap, kind != interval { rate.notes.append(.noExactBootstrap) }
    if case .bootstrap(let method) = kind, let sample, estimate > 0, estimate < 1 {
      do throws(IntervalFailure) {
        let limits = try Self.bootstrapInterval(
          method, ratio: ratio, sample: sample, column: column, targetCount: targetCount
        ).limits(
          estimate: estimate, replicates: sample.values(of: column), level: level)
        rate.lower = max(limits.lower, 0)
        rate.upper = min(limits.upper, 1)
        rate.interval = method.method
        rate.notes += limits.notes.map(Rate.Note.replicates)
        if limits.lower < 0 || limits.upper > 1 { rate.notes.append(.limitOutsideRange) }
        return
      } catch {
        rate.notes.append(.fallback(error))
      }
    }
    var analytic = fallback
    if case .analytic(let chosen) = kind { analytic = chosen }
    guard
      let limits = analyticLimits(
        of: rate, estimate: estimate, ratio: ratio, analytic, level: level)
    else { return }
    rate.lower = limits.lower
    rate.upper = limits.upper
    rate.interval = MethodName(rawValue: analytic.name)
    if samplingFraction >= 1 {
      rate.interval = .census
      return
    }
    if limits.lower == limits.upper { rate.notes.append(.noWidth) }
  }

  /// The bootstrap interval of one target, with what it needs besides the replicates.
  private static func bootstrapInterval(
    _ method: ResampledInterval, ratio: RatioEstimate, sample: BootstrapSample, column: Int,
    targetCount: Int
  ) -> BootstrapInterval {
    switch method {
    case .percentile: .percentile
    case .basic: .basic
    case .normal: .normal
    case .bca: .bca(acceleration: ratio.acceleration ?? .nan)
    case .studentized:
      .studentized(
        standardError: sample.original[targetCount + column],
        replicateStandardErrors: sample.values(of: targetCount + column), scale: .logit)
    }
  }

  /// Binomial limits on the counts, or on the effective sample size.
  func analyticLimits(
    of rate: Rate, estimate: Double, ratio: RatioEstimate, _ interval: ProportionInterval,
    level: Double
  ) -> (lower: Double, upper: Double)? {
    guard samplingFraction < 1 else { return (estimate, estimate) }
    if hasIndependentCells(rate.target) {
      let trials = Double(rate.applicableCount) / (1 - samplingFraction)
      return interval.limits(
        successes: Double(rate.yesCount) / (1 - samplingFraction), trials: trials, level: level)
    }
    return ratio.limits(
      interval, cells: rate.applicableCount, level: level, samplingFraction: samplingFraction)
  }
}

extension BootstrapSample {
  /// The sample of the first quantities alone.
  func prefix(_ count: Int) -> BootstrapSample {
    guard count < original.count else { return self }
    return BootstrapSample(
      original: Array(original.prefix(count)),
      replicates: DenseMatrix(
        rows: replicates.rows, columns: count,
        elements: Array(replicates.elements.prefix(replicates.rows * count))))
  }
}
