/// Nodes and weights of a Gauss–Legendre rule on the interval from 0 to 1.
///
/// `sum w f(x)` is the integral of f, exact for polynomials of degree below twice the number of nodes.
/// Nodes are eigenvalues of the Jacobi matrix of the Legendre polynomials and weights the squared first
/// components of its eigenvectors (Golub and Welsch 1969), made symmetric.
public struct GaussLegendre: Sendable, Equatable {
  /// The nodes, in ascending order.
  public let nodes: [Double]
  /// The weights; they sum to one.
  public let weights: [Double]

  /// Creates a rule of some nodes, at least one.
  public init(count: Int) throws(LinearAlgebraError) {
    precondition(count > 0, "a rule needs a node")
    var jacobi = DenseMatrix(rows: count, columns: count)
    for index in 1..<max(count, 1) {
      let n = Double(index)
      jacobi[index - 1, index] = n / (4 * n * n - 1).squareRoot()
      jacobi[index, index - 1] = jacobi[index - 1, index]
    }
    let eigen = try jacobi.symmetricEigen()
    let ascending = (0..<count).reversed().map { eigen.values[$0] }
    let squares = (0..<count).reversed().map { eigen.vectors[0, $0] * eigen.vectors[0, $0] }
    nodes = ascending.indices.map { 0.5 + (ascending[$0] - ascending[count - 1 - $0]) / 4 }
    let symmetric = squares.indices.map { (squares[$0] + squares[count - 1 - $0]) / 2 }
    let total = symmetric.reduce(0, +)
    weights = symmetric.map { $0 / total }
  }
}
