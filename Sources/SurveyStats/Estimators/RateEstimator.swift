/// Estimates the pass rates of items, categories, modules and everything, with intervals.
///
/// A rate is yes cells over applicable cells, `R = Σ y / Σ m`; cells that do not apply or were never
/// asked are in neither sum. Papers (or clusters) are the sampling units: a bootstrap replicate draws
/// whole papers, and all rates of a replicate come from the same draw.
///
/// * A target that applies nowhere has no estimate and no interval (`never-applicable`).
/// * A rate of 0 or 1 has no bootstrap distribution; it gets analytic limits (`all-no`, `all-yes`).
/// * Analytic limits use the binomial formula on the counts for a single item of papers drawn one by
///   one with equal weights. Otherwise they use the effective sample size
///   `nₑ = R (1 − R) / se² · (t_{n−1} / t_{G−H})²`, at most n, for n cells, G units and H strata, of
///   Korn & Graubard (1998), *Survey Methodology* 24:193, and for rates of 0 and 1 Kish's effective
///   number of units.
/// * An interval that is undefined for a target is replaced by analytic limits, with the reason.
/// * `automatic` is the Wilson interval for a single item of papers drawn one by one with equal
///   weights. For every other target it is the studentized bootstrap where there are at least 20
///   units and at least 10 effective yes and 10 effective no answers, `nₑ min(R, 1 − R) ≥ 10`, and
///   the Wilson interval on nₑ otherwise. With fewer units or rarer answers bootstrap intervals miss
///   the truth too often; `docs/coverage.md` has the numbers.
///
/// Simultaneous bands for the items are `p ± c · se` with c the quantile of `max_j |p*_j − p_j| / se*_j`
/// over the items that have at least 5 yes and 5 no answers; the other items get Clopper–Pearson
/// limits at level `1 − α/k` among k items. Reference: Davison & Hinkley (1997), section 4.2.4;
/// Westfall & Young (1993).
public struct RateEstimator: Sendable {
  /// The kind of interval.
  public var interval: RateInterval
  /// The confidence level.
  public var level: Double
  /// Whether the intervals of items hold all at once.
  public var isSimultaneous: Bool
  /// Whether items are ranked, with intervals of the ranks.
  public var ranksItems: Bool
  /// The analytic interval that stands in where the bootstrap is undefined.
  public var fallback: ProportionInterval
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
  public func callAsFunction(
    _ matrix: BinaryMatrix, targets: [RateTarget], drawsReplicates: Bool = false,
    progress: (@Sendable (Int) -> Void)? = nil
  ) async throws -> Result {
    let ratios = targets.map { RatioOfSums(matrix, target: $0, design: bootstrap.design) }
    let kinds = zip(targets, ratios).map { kind(for: $0, $1, in: matrix) }
    let needsReplicates =
      drawsReplicates || isSimultaneous || ranksItems
      || kinds.contains { if case .bootstrap = $0 { true } else { false } }
    var sample: BootstrapSample?
    if needsReplicates, !targets.isEmpty {
      let statistic = RateStatistic(
        matrix, targets: targets, design: bootstrap.design,
        includesStandardErrors: isSimultaneous || kinds.contains(.bootstrap(.studentized)))
      sample = try await bootstrap(statistic, progress: progress)
    }
    return Result(
      rates: rates(matrix, targets: targets, ratios: ratios, kinds: kinds, sample: sample),
      sample: sample.map { $0.prefix(targets.count) })
  }

  /// The rates of targets with limits from replicates that have been drawn before, so that several
  /// intervals can share them.
  ///
  /// - Parameters:
  ///   - matrix: The matrix, with as many papers as the design of the bootstrap.
  ///   - targets: What to estimate.
  ///   - sample: The replicates of the ``RateStatistic`` of these targets with standard errors.
  public func rates(
    _ matrix: BinaryMatrix, targets: [RateTarget], sample: BootstrapSample
  ) -> [Rate] {
    precondition(sample.original.count == 2 * targets.count, "the sample is of other targets")
    let ratios = targets.map { RatioOfSums(matrix, target: $0, design: bootstrap.design) }
    return rates(
      matrix, targets: targets, ratios: ratios,
      kinds: zip(targets, ratios).map { kind(for: $0, $1, in: matrix) }, sample: sample)
  }

