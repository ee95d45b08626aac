import SurveyStats
import Testing

@Suite struct ScanProblemTests {
  @Test func `a problem is one line`() {
    let problem = ScanProblem(
      file: "a\nb/scan.json", place: "paper.\u{1B}[31m", kind: .wrongType,
      message: "found \"x\r\ny\u{2028}\u{202E}\"", remedy: "correct\tit", severity: .note)
    #expect(
      problem.description
        == #"a\nb/scan.json: paper.\u{1b}[31m: found "x\r\ny\u{2028}\u{202e}"; correct\tit"#)
  }

  @Test func `a problem of a whole file has no place`() {
    let problem = ScanProblem(
      file: "scan.json", kind: .emptyFile, message: "the file is empty", remedy: "scan again",
      severity: .leftOut)
    #expect(problem.description == "scan.json: the file is empty; scan again")
  }

  @Test func `kinds have stable names`() {
    #expect(ScanProblem.Kind.malformedJSON.rawValue == "malformed_json")
    #expect(
      ScanProblem.Kind.allCases.allSatisfy { kind in
        kind.rawValue.utf8.allSatisfy {
          $0 == UInt8(ascii: "_") || (97...122).contains($0) || $0 == 56
        }
      })
  }
}
