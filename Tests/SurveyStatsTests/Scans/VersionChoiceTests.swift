import SurveyStats
import Testing

@Suite struct VersionChoiceTests {
  private let corpus = Corpus(
    scans: [("a", 3), ("a", 4), ("a", 5), ("b", 2), ("c", 4)].map { slug, version in
      Scan(
        paper: Paper(slug: slug, version: version), file: "\(slug)-\(version)", version: version,
        answers: [])
    })

  @Test(arguments: [
    (VersionChoice.newest, ["a-5", "b-2", "c-4"]), (.version(4), ["a-4", "c-4"]),
    (.version(1), []), (.all, ["a-3", "a-4", "a-5", "b-2", "c-4"]),
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
}
