/// The difference of two groups' mean scores within strata, so that a different mix of strata is not
/// read as a difference.
///
/// The estimate is Σ w (m₁ − m₂)/Σ w over strata with papers of both groups, with Mantel and
/// Haenszel's weights w = n₁n₂/(n₁ + n₂): the coefficient of the group in a least-squares fit with
/// one intercept a stratum. Its variance is Σ w² (v₁/n₁ + v₂/n₂)/(Σ w)², a group of a single paper in
/// a stratum having the variance pooled over strata and groups. The test is normal. Undefined
/// without a stratum of both groups; without a standard error when no score varies.
///
/// Reference: Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, section
/// 10.1 (the weights).
public struct StratifiedScores: Sendable, Equatable {
  /// The difference with its standard error.
  public let difference: (estimate: Double, standardError: Double?)?
  /// The number of strata left out because a group has no papers there.
  public let leftOutStrata: Int

  /// Compares the scores of the two groups in each stratum.
  public init(_ strata: [(first: [Double], second: [Double])]) {
    let common = strata.filter { !$0.first.isEmpty && !$0.second.isEmpty }
    leftOutStrata = strata.count - common.count
    let cells = common.map { (first: Moments($0.first), second: Moments($0.second)) }
    let all = cells.flatMap { [$0.first, $0.second] }.filter { $0.count > 1 }
    let freedom = all.reduce(0) { $0 + $1.count - 1 }
    let squares = all.reduce(0) { $0 + $1.variance * Double($1.count - 1) }
    func variance(_ cell: Moments) -> Double {
      (cell.count > 1 ? cell.variance : squares / Double(max(freedom, 1))) / Double(cell.count)
    }
    var (total, sum, spread) = (0.0, 0.0, 0.0)
    for cell in cells {
      let (n, m) = (Double(cell.first.count), Double(cell.second.count))
      let weight = n * m / (n + m)
      total += weight
      sum += weight * (cell.first.mean - cell.second.mean)
      spread += weight * weight * (variance(cell.first) + variance(cell.second))
    }
    difference = total > 0 ? (sum / total, spread > 0 ? spread.squareRoot() / total : nil) : nil
  }

  /// The two-sided p-value of no difference.
  public var pValue: Double? {
    difference.flatMap { difference in
      difference.standardError.map { 2 * Normal().survival(abs(difference.estimate / $0)) }
    }
  }

  /// Whether two comparisons are equal.
  public static func == (left: Self, right: Self) -> Bool {
    left.leftOutStrata == right.leftOutStrata
      && left.difference?.estimate == right.difference?.estimate
      && left.difference?.standardError == right.difference?.standardError
  }
}
