import SurveyStats
import Testing

@Suite struct DuplicatesTests {
  private func duplicates(_ papers: [Paper], _ policy: DuplicatePolicy = .newest) -> Duplicates {
    Duplicates(of: papers, policy: policy) { papers[$0].slug + "/scan.json" }
  }

  private let pair = [
    Paper(slug: "a-2025", year: 2026, version: 2, arxivID: "2509.21890"),
    Paper(slug: "a-2025-2", year: 2025, version: 3, arxivID: "2509.21890"),
    Paper(slug: "b-2025", year: 2025, version: 3),
  ]

  @Test func `a policy chooses the slug that is kept`() {
    #expect(duplicates(pair).kept == [1, 2])
    #expect(duplicates(pair, .first).kept == [0, 2])
    #expect(duplicates(pair, .keep).kept == [0, 1, 2])
    #expect(duplicates(pair).groups.map(\.slugs) == [["a-2025", "a-2025-2"]])
    #expect(duplicates(pair).groups.map(\.kept) == ["a-2025-2"])
  }

  @Test func `each dropped slug is named with what matched`() {
    #expect(
      duplicates(pair).problems.map(\.description) == [
        "a-2025/scan.json: the same arXiv identifier 2509.21890 as a-2025-2; "
          + "a-2025-2 is kept and a-2025 left out; remove one, or count both with "
          + "--duplicates keep"
      ])
    #expect(duplicates(pair, .keep).problems.map(\.kind) == [.duplicatePaper])
  }

  @Test func `equal versions are decided by year, then by order`() {
    var papers = [
      Paper(slug: "a", year: 2024, version: 3, doi: "10.1000/1"),
      Paper(slug: "b", year: 2025, version: 3, doi: "10.1000/1"),
      Paper(slug: "c", year: 2025, version: 3, doi: "10.1000/1"),
    ]
    #expect(duplicates(papers).kept == [1])
    papers[0].year = 2025
    #expect(duplicates(papers).kept == [0])
  }

  @Test func `titles match whatever their case and punctuation`() {
    let papers = [
      Paper(slug: "a", title: "Emergent Abilities: of Large-Language Models"),
      Paper(slug: "b", title: "emergent abilities of large language models?"),
      Paper(slug: "c", title: "AutoGen"), Paper(slug: "d", title: "Autogen!"),
      Paper(slug: "e", title: ""), Paper(slug: "f", title: ""), Paper(slug: "g"), Paper(slug: "h"),
    ]
    #expect(duplicates(papers).groups.map(\.slugs) == [["a", "b"]])
  }

  @Test func `links through a third slug join a group`() {
    let papers = [
      Paper(slug: "a", arxivID: "2308.08155"),
      Paper(slug: "b", title: "Enabling next generation", doi: "10.1000/1"),
      Paper(slug: "c", title: "Enabling Next Generation", doi: "10.48550/arxiv.2308.08155"),
    ]
    let found = duplicates(papers)
    #expect(found.groups.map(\.slugs) == [["a", "b", "c"]])
    #expect(found.groups.map(\.kept) == ["a"])
    #expect(
      found.problems.map(\.message) == [
        "the same title as c", "the same arXiv identifier 2308.08155 as a",
      ])
  }

  @Test func `scans of one slug are no duplicates and go together`() {
    let papers = [
      Paper(slug: "a", version: 3, arxivID: "2509.21890"),
      Paper(slug: "a", version: 4, arxivID: "2509.21890"),
      Paper(slug: "b", version: 3, arxivID: "2509.21890"),
    ]
    #expect(duplicates(papers).kept == [0, 1])
    #expect(duplicates(Array(papers.prefix(2))).groups.isEmpty)
  }

  @Test func `a corpus loses its duplicates with a note`() {
    let scans = pair.map { Scan(paper: $0, file: $0.slug, version: $0.version ?? 1, answers: []) }
    let corpus = Corpus(scans: scans).resolvingDuplicates()
    #expect(corpus.scans.map(\.paper.slug) == ["a-2025-2", "b-2025"])
    #expect(corpus.problems.map(\.severity) == [.note])
  }
}
