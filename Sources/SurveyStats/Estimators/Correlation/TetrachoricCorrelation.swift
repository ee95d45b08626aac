import RealModule

/// The correlation of two normal variables that, cut at a threshold each, gave a 2×2 table.
///
/// With `h = Φ⁻¹(n1./n)`, `k = Φ⁻¹(n.1/n)` from the margins of the pair, the estimate ρ solves
/// `Φ₂(h, k; ρ) = n11/n`; for a 2×2 table this is the maximum likelihood estimate (Olsson 1979).
/// By Plackett's (1954) identity `Φ₂(h, k; sin t) − Φ(h)Φ(k)` is an integral of
/// `exp(−(h² + k² − 2hk sin t)/(2 cos² t))/2π` over the angle, and the left side minus n11/n is
/// `(n11 n00 − n10 n01)/n²`, exactly. Newton's method runs on the tangent of half the angle, where
/// the integrand needs no trigonometry; panels shrink towards ρ = ±1, so that the estimate is exact
/// to about 1e-13 everywhere.
///
/// The standard error is that of Brown & Benedetti (1977): the standard deviation over papers of
/// `(1{11} − A 1{1.} − B 1{.1})/(φ₂ √n)`, `A = Φ((k − ρh)/√(1 − ρ²))`, B symmetric.
///
/// Edge cases: an item constant in the pair leaves the estimate undefined (`constant-item`); two
/// empty cells on a diagonal put it at ±1 without a standard error (`boundary-correlation`) under
/// any policy; one empty cell is treated by the policy (`zero-cell-adjusted`). Papers with NA in
/// either item are no part of the table.
///
/// Cost: under a microsecond.
public struct TetrachoricCorrelation: Sendable, Equatable {
  /// What is done with a table that has one empty cell.
  public enum ZeroCellPolicy: String, Sendable, CaseIterable {
    /// Half a paper is moved into the empty cell so that both margins stay (lavaan's rule).
    case halfKeepingMargins = "keep-margins"
    /// Half a paper is added to every cell.
    case halfAll = "half"
    /// Nothing: the estimate is −1 or 1.
    case none
  }

  /// The correlation; `nil` where undefined.
  public let estimate: Double?
  /// The standard error; `nil` where the estimate is undefined or at ±1.
  public let standardError: Double?
  /// Why the estimate is undefined, at its limit, or adjusted.
  public let note: AssociationNote?

  /// Estimates from a table.
  public init(_ table: TwoByTwoTable, zeroCells: ZeroCellPolicy = .halfKeepingMargins) {
    switch Self.prepare(table, zeroCells: zeroCells) {
    case .undefined:
      (estimate, standardError, note) = (nil, nil, .constantItem)
    case .boundary(let sign):
      (estimate, standardError, note) = (sign, nil, .boundaryCorrelation)
    case .interior(let cells, let isAdjusted):
      let solution = Self.solve(cells)
      estimate = solution.correlation
      standardError = Self.standardError(cells, solution)
      note = isAdjusted ? .zeroCellAdjusted : nil
    }
  }

  /// The correlation alone; NaN where undefined.
  static func estimate(_ table: TwoByTwoTable, zeroCells: ZeroCellPolicy) -> Double {
    switch prepare(table, zeroCells: zeroCells) {
    case .undefined: .nan
    case .boundary(let sign): sign
    case .interior(let cells, _): solve(cells).correlation
    }
  }

  private enum Preparation {
    case undefined
    case boundary(sign: Double)
    case interior(TwoByTwoTable, isAdjusted: Bool)
  }

  private static func prepare(_ table: TwoByTwoTable, zeroCells: ZeroCellPolicy) -> Preparation {
    guard !table.hasConstantItem else { return .undefined }
    guard table.smallestCell <= 0 else { return .interior(table, isAdjusted: false) }
    let emptyOnMain = min(table.n11, table.n00) <= 0
    let isPerfect =
      emptyOnMain ? max(table.n11, table.n00) <= 0 : max(table.n10, table.n01) <= 0
    if isPerfect || zeroCells == .none { return .boundary(sign: emptyOnMain ? -1 : 1) }
    if zeroCells == .halfAll {
      return .interior(
        TwoByTwoTable(
          n11: table.n11 + 0.5, n10: table.n10 + 0.5, n01: table.n01 + 0.5, n00: table.n00 + 0.5),
        isAdjusted: true)
    }
    // With weights a cell can hold less than a paper: then move half of the smaller one.
    let other = emptyOnMain ? min(table.n10, table.n01) : min(table.n11, table.n00)
    let moved = (emptyOnMain ? 0.5 : -0.5) * min(1, other)
    return .interior(
      TwoByTwoTable(
        n11: table.n11 + moved, n10: table.n10 - moved, n01: table.n01 - moved,
        n00: table.n00 + moved), isAdjusted: true)
  }

  private struct Solution {
    let correlation: Double
    let firstThreshold: Double
    let secondThreshold: Double
  }

