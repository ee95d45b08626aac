import Testing

@testable import SurveyStats

@Suite struct NormalCorrelationsTests {
  private static func streams(_ count: Int) -> [RandomStream] {
    (0..<count).map { RandomStream(seed: 51, stream: UInt64($0)) }
  }

  /// The matrix by its definition.
  private static func correlations(_ count: Int, papers: Int, _ stream: RandomStream) -> DenseMatrix
  {
    var random = stream
    var factor = DenseMatrix(rows: count, columns: count)
    for column in 0..<min(count, max(papers - 1, 1)) {
      let shape = Double(max(papers - 1, 1) - column) / 2
      factor[column, column] = (2 * random.gamma(shape: shape)).squareRoot()
      for row in column + 1..<max(count, column + 1) { factor[row, column] = random.normal() }
    }
    let products = factor.multiplied(by: factor, transposingOther: true)
    var result = products
    for i in 0..<count {
      for j in 0..<count {
        result[i, j] = products[i, j] / (products[i, i] * products[j, j]).squareRoot()
      }
    }
    return result
  }

  @Test(
    arguments: KernelPath.available,
    [(1, 50), (2, 50), (3, 2), (4, 9), (7, 4), (8, 100), (13, 1), (30, 200), (65, 1_000)])
  func `a matrix comes from its Bartlett factor`(path: KernelPath, shape: (count: Int, papers: Int))
    throws
  {
    let reference = NormalCorrelations(count: shape.count, papers: shape.papers)
    for stream in Self.streams(3) {
      let expected = Self.correlations(shape.count, papers: shape.papers, stream)
      let found = reference.correlations(from: stream, path: path)
      #expect(zip(found.elements, expected.elements).allSatisfy { abs($0 - $1) < 1e-13 })
      #expect(found == reference.correlations(from: stream, path: .portable))
    }
  }

  @Test(arguments: KernelPath.available, [1, 8, 9, 16, 35])
  func `eigenvalues are the same on every path and in any company`(
    path: KernelPath, count: Int
  ) throws {
    let reference = NormalCorrelations(count: 19, papers: 40)
    let streams = Self.streams(count)
    let found = try reference.eigenvalues(from: streams, path: path)
    #expect(found.count == count)
    for (stream, values) in zip(streams, found) {
      #expect(try reference.eigenvalues(from: [stream], path: .portable) == [values])
      let expected = try reference.correlations(from: stream).symmetricEigen(vectors: false).values
      #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-13 })
    }
  }
}
