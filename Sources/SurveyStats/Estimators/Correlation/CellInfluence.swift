import RealModule

/// How a paper's two answers move a coefficient: its influence, with mean zero over the papers.
///
/// The error of a coefficient is, to first order, the mean of the influences of the papers, whatever
/// the papers' weights and however they depend on each other.
///
/// Reference: Deville (1999), Survey Methodology 25:193.
struct CellInfluence: Sendable, Equatable {
  /// The influence of no and no, no and yes, yes and no, yes and yes.
  private let values: [Double]

  /// Takes an influence less its mean over the papers of a table.
  init(_ table: TwoByTwoTable, _ influence: (_ first: Double, _ second: Double) -> Double) {
    // An empty cell has no papers, and its influence may not exist.
    let cells = [
      (table.n00, 0.0, 0.0), (table.n01, 0.0, 1.0), (table.n10, 1.0, 0.0), (table.n11, 1.0, 1.0),
    ]
    let raw = cells.map { $0.0 > 0 ? influence($0.1, $0.2) : 0 }
    let mean = zip(cells, raw).reduce(0) { $0 + $1.0.0 * $1.1 } / table.total
    values = zip(cells, raw).map { $0.0 > 0 ? $1 - mean : 0 }
  }

  /// The influence of two answers.
  subscript(first: Bool, second: Bool) -> Double { values[(first ? 2 : 0) + (second ? 1 : 0)] }
}

extension TwoByTwoTable {
  /// What a paper's answers do to a coefficient, up to a constant.
  typealias Influence = (_ first: Double, _ second: Double) -> Double

  /// The influence on phi.
  func phiInfluence(_ phi: Double) -> Influence {
    let (p, r) = (first / total, second / total)
    let (s, t) = ((p * (1 - p)).squareRoot(), (r * (1 - r)).squareRoot())
    return { a, b in
      let (x, y) = ((a - p) / s, (b - r) / t)
      return x * y - phi / 2 * (x * x + y * y)
    }
  }

  /// The influence on phi over its bound, which is a product of two proportions; its influence follows
  /// the product rule.
  func phiRatioInfluence(_ ratio: Double, bound: Double) -> Influence {
    let (p, r) = (first / total, second / total)
    let isPositive = determinant >= 0
    let usesFirst = isPositive ? p <= r : p + r <= 1
    return { a, b in
      let (x, y) = (a - p, b - r)
      let boundInfluence: Double
      switch (isPositive, usesFirst) {
      case (true, true): boundInfluence = x * (1 - r) - y * p
      case (true, false): boundInfluence = y * (1 - p) - x * r
      case (false, true): boundInfluence = x * r + y * p
      case (false, false): boundInfluence = -x * (1 - r) - y * (1 - p)
      }
      return (x * y - ratio * boundInfluence) / bound
    }
  }

  /// The influence on the logarithm of lift.
  var logLiftInfluence: Influence {
    { a, b in total * (a * b / n11 - a / first - b / second) }
  }

  /// The influence on the logarithm of the odds ratio of a table, which may be this one with its empty
  /// cells filled.
  func logOddsInfluence(_ filled: TwoByTwoTable) -> Influence {
    { a, b in
      a == 1
        ? (b == 1 ? total / filled.n11 : -total / filled.n10)
        : (b == 1 ? -total / filled.n01 : total / filled.n00)
    }
  }

  /// The influence on the share of papers with yes to both among those that a function selects.
  func shareInfluence(_ value: Double, of whole: Double, _ isCounted: @escaping Influence)
    -> Influence
  {
    { a, b in (a * b - value * isCounted(a, b)) * total / whole }
  }
}
