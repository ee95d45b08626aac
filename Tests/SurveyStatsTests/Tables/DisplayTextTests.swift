import SurveyStats
import Testing

@Suite struct DisplayTextTests {
  @Test(arguments: [
    ("plain", "plain"), ("a\nb\r\tc", "a\\nb\\r\\tc"),
    ("\u{0}\u{1B}[2J\u{7F}\u{9B}", "\\u{0}\\u{1B}[2J\\u{7F}\\u{9B}"),
    ("\u{202E}x\u{2066}\u{200F}", "\\u{202E}x\\u{2066}\\u{200F}"), ("a\u{2028}b", "a\\u{2028}b"),
    ("👩‍👩‍👧 é 漢", "👩‍👩‍👧 é 漢"), ("\u{FEFF}\u{E0041}", "\\u{FEFF}\\u{E0041}"),
  ]) func `invisible characters become visible`(text: String, visible: String) {
    #expect(DisplayText.visible(text) == visible)
  }

  @Test func `space may be folded`() {
    #expect(DisplayText.visible("a\nb\tc\u{0}", foldingSpace: true) == "a b c\\u{0}")
  }

  @Test(arguments: [
    ("", 0), ("abc", 3), ("漢字", 4), ("e\u{301}", 1), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("❤\u{FE0F}", 2), ("é", 1),
    ("한", 2), ("ｆ", 2),
  ]) func `wide characters take two cells`(text: String, width: Int) {
    #expect(DisplayText.width(text) == width)
  }

  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("漢字漢字", 6, "漢字…"), ("漢字漢字", 5, "漢字…"),
    ("漢字漢字", 4, "漢…"),
  ]) func `text is cut to cells`(text: String, limit: Int, cut: String) {
    #expect(DisplayText.truncated(text, to: limit) == cut)
  }
}
