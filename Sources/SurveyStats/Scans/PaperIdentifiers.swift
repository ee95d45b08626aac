/// Digital object identifiers.
enum DOI {
  /// What a text is worth as an identifier.
  enum Reading: Equatable {
    /// An identifier, in lower case and without a resolver.
    case identifier(String)
    /// A template's example, such as `10.1145/nnnnnnn.nnnnnnn`.
    case placeholder
    /// Not an identifier.
    case invalid
    /// Nothing was given.
    case missing
  }

  /// Reads an identifier as people write it.
  static func read(_ text: String) -> Reading {
    var name = text.trimmed.lowercased()[...]
    guard !name.isEmpty else { return .missing }
    for prefix in ["https://", "http://", "dx.", "www.", "doi.org/", "doi:"]
    where name.hasPrefix(prefix) {
      name = name.dropFirst(prefix.count)
    }
    name = name.drop(while: \.isWhitespace)
    if isPlaceholder(name) { return .placeholder }
    guard let slash = name.firstIndex(of: "/"), name.hasPrefix("10."),
      name[..<slash].dropFirst(3).allSatisfy({ $0.isASCIIDigit || $0 == "." }),
      name.dropFirst(3).first?.isASCIIDigit == true,
      name.index(after: slash) < name.endIndex,
      !name.contains(where: \.isWhitespace)
    else { return .invalid }
    return .identifier(String(name))
  }

  /// The arXiv identifier of a DOI that arXiv itself has registered.
  static func arXivID(_ doi: String) -> String? {
    let prefix = "10.48550/arxiv."
    guard doi.hasPrefix(prefix) else { return nil }
    return ArXivIdentifier.normalized(String(doi.dropFirst(prefix.count)))
  }

  /// Whether a part consists of x or n after at most some digits, or the whole is a known example.
  private static func isPlaceholder(_ name: Substring) -> Bool {
    if name == "10.1145/1122445.1122456" { return true }
    return name.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).contains { part in
      let letters = part.drop(while: \.isASCIIDigit)
      return letters.count >= 3
        && (letters.allSatisfy { $0 == "x" } || letters.allSatisfy { $0 == "n" })
    }
  }
}

/// Identifiers of arXiv.
enum ArXivIdentifier {
  /// The identifier without prefix and version (`2502.17356`); `nil` when it is none.
  ///
  /// Both the present form and the one before April 2007 (`cs/0112017`) are known.
  static func normalized(_ text: String) -> String? {
    var name = text.trimmed.lowercased()[...]
    for prefix in [
      "https://", "http://", "www.", "export.", "arxiv.org/", "abs/", "pdf/", "html/", "arxiv:",
    ] where name.hasPrefix(prefix) {
      name = name.dropFirst(prefix.count)
    }
    if name.hasSuffix(".pdf") { name = name.dropLast(4) }
    name = name.drop(while: \.isWhitespace)
    if let mark = name.lastIndex(of: "v"), mark > name.startIndex,
      name.index(after: mark) < name.endIndex,
      name[name.index(after: mark)...].allSatisfy(\.isASCIIDigit),
      name[name.index(before: mark)].isASCIIDigit
    {
      name = name[..<mark]
    }
    return isPresentForm(name) || isOldForm(name) ? String(name) : nil
  }

  private static func isPresentForm(_ name: Substring) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 2 && parts[0].count == 4 && (4...5).contains(parts[1].count)
      && parts.allSatisfy { $0.allSatisfy(\.isASCIIDigit) }
      && (Int(parts[0].suffix(2)).map { (1...12).contains($0) } ?? false)
  }

  private static func isOldForm(_ name: Substring) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2 && parts[1].count == 7 && parts[1].allSatisfy(\.isASCIIDigit)
      && parts[0].first?.isLetter == true
      && parts[0].allSatisfy { $0.isASCII && ($0.isLetter || $0 == "-" || $0 == ".") }
  }
}

extension Character {
  var isASCIIDigit: Bool {
    guard let value = asciiValue else { return false }
    return UInt8(ascii: "0")...UInt8(ascii: "9") ~= value
  }
}

extension String {
  /// The text without white space at its ends.
  var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return first == startIndex && index(after: last) == endIndex ? self : String(self[first...last])
  }
}
