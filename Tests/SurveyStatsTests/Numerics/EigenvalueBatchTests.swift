import SurveyStats
import Testing

@Suite struct EigenvalueBatchTests {
  /// A correlation matrix of random columns.
  static func correlations(_ size: Int, from random: inout RandomStream) -> DenseMatrix {
    var columns = DenseMatrix(rows: 2 * size + 3, columns: size)
    for column in 0..<size {
      var squares = 0.0
      for row in 0..<columns.rows {
        columns[row, column] = random.normal() + (column % 3 == 0 ? Double(row % 5) : 0)
        squares += columns[row, column] * columns[row, column]
      }
      for row in 0..<columns.rows { columns[row, column] /= squares.squareRoot() }
    }
    return columns.multiplied(by: columns, transposingSelf: true)
  }

  @Test(
    arguments: KernelPath.available,
    [
      (1, 1), (1, 2), (8, 3), (9, 5), (17, 10), (16, 12), (33, 4), (3, 64), (8, 65), (2, 130),
      (0, 4), (4, 0),
    ])
  func `they are those of LAPACK`(path: KernelPath, shape: (count: Int, size: Int)) throws {
    var random = RandomStream(seed: 12, stream: UInt64(shape.count), substream: UInt64(shape.size))
    let matrices = (0..<shape.count).map { _ in Self.correlations(shape.size, from: &random) }
    let values = try DenseMatrix.symmetricEigenvalues(of: matrices, path: path)
    #expect(values.count == shape.count)
    for (matrix, found) in zip(matrices, values) {
      let expected = try matrix.symmetricEigen(vectors: false).values
      #expect(found.count == expected.count)
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-13 * Double(max(shape.size, 1)) })
    }
    #expect(values == (try DenseMatrix.symmetricEigenvalues(of: matrices, path: .portable)))
  }

  /// Jacobi's method: rotations that make one element off the diagonal zero after another, until all are
  /// (Golub & Van Loan 2013, section 8.5).
  static func jacobi(_ matrix: DenseMatrix) -> [Double] {
    var a = matrix
    let n = a.rows
    for _ in 0..<50 {
      var rest = 0.0
      for p in 0..<n {
        for q in p + 1..<max(n, p + 1) where a[p, q] != 0 {
          rest += a[p, q] * a[p, q]
          let theta = (a[q, q] - a[p, p]) / (2 * a[p, q])
          let tangent =
            (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
          let cosine = 1 / (tangent * tangent + 1).squareRoot()
          let sine = tangent * cosine
          for k in 0..<n {
            (a[k, p], a[k, q]) = (
              cosine * a[k, p] - sine * a[k, q], sine * a[k, p] + cosine * a[k, q]
            )
          }
          for k in 0..<n {
            (a[p, k], a[q, k]) = (
              cosine * a[p, k] - sine * a[q, k], sine * a[p, k] + cosine * a[q, k]
            )
          }
        }
      }
      if rest < 1e-30 { break }
    }
    return (0..<n).map { a[$0, $0] }.sorted(by: >)
  }

  @Test(arguments: KernelPath.available, [1, 2, 3, 7, 8, 9, 17, 33, 65])
  func `they are those of rotations`(path: KernelPath, size: Int) throws {
    var random = RandomStream(seed: 14, stream: UInt64(size))
    let matrices = (0..<9).map { _ in Self.correlations(size, from: &random) }
    let values = try DenseMatrix.symmetricEigenvalues(of: matrices, path: path)
    for (matrix, found) in zip(matrices, values) {
      let expected = Self.jacobi(matrix)
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    }
  }

  /// Matrices with equal, zero, negative and separated eigenvalues, all of ten rows.
  static let special: [(matrix: DenseMatrix, eigenvalues: [Double])] = {
    let ones = [Double](repeating: 1, count: 10)
    var rising = DenseMatrix(diagonal: (0..<10).map(Double.init))
    var blocks = DenseMatrix(diagonal: ones)
    var exchange = DenseMatrix(rows: 10, columns: 10)
    for index in 0..<10 { exchange[index, 9 - index] = 1 }
    for index in stride(from: 0, to: 10, by: 2) {
      blocks[index, index + 1] = 0.5
      blocks[index + 1, index] = 0.5
    }
    rising[0, 0] = -1
    return [
      (DenseMatrix(diagonal: ones), ones),
      (DenseMatrix(rows: 10, columns: 10), ones.map { _ in 0 }),
      (DenseMatrix(rows: 10, columns: 10, repeating: 1), [10] + ones.dropFirst().map { _ in 0 }),
      (rising, (1..<10).reversed().map(Double.init) + [-1]),
      (blocks, [Double](repeating: 1.5, count: 5) + [Double](repeating: 0.5, count: 5)),
      (exchange, [Double](repeating: 1, count: 5) + [Double](repeating: -1, count: 5)),
    ]
  }()

  @Test(arguments: KernelPath.available) func `special matrices in one batch keep to themselves`(
    path: KernelPath
  ) throws {
    let values = try DenseMatrix.symmetricEigenvalues(of: Self.special.map(\.matrix), path: path)
    for (found, expected) in zip(values, Self.special.map(\.eigenvalues)) {
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-14 * 10 })
    }
  }

  @Test func `a matrix gives the same bits in any company`() throws {
    var random = RandomStream(seed: 13)
    let matrices = (0..<21).map { _ in Self.correlations(20, from: &random) }
    let together = try DenseMatrix.symmetricEigenvalues(of: matrices)
    for (matrix, values) in zip(matrices, together) {
      #expect(try DenseMatrix.symmetricEigenvalues(of: [matrix]) == [values])
    }
  }
}
