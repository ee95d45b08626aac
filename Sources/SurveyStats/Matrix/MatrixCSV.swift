/// Reads and writes a matrix as CSV.
///
/// The first column is `paper`. The columns of ``MetadataColumn`` and those declared in
/// ``metadata`` describe the paper; every other column is an item, named `category.item` or plain
/// `item`. A cell is `1` or `0` (read also as `1.0` and `0.0`, and as yes and no, true and false in
/// any case), `NA` (in any case) for an item that does not apply, or empty for one that was never
/// asked; a partial answer is written as its share of a point, `0.5`, and read so where `readsCredit`
/// says that somebody stated the rule. An item without a category that is named like a metadata column, or whose name has a dot, is
/// written as `.name`.
///
/// Unknown metadata are written as `NA`, and read from `NA` or an empty unquoted field; empty text
/// is quoted. A metadata column is written when at least one paper has it. Reading what was written
/// with the same ``metadata`` gives an equal matrix, except for what only the instrument knows
/// (module and label of an item) and covariates that are not declared. Tags are divided by
/// semicolons; a backslash stands before a semicolon, a backslash or an outer space that belongs to
/// the tag; empty tags are not kept.
///
/// Cost: one pass and a quick count of records; memory is the planes and the papers.
public struct MatrixCSV: Sendable {
  /// The names of further metadata columns, kept in ``Paper/covariates``.
  public var metadata: [String]
  /// Whether numbers between 0 and 1 are partial answers; otherwise they are refused.
  var readsCredit: Bool

  /// Creates a reader and writer.
  public init(metadata: [String] = [], readsCredit: Bool = false) {
    self.metadata = metadata
    self.readsCredit = readsCredit
  }

  /// Reads a matrix; papers and items keep the order of the file.
  public func read(_ bytes: [UInt8]) throws(MatrixCSVError) -> BinaryMatrix {
    var reader: CSVReader
    do { reader = try CSVReader(bytes) } catch { throw .csv(error) }
    let layout = try Layout(header: reader.header, metadata: metadata)
    let paperCount = reader.countRecords()
    var yes = BitColumns(rowCount: paperCount, columnCount: layout.items.count)
    var applies = yes
    var asked = yes
    var papers: [Paper] = []
    papers.reserveCapacity(paperCount)
    var lines: [Int] = []
    lines.reserveCapacity(paperCount)
    var credits: [PartialCredit] = []
    while try Self.next(&reader) {
      let row = papers.count
      papers.append(try layout.paper(reader))
      lines.append(reader.line)
      for (item, column) in layout.itemColumns.enumerated() {
        if readsCredit, let share = Self.share(reader, column) {
          credits.append(PartialCredit(paper: row, item: item, share: share))
          asked[row, item] = true
          applies[row, item] = true
          continue
        }
        switch try Self.cell(reader, column) {
        case .absent: break
        case .notApplicable: asked[row, item] = true
        case .no:
          asked[row, item] = true
          applies[row, item] = true
        case .yes:
          asked[row, item] = true
          applies[row, item] = true
          yes[row, item] = true
        }
      }
    }
    try Self.checkRepeats(papers, lines: lines)
    return BinaryMatrix(
      papers: papers, items: layout.items, yes: yes, applies: applies, asked: asked
    ).crediting(credits)
  }

  /// Everything wrong with a file, line by line; empty when it can be read.
  ///
  /// Reading stops where the file is no CSV any more, or when its header does not fit. Cost: as to read
  /// it.
  public func faults(_ bytes: [UInt8]) -> [MatrixCSVError] {
    var faults: [MatrixCSVError] = []
    do throws(MatrixCSVError) {
      var reader: CSVReader
      do { reader = try CSVReader(bytes) } catch { throw .csv(error) }
      let layout = try Layout(header: reader.header, metadata: metadata)
      var papers: [Paper] = []
      var lines: [Int] = []
      while try Self.next(&reader) {
        if let paper = layout.paper(reader, faults: &faults) {
          papers.append(paper)
          lines.append(reader.line)
        }
        for column in layout.itemColumns {
          if readsCredit, Self.share(reader, column) != nil { continue }
          do { _ = try Self.cell(reader, column) } catch { faults.append(error) }
        }
      }
      faults += Self.repeats(papers).map {
        .duplicateRow(papers[$0.row].row, line: lines[$0.row], firstLine: lines[$0.first])
      }
    } catch { faults.append(error) }
    return faults.enumerated().sorted {
      ($0.element.line, $0.offset) < ($1.element.line, $1.offset)
    }
    .map(\.element)
  }

  /// The rows whose paper, version and rater an earlier one has.
  static func repeats(_ papers: [Paper]) -> [(row: Int, first: Int)] {
    if papers.ascendingTable != nil { return [] }
    var repeats: [(row: Int, first: Int)] = []
    var first = 0
    for row in papers.sortedRows {
      if papers[row].isSameRow(as: papers[first]), row != first {
        repeats.append((max(row, first), min(row, first)))
        first = min(row, first)
      } else {
        first = row
      }
    }
    return repeats
  }

