import CKernels

/// Reads a matrix CSV piece by piece, without keeping its text.
///
/// The kernel `ck_matrix_records` reads what is plainly right, and nothing else: at the first record that
/// is not, or when a paper is there twice, the answer is `nil`, and ``MatrixCSV`` reads the whole, or says
/// what is wrong with it. A matrix that is read is that of ``MatrixCSV``.
///
/// Cost: about 0.1 ns a byte of answers and 1 ns a byte of texts; the memory of the matrix, of the texts
/// about the papers, and of a few megabytes.
public struct MatrixStream {
  /// The names of further metadata columns.
  public var metadata: [String]
  /// Bytes that are read at a time.
  var pieceSize = 4 << 20
  /// The kernels.
  var path = KernelPath.best

  /// Creates a reader.
  public init(metadata: [String] = []) { self.metadata = metadata }

  /// Reads a matrix from bytes in memory; `nil` when it is for ``MatrixCSV`` to read.
  public func read(_ bytes: [UInt8]) -> BinaryMatrix? {
    var place = 0
    return unsafe read { target in
      let count = min(target.count, bytes.count - place)
      unsafe bytes.withUnsafeBytes { bytes in
        unsafe target.copyMemory(from: .init(rebasing: bytes[place..<place + count]))
      }
      place += count
      return count
    }
  }

