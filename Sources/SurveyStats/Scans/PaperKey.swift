/// What identifies a paper whatever its slug: an arXiv identifier, a DOI or a title.
struct PaperKey: Equatable, CustomStringConvertible {
  /// The kinds, in the order in which they are named to the user.
  enum Kind: UInt8, CaseIterable {
    case arXiv, doi, title
  }

  let kind: Kind
  let text: String

  /// The key of a paper; `nil` when the paper does not state it, or a title is too short to
  /// identify a paper.
  init?(_ kind: Kind, of paper: Paper) {
    let text: String? =
      switch kind {
      case .arXiv: paper.arxivID ?? paper.doi.flatMap(DOI.arXivID)
      case .doi: paper.doi
      case .title: paper.title.flatMap(Self.normalized)
      }
    guard let text else { return nil }
    self.kind = kind
    self.text = text
  }

  var description: String {
    switch kind {
    case .arXiv: "arXiv identifier \(text)"
    case .doi: "DOI \(text)"
    case .title: "title"
    }
  }

  /// Whether two papers have the same key of a kind.
  static func agree(_ kind: Kind, _ left: Paper, _ right: Paper) -> Bool {
    guard let left = PaperKey(kind, of: left) else { return false }
    return left == PaperKey(kind, of: right)
  }

  /// A number that is equal where keys are equal, and nearly always different where they are not.
  ///
  /// Cost: a nanosecond a byte; the key of an ASCII title, which takes longest to make, is not made.
  static func fingerprint(_ kind: Kind, of paper: Paper) -> UInt64? {
    if kind == .title, let title = paper.title, title.utf8.allSatisfy({ $0 < 0x80 }) {
      var hash = FowlerNollVo(kind)
      var count = 0
      for byte in title.utf8 {
        guard let letter = asciiLetter(byte) else { continue }
        hash.add(letter)
        count += 1
      }
      return count < leastTitle ? nil : hash.value
    }
    return PaperKey(kind, of: paper).map { FowlerNollVo(kind, $0.text).value }
  }

  /// The fewest letters and digits of a title that identifies a paper.
  private static let leastTitle = 12

  /// Letters and digits in lower case; `nil` when there are too few to identify a paper.
  private static func normalized(_ title: String) -> String? {
    guard title.utf8.allSatisfy({ $0 < 0x80 }) else {
      let letters = title.lowercased().filter { $0.isLetter || $0.isNumber }
      return letters.count < leastTitle ? nil : letters
    }
    let letters = title.utf8.compactMap(asciiLetter)
    return letters.count < leastTitle ? nil : String(decoding: letters, as: UTF8.self)
  }

  /// An ASCII letter or digit in lower case; `nil` for any other character.
  private static func asciiLetter(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
    default: nil
    }
  }
}

/// The 64-bit hash FNV-1a (Fowler, Noll & Vo 1991).
private struct FowlerNollVo {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  init(_ kind: PaperKey.Kind) { add(kind.rawValue) }

  init(_ kind: PaperKey.Kind, _ text: String) {
    self.init(kind)
    for byte in text.utf8 { add(byte) }
  }

  mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
}
