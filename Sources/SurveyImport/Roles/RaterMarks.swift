/// Items whose columns stand side by side for several raters: `code_A` and `code_B`, `A: code`,
/// `code (rater 1)`.
///
/// A mark is what tells the raters apart: the end or the beginning of a name, in brackets or divided from
/// the item by a sign or a space; at the end also without anything, after a small letter or a digit.
package struct RaterMarks: Sendable, Equatable {
  /// What a name says.
  struct Part: Sendable, Equatable {
    var item: String
    var rater: String
  }

  /// The marks, in the order of their columns.
  package let marks: [String]
  /// What each name says; `nil` for one without a mark.
  let parts: [Part?]

  /// Divides names by marks that were stated; longer marks go before.
  init(_ marks: [String], in names: [String]) {
    let ordered = marks.sorted { $0.count > $1.count }
    parts = names.map { name in
      for isLoose in [false, true] {
        for mark in ordered {
          if let item = Self.item(of: name, before: mark, isLoose: isLoose)
            ?? Self.item(of: name, after: mark)
          {
            return Part(item: item, rater: mark)
          }
        }
      }
      return nil
    }
    self.marks = Self.inOrder(parts)
  }

  /// Finds marks that are most likely those of raters; `nil` when there are none.
  ///
  /// They must be such words as `rater 1`, `coder_b` and `R2`, or letters from A on, of two items at least;
  /// most of the columns must have one, most items several, and one all. Numbers alone mean too much else.
  package init?(foundIn names: [String]) {
    for atEnd in [true, false] {
      let parts = names.map { Self.part(of: $0, atEnd: atEnd) }
      let marks = Self.inOrder(parts)
      guard 2...6 ~= marks.count, parts.count(where: { $0 != nil }) * 2 >= names.count else {
        continue
      }
      var ratersOfItem: [String: Set<String>] = [:]
      for case let part? in parts { ratersOfItem[part.item, default: []].insert(part.rater) }
      let marked = parts.count { $0 != nil }
      // A name twice is no pair of raters.
      guard ratersOfItem.values.reduce(0, { $0 + $1.count }) == marked else { continue }
      let paired = ratersOfItem.values.count { $0.count > 1 }
      guard paired * 2 > ratersOfItem.count,
        ratersOfItem.values.contains(where: { $0.count == marks.count })
      else { continue }
      let kinds = Set(marks.map(Self.kind))
      guard kinds.count == 1, let kind = kinds.first, let kind else { continue }
      let letters = Set("ABCDEF".prefix(marks.count).map(String.init))
      let isLikely =
        switch kind {
        case .word: true
        case .letter: paired >= 2 && Set(marks.map { $0.uppercased() }) == letters
        }
      guard isLikely else { continue }
      self.parts = parts
      self.marks = marks
      return
    }
    return nil
  }

  /// Whether a text can be a mark by itself.
  static func isMark(_ text: String) -> Bool { kind(trimmed(text)) != nil }

  private static func inOrder(_ parts: [Part?]) -> [String] {
    var marks: [String] = []
    for case let part? in parts where !marks.contains(part.rater) { marks.append(part.rater) }
    return marks
  }

  // MARK: Stated marks

  private static let signs = Set("_-.:/| ")

  private static func item(of name: String, before mark: String, isLoose: Bool) -> String? {
    for (opening, closing) in [("(", ")"), ("[", "]"), ("", "")] {
      let ending = opening + mark + closing
      guard name.hasSuffix(ending), name.count > ending.count else { continue }
      let rest = String(name.dropLast(ending.count))
      let item = trimmed(rest)
      guard !item.isEmpty else { continue }
      let isDivided = !opening.isEmpty || rest.last.map(signs.contains) == true
      if isDivided || isLoose && rest.last.map({ $0.isLowercase || $0.isNumber }) == true {
        return item
      }
    }
    return nil
  }

  private static func item(of name: String, after mark: String) -> String? {
    for (opening, closing) in [("(", ")"), ("[", "]"), ("", "")] {
      let beginning = opening + mark + closing
      guard name.hasPrefix(beginning), name.count > beginning.count else { continue }
      let rest = name.dropFirst(beginning.count)
      let item = trimmed(String(rest))
      guard !item.isEmpty, !opening.isEmpty || rest.first.map(signs.contains) == true else {
        continue
      }
      return item
    }
    return nil
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while let last = text.last, signs.contains(last) { text.removeLast() }
    while let first = text.first, signs.contains(first) { text.removeFirst() }
    return String(text)
  }

  // MARK: Marks that are found

  private enum Kind { case word, letter }

  private static let words: Set<String> = [
    "rater", "reviewer", "coder", "annotator", "extractor", "assessor", "screener", "judge", "r",
    "rev", "ann",
  ]

  /// What a mark is; `nil` for none that tells of raters by itself.
  private static func kind(_ mark: String) -> Kind? {
    if mark.count == 1, let letter = mark.first {
      return letter.isASCII && letter.isLetter ? .letter : nil
    }
    let letters = mark.lowercased()
    let word = letters.prefix { $0.isLetter }
    let rest = trimmed(String(letters.dropFirst(word.count)))
    if words.contains(String(word)), !rest.isEmpty,
      rest.allSatisfy({ $0.isASCII && $0.isNumber })
        || rest.count == 1 && rest.allSatisfy(\.isLetter)
    {
      return .word
    }
    // Rater and letter in one: raterA.
    if let last = word.last, rest.isEmpty, "abcdef".contains(last),
      word.count > 4, words.contains(String(word.dropLast()))
    {
      return .word
    }
    return nil
  }

  private static func part(of name: String, atEnd: Bool) -> Part? {
    let name = trimmed(name)
    for (mark, rest) in atEnd ? endings(of: name) : beginnings(of: name) {
      let (mark, item) = (trimmed(mark), trimmed(rest))
      if !item.isEmpty, kind(mark) != nil { return Part(item: item, rater: mark) }
    }
    return nil
  }

  /// What may be a mark at the end of a name, the longest first, with what is before it.
  private static func endings(of name: String) -> [(mark: String, rest: String)] {
    var found: [(String, String)] = []
    if let last = name.last, last == ")" || last == "]",
      let opening = name.lastIndex(of: last == ")" ? "(" : "[")
    {
      let inside = name[name.index(after: opening)...].dropLast()
      return [(String(inside), String(name[..<opening]))]
    }
    let places = name.indices.filter { signs.contains(name[$0]) }
    for place in places.suffix(2) {
      found.append((String(name[name.index(after: place)...]), String(name[..<place])))
    }
    // Without a sign: codeA, codeR1.
    let digits = name.reversed().prefix { $0.isNumber }.count
    for length in [digits + 1, digits] where length > 0 && length < name.count {
      let (mark, rest) = (name.suffix(length), name.dropLast(length))
      guard let first = mark.first, let before = rest.last else { continue }
      if first.isUppercase && before.isLowercase || first.isNumber && before.isLetter {
        found.append((String(mark), String(rest)))
      }
    }
    return found
  }

  /// What may be a mark at the beginning of a name, the longest first, with what is after it.
  private static func beginnings(of name: String) -> [(mark: String, rest: String)] {
    if let first = name.first, first == "(" || first == "[",
      let closing = name.firstIndex(of: first == "(" ? ")" : "]")
    {
      let inside = name[..<closing].dropFirst()
      return [(String(inside), String(name[name.index(after: closing)...]))]
    }
    return name.indices.filter { signs.contains(name[$0]) }.prefix(2).reversed().map { place in
      (String(name[..<place]), String(name[name.index(after: place)...]))
    }
  }
}
