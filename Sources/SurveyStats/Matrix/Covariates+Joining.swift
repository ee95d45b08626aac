extension Covariates {
  /// Papers with their covariates.
  public struct Joined: Sendable {
    /// The papers, in their order.
    public let papers: [Paper]
    /// How many rows were joined and by what, and what did not fit.
    public let notes: [CovariateNote]
  }

  /// The papers with the covariates of their rows.
  ///
  /// A covariate with the name of metadata fills in that metadata. Cost: a few look-ups a paper and
  /// row.
  ///
  /// - Throws: ``CovariateError/clash(line:name:paper:here:there:)`` when a paper has another value
  ///   already, except for titles, whose spellings vary; and `notMetadata` for a value that is none.
  public func joined(to papers: [Paper]) throws(CovariateError) -> Joined {
    let index = index()
    let shared = keys.contains(.title) ? Self.sharedTitles(papers) : []
    var joiner = Joiner(self)
    var usedBy = [Key?](repeating: nil, count: lines.count)
    var unmatchedPapers: [String] = []
    var sharedTitles: [String] = []
    var result = papers
    for place in result.indices {
      let paper = result[place]
      var found: (row: Int, key: Key)?
      for (number, key) in keys.enumerated() where found == nil {
        guard let text = Self.text(key, of: paper), let row = index.rows[number][text] else {
          continue
        }
        if key == .title, shared.contains(text) {
          sharedTitles.append(paper.title ?? "")
        } else {
          found = (row, key)
        }
      }
      guard let found else {
        if place == 0 || papers[place - 1].slug != paper.slug { unmatchedPapers.append(paper.slug) }
        continue
      }
      if usedBy[found.row] == nil { usedBy[found.row] = found.key }
      try joiner.join(found.row, to: &result[place])
    }
    let unmatchedRows = lines.indices.filter {
      usedBy[$0] == nil && !index.repeats.contains($0)
    }
    let counts = Key.allCases.map { key in (key: key, count: usedBy.count { $0 == key }) }
    return Joined(
      papers: result,
      notes: [CovariateNote(joined: counts.filter { $0.count > 0 }, of: lines.count)]
        + [
          CovariateNote(.unmatchedRow, unmatchedRows.map(name)),
          CovariateNote(.unmatchedPaper, unmatchedPapers),
          CovariateNote(.duplicateKey, index.repeats.sorted().map(name)),
          CovariateNote(.sharedTitle, sharedTitles),
        ].filter { $0.count > 0 })
  }

  /// What a row is called: its first key as written.
  private func name(_ row: Int) -> String {
    keys.indices.lazy.compactMap { keyText(row, $0) }.first ?? ""
  }

  /// The rows of the texts of each key, and the rows of which no key is new.
  private func index() -> (rows: [[String: Int]], repeats: Set<Int>) {
    var found = keys.map { _ in [String: Int](minimumCapacity: lines.count) }
    var repeats: Set<Int> = []
    for row in lines.indices {
      var isNew = false
      var isRepeated = false
      for (number, key) in keys.enumerated() {
        guard let text = keyText(row, number).flatMap({ Self.normalized(key, $0) }) else {
          continue
        }
        // The first of several rows counts.
        if let first = found[number].updateValue(row, forKey: text) {
          found[number][text] = first
          isRepeated = true
        } else {
          isNew = true
        }
      }
      if isRepeated, !isNew { repeats.insert(row) }
    }
    return (found, repeats)
  }

  /// The titles that papers of several names have.
  private static func sharedTitles(_ papers: [Paper]) -> Set<String> {
    var owners: [String: String] = [:]
    var shared: Set<String> = []
    for paper in papers {
      guard let title = text(.title, of: paper) else { continue }
      if let owner = owners[title], owner != paper.slug { shared.insert(title) }
      owners[title] = paper.slug
    }
    return shared
  }

  /// A paper's key in the form that matches; `nil` when it has none.
  private static func text(_ key: Key, of paper: Paper) -> String? {
    switch key {
    case .paper: paper.slug
    case .arxivID: PaperKey(.arXiv, of: paper)?.text
    case .doi: PaperKey(.doi, of: paper)?.text
    case .pmid: PaperKey(.pubMed, of: paper)?.text
    case .openAlexID: PaperKey(.openAlex, of: paper)?.text
    case .title: paper.title.flatMap { normalized(.title, $0) }
    }
  }

  /// A key in the form that matches; `nil` for what identifies nothing.
  static func normalized(_ key: Key, _ text: String) -> String? {
    switch key {
    case .paper: return text
    case .arxivID: return ArXivIdentifier.normalized(text)
    case .doi: return DOI.normalized(text)
    case .pmid: return PubMedIdentifier.normalized(text)
    case .openAlexID: return OpenAlexIdentifier.normalized(text)
    case .title:
      let title = TitleKey.normalized(text)
      return title.isEmpty ? nil : title
    }
  }
}

