import Testing

@testable import SurveyStats

@Suite struct PaperIdentifiersTests {
  @Test(arguments: [
    ("10.48550/arXiv.2406.13229", "10.48550/arxiv.2406.13229"),
    ("https://doi.org/10.1145/3544548.3580919", "10.1145/3544548.3580919"),
    ("http://dx.doi.org/10.1016/J.JSS.2024.1", "10.1016/j.jss.2024.1"),
    ("doi: 10.1000/182", "10.1000/182"), ("10.1000.10/xx", "10.1000.10/xx"),
    ("10.5555/synthetic.0", "10.5555/synthetic.0"), ("10.1000/Axxi", "10.1000/axxi"),
    ("10.1000/fxxx", "10.1000/fxxx"), (" 10.1000/1", "10.1000/1"),
    ("https://dl.acm.org/doi/abs/10.1145/3377811.3380330?download=true", "10.1145/3377811.3380330"),
    ("https://onlinelibrary.wiley.com/doi/10.1002/smr.2/full", "10.1002/smr.2"),
    ("10.1016%2Fj.jss.2024.1", "10.1016/j.jss.2024.1"), ("10.1000/182.", "10.1000/182"),
    ("https://doi.org/10.1000/182/", "10.1000/182"), ("10.1037/0000165-000", "10.1037/0000165-000"),
  ]) func `a DOI is read as people write it`(text: String, doi: String) {
    #expect(DOI.read(text) == .identifier(doi))
  }

  @Test(arguments: [
    "XXXXXXX.XXXXXXX", "10.1145/nnnnnnn.nnnnnnn", "10.1145/XXXXXXX.XXXXXXX",
    "https://doi.org/10.1145/3xxxxxx.3xxxxxx", "10.1145/1122445.1122456",
    "10.1145/0000000.0000000", "10.1145/1234567.1234567",
  ]) func `a template's DOI is a placeholder`(text: String) {
    #expect(DOI.read(text) == .placeholder)
  }

  @Test(arguments: [
    "see text", "N/A", "unknown", "none", "?", "TBD", "0", "10.1145", "10.1145/", "11.1145/1",
    "10.x/1", "10.1145/a b",
  ])
  func `other text is no DOI`(text: String) { #expect(DOI.read(text) == .invalid) }

  @Test func `an empty DOI is missing`() { #expect(DOI.read("  ") == .missing) }

  @Test func `a DOI of arXiv names its identifier`() {
    #expect(DOI.arXivID("10.48550/arxiv.2406.13229") == "2406.13229")
    #expect(DOI.arXivID("10.1145/2406.13229") == nil)
  }

  @Test(arguments: [
    ("2502.17356", "2502.17356"), ("arXiv:2502.17356v3", "2502.17356"),
    ("https://arxiv.org/abs/2502.17356", "2502.17356"),
    ("https://arxiv.org/pdf/0704.0001v1.pdf", "0704.0001"), ("cs/0112017v1", "cs/0112017"),
    ("math.GT/0309136", "math.gt/0309136"), ("10.48550/arXiv.2502.17356", "2502.17356"),
    ("https://doi.org/10.48550/arXiv.2502.17356v2", "2502.17356"),
    ("arXiv preprint arXiv:2502.17356 [cs.SE]", "2502.17356"), ("2502.17356v10", "2502.17356"),
    ("https://arxiv.org/abs/2502.17356?context=cs", "2502.17356"),
    ("https://huggingface.co/papers/2502.17356", "2502.17356"),
  ]) func `an arXiv identifier loses prefix and version`(text: String, identifier: String) {
    #expect(ArXivIdentifier.normalized(text) == identifier)
  }

  @Test(arguments: [
    "", "N/A", "none", "unknown", "n/a", "null", "nan", "?", "0", "XXXX.XXXXX", "2513.17356",
    "2500.17356", "250.17356", "2502.173567", "v2",
  ])
  func `other text is no arXiv identifier`(text: String) {
    #expect(ArXivIdentifier.normalized(text) == nil)
  }

  @Test func `identifiers of PubMed and OpenAlex are read as people write them`() {
    for text in [
      "31452104", "PMID: 31452104", "https://pubmed.ncbi.nlm.nih.gov/31452104/", "31452104.0",
    ] {
      #expect(PubMedIdentifier.normalized(text) == "31452104")
    }
    for text in ["W2741809807", "https://openalex.org/W2741809807", "openalex:w2741809807"] {
      #expect(OpenAlexIdentifier.normalized(text) == "W2741809807")
    }
    for text in ["", "0", "n/a", "12a", "PMC1234567", "123456789"] {
      #expect(PubMedIdentifier.normalized(text) == nil)
      #expect(OpenAlexIdentifier.normalized(text) == nil)
    }
  }
}
