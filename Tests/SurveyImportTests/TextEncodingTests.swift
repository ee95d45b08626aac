import Testing

@testable import SurveyImport

@Suite struct TextEncodingTests {
  @Test func `marks, zeros and bytes that are no UTF-8 tell the encoding`() {
    #expect(TextEncoding.sniffed([0xEF, 0xBB, 0xBF, 0x61]) == .utf8)
    #expect(TextEncoding.sniffed([0xFF, 0xFE, 0x61, 0]) == .utf16LittleEndian)
    #expect(TextEncoding.sniffed([0, 0x61, 0, 0x62]) == .utf16BigEndian)
    #expect(TextEncoding.sniffed([0x61, 0, 0x62, 0]) == .utf16LittleEndian)
    #expect(TextEncoding.sniffed(Array("Öl".utf8)) == .utf8)
    #expect(TextEncoding.sniffed([0xD6, 0x6C]) == .windows1252)
  }

  @Test func `texts are the same in every encoding`() {
    let text = "Öl – 5 € 😀"
    var sixteen: [UInt8] = [0xFF, 0xFE]
    for unit in text.utf16 { sixteen += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    #expect(TextEncoding.utf16LittleEndian.decode(sixteen).utf8 == Array(text.utf8))
    let windows: [UInt8] = [0xD6, 0x6C, 0x20, 0x96, 0x20, 0x35, 0x20, 0x80]
    #expect(TextEncoding.windows1252.decode(windows).utf8 == Array("Öl – 5 €".utf8))
  }

  @Test func `what cannot be read is counted and marked`() {
    let (text, faults) = TextEncoding.utf8.decode([0x61, 0xFF, 0x62])
    #expect(String(decoding: text, as: UTF8.self) == "a\u{FFFD}b" && faults == [1])
    #expect(TextEncoding.utf16LittleEndian.decode([0x61, 0, 0x62]).faults == [1])
    #expect(TextEncoding.utf16LittleEndian.decode([0, 0xD8, 0x61, 0]).faults == [0])
    #expect(TextEncoding.windows1252.decode([0x81]).faults == [0])
  }
}
