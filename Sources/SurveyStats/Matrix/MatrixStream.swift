import CKernels

/// Reads a matrix CSV piece by piece, without keeping its text.
///
/// The kernel `ck_matrix_records` reads what is plainly right, and nothing else: at the first record that
/// is not, or when a paper is there twice, the answer is `nil`, and ``MatrixCSV`` reads the whole, or says
/// what is wrong with it. A matrix that is read is that of ``MatrixCSV``, for any number of tasks.
///
/// Cost: about 0.1 ns a byte of answers and 1 ns a byte of texts; the memory of the matrix, of the texts
/// about the papers, and of a megabyte or two a task.
public struct MatrixStream: Sendable {
  /// The names of further metadata columns.
  public var metadata: [String]
  /// Bytes that are read at a time, unless a record is longer.
  var pieceSize = 256 << 10
  /// The fewest bytes that are a task's.
  var partSize = 2 << 20
  /// The kernels.
  var path = KernelPath.best

  /// Puts bytes of a file, from an offset on, into a buffer, and gives their number; none at the end, and
  /// a negative one when reading fails.
  public typealias Fill = @Sendable (_ offset: Int, _ target: UnsafeMutableRawBufferPointer) -> Int

  /// Creates a reader.
  public init(metadata: [String] = []) { self.metadata = metadata }

  /// Reads a matrix from bytes in memory; `nil` when it is for ``MatrixCSV`` to read.
  public func read(_ bytes: [UInt8]) -> BinaryMatrix? {
    let fill: Fill = { offset, target in
      let count = min(target.count, bytes.count - offset)
      unsafe bytes.withUnsafeBytes { bytes in
        unsafe target.copyMemory(from: .init(rebasing: bytes[offset..<offset + count]))
      }
      return count
    }
    guard let header = unsafe readHeader(size: bytes.count, fill),
      let draft = unsafe readPart(header.end..<bytes.count, header.columns, fill)
    else { return nil }
    return matrix([draft], header.columns)
  }

  /// Reads a matrix from a file of which the size is known, in parts that begin after line breaks;
  /// `nil` when it is for ``MatrixCSV`` to read.
  ///
  /// A line break within quotes divides no records: then a part does not end with a record, and the whole
  /// is read as one.
  public func read(size: Int, jobs: Int, fill: @escaping Fill) async -> BinaryMatrix? {
    guard let header = unsafe readHeader(size: size, fill) else { return nil }
    let columns = header.columns
    let parts = unsafe parts(of: header.end..<size, count: jobs, fill)
    let drafts = try? await concurrentMap(parts, jobs: jobs) { part in
      unsafe readPart(part, columns, fill)
    }
    if let drafts, drafts.count > 1 {
      let whole = drafts.compactMap { $0 }
      if whole.count == drafts.count { return matrix(whole, columns) }
      return unsafe readPart(header.end..<size, columns, fill).flatMap { matrix([$0], columns) }
    }
    return drafts?.first.flatMap { $0 }.flatMap { matrix([$0], columns) }
  }

  /// Line breaks after the end, so that the last field is like any other.
  private static let padding = 4
  /// The longest piece.
  private static let largestPiece = 4 << 20

  /// What the columns are, and where the records begin; `nil` when the header is not plain.
  private func readHeader(size: Int, _ fill: Fill) -> (columns: Columns, end: Int)? {
    var length = min(pieceSize, size)
    while true {
      guard let text = unsafe Self.bytes(0..<length, padding: length == size, fill) else {
        return nil
      }
      if text.contains(where: Self.isLineBreak) {
        return Columns.read(text[...], metadata: metadata).map { ($0.columns, min($0.end, size)) }
      }
      guard length < size, length < Self.largestPiece else { return nil }
      length = min(size, 4 * length)
    }
  }

  /// Parts of about equal size that begin after line breaks.
  private func parts(of range: Range<Int>, count: Int, _ fill: Fill) -> [Range<Int>] {
    let count = max(1, min(count, range.count / partSize))
    var starts = [range.lowerBound]
    for number in 1..<max(count, 1) {
      let near = range.lowerBound + range.count * number / count
      guard let text = unsafe Self.bytes(near..<min(near + pieceSize, range.upperBound), fill),
        let end = text.firstIndex(where: Self.isLineBreak), near + end + 1 < range.upperBound,
        near + end + 1 > starts[starts.count - 1]
      else { continue }
      starts.append(near + end + 1)
    }
    return starts.indices.map { number in
      starts[number]..<(number + 1 < starts.count ? starts[number + 1] : range.upperBound)
    }
  }

