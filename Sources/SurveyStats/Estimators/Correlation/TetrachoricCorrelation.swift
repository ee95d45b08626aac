import CKernels
import RealModule

/// The correlation of two normal variables that, cut at a threshold each, gave a 2×2 table.
///
/// With `h = Φ⁻¹(n1./n)`, `k = Φ⁻¹(n.1/n)` from the margins of the pair, the estimate ρ solves
/// `Φ₂(h, k; ρ) = n11/n`; for a 2×2 table this is the maximum likelihood estimate (Olsson 1979).
/// By Plackett's (1954) identity `Φ₂(h, k; sin t) − Φ(h)Φ(k)` is an integral of
/// `exp(−(h² + k² − 2hk sin t)/(2 cos² t))/2π` over the angle, and the left side minus n11/n is
/// `(n11 n00 − n10 n01)/n²`, exactly. Halley's method runs on the tangent of half the angle, where
/// the integrand needs no trigonometry, for eight tables at a time; panels shrink towards ρ = ±1, so
/// that the estimate is exact to about 1e-13 everywhere. It starts from the approximation of Bonett
/// & Price (2005), Journal of Educational and Behavioral Statistics 30:213. All processors give the
/// same bits, and a table gets the same bits alone and among others.
///
/// The standard error is that of Brown & Benedetti (1977): the standard deviation over papers of
/// `(1{11} − A 1{1.} − B 1{.1})/(φ₂ √n)`, `A = Φ((k − ρh)/√(1 − ρ²))`, B symmetric.
///
/// Edge cases: an item constant in the pair leaves the estimate undefined (`constant-item`); two
/// empty cells on a diagonal put it at ±1 without a standard error (`boundary-correlation`) under
/// any policy; one empty cell is treated by the policy (`zero-cell-adjusted`). Papers with NA in
/// either item are no part of the table.
///
/// Cost: under a microsecond, a sixth of one where many tables are estimated together.
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
    self = Self.fits([table], zeroCells: zeroCells)[0]
  }

  private init(
    _ estimate: Double?, standardError: Double? = nil, note: AssociationNote?,
    slopes: Slopes? = nil
  ) {
    self.estimate = estimate
    self.standardError = standardError
    self.note = note
    self.slopes = slopes
  }

  /// What the influence of a paper is made of: `(1{11} − A 1{1.} − B 1{.1})/φ₂`.
  private struct Slopes: Equatable {
    let first: Double
    let second: Double
    let density: Double
  }

  private let slopes: Slopes?

  /// The influence of a paper's answers, up to a constant; `nil` without a standard error.
  var influence: TwoByTwoTable.Influence? {
    slopes.map { slopes in
      { a, b in (a * b - slopes.first * a - slopes.second * b) / slopes.density }
    }
  }

  /// Estimates from many tables, eight at a time.
  static func fits(
    _ tables: [TwoByTwoTable], zeroCells: ZeroCellPolicy
  ) -> [TetrachoricCorrelation] {
    var interior = InteriorTables(capacity: tables.count)
    let prepared = tables.map { table in
      let preparation = prepare(table, zeroCells: zeroCells)
      if case .interior(let cells, _) = preparation { interior.append(cells) }
      return preparation
    }
    let correlations = interior.correlations(path: .best)
    var place = 0
    return prepared.map { preparation in
      switch preparation {
      case .undefined: return TetrachoricCorrelation(nil, note: .constantItem)
      case .boundary(let sign): return TetrachoricCorrelation(sign, note: .boundaryCorrelation)
      case .interior(let cells, let isAdjusted):
        defer { place += 1 }
        let slopes = slopes(
          correlations[place], thresholds: interior.thresholds[(2 * place)...])
        return TetrachoricCorrelation(
          correlations[place], standardError: standardError(cells, slopes),
          note: isAdjusted ? .zeroCellAdjusted : nil, slopes: slopes)
      }
    }
  }

  /// The correlations alone, of many tables; NaN where undefined.
  static func estimates(
    _ tables: [TwoByTwoTable], zeroCells: ZeroCellPolicy, path: KernelPath = .best
  ) -> [Double] {
    var results = [Double](repeating: .nan, count: tables.count)
    var interior = InteriorTables(capacity: tables.count)
    var places: [Int] = []
    places.reserveCapacity(tables.count)
    for (place, table) in tables.enumerated() {
      switch prepare(table, zeroCells: zeroCells) {
      case .undefined: break
      case .boundary(let sign): results[place] = sign
      case .interior(let cells, _):
        interior.append(cells)
        places.append(place)
      }
    }
    for (place, correlation) in zip(places, interior.correlations(path: path)) {
      results[place] = correlation
    }
    return results
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

  private static func slopes(_ rho: Double, thresholds: ArraySlice<Double>) -> Slopes {
    let normal = Normal()
    let (h, k) = (thresholds[thresholds.startIndex], thresholds[thresholds.startIndex + 1])
    let rest = (1 - rho) * (1 + rho)
    let exponent = (h * h + k * k - 2 * h * k * rho) / (2 * rest)
    return Slopes(
      first: normal.cumulativeProbability((k - rho * h) / rest.squareRoot()),
      second: normal.cumulativeProbability((h - rho * k) / rest.squareRoot()),
      density: Double.exp(-exponent) / (2 * .pi * rest.squareRoot()))
  }

  private static func standardError(_ table: TwoByTwoTable, _ slopes: Slopes) -> Double {
    let influence = { (a: Double, b: Double) in a * b - slopes.first * a - slopes.second * b }
    let total = table.total
    let mean = table.sum(influence) / total
    let variance =
      table.sum { a, b in
        let deviation = influence(a, b) - mean
        return deviation * deviation
      } / total
    return (variance / total).squareRoot() / slopes.density
  }
}

/// Tables without empty cells, and the thresholds of their items, one after the other.
private struct InteriorTables {
  private var cells: [Double] = []
  private(set) var thresholds: [Double] = []

  init(capacity: Int) {
    cells.reserveCapacity(4 * capacity)
    thresholds.reserveCapacity(2 * capacity)
  }

  mutating func append(_ table: TwoByTwoTable) {
    let normal = Normal()
    let total = table.total
    cells.append(table.n11)
    cells.append(table.n10)
    cells.append(table.n01)
    cells.append(table.n00)
    thresholds.append(normal.quantile(table.first / total))
    thresholds.append(normal.quantile(table.second / total))
  }

  func correlations(path: KernelPath) -> [Double] {
    let count = cells.count / 4
    return unsafe [Double](unsafeUninitializedCapacity: count) { correlations, initialized in
      if let base = correlations.baseAddress {
        unsafe ck_tetrachoric(path.rawValue, cells, thresholds, count, base)
      }
      initialized = count
    }
  }
}
