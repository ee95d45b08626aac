import Testing

@testable import SurveyExplorer

struct DeflateTests {
  @Test func `base64 pads its last group`() {
    #expect(Base64.encode([]) == [])
    #expect(Base64.encode(Array("f".utf8)) == Array("Zg==".utf8))
    #expect(Base64.encode(Array("fo".utf8)) == Array("Zm8=".utf8))
    #expect(Base64.encode(Array("foo".utf8)) == Array("Zm9v".utf8))
  }
}
