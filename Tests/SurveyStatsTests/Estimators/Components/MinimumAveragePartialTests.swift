import SurveyStats
import Testing

@Suite struct MinimumAveragePartialTests {
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