  /// Reads the records of a part of the file; `nil` when a record is not plain, or the part does not end
  /// with one.
  private func readPart(_ range: Range<Int>, _ columns: Columns, _ fill: Fill) -> Draft? {
    var draft = Draft(columns, path: path)
    var text = Self.buffer(min(pieceSize, range.count) + Self.padding)
    var place = range.lowerBound
    var filled = 0
    while true {
      let room = text.count - Self.padding
      while filled < room, place < range.upperBound {
        let end = min(room, filled + range.upperBound - place)
        let count = unsafe text.withUnsafeMutableBytes {
          unsafe fill(place, .init(rebasing: $0[filled..<end]))
        }
        guard count > 0 else { return nil }
        filled += count
        place += count
      }
      let isAtEnd = place == range.upperBound
      if isAtEnd {
        for end in filled..<filled + Self.padding { text[end] = UInt8(ascii: "\n") }
        filled += Self.padding
      }
      let end = filled
      let read = unsafe text.withUnsafeBufferPointer { text in
        unsafe draft.add(UnsafeBufferPointer(rebasing: text[..<end]))
      }
      guard let read else { return nil }
      if isAtEnd {
        guard text[read..<end].allSatisfy(Self.isLineBreak) else { return nil }
        draft.close()
        return draft
      }
      if read == 0, filled == room {
        // A record that is longer than the longest piece is no usual one.
        guard text.count < Self.largestPiece else { return nil }
        var longer = Self.buffer(4 * room + Self.padding)
        longer.replaceSubrange(..<filled, with: text[..<filled])
        text = longer
      } else {
        unsafe text.withUnsafeMutableBytes { bytes in
          if end > read, let base = bytes.baseAddress {
            unsafe base.copyMemory(from: base + read, byteCount: end - read)
          }
        }
        filled = end - read
      }
    }
  }

  /// Bytes of the file, perhaps with line breaks after them; `nil` when reading fails.
  private static func bytes(
    _ range: Range<Int>, padding isPadded: Bool = false, _ fill: Fill
  ) -> [UInt8]? {
    var bytes = buffer(range.count)
    var filled = 0
    while filled < range.count {
      let count = unsafe bytes.withUnsafeMutableBytes {
        unsafe fill(range.lowerBound + filled, .init(rebasing: $0[filled...]))
      }
      guard count > 0 else { return nil }
      filled += count
    }
    return isPadded ? bytes + [UInt8](repeating: UInt8(ascii: "\n"), count: padding) : bytes
  }

  /// Bytes of which only those count that are written later; nothing is spent on the others.
  private static func buffer(_ count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { $1 = count }
  }

