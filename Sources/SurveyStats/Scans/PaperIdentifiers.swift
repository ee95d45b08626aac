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

  /// Reads an identifier as people write it: in any case, behind a resolver or a publisher's address,
  /// with percent escapes.
  static func read(_ text: String) -> Reading {
    if unsafe text.utf8.withContiguousStorageIfAvailable(unsafe isTidy) ?? false {
      return .identifier(text)
    }
    let lowercased = text.trimmed.lowercased()
    guard !lowercased.isEmpty else { return .missing }
    var name = IdentifierText.decodingPercents(lowercased)[...]
    let isAddress = name.hasPrefix("http://") || name.hasPrefix("https://")
    for prefix in [
      "https://", "http://", "dx.", "www.", "urn:", "info:", "doi.org/", "doi:", "doi/", "doi ",
    ] where name.hasPrefix(prefix) {
      name = name.dropFirst(prefix.count)
    }
    if isAddress {
      name = name.prefix { $0 != "?" && $0 != "#" }
      if !name.hasPrefix("10."), let start = name.firstRange(of: "/10.") {
        name = name[start.lowerBound...].dropFirst()
        for ending in ["/full", "/pdf", "/abstract", "/meta", ".pdf"] where name.hasSuffix(ending) {
          name = name.dropLast(ending.count)
        }
      }
      while name.last == "/" { name = name.dropLast() }
    }
    var identifier = String(name).trimmed
    while let last = identifier.last, ".,;".contains(last) { identifier.removeLast() }
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

  /// The identifier in lower case; `nil` when the text is none, or a placeholder.
  static func normalized(_ text: String) -> String? {
    if case .identifier(let identifier) = read(text) { identifier } else { nil }
  }

  /// The arXiv identifier of a DOI that arXiv itself has registered.
  static func arXivID(_ doi: String) -> String? {
    guard doi.hasPrefix(ArXivIdentifier.registrant) else { return nil }
    return ArXivIdentifier.normalized(doi)
  }

  /// Whether the bytes are an identifier that is written as it should be and cannot be a template's
  /// example, as most are.
  private static func isTidy(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    guard name.count > 4, unsafe name[0] == UInt8(ascii: "1"), unsafe name[1] == UInt8(ascii: "0"),
      unsafe name[2] == UInt8(ascii: "."), unsafe name[3].isASCIIDigit
    else { return false }
    guard let slash = unsafe name.firstIndex(of: UInt8(ascii: "/")), slash + 1 < name.count,
      unsafe name[3..<slash].allSatisfy({ $0.isASCIIDigit || $0 == UInt8(ascii: ".") })
    else { return false }
    var run = 0
    var previous: UInt8 = 0
    for place in name.indices {
      let byte = unsafe name[place]
      guard 0x21..<0x7F ~= byte, !(UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte),
        byte != UInt8(ascii: "%")
      else { return false }
      run = byte == previous ? run + 1 : 1
      previous = byte
      if run == 3, byte == UInt8(ascii: "x") || byte == UInt8(ascii: "n") { return false }
    }
    let suffix = unsafe name[(slash + 1)...]
    return unsafe name.last.map { !".,;".utf8.contains($0) } ?? false
      && !suffix.starts(with: "00".utf8) && !suffix.starts(with: "1234567".utf8)
      && !name.elementsEqual("10.1145/1122445.1122456".utf8)
  }

  /// Whether a part consists of x or n after at most some digits, what follows the registrant of zeros,
  /// or the whole is a known example.
  private static func isPlaceholder(_ name: String.UTF8View) -> Bool {
    if name.elementsEqual("10.1145/1122445.1122456".utf8) { return true }
    let parts = name.split(whereSeparator: { !$0.isASCIILetter && !$0.isASCIIDigit })
    if parts.count > 2 {
      let suffix = parts.dropFirst(2)
      let zeros = suffix.allSatisfy { $0.allSatisfy { $0 == UInt8(ascii: "0") } }
      if zeros && suffix.reduce(0, { $0 + $1.count }) > 3 { return true }
      if parts[2].elementsEqual("1234567".utf8) { return true }
    }
    return parts.contains { part in
      let letters = part.drop(while: \.isASCIIDigit)
      return letters.count >= 3
        && (letters.allSatisfy { $0 == UInt8(ascii: "x") }
          || letters.allSatisfy { $0 == UInt8(ascii: "n") })
    }
  }
}

/// Identifiers of arXiv.
enum ArXivIdentifier {
  /// What the DOIs begin with that arXiv has registered.
  static let registrant = "10.48550/arxiv."

