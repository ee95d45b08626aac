import SurveyStats
import Testing

/// Weights and clusters of papers in item response models.
@Suite struct ItemResponseDesignTests {
  let matrix = AbilityQuadratureTests.simulated(papers: 250, items: 5, discrimination: 1.1)

  private func fit(
    _ matrix: BinaryMatrix, clusters: [String]? = nil, weights: [Double]? = nil
  ) throws -> ItemResponseFit {
    try ItemResponseModel(.twoPL).fit(
      matrix,
      design: SamplingDesign(
        paperCount: matrix.papers.count, clusters: clusters, weights: weights))
  }

  private func parameters(_ fit: ItemResponseFit) -> [Double] {
    fit.items.map(\.discrimination) + fit.items.map(\.intercept)
  }

  @Test func `a weight of two is a paper that stands twice in one cluster`() throws {
    let weights = matrix.papers.indices.map { $0 % 3 == 0 ? 2.0 : 1 }
    let rows = matrix.papers.indices.flatMap { [Int](repeating: $0, count: Int(weights[$0])) }
    let weighted = try fit(matrix, weights: weights)
    let repeated = try fit(
      matrix.selecting(papers: rows), clusters: rows.map { "p\($0)" })
    #expect(largestDifference(parameters(weighted), parameters(repeated)) < 1e-6)
    #expect(
      largestDifference(
        weighted.items.compactMap(\.discriminationError),
        repeated.items.compactMap(\.discriminationError)) < 1e-6)
    #expect(weighted.aic == nil && weighted.isWeighted && !repeated.isWeighted)
    #expect(
      abs(
        try #require(weighted.empiricalReliability) - (try #require(repeated.empiricalReliability)))
        < 1e-3)
  }

  @Test func `the unit of weights does not matter, nor papers of weight zero`() throws {
    let weights = matrix.papers.indices.map { Double($0 % 4) }
    let rows = weights.indices.filter { weights[$0] > 0 }
    let one = try fit(matrix, weights: weights)
    let other = try fit(matrix, weights: weights.map { 1e6 * $0 })
    let part = try fit(matrix.selecting(papers: rows), weights: rows.map { weights[$0] })
    #expect(largestDifference(parameters(one), parameters(other)) < 1e-6)
    #expect(largestDifference(parameters(one), parameters(part)) < 1e-6)
    #expect(one.items.map(\.count) == part.items.map(\.count))
    #expect(one.paperCount == part.paperCount)
    #expect(throws: ItemResponseModel.ModelError.noWeight) {
      try fit(matrix, weights: weights.map { _ in 0 })
    }
  }

  @Test func `one cluster leaves no error, and few are said`() throws {
    let one = try fit(matrix, clusters: matrix.papers.map { _ in "all" })
    #expect(one.covariance == nil && one.items.allSatisfy { $0.discriminationError == nil })
    let few = try fit(matrix, clusters: matrix.papers.indices.map { "c\($0 % 10)" })
    #expect(few.covariance != nil)
    #expect(few.itemsTable().notes.contains { $0.hasPrefix("few-effective-clusters: 10") })
  }

  @Test func `items that nearly copy one another are named`() throws {
    let near = BinaryMatrix(
      papers: matrix.papers, items: matrix.items + [Item(id: ItemID("copy"))]
    ) { paper, item in
      guard item == 5 else { return matrix[paper, item] }
      return paper % 60 == 0 ? .notApplicable : matrix[paper, 0]
    }
    let fit = try ItemResponseModel(.twoPL).fit(near)
    let held = fit.items.filter(\.isAtBound)
    #expect(held.map(\.name) == ["i0", "copy"])
    #expect(held.map(\.nearDuplicate) == ["copy", "i0"])
    #expect(fit.warnings.contains { $0.contains("nearly copy another") && $0.contains("i0") })
    #expect(
      fit.items.allSatisfy { item in
        item.difficulty.map { abs($0) <= 10 || item.discriminationError.map { $0 < 1 } ?? false }
          ?? true
      })
  }

  @Test func `a reversed item is said wherever scores are used`() throws {
    let reversed = BinaryMatrix(papers: matrix.papers, items: matrix.items) { paper, item in
      let cell = matrix[paper, item]
      return item != 2 ? cell : cell == .yes ? .no : cell == .no ? .yes : cell
    }
    let fit = try ItemResponseModel(.twoPL).fit(reversed)
    #expect(fit.items[2].discrimination < 0)
    let words = "A yes lowers the score where the discrimination is negative: i2."
    #expect(fit.abilitiesTable(papers: matrix.papers).notes.contains(words))
    #expect(fit.itemsTable().notes.contains(words) && fit.fitTable().notes.contains(words))
  }
}
