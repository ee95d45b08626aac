import SurveyStats
import Testing

@Suite struct SelectionTests {
  private let matrix = BinaryMatrix(
    papers: [
      Paper(slug: "one", year: 2023, venue: "arXiv", type: "survey", tags: ["rct", "case-study"]),
      Paper(slug: "two", year: 2024, venue: "ICSE", type: "empirical", tags: ["case-study"]),
      Paper(slug: "three", venue: "arXiv"),
      Paper(slug: "four", year: 2025, type: "survey", tags: ["theoretical"]),
    ],
    items: [
      Item(id: ItemID("a.code")), Item(id: ItemID("a.data")),
      Item(id: ItemID("b.code_review"), module: "extra"), Item(id: ItemID("plain")),
    ]
  ) { paper, item in (paper + item) % 2 == 0 ? .yes : .no }

  private func selection(_ change: (inout Selection) -> Void) -> Selection {
    var selection = Selection()
    change(&selection)
    return selection
  }

  private func slugs(_ change: (inout Selection) -> Void) throws -> [String] {
    try selection(change).applied(to: matrix).papers.map(\.slug)
  }

  private func items(_ change: (inout Selection) -> Void) throws -> [String] {
    try selection(change).applied(to: matrix).items.map(\.id.description)
  }

  @Test func `nothing chosen keeps everything`() throws {
    #expect(try Selection().applied(to: matrix) == matrix)
  }

  @Test func `papers are chosen by tag, type, venue and year`() throws {
    #expect(try slugs { $0.tags = ["RCT"] } == ["one"])
    #expect(try slugs { $0.tags = ["rct", "theoretical"] } == ["one", "four"])
    #expect(try slugs { $0.types = ["Survey"] } == ["one", "four"])
    #expect(try slugs { $0.venues = ["arxiv"] } == ["one", "three"])
    #expect(try slugs { $0.since = 2024 } == ["two", "four"])
    #expect(try slugs { $0.until = 2024 } == ["one", "two"])
    #expect(
      try slugs {
        $0.since = 2024
        $0.until = 2024
      } == ["two"])
  }

  @Test func `conditions of different kinds must all hold`() throws {
    #expect(
      try slugs {
        $0.tags = ["case-study"]
        $0.venues = ["arXiv"]
      } == ["one"])
    #expect(
      try slugs {
        $0.types = ["survey"]
        $0.venues = ["ICSE"]
      }.isEmpty)
  }

  @Test func `papers are left out by slug, known or not`() throws {
    #expect(try slugs { $0.excludedPapers = ["two", "unknown"] } == ["one", "three", "four"])
  }

  @Test func `items are chosen by module, category, name and pattern`() throws {
    #expect(try items { $0.modules = ["extra"] } == ["b.code_review"])
    #expect(try items { $0.categories = [GlobPattern("a")] } == ["a.code", "a.data"])
    #expect(try items { $0.categories = [GlobPattern("b"), GlobPattern("?")] }.count == 3)
    #expect(try items { $0.items = [GlobPattern("code")] } == ["a.code"])
    #expect(try items { $0.items = [GlobPattern("*code*")] } == ["a.code", "b.code_review"])
    #expect(try items { $0.items = [GlobPattern("a.*"), GlobPattern("plain")] }.count == 3)
    #expect(try items { $0.excludedItems = [GlobPattern("a.*")] } == ["b.code_review", "plain"])
    #expect(
      try items {
        $0.items = [GlobPattern("*code*")]
        $0.excludedItems = [GlobPattern("a.code")]
      } == ["b.code_review"])
  }

  @Test func `a name that fits nothing is an error with the nearest names`() {
    typealias Failure = Selection.SelectionError
    let cases: [((inout Selection) -> Void, Failure)] = [
      (
        { $0.items = [GlobPattern("a.cod")] },
        .noMatch(kind: "item", name: "a.cod", nearest: ["a.code"])
      ),
      (
        { $0.excludedItems = [GlobPattern("zzzzz")] },
        .noMatch(kind: "item", name: "zzzzz", nearest: [])
      ),
      (
        { $0.modules = ["extr"] },
        .noMatch(kind: "module", name: "extr", nearest: ["extra"])
      ),
      ({ $0.tags = ["rtc"] }, .noMatch(kind: "tag", name: "rtc", nearest: ["rct"])),
      ({ $0.types = ["surveys"] }, .noMatch(kind: "type", name: "surveys", nearest: ["survey"])),
      ({ $0.venues = ["ICSEE"] }, .noMatch(kind: "venue", name: "ICSEE", nearest: ["ICSE"])),
    ]
    for (change, expected) in cases {
      #expect(throws: expected) { try selection(change).applied(to: matrix) }
    }
    #expect(throws: Failure.self) {
      try selection { $0.categories = [GlobPattern("c*")] }.applied(to: matrix)
    }
    #expect(
      Failure.noMatch(kind: "tag", name: "rtc", nearest: ["rct"]).description
        == "no tag is called 'rtc'; the nearest is rct")
    #expect(
      Failure.noMatch(kind: "tag", name: "q", nearest: []).description == "no tag is called 'q'")
    #expect(
      Failure.unknown(kind: "tag", name: "llm", known: ["rct", "survey"]).description
        == "no tag is called 'llm'; papers have rct, survey")
    #expect(
      Failure.unknown(kind: "tag", name: "llm", known: []).description
        == "no tag is called 'llm'; no paper states a tag")
  }
}
