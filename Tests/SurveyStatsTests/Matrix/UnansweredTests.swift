import SurveyStats
import Testing

@Suite struct UnansweredTests {
  private let matrix = BinaryMatrix(text: ["1-..", "0--.", ".-.."])

  @Test func `an item that no paper was asked is not one that applies to none`() {
    let reasons = matrix.items.indices.map { matrix.unanswered(items: [$0]) }
    #expect(reasons == [nil, .neverApplicable, .neverApplicable, .neverAsked])
    #expect(matrix.unanswered(items: [1, 3]) == .neverApplicable)
    #expect(matrix.unanswered(items: [0, 3]) == nil)
    #expect(matrix.unanswered(items: []) == .neverAsked)
  }

  @Test func `some papers may not have been asked what others were`() {
    #expect(matrix.unanswered(items: [2], papers: [0, 2]) == .neverAsked)
    #expect(matrix.unanswered(items: [2], papers: [0, 1]) == .neverApplicable)
    #expect(matrix.unanswered(items: [0], papers: [2]) == .neverAsked)
    #expect(matrix.unanswered(items: [0], papers: [1]) == nil)
  }
}
