/// Packed rows of bits, one bit a column, from which columns of drawn rows are made.
///
/// A bootstrap replicate repeats and leaves out papers. Drawing whole rows and transposing blocks of
/// 64 × 64 bits gives its bit columns in a few nanoseconds a row, whatever the number of columns.
struct BitRows: Sendable {
  private let rowCount: Int
  private let columnCount: Int
  private let wordsPerRow: Int
  private var words: [UInt64]

  /// Transposes columns into rows.
  init(_ columns: BitColumns) {
    rowCount = columns.rowCount
    columnCount = columns.columnCount
    wordsPerRow = (columnCount + 63) / 64
    words = [UInt64](repeating: 0, count: rowCount * wordsPerRow)
    for column in 0..<columnCount {
      for word in 0..<(rowCount + 63) / 64 {
        var bits = columns.words[column * columns.wordsPerColumn + word]
        while bits != 0 {
          let row = 64 * word + bits.trailingZeroBitCount
          words[row * wordsPerRow + column >> 6] |= 1 << UInt64(column & 63)
          bits &= bits - 1
        }
      }
    }
  }

  /// The columns of the given rows, in the given order; rows may repeat.
  func columns(rows: [Int]) -> BitColumns {
    precondition(rows.allSatisfy { $0 >= 0 && $0 < rowCount }, "no such row")
    let wordsPerColumn = (rows.count + 511) / 512 * 8
    var result = [UInt64](repeating: 0, count: wordsPerColumn * columnCount)
    words.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { target in
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 64) { block in
          for (position, start) in stride(from: 0, to: rows.count, by: 64).enumerated() {
            let count = min(64, rows.count - start)
            for word in 0..<wordsPerRow {
              for row in 0..<count {
                block[row] = source[rows[start &+ row] &* wordsPerRow &+ word]
              }
              for row in count..<64 { block[row] = 0 }
              Self.transpose(block)
              for column in 0..<min(64, columnCount - 64 * word) {
                target[(64 &* word &+ column) &* wordsPerColumn &+ position] = block[column]
              }
            }
          }
        }
      }
    }
    return BitColumns(rowCount: rows.count, columnCount: columnCount, words: result)
  }

  /// Exchanges rows and columns of 64 × 64 bits, by halves (Warren 2013, *Hacker's Delight*, 7–3).
  private static func transpose(_ block: UnsafeMutableBufferPointer<UInt64>) {
    var width = 32
    var mask: UInt64 = 0x0000_0000_FFFF_FFFF
    while width > 0 {
      let shift = UInt64(width)
      var start = 0
      while start < 64 {
        for row in start..<start &+ width {
          let high = block[row]
          let low = block[row &+ width]
          let exchanged = (high &>> shift ^ low) & mask
          block[row] = high ^ exchanged &<< shift
          block[row &+ width] = low ^ exchanged
        }
        start &+= 2 &* width
      }
      width >>= 1
      mask ^= mask &<< UInt64(width)
    }
  }
}
