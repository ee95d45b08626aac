/// Nodes and weights of a Gauss–Legendre rule on the interval from 0 to 1.
///
/// `sum w f(x)` is the integral of f, exact for polynomials of degree below twice the number of nodes.
/// From the Jacobi matrix of the Legendre polynomials (see `GolubWelsch`).
public struct GaussLegendre: Sendable, Equatable {
  /// The nodes, in ascending order.
  public let nodes: [Double]
  /// The weights; they sum to one.
  public let weights: [Double]

  /// Creates a rule of some nodes, at least one.
  public init(count: Int) throws(LinearAlgebraError) {
    let rule = try GolubWelsch.rule(count: count) { $0 / (4 * $0 * $0 - 1).squareRoot() }
    nodes = rule.nodes.map { 0.5 + $0 / 2 }
    weights = rule.weights
  }
}
