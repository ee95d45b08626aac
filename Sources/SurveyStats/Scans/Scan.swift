/// One rater's answers to the checklist for one paper: one scan file.
public struct Scan: Sendable, Equatable {
  /// What the scan says about the paper, with counts of its lists among the covariates.
  public var paper: Paper
  /// The file it was read from; `file:line` for a line of a `.jsonl`.
  public let file: String
  /// The version of the instrument.
  public let version: Int
  /// The conditional modules that the scan says were asked.
  public let activeModules: [String]
  /// The answers, in the order of the file.
  public internal(set) var answers: [Answer]
  /// Items that do not apply but are answered yes; they count as not applicable.
  public let contradictionCount: Int
  /// The authors; empty unless asked for.
  public let authors: [String]
  /// The claims of the paper; empty unless asked for.
  public let claims: [Claim]
  /// The red flags that the rater raised; empty unless asked for.
  public let redFlags: [RedFlag]
  /// The works that the paper cites; empty unless asked for.
  public let citedPapers: [CitedPaper]
  /// What the rater found most worth knowing; empty unless asked for.
  public let keyFindings: [String]
  /// Why each answer is what it is, at the place of the answer; empty unless asked for.
  public let justifications: [String?]

  /// Creates a scan; everything but the paper, the version and the answers is optional.
  public init(
    paper: Paper, file: String = "", version: Int, activeModules: [String] = [],
    answers: [Answer], contradictionCount: Int = 0, authors: [String] = [], claims: [Claim] = [],
    redFlags: [RedFlag] = [], citedPapers: [CitedPaper] = [], keyFindings: [String] = [],
    justifications: [String?] = []
  ) {
    self.paper = paper
    self.file = file
    self.version = version
    self.activeModules = activeModules
    self.answers = answers
    self.contradictionCount = contradictionCount
    self.authors = authors
    self.claims = claims
    self.redFlags = redFlags
    self.citedPapers = citedPapers
    self.keyFindings = keyFindings
    self.justifications = justifications
  }

  /// Gives the items and sources of the answers new numbers, those at the places of the old.
  mutating func renumber(items: [Int], sources: [Int?]) {
    answers.withUnsafeMutableBufferPointer { answers in
      for place in answers.indices {
        let answer = answers[place]
        answers[place] = Answer(
          item: items[answer.item], cell: answer.cell, source: answer.source.flatMap { sources[$0] }
        )
      }
    }
  }
}

/// One answer of a scan, in eight bytes.
public struct Answer: Sendable, Equatable {
  private let itemIndex: UInt32
  private let sourceIndex: UInt16
  /// The answer; never absent.
  public let cell: Cell

  /// The most sources that can be told apart.
  static let sourceLimit = Int(UInt16.max)

  /// Creates an answer from its places in the tables of the corpus.
  public init(item: Int, cell: Cell, source: Int? = nil) {
    itemIndex = UInt32(item)
    sourceIndex = source.map { UInt16($0) } ?? .max
    self.cell = cell
  }

  /// The place of the item in the corpus's items.
  public var item: Int { Int(itemIndex) }

  /// The place of the rater in the corpus's sources; `nil` when the answer names none.
  public var source: Int? { sourceIndex == .max ? nil : Int(sourceIndex) }
}

/// A claim of a paper and how well the paper supports it.
public struct Claim: Sendable, Equatable {
  /// What is claimed.
  public let claim: String
  /// The evidence that the paper gives.
  public let evidence: String?
  /// The support level (`strong`, `moderate`, `weak`, …), as written.
  public let support: String?

  /// Creates a claim.
  public init(claim: String, evidence: String? = nil, support: String? = nil) {
    self.claim = claim
    self.evidence = evidence
    self.support = support
  }
}

/// A reason to distrust a paper that the checklist does not ask for.
public struct RedFlag: Sendable, Equatable {
  /// The reason in short.
  public let flag: String
  /// The reason at length.
  public let detail: String?

  /// Creates a red flag.
  public init(flag: String, detail: String? = nil) {
    self.flag = flag
    self.detail = detail
  }
}

/// A work that a paper cites.
public struct CitedPaper: Sendable, Equatable {
  /// The title.
  public let title: String
  /// The authors, as far as they are given.
  public let authors: [String]
  /// The year.
  public let year: Int?
  /// The arXiv identifier.
  public let arxivID: String?
  /// The digital object identifier.
  public let doi: String?

  /// Creates a cited work.
  public init(
    title: String, authors: [String] = [], year: Int? = nil, arxivID: String? = nil,
    doi: String? = nil
  ) {
    self.title = title
    self.authors = authors
    self.year = year
    self.arxivID = arxivID
    self.doi = doi
  }
}