  /// Fails on the first row whose paper, version and rater an earlier one has.
  private static func checkRepeats(
    _ papers: [Paper], lines: [Int]
  ) throws(MatrixCSVError) {
    guard let repeats = repeats(papers).min(by: { $0.row < $1.row }) else { return }
    throw .duplicateRow(
      papers[repeats.row].row, line: lines[repeats.row], firstLine: lines[repeats.first])
  }

  /// The matrix as CSV.
  public func write(_ matrix: BinaryMatrix) throws(MatrixCSVError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(matrix.papers.count * (matrix.items.count * 2 + 64))
    try appendHeader(of: matrix, to: &bytes)
    appendRows(matrix.papers.indices, of: matrix, to: &bytes)
    return bytes
  }

  /// Appends the header line.
  public func appendHeader(
    of matrix: BinaryMatrix, to bytes: inout [UInt8]
  ) throws(MatrixCSVError) {
    let metadata = Set(["paper"] + MetadataColumn.allCases.map(\.rawValue) + covariates)
    let items = matrix.items.map { item in
      let name = item.id.description
      let isMisread = metadata.contains(name) || name.contains(".")
      return isMisread && item.id.category.isEmpty ? "." + name : name
    }
    let names = ["paper"] + Self.columns(of: matrix).map(\.rawValue) + covariates + items
    var taken = metadata
    for name in items where !taken.insert(name).inserted { throw .nameClash(name: name) }
    for (index, name) in names.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(csvField: name)
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Appends some papers, so that a large matrix can be written in pieces.
  public func appendRows(
    _ rows: Range<Int>, of matrix: BinaryMatrix, to bytes: inout [UInt8]
  ) {
    let columns = Self.columns(of: matrix)
    let covariates = covariates
    var shares: [Int: [Int: Double]] = [:]
    for credit in matrix.credits where rows.contains(credit.paper) {
      shares[credit.paper, default: [:]][credit.item] = credit.share
    }
    for row in rows {
      let earned = shares[row]
      let paper = matrix.papers[row]
      bytes.append(csvField: paper.slug)
      for column in columns {
        bytes.append(UInt8(ascii: ","))
        if column == .tags {
          bytes.append(csvField: column.text(of: paper) ?? "")
        } else {
          bytes.append(metadata: column.text(of: paper))
        }
      }
      for name in covariates {
        bytes.append(UInt8(ascii: ","))
        bytes.append(metadata: paper.covariates[name])
      }
      for item in matrix.items.indices {
        bytes.append(UInt8(ascii: ","))
        if let share = earned?[item] {
          bytes.append(contentsOf: NumberFormat.shortest(share).utf8)
          continue
        }
        switch matrix[row, item] {
        case .yes: bytes.append(UInt8(ascii: "1"))
        case .no: bytes.append(UInt8(ascii: "0"))
        case .notApplicable: bytes.append(NumberFormat.undefined)
        case .absent: break
        }
      }
      bytes.append(UInt8(ascii: "\n"))
    }
  }

  /// The matrix in long form: one row a paper and item, with the cell in words.
  ///
  /// Columns: `paper`, `version` and `rater` when a paper has one, `category`, `term`, `item`, `cell` (`yes`, `no`,
  /// `not_applicable`, `absent`), `credit` when there are partial answers, `source` when sources are given
  /// and some answer has one.
  public func longTable(_ matrix: BinaryMatrix, sources: CellSources? = nil) -> Table {
    var slugs: [String?] = []
    var versions: [Int?] = []
    var categories: [String?] = []
    var names: [String?] = []
    var items: [String?] = []
    var cells: [String?] = []
    var rowRaters: [String?] = []
    var raters: [String?] = []
    for (row, paper) in matrix.papers.enumerated() {
      for (column, item) in matrix.items.enumerated() {
        slugs.append(paper.slug)
        versions.append(paper.version)
        rowRaters.append(paper.rater)
        categories.append(item.id.category.isEmpty ? nil : item.id.category)
        names.append(item.id.name)
        items.append(item.id.description)
        cells.append(Self.word(for: matrix[row, column]))
        if let sources { raters.append(sources.source(of: item.id, for: paper)) }
      }
    }
    var columns = [Column("paper", .text(slugs))]
    if matrix.papers.contains(where: { $0.version != nil }) {
      columns.append(Column("version", .integer(versions)))
    }
    if matrix.hasSeveralRaters { columns.append(Column("rater", .text(rowRaters))) }
    columns += [
      Column("category", .text(categories)), Column("term", .text(names), isDetail: true),
      Column("item", .text(items)), Column("cell", .text(cells)),
    ]
    if !matrix.credits.isEmpty {
      var shares = [Double?](repeating: nil, count: cells.count)
      for credit in matrix.credits {
        shares[credit.paper * matrix.items.count + credit.item] = credit.share
      }
      columns.append(Column("credit", .real(shares)))
    }
    if raters.contains(where: { $0 != nil }) { columns.append(Column("source", .text(raters))) }
    return Table(name: "matrix", caption: "Every answer, one a row.", columns: columns)
  }

  /// The declared names, once each, that are not columns by themselves.
  private var covariates: [String] {
    var taken = Set(["paper"] + MetadataColumn.allCases.map(\.rawValue))
    return metadata.filter { taken.insert($0).inserted }
  }

  /// The metadata columns that at least one paper has.
  private static func columns(of matrix: BinaryMatrix) -> [MetadataColumn] {
    MetadataColumn.allCases.filter { column in
      matrix.papers.contains { column.text(of: $0) != nil }
    }
  }

  private static func word(for cell: Cell) -> String {
    switch cell {
    case .yes: "yes"
    case .no: "no"
    case .notApplicable: "not_applicable"
    case .absent: "absent"
    }
  }

  private static func next(_ reader: inout CSVReader) throws(MatrixCSVError) -> Bool {
    do { return try reader.next() } catch { throw .csv(error) }
  }

  /// The share of a point that a field says; `nil` for anything but a number between 0 and 1.
  private static func share(_ reader: CSVReader, _ column: Int) -> Double? {
    guard let first = reader.firstByte(column), first == UInt8(ascii: "0"),
      let share = Double(reader.text(column)), share > 0, share < 1
    else { return nil }
    return share
  }

  private static func cell(_ reader: CSVReader, _ column: Int) throws(MatrixCSVError) -> Cell {
    switch reader.byte(column) {
    case UInt8(ascii: "1"): return .yes
    case UInt8(ascii: "0"): return .no
    default: break
    }
    if reader.isEmpty(column) { return .absent }
    if reader.isUndefined(column) { return .notApplicable }
    let text = reader.text(column)
    switch text.lowercased() {
    case "1.0", "yes", "true": return .yes
    case "0.0", "no", "false": return .no
    case "na": return .notApplicable
    default:
      throw .cell(
        line: reader.line, column: column + 1, name: reader.header[column], value: text)
    }
  }

  /// Which column of the file is what.
  struct Layout {
    var metadata: [(column: Int, kind: MetadataColumn)] = []
    var covariates: [(column: Int, name: String)] = []
    var itemColumns: [Int] = []
    var items: [Item] = []

    init(header: [String], metadata names: [String]) throws(MatrixCSVError) {
      guard header[0] == "paper" else { throw .firstColumn(name: header[0]) }
      for name in names where !header.contains(name) { throw .unknownColumn(name: name) }
      let declared = Set(names)
      for column in header.indices.dropFirst() {
        let name = header[column]
        if name.isEmpty { throw .unnamedColumn(column: column + 1) }
        if let kind = MetadataColumn(rawValue: name) {
          metadata.append((column, kind))
        } else if declared.contains(name) {
          covariates.append((column, name))
        } else {
          itemColumns.append(column)
          items.append(Item(id: ItemID(name)))
        }
      }
    }

    /// What the current record says about its paper.
    func paper(_ reader: CSVReader) throws(MatrixCSVError) -> Paper {
      var faults: [MatrixCSVError] = []
      let paper = paper(reader, faults: &faults)
      if let fault = faults.first { throw fault }
      guard let paper else { throw .unnamedPaper(line: reader.line) }
      return paper
    }

    /// What the current record says about its paper, and what is wrong with it; `nil` without a name.
    func paper(_ reader: CSVReader, faults: inout [MatrixCSVError]) -> Paper? {
      guard !reader.isEmpty(0), !reader.isUndefined(0) else {
        faults.append(.unnamedPaper(line: reader.line))
        return nil
      }
      var paper = Paper(slug: reader.text(0))
      for (column, kind) in metadata {
        if kind == .weight, reader.isEmpty(column) {
          faults.append(.notWeight(line: reader.line, column: column + 1, value: ""))
          continue
        }
        guard let text = Self.metadata(reader, column), !kind.set(text, of: &paper) else {
          continue
        }
        faults.append(
          kind == .weight
            ? .notWeight(line: reader.line, column: column + 1, value: text)
            : .notInteger(line: reader.line, column: column + 1, name: kind.rawValue, value: text))
      }
      for (column, name) in covariates {
        if let text = Self.metadata(reader, column) { paper.covariates[name] = text }
      }
      return paper
    }

    /// The text of a metadata field; `nil` for an unquoted field that is empty or `NA`.
    private static func metadata(_ reader: CSVReader, _ column: Int) -> String? {
      if reader.isUndefined(column) || reader.isEmpty(column) && !reader.isQuoted(column) {
        return nil
      }
      return reader.text(column)
    }
  }
}

extension [UInt8] {
  /// Appends a metadata field: `NA` when it is unknown, in quotes when it is empty text.
  fileprivate mutating func append(metadata text: String?) {
    guard let text else { return append(NumberFormat.undefined) }
    if text.isEmpty { append("\"\"") } else { append(csvField: text) }
  }
}
