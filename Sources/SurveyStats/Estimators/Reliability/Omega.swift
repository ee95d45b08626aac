/// Omega: how much of the variance of a sum of items common factors, and one general factor, cause.
///
/// Correlated factors are turned into a general factor and uncorrelated group factors (Schmid and
/// Leiman 1957): with pattern F and loadings γ of the factors on a general one, items load `F γ` on
/// the general factor and `F_k sqrt(1-γ_k²)` on group factor k. With sd the standard deviations of
/// the items, V the variance of their sum and u² uniquenesses, `omega total = 1 - sum sd² u² / V` and
/// `omega hierarchical = (sum sd g)² / V`; ECV is the share of the common variance that the general
/// factor has. γ is a one-factor minres solution of the factor correlations. Two factors do not
/// determine it; both then get the square root of their correlation. With one factor omega
/// hierarchical and total differ only by rounding of the model and the former is `nil`.
///
/// NA is handled where the correlations are made. Errors are those of the factor analysis.
///
/// Reference: McDonald (1999), *Test Theory*, chapter 6; Zinbarg, Revelle, Yovel and Li (2005),
/// Psychometrika 70:123; Revelle and Condon (2019), Psychological Assessment 31:1395.
public struct Omega: Sendable, Equatable {
  /// The names of the items.
  public let names: [String]
  /// The loadings of the items on the general factor.
  public let general: [Double]
  /// The loadings of the items on the group factors, one column a factor.
  public let group: DenseMatrix
  /// The loadings of the factors on the general factor.
  let secondOrder: [Double]
  /// Omega total.
  public let total: Double
  /// Omega hierarchical; `nil` for one factor.
  public let hierarchical: Double?
  /// Omega hierarchical of a test of infinitely many such items; `nil` for one factor.
  public let asymptotic: Double?
  /// The share of the common variance that the general factor explains; `nil` for one factor.
  public let explainedCommonVariance: Double?
  /// Items, then factors, with a uniqueness at its lower bound.
  let heywoodItems: [String]

  /// Estimates omega from a solution with correlated factors.
  ///
  /// - Parameters:
  ///   - solution: A factor solution, rotated obliquely unless it has one factor.
  ///   - standardDeviations: Those of the items, for omega of the sum of raw items; ones if `nil`.
  public init(
    _ solution: FactorSolution, standardDeviations: [Double]? = nil
  ) throws(FactorError) {
    names = solution.correlations.names
    let (loadings, isHeywood) = try Self.secondOrder(solution)
    secondOrder = loadings
    let general = solution.pattern.multiplied(by: loadings)
    var group = solution.pattern
    for factor in loadings.indices {
      let rest = max(1 - loadings[factor] * loadings[factor], 0).squareRoot()
      for item in names.indices { group[item, factor] *= solution.factors > 1 ? rest : 0 }
    }
    self.general = general
    self.group = group

    let scales = standardDeviations ?? [Double](repeating: 1, count: names.count)
    var variance = 0.0
    var unique = 0.0
    let communalities = solution.communalities
    for k in names.indices {
      unique += scales[k] * scales[k] * (1 - communalities[k])
      for j in names.indices {
        variance += scales[j] * scales[k] * solution.correlations.values[j, k]
      }
    }
    total = 1 - unique / variance
    let sum = zip(scales, general).reduce(0) { $0 + $1.0 * $1.1 }
    let squares = general.reduce(0) { $0 + $1 * $1 }
    let groupSquares = group.elements.reduce(0) { $0 + $1 * $1 }
    let isGeneral = solution.factors > 1
    hierarchical = isGeneral ? sum * sum / variance : nil
    asymptotic = isGeneral && total != 0 ? sum * sum / variance / total : nil
    explainedCommonVariance =
      isGeneral && squares + groupSquares > 0 ? squares / (squares + groupSquares) : nil
    heywoodItems = solution.heywoodItems + isHeywood.map { "F\($0 + 1)" }
  }

  /// The loadings of the factors on a general factor, and the factors at the bound.
  private static func secondOrder(
    _ solution: FactorSolution
  ) throws(FactorError) -> (loadings: [Double], heywood: [Int]) {
    let correlations = solution.factorCorrelations
    switch solution.factors {
    case 1: return ([1], [])
    case 2:
      let shared = correlations[0, 1]
      let size = abs(shared).squareRoot()
      return ([size, shared < 0 ? -size : size], [])
    default:
      let higher = try FactorAnalysis(factors: 1, rotation: Rotation(.none)).fit(
        CorrelationMatrix(
          names: (1...solution.factors).map { "F\($0)" }, values: correlations,
          coefficient: "factor", count: Int(solution.correlations.harmonicMeanCount ?? 2)))
      return (
        (0..<solution.factors).map { higher.pattern[$0, 0] },
        (0..<solution.factors).filter { higher.isHeywood($0) }
      )
    }
  }

  /// The Schmid–Leiman loadings as people read them: one row an item, small ones blank.
  ///
  /// Items are sorted by the group factor they load on.
  public func sparseTable(cut: Double, isSorted: Bool = true) -> Table {
    let count = names.count
    let all = DenseMatrix(
      rows: count, columns: group.columns + 1, elements: general + group.elements)
    let order = SparseLoadings(group, cut: cut, isSorted: isSorted).order
    let view = SparseLoadings(
      all.selecting(rows: order, columns: Array(0...group.columns)), cut: cut, isSorted: false)
    return Table(
      name: "schmid_leiman",
      caption: "Loadings on a general factor and \(group.columns) group factors.",
      columns: [Column("term", .text(order.map { names[$0] }))]
        + view.columns(named: ["g"] + (0..<group.columns).map { "F\($0 + 1)*" }),
      notes: [summary] + view.notes)
  }

  private var summary: String {
    func text(_ value: Double?) -> String {
      value.map { NumberFormat.fixed($0, digits: 3) } ?? NumberFormat.undefined
    }
    return "omega total \(text(total)), hierarchical \(text(hierarchical)); the general factor has "
      + "\(text(explainedCommonVariance)) of the common variance."
  }

  /// The Schmid–Leiman loadings, one row an item and factor; `g` is the general factor.
  public func table() -> Table {
    let factors = ["g"] + (1...max(group.columns, 1)).map { "F\($0)*" }
    let cells = factors.indices.flatMap { factor in names.indices.map { ($0, factor) } }
    return Table(
      name: "schmid_leiman",
      caption: "Loadings on a general factor and \(group.columns) group factors.",
      columns: [
        Column("term", .text(cells.map { names[$0.0] })),
        Column("factor", .text(cells.map { factors[$0.1] })),
        Column(
          "estimate",
          .real(cells.map { $0.1 == 0 ? general[$0.0] : group[$0.0, $0.1 - 1] })),
      ])
  }
}
