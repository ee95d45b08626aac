import SurveySimulation
import SurveyStats
import Testing

@Suite struct ChecklistWalkTests {
  @Test func `applies decides between an answer and NA`() {
    let corpus = ScanText.read(
      ScanText.make(
        checklist: """
          {"a": {"yes": \(ScanText.yes), "no": \(ScanText.no), "na": \(ScanText.notApplicable),
          "bare_na": {"applies": false}, "null_na": {"applies": false, "answer": null}}}
          """))
    #expect(
      corpus.cells() == [
        "a.yes": .yes, "a.no": .no, "a.na": .notApplicable, "a.bare_na": .notApplicable,
        "a.null_na": .notApplicable,
      ])
    #expect(corpus.problems.isEmpty)
  }

  @Test func `an answer of yes where nothing applies is NA and counted`() {
    let corpus = ScanText.read(
      ScanText.make(checklist: #"{"a": {"b": {"applies": false, "answer": true}}}"#))
    #expect(corpus.cells() == ["a.b": .notApplicable])
    #expect(corpus.scans.first?.contradictionCount == 1)
    #expect(corpus.scans.first?.paper.covariates["contradictory_answers"] == "1")
    #expect(corpus.kinds == [.contradictoryAnswer])
    #expect(corpus.places == ["checklist.a.b"])
  }

  @Test(arguments: [
    (#"{"applies": "yes", "answer": true}"#, "checklist.a.b.applies", ScanProblem.Kind.wrongType),
    (#"{"applies": true, "answer": 1}"#, "checklist.a.b.answer", .wrongType),
    (#"{"applies": false, "answer": "no"}"#, "checklist.a.b.answer", .wrongType),
    (#"{"applies": true, "answer": null}"#, "checklist.a.b", .incompleteItem),
    (#"{"applies": true}"#, "checklist.a.b", .incompleteItem),
    (#"{"answer": true}"#, "checklist.a.b", .incompleteItem),
    (#""yes""#, "checklist.a.b", .wrongType), ("true", "checklist.a.b", .wrongType),
    ("{}", "checklist.a.b", .wrongType), ("[]", "checklist.a.b", .wrongType),
    (#"{"verdict": 1}"#, "checklist.a.b.verdict", .wrongType),
  ]) func `an unusable item is absent and reported`(
    item: String, place: String, kind: ScanProblem.Kind
  ) {
    let corpus = ScanText.read(
      ScanText.make(checklist: #"{"a": {"b": \#(item), "c": \#(ScanText.no)}}"#))
    #expect(corpus.cells() == ["a.c": .no])
    #expect(corpus.items == [ItemID("a.c")])
    #expect(corpus.places == [place])
    #expect(corpus.kinds == [kind])
    #expect(corpus.problems.map(\.severity) == [.leftOut])
  }

  @Test func `a type checklist gives the same items however it is nested`() {
    let item = ScanText.yes
    for nested in [
      #"{"artifacts": {"code_released": \#(item)}}"#,
      #"{"empirical": {"artifacts": {"code_released": \#(item)}}}"#,
      #"{"empirical": {"artifacts": {"sub_questions": {"code_released": \#(item)}}}}"#,
    ] {
      let corpus = ScanText.read(
        ScanText.make(
          checklist: #"{"claims": {"bounded": \#(ScanText.no)}}"#,
          rest: #""paper_type": "empirical", "type_checklist": \#(nested)"#))
      #expect(corpus.cells() == ["claims.bounded": .no, "artifacts.code_released": .yes])
      #expect(corpus.origins.map(\.inChecklist) == [true, false])
      #expect(corpus.origins.map(\.paperTypes) == [[], ["empirical"]])
      #expect(corpus.problems.isEmpty)
    }
  }

  @Test func `items of one name in two places are told apart by their paths`() async throws {
    func scan(_ typeChecklist: String) -> String {
      ScanText.make(rest: #""paper_type": "position", "type_checklist": \#(typeChecklist)"#)
    }
    let both = scan(
      #"{"a": {"x": {"q": \#(ScanText.yes), "r": \#(ScanText.no)}}, "b": {"x": {"q": \#(ScanText.no)}}}"#
    )
    let one = scan(#"{"b": {"x": {"q": \#(ScanText.notApplicable)}}}"#)
    let corpus = ScanText.read(both)
    #expect(corpus.cells()["a.x.q"] == .yes && corpus.cells()["b.x.q"] == .no)
    #expect(corpus.cells()["x.r"] == .no && corpus.cells()["x.q"] == nil)
    #expect(corpus.problems.isEmpty)
    #expect(ScanText.read(one).cells()["x.q"] == .notApplicable)
    // Both papers of a corpus name the item alike, whichever comes first.
    for (first, second) in [(one, both), (both, one)] {
      let folder = try TemporaryFolder()
      try folder.write(first, to: "papers/a-2025/scan.json")
      try folder.write(second, to: "papers/b-2025/scan.json")
      let read = try await ScanReader().read([folder.path])
      let cells = [read.cells(0), read.cells(1)]
      #expect(cells.allSatisfy { $0["x.q"] == nil })
      #expect(Set(cells.map { $0["b.x.q"] }) == [.no, .notApplicable])
      #expect(Set(cells.map { $0["a.x.q"] }) == [.yes, nil])
    }
  }

  @Test func `items directly in a module take its name as their category`() {
    let corpus = ScanText.read(
      ScanText.make(
        rest: #""paper_type": "position", "type_checklist": {"argument": {"x": \#(ScanText.no)}}"#))
    #expect(corpus.cells()["argument.x"] == .no)
    let direct = ScanText.read(
      ScanText.make(rest: #""paper_type": "position", "type_checklist": {"x": \#(ScanText.no)}"#))
    #expect(direct.cells()["position.x"] == .no)
  }

  @Test func `an item directly in the checklist has no category`() {
    let corpus = ScanText.read(ScanText.make(checklist: #"{"open": \#(ScanText.yes)}"#))
    #expect(corpus.items == [ItemID(category: "", name: "open")])
  }

  @Test func `a category answered as an item loses its own answer`() {
    let corpus = ScanText.read(
      ScanText.make(
        checklist: """
          {"claims": {"applies": true, "answer": true, "justification": "all", "source": "haiku",
          "sub_questions": {"bounded": \(ScanText.no), "causal": \(ScanText.notApplicable)}}}
          """))
    #expect(corpus.cells() == ["claims.bounded": .no, "claims.causal": .notApplicable])
    #expect(corpus.kinds == [.answeredCategory])
    #expect(corpus.places == ["checklist.claims"])
    #expect(corpus.scans.first?.paper.rater == nil)
  }

  @Test func `the first of two answers to one item is kept`() {
    let corpus = ScanText.read(
      ScanText.make(
        checklist: #"{"a": {"b": \#(ScanText.yes)}}"#,
        rest: #""type_checklist": {"a": {"b": \#(ScanText.no)}}"#))
    #expect(corpus.cells() == ["a.b": .yes])
    #expect(corpus.kinds == [.repeatedItem])
    #expect(corpus.places == ["type_checklist.a.b"])
  }

  @Test func `the first of two members of one name is kept`() {
    let corpus = ScanText.read(
      ScanText.make(
        checklist: """
          {"a": {"b": \(ScanText.yes), "b": \(ScanText.no)}, "a": {"c": \(ScanText.yes)},
          "d": {"e": {"applies": true, "answer": true, "answer": false}}}
          """))
    #expect(corpus.cells() == ["a.b": .yes, "d.e": .yes])
    #expect(corpus.kinds == [.duplicateKey, .duplicateKey, .duplicateKey])
    #expect(corpus.places == ["checklist.a.b", "checklist.a", "checklist.d.e.answer"])
  }

  @Test func `sources make the rater`() {
    let corpus = ScanText.read(
      ScanText.make(
        checklist: """
          {"a": {"b": {"applies": true, "answer": true, "source": "opus"},
          "c": {"applies": true, "answer": true, "source": "haiku"},
          "d": {"applies": true, "answer": true, "source": "opus"},
          "e": {"applies": true, "answer": true, "source": 3}, "f": \(ScanText.yes)}}
          """))
    #expect(corpus.scans.first?.paper.rater == "haiku+opus")
    #expect(corpus.sources == ["opus", "haiku"])
    #expect(corpus.scans.first?.answers.map(\.source) == [0, 1, 0, nil, nil])
    #expect(corpus.places == ["checklist.a.e.source"])
    #expect(ScanText.read(ScanText.make()).scans.first?.paper.rater == nil)
  }

  @Test func `null and empty categories are modules that were not asked`() {
    let corpus = ScanText.read(
      ScanText.make(checklist: #"{"a": {"b": \#(ScanText.yes)}, "m": null, "n": {}}"#))
    #expect(corpus.items == [ItemID("a.b")])
    #expect(corpus.problems.isEmpty)
  }

  @Test func `a dot in an item's name does not move the category`() {
    let corpus = ScanText.read(ScanText.make(checklist: #"{"a": {"b.c": \#(ScanText.yes)}}"#))
    #expect(corpus.items == [ItemID(category: "a", name: "b_c")])
  }

  /// A category with a remark is not read at a stroke.
  @Test(arguments: 0..<50) func `a category is read alike at a stroke and item by item`(
    seed: UInt64
  ) {
    let parts = [
      #""applies": true"#, #""applies": false"#, #""applies": null"#, #""answer": true"#,
      #""answer": false"#, #""answer": null"#, #""source": "opus""#, #""source": " haiku""#,
      #""source": null"#, #""source": 1"#, #""note": {"answer": true}"#, #""sub_questions": {}"#,
    ]
    var order = (0..<1_000).shuffled(seed: seed)[...]
    func draw(_ limit: Int) -> Int { (order.popFirst() ?? 0) % limit }
    func item() -> String {
      let isPlain = draw(8) > 0
      let first = parts[isPlain ? draw(2) : draw(3)]
      let second = parts[3 + (isPlain ? draw(2) : draw(3))]
      let third = parts[6 + (isPlain ? draw(3) : draw(6))]
      return draw(9) == 0 ? "[]" : "{\(first), \(second), \(third)}"
    }
    func category(_ number: Int) -> [String] {
      (0...draw(5)).map { index in
        let name = draw(30) == 0 ? "" : draw(30) == 0 ? "answer" : "i\(index + number % 2)"
        return "\"\(name)\": \(draw(12) == 0 ? "{\"inner\": \(item())}" : item())"
      }
    }
    let categories = (0..<6).map { category($0) }
    func read(remark: Bool) -> Corpus {
      let texts = categories.enumerated().map { number, items in
        let all = remark ? items + ["\"justification\": \"seen\""] : items
        let body = "{\(all.joined(separator: ", "))}"
        return number % 3 == 2
          ? #""module": {"c\#(number % 2)": \#(body)}"# : #""c\#(number)": \#(body)"#
      }
      let half = texts.count / 2
      return ScanText.read(
        ScanText.make(
          checklist: "{\(texts[..<half].joined(separator: ", "))}",
          rest: "\"type_checklist\": {\(texts[half...].joined(separator: ", "))}"))
    }
    let atAStroke = read(remark: false)
    let itemByItem = read(remark: true)
    #expect(atAStroke.cells() == itemByItem.cells())
    #expect(atAStroke.items == itemByItem.items && atAStroke.origins == itemByItem.origins)
    #expect(atAStroke.sources == itemByItem.sources)
    #expect(atAStroke.scans.map(\.answers) == itemByItem.scans.map(\.answers))
    #expect(atAStroke.problems == itemByItem.problems)
    #expect(atAStroke.scans.map(\.paper) == itemByItem.scans.map(\.paper))
  }

  @Test func `a flood of problems is cut off`() throws {
    let items = (0..<1_000).map { "\"i\($0)\": 0" }.joined(separator: ",")
    let corpus = ScanText.read(
      ScanText.make(checklist: #"{"a": {\#(items), "b": \#(ScanText.yes)}}"#))
    #expect(corpus.problems.count == 101)
    let last = try #require(corpus.problems.last)
    #expect(last.kind == .furtherProblems)
    #expect(last.message == "900 further problems")
    #expect(last.severity == .leftOut)
  }
}
