/// A word, text, or sign of an expression.
struct ExpressionToken: Equatable {
  enum Kind: Equatable {
    /// A name or word as written.
    case word(String)
    /// A name between backquotes.
    case quotedName(String)
    /// A text between quotation marks.
    case text(String)
    /// A number; of dates, years with a fraction.
    case number(Double)
    /// A sign or parenthesis.
    case sign(String)
    /// The end of the text.
    case end
  }

  let kind: Kind
  /// The characters that it was written with.
  let range: Range<Int>

  /// Whether it is this word, in any case.
  func isWord(_ word: String) -> Bool {
    if case .word(let text) = kind { return text.lowercased() == word }
    return false
  }

  func isSign(_ sign: String) -> Bool { kind == .sign(sign) }
}

/// Divides an expression into words, texts, numbers and signs, one after another.
///
/// Words are letters, digits, `_`, `.` and `-`, so a minus sign after a word needs a blank before it;
/// where a list of names is read, or after a dot, also `*` and `?`.
struct ExpressionLexer {
  private let text: [Character]
  private var place = 0

  init(_ text: String) { self.text = Array(text) }

  /// The next token.
  mutating func next(allowsWildcards: Bool = false) throws(VariableError) -> ExpressionToken {
    while place < text.count, text[place].isWhitespace { place += 1 }
    let start = place
    guard place < text.count else {
      return ExpressionToken(kind: .end, range: start..<start)
    }
    let first = text[place]
    if "`\"'".contains(first) {
      let content = try quoted(by: first)
      return ExpressionToken(
        kind: first == "`" ? .quotedName(content) : .text(content), range: start..<place)
    }
    if let sign = sign(allowsWildcards: allowsWildcards) {
      place += sign.count
      let canonical = Self.spellings[sign] ?? sign
      return ExpressionToken(kind: .sign(canonical), range: start..<place)
    }
    while place < text.count,
      Self.isOfWord(text[place], allowsWildcards || place > start && text[place - 1] == ".")
    {
      place += 1
    }
    let word = String(text[start..<place])
    guard !word.isEmpty else {
      throw .syntax(
        at: start + 1, expected: "a name, a sign, 'not', 'and', 'or' or a parenthesis",
        found: found(from: start))
    }
    if let number = try Self.number(word, at: start) {
      return ExpressionToken(kind: .number(number), range: start..<place)
    }
    return ExpressionToken(kind: .word(word), range: start..<place)
  }

  /// What stands from a place on, shortened, for a message.
  func found(from start: Int) -> String {
    guard start < text.count else { return "the end" }
    let shown = text[start..<min(text.count, start + 24)]
    return "'\(DisplayText.visible(String(shown)))\(start + 24 < text.count ? "…" : "")'"
  }

  /// The content up to the closing quotation mark; a doubled one stands for itself.
  private mutating func quoted(by mark: Character) throws(VariableError) -> String {
    let start = place
    var content = ""
    place += 1
    while place < text.count {
      guard text[place] == mark else {
        content.append(text[place])
        place += 1
        continue
      }
      place += 1
      guard place < text.count, text[place] == mark else { return content }
      content.append(mark)
      place += 1
    }
    throw .syntax(at: text.count + 1, expected: "a closing \(mark)", found: found(from: start))
  }

  private func sign(allowsWildcards: Bool) -> String? {
    let two = String(text[place..<min(text.count, place + 2)])
    if [">=", "<=", "==", "!=", "<>"].contains(two) { return two }
    let one = String(text[place])
    if allowsWildcards, one == "*" { return nil }
    return "()=<>≥≤≠,+-*/".contains(one) ? one : nil
  }

  private static let spellings = [
    "==": "=", "<>": "!=", "≠": "!=", "≥": ">=", "≤": "<=",
  ]

  private static func isOfWord(_ character: Character, _ allowsWildcards: Bool) -> Bool {
    character.isLetter || character.isNumber || character == "_" || character == "."
      || character == "-" || allowsWildcards && (character == "*" || character == "?")
  }

  /// The number that a word is; `nil` for a name.
  private static func number(_ word: String, at start: Int) throws(VariableError) -> Double? {
    let bytes = Array(word.utf8)
    guard let first = bytes.first,
      first.isASCIIDigit
        || first == UInt8(ascii: ".") && bytes.dropFirst().first?.isASCIIDigit == true
    else { return nil }
    if let date = ISODate(word) { return date.years }
    let allowed = Set("0123456789.eE-".utf8)
    guard bytes.allSatisfy(allowed.contains), let number = Double(word) else { return nil }
    guard number.isFinite else {
      throw .syntax(at: start + 1, expected: "a finite number", found: "'\(word)'")
    }
    return number
  }
}
