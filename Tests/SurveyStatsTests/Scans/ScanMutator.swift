/// Damages the text of a scan at random, the same way for the same seed.
struct ScanMutator {
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(state: seed) }

  /// The text with one to four kinds of damage.
  mutating func mutate(_ text: [UInt8]) -> [UInt8] {
    var bytes = text
    for _ in 0...generator.next(below: 4) where !bytes.isEmpty { damage(&bytes) }
    return bytes
  }

  private static let tokens = [
    "{", "}", "[", "]", ":", ",", "\"", "\\", "true", "false", "null", "0", "-1", "1e999", "\"\"",
    "99999999999999999999", "\\ud800", "\\u0000", "{}", "[]", "\n", "\u{FEFF}", "\"applies\":",
    "\"sub_questions\":{", "\"paper\":",
  ].map { Array($0.utf8) }

  private mutating func damage(_ bytes: inout [UInt8]) {
    let place = generator.next(below: bytes.count)
    let end = min(bytes.count, place + 1 + generator.next(below: 200))
    switch generator.next(below: 8) {
    case 0: bytes[place] ^= 1 << UInt8(generator.next(below: 8))
    case 1: bytes.removeLast(bytes.count - place)
    case 2: bytes.insert(contentsOf: bytes[place..<end], at: generator.next(below: bytes.count))
    case 3: bytes.removeSubrange(place..<end)
    case 4: replaceToken(after: place, in: &bytes)
    case 5:
      let depth = 1 << generator.next(below: 14)
      let opening = Array((generator.next(below: 2) == 0 ? "[" : "{\"a\":").utf8)
      bytes.insert(contentsOf: (0..<depth).flatMap { _ in opening }, at: place)
    case 6: bytes[place] = UInt8(generator.next(below: 256))
    default:
      let token = ScanMutator.tokens[generator.next(below: ScanMutator.tokens.count)]
      bytes.insert(contentsOf: token, at: place)
    }
  }

  /// Replaces a run of letters or digits, so that the text often stays JSON.
  private mutating func replaceToken(after place: Int, in bytes: inout [UInt8]) {
    func isWord(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: "_") || Character(Unicode.Scalar(byte)).isLetter
        || Character(Unicode.Scalar(byte)).isNumber
    }
    guard let start = bytes[place...].firstIndex(where: isWord) else { return }
    let end = bytes[start...].firstIndex { !isWord($0) } ?? bytes.count
    let words = ["true", "false", "null", "1", "applies", "answer", "\"\"", "{}", "-1e400"]
    bytes.replaceSubrange(start..<end, with: Array(words[generator.next(below: words.count)].utf8))
  }
}

/// The generator of Steele, Lea and Flood (2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }

  mutating func next(below bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

extension Range<Int> {
  /// The numbers in an order that the seed decides.
  func shuffled(seed: UInt64) -> [Int] {
    var generator = SplitMix64(state: seed)
    var numbers = Array(self)
    for index in numbers.indices.dropFirst().reversed() {
      numbers.swapAt(index, generator.next(below: index + 1))
    }
    return numbers
  }
}
