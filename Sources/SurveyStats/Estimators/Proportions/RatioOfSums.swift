/// A ratio of two sums over resampling units, `R = Σ y / Σ m`, with its design-based accuracy.
///
/// A pass rate is of this kind: unit u has mᵤ applicable cells of which yᵤ are yes. Units with
/// m = 0 take no part, but stay in their stratum.
///
/// Everything rests on the residuals `e = y − R m`, which are zero where m = 0, and on their means
/// `ē_h` over all units of a stratum. Cost of each property: one or two passes over the units.
///
/// References: Särndal, Swensson & Wretman (1992), *Model Assisted Survey Sampling*, section 5.6;
/// Lumley (2010), *Complex Surveys*, section 2.3 and appendix B on single-unit strata.
public struct RatioOfSums: Sendable, Equatable {
  /// The numerator of each unit, weights included.
  public let numerators: [Double]
  /// The denominator of each unit, weights included.
  public let denominators: [Double]
  /// The number of units in each stratum; units are numbered stratum by stratum.
  public let stratumSizes: [Int]
  /// What the units are, which decides how accurate the ratio is taken to be.
  public let units: Units
  /// The sum of the numerators.
  public let numerator: Double
  /// The sum of the denominators.
  public let denominator: Double

  /// What is drawn.
  public enum Units: Sendable, Equatable {
    /// Papers that weigh the same.
    case papers
    /// Papers of different weights, whose cells are worth so many equal ones by Kish's number.
    case weightedPapers(effectiveCells: Double)
    /// Clusters of papers; with weights, whose cells are worth so many equal ones by Kish's number.
    case clusters(effectiveCells: Double?)

    /// Whether the units are clusters.
    var areClusters: Bool { if case .clusters = self { true } else { false } }
    /// Whether a number of units says nothing of their sizes.
    var areUnequal: Bool { self != .papers }

    /// The units of a design, given the denominator of each paper before it is weighted.
    init(_ design: SamplingDesign, cells: (_ paper: Int) -> Double) {
      var effective: Double?
      if let weights = design.weights {
        var (sum, squares) = (0.0, 0.0)
        for (paper, weight) in weights.enumerated() {
          let count = cells(paper)
          sum += weight * count
          squares += weight * weight * count
        }
        effective = squares > 0 ? sum * sum / squares : 0
      }
      self =
        design.unitsArePapers
        ? effective.map { .weightedPapers(effectiveCells: $0) } ?? .papers
        : .clusters(effectiveCells: effective)
    }
  }

  /// Creates a ratio from the totals of its units.
  public init(
    numerators: [Double], denominators: [Double], stratumSizes: [Int], units: Units = .papers
  ) {
    self.units = units
    precondition(numerators.count == denominators.count)
    precondition(stratumSizes.reduce(0, +) == numerators.count)
    self.numerators = numerators
    self.denominators = denominators
    self.stratumSizes = stratumSizes
    numerator = numerators.reduce(0, +)
    denominator = denominators.reduce(0, +)
  }

  /// The ratio of yes to applicable cells of a target under a design.
  public init(_ matrix: BinaryMatrix, target: RateTarget, design: SamplingDesign) {
    let yes = matrix.yes.rowCounts(columns: target.items)
    let applicable = matrix.applies.rowCounts(columns: target.items)
    self.init(
      numerators: design.unitTotals { Double(yes[$0]) },
      denominators: design.unitTotals { Double(applicable[$0]) },
      stratumSizes: design.stratumSizes,
      units: Units(design) { Double(applicable[$0]) })
  }

  /// The ratio; `nil` when the denominator is zero.
  public var estimate: Double? { denominator > 0 ? numerator / denominator : nil }

  /// The number of units that take part.
  public var unitCount: Int { denominators.count { $0 > 0 } }

  /// The number of units that take part in each stratum.
  public var unitCounts: [Int] {
    strata.map { units in units.reduce(0) { $0 + (denominators[$1] > 0 ? 1 : 0) } }
  }

  /// Kish's effective number of units for unequal denominators, `(Σ m)² / Σ m²`.
  public var effectiveUnitCount: Double {
    let squares = denominators.reduce(0) { $0 + $1 * $1 }
    return squares > 0 ? denominator * denominator / squares : 0
  }

