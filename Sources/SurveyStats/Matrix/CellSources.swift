/// Who gave each answer of a corpus, such as `opus` or `haiku`: a covariate of the cell.
///
/// It is kept apart from the matrix, because only few analyses need it. Memory: two bytes for every
/// scan and item.
public struct CellSources: Sendable {
  private let names: [String]
  private let columns: [ItemID: Int]
  private let rows: [RowID: [UInt16]]
  private static let unknown = UInt16.max

  /// Collects the sources of a corpus in which each scan has a paper, version and rater of its own.
  public init(_ corpus: Corpus) {
    names = corpus.sources
    columns = Dictionary(
      corpus.items.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var rows: [RowID: [UInt16]] = [:]
    for scan in corpus.scans {
      var sources = [UInt16](repeating: Self.unknown, count: corpus.items.count)
      for answer in scan.answers {
        if let source = answer.source { sources[answer.item] = UInt16(source) }
      }
      rows[scan.paper.row] = sources
    }
    self.rows = rows
  }

  private init(names: [String], columns: [ItemID: Int], rows: [RowID: [UInt16]]) {
    self.names = names
    self.columns = columns
    self.rows = rows
  }

  /// The same sources under other names, of rows that are called otherwise; rows without a new name
  /// are left out.
  package func renaming(rows renamed: [RowID: RowID], sources: [String: String]) -> CellSources {
    var rows: [RowID: [UInt16]] = [:]
    for (row, cells) in self.rows { if let name = renamed[row] { rows[name] = cells } }
    return CellSources(names: names.map { sources[$0] ?? $0 }, columns: columns, rows: rows)
  }

  /// The source of the answer to an item for a paper; `nil` when it is not stated.
  public func source(of item: ItemID, for paper: Paper) -> String? {
    guard let column = columns[item],
      let source = rows[paper.row]?[column],
      source != Self.unknown
    else { return nil }
    return names[Int(source)]
  }
}
