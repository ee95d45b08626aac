import RealModule

/// How far a symmetric matrix is from being positive definite.
public struct Definiteness: Sendable, Equatable {
  /// The smallest eigenvalue.
  public let smallestEigenvalue: Double
  /// The number of eigenvalues below `-Definiteness.tolerance`.
  public let negativeCount: Int

  /// What counts as zero when eigenvalues of a correlation matrix are judged.
  public static let tolerance = 1e-8

  /// Judges the eigenvalues of a matrix.
  init(eigenvalues: [Double]) {
    smallestEigenvalue = eigenvalues.min() ?? 1
    negativeCount = eigenvalues.count { $0 < -Self.tolerance }
  }

  /// Whether all eigenvalues are clearly above zero.
  public var isPositiveDefinite: Bool { smallestEigenvalue >= Self.tolerance }

  /// Whether there is a negative eigenvalue, which no matrix of correlations of complete data has.
  public var isIndefinite: Bool { negativeCount > 0 }
}

extension DenseMatrix {
  /// Judges the eigenvalues of a symmetric matrix.
  public func definiteness() throws(LinearAlgebraError) -> Definiteness {
    Definiteness(eigenvalues: try symmetricEigen(vectors: false).values)
  }

  /// The Frobenius norm of the difference to a matrix of the same shape.
  public func frobeniusDistance(to other: DenseMatrix) -> Double {
    zip(elements, other.elements).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  /// The largest absolute difference to an element of a matrix of the same shape.
  public func largestDifference(to other: DenseMatrix) -> Double {
    zip(elements, other.elements).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  /// The positive semidefinite matrix with a diagonal of ones that is nearest in the Frobenius
  /// norm.
  ///
  /// The problem is Higham's (2002); it is solved on its dual, `min ½‖(G + diag y)₊‖² − Σ y`, by
  /// the semismooth Newton method of Qi & Sun (2006, algorithm 5.1) with conjugate gradients and an
  /// Armijo line search, until the diagonal is one to `1e-12 · √p`. Its result does not depend on
  /// the path: the nearest matrix is unique. A matrix that is positive semidefinite already comes
  /// back as it is. Some eigenvalues of the result are zero when anything had to change.
  ///
  /// Cost: some ten eigendecompositions. Throws `notConverged` if a hundred steps do not suffice.
  public func nearestCorrelation() throws(LinearAlgebraError) -> DenseMatrix {
    precondition(rows == columns, "nearest correlation of a matrix that is not square")
    guard rows > 0 else { return self }
    var dual = diagonal.map { 1 - $0 }
    var point = try NearestCorrelationPoint(self, dual: dual)
    let goal = 1e-12 * Double(rows).squareRoot()
    for _ in 0..<100 {
      let error = norm(point.gradient)
      if error <= goal { return point.projection.withUnitDiagonal() }
      let step = point.newtonStep(tolerance: min(0.01, error))
      let slope = dot(step, point.gradient)
      var length = 1.0
      var next = point
      var trial = dual
      repeat {
        for index in dual.indices { trial[index] = dual[index] + length * step[index] }
        next = try NearestCorrelationPoint(self, dual: trial)
        length /= 2
      } while next.value > point.value + 2e-4 * length * slope + 1e-14 * abs(point.value)
        && length > 1e-6
      dual = trial
      point = next
    }
    guard norm(point.gradient) <= 1e3 * goal else { throw .notConverged }
    return point.projection.withUnitDiagonal()
  }

  /// The matrix with its small eigenvalues raised, rescaled to a diagonal of ones.
  ///
  /// Eigenvalues below `threshold` become 100 times it and all are scaled to keep their sum, as
  /// `cor.smooth` of R's psych package does. The result is positive definite but not the nearest
  /// such matrix.
  public func smoothingEigenvalues(below threshold: Double = 1e-12) throws(LinearAlgebraError)
    -> DenseMatrix
  {
    let eigen = try symmetricEigen()
    guard let smallest = eigen.values.last, smallest < threshold else { return self }
    let raised = eigen.values.map { $0 < threshold ? 100 * threshold : $0 }
    let scale = Double(rows) / raised.reduce(0, +)
    return eigen.vectors.recomposed(with: raised.map { $0 * scale }).withUnitDiagonal()
  }

  /// The matrix with eigenvalues below `floor` raised to it, rescaled to a diagonal of ones.
  public func raisingEigenvalues(to floor: Double) throws(LinearAlgebraError) -> DenseMatrix {
    let eigen = try symmetricEigen()
    guard let smallest = eigen.values.last, smallest < floor else { return self }
    return eigen.vectors.recomposed(with: eigen.values.map { max($0, floor) }).withUnitDiagonal()
  }

  /// The matrix with everything off the diagonal multiplied by `1 - intensity`.
  func shrunkToIdentity(intensity: Double) -> DenseMatrix {
    var result = self
    for column in 0..<columns {
      for row in 0..<rows where row != column { result[row, column] *= 1 - intensity }
    }
    return result
  }

  /// The symmetric matrix `V diag(values) V'` of these vectors V.
  func recomposed(with values: [Double]) -> DenseMatrix {
    var scaled = self
    for column in 0..<columns {
      for row in 0..<rows { scaled[row, column] *= values[column] }
    }
    return scaled.multiplied(by: self, transposingOther: true)
  }

  /// The matrix scaled to a diagonal of ones, exactly symmetric.
  func withUnitDiagonal() -> DenseMatrix {
    var result = self
    let scales = diagonal.map { 1 / $0.squareRoot() }
    for column in 0..<columns {
      for row in 0..<column {
        let value = (self[row, column] + self[column, row]) / 2 * scales[row] * scales[column]
        result[row, column] = value
        result[column, row] = value
      }
      result[column, column] = 1
    }
    return result
  }
}

/// The dual objective of the nearest correlation matrix at one point, with its derivatives.
private struct NearestCorrelationPoint {
  let eigen: SymmetricEigen
  let value: Double
  /// The diagonal of the projection, minus one.
  let gradient: [Double]
  /// The generalised derivative of the projection, eigenvalue by eigenvalue (Löwner's Ω).
  private let derivative: DenseMatrix

  init(_ matrix: DenseMatrix, dual: [Double]) throws(LinearAlgebraError) {
    var shifted = matrix
    for index in dual.indices { shifted[index, index] += dual[index] }
    eigen = try shifted.symmetricEigen()
    let values = eigen.values
    let size = values.count
    var gradient = [Double](repeating: -1, count: size)
    for k in 0..<size where values[k] > 0 {
      for i in 0..<size { gradient[i] += values[k] * eigen.vectors[i, k] * eigen.vectors[i, k] }
    }
    self.gradient = gradient
    value = values.reduce(0) { $0 + ($1 > 0 ? $1 * $1 / 2 : 0) } - dual.reduce(0, +)
    var derivative = DenseMatrix(rows: size, columns: size)
    for l in 0..<size {
      for k in 0..<size where values[k] > 0 || values[l] > 0 {
        let high = max(values[k], values[l])
        derivative[k, l] = min(values[k], values[l]) > 0 ? 1 : high / abs(values[k] - values[l])
      }
    }
    self.derivative = derivative
  }

  /// The matrix with its negative eigenvalues set to zero.
  var projection: DenseMatrix { eigen.vectors.recomposed(with: eigen.values.map { max($0, 0) }) }

  /// The product of the generalised Hessian with a vector.
  private func hessian(times vector: [Double]) -> [Double] {
    let vectors = eigen.vectors
    var scaled = vectors
    for column in 0..<vectors.columns {
      for row in 0..<vectors.rows { scaled[row, column] *= vector[row] }
    }
    var inner = vectors.multiplied(by: scaled, transposingSelf: true)
    for index in inner.elements.indices { inner.elements[index] *= derivative.elements[index] }
    let outer = vectors.multiplied(by: inner)
    var result = vector.map { 1e-12 * $0 }
    for column in 0..<vectors.columns {
      for row in 0..<vectors.rows { result[row] += outer[row, column] * vectors[row, column] }
    }
    return result
  }

  /// The Newton step, by conjugate gradients to a relative residual of `tolerance`.
  func newtonStep(tolerance: Double) -> [Double] {
    var step = [Double](repeating: 0, count: gradient.count)
    var residual = gradient.map { -$0 }
    var direction = residual
    var square = dot(residual, residual)
    let goal = square * tolerance * tolerance
    for _ in 0..<200 where square > goal {
      let image = hessian(times: direction)
      let length = square / dot(direction, image)
      for index in step.indices {
        step[index] += length * direction[index]
        residual[index] -= length * image[index]
      }
      let next = dot(residual, residual)
      for index in step.indices {
        direction[index] = residual[index] + next / square * direction[index]
      }
      square = next
    }
    return step
  }
}

private func norm(_ vector: [Double]) -> Double { dot(vector, vector).squareRoot() }
