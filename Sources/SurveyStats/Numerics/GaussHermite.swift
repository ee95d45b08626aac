/// Nodes and weights of a Gauss–Hermite rule for the standard normal distribution.
///
/// `sum w f(z)` is the mean of f(Z) for normal Z, exact for polynomials of degree below twice the
/// number of nodes. From the Jacobi matrix of the Hermite polynomials (see `GolubWelsch`).
public struct GaussHermite: Sendable, Equatable {
  /// The nodes, in ascending order.
  public let nodes: [Double]
  /// The weights; they sum to one.
  public let weights: [Double]

  /// Creates a rule of some nodes, at least one.
  public init(count: Int) throws(LinearAlgebraError) {
    (nodes, weights) = try GolubWelsch.rule(count: count) { $0.squareRoot() }
  }
}
