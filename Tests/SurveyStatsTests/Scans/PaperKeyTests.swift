import Testing

@testable import SurveyStats

@Suite struct PaperKeyTests {
  @Test func `fingerprints are equal where keys are equal`() {
    let papers = [
      Paper(slug: "a", title: "Emergent Abilities: of Models", doi: "10.48550/arxiv.2308.08155"),
      Paper(slug: "b", title: "emergent abilities — of models", arxivID: "2308.08155"),
      Paper(slug: "c", title: "Émergent abilities of models", doi: "10.1000/1"),
      Paper(slug: "d", title: "ÉMERGENT abilities of models?"), Paper(slug: "e", title: "AutoGen"),
      Paper(slug: "f", title: "Ünläutë"), Paper(slug: "g"),
    ]
    for kind in PaperKey.Kind.allCases {
      for left in papers {
        for right in papers {
          let prints = (
            PaperKey.fingerprint(kind, of: left), PaperKey.fingerprint(kind, of: right)
          )
          let keys = (PaperKey(kind, of: left), PaperKey(kind, of: right))
          #expect((prints.0 == prints.1) == (keys.0 == keys.1), "\(left.slug) \(right.slug)")
          #expect((prints.0 == nil) == (keys.0 == nil))
          #expect(PaperKey.agree(kind, left, right) == (keys.0 != nil && keys.0 == keys.1))
        }
      }
    }
  }

  @Test func `kinds have fingerprints of their own`() {
    let paper = Paper(slug: "a", arxivID: "10.1000/1", doi: "10.1000/1")
    #expect(PaperKey.fingerprint(.arXiv, of: paper) != PaperKey.fingerprint(.doi, of: paper))
  }
}
