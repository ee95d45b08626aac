import SurveyStats
import Testing

@Suite struct ProcrustesAlignmentTests {
  @Test func `a rotated and reflected copy comes back`() throws {
    let target = DenseMatrix([[0.8, 0.1], [0.7, -0.2], [0.1, 0.9], [0.2, 0.6]])
    let turned = target.multiplied(by: DenseMatrix([[0, -1], [1, 0]]))
    let flipped = turned.multiplied(by: DenseMatrix([[1, 0], [0, -1]]))
    for copy in [turned, flipped] {
      let alignment = try ProcrustesAlignment(copy, to: target)
      #expect(alignment.aligned.largestDifference(to: target) < 1e-14)
      let product = alignment.rotation.multiplied(by: alignment.rotation, transposingSelf: true)
      #expect(product.largestDifference(to: DenseMatrix(diagonal: [1, 1])) < 1e-14)
    }
  }

  @Test func `the statistic of ones is the sample`() throws {
    let matrix = try CorrelationGolden("ability").binaryMatrix
    let correlations = try PairwiseAssociations(items: matrix).correlationMatrix()
    let pairs = ItemCorrelationStatistic(
      matrix, coefficient: .phi, design: SamplingDesign(paperCount: matrix.papers.count))
    let statistic = try PrincipalComponentStatistic(pairs, like: correlations, count: 2)
    let fit = try PrincipalComponents(correlations)
    let values = statistic.original()
    #expect(zip(values, fit.eigenvalues).allSatisfy { abs($0 - $1) < 1e-12 })
    let loadings = fit.loadings(count: 2)
    for component in 0..<2 {
      for item in 0..<16 {
        let value = values[statistic.index(ofLoading: component, item: item)]
        #expect(abs(value - loadings[item, component]) < 1e-12)
      }
    }
  }

  @Test func `alignment keeps bootstrap intervals of loadings narrow`() async throws {
    let matrix = try CorrelationGolden("ability").binaryMatrix
    let correlations = try PairwiseAssociations(items: matrix).correlationMatrix()
    let design = SamplingDesign(paperCount: matrix.papers.count)
    let pairs = ItemCorrelationStatistic(matrix, coefficient: .phi, design: design)
    let statistic = try PrincipalComponentStatistic(pairs, like: correlations, count: 3)
    let sample = try await Bootstrap(design: design, replicates: 100, seed: 5)(statistic)
    for value in 0..<statistic.valueCount {
      let error = try #require(sample.standardError(of: value))
      // Sign flips alone would give loadings of 0.5 a standard error of 0.5.
      #expect(error < 0.2)
    }
  }

  @Test func `a replicate with too many undefined pairs is undefined`() throws {
    let matrix = answers("1100", "0011", "1010", "0101", "1111", "0000", "1001")
    let correlations = try PairwiseAssociations(items: matrix, minimumCount: 2)
      .correlationMatrix()
    let pairs = ItemCorrelationStatistic(
      matrix, coefficient: .phi, design: SamplingDesign(paperCount: 7))
    let statistic = try PrincipalComponentStatistic(pairs, like: correlations, count: 1)
    let weights: [Double] = [7, 0, 0, 0, 0, 0, 0]
    var values = [Double](repeating: 0, count: statistic.valueCount)
    var span = values.mutableSpan
    statistic.estimate(weights: weights.span, into: &span)
    #expect(values.allSatisfy { $0.isNaN })
  }
}
