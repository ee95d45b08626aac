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

  /// The values of one row.
  struct Row: Sendable, Equatable {
    /// The line of the file.
    var line: Int
    /// The keys as written.
    var keys: [Key: String]
    /// The values by the place of their names.
    var values: [String?]
  }

  /// The keys that the rows have, the first that fits going before the others.
  public let keys: [Key]
  /// The names of the covariates.
  public let names: [String]
  /// The rows, in the order of the file.
  let rows: [Row]

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
    var rows: [Row] = []
    while try Self.next(&reader) {
      func text(_ column: Int) -> String? {
        let isUnknown =
          reader.isUndefined(column) || reader.isEmpty(column) && !reader.isQuoted(column)
        return isUnknown ? nil : reader.text(column)
      }
      let row = Row(line: reader.line, keys: layout.keys(text), values: columns.map(text))
      guard !row.keys.isEmpty else { throw .noKey(line: reader.line) }
      rows.append(row)
    }
    keys = layout.kinds
    names = columns.map { header[$0] }
    self.rows = rows
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
    var rows: [Row] = []
    for (line, values) in records {
      let row = Row(
        line: line, keys: layout.keys { values[header[$0]] },
        values: columns.map { values[header[$0]] })
      guard !row.keys.isEmpty else { throw .noKey(line: line) }
      rows.append(row)
    }
    keys = layout.kinds
    names = columns.map { header[$0] }
    self.rows = rows
  }

  private static func next(_ reader: inout CSVReader) throws(CovariateError) -> Bool {
    do { return try reader.next() } catch { throw .csv(error) }
  }
}

/// Which columns identify papers.
private struct KeyLayout {
  private var columns: [(key: Covariates.Key, column: Int)] = []
  /// Addresses, which may hold an arXiv identifier or a DOI, and are covariates too.
  private var addresses: [Int] = []

  /// The names of each key, in lower case, the usual one first.
  private static let names: [Covariates.Key: [String]] = [
    .paper: ["paper", "slug", "paper_id", "id", "study", "study_id", "key"],
    .arxivID: ["arxiv_id", "arxiv", "arxivid", "arxiv id"],
    .doi: ["doi"], .pmid: ["pmid", "pubmed_id", "pubmed"],
    .openAlexID: ["openalex", "openalex_id"], .title: ["title", "paper_title", "paper title"],
  ]

  init(_ header: [String]) {
    let folded = header.map { $0.lowercased() }
    for key in Covariates.Key.allCases {
      let found = (Self.names[key] ?? []).lazy.compactMap { folded.firstIndex(of: $0) }.first
      if let found { columns.append((key, found)) }
    }
    addresses = folded.indices.filter {
      ["url", "link", "arxiv_url", "doi_url"].contains(folded[$0])
    }
  }

  /// Whether a name is that of an identifier that a number would spoil.
  static func isIdentifier(_ name: String) -> Bool {
    [.arxivID, .doi].contains { names[$0]?.contains(name.lowercased()) ?? false }
  }

  var isEmpty: Bool { columns.isEmpty && addresses.isEmpty }

  /// The keys that there are, in their order.
  var kinds: [Covariates.Key] {
    let all = Set(columns.map(\.key)).union(addresses.isEmpty ? [] : [.arxivID, .doi])
    return Covariates.Key.allCases.filter(all.contains)
  }

  /// Whether a column identifies papers and says nothing else.
  func isOnlyKey(_ column: Int) -> Bool { columns.contains { $0.column == column } }

  /// The keys of a row.
  func keys(_ text: (_ column: Int) -> String?) -> [Covariates.Key: String] {
    var keys: [Covariates.Key: String] = [:]
    for (key, column) in columns {
      if let value = text(column), !value.isEmpty { keys[key] = value }
    }
    for address in addresses.compactMap(text) {
      if keys[.arxivID] == nil, ArXivIdentifier.normalized(address) != nil {
        keys[.arxivID] = address
      } else if keys[.doi] == nil, DOI.normalized(address) != nil {
        keys[.doi] = address
      }
    }
    return keys
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
