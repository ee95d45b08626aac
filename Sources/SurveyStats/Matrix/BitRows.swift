import CKernels

/// Packed rows of bits, one bit a column, whose pairs of columns are counted in resamples.
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

  /// Calls a function with the numbers of drawn rows that have both bits of a pair of columns.
  ///
  /// - Parameters:
  ///   - drawn: The rows; they may repeat.
  ///   - path: The kernel path; all give the same counts.
  ///   - body: Gets the counts, which are gone when it returns.
  func withPairCounts<Result>(
    drawn: [UInt32], path: KernelPath = .best, _ body: (DrawnPairCounts) -> Result
  ) -> Result {
    let end = UInt32(rowCount)
    precondition(drawn.allSatisfy { $0 < end }, "no such row")
    let width = (columnCount + 7) / 8 * 8
    let workCount = ck_drawn_pairs_work(wordsPerRow)
    let sharedCount = (columnCount + 3) * width
    return unsafe withUnsafeTemporaryAllocation(
      byteCount: 8 * workCount + 4 * sharedCount + 64, alignment: 64
    ) { bytes in
      let (work, rest) = unsafe (bytes.prefix(8 * workCount), bytes.dropFirst(8 * workCount))
      let shared = unsafe UnsafeMutableRawBufferPointer(rebasing: rest).bindMemory(to: UInt32.self)
      let workWords = unsafe UnsafeMutableRawBufferPointer(rebasing: work).bindMemory(
        to: UInt64.self)
      if let shared = shared.baseAddress, let work = workWords.baseAddress {
        unsafe ck_drawn_pairs(
          path.rawValue, words, wordsPerRow, drawn, drawn.count, columnCount, work, shared)
      }
      return unsafe body(
        DrawnPairCounts(shared: UnsafeBufferPointer(shared), width: width, path: path))
    }
  }
}

/// How many of the rows that were drawn have both bits of a pair of columns.
@safe struct DrawnPairCounts {
  private let shared: UnsafeBufferPointer<UInt32>
  private let width: Int
  private let path: KernelPath

  fileprivate init(shared: UnsafeBufferPointer<UInt32>, width: Int, path: KernelPath) {
    unsafe self.shared = unsafe shared
    self.width = width
    self.path = path
  }

  /// The number for two columns, in any order.
  subscript(first: Int, second: Int) -> UInt32 {
    unsafe shared[min(first, second) * width + max(first, second)]
  }

  /// Sets the values to phi of all pairs of items, NaN where an item is constant or fewer than two
  /// papers have both; the columns are those of yes to the items, then those of where they apply.
  func phi(itemCount: Int, into values: inout MutableSpan<Double>) {
    precondition((2 * itemCount + 7) / 8 * 8 == width)
    precondition(values.count >= itemCount * (itemCount - 1) / 2)
    unsafe values.withUnsafeMutableBufferPointer { values in
      guard let shared = unsafe shared.baseAddress, let values = values.baseAddress else { return }
      unsafe ck_phi(path.rawValue, shared, itemCount, values)
    }
  }
}
