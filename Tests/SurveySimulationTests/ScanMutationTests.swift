import SurveySimulation
import SurveyStats
import Testing

@Suite struct ScanMutationTests {
  private let text = Array(#"{"paper": {"title": "A study"}, "checklist": {}}"#.utf8)

  @Test func `a mutant is a function of the texts, the seed and its number`() {
    let mutation = ScanMutation(seed: 7)
    let mutants = (0..<50).map { mutation.mutant($0, of: text) }
    #expect(mutants == (0..<50).map { ScanMutation(seed: 7).mutant($0, of: text) })
    #expect(mutants != (0..<50).map { ScanMutation(seed: 8).mutant($0, of: text) })
    #expect(mutants[49] == mutation.mutant(49, of: text))
  }

  @Test func `almost all mutants differ from the scan and from each other`() throws {
    let simulation = try CorpusSimulation(CorpusSimulation.Parameters(paperCount: 1))
    let scan = try #require(simulation.files(ofPaper: 0).first).bytes
    let mutants = (0..<1000).map { ScanMutation(seed: 1).mutant($0, of: scan) }
    #expect(Set(mutants).count > 800)
    #expect(mutants.count { $0 == scan } < 50)
  }

  @Test func `an empty text stays empty and an empty donor does no harm`() {
    for number in 0..<100 {
      #expect(ScanMutation(seed: 1).mutant(number, of: []).isEmpty)
      _ = ScanMutation(seed: 1).mutant(number, of: text, donor: [])
    }
  }
}
