import SurveyStats
import SurveyReport
import Testing

@testable import metastat

@Suite struct ReportReplayTests {
  @Test func `the arguments that make no difference are not recorded`() {
    #expect(
      ReportCommand.recorded([
        "metastat", "report", "papers", "-o", "out", "--seed", "7", "--jobs=2", "-v", "--replace",
      ]) == ["report", "papers", "--seed", "7"])
  }

  @Test func `other commands are left alone`() throws {
    let arguments = ["rates", "papers", "--manifest", "m.json"]
    #expect(try ReportReplay.expanding(arguments) == arguments)
  }

  @Test func `a manifest that is not there is an error`() {
    #expect(throws: CommandFailure.self) {
      try ReportReplay.expanding(["report", "--manifest", "/nowhere/manifest.json"])
    }
  }

  @Test func `inputs that changed, came or went are named`() {
    let replay = ReportReplay(
      version: "0", arguments: [],
      inputs: [.init(path: "a", sha256: "1"), .init(path: "b", sha256: "2")])
    #expect(
      replay.differences(from: [.init(path: "a", sha256: "9"), .init(path: "c", sha256: "3")])
        == ["a has changed", "b is gone", "c is new"])
    #expect(replay.differences(from: replay.inputs).isEmpty)
  }

  @Test func `sections are chosen by name`() throws {
    var choices = SectionChoices.all
    try choices.select(only: ["headline", "items"], skip: ["items"])
    #expect(choices.sections.map(\.id) == ["headline"])
    var unknown = SectionChoices.all
    #expect(throws: CommandFailure.self) { try unknown.select(only: ["headlines"], skip: []) }
  }
}