/// Puts the values of a row where they belong.
private struct Joiner {
  private let covariates: Covariates
  /// For each name the metadata that it is, if it is any.
  private let metadata: [MetadataColumn?]
  /// The other names in order, with their places.
  private let further: [(name: String, place: Int)]
  /// The names of the covariates that a paper had last, which papers share.
  private var sharedNames: [String] = []

  init(_ covariates: Covariates) {
    self.covariates = covariates
    let metadata = covariates.names.map { MetadataColumn(rawValue: $0) }
    self.metadata = metadata
    further = covariates.names.enumerated().filter { metadata[$0.offset] == nil }
      .map { ($0.element, $0.offset) }.sorted { $0.name < $1.name }
  }

  mutating func join(_ row: Int, to paper: inout Paper) throws(CovariateError) {
    let line = covariates.lines[row]
    let covariates = covariates
    let known = paper.covariates
    for (place, name) in covariates.names.enumerated() {
      guard let value = covariates.value(row, place) else { continue }
      if let kind = metadata[place] {
        try set(kind, value, line: line, of: &paper)
      } else if let there = known[name], there != value {
        throw .clash(line: line, name: name, paper: paper.slug, here: value, there: there)
      }
    }
    let added = further.lazy.compactMap { name, place in
      covariates.value(row, place).map { (name: name, value: $0) }
    }
    paper.covariates = known.adding(added, sharing: &sharedNames)
    for (number, key) in covariates.keys.enumerated() {
      guard let value = covariates.keyText(row, number),
        let metadata = MetadataColumn(rawValue: key.rawValue),
        let identifier = Covariates.normalized(key, value)
      else { continue }
      try set(metadata, key == .title ? value : identifier, line: line, of: &paper)
    }
  }

  /// Fills in metadata; a paper that has it must have the same.
  private func set(
    _ metadata: MetadataColumn, _ value: String, line: Int, of paper: inout Paper
  ) throws(CovariateError) {
    if value.isEmpty { return }
    var other = Paper(slug: "")
    guard metadata.set(value, of: &other) else {
      throw .notMetadata(line: line, name: metadata.rawValue, value: value)
    }
    guard let there = metadata.text(of: paper) else {
      _ = metadata.set(value, of: &paper)
      return
    }
    if metadata == .title || Self.isSame(metadata, paper, other) { return }
    throw .clash(
      line: line, name: metadata.rawValue, paper: paper.slug, here: value, there: there)
  }

  private static func isSame(_ metadata: MetadataColumn, _ left: Paper, _ right: Paper) -> Bool {
    switch metadata {
    case .tags: return Set(left.tags) == Set(right.tags)
    case .venue:
      let venues = [left, right].map { $0.venue.flatMap(Venue.normalized)?.lowercased() }
      return venues[0] == venues[1] || venues[1] == nil
    case .arxivID: return PaperKey(.arXiv, of: left) == PaperKey(.arXiv, of: right)
    case .doi: return PaperKey(.doi, of: left) == PaperKey(.doi, of: right)
    case .pmid: return PaperKey(.pubMed, of: left) == PaperKey(.pubMed, of: right)
    case .openAlexID: return PaperKey(.openAlex, of: left) == PaperKey(.openAlex, of: right)
    default: return metadata.text(of: left) == metadata.text(of: right)
    }
  }
}

