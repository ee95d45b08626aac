/// The columns of a matrix CSV that describe the paper, besides `paper` itself.
public enum MetadataColumn: String, Sendable, CaseIterable {
  /// The title.
  case title
  /// The year of publication.
  case year
  /// The venue.
  case venue
  /// The paper type.
  case type
  /// The methodology tags, divided by semicolons.
  case tags
  /// The version of the instrument.
  case version
  /// Who answered.
  case rater
  /// A free grouping of papers.
  case group
  /// The sampling cluster.
  case cluster
  /// The sampling weight.
  case weight
  /// The arXiv identifier.
  case arxivID = "arxiv_id"
  /// The digital object identifier.
  case doi
  /// The identifier in PubMed.
  case pmid
  /// The identifier in OpenAlex.
  case openAlexID = "openalex"

  /// The column's text for a paper; `nil` when it is unknown or, for tags, when there are none.
  public func text(of paper: Paper) -> String? {
    switch self {
    case .title: paper.title
    case .year: paper.year.map(\.description)
    case .venue: paper.venue
    case .type: paper.type
    case .tags: paper.tags.contains { !$0.isEmpty } ? TagList.joined(paper.tags) : nil
    case .version: paper.version.map(\.description)
    case .rater: paper.rater
    case .group: paper.group
    case .cluster: paper.cluster
    case .weight: paper.weight.map(NumberFormat.shortest)
    case .arxivID: paper.arxivID
    case .doi: paper.doi
    case .pmid: paper.pmid
    case .openAlexID: paper.openAlexID
    }
  }

  /// The values of a paper: none when missing, several for tags.
  ///
  /// The spellings of a venue count as one, also where a matrix file keeps them apart.
  public func values(of paper: Paper) -> [String] {
    switch self {
    case .tags: paper.tags
    case .venue: paper.venue.flatMap(Venue.normalized).map { [$0] } ?? []
    default: text(of: paper).map { [$0] } ?? []
    }
  }

  /// Sets the column's value from text; false when the text is not of its kind.
  package func set(_ text: String, of paper: inout Paper) -> Bool {
    switch self {
    case .title: paper.title = text
    case .year:
      paper.year = Self.integer(text)
      return paper.year != nil
    case .venue: paper.venue = text
    case .type: paper.type = text
    case .tags: paper.tags = TagList.split(text)
    case .version:
      paper.version = Self.integer(text)
      return paper.version != nil
    case .rater: paper.rater = text
    case .group: paper.group = text
    case .cluster: paper.cluster = text
    case .weight:
      guard let weight = Double(text), weight.isFinite, weight >= 0 else { return false }
      paper.weight = weight
    case .arxivID: paper.arxivID = text
    case .doi: paper.doi = text
    case .pmid: paper.pmid = text
    case .openAlexID: paper.openAlexID = text
    }
    return true
  }

  /// A whole number, also as data frames with missing years write it (`2024.0`).
  static func integer(_ text: String) -> Int? {
    Int(text.hasSuffix(".0") ? text.dropLast(2) : text[...])
  }
}

/// Tags in one CSV field: divided by semicolons, with a backslash before what is meant literally.
///
/// Spaces around a semicolon do not count, nor do empty tags.
enum TagList {
  static func joined(_ tags: [String]) -> String {
    tags.filter { !$0.isEmpty }.map(escaped).joined(separator: ";")
  }

  static func split(_ text: String) -> [String] {
    var tags: [String] = []
    var tag: [UInt8] = []
    /// The length that may not be trimmed away: it ends with a literal or visible character.
    var kept = 0
    var isEscaped = false
    let (backslash, space) = (UInt8(ascii: "\\"), UInt8(ascii: " "))
    func finish() {
      tag.removeLast(tag.count - kept)
      if !tag.isEmpty { tags.append(String(decoding: tag, as: UTF8.self)) }
      tag.removeAll(keepingCapacity: true)
      kept = 0
    }
    for byte in text.utf8 {
      if isEscaped {
        if !(byte == UInt8(ascii: ";") || byte == backslash || byte == space) {
          tag.append(backslash)
        }
        tag.append(byte)
        kept = tag.count
        isEscaped = false
      } else if byte == backslash {
        isEscaped = true
      } else if byte == UInt8(ascii: ";") {
        finish()
      } else if byte != space {
        tag.append(byte)
        kept = tag.count
      } else if !tag.isEmpty {
        tag.append(byte)
      }
    }
    if isEscaped {
      tag.append(backslash)
      kept = tag.count
    }
    finish()
    return tags
  }

  private static func escaped(_ tag: String) -> String {
    var result = ""
    let scalars = tag.unicodeScalars
    for (offset, scalar) in scalars.enumerated() {
      let isOuterSpace = scalar == " " && (offset == 0 || offset == scalars.count - 1)
      if scalar == ";" || scalar == "\\" || isOuterSpace { result.append("\\") }
      result.unicodeScalars.append(scalar)
    }
    return result
  }
}
