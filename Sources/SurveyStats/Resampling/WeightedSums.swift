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
    unsafe columns.words.withUnsafeBufferPointer { words in
      guard let words = words.baseAddress else { return }
      unsafe ck_weighted_bit_sums(
        path.rawValue, counts.counts, counts.stride, replicates.count, words + firstPaper / 64,
        columns.wordsPerColumn, columnCount, counts.paperCount, &values)
    }
  }

  /// Adds one block of papers with the counts drawn for it, to sums of numbers whose binary digits are
  /// columns: number c has those from `starts[c]` to `starts[c + 1] - 1`, the lowest first.
  package mutating func add(
    _ counts: MultinomialCounts, columns: BitColumns, digits starts: [Int],
    path: KernelPath = .best
  ) {
    precondition(counts.replicates == replicates && starts.count == columnCount + 1)
    precondition(starts.last.map { $0 <= columns.columnCount } ?? false)
    let firstPaper = counts.block * BlockTotals.blockSize
    precondition(firstPaper + counts.paperCount <= columns.rowCount)
    unsafe columns.words.withUnsafeBufferPointer { words in
      guard let words = words.baseAddress else { return }
      unsafe ck_weighted_digit_sums(
        path.rawValue, counts.counts, counts.stride, replicates.count, words + firstPaper / 64,
        columns.wordsPerColumn, starts, columnCount, counts.paperCount, &values)
    }
  }

  /// Copies the sums of all columns in one replicate to the front of an array, or each to its place.
  func copy(replicate: Int, to sums: inout [Double], places: [Int]? = nil) {
    precondition(replicates.contains(replicate) && sums.count >= columnCount)
    if let places {
      for (column, place) in zip(0..<columnCount, places) {
        sums[place] = Double(self[replicate, column])
      }
      return
    }
    let first = (replicate - replicates.lowerBound) * columnCount
    unsafe values.withUnsafeBufferPointer { values in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        for column in 0..<columnCount {
          unsafe sums[column] = unsafe Double(values[first + column])
        }
      }
    }
  }

  /// Copies the sums of all columns in eight replicates, from the `first`-th on; where there are fewer
  /// the first fills the places.
  func copy(lanesFrom first: Int, to sums: UnsafeMutablePointer<SIMD8<Double>>) {
    unsafe values.withUnsafeBufferPointer { values in
      let starts = (0..<8).map {
        (first + $0 < replicates.count ? first + $0 : first) * columnCount
      }
      for column in 0..<columnCount {
        var lanes = SIMD8<UInt32>()
        for lane in 0..<8 { lanes[lane] = unsafe values[starts[lane] + column] }
        unsafe sums[column] = SIMD8<Double>(lanes)
      }
    }
  }

  /// The sum of one column in one replicate.
  package subscript(replicate: Int, column: Int) -> Int {
    precondition(replicates.contains(replicate) && column >= 0 && column < columnCount)
    return Int(values[(replicate - replicates.lowerBound) * columnCount + column])
  }

  /// Sets `values[t * stride + r]` to the quotient of target t in the r-th of the replicates.
  func setQuotients(
    _ quotients: SumQuotients, in values: UnsafeMutablePointer<Double>, stride: Int,
    path: KernelPath = .best
  ) {
    precondition(quotients.columnCount <= columnCount && stride >= replicates.count)
    let work = LaneStorage(vectors: columnCount)
    unsafe ck_quotients(
      path.rawValue, self.values, replicates.count, columnCount, quotients.starts,
      quotients.numerators, quotients.denominators, quotients.starts.count - 1, values, stride,
      work.numbers)
  }
}

/// Quotients of sums over columns, target after target, without an array for each target.
package struct SumQuotients: Sendable {
  /// Where the columns of each target begin, and the end of the last.
  fileprivate private(set) var starts: [Int] = [0]
  fileprivate private(set) var numerators: [Int] = []
  fileprivate private(set) var denominators: [Int] = []
  /// The number of columns that there must be.
  package let columnCount: Int

  /// Takes the columns whose sums are divided for each target, as many above as below.
  package init(numerators: [[Int]], denominators: [[Int]]) {
    precondition(numerators.count == denominators.count)
    columnCount = 1 + max(numerators.joined().max() ?? -1, denominators.joined().max() ?? -1)
    precondition((numerators + denominators).joined().allSatisfy { $0 >= 0 })
    for (above, below) in zip(numerators, denominators) {
      precondition(above.count == below.count)
      self.numerators += above
      self.denominators += below
      starts.append(self.numerators.count)
    }
  }

  /// The number of targets.
  package var count: Int { starts.count - 1 }

  /// Sets the values to the quotients of sums, NaN where the lower sum is zero.
  func estimate(sums: Span<Double>, into values: inout MutableSpan<Double>) {
    precondition(values.count >= count && sums.count >= columnCount)
    for target in 0..<count {
      var numerator = 0.0
      var denominator = 0.0
      for index in starts[target]..<starts[target + 1] {
        numerator += sums[numerators[index]]
        denominator += sums[denominators[index]]
      }
      values[target] = denominator > 0 ? numerator / denominator : .nan
    }
  }
}
