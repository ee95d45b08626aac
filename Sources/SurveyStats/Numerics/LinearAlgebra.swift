import CLapack
import RealModule

/// Why a decomposition could not be made.
public enum LinearAlgebraError: Error, Equatable, CustomStringConvertible {
  /// A Cholesky factor was asked of a matrix that is not positive definite; the order of the
  /// leading minor that fails is given.
  case notPositiveDefinite(minor: Int)
  /// A linear system has no unique solution.
  case singular
  /// An eigenvalue or singular value iteration did not converge.
  case notConverged

  /// One sentence that says what happened.
  public var description: String {
    switch self {
    case .notPositiveDefinite(let minor):
      "the matrix is not positive definite (leading minor of order \(minor))"
    case .singular: "the linear system is singular"
    case .notConverged: "the decomposition did not converge"
    }
  }
}

/// Eigenvalues of a symmetric matrix in descending order, with their vectors.
public struct SymmetricEigen: Sendable {
  /// The eigenvalues, largest first.
  public let values: [Double]
  /// The eigenvectors, one a column, in the order of the values; empty when not asked for.
  public let vectors: DenseMatrix
}

/// A thin singular value decomposition `U diag(s) V'`.
public struct SingularValues: Sendable {
  /// The left singular vectors, one a column.
  public let u: DenseMatrix
  /// The singular values, largest first.
  public let values: [Double]
  /// The right singular vectors, one a row.
  public let vTransposed: DenseMatrix
}

extension DenseMatrix {
  private static let upper = CChar(UInt8(ascii: "U"))
  private static let wanted = CChar(UInt8(ascii: "V"))
  private static let unwanted = CChar(UInt8(ascii: "N"))
  private static let thin = CChar(UInt8(ascii: "S"))

  /// Multiplies two matrices, either of them transposed first if asked (BLAS `dgemm`).
  public func multiplied(
    by other: DenseMatrix, transposingSelf: Bool = false, transposingOther: Bool = false
  ) -> DenseMatrix {
    let outerRows = transposingSelf ? columns : rows
    let inner = transposingSelf ? rows : columns
    let otherInner = transposingOther ? other.columns : other.rows
    let outerColumns = transposingOther ? other.rows : other.columns
    precondition(inner == otherInner, "the shapes do not fit")
    var result = DenseMatrix(rows: outerRows, columns: outerColumns)
    guard outerRows > 0, outerColumns > 0, inner > 0 else { return result }
    unsafe cblas_dgemm(
      CblasColMajor, transposingSelf ? CblasTrans : CblasNoTrans,
      transposingOther ? CblasTrans : CblasNoTrans, Int32(outerRows), Int32(outerColumns),
      Int32(inner), 1, elements, Int32(max(rows, 1)), other.elements, Int32(max(other.rows, 1)),
      0, &result.elements, Int32(outerRows))
    return result
  }

  /// The product with a vector.
  public func multiplied(by vector: [Double], transposingSelf: Bool = false) -> [Double] {
    multiplied(
      by: DenseMatrix(rows: vector.count, columns: 1, elements: vector),
      transposingSelf: transposingSelf
    ).elements
  }

  /// Decomposes a symmetric matrix; only its upper triangle is read (LAPACK `dsyevd`).
  public func symmetricEigen(vectors wantsVectors: Bool = true) throws(LinearAlgebraError)
    -> SymmetricEigen
  {
    precondition(rows == columns, "eigenvalues of a matrix that is not square")
    guard rows > 0 else { return SymmetricEigen(values: [], vectors: self) }
    var work = elements
    var ascending = [Double](repeating: 0, count: rows)
    let info = unsafe LAPACKE_dsyevd(
      LAPACK_COL_MAJOR, wantsVectors ? Self.wanted : Self.unwanted, Self.upper, Int32(rows),
      &work, Int32(rows), &ascending)
    guard info == 0 else { throw .notConverged }
    guard wantsVectors else {
      return SymmetricEigen(
        values: ascending.reversed(), vectors: DenseMatrix(rows: 0, columns: 0))
    }
    let all = DenseMatrix(rows: rows, columns: rows, elements: work)
    return SymmetricEigen(
      values: ascending.reversed(),
      vectors: all.selecting(rows: Array(0..<rows), columns: (0..<rows).reversed()))
  }

