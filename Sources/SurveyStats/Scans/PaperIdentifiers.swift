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
    if text.utf8.withContiguousStorageIfAvailable(isTidy) ?? false { return .identifier(text) }
    var name = text.trimmed.lowercased()[...]
    guard !name.isEmpty else { return .missing }
    for prefix in ["https://", "http://", "dx.", "www.", "doi.org/", "doi:"]
    where name.hasPrefix(prefix) {
      name = name.dropFirst(prefix.count)
    }
    let identifier = String(name).trimmed
    if isPlaceholder(identifier.utf8) { return .placeholder }
    guard let slash = identifier.utf8.firstIndex(of: UInt8(ascii: "/")),
      identifier.hasPrefix("10."), identifier.utf8.index(after: slash) < identifier.endIndex,
      !identifier.utf8.contains(where: \.isASCIISpace)
    else { return .invalid }
    let registrant = identifier.utf8[..<slash].dropFirst(3)
    guard registrant.first?.isASCIIDigit == true,
      registrant.allSatisfy({ $0.isASCIIDigit || $0 == UInt8(ascii: ".") })
    else { return .invalid }
    return .identifier(identifier)
  }

  /// The arXiv identifier of a DOI that arXiv itself has registered.
  static func arXivID(_ doi: String) -> String? {
    let prefix = "10.48550/arxiv."
    guard doi.hasPrefix(prefix) else { return nil }
    return ArXivIdentifier.normalized(String(doi.dropFirst(prefix.count)))
  }

  /// Whether the bytes are an identifier that is written as it should be and has no three x or n in
  /// a row, which most are.
  private static func isTidy(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    guard name.count > 4, name[0] == UInt8(ascii: "1"), name[1] == UInt8(ascii: "0"),
      name[2] == UInt8(ascii: "."), name[3].isASCIIDigit
    else { return false }
    guard let slash = name.firstIndex(of: UInt8(ascii: "/")), slash + 1 < name.count,
      name[3..<slash].allSatisfy({ $0.isASCIIDigit || $0 == UInt8(ascii: ".") })
    else { return false }
    var run = 0
    var previous: UInt8 = 0
    for byte in name {
      guard 0x21..<0x7F ~= byte, !(UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte) else {
        return false
      }
      run = byte == previous ? run + 1 : 1
      previous = byte
      if run == 3, byte == UInt8(ascii: "x") || byte == UInt8(ascii: "n") { return false }
    }
    return !name.elementsEqual("10.1145/1122445.1122456".utf8)
  }

  /// Whether a part consists of x or n after at most some digits, or the whole is a known example.
  private static func isPlaceholder(_ name: String.UTF8View) -> Bool {
    if name.elementsEqual("10.1145/1122445.1122456".utf8) { return true }
    return name.split(whereSeparator: { !$0.isASCIILetter && !$0.isASCIIDigit }).contains { part in
      let letters = part.drop(while: \.isASCIIDigit)
      return letters.count >= 3
        && (letters.allSatisfy { $0 == UInt8(ascii: "x") }
          || letters.allSatisfy { $0 == UInt8(ascii: "n") })
    }
  }
}

/// Identifiers of arXiv.
enum ArXivIdentifier {
  /// The identifier without prefix and version (`2502.17356`); `nil` when it is none.
  ///
  /// Both the present form and the one before April 2007 (`cs/0112017`) are known.
  static func normalized(_ text: String) -> String? {
    if text.utf8.withContiguousStorageIfAvailable({ isPresentForm($0) }) ?? false { return text }
    var name = text.trimmed.lowercased()[...]
    for prefix in [
      "https://", "http://", "www.", "export.", "arxiv.org/", "abs/", "pdf/", "html/", "arxiv:",
    ] where name.hasPrefix(prefix) {
      name = name.dropFirst(prefix.count)
    }
    if name.hasSuffix(".pdf") { name = name.dropLast(4) }
    var bytes = Array(String(name).trimmed.utf8)
    if let mark = bytes.lastIndex(of: UInt8(ascii: "v")), mark > 0, mark + 1 < bytes.count,
      bytes[mark - 1].isASCIIDigit, bytes[(mark + 1)...].allSatisfy(\.isASCIIDigit)
    {
      bytes.removeLast(bytes.count - mark)
    }
    guard bytes.withUnsafeBufferPointer(isPresentForm) || isOldForm(bytes) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isPresentForm(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    guard (9...10).contains(name.count), name[4] == UInt8(ascii: "."),
      name[..<4].allSatisfy(\.isASCIIDigit), name[5...].allSatisfy(\.isASCIIDigit)
    else { return false }
    let month = (name[2] - UInt8(ascii: "0")) * 10 + name[3] - UInt8(ascii: "0")
    return (1...12).contains(month)
  }

  private static func isOldForm(_ name: [UInt8]) -> Bool {
    let parts = name.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return parts.count == 2 && parts[1].count == 7 && parts[1].allSatisfy(\.isASCIIDigit)
      && parts[0].first?.isASCIILetter == true
      && parts[0].allSatisfy {
        $0.isASCIILetter || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
      }
  }
}
