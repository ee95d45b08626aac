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