/// How covariates were joined, and what did not fit.
public struct CovariateNote: Sendable, Equatable, CustomStringConvertible {
  /// The kinds of notes.
  public enum Kind: String, Sendable {
    /// How many rows were joined, and by what.
    case joined
    /// Rows whose keys no paper has.
    case unmatchedRow
    /// Papers without a row.
    case unmatchedPaper
    /// Further rows with a key that occurred before; the first row counts.
    case duplicateKey
    /// Titles that several papers have, so that they join nothing.
    case sharedTitle
  }

  /// What it is about.
  public let kind: Kind
  /// How many there are.
  public let count: Int
  /// What they are called; of rows that were joined, the keys that joined them.
  public let names: [String]
  /// The number of rows in all, for those that were joined.
  private let total: Int

  init(_ kind: Kind, _ names: [String]) {
    self.kind = kind
    self.names = names
    count = names.count
    total = 0
  }

  init(joined counts: [(key: Covariates.Key, count: Int)], of total: Int) {
    kind = .joined
    count = counts.reduce(0) { $0 + $1.count }
    names = counts.map { "\($0.count) by \($0.key.rawValue)" }
    self.total = total
  }

  /// The most names in a sentence.
  private static let shownNames = 10

  /// One sentence with the count and the names.
  public var description: String {
    let shown = names.prefix(Self.shownNames).map {
      "'\(DisplayText.truncated(DisplayText.visible($0), to: 80))'"
    }
    let list =
      shown.joined(separator: ", ")
      + (names.count > shown.count ? " and \(names.count - shown.count) more" : "")
    let one = count == 1
    return switch kind {
    case .joined:
      "\(count) of \(total) covariate \(total == 1 ? "row" : "rows") joined"
        + (names.isEmpty ? "" : ", \(names.joined(separator: ", "))")
    case .unmatchedRow: "\(count) covariate \(one ? "row matches" : "rows match") no paper: \(list)"
    case .unmatchedPaper: "\(count) \(one ? "paper has" : "papers have") no covariate row: \(list)"
    case .duplicateKey:
      "\(count) covariate \(one ? "row repeats" : "rows repeat") a key, the first row counts:"
        + " \(list)"
    case .sharedTitle:
      "\(count) \(one ? "title is" : "titles are") not joined, since several papers have it: \(list)"
    }
  }
}

/// What is wrong with a covariate file, and where.
public enum CovariateError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file is not a CSV.
  case csv(CSVError)
  /// There is no key in the header, or none in a row.
  case noKey(line: Int)
  /// A column has no name.
  case unnamedColumn(column: Int)
  /// A line is not a JSON object.
  case notObject(line: Int)
  /// A key in JSON is not text.
  case keyNotText(line: Int, name: String)
  /// A value is none of the metadata that its column is.
  case notMetadata(line: Int, name: String, value: String)
  /// A paper has another value already.
  case clash(line: Int, name: String, paper: String, here: String, there: String)

  /// One sentence with the place and the remedy.
  public var description: String {
    switch self {
    case .csv(let error): error.description
    case .noKey(let line):
      "line \(line): nothing names a paper; give every row a paper, arxiv_id, doi, pmid, openalex or "
        + "title"
    case .unnamedColumn(let column):
      "line 1, column \(column): the column has no name; name it or remove it"
    case .notObject(let line): "line \(line): not a JSON object; write one object a line"
    case .keyNotText(let line, let name):
      "line \(line): \(name) is not text; write it in quotes, since a number loses its zeros"
    case .notMetadata(let line, let name, let value):
      "line \(line) (\(name)): \(Self.quoted(value)) is no \(name); "
        + (name == "weight"
          ? "write a finite number of at least 0, or NA" : "write a whole number, or NA")
    case .clash(let line, let name, let paper, let here, let there):
      "line \(line) (\(name)): \(Self.quoted(paper)) has \(Self.quoted(here)) here, and "
        + "\(Self.quoted(there)) already; make them equal, or rename or remove the column"
    }
  }

  private static func quoted(_ text: String) -> String {
    "'\(DisplayText.truncated(DisplayText.visible(text), to: 40))'"
  }
}
