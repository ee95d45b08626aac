import Testing

@testable import SurveyStats

@Suite struct VenueTests {
  @Test(arguments: [
    "arXiv", "arXiv.org", "arXiv preprint", "ARXIV", " arxiv  Preprint ", "arXiv e-prints",
    "arXiv (math.HO)", "arXiv (Manuscript submitted to ACM)", "arXiv [cs.CL]",
    "arXiv preprint arXiv:2406.13229", "arXiv:2502.17356v2", "arXiv.org preprint",
  ]) func `spellings of arXiv are one`(text: String) {
    #expect(Venue.normalized(text) == "arXiv")
  }

  @Test(arguments: ["", "  ", "Unknown", "unknown", "N/A", "Unknown (appears to be a journal)"])
  func `no venue is nil`(text: String) { #expect(Venue.normalized(text) == nil) }

  @Test(arguments: [
    ("  NeurIPS\n2025 ", "NeurIPS 2025"), ("Preprint", "Preprint"),
    ("arXiv / Science", "arXiv / Science"), ("bioRxiv", "bioRxiv"),
  ]) func `other venues keep their spelling`(text: String, venue: String) {
    #expect(Venue.normalized(text) == venue)
  }
}
