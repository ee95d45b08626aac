import Testing

@testable import SurveyStats

@Suite struct SlugNumbersTests {
  @Test(arguments: [
    (["a", "a", "b", "c", "c"], [0, 0, 1, 2, 2], 3),
    (["b", "a", "b", "c", "a"], [0, 1, 0, 2, 1], 3),
    (["a"], [0], 1), ([], [], 0),
  ])
  func `equal slugs have equal numbers, in order or not`(
    slugs: [String], numbers: [Int], count: Int
  ) {
    let found = SlugNumbers(slugs.map { Paper(slug: $0) })
    #expect(found.ofRow == numbers)
    #expect(found.count == count)
  }

  @Test func `papers are in the order of slugs, then versions, the unknown first`() {
    let papers = [
      Paper(slug: "b"), Paper(slug: "a", version: 2), Paper(slug: "a", version: 0),
      Paper(slug: "a"),
    ]
    #expect(papers.sortedRows == [3, 2, 1, 0])
    #expect(!papers.areInOrder)
    #expect(papers.sortedRows.map { papers[$0] }.areInOrder)
  }
}
