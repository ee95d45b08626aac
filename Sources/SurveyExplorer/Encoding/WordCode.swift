/// Writes text with its frequent words as one or two bytes each, so that what compresses it sees further
/// back.
///
/// A word is two or more ASCII letters. The bytes 128 to 237 are the most frequent words, 238 to 254 begin
/// the two bytes of the next; between two words that are coded there is a space that is not written. 255
/// stands before a character beyond ASCII. Everything else is itself.
///
/// Cost: linear, with a table of the words.
struct WordCode {
  /// The words, the most frequent first.
  private(set) var words: [ArraySlice<UInt8>] = []
  private var places: [UInt64: Int] = [:]

  private static let shortCount = 110
  private static let longCount = 17 * 128
  /// A word that is rarer costs as much in the list as it saves.
  private static let fewest = 4
  private static let escape: UInt8 = 255

  /// The text and its words: the length of their list, the list, a word a line, and the coded text.
  static func encode(_ text: [UInt8]) -> [UInt8] {
    let code = WordCode(of: text)
    let list = Array(code.words.joined(separator: [UInt8(ascii: "\n")]))
    var bytes: [UInt8] = []
    ExplorerData.append(UInt32(list.count), to: &bytes)
    bytes += list
    code.append(text, to: &bytes)
    return bytes
  }

  private init(of text: [UInt8]) {
    struct Word {
      var count = 0
      let range: Range<Int>
    }
    var found: [UInt64: Word] = [:]
    Self.forEachWord(of: text) { range in
      let hash = Self.hash(text[range])
      found[hash, default: Word(range: range)].count += 1
    }
    let ranked = found.filter { $0.value.count >= Self.fewest && $0.value.range.count > 2 }
      .sorted { left, right in
        if left.value.count != right.value.count { return left.value.count > right.value.count }
        return text[left.value.range].lexicographicallyPrecedes(text[right.value.range])
      }.prefix(Self.shortCount + Self.longCount)
    for (place, word) in ranked.enumerated() {
      words.append(text[word.value.range])
      places[word.key] = place
    }
  }

  private func append(_ text: [UInt8], to bytes: inout [UInt8]) {
    var place = 0
    /// Whether the latest thing written was a coded word.
    var followsWord = false
    /// Where a single space stands after a coded word, which is written only when no coded word follows.
    var isSpacePending = false
    func literal(_ range: Range<Int>) {
      if isSpacePending { bytes.append(UInt8(ascii: " ")) }
      isSpacePending = false
      followsWord = false
      for byte in text[range] {
        // The first byte of a character beyond ASCII; the next ones go on from it.
        if byte >= 0xC0 { bytes.append(Self.escape) }
        bytes.append(byte)
      }
    }
    while place < text.count {
      guard Self.isLetter(text[place]) else {
        if text[place] == UInt8(ascii: " "), followsWord {
          isSpacePending = true
          followsWord = false
        } else {
          literal(place..<place + 1)
        }
        place += 1
        continue
      }
      var end = place + 1
      while end < text.count, Self.isLetter(text[end]) { end += 1 }
      if let code = places[Self.hash(text[place..<end])], words[code] == text[place..<end] {
        // A word right after a word cannot be: words are as long as they can be.
        isSpacePending = false
        append(code: code, to: &bytes)
        followsWord = true
      } else {
        literal(place..<end)
      }
      place = end
    }
    if isSpacePending { bytes.append(UInt8(ascii: " ")) }
  }

  private func append(code: Int, to bytes: inout [UInt8]) {
    guard code >= Self.shortCount else {
      bytes.append(UInt8(128 + code))
      return
    }
    let rest = code - Self.shortCount
    bytes.append(UInt8(128 + Self.shortCount + rest / 128))
    bytes.append(UInt8(128 + rest % 128))
  }

  private static func forEachWord(of text: [UInt8], _ body: (Range<Int>) -> Void) {
    var place = 0
    while place < text.count {
      guard isLetter(text[place]) else {
        place += 1
        continue
      }
      var end = place + 1
      while end < text.count, isLetter(text[end]) { end += 1 }
      if end - place > 1 { body(place..<end) }
      place = end
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
  }

  /// FNV-1a; of two words with one hash the first is coded.
  private static func hash(_ word: ArraySlice<UInt8>) -> UInt64 {
    word.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
