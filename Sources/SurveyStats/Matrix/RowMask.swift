/// Some rows of bit columns, as bits themselves, so that what they have in a column is found a word at
/// a time.
struct RowMask {
  /// The bits of the rows, 64 to a word.
  private var words: [UInt64]

  /// Marks rows, in any order; a row counts once.
  init(_ rows: [Int], of rowCount: Int) {
    words = [UInt64](repeating: 0, count: (rowCount + 63) / 64)
    for row in rows { words[row >> 6] |= 1 << UInt64(row & 63) }
  }

  /// How many of the rows have their bit set in a column.
  func count(_ columns: BitColumns, column: Int) -> Int {
    var count = 0
    let start = column * columns.wordsPerColumn
    for (index, word) in words.enumerated() {
      count += (columns.words[start + index] & word).nonzeroBitCount
    }
    return count
  }

  /// The rows, in ascending order, that have a bit set in at least one of some columns.
  func rows(of columns: BitColumns, columns chosen: [Int]) -> [Int] {
    var rows: [Int] = []
    for (index, word) in words.enumerated() where word != 0 {
      var bits: UInt64 = 0
      for column in chosen { bits |= columns.words[column * columns.wordsPerColumn + index] }
      bits &= word
      while bits != 0 {
        rows.append(index * 64 + bits.trailingZeroBitCount)
        bits &= bits - 1
      }
    }
    return rows
  }

  /// Adds a number to the totals of the rows whose bit is set in a column.
  func add(_ value: Double, whereSet columns: BitColumns, column: Int, to totals: inout [Double]) {
    add(
      value, whereSet: columns, otherwise: value, whereSet: columns, column: column, to: &totals)
  }

  /// Adds a number to the totals of the rows whose bit is set in a column of one set, and another to
  /// those of the rows whose bit is set in that of a second set alone.
  func add(
    _ first: Double, whereSet upper: BitColumns, otherwise second: Double,
    whereSet lower: BitColumns, column: Int, to totals: inout [Double]
  ) {
    precondition(upper.rowCount == lower.rowCount && totals.count >= upper.rowCount)
    let (upperStart, lowerStart) = (
      column * upper.wordsPerColumn, column * lower.wordsPerColumn
    )
    var totals = totals.mutableSpan
    for (index, word) in words.enumerated() where word != 0 {
      var bits = lower.words[lowerStart + index] & word
      let set = upper.words[upperStart + index]
      while bits != 0 {
        let bit = bits.trailingZeroBitCount
        totals[index * 64 + bit] += set >> UInt64(bit) & 1 != 0 ? first : second
        bits &= bits - 1
      }
    }
  }
}
