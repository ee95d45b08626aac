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
          + "`duplicates: keep`"
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

  @Test func `equal titles with other identifiers are different papers`() {
    let title = "A Survey of Large Language Models"
    let papers = [
      Paper(slug: "a", title: title, arxivID: "2303.18223"),
      Paper(slug: "b", title: title, arxivID: "2501.11111"),
      Paper(slug: "c", title: title.lowercased()), Paper(slug: "d", title: title, doi: "10.1000/1"),
      Paper(slug: "e", title: title, doi: "10.1000/2"),
      Paper(slug: "f", title: title, doi: "10.1000/3"),
    ]
    #expect(duplicates(Array(papers[0...1])).groups.isEmpty)
    #expect(duplicates(papers).groups.map(\.slugs) == [["a", "c", "d"], ["b", "e"]])
    #expect(duplicates(papers.reversed()).kept.count == 3)
  }

  @Test func `placeholders and generic titles identify nothing`() {
    let papers = ["N/A", "unknown", "none", "?", "0", "10.1145/nnnnnnn.nnnnnnn"].flatMap {
      (text: String) -> [Paper] in
      (0..<2).map {
        Paper(
          slug: "\(text)\($0)", title: "Title not available", arxivID: text, doi: text, pmid: "0")
      }
    }
    #expect(duplicates(papers).groups.isEmpty)
  }

  @Test func `identifiers match however they are written`() {
    let papers = [
      Paper(slug: "a", doi: "10.1145/3377811.3380330"),
      Paper(slug: "b", doi: "https://doi.org/10.1145/3377811.3380330"),
      Paper(slug: "c", doi: "DOI:10.1145/3377811.3380330"),
      Paper(slug: "d", arxivID: "arXiv:2301.00001"),
      Paper(slug: "e", arxivID: "https://arxiv.org/abs/2301.00001v3"),
      Paper(slug: "f", doi: "10.48550/arXiv.2301.00001"), Paper(slug: "g", pmid: "PMID: 12345"),
      Paper(slug: "h", pmid: "12345"),
    ]
    #expect(
      duplicates(papers).groups.map(\.slugs) == [["a", "b", "c"], ["d", "e", "f"], ["g", "h"]])
  }

  /// One group, groups of two by titles without identifiers, and titles with identifiers of their own.
  @Test(.timeLimit(.minutes(1)), arguments: 0..<4)
  func `grouping is linear whatever the keys`(kind: Int) {
    let count = 40_000
    let papers = (0..<count).map { row in
      switch kind {
      case 0: Paper(slug: "\(row)", arxivID: "2301.00001")
      case 1: Paper(slug: "\(row)", title: "A title of paper number \(row / 2)")
      case 2:
        Paper(slug: "\(row)", title: "One title of all the papers", doi: "10.1000/\(row)")
      default: Paper(slug: "same", title: "A title of paper number \(row)", version: row)
      }
    }
    let start = ContinuousClock().now
    let found = duplicates(papers)
    #expect(ContinuousClock().now - start < .seconds(30))
    #expect(found.kept.count == [1, count / 2, count, count][kind])
  }

  @Test func `a corpus loses its duplicates with a note`() {
    let scans = pair.map { Scan(paper: $0, file: $0.slug, version: $0.version ?? 1, answers: []) }
    let corpus = Corpus(scans: scans).resolvingDuplicates()
    #expect(corpus.scans.map(\.paper.slug) == ["a-2025-2", "b-2025"])
    #expect(corpus.problems.map(\.severity) == [.note])
  }
}
