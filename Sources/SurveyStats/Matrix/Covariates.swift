import FoundationEssentials

/// Further metadata of papers from a table of their own, to be joined by a key.
///
/// A CSV has a header with a column `paper` (the slug) or else `arxiv_id`; every other column is a
/// covariate. A `.jsonl` has one flat object a line with the same keys; its covariates are in
/// alphabetical order, numbers become their shortest spelling, and booleans `true` or `false`.
/// Undefined values (`NA`, an empty unquoted field, `null`) are not joined.
///
/// ArXiv identifiers match without regard to an `arXiv:` in front and a version such as `v2`
/// behind. When a key occurs in several rows, the first counts.
public struct Covariates: Sendable, Equatable {
  /// What joins a row to its paper.
  public enum Key: String, Sendable {
    /// The name of the paper.
    case paper
    /// The arXiv identifier.
    case arxivID = "arxiv_id"
  }

  /// What joins a row to its paper.
  public let key: Key
  /// The names of the covariates.
  public let names: [String]
  /// The keys of the rows as written, in the order of the file, duplicates included.
  let keys: [String]
  /// The values of the rows by the name's place.
  let rows: [[String?]]

  /// Reads a CSV.
  public init(csv bytes: [UInt8]) throws(CovariateError) {
    var reader: CSVReader
    do { reader = try CSVReader(bytes) } catch { throw .csv(error) }
    let header = reader.header
    guard let key = Key.among(header), let keyColumn = header.firstIndex(of: key.rawValue) else {
      throw .noKey(line: 1)
    }
    let columns = header.indices.filter { Key(rawValue: header[$0]) == nil }
    for column in columns where header[column].isEmpty {
      throw .unnamedColumn(column: column + 1)
    }
    var keys: [String] = []
    var rows: [[String?]] = []
    while try Self.next(&reader) {
      guard !reader.isEmpty(keyColumn), !reader.isUndefined(keyColumn) else {
        throw .noKey(line: reader.line)
      }
      keys.append(reader.text(keyColumn))
      rows.append(
        columns.map { column in
          let isUnknown =
            reader.isUndefined(column) || reader.isEmpty(column) && !reader.isQuoted(column)
          return isUnknown ? nil : reader.text(column)
        })
    }
    self.key = key
    self.names = columns.map { header[$0] }
    self.keys = keys
    self.rows = rows
  }

  /// Reads flat JSON objects, one a line; empty lines are skipped.
  public init(jsonLines bytes: [UInt8]) throws(CovariateError) {
    let decoder = JSONDecoder()
    var key: Key?
    var keys: [String] = []
    var records: [[String: FlatValue]] = []
    var names = Set<String>()
    for (index, line) in bytes.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    ).enumerated() where !line.allSatisfy({ $0 <= 0x20 }) {
      let record: [String: FlatValue]
      do {
        record = try decoder.decode([String: FlatValue].self, from: Data(line))
      } catch {
        throw .notFlatObject(line: index + 1)
      }
      if key == nil { key = Key.among(record.keys.sorted()) }
      guard let key else { throw .noKey(line: index + 1) }
      guard let value = record[key.rawValue] else {
        throw .otherKey(line: index + 1, name: key.rawValue)
      }
      guard case .text(let text) = value, !text.isEmpty else {
        throw .keyNotText(line: index + 1, name: key.rawValue)
      }
      keys.append(text)
      records.append(record)
      names.formUnion(record.keys)
    }
    self.key = key ?? .paper
    let sorted = names.filter { Key(rawValue: $0) == nil }.sorted()
    self.names = sorted
    self.keys = keys
    rows = records.map { record in sorted.map { record[$0]?.spelling } }
  }

  /// The papers with the covariates of their rows, and what did not fit.
  ///
  /// A covariate whose name some paper already has a value for, as metadata or as a covariate, is
  /// left out and reported; the papers keep what they have.
  public func joined(to papers: [Paper]) -> (papers: [Paper], notes: [CovariateNote]) {
    var rowOfKey: [String: Int] = [:]
    var duplicates: [String] = []
    for (row, text) in keys.enumerated() {
      let normal = normalized(text)
      if rowOfKey[normal] == nil { rowOfKey[normal] = row } else { duplicates.append(text) }
    }
    let collisions = names.filter { name in
      papers.contains { paper in
        paper.covariates[name] != nil || MetadataColumn(rawValue: name)?.text(of: paper) != nil
      }
    }
    let kept = names.indices.filter { !collisions.contains(names[$0]) }
    var isUsed = [Bool](repeating: false, count: rows.count)
    var unmatchedPapers: [String] = []
    var result = papers
    for index in result.indices {
      let text = key == .paper ? result[index].slug : result[index].arxivID
      guard let text, let row = rowOfKey[normalized(text)] else {
        unmatchedPapers.append(result[index].slug)
        continue
      }
      isUsed[row] = true
      for name in kept {
        if let value = rows[row][name] { result[index].covariates[names[name]] = value }
      }
    }
    let unmatchedRows = rowOfKey.values.sorted().filter { !isUsed[$0] }.map { keys[$0] }
    let notes = [
      CovariateNote(.unmatchedRow, unmatchedRows), CovariateNote(.unmatchedPaper, unmatchedPapers),
      CovariateNote(.duplicateKey, duplicates), CovariateNote(.nameCollision, collisions),
    ]
    return (result, notes.filter { $0.count > 0 })
  }

  private func normalized(_ text: String) -> String {
    guard key == .arxivID else { return text }
    var identifier = text.lowercased()[...]
    if identifier.hasPrefix("arxiv:") { identifier = identifier.dropFirst(6) }
    let digits = identifier.reversed().prefix { $0.isASCII && $0.isNumber }.count
    let stem = identifier.dropLast(digits)
    if digits > 0, stem.last == "v" { identifier = stem.dropLast() }
    return String(identifier)
  }

  private static func next(_ reader: inout CSVReader) throws(CovariateError) -> Bool {
    do { return try reader.next() } catch { throw .csv(error) }
  }
}