  /// The identifier without prefix and version (`2502.17356`); `nil` when it is none.
  ///
  /// Both the present form and the one before April 2007 (`cs/0112017`) are known, by themselves, in
  /// addresses (`https://arxiv.org/pdf/2502.17356v2`), in DOIs (`10.48550/arXiv.2502.17356`) and behind
  /// words (`arXiv preprint arXiv:2502.17356 [cs.SE]`).
  static func normalized(_ text: String) -> String? {
    if unsafe text.utf8.withContiguousStorageIfAvailable({ unsafe isPresentForm($0) }) ?? false {
      return text
    }
    let decoded = IdentifierText.decodingPercents(text.trimmed.lowercased())
    var name = decoded[...]
    for prefix in [
      "https://", "http://", "www.", "export.", "browse.", "dx.", "doi.org/", "doi:", registrant,
      "arxiv preprint ", "arxiv.org/", "ar5iv.labs.arxiv.org/", "ar5iv.org/", "alphaxiv.org/",
      "huggingface.co/papers/", "abs/", "pdf/", "html/", "format/", "arxiv:",
    ] where name.hasPrefix(prefix) {
      name = name.dropFirst(prefix.count)
    }
    name = String(name).trimmed.prefix { !"?#[( ".contains($0) }
    if name.hasSuffix(".pdf") { name = name.dropLast(4) }
    if name.hasSuffix("/") { name = name.dropLast() }
    var bytes = Array(name.utf8)
    if let mark = bytes.lastIndex(of: UInt8(ascii: "v")), mark > 0, mark + 1 < bytes.count,
      bytes[mark - 1].isASCIIDigit, bytes[(mark + 1)...].allSatisfy(\.isASCIIDigit)
    {
      bytes.removeLast(bytes.count - mark)
    }
    guard unsafe bytes.withUnsafeBufferPointer(unsafe isPresentForm) || isOldForm(bytes) else {
      return nil
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func isPresentForm(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    guard (9...10).contains(name.count), unsafe name[4] == UInt8(ascii: "."),
      unsafe name[..<4].allSatisfy(\.isASCIIDigit), unsafe name[5...].allSatisfy(\.isASCIIDigit)
    else { return false }
    let month = unsafe (name[2] - UInt8(ascii: "0")) * 10 + name[3] - UInt8(ascii: "0")
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

/// Identifiers of PubMed.
enum PubMedIdentifier {
  /// The digits of the identifier; `nil` when it is none.
  static func normalized(_ text: String) -> String? {
    var name = text.trimmed.lowercased()[...]
    for prefix in [
      "https://", "http://", "www.", "pubmed.ncbi.nlm.nih.gov/", "ncbi.nlm.nih.gov/pubmed/",
      "pmid:",
      "pmid",
    ] where name.hasPrefix(prefix) {
      name = name.dropFirst(prefix.count)
    }
    name = String(name).trimmed.prefix { $0 != "?" && $0 != "#" }
    if name.hasSuffix("/") { name = name.dropLast() }
    // Data frames with missing numbers write whole ones as reals.
    if name.hasSuffix(".0") { name = name.dropLast(2) }
    let digits = name.drop { $0 == "0" }
    guard (1...8).contains(digits.utf8.count), digits.utf8.allSatisfy(\.isASCIIDigit) else {
      return nil
    }
    return String(digits)
  }
}

/// Identifiers of works in OpenAlex.
enum OpenAlexIdentifier {
  /// The identifier (`W2741809807`); `nil` when it is none.
  static func normalized(_ text: String) -> String? {
    var name = text.trimmed.lowercased()[...]
    for prefix in [
      "https://", "http://", "api.", "www.", "openalex.org/", "openalex:", "works/",
    ] where name.hasPrefix(prefix) {
      name = name.dropFirst(prefix.count)
    }
    name = name.prefix { $0 != "?" && $0 != "#" }
    let digits = name.dropFirst()
    guard name.first == "w", digits.utf8.count >= 2, digits.utf8.first != UInt8(ascii: "0"),
      digits.utf8.allSatisfy(\.isASCIIDigit)
    else { return nil }
    return "W" + digits
  }
}

/// What the readers of identifiers share.
enum IdentifierText {
  /// The text with its percent escapes decoded, unless that is no text.
  static func decodingPercents(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
    let bytes = Array(text.utf8)
    var decoded: [UInt8] = []
    var place = 0
    while place < bytes.count {
      if bytes[place] == UInt8(ascii: "%"), place + 2 < bytes.count,
        let value = UInt8(String(decoding: bytes[place + 1...place + 2], as: UTF8.self), radix: 16)
      {
        decoded.append(value)
        place += 3
      } else {
        decoded.append(bytes[place])
        place += 1
      }
    }
    return String(validating: decoded, as: UTF8.self)?.lowercased() ?? text
  }
}
