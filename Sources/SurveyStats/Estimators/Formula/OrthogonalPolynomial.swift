/// Polynomials of degree 1 to d that are orthonormal over a set of values, as R's `poly`.
///
/// Reference: Kennedy & Gentle (1980), Statistical Computing, pages 343–344 (three-term
/// recurrence).
struct OrthogonalPolynomial: Sendable, Equatable {
  private let alpha: [Double]
  private let squaredNorms: [Double]

  /// The number of basis functions.
  var count: Int { alpha.count }

  /// Finds the polynomials; the values must have more than `degree` different ones.
  init(values: [Double], degree: Int) {
    var previous = [Double](repeating: 0, count: values.count)
    var current = [Double](repeating: 1, count: values.count)
    var previousNorm = 1.0
    var norm = Double(values.count)
    var alpha: [Double] = []
    var norms = [norm]
    for step in 0..<degree {
      let center = zip(values, current).reduce(0) { $0 + $1.0 * $1.1 * $1.1 } / norm
      alpha.append(center)
      let ratio = step == 0 ? 0 : norm / previousNorm
      let next = values.indices.map {
        (values[$0] - center) * current[$0] - ratio * previous[$0]
      }
      previous = current
      current = next
      previousNorm = norm
      norm = current.reduce(0) { $0 + $1 * $1 }
      norms.append(norm)
    }
    self.alpha = alpha
    squaredNorms = norms
  }

  /// The polynomials at a value.
  func values(at x: Double) -> [Double] {
    var previous = 0.0
    var current = 1.0
    var result: [Double] = []
    for step in alpha.indices {
      let ratio = step == 0 ? 0 : squaredNorms[step] / squaredNorms[step - 1]
      let next = (x - alpha[step]) * current - ratio * previous
      previous = current
      current = next
      result.append(current / squaredNorms[step + 1].squareRoot())
    }
    return result
  }
}