  /// The linearised standard error; `nil` with fewer than two units.
  ///
  /// `se² = Σ_h g_h/(g_h − 1) Σ (e_u − ē_h)² / (Σ m)²` over all units of stratum h, of which g_h take
  /// part. The residual of a stratum in which a single unit takes part is centred at zero, the mean
  /// residual of the whole sample, without a factor. Where every unit takes part this is the standard
  /// error of R's `survey` with `survey.lonely.psu = "adjust"`.
  public var standardError: Double? {
    guard let estimate, unitCount > 1 else { return nil }
    var variance = 0.0
    for (units, count) in zip(strata, unitCounts) where count > 0 {
      let center = count > 1 ? meanResidual(estimate, units) : 0
      var squares = 0.0
      for unit in units {
        let residual = numerators[unit] - estimate * denominators[unit]
        if count > 1 || denominators[unit] > 0 {
          squares += (residual - center) * (residual - center)
        }
      }
      variance += count > 1 ? squares * Double(count) / Double(count - 1) : squares
    }
    return variance.squareRoot() / denominator
  }

  /// The bias-reduced variance of the ratio and its degrees of freedom, which hold where clusters
  /// are few or differ in size; `nil` with fewer than two units.
  ///
  /// For clusters of one size its root is ``standardError``.
  public var unitVariance: UnitVariance? {
    guard let estimate, unitCount > 1 else { return nil }
    return UnitVariance(
      contributions: zip(numerators, denominators).map { ($0 - estimate * $1) / denominator },
      shares: denominators.map { $0 / denominator }, stratumSizes: stratumSizes)
  }

  /// Limits of the ratio within 0 and 1, from a binomial distribution on the effective number of draws
  /// among so many cells; see ``RateEstimator``.
  public func limits(
    _ interval: ProportionInterval, cells: Int, level: Double
  ) -> (lower: Double, upper: Double)? {
    RatioEstimate(self).limits(interval, cells: cells, level: level)
  }

  /// The acceleration of the BCa interval; `nil` when no unit influences the ratio.
  ///
  /// `a = Σ l³ / (6 (Σ l²)^1.5)` with the influence `l = e_u − ē_h` over all units of the strata, for
  /// a single item `(1 − 2 p) / (6 √(n p (1 − p)))`. The limit of the delete-one-unit jackknife.
  /// References: Efron (1987), *JASA* 82:171, eq. 6.6; Davison & Hinkley (1997), section 5.3.2.
  public var acceleration: Double? {
    guard let estimate else { return nil }
    var influence: [Double] = []
    influence.reserveCapacity(numerators.count)
    for units in strata {
      let center = meanResidual(estimate, units)
      for unit in units {
        influence.append(numerators[unit] - estimate * denominators[unit] - center)
      }
    }
    return BootstrapInterval.acceleration(influence: influence)
  }

  /// The correlation of this ratio with another one of the same units, from the linearised residuals;
  /// 0 when one of the two has none, as a ratio of 0 or 1 has.
  ///
  /// `r = Σ (e − ē_h)(e′ − ē′_h) / √(Σ (e − ē_h)² Σ (e′ − ē′_h)²)`. For two items of the same papers it
  /// is the φ coefficient of their answers.
  public func correlation(with other: RatioOfSums) -> Double {
    Self.correlation(residuals, other.residuals)
  }

  /// The residual of each unit, less the mean of its stratum; empty without an estimate.
  var residuals: [Double] {
    guard let estimate else { return [] }
    return strata.flatMap { units in
      let center = meanResidual(estimate, units)
      return units.map { numerators[$0] - estimate * denominators[$0] - center }
    }
  }

  /// The correlation of residuals that are zero on average; 0 when it is undefined.
  static func correlation(_ first: [Double], _ second: [Double]) -> Double {
    let product = zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
    let squares = [first, second].map { $0.reduce(0) { $0 + $1 * $1 } }
    let scale = (squares[0] * squares[1]).squareRoot()
    return scale > 0 ? min(1, max(-1, product / scale)) : 0
  }

  /// The units of each stratum.
  private var strata: [Range<Int>] {
    var first = 0
    return stratumSizes.map { size in
      first += size
      return first - size..<first
    }
  }

  /// The mean residual of units; exactly zero for all units of the sample.
  private func meanResidual(_ estimate: Double, _ units: Range<Int>) -> Double {
    guard stratumSizes.count > 1, !units.isEmpty else { return 0 }
    var total = 0.0
    for unit in units { total += numerators[unit] - estimate * denominators[unit] }
    return total / Double(units.count)
  }
}