  private static func isLineBreak(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  /// The matrix of the parts; `nil` when a paper is there twice, or a weight is none.
  private func matrix(_ drafts: [Draft], _ columns: Columns) -> BinaryMatrix? {
    var rows = PaperTable.Rows()
    for draft in drafts { rows.append(draft.rows) }
    let table = PaperTable(rows, fields: columns.fields)
    let papers = (0..<table.rowCount).map { Paper(table, row: $0) }
    if table.has(.weight) {
      for row in 0..<table.rowCount {
        guard let text = table.text(row, .weight) else { continue }
        guard let weight = Double(text), weight.isFinite, weight >= 0 else { return nil }
      }
    }
    guard MatrixCSV.repeats(papers).isEmpty else { return nil }
    let planes = (0..<3).map { plane in
      Draft.plane(plane, of: drafts, rowCount: table.rowCount, items: columns.items.count)
    }
    return BinaryMatrix(
      papers: papers, items: columns.items, yes: planes[0], applies: planes[1], asked: planes[2])
  }
}

extension MatrixStream {
  /// What the columns of a file are.
  fileprivate struct Columns: Sendable {
    var kinds: [UInt8] = []
    var fields: [PaperTable.Field] = []
    var items: [Item] = []
    /// Of each field one more than the number of the key that it states, or 0.
    var roles: [UInt8] = []

    /// Reads the header, and gives the place after it; `nil` when it is not plain.
    static func read(
      _ text: ArraySlice<UInt8>, metadata: [String]
    ) -> (columns: Columns, end: Int)? {
      guard let end = text.firstIndex(where: MatrixStream.isLineBreak) else { return nil }
      let line = text[..<end]
      let quotes = line.reduce(0) { $0 + ($1 == UInt8(ascii: "\"") ? 1 : 0) }
      guard quotes % 2 == 0, let header = (try? CSVReader(Array(line)))?.header,
        let layout = try? MatrixCSV.Layout(header: header, metadata: metadata)
      else { return nil }
      var columns = Columns()
      columns.items = layout.items
      columns.kinds = [UInt8](repeating: 0, count: header.count)
      columns.kinds[0] = 2
      var named: [(column: Int, field: PaperTable.Field)] = [(0, .paper)]
      for (column, kind) in layout.metadata {
        columns.kinds[column] = kind == .weight ? 3 : kind == .year || kind == .version ? 4 : 1
        named.append((column, .metadata(kind)))
      }
      for (column, name) in layout.covariates {
        columns.kinds[column] = 1
        named.append((column, .covariate(name)))
      }
      columns.fields = named.sorted { $0.column < $1.column }.map(\.field)
      columns.roles = columns.fields.map { field in
        switch field {
        case .metadata(.arxivID): PaperKey.Kind.arXiv.rawValue + 1
        case .metadata(.doi): PaperKey.Kind.doi.rawValue + 1
        case .metadata(.pmid): PaperKey.Kind.pubMed.rawValue + 1
        case .metadata(.openAlexID): PaperKey.Kind.openAlex.rawValue + 1
        case .metadata(.title): PaperKey.Kind.title.rawValue + 1
        default: 0
        }
      }
      return (columns, end)
    }

    /// Whether some column states a key of a kind.
    func states(_ kind: PaperKey.Kind) -> Bool {
      roles.contains(kind.rawValue + 1)
        // arXiv has DOIs of its own.
        || kind == .arXiv && roles.contains(PaperKey.Kind.doi.rawValue + 1)
    }

    private init() {}
  }

