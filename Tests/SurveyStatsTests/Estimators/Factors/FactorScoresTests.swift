import SurveyStats
import Testing

@Suite struct FactorScoresTests {
  let golden: FactorGolden
  let matrix: BinaryMatrix

  init() throws {
    golden = try FactorGolden("reliability")
    matrix = try ReliabilityTests.published("ability_complete")
  }

  func solution() throws -> FactorSolution {
    try FactorAnalysis(factors: 2, rotation: Rotation(.oblimin)).fit(matrix.phi())
  }

  @Test(arguments: [
    (FactorScores.Method.regression, "thurstone"), (.bartlett, "bartlett"), (.tenBerge, "tenberge"),
  ])
  func `weights and scores agree with psych`(
    method: FactorScores.Method, name: String
  ) throws {
    let solution = try solution()
    let pattern = try golden.matrix("ability_complete", "scored_pattern")
    #expect(
      largestDifference(solution.pattern.elements, pattern.elements)
        < FactorTolerance.obliqueLoading)
    let scores = try solution.scores(of: matrix, method: method)
    let weights = try #require(scores.weights)
    let expected = try golden.values("ability_complete", "weights_\(name)")
    #expect(largestDifference(weights.elements, expected) < FactorTolerance.obliqueLoading)
    let reference = try golden.matrix("ability_complete", "scores_\(name)")
    for paper in 0..<reference.rows {
      let found = try #require(scores.values[paper])
      #expect(largestDifference(found, reference.row(paper)) < FactorTolerance.obliqueLoading)
    }
    let squared = try golden.values("ability_complete", "determinacy_squared")
    #expect(
      largestDifference(scores.determinacies.map { $0 * $0 }, squared)
        < FactorTolerance.obliqueLoading)
    #expect(scores.table().rowCount == matrix.papers.count)
  }

  @Test func `ten Berge's scores correlate as the factors do`() throws {
    let solution = try solution()
    let scores = try solution.scores(of: matrix, method: .tenBerge).values.compactMap { $0 }
    let count = Double(scores.count)
    let products = scores.reduce(into: [0.0, 0, 0]) {
      $0[0] += $1[0] * $1[0]
      $0[1] += $1[0] * $1[1]
      $0[2] += $1[1] * $1[1]
    }
    #expect(abs(products[0] / (count - 1) - 1) < 1e-10)
    let correlation = products[1] / (products[0] * products[2]).squareRoot()
    #expect(abs(correlation - solution.factorCorrelations[0, 1]) < 1e-10)
  }

  @Test(arguments: FactorScores.Method.allCases)
  func `a paper with NA is scored on its applicable items`(method: FactorScores.Method) throws {
    let solution = try solution()
    let partial = try ReliabilityTests.published("ability_pairwise")
    let scores = try solution.scores(of: partial, method: method, minimumItems: 4)
    for (paper, values) in scores.values.enumerated() {
      let count = partial.items.indices.count { partial.applies[paper, $0] }
      #expect(scores.itemCounts[paper] == count)
      #expect((values != nil) == (count >= 4))
      #expect(values?.allSatisfy { $0.isFinite } ?? true)
    }
  }

  @Test func `scores with NA are regressions on the applicable items`() throws {
    let solution = try solution()
    let partial = try ReliabilityTests.published("ability_pairwise")
    let scores = try solution.scores(of: partial)
    let paper = try #require(scores.itemCounts.firstIndex { $0 > 4 && $0 < 16 })
    let items = partial.items.indices.filter { partial.applies[paper, $0] }
    let standardized = items.map { item in
      let count = Double(partial.applies.count(column: item))
      let rate = Double(partial.yes.count(column: item)) / count
      let spread = (rate * (1 - rate) * count / (count - 1)).squareRoot()
      return ((partial.yes[paper, item] ? 1 : 0) - rate) / spread
    }
    let solved = try solution.correlations.values.selecting(rows: items, columns: items)
      .solving(DenseMatrix(rows: items.count, columns: 1, elements: standardized)).elements
    let expected = solution.structure.selecting(rows: items, columns: [0, 1])
      .multiplied(by: solved, transposingSelf: true)
    #expect(largestDifference(try #require(scores.values[paper]), expected) < 1e-10)
  }

  @Test func `a paper with fewer items than factors has no score`() throws {
    let solution = try solution()
    let one = BinaryMatrix(
      papers: matrix.papers, items: matrix.items
    ) { paper, item in paper == 0 && item > 0 ? .notApplicable : matrix[paper, item] }
    #expect(try solution.scores(of: one).values[0] == nil)
    #expect(try solution.scores(of: one, minimumItems: 1).values[0] != nil)
    #expect(try solution.scores(of: one, method: .bartlett, minimumItems: 1).values[0] == nil)
  }
}
