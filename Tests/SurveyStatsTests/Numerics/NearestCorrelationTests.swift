import SurveyStats
import Testing

@Suite struct NearestCorrelationTests {
  @Test(arguments: [("burt", "burt_nearest"), ("blot_tetrachoric", "blot_nearest")])
  func `the nearest correlation matrix agrees with alternating projections`(
    name: String, nearest: String
  ) throws {
    let matrix = try CorrelationGolden(name).matrix
    let expected = try CorrelationGolden(nearest).matrix
    let found = try matrix.nearestCorrelation()
    #expect(try matrix.definiteness().isIndefinite)
    #expect(found.largestDifference(to: expected) < Tolerance.nearestCorrelation)
    #expect(found.frobeniusDistance(to: matrix) <= expected.frobeniusDistance(to: matrix) + 1e-9)
    #expect(found.diagonal.allSatisfy { $0 == 1 })
    #expect(found == found.transposed)
    #expect(try found.definiteness().smallestEigenvalue > -1e-12)
  }

  @Test func `Higham's example has the published distance`() throws {
    // Higham (2002), section 4: distance 0.5278 to four digits.
    let matrix = DenseMatrix([[1, 1, 0], [1, 1, 1], [0, 1, 1]])
    let found = try matrix.nearestCorrelation()
    #expect(abs(found.frobeniusDistance(to: matrix) - 0.5278) < 5e-5)
    #expect(abs(found[0, 1] - 0.7607) < 5e-5)
    #expect(abs(found[0, 2] - 0.1573) < 5e-5)
  }

  @Test func `a correlation matrix is its own nearest`() throws {
    let matrix = DenseMatrix([[1, 0.5, 0.2], [0.5, 1, -0.3], [0.2, -0.3, 1]])
    #expect(try matrix.nearestCorrelation().largestDifference(to: matrix) < 1e-14)
    #expect(try matrix.smoothingEigenvalues() == matrix)
    #expect(try matrix.raisingEigenvalues(to: 1e-6) == matrix)
    #expect(try matrix.definiteness().isPositiveDefinite)
  }

  @Test func `smoothing agrees with psych`() throws {
    let matrix = try CorrelationGolden("burt").matrix
    let expected = try CorrelationGolden("burt_smoothed").matrix
    #expect(try matrix.smoothingEigenvalues().largestDifference(to: expected) < 1e-10)
  }

  @Test func `a matrix of ones and minus ones is repaired`() throws {
    let matrix = DenseMatrix([[1, 1, -1], [1, 1, 1], [-1, 1, 1]])
    let found = try matrix.nearestCorrelation()
    #expect(abs(found[0, 1] - 0.5) < 1e-10)
    #expect(abs(found[0, 2] + 0.5) < 1e-10)
    let raised = try found.raisingEigenvalues(to: 1e-6)
    #expect(try raised.definiteness().isPositiveDefinite)
    #expect(raised.largestDifference(to: found) < 1e-5)
  }
}
