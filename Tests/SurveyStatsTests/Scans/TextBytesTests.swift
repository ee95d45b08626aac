import CKernels
import Testing

@testable import SurveyStats

@Suite struct TextBytesTests {
  /// The definition of `ck_text_hash`: eight bytes at a time, the lowest first.
  static func hash(_ text: [UInt8], seed: UInt64) -> UInt64 {
    var hash = seed ^ UInt64(text.count) &* 0x9E37_79B9_7F4A_7C15
    for start in stride(from: 0, to: text.count, by: 8) {
      let piece = text[start..<min(start + 8, text.count)].enumerated().reduce(UInt64(0)) {
        $0 | UInt64($1.element) << UInt64(8 * $1.offset)
      }
      hash = (hash ^ piece) &* 0xD6E8_FEB8_6659_FD93
      hash ^= hash >> 32
    }
    hash = hash &* 0xD6E8_FEB8_6659_FD93
    return hash ^ hash >> 32
  }

  @Test(arguments: [0, 1, 7, 8, 9, 15, 16, 17, 1_000])
  func `a hash is that of its definition`(count: Int) {
    var random = RandomStream(seed: 44, stream: UInt64(count))
    for _ in 0..<20 {
      let text = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      let seed = random.next()
      #expect(ck_text_hash(text, text.count, seed) == Self.hash(text, seed: seed))
    }
  }

  @Test func `texts have the order of their bytes`() {
    let texts = ["", "a", "aa", "ab", "b", "ä", "a\u{0}", "\u{7F}"].map { Array($0.utf8) }
    for one in texts {
      for other in texts {
        let order = ck_compare_texts(one, one.count, other, other.count)
        #expect((order < 0) == one.lexicographicallyPrecedes(other))
        #expect((order == 0) == (one == other))
      }
    }
  }
}