  /// Decomposes into thin singular vectors and values (LAPACK `dgesdd`).
  public func singularValues() throws(LinearAlgebraError) -> SingularValues {
    let rank = min(rows, columns)
    var u = DenseMatrix(rows: rows, columns: rank)
    var vTransposed = DenseMatrix(rows: rank, columns: columns)
    guard rank > 0 else { return SingularValues(u: u, values: [], vTransposed: vTransposed) }
    var work = elements
    var values = [Double](repeating: 0, count: rank)
    let info = unsafe LAPACKE_dgesdd(
      LAPACK_COL_MAJOR, Self.thin, Int32(rows), Int32(columns), &work, Int32(rows), &values,
      &u.elements, Int32(rows), &vTransposed.elements, Int32(rank))
    guard info == 0 else { throw .notConverged }
    return SingularValues(u: u, values: values, vTransposed: vTransposed)
  }

  /// The lower triangular factor L with `self = L L'` of a positive definite matrix, of which the
  /// lower triangle is read (LAPACK `dpotrf`).
  public func cholesky() throws(LinearAlgebraError) -> DenseMatrix {
    precondition(rows == columns, "Cholesky factor of a matrix that is not square")
    guard rows > 0 else { return self }
    var factor = self
    let info = unsafe LAPACKE_dpotrf(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), Int32(rows), &factor.elements, Int32(rows))
    guard info == 0 else { throw .notPositiveDefinite(minor: Int(info)) }
    for j in 1..<max(rows, 1) { for i in 0..<j { factor[i, j] = 0 } }
    return factor
  }

  /// The inverse of a symmetric positive definite matrix.
  public func positiveDefiniteInverse() throws(LinearAlgebraError) -> DenseMatrix {
    guard rows > 0 else { return self }
    var inverse = try cholesky()
    unsafe LAPACKE_dpotri(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), Int32(rows), &inverse.elements, Int32(rows))
    for j in 1..<max(rows, 1) { for i in 0..<j { inverse[i, j] = inverse[j, i] } }
    return inverse
  }

  /// Solves `self · X = right` for a symmetric positive definite matrix (LAPACK `dposv`).
  public func solvingPositiveDefinite(_ right: DenseMatrix) throws(LinearAlgebraError)
    -> DenseMatrix
  {
    precondition(rows == columns && right.rows == rows, "the shapes do not fit")
    guard rows > 0, right.columns > 0 else { return right }
    var factor = elements
    var solution = right
    let info = unsafe LAPACKE_dposv(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), Int32(rows), Int32(right.columns), &factor,
      Int32(rows), &solution.elements, Int32(rows))
    guard info == 0 else { throw .notPositiveDefinite(minor: Int(info)) }
    return solution
  }

  /// Solves `self · X = right` for a general square matrix (LAPACK `dgesv`).
  public func solving(_ right: DenseMatrix) throws(LinearAlgebraError) -> DenseMatrix {
    precondition(rows == columns && right.rows == rows, "the shapes do not fit")
    guard rows > 0, right.columns > 0 else { return right }
    var factor = elements
    var pivots = [Int32](repeating: 0, count: rows)
    var solution = right
    let info = unsafe LAPACKE_dgesv(
      LAPACK_COL_MAJOR, Int32(rows), Int32(right.columns), &factor, Int32(rows), &pivots,
      &solution.elements, Int32(rows))
    guard info == 0 else { throw .singular }
    return solution
  }

  /// The natural logarithm of the determinant of a positive definite matrix.
  public func logDeterminant() throws(LinearAlgebraError) -> Double {
    try cholesky().diagonal.reduce(0) { $0 + 2 * Double.log($1) }
  }
}

/// The product of two vectors of equal length, added up from the first element on.
package func dot(_ left: [Double], _ right: [Double]) -> Double {
  var sum = 0.0
  for index in left.indices { sum += left[index] * right[index] }
  return sum
}
