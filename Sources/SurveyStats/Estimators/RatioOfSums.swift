/// A ratio of two sums over resampling units, `R = Σ y / Σ m`, with its design-based accuracy.
///
/// A pass rate is of this kind: unit u has mᵤ applicable cells of which yᵤ are yes. Units with
/// m = 0 take no part in anything.
public struct RatioOfSums: Sendable, Equatable {
  /// The numerator of each unit, weights included.
  public let numerators: [Double]
  /// The denominator of each unit, weights included.
  public let denominators: [Double]
  /// The number of units in each stratum; units are numbered stratum by stratum.
  public let stratumSizes: [Int]
  /// The sum of the numerators.
  public let numerator: Double
  /// The sum of the denominators.
  public let denominator: Double

  /// Creates a ratio from the totals of its units.
  public init(numerators: [Double], denominators: [Double], stratumSizes: [Int]) {
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
      stratumSizes: design.stratumSizes)
  }

  /// The ratio; `nil` when the denominator is zero.
  public var estimate: Double? { denominator > 0 ? numerator / denominator : nil }

  /// The number of units that take part.
  public var unitCount: Int { denominators.count { $0 > 0 } }

  /// Kish's effective number of units for unequal denominators, `(Σ m)² / Σ m²`.
  public var effectiveUnitCount: Double {
    let squares = denominators.reduce(0) { $0 + $1 * $1 }
    return squares > 0 ? denominator * denominator / squares : 0
  }

  /// The number of independent answers that would be as accurate, among so many cells.
  ///
  /// `R (1 − R) / se² · (t_{cells−1} / t_{G−H})²` for G units in H strata, at most the number of
  /// cells; for rates of 0 and 1, and where the standard error is zero or unknown, Kish's effective
  /// number of units. Reference: Korn & Graubard (1998), *Survey Methodology* 24:193.
  public func effectiveTrials(cells: Int, level: Double) -> Double {
    guard let estimate, let standardError, standardError > 0 else { return effectiveUnitCount }
    var strata = 0
    forEachStratum { _ in strata += 1 }
    let effective = KornGraubardInterval(
      proportion: estimate, standardError: standardError, trials: cells, clusters: unitCount,
      strata: strata)
    return effective.effectiveTrials(level: level) ?? effectiveUnitCount
  }

  /// The linearised standard error; `nil` with fewer than two units.
  ///
  /// `se² = Σ_h n_h/(n_h − 1) Σ (e_u − ē_h)² / (Σ m)²` with residuals `e = y − R m` over the units of
  /// stratum h that take part; a stratum with a single unit is centred at zero, the mean residual of
  /// the whole sample. Reference: Särndal, Swensson & Wretman (1992), section 5.6; Lumley (2010),
  /// *Complex Surveys*, on single-unit strata.
  public var standardError: Double? {
    guard let estimate, unitCount > 1 else { return nil }
    var variance = 0.0
    forEachStratum { units in
      let residuals = units.map { numerators[$0] - estimate * denominators[$0] }
      let n = Double(residuals.count)
      let center = residuals.count > 1 ? residuals.reduce(0, +) / n : 0
      let squares = residuals.reduce(0) { $0 + ($1 - center) * ($1 - center) }
      variance += squares * (n > 1 ? n / (n - 1) : 1)
    }
    return variance.squareRoot() / denominator
  }

  /// The acceleration of the BCa interval from the delete-one-unit jackknife; `nil` when it is
  /// undefined because no unit changes the ratio or one unit is all there is.
  ///
  /// `a = Σ d³ / (6 (Σ d²)^1.5)` with `d_u = mean(R_(·)) − R_(u)`; within a stratum of n units the
  /// differences are centred at the stratum's own mean and scaled by (n − 1)/n. Reference: Efron
  /// (1987), *JASA* 82:171, eq. 6.6; DiCiccio & Efron (1996), *Statistical Science* 11:189.
  public var acceleration: Double? {
    guard unitCount > 1 else { return nil }
    var squares = 0.0
    var cubes = 0.0
    var isDefined = true
    forEachStratum { units in
      guard units.count > 1 else { return }
      let left = units.map { unit -> Double in
        let rest = denominator - denominators[unit]
        if rest <= 0 { isDefined = false }
        return (numerator - numerators[unit]) / rest
      }
      let mean = left.reduce(0, +) / Double(left.count)
      let scale =
        stratumSizes.count > 1 ? Double(units.count - 1) / Double(units.count) : 1
      for value in left {
        let difference = scale * (mean - value)
        squares += difference * difference
        cubes += difference * difference * difference
      }
    }
    guard isDefined, squares > 0 else { return nil }
    return cubes / (6 * squares * squares.squareRoot())
  }

  /// Visits the units of each stratum that take part.
  private func forEachStratum(_ visit: (_ units: [Int]) -> Void) {
    var first = 0
    for size in stratumSizes {
      let units = (first..<first + size).filter { denominators[$0] > 0 }
      if !units.isEmpty { visit(units) }
      first += size
    }
  }
}
