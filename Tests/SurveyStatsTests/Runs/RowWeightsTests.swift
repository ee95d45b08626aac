import SurveyStats
import Testing

@Suite struct RowWeightsTests {
  private func matrix(_ papers: [Paper]) -> BinaryMatrix {
    BinaryMatrix(text: papers.map { _ in "1" }, papers: papers)
  }

  @Test func `the raters of a paper share its weight`() {
    let shared = matrix([
      Paper(slug: "p", rater: "A", weight: 3), Paper(slug: "p", rater: "B", weight: 3),
      Paper(slug: "q", rater: "A"),
    ])
    #expect(shared.raterShares == [0.5, 0.5, 1])
    #expect(shared.rowWeights() == [1.5, 1.5, 1])
    #expect(shared.rowWeights(usesColumn: false) == [0.5, 0.5, 1])
  }

  @Test func `rows of several versions count each`() {
    let versions = matrix([Paper(slug: "p", version: 2), Paper(slug: "p", version: 3)])
    #expect(versions.raterShares == nil && versions.rowWeights() == nil)
    let both = matrix([
      Paper(slug: "p", version: 2, rater: "A"), Paper(slug: "p", version: 2, rater: "B"),
      Paper(slug: "p", version: 3, rater: "A"),
    ])
    #expect(both.raterShares == [0.5, 0.5, 1])
  }

  @Test func `without weights and raters there are none`() {
    #expect(matrix([Paper(slug: "p"), Paper(slug: "q")]).rowWeights() == nil)
    #expect(matrix([Paper(slug: "p", weight: 2)]).rowWeights() == [2])
  }
}
