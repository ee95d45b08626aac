import Foundation
import Testing

@testable import SurveyExplorer

@Suite struct DeflateTests {
  /// Bytes that look random, of so many values.
  private static func noise(_ count: Int, values: UInt64) -> [UInt8] {
    var state: UInt64 = 1
    return (0..<count).map { _ in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return UInt8(state % values)
    }
  }

  private static let samples: [[UInt8]] = [
    [], [7], Array("abcabcabcabcabcabc".utf8), [UInt8](repeating: 0, count: 100_000),
    noise(70_000, values: 256), noise(200_000, values: 3), noise(40_000, values: 20),
    Array(repeating: noise(33_000, values: 90), count: 3).flatMap { $0 },
  ]

  @Test(arguments: samples)
  func `what is compressed inflates to what it was`(bytes: [UInt8]) {
    #expect(Inflate.decompress(Deflate.compress(bytes)) == bytes)
  }

  @Test func `repeats are found, and what is random does not grow much`() {
    let text = Array(String(repeating: "The code is released. ", count: 1_000).utf8)
    #expect(Deflate.compress(text).count < text.count / 50)
    let noise = Self.noise(100_000, values: 256)
    #expect(Deflate.compress(noise).count < noise.count * 101 / 100)
  }

  @Test func `codes of very unequal symbols stay within their length`() {
    // Fibonacci's numbers make the deepest tree.
    var counts = [1, 1]
    while counts.count < 40 { counts.append(counts[counts.count - 1] + counts[counts.count - 2]) }
    let lengths = HuffmanCode(counts: counts, longest: 15).lengths
    #expect(lengths.allSatisfy { (1...15).contains($0) })
    #expect(lengths.reduce(0) { $0 + 1 << (15 - $1) } == 1 << 15)
  }

  @Test func `base64 pads its last group`() {
    for (text, code) in [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("\u{FF}", "w78="),
    ] {
      #expect(Data(text.utf8).base64EncodedString() == code)
    }
  }
}
