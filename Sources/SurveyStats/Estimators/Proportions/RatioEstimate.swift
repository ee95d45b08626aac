/// A ratio of sums with its accuracy, without the units it came from.
struct RatioEstimate: Sendable, Equatable {
  /// The ratio; `nil` when nothing is in the denominator.
  let value: Double?
  /// The standard error, linearised, and bias-reduced for clusters; `nil` when it is undefined, or zero
  /// because the ratio is 0 or 1.
  let standardError: Double?
  /// The acceleration of the BCa interval.
  let acceleration: Double?
  /// The number of units that take part in each stratum.
  let unitCounts: [Int]
  /// Kish's effective number of units.
  let effectiveUnitCount: Double
  /// What is drawn.
  var units = RatioOfSums.Units.papers
  /// Bell and McCaffrey's degrees of freedom of clusters.
  var clusterDegreesOfFreedom: Double?

  /// The number of units that take part.
  var unitCount: Int { unitCounts.reduce(0, +) }
  /// The number of strata with units that take part.
  var stratumCount: Int { unitCounts.count { $0 > 0 } }
  /// The number of strata in which a single unit takes part.
  var loneUnitCount: Int { stratumCount > 1 ? unitCounts.count { $0 == 1 } : 0 }

  /// The number of independent draws that would be as accurate as the ratio, among `cells` cells, with a
  /// normal quantile in the place of Student's.
  ///
  /// * Papers of one weight: Korn and Graubard's effective sample size, at most `cells`.
  /// * Weighted papers: the smaller of `p(1 − p)/se²` and Kish's number of cells, times `(z/t)²` with
  ///   Kish's number of papers less the number of strata as degrees of freedom. The first collapses where
  ///   one paper has most of the weight, the second sees it.
  /// * Clusters: `p(1 − p)/V · (z/t_d)²` with ``UnitVariance``, more than `cells` where clusters are more
  ///   alike than chance; with weights at most Kish's number of cells.
  ///
  /// Where there is no standard error it is Kish's effective number of units, for weighted papers with
  /// the same factor. `docs/coverage.md` compares the choices.
  func effectiveTrials(cells: Int, level: Double) -> Double {
    let binomial = value.flatMap { value in
      standardError.map { value * (1 - value) / ($0 * $0) }
    }
    switch units {
    case .papers:
      guard let value, let standardError else { return effectiveUnitCount }
      return KornGraubardInterval(
        proportion: value, standardError: standardError, trials: cells, clusters: unitCount,
        strata: stratumCount
      ).effectiveTrials(level: level) ?? effectiveUnitCount
    case .weightedPapers(let effectiveCells):
      guard unitCount > 1 else { return effectiveUnitCount }
      let freedom = effectiveUnitCount - Double(stratumCount)
      return min(binomial ?? effectiveUnitCount, effectiveCells)
        * UnitVariance.shrinkage(degreesOfFreedom: freedom, level: level)
    case .clusters(let effectiveCells):
      guard let binomial, let clusterDegreesOfFreedom else { return effectiveUnitCount }
      let trials =
        binomial
        * UnitVariance.shrinkage(degreesOfFreedom: clusterDegreesOfFreedom, level: level)
      return min(trials, effectiveCells ?? .infinity)
    }
  }

  /// Binomial limits on the effective number of draws; `nil` without a ratio.
  func limits(
    _ interval: ProportionInterval, cells: Int, level: Double, samplingFraction: Double = 0
  ) -> (lower: Double, upper: Double)? {
    guard let value else { return nil }
    let trials = effectiveTrials(cells: cells, level: level) / (1 - samplingFraction)
    // So little is known that no limit other than the range is true.
    guard trials > 1e-6 else { return (0, 1) }
    return interval.limits(successes: value * trials, trials: trials, level: level)
  }

