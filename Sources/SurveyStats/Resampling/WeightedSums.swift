import CKernels

/// Sums of bit columns in which each paper counts as often as it was drawn.
///
/// For replicate `b` and column `c`: the sum over papers `i` of `counts[b, i] * bit[i, c]`, an exact
/// integer. Blocks of papers are added one after another.
package struct WeightedSums: Sendable, Equatable {
  /// The replicates the sums belong to.
  package let replicates: Range<Int>
  /// The number of bit columns.
  package let columnCount: Int
  /// The sums, replicate after replicate.
  package private(set) var values: [UInt32]

  /// Creates sums of zero.
  package init(replicates: Range<Int>, columnCount: Int) {
    self.replicates = replicates
    self.columnCount = columnCount
    values = [UInt32](repeating: 0, count: replicates.count * columnCount)
  }

  /// Adds one block of papers with the counts drawn for it.
  package mutating func add(
    _ counts: MultinomialCounts, columns: BitColumns, path: KernelPath = .best
  ) {
    precondition(counts.replicates == replicates && columns.columnCount == columnCount)
    let firstPaper = counts.block * BlockTotals.blockSize
    precondition(firstPaper + counts.paperCount <= columns.rowCount)
    columns.words.withUnsafeBufferPointer { words in
      guard let words = words.baseAddress else { return }
      ck_weighted_bit_sums(
        path.rawValue, counts.counts, counts.stride, replicates.count, words + firstPaper / 64,
        columns.wordsPerColumn, columnCount, counts.paperCount, &values)
    }
  }

  /// Copies the sums of all columns in one replicate to the front of an array.
  func copy(replicate: Int, to sums: inout [Double]) {
    precondition(replicates.contains(replicate) && sums.count >= columnCount)
    let first = (replicate - replicates.lowerBound) * columnCount
    values.withUnsafeBufferPointer { values in
      sums.withUnsafeMutableBufferPointer { sums in
        for column in 0..<columnCount { sums[column] = Double(values[first + column]) }
      }
    }
  }

  /// The sum of one column in one replicate.
  package subscript(replicate: Int, column: Int) -> Int {
    precondition(replicates.contains(replicate) && column >= 0 && column < columnCount)
    return Int(values[(replicate - replicates.lowerBound) * columnCount + column])
  }
}
