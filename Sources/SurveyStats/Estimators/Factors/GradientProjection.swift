/// Gradient projection over orthogonal or oblique rotations (Jennrich 2001, 2002).
///
/// The rotation matrix `T` has orthonormal columns, or, for oblique factors, columns of length one.
/// A step goes down the gradient of the criterion, projected on the tangent space of those
/// matrices, and is then brought back among them: by the polar factor of a singular value
/// decomposition, or by scaling the columns. Steps are halved until the criterion falls by half of
/// what the slope promises (Bernaards and Jennrich 2005). Convergence is linear.
///
/// A descent ends early where it leads nowhere: where factors become one (a correlation above .9999, at
/// which an oblique criterion has no minimum), or where a hundred steps change the criterion by less
/// than rounding does. The latter counts as converged if the gradient is small, though not as small as
/// asked for.
struct GradientProjection {
  /// The loadings before rotation.
  let loadings: DenseMatrix
  /// What to minimise.
  let function: RotationFunction
  /// Whether factors may correlate.
  let isOblique: Bool

  /// Where a descent ended.
  struct Outcome {
    /// The rotation matrix `T`; loadings are `A T` or, oblique, `A (T')⁻¹`.
    var transformation: DenseMatrix
    /// The rotated loadings.
    var loadings: DenseMatrix
    /// The criterion there.
    var value: Double
    /// The number of steps.
    var iterations: Int
    /// Whether the projected gradient came below the tolerance.
    var converged: Bool
  }

  /// Descends from a starting rotation.
  func descend(
    from start: DenseMatrix, tolerance: Double, maximumIterations: Int
  ) throws(LinearAlgebraError) -> Outcome {
    var transformation = start
    var inverse = try isOblique ? Self.inverse(transformation) : transformation
    var rotated = rotate(transformation, inverse)
    var (value, gradient) = function.evaluate(rotated)
    var step = 1.0
    var iterations = 0
    var lastValue = Double.infinity
    while true {
      let slope = projectedGradient(transformation, inverse, rotated, gradient)
      let size = slope.elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
      func outcome(_ converged: Bool) -> Outcome {
        Outcome(
          transformation: transformation, loadings: rotated, value: value,
          iterations: iterations, converged: converged)
      }
      guard size > tolerance, iterations < maximumIterations else {
        return outcome(size <= tolerance)
      }
      if iterations > 0, iterations % Self.checkedSteps == 0 {
        if isOblique, Self.largestCorrelation(transformation) > 0.9999 { return outcome(false) }
        if lastValue - value < 1e-13 * max(abs(value), 1e-3) {
          return outcome(size <= Self.acceptedGradient)
        }
        lastValue = value
      }
      step *= 2
      var moved = false
      for _ in 0..<50 {
        var candidate = transformation
        for index in candidate.elements.indices {
          candidate.elements[index] -= step * slope.elements[index]
        }
        candidate = try broughtBack(candidate)
        let candidateInverse = try isOblique ? Self.inverse(candidate) : candidate
        let candidateLoadings = rotate(candidate, candidateInverse)
        let (newValue, newGradient) = function.evaluate(candidateLoadings)
        let promised = size * size * step / 2
        let rounding = 1e-15 * max(abs(value), 1e-3)
        if value - newValue > promised || (promised < rounding && newValue <= value + rounding) {
          (transformation, inverse, rotated) = (candidate, candidateInverse, candidateLoadings)
          (value, gradient) = (newValue, newGradient)
          moved = true
          break
        }
        step /= 2
      }
      iterations += 1
      guard moved else { return outcome(size <= Self.acceptedGradient) }
    }
  }

  /// The number of steps after which a descent is checked for getting nowhere.
  private static let checkedSteps = 100
  /// The size of a gradient that rounding keeps from falling further.
  private static let acceptedGradient = 1e-6

  /// The largest correlation of two factors, in size.
  private static func largestCorrelation(_ transformation: DenseMatrix) -> Double {
    let correlations = transformation.multiplied(by: transformation, transposingSelf: true)
    var largest = 0.0
    for column in 0..<correlations.columns {
      for row in 0..<column { largest = max(largest, abs(correlations[row, column])) }
    }
    return largest
  }

  private func rotate(_ transformation: DenseMatrix, _ inverse: DenseMatrix) -> DenseMatrix {
    isOblique
      ? loadings.multiplied(by: inverse, transposingOther: true)
      : loadings.multiplied(by: transformation)
  }

  private func projectedGradient(
    _ transformation: DenseMatrix, _ inverse: DenseMatrix, _ rotated: DenseMatrix,
    _ gradient: DenseMatrix
  ) -> DenseMatrix {
    let size = transformation.rows
    if isOblique {
      let inner = rotated.multiplied(by: gradient, transposingSelf: true)
        .multiplied(by: inverse).transposed
      var projected = inner
      for column in 0..<size {
        var along = 0.0
        for row in 0..<size { along -= transformation[row, column] * inner[row, column] }
        for row in 0..<size {
          projected[row, column] = -inner[row, column] - transformation[row, column] * along
        }
      }
      return projected
    }
    let euclidean = loadings.multiplied(by: gradient, transposingSelf: true)
    let product = transformation.multiplied(by: euclidean, transposingSelf: true)
    var symmetric = product
    for i in 0..<size {
      for j in 0..<size { symmetric[i, j] = (product[i, j] + product[j, i]) / 2 }
    }
    var projected = transformation.multiplied(by: symmetric)
    for index in projected.elements.indices {
      projected.elements[index] = euclidean.elements[index] - projected.elements[index]
    }
    return projected
  }

  private func broughtBack(_ matrix: DenseMatrix) throws(LinearAlgebraError) -> DenseMatrix {
    guard isOblique else { return try matrix.polarFactor() }
    return matrix.withColumnsOfLengthOne()
  }

  /// The inverse of a small square matrix.
  static func inverse(_ matrix: DenseMatrix) throws(LinearAlgebraError) -> DenseMatrix {
    try matrix.solving(DenseMatrix(diagonal: [Double](repeating: 1, count: matrix.rows)))
  }
}

extension DenseMatrix {
  /// The orthonormal matrix nearest to this one: `U V'` of its singular value decomposition.
  func polarFactor() throws(LinearAlgebraError) -> DenseMatrix {
    let parts = try singularValues()
    return parts.u.multiplied(by: parts.vTransposed)
  }

  /// The matrix with each column divided by its length.
  func withColumnsOfLengthOne() -> DenseMatrix {
    var result = self
    for column in 0..<columns {
      let length = self.column(column).reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { continue }
      for row in 0..<rows { result[row, column] /= length }
    }
    return result
  }
}