  private func rates(
    _ matrix: BinaryMatrix, targets: [RateTarget], ratios: [RatioOfSums], kinds: [RateInterval],
    sample: BootstrapSample?
  ) -> [Rate] {
    var rates = zip(targets, ratios).map {
      Self.counted($0, $1, in: matrix, design: bootstrap.design)
    }
    for index in rates.indices {
      setLimits(
        of: &rates[index], ratio: ratios[index], kind: kinds[index], sample: sample,
        column: index, targetCount: targets.count)
    }
    if isSimultaneous, let sample { setBands(&rates, sample: sample) }
    if ranksItems, let sample { setRanks(&rates, sample: sample) }
    return rates
  }

  /// Whether cells of a target are independent draws: one item, papers drawn one by one.
  private func hasIndependentCells(_ target: RateTarget) -> Bool {
    let design = bootstrap.design
    return target.items.count == 1 && design.unitsArePapers && design.weights == nil
      && !design.isStratified
  }

  /// The interval that a target gets.
  private func kind(
    for target: RateTarget, _ ratio: RatioOfSums, in matrix: BinaryMatrix
  ) -> RateInterval {
    guard interval == .automatic else { return interval }
    guard !hasIndependentCells(target), ratio.unitCount >= Self.fewestBootstrapUnits,
      let estimate = ratio.estimate
    else { return .analytic(.wilson) }
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
    _ target: RateTarget, _ ratio: RatioOfSums, in matrix: BinaryMatrix, design: SamplingDesign
  ) -> Rate {
    let count = { (plane: BitColumns) in target.items.reduce(0) { $0 + plane.count(column: $1) } }
    let applicable = count(matrix.applies)
    let asked = count(matrix.asked)
    let yes = count(matrix.yes)
    var notes: [Rate.Note] = []
    let papers = matrix.applies.anyCount(columns: target.items)
    if ratio.estimate == nil {
      notes.append(.neverApplicable)
    } else {
      if papers == 1 { notes.append(.onePaper) }
      if ratio.estimate == 1 { notes.append(.allYes) }
      if ratio.estimate == 0 { notes.append(.allNo) }
      if !design.unitsArePapers, ratio.unitCount < 20 {
        notes.append(.fewClusters(ratio.unitCount))
      }
    }
    return Rate(
      target: target, paperCount: papers, applicableCount: applicable,
      notApplicableCount: asked - applicable,
      absentCount: matrix.papers.count * target.items.count - asked, yesCount: yes,
      estimate: ratio.estimate, standardError: ratio.standardError, lower: nil, upper: nil,
      interval: nil, notes: notes, rank: nil)
  }

