import SurveyStats
import Testing

@Suite struct PrincipalComponentsTests {
  private func ability() throws -> BinaryMatrix { try CorrelationGolden("ability").binaryMatrix }

  private func complete() throws -> BinaryMatrix {
    let matrix = try ability()
    return matrix.selecting(papers: matrix.completePapers)
  }

  @Test func `eigenvalues, loadings and scores agree with prcomp`() throws {
    let golden = try CorrelationGolden("components_eigenvalues").values("eigenvalue")
    let loadings = try CorrelationGolden("components_loadings").matrix
    let scores = try CorrelationGolden("components_scores").matrix
    let columns = ScoreColumns(try complete())
    let matrix = try PairwiseAssociations(items: try complete()).correlationMatrix()
    for fit in [
      try PrincipalComponents(matrix), try PrincipalComponents(columns, missing: .completePapers),
      try PrincipalComponents(columns, missing: .meanImputation),
    ] {
      for (found, expected) in zip(fit.eigenvalues, golden) {
        #expect(abs(found - expected) < Tolerance.components)
      }
      #expect(abs(fit.totalVariance - 16) < 1e-10)
      #expect(abs((fit.cumulativeProportions.last ?? 0) - 1) < 1e-12)
      #expect(fit.rank == 16)
      #expect(fit.loadings(count: 4).largestDifference(to: loadings) < Tolerance.components)
      let found = try fit.scores(of: columns, count: 4)
      for component in 0..<4 {
        for paper in 0..<50 {
          let value = try #require(found.values[component][paper])
          #expect(abs(value - scores[paper, component]) < Tolerance.components)
        }
      }
    }
  }

  @Test func `pairwise eigenvalues agree with R`() throws {
    let golden = try CorrelationGolden("components_eigenvalues").values("pairwise")
    let fit = try PrincipalComponents(
      try PairwiseAssociations(items: try ability()).correlationMatrix())
    for (found, expected) in zip(fit.eigenvalues, golden) {
      #expect(abs(found - expected) < Tolerance.components)
    }
    #expect(fit.kaiserCount == golden.count { $0 > 1 })
  }

