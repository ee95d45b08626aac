/// Titles as far as they tell papers apart.
///
/// Case, spaces and punctuation do not count, nor does whether letters are wide or composed; signs
/// such as those of `C++`, `C#`, `<` and `>` do.
enum TitleKey {
  /// The letters, digits and signs of a title in one case; empty when there are none.
  ///
  /// Cost: a few nanoseconds a byte, a few times that with other than ASCII letters.
  static func normalized(_ title: String) -> String {
    if title.utf8.allSatisfy({ $0 < 0x80 }), !title.utf8.contains(UInt8(ascii: "&")) {
      var bytes: [UInt8] = []
      bytes.reserveCapacity(title.utf8.count)
      for byte in title.utf8 {
        if let kept = ascii(byte) { bytes.append(kept) }
      }
      while bytes.last == UInt8(ascii: "*") { bytes.removeLast() }
      return String(decoding: bytes, as: UTF8.self)
    }
    var narrow = String.UnicodeScalarView()
    for scalar in title.unicodeScalars { narrow.append(Self.narrow(scalar)) }
    var text = String(narrow)
    for (entity, sign) in [("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")] {
      text = text.replacing(entity, with: sign)
    }
    // To upper case first, so that ß and SS are one.
    text = text.replacing("&", with: " and ").uppercased().lowercased()
    var result = ""
    for character in text {
      if let byte = character.asciiValue {
        if let kept = ascii(byte) { result.unicodeScalars.append(Unicode.Scalar(kept)) }
      } else if character.isLetter || character.isNumber || character.isMathSymbol {
        result.append(character)
      }
    }
    while result.last == "*" { result.removeLast() }
    return result
  }

  /// Whether a normalised title has enough letters and digits to identify a paper.
  static func isLongEnough(_ normalized: String) -> Bool {
    var count = 0
    for scalar in normalized.unicodeScalars {
      // A character of Chinese or Japanese says as much as several letters.
      count +=
        scalar.value >= 0x2E80 ? 2 : scalar.properties.isAlphabetic || isDigit(scalar) ? 1 : 0
      if count >= fewestLetters { return true }
    }
    return false
  }

  /// Whether a title consists of words that many papers share, such as `Introduction` or `Title not
  /// available`.
  static func isGeneric(_ title: String) -> Bool {
    title.lowercased().split { !$0.isLetter && !$0.isNumber }
      .allSatisfy { genericWords.contains(String($0)) || $0.allSatisfy(\.isNumber) }
      || genericTitles.contains(normalized(title))
  }

  /// The fewest letters and digits of a title that identifies a paper.
  private static let fewestLetters = 12

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.numericType != nil
  }

  /// A letter, digit or sign, letters in lower case; `nil` for what does not count.
  private static func ascii(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
    case UInt8(ascii: "+"), UInt8(ascii: "#"), UInt8(ascii: "<"), UInt8(ascii: "="),
      UInt8(ascii: ">"), UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "*"):
      byte
    default: nil
    }
  }

  /// The usual form of wide letters and signs.
  private static func narrow(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
    case 0x3000: " "
    default: scalar
    }
  }

  private static let genericTitles: Set<String> = [
    "dataavailabilitystatement", "listoffigures", "listofcontributors", "aboutthisissue",
    "inthisissue",
    "fromtheeditors", "thankyou",
  ]

  private static let genericWords = Set(
    """
    a an the of on in for to and or with by from at as is its this that no not non un
    abstract abstracts acknowledgement acknowledgements acknowledgments addendum appendix article articles
    available unavailable unknown untitled missing none null pending provided given found tbd tba
    back background bachelor bibliography book case chair chairs chapter column comment commentary
    comments conclusion conclusions conference contents corrections correction corrigendum corrigenda
    demo discussion dissertation doctoral document editor editorial editors epilogue errata erratum
    foreword front full general guest index introduction introductory invited issue keynote letter
    letters literature long mapping master masters material materials matter message narrative note
    notes opening opinion overview panel paper papers part perspective perspectives phd poster posters
    preface preliminary proceedings prologue rapid references reply report reports research response
    retracted retraction review reviews scoping section session short special studies study summary
    supplement supplementary survey surveys symposium systematic table technical thesis title titre
    titel track tutorial viewpoint volume welcome workshop
    """.split(whereSeparator: \.isWhitespace).map(String.init))
}
