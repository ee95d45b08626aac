import Testing

@testable import SurveyStats

@Suite struct TextMemoTests {
  @Test func `a text gives what is made of it, remembered or not`() throws {
    // More texts than there are places, of lengths around that of a word.
    let texts = (0..<300).map { String(repeating: "x", count: $0 % 20) + "\($0 / 20)" } + ["", "é"]
    let list = "[\(texts.map { "\"\($0)\"" }.joined(separator: ","))]"
    let bytes = Array(list.utf8) + [UInt8](repeating: 0, count: JSONParser.padding)
    var memo = TextMemo<String>()
    var count = 0
    let values = try JSONParser().withValue(of: bytes, in: 0..<list.utf8.count) { value in
      (0..<3).flatMap { _ in
        value.elements.compactMap { element in
          element.text.map {
            memo.value(of: $0) {
              count += 1
              return $0.string + "!"
            }
          }
        }
      }
    }
    #expect(values == (texts + texts + texts).map { $0 + "!" })
    #expect(count < values.count)
  }

  @Test func `the texts of a list are told from those of every other`() throws {
    let lists = [
      #"["a", "b"]"#, #"["ab"]"#, #"["a,b"]"#, #"["a"]"#, #"["a", ""]"#, #"["", "a"]"#, #"[""]"#,
    ]
    let text = "[\(lists.joined(separator: ",")), [], [1], [\"a\", 1], \"a\"]"
    let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: JSONParser.padding)
    let joined = try JSONParser().withValue(of: bytes, in: 0..<text.utf8.count) {
      $0.elements.map { $0.joinedTexts?.bytes }
    }
    #expect(Set(joined.prefix(lists.count).compactMap(\.self)).count == lists.count)
    #expect(joined.dropFirst(lists.count).allSatisfy { $0 == nil })
  }
}