  @Test func `scores of incomplete papers are regressions on what they have`() throws {
    let matrix = CorrelationMatrix(
      names: ["a", "b"], values: DenseMatrix([[1, 0.6], [0.6, 1]]), count: 4)
    let fit = try PrincipalComponents(matrix)
    let data = ScoreColumns(
      names: ["b", "a"], values: [[1, 2, 3, nil, nil], [2, 4, 6, 8, nil]])
    let scores = try fit.scores(of: data, count: 2)
    #expect(scores.applicable == [2, 2, 2, 1, 0])
    // Of an item alone the expectation of (a + b)/√2 is (1 + r) z/√2.
    let deviation = (20.0 / 3).squareRoot()
    let value = try #require(scores.values[0][3])
    #expect(abs(value - 1.6 / 2.0.squareRoot() * 3 / deviation) < 1e-12)
    #expect(scores.values[0][4] == nil)
    #expect(
      scores.table(papers: ["p", "q", "r", "s", "t"]).columns.map(\.name) == [
        "paper", "n_applicable", "component_1", "component_2", "note",
      ])
  }

  @Test func `more items than papers leave components without variance`() throws {
    let columns = ScoreColumns(answers("110100", "011010", "101011", "000111"))
    let fit = try PrincipalComponents(columns, missing: .meanImputation)
    #expect(fit.rank == 3)
    #expect(fit.loadings(count: 6).columns == 3)
    #expect(abs(fit.eigenvalues.reduce(0, +) - 6) < 1e-12)
    let pairs = PairwiseAssociations(
      items: answers("110100", "011010", "101011", "000111"), minimumCount: 2)
    let other = try PrincipalComponents(try pairs.correlationMatrix(boundary: .keep))
    #expect(other.rank == 3)
    for (found, expected) in zip(fit.eigenvalues, other.eigenvalues) {
      #expect(abs(found - expected) < 1e-12)
    }
  }

  @Test func `a matrix with a negative eigenvalue keeps its positive components`() throws {
    let matrix = CorrelationMatrix(
      names: ["a", "b", "c"],
      values: DenseMatrix([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]),
      count: 50)
    let fit = try PrincipalComponents(matrix)
    #expect(fit.eigenvalues[2] < 0)
    #expect(fit.rank == 2)
    #expect(fit.loadings(count: 3).columns == 2)
    let table = fit.eigenvalueTable()
    #expect(
      table.columns.map(\.name) == [
        "component", "eigenvalue", "proportion", "cumulative", "conf_low", "conf_high",
        "proportion_low", "proportion_high", "cumulative_low", "cumulative_high",
        "parallel_quantile", "retained", "parallel_sets", "parallel_level", "note",
      ])
    #expect(
      fit.loadingTable(count: 2).columns.map(\.name) == [
        "term", "component", "estimate", "conf_low", "conf_high", "note",
      ])
    #expect(fit.loadingTable(count: 2).rowCount == 6)
  }

  @Test func `vectors have positive sums, or a positive first element`() throws {
    let matrix = CorrelationMatrix(
      names: ["a", "b"], values: DenseMatrix([[1, -0.5], [-0.5, 1]]), count: 9)
    let fit = try PrincipalComponents(matrix)
    #expect(fit.vectors[0, 0] > 0 && fit.vectors[1, 0] < 0)
    #expect(fit.vectors[0, 1] > 0 && fit.vectors[1, 1] > 0)
  }

  @Test func `constant and empty items are left out of data components`() throws {
    let columns = ScoreColumns(
      names: ["a", "constant", "empty", "b", "single"],
      values: [
        [1, 2, 3, 5], [1, 1, 1, nil], [nil, nil, nil, nil], [2, 1, nil, 4], [1, nil, nil, nil],
      ])
    let fit = try PrincipalComponents(columns, missing: .meanImputation)
    #expect(fit.names == ["a", "b"])
    #expect(
      fit.leftOut.map(\.reason) == [.constantItem, .neverJointlyApplicable, .fewerThanTwoPapers])
    #expect(throws: CorrelationMatrixError.tooFewPapers(found: 0)) {
      try PrincipalComponents(columns, missing: .completePapers)
    }
    #expect(throws: CorrelationMatrixError.tooFewItems(left: 1, leftOut: [])) {
      try PrincipalComponents(
        ScoreColumns(names: ["a"], values: [[1, 2, 3]]), missing: .meanImputation)
    }
  }

  @Test func `probabilistic components are those of complete data`() throws {
    let golden = try CorrelationGolden("components_eigenvalues").values("eigenvalue")
    let loadings = try CorrelationGolden("components_loadings").matrix
    let columns = ScoreColumns(try complete().selecting(papers: Array(0..<1248)))
    let fit = try PrincipalComponents(columns, missing: .probabilistic(components: 1))
    #expect(abs(fit.eigenvalues[0] - golden[0]) < Tolerance.expectationMaximization)
    let noise = golden.dropFirst().reduce(0, +) / 15
    #expect(abs(fit.eigenvalues[15] - noise) < Tolerance.expectationMaximization)
    for item in 0..<16 {
      #expect(
        abs(fit.loadings(count: 1)[item, 0] - loadings[item, 0])
          < Tolerance.expectationMaximization)
    }
  }

  @Test func `probabilistic components maximise the likelihood of incomplete data`() throws {
    let golden = try CorrelationGolden("probabilistic_component")
    let columns = try CorrelationGolden("airquality").scores
    let fit = try PrincipalComponents(columns, missing: .probabilistic(components: 1))
    let weights = golden.values("weight")
    let noise = golden.values("noise")[0]
    let length = weights.reduce(0) { $0 + $1 * $1 }
    #expect(abs(fit.eigenvalues[0] - length - noise) < Tolerance.expectationMaximization)
    #expect(abs(fit.eigenvalues[3] - noise) < Tolerance.expectationMaximization)
    for (row, weight) in weights.enumerated() {
      let expected = weight / length.squareRoot()
      #expect(abs(fit.vectors[row, 0] - expected) < Tolerance.expectationMaximization)
    }
    let scores = try fit.scores(of: columns, count: 1).values[0]
    #expect(scores.allSatisfy { $0 != nil })
  }
}