  /// The records of a part of a file that is being read.
  fileprivate struct Draft: Sendable {
    /// The texts about the papers.
    private(set) var rows = PaperTable.Rows()
    private let columns: Columns
    private let path: KernelPath
    private let words: Int
    /// For each 512 rows the three planes, 8 words an item.
    private var chunks: [[UInt64]] = []
    private var yes: [UInt64]
    private var applies: [UInt64]
    private var asked: [UInt64]
    private var pending = 0
    private var starts: [UInt32]
    private var prints: [UInt32]
    /// How much of the last block is in use.
    private var blockEnd = blockSize

    private static let chunk = 512
    private static let blockSize = 1 << 20

    init(_ columns: Columns, path: KernelPath) {
      self.columns = columns
      self.path = path
      words = (columns.items.count + 63) / 64
      yes = [UInt64](repeating: 0, count: Self.chunk * words)
      applies = yes
      asked = yes
      starts = [UInt32](repeating: 0, count: Self.chunk)
      prints = [UInt32](repeating: 0, count: Self.chunk * PaperKey.Kind.allCases.count)
    }

    /// Reads the whole records of a text, and gives the number of its bytes that were read; `nil` when a
    /// record is not plain.
    mutating func add(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
      guard let base = text.baseAddress else { return 0 }
      // What ck_matrix_records keeps free in the notes beside the bytes of the text.
      let reserve = 5 * columns.kinds.count + 8
      var done = 0
      while true {
        if Self.blockSize - blockEnd <= reserve { openBlock() }
        var progress = ck_matrix_progress()
        let (bits, block, place) = (pending * words, rows.blocks.count - 1, blockEnd)
        unsafe yes.withUnsafeMutableBufferPointer { yes in
          unsafe applies.withUnsafeMutableBufferPointer { applies in
            unsafe asked.withUnsafeMutableBufferPointer { asked in
              unsafe rows.blocks[block].withUnsafeMutableBufferPointer { notes in
                guard let notes = notes.baseAddress else { return }
                unsafe ck_matrix_records(
                  path.rawValue, base + done, text.count - done, columns.kinds,
                  columns.kinds.count, columns.items.count, Self.chunk - pending,
                  yes.baseAddress.map { unsafe $0 + bits },
                  unsafe applies.baseAddress.map { unsafe $0 + bits },
                  unsafe asked.baseAddress.map { unsafe $0 + bits }, notes + place,
                  Self.blockSize - place, &starts, &progress)
              }
            }
          }
        }
        guard progress.is_plain != 0, unsafe keep(progress, text: base + done) else { return nil }
        done += progress.bytes
        pending += progress.records
        if pending == Self.chunk { closeChunk() }
        guard progress.records == 0 else { continue }
        // Either the text ends within a record, or the block is full.
        guard blockEnd > 0, Self.blockSize - blockEnd - reserve < text.count - done else {
          return done
        }
        openBlock()
      }
    }

    private mutating func openBlock() {
      rows.blocks.append(MatrixStream.buffer(Self.blockSize))
      blockEnd = 0
    }

    /// Keeps where the notes of records are, and their prints; false when they are not UTF-8.
    private mutating func keep(
      _ progress: ck_matrix_progress, text: UnsafePointer<UInt8>
    ) -> Bool {
      guard progress.records > 0 else { return true }
      let read = unsafe Span(_unsafeStart: text, count: progress.bytes)
      guard let valid = try? UTF8Span(validating: read) else { return false }
      if rows.isASCII {
        var valid = valid
        rows.isASCII = valid.checkForASCII()
      }
      let start = UInt64(rows.blocks.count - 1) << 32 | UInt64(blockEnd)
      for record in 0..<progress.records { rows.starts.append(start + UInt64(starts[record])) }
      if columns.roles.contains(where: { $0 > 0 }) {
        let place = blockEnd
        unsafe rows.blocks[rows.blocks.count - 1].withUnsafeBufferPointer { notes in
          guard let notes = notes.baseAddress else { return }
          unsafe ck_paper_prints(
            notes + place, starts, progress.records, columns.roles, columns.roles.count, &prints,
            Self.chunk)
        }
        for kind in PaperKey.Kind.allCases where columns.states(kind) {
          let first = Int(kind.rawValue) * Self.chunk
          rows.prints[Int(kind.rawValue)] += prints[first..<first + progress.records]
        }
      }
      blockEnd += progress.notes
      return true
    }

    /// Turns the rows that were read into columns of bits.
    private mutating func closeChunk() {
      guard pending > 0 else { return }
      let items = columns.items.count
      var chunk = [UInt64](repeating: 0, count: 3 * items * 8)
      unsafe chunk.withUnsafeMutableBufferPointer { chunk in
        for (number, plane) in [yes, applies, asked].enumerated() {
          unsafe ck_transposed_bits(
            plane, pending, items, chunk.baseAddress.map { unsafe $0 + number * items * 8 }, 8)
        }
      }
      chunks.append(chunk)
      pending = 0
      for word in yes.indices {
        yes[word] = 0
        applies[word] = 0
        asked[word] = 0
      }
    }

    /// Ends the reading.
    mutating func close() { closeChunk() }

    /// One of the three planes of parts that come one after another.
    static func plane(_ number: Int, of parts: [Draft], rowCount: Int, items: Int) -> BitColumns {
      let stride = (rowCount + 511) / 512 * 8
      let words = unsafe [UInt64](unsafeUninitializedCapacity: stride * items) { words, count in
        count = stride * items
        if parts.count > 1 { unsafe words.initialize(repeating: 0) }
        var first = 0
        for part in parts {
          let shift = UInt64(first % 64)
          for (place, chunk) in part.chunks.enumerated() {
            let start = first / 64 + place * 8
            for item in 0..<items {
              let (source, target) = ((number * items + item) * 8, item * stride + start)
              guard parts.count > 1 else {
                for word in 0..<8 { unsafe words[target + word] = chunk[source + word] }
                continue
              }
              for word in 0..<8 where chunk[source + word] != 0 {
                let bits = chunk[source + word]
                unsafe words[target + word] |= bits << shift
                // Beyond the last row there are no bits, nor need there be words.
                if shift > 0, bits >> (64 - shift) != 0 {
                  unsafe words[target + word + 1] |= bits >> (64 - shift)
                }
              }
            }
          }
          first += part.rows.starts.count
        }
      }
      return BitColumns(rowCount: rowCount, columnCount: items, words: words)
    }
  }
}