  /// Reads a matrix; `nil` when it is for ``MatrixCSV`` to read.
  ///
  /// - Parameter fill: Puts bytes of the file into a buffer and gives their number, 0 at the end and a
  ///   negative one when reading fails.
  public func read(fill: (UnsafeMutableRawBufferPointer) -> Int) -> BinaryMatrix? {
    var text = [UInt8](repeating: 0, count: pieceSize + Self.padding)
    var filled = 0
    var isAtEnd = false
    /// Fills the buffer up, or closes the last record; false when reading fails.
    func refill() -> Bool {
      while !isAtEnd, filled < pieceSize {
        let count = unsafe text.withUnsafeMutableBytes {
          unsafe fill(.init(rebasing: $0[filled..<pieceSize]))
        }
        guard count >= 0 else { return false }
        filled += count
        if count == 0 {
          isAtEnd = true
          for place in filled..<filled + Self.padding { text[place] = UInt8(ascii: "\n") }
          filled += Self.padding
        }
      }
      return true
    }
    guard refill(), let header = Columns.read(text.prefix(filled), metadata: metadata) else {
      return nil
    }
    var start = header.end
    var draft = Draft(header.columns, path: path)
    while true {
      let end = filled
      let read = unsafe text.withUnsafeBufferPointer { text in
        unsafe draft.add(UnsafeBufferPointer(rebasing: text[start..<end]))
      }
      guard let read else { return nil }
      start += read
      if isAtEnd,
        text[start..<end].allSatisfy({ $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
      {
        break
      }
      // A record that is longer than the buffer is no usual one.
      guard !isAtEnd, start > 0 else { return nil }
      unsafe text.withUnsafeMutableBytes { bytes in
        let rest = end - start
        if rest > 0, let base = bytes.baseAddress {
          unsafe base.copyMemory(from: base + start, byteCount: rest)
        }
      }
      filled = end - start
      start = 0
      guard refill() else { return nil }
    }
    return draft.matrix()
  }

  /// Line breaks after the end, so that the last field is like any other.
  private static let padding = 4
}

extension MatrixStream {
  /// What the columns of a file are.
  fileprivate struct Columns {
    var kinds: [UInt8] = []
    var fields: [PaperTable.Field] = []
    var items: [Item] = []

    /// Reads the header, and gives the place after it; `nil` when it is not plain.
    static func read(
      _ text: ArraySlice<UInt8>, metadata: [String]
    ) -> (columns: Columns, end: Int)? {
      guard
        let end = text.firstIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
      else { return nil }
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
      return (columns, end)
    }

    private init() {}
  }

  /// A matrix that is being read.
  fileprivate struct Draft {
    private let columns: Columns
    private let path: KernelPath
    private let words: Int
    private var rowCount = 0
    /// For each 512 rows the three planes, 8 words an item.
    private var chunks: [[UInt64]] = []
    private var yes: [UInt64]
    private var applies: [UInt64]
    private var asked: [UInt64]
    private var pending = 0
    private var starts: [UInt32]
    private var notes: [UInt8]
    private var blocks: [[UInt8]] = []
    private var rowStarts: [UInt64] = []
    private var isASCII = true

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
      notes = [UInt8](repeating: 0, count: Self.blockSize)
    }

    /// Reads the whole records of a text, and gives the number of its bytes that were read; `nil` when a
    /// record is not plain.
    mutating func add(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
      guard let base = text.baseAddress else { return 0 }
      var done = 0
      while true {
        var progress = ck_matrix_progress()
        let offset = pending * words
        unsafe yes.withUnsafeMutableBufferPointer { yes in
          unsafe applies.withUnsafeMutableBufferPointer { applies in
            unsafe asked.withUnsafeMutableBufferPointer { asked in
              unsafe ck_matrix_records(
                path.rawValue, base + done, text.count - done, columns.kinds, columns.kinds.count,
                columns.items.count, Self.chunk - pending,
                yes.baseAddress.map { unsafe $0 + offset },
                unsafe applies.baseAddress.map { unsafe $0 + offset },
                unsafe asked.baseAddress.map { unsafe $0 + offset }, &notes, notes.count, &starts,
                &progress)
            }
          }
        }
        guard progress.is_plain != 0, unsafe keep(progress, text: base + done) else { return nil }
        done += progress.bytes
        pending += progress.records
        if pending == Self.chunk { closeChunk() }
        if progress.records == 0 { return done }
      }
    }

    /// Keeps the notes of records; false when they are not UTF-8, or a weight is none.
    private mutating func keep(
      _ progress: ck_matrix_progress, text: UnsafePointer<UInt8>
    ) -> Bool {
      guard progress.records > 0 else { return true }
      let read = unsafe Span(_unsafeStart: text, count: progress.bytes)
      guard let valid = try? UTF8Span(validating: read) else { return false }
      if isASCII {
        var valid = valid
        isASCII = valid.checkForASCII()
      }
      if (blocks.last.map { $0.count + progress.notes > Self.blockSize }) ?? true {
        var block: [UInt8] = []
        block.reserveCapacity(Self.blockSize)
        blocks.append(block)
      }
      let block = UInt64(blocks.count - 1) << 32
      let place = UInt64(blocks[blocks.count - 1].count)
      blocks[blocks.count - 1].append(contentsOf: notes[..<progress.notes])
      for record in 0..<progress.records {
        rowStarts.append(block | place + UInt64(starts[record]))
      }
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
      rowCount += pending
      pending = 0
      for word in yes.indices {
        yes[word] = 0
        applies[word] = 0
        asked[word] = 0
      }
    }

    /// The matrix; `nil` when a paper is there twice, or a weight is none.
    mutating func matrix() -> BinaryMatrix? {
      closeChunk()
      let table = PaperTable(
        blocks: blocks, starts: rowStarts, fields: columns.fields, isASCII: isASCII)
      blocks = []
      rowStarts = []
      let papers = (0..<table.rowCount).map { Paper(table, row: $0) }
      if table.has(.weight) {
        for row in 0..<table.rowCount {
          guard let text = table.text(row, .weight) else { continue }
          guard let weight = Double(text), weight.isFinite, weight >= 0 else { return nil }
        }
      }
      guard MatrixCSV.repeats(papers).isEmpty else { return nil }
      let items = columns.items.count
      let (chunks, rowCount) = (chunks, rowCount)
      func plane(_ number: Int) -> BitColumns {
        let stride = (rowCount + 511) / 512 * 8
        let words = unsafe [UInt64](unsafeUninitializedCapacity: stride * items) { words, count in
          for (place, chunk) in chunks.enumerated() {
            for item in 0..<items {
              for word in 0..<8 {
                unsafe words[item * stride + place * 8 + word] =
                  chunk[(number * items + item) * 8 + word]
              }
            }
          }
          count = stride * items
        }
        return BitColumns(rowCount: rowCount, columnCount: items, words: words)
      }
      return BinaryMatrix(
        papers: papers, items: columns.items, yes: plane(0), applies: plane(1), asked: plane(2))
    }
  }
}
