import CKernels

/// Weighted sums of the columns of unit entries in the replicates of a tile.
struct EntrySums: ~Copyable {
  /// The number of columns.
  let columnCount: Int
  /// Column after column, the replicates side by side.
  private let sums: LaneStorage
  private let work: LaneStorage

  /// Creates sums of zero.
  init(columnCount: Int) {
    self.columnCount = columnCount
    sums = LaneStorage(vectors: columnCount * Bootstrap.tileSize / 8)
    work = LaneStorage(vectors: columnCount * Bootstrap.tileSize / 32)
  }

  /// Adds the units of a block with the counts drawn for it.
  mutating func add(_ counts: MultinomialCounts, _ entries: UnitEntries, path: KernelPath = .best) {
    precondition(entries.columnCount == columnCount)
    precondition(counts.replicates.count <= Bootstrap.tileSize)
    let first = counts.block * BlockTotals.blockSize
    unsafe entries.withEntries(of: first..<first + counts.paperCount) { starts, columns, values in
      unsafe ck_entry_sums(
        path.rawValue, counts.counts, counts.stride, counts.replicates.count, counts.paperCount,
        starts, columns, values, columnCount, work.numbers, sums.numbers)
    }
  }

  /// Adds units from `first` on with real weights: a row a unit, a column a replicate.
  mutating func add(
    _ weights: DenseMatrix, from first: Int, _ entries: UnitEntries, path: KernelPath = .best
  ) {
    precondition(entries.columnCount == columnCount && weights.columns <= Bootstrap.tileSize)
    unsafe entries.withEntries(of: first..<first + weights.rows) { starts, columns, values in
      unsafe ck_real_entry_sums(
        path.rawValue, weights.elements, weights.rows, weights.columns, weights.rows, starts,
        columns, values, sums.numbers)
    }
  }

  /// Copies the sums of all columns in the replicate at a place of the tile.
  func copy(place: Int, to target: inout [Double]) {
    precondition(place >= 0 && place < Bootstrap.tileSize && target.count == columnCount)
    var span = target.mutableSpan
    for column in 0..<columnCount {
      span[column] = unsafe sums.numbers[column * Bootstrap.tileSize + place]
    }
  }
}