extension Covariates.Key {
  /// The key that these columns offer, `paper` before `arxiv_id`.
  fileprivate static func among(_ names: [String]) -> Covariates.Key? {
    [Covariates.Key.paper, .arxivID].first { names.contains($0.rawValue) }
  }
}

/// What did not fit when covariates were joined.
public struct CovariateNote: Sendable, Equatable, CustomStringConvertible {
  /// The kinds of misfit.
  public enum Kind: String, Sendable {
    /// Rows whose key no paper has.
    case unmatchedRow
    /// Papers without a row.
    case unmatchedPaper
    /// Further rows with a key that occurred before; the first row counts.
    case duplicateKey
    /// Covariates named like what the papers already have; these are left out.
    case nameCollision
  }

  /// What did not fit.
  public let kind: Kind
  /// How many there are.
  public let count: Int
  /// The first three of them.
  public let examples: [String]

  init(_ kind: Kind, _ names: [String]) {
    self.kind = kind
    count = names.count
    examples = Array(names.prefix(3))
  }

  /// One sentence with the count and the first names.
  public var description: String {
    let list = examples.map { "'\(DisplayText.visible($0))'" }.joined(separator: ", ")
    let names = list + (count > examples.count ? ", …" : "")
    let one = count == 1
    return switch kind {
    case .unmatchedRow:
      "\(count) covariate \(one ? "row matches" : "rows match") no paper: \(names)"
    case .unmatchedPaper:
      "\(count) \(one ? "paper has" : "papers have") no covariate row: \(names)"
    case .duplicateKey:
      "\(count) covariate \(one ? "row repeats" : "rows repeat") a key, the first row counts:"
        + " \(names)"
    case .nameCollision:
      "\(count) \(one ? "covariate is" : "covariates are") left out, since the papers already have"
        + " \(one ? "that name" : "these names"): \(names)"
    }
  }
}

/// What is wrong with a covariate file, and where.
public enum CovariateError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file is not a CSV.
  case csv(CSVError)
  /// There is no key in the header, or none in a row.
  case noKey(line: Int)
  /// A row lacks the key that joins the first row.
  case otherKey(line: Int, name: String)
  /// A column has no name.
  case unnamedColumn(column: Int)
  /// A line is not a JSON object of texts, numbers, booleans and nulls.
  case notFlatObject(line: Int)
  /// A key in JSON is not text.
  case keyNotText(line: Int, name: String)

  /// One sentence with the place and the remedy.
  public var description: String {
    switch self {
    case .csv(let error): error.description
    case .noKey(let line):
      "line \(line): no paper and no arxiv_id; one of them must name the paper of every row"
    case .otherKey(let line, let name):
      "line \(line): no \(name), by which the first line is joined; give every line the same key"
    case .unnamedColumn(let column):
      "line 1, column \(column): the column has no name; name it or remove it"
    case .notFlatObject(let line):
      "line \(line): not a flat JSON object; write one object a line, without nested values"
    case .keyNotText(let line, let name):
      "line \(line): \(name) is not text; write it in quotes, since a number loses its zeros"
    }
  }
}

/// A value of a flat JSON object.
private enum FlatValue: Decodable {
  case undefined
  case boolean(Bool)
  case integer(Int)
  case real(Double)
  case text(String)

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .undefined
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .real(value)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  /// The value as a covariate; `nil` when there is none.
  var spelling: String? {
    switch self {
    case .undefined: nil
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): value.description
    case .real(let value): NumberFormat.shortest(value)
    case .text(let value): value
    }
  }
}