  private static func solve(_ table: TwoByTwoTable) -> Solution {
    let normal = Normal()
    let total = table.total
    let h = normal.quantile(table.first / total)
    let k = normal.quantile(table.second / total)
    let determinant = table.determinant
    guard determinant != 0 else {
      return Solution(correlation: 0, firstThreshold: h, secondThreshold: k)
    }
    let sign: Double = determinant < 0 ? -1 : 1
    let oddsRatio =
      sign > 0
      ? table.n11 * table.n00 / (table.n10 * table.n01)
      : table.n10 * table.n01 / (table.n11 * table.n00)
    let root = PlackettIntegral(h: h, k: sign * k)
      .upperLimit(reaching: 2 * .pi * abs(determinant) / (total * total), oddsRatio: oddsRatio)
    return Solution(
      correlation: sign * 2 * root / (1 + root * root), firstThreshold: h, secondThreshold: k)
  }

  private static func standardError(_ table: TwoByTwoTable, _ solution: Solution) -> Double {
    let normal = Normal()
    let (h, k, rho) = (
      solution.firstThreshold, solution.secondThreshold, solution.correlation
    )
    let rest = (1 - rho) * (1 + rho)
    let exponent = (h * h + k * k - 2 * h * k * rho) / (2 * rest)
    let density = Double.exp(-exponent) / (2 * .pi * rest.squareRoot())
    let first = normal.cumulativeProbability((k - rho * h) / rest.squareRoot())
    let second = normal.cumulativeProbability((h - rho * k) / rest.squareRoot())
    let influence = { (a: Double, b: Double) in a * b - first * a - second * b }
    let total = table.total
    let mean = table.sum(influence) / total
    let variance =
      table.sum { a, b in
        let deviation = influence(a, b) - mean
        return deviation * deviation
      } / total
    return (variance / total).squareRoot() / density
  }
}

/// The integral of Plackett's identity from 0, as a function of `u = tan(t/2)`, for u in [0, 1).
private struct PlackettIntegral {
  /// Half the square of the difference of the thresholds.
  private let halfSquare: Double
  private let product: Double

  init(h: Double, k: Double) {
    halfSquare = (h - k) * (h - k) / 2
    product = h * k
  }

  /// The integrand: the exponential at `sin t = 2u/(1 + u²)`, times dt/du.
  private func integrand(_ u: Double) -> Double {
    let sum = 1 + u * u
    let secant = sum / ((1 - u) * (1 + u))
    let exponent = halfSquare * secant * secant + product * sum / ((1 + u) * (1 + u))
    return 2 * Double.exp(-exponent) / sum
  }

  /// The limit u at which the integral is `target`, by Newton's method inside a bracket.
  func upperLimit(reaching target: Double, oddsRatio: Double) -> Double {
    // Pearson's approximation: sin t = cos(π/(1 + √OR)).
    let angle = Double.pi / 2 - Double.pi / (1 + oddsRatio.squareRoot())
    var u = min(Double.tan(angle / 2), 1 - 1e-9)
    var lower = 0.0
    var upper = 1.0
    var value = integral(from: 0, to: u)
    for _ in 0..<100 {
      let error = value - target
      if error > 0 { upper = u } else { lower = u }
      let step = -error / integrand(u)
      if abs(step) <= 1e-9 * (1 - u) { return u + step }
      var next = u + step
      if !(next > lower && next < upper) { next = (lower + upper) / 2 }
      value += integral(from: u, to: next)
      u = next
    }
    return u
  }

  /// The integral between two limits, in panels no longer than half the distance to 1.
  private func integral(from start: Double, to end: Double) -> Double {
    if end < start { return -integral(from: end, to: start) }
    var total = 0.0
    var begin = start
    while begin < end {
      let rest = 1 - begin
      let stop = min(end, begin + rest / 2)
      let rule = stop - begin < 0.05 * rest ? GaussLegendre.short : GaussLegendre.long
      let center = (begin + stop) / 2
      let half = (stop - begin) / 2
      var sum = 0.0
      for (node, weight) in rule {
        sum += weight * (integrand(center - half * node) + integrand(center + half * node))
      }
      total += half * sum
      begin = stop
    }
    return total
  }
}

/// Positive nodes of Gauss–Legendre rules on [−1, 1] with their weights.
private enum GaussLegendre {
  /// 6 points.
  static let short: [(node: Double, weight: Double)] = [
    (0.238619186083196909, 0.467913934572691047),
    (0.661209386466264514, 0.360761573048138608),
    (0.932469514203152028, 0.171324492379170345),
  ]
  /// 20 points.
  static let long: [(node: Double, weight: Double)] = [
    (0.0765265211334973338, 0.152753387130725851),
    (0.227785851141645078, 0.149172986472603747),
    (0.373706088715419561, 0.142096109318382051),
    (0.510867001950827098, 0.131688638449176627),
    (0.636053680726515025, 0.118194531961518417),
    (0.746331906460150793, 0.101930119817240435),
    (0.839116971822218823, 0.0832767415767047487),
    (0.912234428251325906, 0.0626720483341090636),
    (0.963971927277913791, 0.0406014298003869413),
    (0.993128599185094925, 0.0176140071391521183),
  ]
}
