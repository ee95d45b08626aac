import SurveyStats
import Testing

@Suite struct OptionFileTests {
  private struct Choices: Decodable, Equatable {
    struct Pair: Decodable, Equatable {
      var visible: String
      var weight: Double?
    }
    enum Rule: String, Decodable { case skip, undefined }

    var pairs: [Pair]
    var count: Int?
    var rule: Rule?
    var shares: [String: Double]?
    var flag: Bool?
  }

  private func message(_ text: String) -> String {
    do throws(OptionFileError) {
      _ = try OptionFile.decode(Choices.self, from: Array(text.utf8))
      return "none"
    } catch { return error.description }
  }

  @Test func `a file is read`() throws {
    let text = #"""
      {"pairs": [{"visible": "a\u00e9\ud83d\ude00\n\"", "weight": 1e3}, {"visible": ""}], "count": 2,
       "rule": "skip", "shares": {"x": 0.5, "y": -1}, "flag": true, "note": [1, {"z": 2}], "_own": 1}
      """#
    let value = try OptionFile.decode(Choices.self, from: Array(text.utf8))
    #expect(value.pairs == [.init(visible: "aé😀\n\"", weight: 1000), .init(visible: "")])
    #expect(value.count == 2 && value.rule == .skip && value.flag == true)
    #expect(value.shares == ["x": 0.5, "y": -1])
    let marked = [0xEF, 0xBB, 0xBF] + Array(text.utf8)
    #expect(try OptionFile.decode(Choices.self, from: marked) == value)
  }

  @Test(arguments: [
    ("", "line 1, column 1: not valid JSON"), ("{", "line 1, column 2: not valid JSON"),
    ("{\n \"pairs\": [}", "line 2, column 12: not valid JSON"),
    ("[]", "line 1, column 1: expected an object, found a list"),
    (#"{"pairs": {}}"#, "line 1, column 11: pairs: expected a list, found an object"),
    (#"{"pairs": [{}]}"#, "line 1, column 12: pairs[0]: 'visible' is missing"),
    (
      "{\"pairs\": [{\"visible\": \"a\"},\n  {\"visible\": 3}]}",
      "line 2, column 15: pairs[1].visible: expected text, found a number"
    ),
    (#"{"pairs": [], "count": 1.5}"#, "count: expected a whole number, found a number"),
    (#"{"pairs": [], "count": "1"}"#, "count: expected a whole number, found text"),
    (#"{"pairs": [], "flag": 1}"#, "flag: expected true or false, found a number"),
    (#"{"pairs": [], "rule": "no"}"#, "rule: none of the words"),
    (#"{"pairs": [], "shares": {"x": null}}"#, "shares.x: expected a number, found null"),
    (
      #"{"pairs": [], "counts": 1}"#,
      "line 1, column 15: the key \"counts\" means nothing here; the nearest is count"
    ),
    (#"{"pairs": [{"visible": "a", "wait": 1}]}"#, "pairs[0]: the key \"wait\" means nothing here"),
    (#"{"pairs": [], "pairs": []}"#, "line 1, column 15: the key \"pairs\" is there twice"),
    (#"{"pairs": [], "count": 1e999}"#, "the number is out of range"),
    ("{\"pairs\": [], \"count\": 1}\u{0}", "not valid JSON"),
  ]) func `a mistake has its place`(text: String, expected: String) {
    #expect(message(text).contains(expected), "\(message(text))")
  }

  @Test func `other keys are passed over where that is meant`() throws {
    let text = Array(#"{"pairs": [], "more": {"a": 1}}"#.utf8)
    #expect(try OptionFile.decode(Choices.self, from: text, allowsOtherKeys: true).pairs.isEmpty)
  }

  @Test func `nesting has an end`() {
    for depth in [100, 127, 129, 1_000, 100_000] {
      let text =
        "{\"pairs\": [], \"note\": " + String(repeating: "[", count: depth)
        + String(repeating: "]", count: depth) + "}"
      let message = message(text)
      #expect(depth < 128 ? message == "none" : message.contains("nested deeper"), "\(depth)")
    }
    #expect(message(String(repeating: "{\"a\":", count: 100_000)).contains("not valid JSON"))
  }

  @Test func `long names are shortened`() {
    let key = String(repeating: "k", count: 1_000_000)
    #expect(message("{\"pairs\": [], \"\(key)\": 1}").utf8.count < 1_000)
  }
}
