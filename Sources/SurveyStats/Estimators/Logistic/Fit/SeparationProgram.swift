/// Konis's linear program for separation, solved through its dual by the revised simplex method.
///
/// Primal: maximise c'b, c = Σ rows, subject to row·b ≥ 0 for every row and |b_k| ≤ 1. Dual:
/// minimise Σ (a⁺ + a⁻) subject to a⁺ − a⁻ − Σ λ_i row_i = c, all variables ≥ 0, which has one
/// constraint a column; its multipliers are b. The largest violation enters the basis; after many
/// pivots the first one does (Bland's rule), so that the method ends.
struct SeparationProgram {
  /// Rows of equal width, stored one after another.
  struct Rows {
    let width: Int
    let elements: [Double]

    var isEmpty: Bool { elements.isEmpty }
    var indices: Range<Int> { 0..<elements.count / max(width, 1) }

    func row(_ index: Int) -> ArraySlice<Double> {
      elements[index * width..<(index + 1) * width]
    }

    func product(_ index: Int, _ vector: [Double]) -> Double {
      var sum = 0.0
      for column in 0..<width { sum += elements[index * width + column] * vector[column] }
      return sum
    }

    /// The rows without those at the given positions (ascending).
    func removing(_ positions: [Int]) -> Rows {
      var kept: [Double] = []
      var next = positions[...]
      for index in indices {
        if next.first == index { next.removeFirst() } else { kept += row(index) }
      }
      return Rows(width: width, elements: kept)
    }

    /// The rows less their projections on a span, at unit length; zero when within the span.
    func removing(_ span: RowSpan) -> Rows {
      var result: [Double] = []
      result.reserveCapacity(elements.count)
      for index in indices {
        let original = Array(row(index))
        let rest = span.rank == 0 ? original : span.remainder(of: original)
        let size = original.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let length = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let scale = length > 1e-9 * size ? 1 / length : 0
        for value in rest { result.append(value * scale) }
      }
      return Rows(width: width, elements: result)
    }
  }

  /// Below it, a product counts as zero.
  static let tolerance = 1e-8

  /// The direction b; every row has a product of at least zero with it, up to rounding.
  let solution: [Double]

  init(_ rows: Rows) {
    let width = rows.width
    var target = [Double](repeating: 0, count: width)
    for index in rows.indices {
      for (column, value) in rows.row(index).enumerated() { target[column] += value }
    }
    let largest = target.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else {
      solution = target
      return
    }
    target = target.map { $0 / largest }

    /// Basic variables: rows as their position, a⁺ as −1 − 2k, a⁻ as −2 − 2k.
    var basis = target.indices.map { target[$0] >= 0 ? -1 - 2 * $0 : -2 - 2 * $0 }
    var inverse = DenseMatrix(diagonal: target.map { $0 >= 0 ? 1 : -1 })
    var multipliers = [Double](repeating: 0, count: width)
    var pivots = 0
    while true {
      let costs = basis.map { $0 < 0 ? 1.0 : 0 }
      multipliers = inverse.multiplied(by: costs, transposingSelf: true)
      let takesFirst = pivots > 20 * width
      guard
        let entering = Self.entering(rows, multipliers: multipliers, takesFirst: takesFirst)
      else { break }
      let direction = inverse.multiplied(by: Self.column(entering, of: rows))
      let values = inverse.multiplied(by: target)
      guard
        let leaving = Self.leaving(
          direction, values: values, basis: basis, takesFirst: takesFirst)
      else { break }
      basis[leaving] = entering
      pivots += 1
      guard pivots < 2_000 + 200 * width else { break }
      if pivots % 25 == 0, let fresh = Self.inverse(of: basis, rows: rows) {
        inverse = fresh
        continue
      }
      let pivot = direction[leaving]
      for column in 0..<width { inverse[leaving, column] /= pivot }
      for row in 0..<width where row != leaving && direction[row] != 0 {
        for column in 0..<width {
          inverse[row, column] -= direction[row] * inverse[leaving, column]
        }
      }
    }
    solution = multipliers
  }

  /// The column of a dual variable.
  private static func column(_ variable: Int, of rows: Rows) -> [Double] {
    guard variable < 0 else { return rows.row(variable).map { -$0 } }
    var unit = [Double](repeating: 0, count: rows.width)
    unit[(-1 - variable) / 2] = variable % 2 == 0 ? -1 : 1
    return unit
  }

  /// The variable with the most negative reduced cost, or the first one with a negative cost.
  private static func entering(_ rows: Rows, multipliers: [Double], takesFirst: Bool) -> Int? {
    var best: Int?
    var lowest = -1e-10
    for index in rows.indices {
      let cost = rows.product(index, multipliers)
      if cost < lowest {
        if takesFirst { return index }
        best = index
        lowest = cost
      }
    }
    for (column, multiplier) in multipliers.enumerated() {
      if 1 - multiplier < lowest {
        best = -1 - 2 * column
        lowest = 1 - multiplier
      }
      if 1 + multiplier < lowest {
        best = -2 - 2 * column
        lowest = 1 + multiplier
      }
    }
    return best
  }

  /// The basic variable that reaches zero first; among ties the one with the largest pivot, or
  /// the first variable.
  private static func leaving(
    _ direction: [Double], values: [Double], basis: [Int], takesFirst: Bool
  ) -> Int? {
    var best: Int?
    var smallest = Double.infinity
    for index in direction.indices where direction[index] > 1e-9 {
      let ratio = max(values[index], 0) / direction[index]
      guard let current = best, ratio > smallest - 1e-12 else {
        best = index
        smallest = ratio
        continue
      }
      let isBetter =
        takesFirst ? basis[index] < basis[current] : direction[index] > direction[current]
      if ratio <= smallest + 1e-12, isBetter {
        best = index
        smallest = min(ratio, smallest)
      }
    }
    return best
  }

  private static func inverse(of basis: [Int], rows: Rows) -> DenseMatrix? {
    var matrix = DenseMatrix(rows: rows.width, columns: rows.width)
    for (position, variable) in basis.enumerated() {
      for (row, value) in column(variable, of: rows).enumerated() { matrix[row, position] = value }
    }
    let identity = DenseMatrix(
      diagonal: [Double](repeating: 1, count: rows.width))
    return try? matrix.solving(identity)
  }
}
