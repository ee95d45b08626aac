import Testing

@testable import SurveyExplorer

@Suite struct WordCodeTests {
  /// The text that was coded, read as the page reads it.
  private static func decode(_ bytes: [UInt8]) -> [UInt8] {
    let length = (0..<4).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    let words = bytes[4..<4 + length].split(separator: UInt8(ascii: "\n"))
    var text: [UInt8] = []
    var followsWord = false
    var place = 4 + length
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      guard (128..<255).contains(byte) else {
        followsWord = false
        guard byte == 255 else {
          text.append(byte)
          continue
        }
        let first = bytes[place]
        let count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        text += bytes[place..<place + count]
        place += count
        continue
      }
      var code = Int(byte) - 128
      if code >= 110 {
        code = 110 + 128 * (code - 110) + Int(bytes[place]) - 128
        place += 1
      }
      if followsWord { text.append(UInt8(ascii: " ")) }
      text += words[code]
      followsWord = true
    }
    return text
  }

  @Test(arguments: [
    "", "no word comes often", String(repeating: "the code the data  the   end ", count: 9),
    String(repeating: "naïve données — 研究 🧪 code, code; code", count: 5) + " code ",
    String(repeating: "word", count: 50),
    String(repeating: "aaa bbb\nccc\tddd 1 2 eee1 ", count: 8),
    (0..<3_000).map { "w\(String($0, radix: 36).filter(\.isLetter))x" }.joined(separator: " "),
  ])
  func `what is coded reads as it was`(text: String) {
    let many = text + text + text + text + text
    #expect(Self.decode(WordCode.encode(Array(many.utf8))) == Array(many.utf8))
  }

  @Test func `frequent words take one byte, with the space between them`() {
    let text = String(repeating: "release the code ", count: 100)
    #expect(WordCode.encode(Array(text.utf8)).count < 4 + 20 + 320)
  }

  @Test func `more words than there are codes stay words`() {
    let letters = Array("abcdefghijklmnopqrstuvwxyz")
    let words = (0..<2_600).map {
      "\(letters[$0 % 26])\(letters[$0 / 26 % 26])\(letters[$0 / 676])q"
    }
    let text = Array(repeating: words.joined(separator: " "), count: 5).joined(separator: ".")
    #expect(Self.decode(WordCode.encode(Array(text.utf8))) == Array(text.utf8))
  }
}
