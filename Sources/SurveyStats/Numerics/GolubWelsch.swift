/// Gauss rules of symmetric weights from their Jacobi matrix.
///
/// Nodes are the eigenvalues of the symmetric tridiagonal matrix of the polynomials' recurrence, whose
/// diagonal is zero, and weights the squared first components of its eigenvectors; both are made
/// symmetric, and the weights sum to one.
///
/// Reference: Golub & Welsch (1969), *Mathematics of Computation* 23:221.
enum GolubWelsch {
  /// Nodes, ascending, and weights.
  ///
  /// - Parameters:
  ///   - count: The number of nodes, at least one.
  ///   - offDiagonal: The entry beside the diagonal that joins nodes n − 1 and n, from n = 1.
  static func rule(
    count: Int, offDiagonal: (_ n: Double) -> Double
  ) throws(LinearAlgebraError) -> (nodes: [Double], weights: [Double]) {
    precondition(count > 0, "a rule needs a node")
    var jacobi = DenseMatrix(rows: count, columns: count)
    for index in 1..<max(count, 1) {
      jacobi[index - 1, index] = offDiagonal(Double(index))
      jacobi[index, index - 1] = jacobi[index - 1, index]
    }
    let eigen = try jacobi.symmetricEigen()
    let ascending = (0..<count).reversed().map { eigen.values[$0] }
    let squares = (0..<count).reversed().map { eigen.vectors[0, $0] * eigen.vectors[0, $0] }
    let symmetric = squares.indices.map { (squares[$0] + squares[count - 1 - $0]) / 2 }
    let total = symmetric.reduce(0, +)
    return (
      ascending.indices.map { (ascending[$0] - ascending[count - 1 - $0]) / 2 },
      symmetric.map { $0 / total }
    )
  }
}
