import FoundationEssentials

/// Further metadata of papers from a table of their own, to be joined by what identifies a paper.
///
/// A CSV has a header in which at least one column is a ``Key``; every other column is a covariate. A
/// `.jsonl` has one object a line with the same names: nested objects are flattened (`hn.points`), lists
/// of texts or numbers are labels with `;` between them, lists of objects give their length
/// (`posts.count`); covariates are in alphabetical order, numbers in their shortest spelling, booleans
/// `true` or `false`. Undefined values (`NA`, an empty unquoted field, `null`) are not joined.
///
/// A covariate with the name of a ``MetadataColumn`` is that metadata. When a key occurs in several
/// rows, the first counts.
public struct Covariates: Sendable, Equatable {
  /// What can join a row to its paper, the first that fits going before the others.
  ///
  /// Identifiers match however they are written, and placeholders match nothing. A title matches
  /// whatever its case and punctuation, unless several papers have it.
  public enum Key: String, Sendable, Hashable, CaseIterable {
    /// The name of the paper.
    case paper
    /// The arXiv identifier.
    case arxivID = "arxiv_id"
    /// The digital object identifier.
    case doi
    /// The identifier in PubMed.
    case pmid
    /// The identifier in OpenAlex.
    case openAlexID = "openalex"
    /// The title.
    case title
  }

  /// The keys that the rows have, the first that fits going before the others.
  public let keys: [Key]
  /// The names of the covariates.
  public let names: [String]
  /// The line of each row.
  let lines: [Int]
  /// The keys as written, row after row, in the order of ``keys``.
  private let keyTexts: [String?]
  /// The values, row after row, in the order of ``names``.
  private let values: [String?]

  /// Reads a CSV.
  public init(csv bytes: [UInt8]) throws(CovariateError) {
    var reader: CSVReader
    do { reader = try CSVReader(bytes) } catch { throw .csv(error) }
    let header = reader.header
    let layout = KeyLayout(header)
    guard !layout.isEmpty else { throw .noKey(line: 1) }
    let columns = header.indices.filter { !layout.isOnlyKey($0) }
    for column in columns where header[column].isEmpty {
      throw .unnamedColumn(column: column + 1)
    }
    var rows = Rows(layout)
    while try Self.next(&reader) {
      try rows.add(line: reader.line, columns) { column in
        let isUnknown =
          reader.isUndefined(column) || reader.isEmpty(column) && !reader.isQuoted(column)
        return isUnknown ? nil : reader.text(column)
      }
    }
    self.init(rows, names: columns.map { header[$0] })
  }

  /// Reads JSON objects, one a line; empty lines are skipped.
  public init(jsonLines bytes: [UInt8]) throws(CovariateError) {
    let decoder = JSONDecoder()
    var records: [(line: Int, values: [String: String])] = []
    var known: [String: Bool] = [:]
    for (index, line) in bytes.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    ).enumerated() where !line.allSatisfy({ $0 <= 0x20 }) {
      let record: [String: JSONTree]
      do {
        record = try decoder.decode([String: JSONTree].self, from: Data(line))
      } catch {
        throw .notObject(line: index + 1)
      }
      var values: [String: String] = [:]
      for name in record.keys.sorted() {
        if case .real = record[name], KeyLayout.isIdentifier(name) {
          throw .keyNotText(line: index + 1, name: name)
        }
        record[name]?.flatten(as: name, into: &values) { known[$0] = true }
      }
      records.append((index + 1, values))
    }
    let header = known.keys.sorted()
    let layout = KeyLayout(header)
    let columns = header.indices.filter { !layout.isOnlyKey($0) }
    var rows = Rows(layout)
    for (line, values) in records { try rows.add(line: line, columns) { values[header[$0]] } }
    self.init(rows, names: columns.map { header[$0] })
  }

  private init(_ rows: Rows, names: [String]) {
    keys = rows.layout.kinds
    self.names = names
    lines = rows.lines
    keyTexts = rows.keyTexts
    values = rows.values
  }

  /// The text of a key in a row, as written.
  func keyText(_ row: Int, _ key: Int) -> String? { keyTexts[row * keys.count + key] }

  /// A value of a row.
  func value(_ row: Int, _ name: Int) -> String? { values[row * names.count + name] }

  private static func next(_ reader: inout CSVReader) throws(CovariateError) -> Bool {
    do { return try reader.next() } catch { throw .csv(error) }
  }
}

