import Testing

@testable import SurveyStats

@Suite struct CalibrationTests {
  private let checklist = """
    {"a": {"x": {"applies": true, "answer": true}, "y": {"applies": true, "answer": false}},
     "b": {"z": {"applies": false, "answer": false}}}
    """

  /// The scan: x yes, y yes, z does not apply.
  private var scan: BinaryMatrix {
    BinaryMatrix(
      text: ["11-"], papers: [Paper(slug: "p", version: 1)], items: ["a.x", "a.y", "b.z"])
  }

  private func check(_ json: String) throws -> CalibratedScans {
    CalibratedScans(scan, ["p": try Calibration(json: Array(json.utf8))])
  }

  @Test func `everything at the top`() throws {
    let found = try check(
      """
      {"paper_slug": "p", "calibration_model": "opus", "total_questions": 3, "agreement_count": 2,
       "disagreement_count": 1, "agreement_rate": 0.667, "opus_checklist": \(checklist),
       "disagreements": [{"category": "a", "question": "y", "direction": "sonnet_generous",
         "explanation": "no code"}]}
      """)
    #expect(found.checks[0].total == 3 && found.checks[0].agreements == 2)
    #expect(found.checks[0].notes.isEmpty && found.checks[0].calibration.rater == "opus")
    #expect(found.matrix.papers.map(\.rater) == ["scan", "calibration"])
    #expect(found.matrix[1, 1] == .no && found.matrix[1, 2] == .notApplicable)
    #expect(found.checks[0].calibration.differences[0].reason == "no code")
  }

  @Test func `within an object, with counts in place of lists`() throws {
    let found = try check(
      """
      {"calibration": {"paper_slug": "p", "agreement_rate": 1.0, "total_questions": 50,
        "agreements": 50, "disagreements": 0, "disagreement_details": []},
       "opus_checklist": \(checklist)}
      """)
    #expect(
      found.checks[0].notes == [
        "other-total", "other-agreements", "other-disagreements", "other-rate",
      ])
  }

  @Test func `beside metadata without counts`() throws {
    let found = try check(
      """
      {"calibration_metadata": {"opus_model": "claude-opus", "schema_version": 2},
       "opus_checklist": \(checklist)}
      """)
    #expect(found.checks[0].notes.isEmpty && found.checks[0].calibration.rater == "claude-opus")
  }

  @Test func `with flattened disagreements and no checklist`() throws {
    let found = try check(
      """
      {"paper_slug": "p", "agreement_rate": 66.7, "disagreements": [
        {"question": "a.x", "sonnet_applies": true, "sonnet_answer": true, "opus_applies": false,
         "opus_answer": false, "direction": "applies_boundary", "note": "a survey"},
        {"question": "a.unknown", "opus_applies": true, "opus_answer": true}]}
      """)
    let check = found.checks[0]
    #expect(check.total == 3 && check.agreements == 2)
    #expect(check.notes == ["other-disagreements", "unknown-items: 1", "no-checklist"])
    #expect(found.matrix[1, 0] == .notApplicable && found.matrix[1, 1] == .yes)
  }

  @Test(arguments: [
    ("{", CalibrationError.notJSON), ("[]", .notObject), ("{\"a\": 1}", .nothing),
    ("{\"total_questions\": 1e300}", .nothing),
  ]) func `what is no calibration says why`(json: String, error: CalibrationError) {
    #expect(throws: error) { try Calibration(json: Array(json.utf8)) }
    #expect(!error.description.isEmpty)
  }

  @Test func `calibrations of papers that were not scanned are named`() throws {
    let calibration = try Calibration(json: Array("{\"opus_checklist\": \(checklist)}".utf8))
    let found = CalibratedScans(scan, ["q": calibration])
    #expect(found.unknownPapers == ["q"] && found.checks.isEmpty && found.matrix.papers.isEmpty)
  }

  @Test func `sources of answers and duplicates are readings`() throws {
    let papers = [
      Paper(slug: "a", title: "One title of two papers", version: 2),
      Paper(slug: "b", title: "One title of two papers", version: 3), Paper(slug: "c"),
    ]
    let twice = BinaryMatrix(text: ["1", "0", "1"], papers: papers).readingsOfDuplicates()
    #expect(twice.papers.map(\.slug) == ["a", "a"])
    #expect(twice.papers.map(\.rater) == ["reading 1", "reading 2"])
    let corpus = Corpus(
      scans: [
        Scan(
          paper: Paper(slug: "p", version: 4, rater: "haiku+opus"), version: 4,
          answers: [
            Answer(item: 0, cell: .yes, source: 0), Answer(item: 1, cell: .no, source: 1),
          ]),
        Scan(
          paper: Paper(slug: "p", version: 5, rater: "haiku"), version: 5,
          answers: [
            Answer(item: 0, cell: .no, source: 1), Answer(item: 1, cell: .no, source: 1),
          ]),
      ], items: [ItemID("a.x"), ItemID("a.y")], sources: ["opus", "haiku"])
    let divided = BinaryMatrix(corpus).dividing(by: CellSources(corpus))
    #expect(divided.papers.map(\.rater) == ["opus", "haiku", "haiku"])
    let ratings = Ratings(divided, by: .rater)
    #expect(ratings.raters == ["haiku", "opus"] && ratings.supersededCount == 1)
    #expect(ratings[0, 0, 0] == .no && ratings[1, 0, 0] == .yes && ratings[1, 0, 1] == .absent)
  }
}
