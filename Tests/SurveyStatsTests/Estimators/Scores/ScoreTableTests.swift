import SurveyStats
import Testing

@Suite struct ScoreTableTests {
  @Test func `a row has metadata, counts, scores and the tier`() {
    let papers = [
      Paper(slug: "a", year: 2024, tags: ["x", "y"], weight: 1.5), Paper(slug: "b"),
    ]
    let matrix = BinaryMatrix(text: ["110", "---"], papers: papers, items: ["c.i", "c.j", "d.k"])
    let weights = CompositeWeights(name: "w", categories: ["c": 1])
    let table = Table(
      scores: PaperScores(matrix, weights: weights), of: matrix, tiers: .standard)
    #expect(
      table.columns.map(\.name) == [
        "paper", "year", "tags", "weight", "n_applicable", "n_yes", "score", "c", "d",
        "composite_items", "composite_categories", "tier",
      ])
    #expect(table["tags"]?.values == .text(["x;y", nil]))
    #expect(table["weight"]?.values == .real([1.5, nil]))
    #expect(table["score"]?.values == .real([100 * 2.0 / 3, nil]))
    #expect(table["tier"]?.values == .text(["60-70", nil]))
  }
}
