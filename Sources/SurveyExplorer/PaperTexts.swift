public import SurveyStats

/// What scans say about a paper in words.
public struct PaperTexts: Sendable, Equatable {
  /// The authors.
  public var authors: [String]
  /// What the rater found most worth knowing.
  public var keyFindings: [String]
  /// The claims with evidence and support.
  public var claims: [Claim]
  /// The red flags.
  public var redFlags: [RedFlag]
  /// Why each answer is what it is, by item.
  public var justifications: [ItemID: String]

  /// Creates texts; everything is optional.
  public init(
    authors: [String] = [], keyFindings: [String] = [], claims: [Claim] = [],
    redFlags: [RedFlag] = [], justifications: [ItemID: String] = [:]
  ) {
    self.authors = authors
    self.keyFindings = keyFindings
    self.claims = claims
    self.redFlags = redFlags
    self.justifications = justifications
  }

  /// The texts, with reasons, evidence and details cut after so many bytes.
  func cut(to length: Int) -> PaperTexts {
    var cut = self
    cut.claims = claims.map {
      Claim(
        claim: $0.claim, evidence: $0.evidence.map { Self.cut($0, to: length) },
        support: $0.support)
    }
    cut.redFlags = redFlags.map {
      RedFlag(flag: $0.flag, detail: $0.detail.map { Self.cut($0, to: length) })
    }
    cut.justifications = justifications.mapValues { Self.cut($0, to: length) }
    return cut
  }

  /// The whole words of a text within so many bytes, and `…` for what is gone.
  static func cut(_ text: String, to length: Int) -> String {
    guard text.utf8.count > length else { return text }
    let start = text.utf8.prefix(length)
    // A word that is as long as everything is cut too, between two characters.
    let end = start.lastIndex(of: UInt8(ascii: " ")) ?? start.endIndex
    var words = String(decoding: text.utf8[..<end], as: UTF8.self)
    while words.last == "\u{FFFD}" { words.removeLast() }
    return words + " …"
  }

  /// The texts of a scan.
  ///
  /// - Parameters:
  ///   - scan: The scan.
  ///   - items: The items of its corpus.
  public init(_ scan: Scan, items: [ItemID]) {
    self.init(
      authors: scan.authors, keyFindings: scan.keyFindings, claims: scan.claims,
      redFlags: scan.redFlags)
    for (answer, text) in zip(scan.answers, scan.justifications) {
      if let text { justifications[items[answer.item]] = text }
    }
  }
}

extension OtherReading {
  /// The reading, with reasons cut after so many bytes.
  func cut(to length: Int) -> OtherReading {
    var cut = self
    cut.justifications = justifications.mapValues { PaperTexts.cut($0, to: length) }
    return cut
  }
}

/// The answers of another scan or row of a paper: of another version, or another rater.
public struct OtherReading: Sendable, Equatable {
  /// The row of the paper in the matrix.
  public var paper: Int
  /// The version of the instrument.
  public var version: Int?
  /// Who answered.
  public var rater: String?
  /// The answer to each item of the matrix.
  public var cells: [Cell]
  /// Why, by item.
  public var justifications: [ItemID: String]

  /// Creates a reading.
  public init(
    paper: Int, version: Int? = nil, rater: String? = nil, cells: [Cell],
    justifications: [ItemID: String] = [:]
  ) {
    self.paper = paper
    self.version = version
    self.rater = rater
    self.cells = cells
    self.justifications = justifications
  }
}
