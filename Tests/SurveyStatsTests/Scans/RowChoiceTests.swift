import SurveyStats
import Testing

@Suite struct RowChoiceTests {
  private let corpus = Corpus(
    scans: [("a", 3), ("a", 4), ("a", 5), ("b", 2), ("c", 4)].map { slug, version in
      Scan(
        paper: Paper(slug: slug, version: version), file: "\(slug)-\(version)", version: version,
        answers: [])
    })

  @Test(arguments: [
    (VersionChoice.newest, ["a-5", "b-2", "c-4"]), (.version(4), ["a-4", "c-4"]),
    (.version(1), []), (.versions([2, 4]), ["a-4", "b-2", "c-4"]),
    (.all, ["a-3", "a-4", "a-5", "b-2", "c-4"]),
  ]) func `a choice keeps its scans`(choice: VersionChoice, files: [String]) {
    let chosen = corpus.choosing(choice)
    #expect(chosen.scans.map(\.file) == files)
    #expect(chosen.problems.isEmpty)
  }

  @Test func `a second scan of the same version is left out with a problem`() {
    var doubled = corpus
    doubled.scans.append(
      Scan(paper: Paper(slug: "b", version: 2), file: "other", version: 2, answers: []))
    for choice in [VersionChoice.newest, .all] {
      let chosen = doubled.choosing(choice)
      #expect(!chosen.scans.map(\.file).contains("other"))
      #expect(
        chosen.problems.map(\.description) == [
          "other: b has a version 2 in b-2 already; the first is kept; rename or remove one"
        ])
    }
  }

  private let rows = [
    RowID(paper: "p", version: 2, rater: "good"), RowID(paper: "p", version: 3, rater: "quick"),
    RowID(paper: "q", version: 3, rater: "quick"), RowID(paper: "r", version: 2, rater: "good"),
    RowID(paper: "r", version: 3, rater: "good"), RowID(paper: "s", version: 3, rater: "other"),
  ]

  @Test func `the newest version replaces another rater, which is counted`() {
    let chosen = RowChoice()(rows)
    #expect(chosen.kept == [1, 2, 4, 5] && chosen.leftOutCount == 2)
    #expect(chosen.otherVersionCount == 2 && chosen.otherRaterCount == 1)
  }

  @Test func `an order of raters goes before the version`() {
    let chosen = RowChoice(raterOrder: ["Good", "quick"])(rows)
    #expect(chosen.kept == [0, 2, 4, 5])
    #expect(chosen.otherRaterCount == 1 && chosen.unorderedCount == 1)
    #expect(RowChoice(raters: ["good"])(rows).kept == [0, 4])
    #expect(RowChoice(versions: .all, raters: ["good"])(rows).kept == [0, 3, 4])
    #expect(RowChoice(versions: .version(2), raterOrder: ["quick"])(rows).kept == [0, 3])
  }

  @Test func `all raters of a version count unless one is preferred`() {
    let rows = ["A", "B", "C"].map { RowID(paper: "p", rater: $0) }
    #expect(RowChoice()(rows).kept == [0, 1, 2])
    #expect(RowChoice(raterOrder: ["C", "A"])(rows).kept == [2])
    #expect(RowChoice(raters: ["a", "b"])(rows).kept == [0, 1])
  }

  @Test func `scans of one version by two raters are two rows`() {
    let corpus = Corpus(
      scans: ["opus", "haiku", "opus"].map {
        Scan(paper: Paper(slug: "p", version: 4, rater: $0), file: $0, version: 4, answers: [])
      })
    #expect(corpus.choosing(.newest).scans.map(\.file) == ["opus", "haiku"])
    #expect(corpus.choosing(.newest).problems.count == 1)
  }
}