/// Rows of covariates that are being read.
private struct Rows {
  let layout: KeyLayout
  var lines: [Int] = []
  var keyTexts: [String?] = []
  var values: [String?] = []

  init(_ layout: KeyLayout) { self.layout = layout }

  /// Adds a row by the texts of its columns.
  mutating func add(
    line: Int, _ columns: [Int], _ text: (_ column: Int) -> String?
  ) throws(CovariateError) {
    guard layout.appendKeys(text, to: &keyTexts) else { throw .noKey(line: line) }
    lines.append(line)
    for column in columns { values.append(text(column)) }
  }
}

/// Which columns identify papers.
private struct KeyLayout {
  private let columns: [(key: Covariates.Key, column: Int)]
  /// The keys that there are, in their order.
  let kinds: [Covariates.Key]
  /// The column of each of them; addresses alone may hold some.
  private let columnOfKind: [Int?]
  /// Addresses, which may hold an arXiv identifier or a DOI, and are covariates too.
  private let addresses: [Int]

  /// The names of each key, in lower case, the usual one first.
  private static let names: [Covariates.Key: [String]] = [
    .paper: ["paper", "slug", "paper_id", "id", "study", "study_id", "key"],
    .arxivID: ["arxiv_id", "arxiv", "arxivid", "arxiv id"],
    .doi: ["doi"], .pmid: ["pmid", "pubmed_id", "pubmed"],
    .openAlexID: ["openalex", "openalex_id"], .title: ["title", "paper_title", "paper title"],
  ]

  init(_ header: [String]) {
    let folded = header.map { $0.lowercased() }
    columns = Covariates.Key.allCases.compactMap { key in
      (Self.names[key] ?? []).lazy.compactMap { folded.firstIndex(of: $0) }.first.map { (key, $0) }
    }
    let addresses = folded.indices.filter {
      ["url", "link", "arxiv_url", "doi_url"].contains(folded[$0])
    }
    let columns = self.columns
    kinds = Covariates.Key.allCases.filter { key in
      columns.contains { $0.key == key } || !addresses.isEmpty && [.arxivID, .doi].contains(key)
    }
    columnOfKind = kinds.map { key in columns.first { $0.key == key }?.column }
    self.addresses = addresses
  }

  /// Whether a name is that of an identifier that a number would spoil.
  static func isIdentifier(_ name: String) -> Bool {
    [.arxivID, .doi].contains { names[$0]?.contains(name.lowercased()) ?? false }
  }

  var isEmpty: Bool { columns.isEmpty && addresses.isEmpty }

  /// Whether a column identifies papers and says nothing else.
  func isOnlyKey(_ column: Int) -> Bool { columns.contains { $0.column == column } }

  /// Adds the keys of a row, in the order of ``kinds``; false when there are none.
  func appendKeys(_ text: (_ column: Int) -> String?, to keys: inout [String?]) -> Bool {
    let start = keys.count
    var isAny = false
    for column in columnOfKind {
      let value = column.flatMap(text).flatMap { $0.isEmpty ? nil : $0 }
      keys.append(value)
      isAny = isAny || value != nil
    }
    guard !addresses.isEmpty else { return isAny }
    let (arXiv, doi) = (kinds.firstIndex(of: .arxivID) ?? 0, kinds.firstIndex(of: .doi) ?? 0)
    for address in addresses.compactMap(text) {
      if keys[start + arXiv] == nil, ArXivIdentifier.normalized(address) != nil {
        keys[start + arXiv] = address
        isAny = true
      } else if keys[start + doi] == nil, DOI.normalized(address) != nil {
        keys[start + doi] = address
        isAny = true
      }
    }
    return isAny
  }
}

extension JSONTree {
  /// Adds the value under its name, or the values of its members under theirs.
  fileprivate func flatten(
    as name: String, into values: inout [String: String], known: (String) -> Void
  ) {
    switch self {
    case .object(let members):
      for member in members.keys.sorted() {
        members[member]?.flatten(as: "\(name).\(member)", into: &values, known: known)
      }
    case .list(let elements):
      let isNested = elements.contains { !$0.members.isEmpty || $0.elements != nil }
      let (key, value) =
        isNested
        ? ("\(name).count", "\(elements.count)")
        : (name, TagList.joined(elements.compactMap(\.spelling)))
      known(key)
      values[key] = value
    default:
      known(name)
      values[name] = spelling
    }
  }
}
