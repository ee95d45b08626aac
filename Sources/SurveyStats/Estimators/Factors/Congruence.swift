/// How alike two sets of factor loadings are.
public enum Congruence {
  /// Tucker's congruence coefficients of every column of one matrix with every column of another.
  ///
  /// `sum a b / sqrt(sum a² · sum b²)` over items, a cosine that is not centred; 0 where a column
  /// is zero throughout. Lorenzo-Seva and ten Berge (2006, Methodology 2:57) take .95 and more for
  /// equal factors and .85 to .94 for fair similarity.
  public static func coefficients(_ first: DenseMatrix, _ second: DenseMatrix) -> DenseMatrix {
    precondition(first.rows == second.rows, "loadings of different items")
    return first.withColumnsOfLengthOne()
      .multiplied(by: second.withColumnsOfLengthOne(), transposingSelf: true)
  }

  /// Which column of one matrix corresponds to each column of another, and with which sign.
  ///
  /// The pairing whose sum of absolute congruences is largest, exactly (Kuhn 1955 in the form of
  /// Jonker and Volgenant 1987, order m³). Used to compare rotations and to align replicates with
  /// the solution they replicate.
  ///
  /// - Precondition: both matrices have the same shape.
  /// - Returns: for each column of `reference` the column of `loadings` and its sign.
  public static func match(
    _ loadings: DenseMatrix, to reference: DenseMatrix
  ) -> (order: [Int], signs: [Double]) {
    precondition(loadings.columns == reference.columns, "different numbers of factors")
    let alike = coefficients(reference, loadings)
    let order = assignment(costs: alike)
    return (order, order.enumerated().map { alike[$0.offset, $0.element] < 0 ? -1 : 1 })
  }

  /// The column for each row that makes the sum of absolute values largest.
  private static func assignment(costs matrix: DenseMatrix) -> [Int] {
    let count = matrix.rows
    var rowPotential = [Double](repeating: 0, count: count + 1)
    var columnPotential = rowPotential
    var rowOfColumn = [Int](repeating: 0, count: count + 1)
    for row in 1..<count + 1 {
      rowOfColumn[0] = row
      var column = 0
      var slack = [Double](repeating: .infinity, count: count + 1)
      var previous = [Int](repeating: 0, count: count + 1)
      var isUsed = [Bool](repeating: false, count: count + 1)
      repeat {
        isUsed[column] = true
        let current = rowOfColumn[column]
        var next = 0
        var smallest = Double.infinity
        for candidate in 1..<count + 1 where !isUsed[candidate] {
          let reduced =
            -abs(matrix[current - 1, candidate - 1]) - rowPotential[current]
            - columnPotential[candidate]
          if reduced < slack[candidate] {
            slack[candidate] = reduced
            previous[candidate] = column
          }
          if slack[candidate] < smallest {
            smallest = slack[candidate]
            next = candidate
          }
        }
        for candidate in 0..<count + 1 {
          if isUsed[candidate] {
            rowPotential[rowOfColumn[candidate]] += smallest
            columnPotential[candidate] -= smallest
          } else {
            slack[candidate] -= smallest
          }
        }
        column = next
      } while rowOfColumn[column] != 0
      while column != 0 {
        rowOfColumn[column] = rowOfColumn[previous[column]]
        column = previous[column]
      }
    }
    var order = [Int](repeating: 0, count: count)
    for column in 1..<count + 1 { order[rowOfColumn[column] - 1] = column - 1 }
    return order
  }
}