  /// The ratio of yes to applicable cells of a target under a design.
  ///
  /// For a single item of plain papers this needs only counts: `se² = p (1 − p) / (n − 1)` and
  /// `a = (1 − 2 p) / (6 √(n p (1 − p)))`.
  init(_ matrix: BinaryMatrix, target: RateTarget, design: SamplingDesign) {
    if design.drawsPapersAlike, let item = target.items.first, target.items.count == 1 {
      let (yes, all) = (
        Double(matrix.yes.count(column: item)), Double(matrix.applies.count(column: item))
      )
      let rate = all > 0 ? yes / all : nil
      let spread = yes * (all - yes) / all
      self.init(
        value: rate,
        standardError: spread > 0 ? (spread / (all * (all - 1))).squareRoot() : nil,
        acceleration: rate.flatMap { spread > 0 ? (1 - 2 * $0) / (6 * spread.squareRoot()) : nil },
        unitCounts: [Int(all)], effectiveUnitCount: all)
      return
    }
    if design.drawsPapersAlike, target.items.count <= Self.mostCounted {
      self.init(Self.kindsOfPapers(matrix, target: target))
      return
    }
    self.init(RatioOfSums(matrix, target: target, design: design))
  }

  /// The accuracy of a ratio.
  init(_ ratio: RatioOfSums) {
    let robust = ratio.units.areClusters ? ratio.unitVariance : nil
    let error = ratio.units.areClusters ? robust?.standardError : ratio.standardError
    self.init(
      value: ratio.estimate,
      standardError: error.flatMap { $0 > (ratio.units.areUnequal ? Self.rounding : 0) ? $0 : nil },
      acceleration: ratio.acceleration, unitCounts: ratio.unitCounts,
      effectiveUnitCount: ratio.effectiveUnitCount)
    units = ratio.units
    clusterDegreesOfFreedom = robust?.degreesOfFreedom
  }

  private init(
    value: Double?, standardError: Double?, acceleration: Double?, unitCounts: [Int],
    effectiveUnitCount: Double
  ) {
    self.value = value
    self.standardError = standardError
    self.acceleration = acceleration
    self.unitCounts = unitCounts
    self.effectiveUnitCount = effectiveUnitCount
  }

  /// Errors below this are rounding errors of weighted sums: all units have the same rate.
  private static let rounding = 1e-9

  /// With more items than this there are more kinds of papers than the table is worth.
  private static let mostCounted = 255

  /// Papers with as many yes and applicable cells as each other, and their number.
  private struct Kind {
    var yes: Double
    var applicable: Double
    var papers: Double
  }

  /// The kinds of papers to which some item of a target applies.
  private static func kindsOfPapers(_ matrix: BinaryMatrix, target: RateTarget) -> [Kind] {
    let table = matrix.yes.rowCountTable(columns: target.items, with: matrix.applies)
    let side = target.items.count + 1
    return table.indices.compactMap { cell in
      let (yes, applicable) = cell.quotientAndRemainder(dividingBy: side)
      guard table[cell] > 0, applicable > 0 else { return nil }
      return Kind(yes: Double(yes), applicable: Double(applicable), papers: Double(table[cell]))
    }
  }

  /// The formulas of ``RatioOfSums`` for papers drawn one by one, over kinds of papers.
  private init(_ kinds: [Kind]) {
    func sum(_ term: (Kind) -> Double) -> Double { kinds.reduce(0) { $0 + $1.papers * term($1) } }
    let cells = sum(\.applicable)
    let rate = cells > 0 ? sum(\.yes) / cells : nil
    let papers = sum { _ in 1 }
    var squares = 0.0
    var cubes = 0.0
    if let rate {
      func residual(_ kind: Kind) -> Double { kind.yes - rate * kind.applicable }
      squares = sum { residual($0) * residual($0) }
      cubes = sum { residual($0) * residual($0) * residual($0) }
    }
    value = rate
    standardError =
      papers > 1 && squares > 0 ? (squares * papers / (papers - 1)).squareRoot() / cells : nil
    acceleration = squares > 0 ? cubes / (6 * squares * squares.squareRoot()) : nil
    unitCounts = [Int(papers)]
    effectiveUnitCount = cells > 0 ? cells * cells / sum { $0.applicable * $0.applicable } : 0
  }
}