  /// Sets the limits of one rate.
  private func setLimits(
    of rate: inout Rate, ratio: RatioOfSums, kind: RateInterval, sample: BootstrapSample?,
    column: Int, targetCount: Int
  ) {
    guard let estimate = rate.estimate else { return }
    if case .bootstrap(let method) = kind, let sample, estimate > 0, estimate < 1 {
      do throws(IntervalFailure) {
        let limits = try Self.bootstrapInterval(
          method, ratio: ratio, sample: sample, column: column, targetCount: targetCount
        ).limits(
          estimate: estimate, replicates: sample.values(of: column), level: level)
        rate.lower = limits.lower
        rate.upper = limits.upper
        rate.interval = method.rawValue
        return
      } catch {
        rate.notes.append(.fallback(reason: error.description))
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
    rate.interval = analytic.name
  }

  /// The bootstrap interval of one target, with what it needs besides the replicates.
  private static func bootstrapInterval(
    _ method: RateInterval.Resampled, ratio: RatioOfSums, sample: BootstrapSample, column: Int,
    targetCount: Int
  ) throws(IntervalFailure) -> BootstrapInterval {
    switch method {
    case .percentile: return .percentile
    case .basic: return .basic
    case .normal: return .normal
    case .bca:
      guard let acceleration = ratio.acceleration else { throw .undefinedAcceleration }
      return .bca(acceleration: acceleration)
    case .studentized:
      return .studentized(
        standardError: sample.original[targetCount + column],
        replicateStandardErrors: sample.values(of: targetCount + column), scale: .logit)
    }
  }

  /// Binomial limits on the counts, or on the effective sample size.
  private func analyticLimits(
    of rate: Rate, estimate: Double, ratio: RatioOfSums, _ interval: ProportionInterval,
    level: Double
  ) -> (lower: Double, upper: Double)? {
    if hasIndependentCells(rate.target) {
      return interval.limits(
        successes: Double(rate.yesCount), trials: Double(rate.applicableCount), level: level)
    }
    let trials = ratio.effectiveTrials(cells: rate.applicableCount, level: level)
    return interval.limits(successes: estimate * trials, trials: trials, level: level)
  }

  /// Replaces the limits of all items by simultaneous ones.
  private func setBands(_ rates: inout [Rate], sample: BootstrapSample) {
    let items = rates.indices.filter {
      rates[$0].target.level == .item && rates[$0].estimate != nil
    }
    let count = rates.count
    let banded = items.filter { index in
      min(rates[index].yesCount, rates[index].applicableCount - rates[index].yesCount) >= 5
    }
    var critical = 0.0
    if !banded.isEmpty {
      var largest = [Double](repeating: 0, count: sample.replicateCount)
      for index in banded {
        let original = sample.original[index]
        let values = sample.replicates.column(index)
        let errors = sample.replicates.column(count + index)
        for (replicate, (value, error)) in zip(values, errors).enumerated() {
          let distance = abs(value - original) / error
          largest[replicate] = max(largest[replicate], distance.isNaN ? .infinity : distance)
        }
      }
      largest.sort()
      let rank = Int((Double(largest.count + 1) * level).rounded(.up))
      critical = largest[min(max(rank, 1), largest.count) - 1]
    }
    for index in items {
      guard let estimate = rates[index].estimate else { continue }
      let ratio = critical * sample.original[count + index]
      if banded.contains(index), ratio.isFinite {
        rates[index].lower = max(0, estimate - ratio)
        rates[index].upper = min(1, estimate + ratio)
        rates[index].interval = "max-t"
      } else {
        let adjusted = 1 - (1 - level) / Double(items.count)
        let limits = ProportionInterval.clopperPearson.limits(
          successes: Double(rates[index].yesCount),
          trials: Double(rates[index].applicableCount), level: adjusted)
        rates[index].lower = limits?.lower
        rates[index].upper = limits?.upper
        rates[index].interval = "\(ProportionInterval.clopperPearson.name)-bonferroni"
        rates[index].notes.append(.bandNeedsFive)
      }
    }
  }

  /// Ranks the items that have a rate; undefined replicates rank last.
  private func setRanks(_ rates: inout [Rate], sample: BootstrapSample) {
    let items = rates.indices.filter {
      rates[$0].target.level == .item && rates[$0].estimate != nil
    }
    func ranks(_ value: (Int) -> Double) -> [Int] {
      let values = items.map(value).map { $0.isNaN ? -1 : $0 }
      let descending = values.sorted(by: >)
      return values.map { value in (descending.firstIndex { $0 <= value } ?? 0) + 1 }
    }
    let original = ranks { sample.original[$0] }
    var replicates = [[Int]](repeating: [], count: items.count)
    for replicate in 0..<sample.replicateCount {
      for (position, rank) in ranks({ sample.replicates[replicate, $0] }).enumerated() {
        replicates[position].append(rank)
      }
    }
    let tail = (1 - level) / 2
    for (position, index) in items.enumerated() {
      let sorted = replicates[position].sorted()
      let last = sorted.count - 1
      rates[index].rank = Rate.Rank(
        estimate: original[position],
        lower: sorted[min(last, Int((Double(last) * tail).rounded(.down)))],
        upper: sorted[min(last, Int((Double(last) * (1 - tail)).rounded(.up)))])
    }
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
