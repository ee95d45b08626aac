import SurveyStats
import Testing

@Suite struct GlobPatternTests {
  @Test(arguments: [
    ("artifacts.*", "artifacts.code_released"), ("*", ""), ("*", "anything"), ("a?c", "abc"),
    ("*.code*", "artifacts.code_released"), ("**x", "aax"), ("plain", "plain"), ("", ""),
    ("*a*b*", "xxaxxbxx"), ("?é?", "aéb"),
  ]) func `text that fits`(pattern: String, text: String) {
    #expect(GlobPattern(pattern).matches(text))
  }

  @Test(arguments: [
    ("artifacts.*", "artifacts"), ("a?c", "ac"), ("plain", "plain2"), ("plain", "Plain"),
    ("", "a"), ("*x", "xa"), ("a*b", "ba"), ("?", ""), ("[ab]", "a"), ("a.c", "abc"),
  ]) func `text that does not fit`(pattern: String, text: String) {
    #expect(!GlobPattern(pattern).matches(text))
  }

  @Test func `many stars take no exponential time`() {
    let pattern = GlobPattern(String(repeating: "a*", count: 30) + "b")
    #expect(!pattern.matches(String(repeating: "a", count: 200)))
    #expect("\(GlobPattern("x*"))" == "x*")
  }
}
