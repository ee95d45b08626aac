import CKernels

/// Packed columns of bits, one bit a paper, stored column after column.
///
/// Paper `i` is bit `i % 64` of word `i / 64`. Every column is padded with zero bits to a multiple
/// of 512 bits, so that kernels can read whole vectors.
public struct BitColumns: Sendable, Equatable {
  /// The number of papers (bits that carry meaning) in each column.
  public let rowCount: Int
  /// The number of columns.
  public let columnCount: Int
  /// The distance between two columns, in 64-bit words; a multiple of 8.
  public let wordsPerColumn: Int
  /// All words, column-major.
  public private(set) var words: [UInt64]

  /// Creates columns of zeros.
  public init(rowCount: Int, columnCount: Int) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    wordsPerColumn = (rowCount + 511) / 512 * 8
    words = [UInt64](repeating: 0, count: wordsPerColumn * columnCount)
  }

  /// Creates columns from their words, whose padding bits must be zero.
  init(rowCount: Int, columnCount: Int, words: [UInt64]) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    wordsPerColumn = (rowCount + 511) / 512 * 8
    precondition(words.count == wordsPerColumn * columnCount)
    self.words = words
  }

  /// Whether paper `row` has its bit set in `column`.
  public subscript(row: Int, column: Int) -> Bool {
    get {
      precondition(row >= 0 && row < rowCount && column >= 0 && column < columnCount)
      return words[column * wordsPerColumn + row >> 6] >> UInt64(row & 63) & 1 != 0
    }
    set {
      precondition(row >= 0 && row < rowCount && column >= 0 && column < columnCount)
      let mask: UInt64 = 1 << UInt64(row & 63)
      if newValue {
        words[column * wordsPerColumn + row >> 6] |= mask
      } else {
        words[column * wordsPerColumn + row >> 6] &= ~mask
      }
    }
  }

  /// The number of set bits in a column.
  public func count(column: Int) -> Int {
    precondition(column >= 0 && column < columnCount)
    return unsafe words.withUnsafeBufferPointer { words in
      guard let words = words.baseAddress else { return 0 }
      return unsafe Int(
        ck_count_bits(
          KernelPath.best.rawValue, words + column * wordsPerColumn, wordsPerColumn))
    }
  }

  /// The columns with their rows taken in the given order; rows may repeat or be left out.
  public func selecting(rows: [Int]) -> BitColumns {
    var result = BitColumns(rowCount: rows.count, columnCount: columnCount)
    for column in 0..<columnCount {
      let source = column * wordsPerColumn
      let target = column * result.wordsPerColumn
      for (position, row) in rows.enumerated() {
        let bit = words[source + row >> 6] >> UInt64(row & 63) & 1
        result.words[target + position >> 6] |= bit << UInt64(position & 63)
      }
    }
    return result
  }

  /// The given columns, in the given order.
  func selecting(columns: [Int]) -> BitColumns {
    var result = BitColumns(rowCount: rowCount, columnCount: columns.count)
    for (position, column) in columns.enumerated() {
      result.words.replaceSubrange(
        position * wordsPerColumn..<(position + 1) * wordsPerColumn,
        with: words[column * wordsPerColumn..<(column + 1) * wordsPerColumn])
    }
    return result
  }

  /// These columns followed by those of another set with as many rows.
  public func appending(_ other: BitColumns) -> BitColumns {
    precondition(other.rowCount == rowCount)
    var result = BitColumns(rowCount: rowCount, columnCount: columnCount + other.columnCount)
    result.words = words + other.words
    return result
  }

  /// For each row, the number of the given columns that have its bit set.
  public func rowCounts(columns: [Int]) -> [Int] {
    var counts = [Int](repeating: 0, count: rowCount)
    for column in columns {
      for word in 0..<(rowCount + 63) / 64 {
        var bits = words[column * wordsPerColumn + word]
        while bits != 0 {
          counts[word * 64 + bits.trailingZeroBitCount] += 1
          bits &= bits - 1
        }
      }
    }
    return counts
  }

  /// How many rows have k bits in the given columns and m bits in the same columns of another set,
  /// at `k * (columns.count + 1) + m`.
  func rowCountTable(
    columns: [Int], with other: BitColumns, path: KernelPath = .best
  ) -> [Int] {
    precondition(other.rowCount == rowCount && other.columnCount == columnCount)
    precondition(columns.allSatisfy { $0 >= 0 && $0 < columnCount } && columns.count < 65_536)
    var table = [UInt64](repeating: 0, count: (columns.count + 1) * (columns.count + 1))
    unsafe ck_row_counts(
      path.rawValue, words, other.words, wordsPerColumn, columns.map { $0 }, columns.count,
      rowCount, &table)
    return table.map(Int.init)
  }

  /// The bits of a range of rows as zeros and ones.
  func asDoubles(rows: Range<Int>) -> DenseMatrix {
    var result = DenseMatrix(rows: rows.count, columns: columnCount)
    for column in 0..<columnCount {
      for (position, row) in rows.enumerated() {
        let bit = words[column * wordsPerColumn + row >> 6] >> UInt64(row & 63) & 1
        result.elements[column * rows.count + position] = Double(bit)
      }
    }
    return result
  }

  /// The number of rows that have a bit set in at least one of the given columns.
  public func anyCount(columns: [Int]) -> Int {
    guard let first = columns.first else { return 0 }
    var union = Array(words[first * wordsPerColumn..<(first + 1) * wordsPerColumn])
    unsafe union.withUnsafeMutableBufferPointer { union in
      unsafe words.withUnsafeBufferPointer { words in
        for column in columns.dropFirst() {
          let start = column * wordsPerColumn
          for word in 0..<wordsPerColumn { unsafe union[word] |= words[start + word] }
        }
      }
    }
    return unsafe Int(ck_count_bits(KernelPath.best.rawValue, union, union.count))
  }
}
