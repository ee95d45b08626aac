import SurveyStats
import Testing

@Suite struct PaperPredicateTests {
  /// Rows and columns: true, false, undefined, for a and b.
  private let matrix = BinaryMatrix(
    text: ["11", "10", "1-", "01", "00", "0-", "-1", "-0", "-."], items: ["a", "b"])
  private let a = PaperPredicate.item(ItemID("a"))
  private let b = PaperPredicate.item(ItemID("b"))

  private func truth(_ predicate: PaperPredicate) -> [Bool?] {
    matrix.papers.indices.map { predicate.holds(for: $0, in: matrix) }
  }

  @Test func `and, or and not are those of Kleene`() {
    #expect(truth(a) == [true, true, true, false, false, false, nil, nil, nil])
    #expect(truth(.and(a, b)) == [true, false, nil, false, false, false, nil, false, nil])
    #expect(truth(.or(a, b)) == [true, true, true, true, false, nil, true, nil, nil])
    #expect(truth(.not(a)) == [false, false, false, true, true, true, nil, nil, nil])
    // Modus ponens and De Morgan with undefined parts.
    #expect(truth(.not(.and(a, b))) == truth(.or(.not(a), .not(b))))
  }

  @Test func `metadata are true, false, or unknown`() {
    let papers = [
      Paper(slug: "p", year: 2024, tags: ["RCT", "x"]), Paper(slug: "q", year: 2020),
      Paper(slug: "r", covariates: ["points": "12.5", "word": "many"]),
    ]
    let matrix = BinaryMatrix(text: ["1", "1", "1"], papers: papers)
    func truth(_ predicate: PaperPredicate) -> [Bool?] {
      papers.indices.map { predicate.holds(for: $0, in: matrix) }
    }
    #expect(truth(.columnAtLeast("year", 2024)) == [true, false, nil])
    #expect(truth(.columnAtMost("year", 2020)) == [false, true, nil])
    #expect(truth(.column("tags", equals: "rct")) == [true, nil, nil])
    #expect(truth(.columnAtLeast("points", 12.5)) == [nil, nil, true])
    #expect(truth(.columnAtLeast("word", 0)) == [nil, nil, nil])
    #expect(truth(.column("word", equals: "MANY")) == [nil, nil, true])
    #expect(truth(.item(ItemID("unknown"))) == [nil, nil, nil])
  }
}
