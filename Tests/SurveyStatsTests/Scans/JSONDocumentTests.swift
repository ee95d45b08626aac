import Testing

@testable import SurveyStats

@Suite struct JSONDocumentTests {
  private func parse<Result>(
    _ text: String, _ body: (JSONValue) -> Result
  ) throws -> Result {
    let bytes = Array(text.utf8)
    let padded = bytes + [UInt8](repeating: UInt8(ascii: "x"), count: JSONParser.padding)
    return try JSONParser().withValue(of: padded, in: bytes.indices, body)
  }

  @Test func `members come in the order of the text`() throws {
    let keys = try parse(#"{"b": {"x": [1, {"y": 2}]}, "a": -1.5, "c": "text", "a": null}"#) {
      $0.members.map(\.key.string)
    }
    #expect(keys == ["b", "a", "c", "a"])
  }

  @Test func `the first of several members of one name is found`() throws {
    #expect(try parse(#"{"a": 1, "a": 2}"#) { $0["a"]?.integer } == 1)
    #expect(try parse(#"{"a": 1}"#) { $0["b"] == nil })
    #expect(try parse("[1]") { $0["a"] == nil })
  }

  @Test func `values have their kinds`() throws {
    let kinds = try parse(#"[{}, [], "", 1, 18446744073709551615, 0.5, true, false, null]"#) {
      $0.elements.map(\.kind)
    }
    #expect(
      kinds == [
        .object, .array, .string, .number, .number, .number, .boolean, .boolean, .null,
      ])
  }

  @Test func `whole numbers are those that fit`() throws {
    let integers = try parse("[-9223372036854775808, 18446744073709551615, 2025.0, 0.5, 1e300]") {
      $0.elements.map(\.integer)
    }
    #expect(integers == [Int.min, nil, 2025, nil, nil])
    let numbers = try parse("[-1, 18446744073709551615, 0.5]") { $0.elements.map(\.number) }
    #expect(numbers == [-1, 18_446_744_073_709_551_616, 0.5])
  }

  @Test func `empty containers are empty`() throws {
    #expect(
      try parse("[{}, [], [0], {\"a\": 1}, 1]") { $0.elements.map(\.isEmpty) }
        == [true, true, false, false, false])
    #expect(try parse("{}") { $0.members.map(\.key.string) } == [])
  }

  @Test func `escapes are resolved`() throws {
    #expect(
      try parse(#"["\u00e9\n\ud83d\ude00\u0000!"]"#) { $0.elements.map { $0.text?.string } }
        == ["é\n😀\u{0}!"])
  }

  @Test func `a parser can be used again after a rejection`() throws {
    let parser = JSONParser()
    for text in ["[1]", "[1", "[1]", "", "[1]"] {
      let padded = Array(text.utf8) + [UInt8](repeating: 0, count: JSONParser.padding)
      let sum = try? parser.withValue(of: padded, in: 0..<text.utf8.count) {
        $0.elements.reduce(0) { $0 + ($1.integer ?? 0) }
      }
      #expect(sum == (text == "[1]" ? 1 : nil))
    }
  }

  @Test func `keys that differ are not taken for repeated ones`() throws {
    let keys = (0..<64).map { "\"k\(10 + $0)\": {\"a\": [{\"a\": 1, \"b\": 2}], \"b\": \"b\"}" }
    #expect(try !parse("{\(keys.joined(separator: ","))}") { $0.mayRepeatKeys })
    #expect(try !parse(#"[{"a": 1}, {"a": 1}]"#) { $0.mayRepeatKeys })
    #expect(try !parse(#"{"": 1, "a": ""}"#) { $0.mayRepeatKeys })
    #expect(try !parse("1") { $0.mayRepeatKeys })
    let long = String(repeating: "a", count: 64)
    #expect(try !parse(#"{"": 1, "\#(long)": 2}"#) { $0.mayRepeatKeys })
    for text in [
      #"{"a": 1, "a": 2}"#, #"[[1.5, {"ab": 1, "x": [2], "ac": 3, "ab": 4}]]"#, #"{"": 1, "": 2}"#,
      #"{"a": {"b": {"c\n": 1, "c\u000a": 2}}}"#,
    ] {
      #expect(try parse(text) { $0.mayRepeatKeys })
    }
  }

  @Test(arguments: [3, 30, 62, 63, 64, 300]) func `repeated keys are found in objects of any size`(
    size: Int
  ) throws {
    let members =
      (0..<size).map { "\"k\($0)\": {}" } + ["\"k1\": 0", "\"list\": [{\"a\": 1, \"a\": 2}]"]
    let places = try parse("{\(members.joined(separator: ","))}") {
      RepeatedKeys(in: $0).places(in: $0, limit: 10)
    }
    #expect(places == ["k1", "list[0].a"])
  }
}
