import SurveyStats
import Testing

@Suite struct MinimumAveragePartialTests {
  /// Eigenvalues 3, 2, 0.6, 0.4: the plot bends most at the third.
  @Test func `the elbow of the scree plot is where it bends most`() throws {
    let columns = [[3.0, 0, 0, 0], [0, 2, 0, 0], [0, 0, 0.6, 0], [0, 0, 0, 0.4]]
    let fit = try PrincipalComponents(
      CorrelationMatrix(names: ["a", "b", "c", "d"], values: DenseMatrix(columns), count: 9))
    #expect(fit.accelerationCount == 2 && fit.kaiserCount == 2)
    let two = CorrelationMatrix(
      names: ["a", "b"], values: DenseMatrix([[1, 0], [0, 1]]), count: 9)
    #expect(try PrincipalComponents(two).accelerationCount == nil)
  }

  @Test func `average partial correlations agree with psych`() throws {
    let golden = try CorrelationGolden("minimum_average_partial")
    let matrix = try CorrelationGolden("ability").binaryMatrix
    let found = try MinimumAveragePartial(
      try PairwiseAssociations(items: matrix).correlationMatrix())
    #expect(found.squared.count == 16)
    for (value, expected) in zip(found.squared, golden.values("squared")) {
      #expect(abs(value - expected) < 1e-9)
    }
    for (value, expected) in zip(found.fourth, golden.values("fourth")) {
      #expect(abs(value - expected) < 1e-9)
    }
    #expect(found.count == 2 && found.fourthPowerCount == 1)
    #expect(found.table().rowCount == 16)
  }

  @Test func `unrelated items need no component`() throws {
    let matrix = CorrelationMatrix(
      names: ["a", "b", "c"], values: DenseMatrix(diagonal: [1, 1, 1]), count: 9)
    #expect(try MinimumAveragePartial(matrix).count == 0)
  }

  @Test func `identical items end the search`() throws {
    let matrix = CorrelationMatrix(
      names: ["a", "b"], values: DenseMatrix([[1, 1], [1, 1]]), count: 9)
    #expect(try MinimumAveragePartial(matrix).squared == [1])
  }
}
