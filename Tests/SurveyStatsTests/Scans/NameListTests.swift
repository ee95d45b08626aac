import Testing

@testable import SurveyStats

@Suite struct NameListTests {
  @Test func `names are trimmed, divided and kept once`() {
    let list = NameList([" rct ", "survey; rct;;theory", "", " ; "])
    #expect(list.names == ["rct", "survey", "theory"])
    #expect(list.joined == "rct;survey;theory")
    #expect(NameList([]).names.isEmpty)
  }
}
