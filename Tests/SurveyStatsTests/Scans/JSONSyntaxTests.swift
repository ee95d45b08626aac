import Testing

@testable import SurveyStats

@Suite struct JSONSyntaxTests {
  @Test(arguments: [
    (#"{"a": 1,}"#, 1, 9, "expected a key in quotes, found \"}\""),
    (#"{"a" 1}"#, 1, 6, "expected a colon after the key, found \"1\""),
    ("[1\n 2]", 2, 2, "expected a comma or the end of an array, found \"2\""),
    ("{\"é\": tru}", 1, 7, "expected a value, found \"t\""),
    (#"{"a": "b"#, 1, 7, "a string without its closing quote"),
    (#"{"a": {"b": 1"#, 1, 14, "the text ends inside an object"),
    ("[\"a\nb\"]", 1, 4, "\"\n\" inside a string"),
    (#"["\q"]"#, 1, 3, "an unknown escape in a string"),
    (#"["\u12g4"]"#, 1, 3, "a \\u escape without four hexadecimal digits"),
    ("[01]", 1, 2, "not a valid number"), ("[1.]", 1, 2, "not a valid number"),
    ("[-]", 1, 2, "not a valid number"), ("[1e+]", 1, 2, "not a valid number"),
    ("{} {}", 1, 4, "\"{\" after the end of the document"),
    ("[NaN]", 1, 2, "expected a value, found \"N\""),
  ]) func `the first fault is named with its place`(
    text: String, line: Int, column: Int, message: String
  ) throws {
    let bytes = Array(text.utf8)
    let syntax = JSONSyntax(bytes, in: bytes.indices)
    let fault = try #require(syntax.fault)
    #expect(fault.message == message)
    #expect(fault.kind == .malformed)
    #expect(syntax.place(of: fault.offset) == (line, column))
  }

  @Test func `bytes that are not UTF-8 are found before any other fault`() throws {
    let bytes: [UInt8] = Array("{,\n\"é".utf8) + [0xFF] + Array("\"}".utf8)
    let syntax = JSONSyntax(bytes, in: bytes.indices)
    let fault = try #require(syntax.fault)
    #expect(fault.kind == .notUTF8)
    #expect(syntax.place(of: fault.offset) == (2, 3))
  }

  @Test func `deep nesting is a fault without recursion`() throws {
    let bytes = [UInt8](repeating: UInt8(ascii: "["), count: 10_000)
    let fault = try #require(JSONSyntax(bytes, in: bytes.indices).fault)
    #expect(fault.kind == .nestedTooDeep)
    #expect(fault.offset == JSONParser.maximumDepth - 1)
  }

  @Test func `tokens without a value can be replaced in place`() throws {
    let text = #"{"a": 1e999, "b": -99999999999999999999, "c": "\ud800x\udc00", "d": 1e-999}"#
    let bytes = Array(text.utf8)
    let syntax = JSONSyntax(bytes, in: bytes.indices)
    #expect(syntax.fault == nil)
    #expect(syntax.repairs.count == 4)
    let repaired = String(decoding: syntax.repaired(), as: UTF8.self)
    #expect(repaired.utf8.count == bytes.count)
    #expect(repaired.filter { $0 != " " } == #"{"a":null,"b":null,"c":"\ufffdx\ufffd","d":1e-999}"#)
  }

  @Test(arguments: [
    "null", " [ ] ", "{\"a\":{}}", "[1, -0, 1.5e-7, 18446744073709551615]", #"["\ud83d\ude00"]"#,
  ]) func `valid text has no fault`(text: String) {
    let bytes = Array(text.utf8)
    let syntax = JSONSyntax(bytes, in: bytes.indices)
    #expect(syntax.fault == nil)
    #expect(syntax.repairs.isEmpty)
  }
}
