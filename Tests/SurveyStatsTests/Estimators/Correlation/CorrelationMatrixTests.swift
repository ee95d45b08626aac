import SurveyStats
import Testing

@Suite struct CorrelationMatrixTests {
  private let indefinite = CorrelationMatrix(
    names: ["a", "b", "c"],
    values: DenseMatrix([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]),
    coefficient: "phi", pairCounts: [50, 20, 10, 20, 50, 40, 10, 40, 50],
    samplingVariances: DenseMatrix(rows: 3, columns: 3, repeating: 0.01))

  @Test func `harmonic mean and smallest count are over pairs`() {
    #expect(indefinite.smallestPairCount == 10)
    #expect(abs((indefinite.harmonicMeanCount ?? 0) - 3 / (0.05 + 0.1 + 0.025)) < 1e-12)
    #expect(
      CorrelationMatrix(names: ["a"], values: DenseMatrix([[1]]), count: 3).harmonicMeanCount == nil
    )
  }

  @Test(arguments: CorrelationRepair.Method.allCases) func `every repair makes it definite`(
    method: CorrelationRepair.Method
  ) throws {
    let before = try indefinite.definiteness()
    #expect(before.negativeCount == 1)
    let repaired = try indefinite.repaired(by: method)
    let repair = try #require(repaired.repair)
    #expect(repair.method == method && repair.before == before)
    #expect(repair.after.smallestEigenvalue > 0)
    #expect(
      abs(repair.frobeniusChange - indefinite.values.frobeniusDistance(to: repaired.values))
        < 1e-15)
    #expect(repair.largestChange > 0.1)
    #expect((repair.intensity != nil) == (method == .shrinkage))
    #expect(repaired.values.diagonal == [1, 1, 1])
    #expect(repaired.pairCounts == indefinite.pairCounts)
  }

  @Test func `an inverse that only a repair makes is refused`() throws {
    for method in [CorrelationRepair.Method.nearest, .shrinkage] {
      let repaired = try indefinite.repaired(by: method)
      #expect(try #require(repaired.repair).holdsEigenvalues)
      let error = CorrelationMatrixError.heldByRepair(
        method, smallestEigenvalue: try indefinite.definiteness().smallestEigenvalue)
      #expect(throws: error) { try repaired.partialCorrelations() }
      #expect(throws: FactorError.correlations(error)) { try SamplingAdequacy(repaired) }
    }
    // Where the data ask for enough shrinkage, the inverse is theirs.
    let uncertain = CorrelationMatrix(
      names: indefinite.names, values: indefinite.values, coefficient: "phi",
      pairCounts: indefinite.pairCounts,
      samplingVariances: DenseMatrix(rows: 3, columns: 3, repeating: 0.5))
    let shrunk = try uncertain.repaired(by: .shrinkage)
    #expect(!(try #require(shrunk.repair).holdsEigenvalues))
    let partial = try shrunk.partialCorrelations()
    #expect(abs(partial[0, 1]) < 0.9)
  }

  @Test func `a matrix with eigenvalues of zero is repaired only for its inverse`() throws {
    let singular = CorrelationMatrix(
      names: ["a", "b", "c"], values: DenseMatrix([[1, 1, 0], [1, 1, 0], [0, 0, 1]]),
      coefficient: "phi", pairCounts: [Int](repeating: 9, count: 9),
      samplingVariances: DenseMatrix(rows: 3, columns: 3, repeating: 0.1))
    #expect(try singular.repairedIfNeeded(by: .nearest) == singular)
    #expect(try singular.repairedIfNeeded(by: .shrinkage, needsInverse: true).repair != nil)
  }

  @Test func `equal counts have themselves as harmonic mean`() {
    let names = (0..<13).map { "i\($0)" }
    let matrix = CorrelationMatrix(
      names: names, values: DenseMatrix(diagonal: names.map { _ in 1 }), count: 300)
    #expect(matrix.harmonicMeanCount == 300)
  }

  @Test func `the nearest matrix is nearer than the others`() throws {
    let changes = try CorrelationRepair.Method.allCases.map {
      try #require(try indefinite.repaired(by: $0, eigenvalueFloor: 0).repair).frobeniusChange
    }
    #expect(changes[0] <= changes[1] && changes[0] <= changes[2])
  }

  @Test func `shrinkage intensities agree with corpcor`() throws {
    let golden = try CorrelationGolden("shrinkage")
    let ability = try CorrelationGolden("ability").binaryMatrix
    let complete = ability.selecting(papers: Array(ability.completePapers.prefix(30)))
    let data = [
      try CorrelationGolden("lsat6").binaryMatrix, try CorrelationGolden("blot").binaryMatrix,
      complete,
    ]
    for (matrix, expected) in zip(data, golden.values("intensity")) {
      for pairs in [
        PairwiseAssociations(items: matrix, minimumCount: 2),
        PairwiseAssociations(scores: ScoreColumns(matrix), minimumCount: 2),
      ] {
        let repaired = try pairs.correlationMatrix(minimumRate: 0, boundary: .keep)
          .repaired(by: .shrinkage)
        let intensity = try #require(repaired.repair?.intensity)
        #expect(abs(intensity - expected) < 1e-10)
      }
    }
  }

  @Test func `shrinkage without sampling variances is refused`() {
    let matrix = CorrelationMatrix(
      names: ["a", "b"], values: DenseMatrix([[1, 0.5], [0.5, 1]]), count: 9)
    #expect(throws: CorrelationMatrixError.samplingVariancesUnknown) {
      try matrix.repaired(by: .shrinkage)
    }
  }

  @Test func `partial correlations agree with psych`() throws {
    let matrix = try CorrelationGolden("ability").binaryMatrix
    let complete = matrix.selecting(papers: matrix.completePapers)
    let correlations = try PairwiseAssociations(items: complete).correlationMatrix()
    let expected = try CorrelationGolden("ability_partial").matrix
    let found = try correlations.partialCorrelations()
    #expect(found.largestDifference(to: expected) < 1e-10)
    let table = try correlations.partialTable()
    #expect(table.rowCount == 120)
    #expect(throws: CorrelationMatrixError.self) { try indefinite.partialCorrelations() }
  }
}
