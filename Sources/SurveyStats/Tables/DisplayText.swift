/// Foreign text made safe and measurable for a reader's screen.
///
/// A title can hold anything. Control characters, terminal escape sequences, bidirectional
/// overrides and other invisible format characters are shown as `\u{1B}`, so that no text can
/// forge output around it; the joiners that emoji and some scripts need stay.
public enum DisplayText {
  /// The text with its invisible characters made visible.
  ///
  /// Line breaks and tabs become `\n`, `\r` and `\t`, or spaces when they are to be folded.
  public static func visible(_ text: String, foldingSpace: Bool = false) -> String {
    guard !isPlainASCII(text) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += foldingSpace ? " " : "\\n"
      case "\r": result += foldingSpace ? " " : "\\r"
      case "\t": result += foldingSpace ? " " : "\\t"
      case _ where isInvisible(scalar):
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whether a character is not seen but moves, turns or hides what is; the joiners that emoji and
  /// some scripts need are not counted.
  static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
    if scalar == "\u{200C}" || scalar == "\u{200D}" { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }

  /// JSON with its invisible characters escaped, line breaks and tabs of its layout apart.
  ///
  /// They stand within strings alone, where `\\u202e` reads back as the character.
  public static func visibleJSON(_ json: String) -> String {
    guard
      json.unicodeScalars.contains(where: { isInvisible($0) && !"\n\t".contains(Character($0)) })
    else { return json }
    var result = ""
    for scalar in json.unicodeScalars {
      if isInvisible(scalar), scalar != "\n", scalar != "\t" {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The text, or of a long one its start and its end with `…` between them.
  public static func abridged(_ text: String, to limit: Int = 2_000) -> String {
    guard text.utf8.count > limit else { return text }
    let tail = limit / 4
    let start = text.unicodeScalars.prefix(limit - tail)
    let end = text.unicodeScalars.suffix(tail)
    guard start.endIndex < end.startIndex else { return text }
    return "\(String(start)) … \(String(end))"
  }

  /// The number of terminal cells that the text takes.
  public static func width(_ text: String) -> Int {
    if isPlainASCII(text) { return text.utf8.count }
    var total = 0
    for character in text { total += width(of: character) }
    return total
  }

  /// The text in lines of at most so many terminal cells, broken at spaces; a longer word stays whole.
  static func wrapped(_ text: String, to limit: Int) -> [String] {
    guard width(text) > limit else { return [text] }
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let size = width(String(word))
      if used > 0, used + 1 + size > limit {
        lines.append(line)
        line = ""
        used = 0
      }
      line += (used > 0 ? " " : "") + word
      used += (used > 0 ? 1 : 0) + size
    }
    return lines + [line]
  }

  /// The text cut to a number of terminal cells, with `…` for what is gone.
  public static func truncated(_ text: String, to limit: Int) -> String {
    guard width(text) > limit else { return text }
    var result = ""
    var used = 1
    for character in text {
      used += width(of: character)
      if used > limit { break }
      result.append(character)
    }
    return result + "…"
  }

  private static func isPlainASCII(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
  }

  /// Two cells for East Asian wide characters and emoji, none for what only modifies, else one.
  private static func width(of character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    if first.properties.isEmojiPresentation || character.unicodeScalars.contains("\u{FE0F}") {
      return 2
    }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch first.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
