import SurveySimulation
import SurveyStats
import Testing

@Suite struct ScanFuzzTests {
  private let texts = [
    ScanText.make(
      checklist: """
        {"a": {"b": \(ScanText.yes), "c": \(ScanText.no), "d": \(ScanText.notApplicable)},
        "claims": {"applies": true, "answer": true, "sub_questions": {"e": \(ScanText.no)}}}
        """,
      rest: """
        "scan_version": 4, "paper_type": "empirical", "active_modules": ["x"],
        "type_checklist": {"empirical": {"f": {"g": {"applies": true, "answer": true,
        "source": "haiku"}}}}, "methodology_tags": ["rct"], "claims": [{"supported": "strong"}],
        "red_flags": [{"flag": "é\\n\\ud83d\\ude00"}], "cited_papers": [{"year": 2020}],
        "engagement_factors": {"h": {"score": 1}}, "hn_data": {"points": 1.5e3}
        """),
    ScanText.make(),
  ].map { Array($0.utf8) }

  @Test(arguments: 0..<20) func `no damage to a scan goes unnoticed or stops the reader`(
    block: Int
  ) {
    let reader = ScanReader(details: .all)
    let mutation = ScanMutation(seed: 1)
    for number in block * 100..<(block + 1) * 100 {
      let bytes = mutation.mutant(number, of: texts[number % texts.count], donor: texts[0])
      let corpus = reader.parse(bytes: bytes, file: "papers/a-2025/scan.json")
      #expect(corpus.filesFound == 1)
      #expect(corpus.scans.count == corpus.filesRead)
      #expect(
        corpus.filesRead == 1 || corpus.problems.contains { $0.severity == .leftOut },
        "mutant \(number) is left out without a problem")
      #expect(
        corpus.problems.allSatisfy { !$0.description.contains { $0.isNewline } },
        "mutant \(number) gives a problem of several lines")
      #expect(BinaryMatrix(corpus).items.count == corpus.items.count)
    }
  }
}
