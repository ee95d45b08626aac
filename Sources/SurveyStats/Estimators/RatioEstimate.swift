/// A ratio of sums with its accuracy, without the units it came from.
struct RatioEstimate: Sendable, Equatable {
  /// The ratio; `nil` when nothing is in the denominator.
  let value: Double?
  /// The linearised standard error; `nil` when it is undefined, or zero because the ratio is 0 or 1.
  let standardError: Double?
  /// The acceleration of the BCa interval.
  let acceleration: Double?
  /// The number of units that take part in each stratum.
  let unitCounts: [Int]
  /// Kish's effective number of units.
  let effectiveUnitCount: Double

  /// The number of units that take part.
  var unitCount: Int { unitCounts.reduce(0, +) }
  /// The number of strata with units that take part.
  var stratumCount: Int { unitCounts.count { $0 > 0 } }
  /// The number of strata in which a single unit takes part.
  var loneUnitCount: Int { stratumCount > 1 ? unitCounts.count { $0 == 1 } : 0 }

  /// The number of independent draws that would be as accurate as the ratio, among `cells` cells.
  ///
  /// Korn and Graubard's effective sample size, or the effective number of units where there is no
  /// standard error.
  func effectiveTrials(cells: Int, level: Double) -> Double {
    guard let value, let standardError else { return effectiveUnitCount }
    return KornGraubardInterval(
      proportion: value, standardError: standardError, trials: cells, clusters: unitCount,
      strata: stratumCount
    ).effectiveTrials(level: level) ?? effectiveUnitCount
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
      value = rate
      standardError = spread > 0 ? (spread / (all * (all - 1))).squareRoot() : nil
      acceleration = rate.flatMap { spread > 0 ? (1 - 2 * $0) / (6 * spread.squareRoot()) : nil }
      unitCounts = [Int(all)]
      effectiveUnitCount = all
      return
    }
    let ratio = RatioOfSums(matrix, target: target, design: design)
    value = ratio.estimate
    standardError = ratio.standardError.flatMap { $0 > 0 ? $0 : nil }
    acceleration = ratio.acceleration
    unitCounts = ratio.unitCounts
    effectiveUnitCount = ratio.effectiveUnitCount
  }
}
