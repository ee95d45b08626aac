import RealModule
import SurveyStats
import Testing

@Suite struct LinearAlgebraTests {
  /// The 4 × 4 Pascal matrix: determinant 1, known Cholesky factor of binomial coefficients.
  let pascal = DenseMatrix([[1, 1, 1, 1], [1, 2, 3, 4], [1, 3, 6, 10], [1, 4, 10, 20]])

  func largestDifference(_ left: DenseMatrix, _ right: DenseMatrix) -> Double {
    zip(left.elements, right.elements).map { abs($0 - $1) }.max() ?? 0
  }

  @Test func `the Cholesky factor of a Pascal matrix holds binomial coefficients`() throws {
    let factor = try pascal.cholesky()
    let expected = DenseMatrix([[1, 0, 0, 0], [1, 1, 0, 0], [1, 2, 1, 0], [1, 3, 3, 1]])
    #expect(largestDifference(factor, expected) < 1e-12)
    #expect(try abs(pascal.logDeterminant()) < 1e-10)
  }

  @Test func `eigenvectors rebuild the matrix, largest eigenvalue first`() throws {
    let eigen = try pascal.symmetricEigen()
    #expect(eigen.values == eigen.values.sorted(by: >))
    let rebuilt = eigen.vectors.multiplied(by: DenseMatrix(diagonal: eigen.values))
      .multiplied(by: eigen.vectors, transposingOther: true)
    #expect(largestDifference(rebuilt, pascal) < 1e-12)
    let values = try pascal.symmetricEigen(vectors: false).values
    #expect(zip(values, eigen.values).allSatisfy { abs($0 - $1) < 1e-10 })
  }

  @Test func `singular vectors rebuild a matrix that is not square`() throws {
    let matrix = DenseMatrix([[1, 2, 3], [4, 5, 7]])
    let parts = try matrix.singularValues()
    let rebuilt = parts.u.multiplied(by: DenseMatrix(diagonal: parts.values))
      .multiplied(by: parts.vTransposed)
    #expect(largestDifference(rebuilt, matrix) < 1e-13)
  }

  @Test func `solutions and inverses satisfy their equations`() throws {
    let right = DenseMatrix(rows: 4, columns: 1, elements: [1, 2, 3, 4])
    #expect(
      largestDifference(pascal.multiplied(by: try pascal.solvingPositiveDefinite(right)), right)
        < 1e-10)
    #expect(largestDifference(pascal.multiplied(by: try pascal.solving(right)), right) < 1e-10)
    let identity = DenseMatrix(diagonal: [1, 1, 1, 1])
    #expect(
      largestDifference(pascal.multiplied(by: try pascal.positiveDefiniteInverse()), identity)
        < 1e-9)
  }

  @Test func `impossible systems are named`() {
    let indefinite = DenseMatrix([[1, 2], [2, 1]])
    #expect(throws: LinearAlgebraError.notPositiveDefinite(minor: 2)) {
      try indefinite.cholesky()
    }
    let singular = DenseMatrix([[1, 2], [2, 4]])
    #expect(throws: LinearAlgebraError.singular) {
      try singular.solving(DenseMatrix(rows: 2, columns: 1, repeating: 1))
    }
  }

  @Test func `transposed products agree with the transposed matrix`() {
    let matrix = DenseMatrix([[1, 2, 3], [4, 5, 7]])
    #expect(
      matrix.multiplied(by: matrix, transposingSelf: true)
        == matrix.transposed.multiplied(by: matrix))
    #expect(matrix.multiplied(by: [1, 1], transposingSelf: true) == [5, 7, 10])
  }
}
