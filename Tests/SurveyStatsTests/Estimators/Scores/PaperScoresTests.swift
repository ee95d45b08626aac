import SurveyStats
import Testing

@Suite struct PaperScoresTests {
  private let matrix = BinaryMatrix(
    text: ["110 01 1", "1-- -- .", "--- -- -", "100 11 0"],
    items: ["a.x", "a.y", "a.z", "b.u", "b.v", "plain"])

  @Test func `a score is passed over applicable items`() {
    let scores = PaperScores(matrix)
    #expect(scores.applicable == [6, 1, 0, 6])
    #expect(scores.passed == [4, 1, 0, 3])
    #expect(scores.overall.values == [400.0 / 6, 100, nil, 50])
    #expect(scores.categories.map(\.name) == ["a", "b"])
    #expect(scores["a"]?.values == [200.0 / 3, 100, nil, 100.0 / 3])
    #expect(scores["b"]?.values == [50, nil, nil, 100])
    #expect(scores.names == ["score", "a", "b"] && scores["c"] == nil)
  }

  @Test func `composites weigh items or categories`() throws {
    let weights = CompositeWeights(name: "w", categories: ["a": 2, "b": 1], items: ["plain": 4])
    let scores = PaperScores(matrix, weights: weights)
    // Paper 0: items (2·2 + 1·1 + 4) / (2·3 + 1·2 + 4); categories (2·66.7 + 50) / 3.
    let items = try #require(scores["composite_items"]).values
    #expect(items == [75, 100, nil, 400.0 / 12])
    let categories = try #require(scores["composite_categories"]).values
    #expect(isClose(categories[0], 550.0 / 9))
    #expect(categories[1] == 100 && categories[2] == nil)
    #expect(isClose(categories[3], 500.0 / 9))
  }

  @Test func `without any weight a composite is undefined`() {
    let scores = PaperScores(
      matrix, weights: CompositeWeights(name: "w", categories: ["other": 1]))
    #expect(scores["composite_items"]?.values == [nil, nil, nil, nil])
    #expect(scores["composite_categories"]?.values == [nil, nil, nil, nil])
  }

  @Test func `dimensions pool the items of their categories`() throws {
    let dimensions = Dimensions(
      name: "d",
      dimensions: [
        .init(name: "Both", categories: ["a", "b"]), .init(name: "B", categories: ["b"]),
      ])
    let scores = PaperScores(matrix, dimensions: dimensions)
    #expect(scores["dimension_both"]?.values == [60, 100, nil, 60])
    #expect(scores["dimension_b"]?.values == [50, nil, nil, 100])
    let composite = try #require(scores["composite_dimensions"]).values
    #expect(isClose(composite[0], 600.0 / 11))
    #expect(composite[1] == 100 && composite[2] == nil)
  }
}
