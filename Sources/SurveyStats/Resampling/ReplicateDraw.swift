import CLapack

/// The estimates of a statistic on the replicates of a few tiles.
///
/// The place of a replicate in matrices of a tile is its number modulo the size of a tile, so that
/// the arithmetic of a replicate is the same whatever other replicates are drawn with it.
struct ReplicateDraw {
  let blocks: BlockTotals
  let scheme: Bootstrap.Scheme
  let seed: UInt64
  /// Runs of successive replicates, none of them across a multiple of the tile size.
  let tiles: [Range<Int>]

  /// The values of the replicates of a draw.
  enum Values: Sendable {
    /// Replicate after replicate.
    case rows([Double])
    /// Value after value, the first replicates of two values `stride` apart.
    case columns([Double], stride: Int)
  }

  /// The estimates of a statistic that needs sums only.
  ///
  /// Blocks of units follow one another, and each is laid out once for all tiles.
  func estimates(
    of statistic: some SummedStatistic, progress: (@Sendable (Int) -> Void)?
  ) throws -> Values {
    let bits = statistic.bitColumns
    let digits =
      bits.rowCount <= DigitRuns.mostPapers
      ? (statistic as? any DigitStatistic)?.digitStarts : nil
    let sumCount = digits.map { $0.count - 1 } ?? bits.columnCount
    var bitSums = tiles.map { WeightedSums(replicates: $0, columnCount: sumCount) }
    let needsReal = scheme == .bayesian || statistic.valueColumnCount > 0
    var realSums = (needsReal ? tiles : []).map { _ in
      DenseMatrix(rows: statistic.columnCount, columns: Bootstrap.tileSize)
    }
    var weights = UnitWeights(blocks: blocks, scheme: scheme, seed: seed, tiles: tiles)
    let replicateCount = tiles.reduce(0) { $0 + $1.count }
    for block in blocks.blocks.indices {
      let units = blocks.papers(ofBlock: block)
      let columns = statistic.valueColumns(units: units)
      let bitRows = scheme == .bayesian ? bits.asDoubles(rows: units) : nil
      for tile in tiles.indices {
        try Task.checkCancellation()
        weights.draw(block: block, tile: tile)
        if let counts = weights.counts {
          if let digits {
            bitSums[tile].add(counts, columns: bits, digits: digits)
          } else if bits.columnCount > 0 {
            bitSums[tile].add(counts, columns: bits)
          }
          if columns.columns == 0 { continue }
        }
        let drawn = weights.asDoubles()
        if let bitRows { Self.addProducts(drawn, bitRows, firstRow: 0, to: &realSums[tile]) }
        Self.addProducts(drawn, columns, firstRow: bits.columnCount, to: &realSums[tile])
      }
      let finished = { block in block * replicateCount / blocks.blocks.count }
      progress?(finished(block + 1) - finished(block))
    }
    if !needsReal, let quotients = (statistic as? any QuotientStatistic)?.quotients {
      return Self.quotients(quotients, of: bitSums, replicateCount: replicateCount)
    }
    if !needsReal, let lanes = statistic as? any LaneStatistic {
      return Self.lanes(lanes, of: bitSums, replicateCount: replicateCount)
    }
    var rows: [Double] = []
    rows.reserveCapacity(replicateCount * statistic.valueCount)
    var values = [Double](repeating: .nan, count: statistic.valueCount)
    var sums = [Double](repeating: 0, count: statistic.columnCount)
    for (tile, replicates) in tiles.enumerated() {
      for replicate in replicates {
        if needsReal {
          sums.replaceSubrange(
            sums.indices, with: realSums[tile].column(replicate % Bootstrap.tileSize))
        }
        if scheme != .bayesian {
          bitSums[tile].copy(replicate: replicate, to: &sums, places: digits)
        }
        var span = values.mutableSpan
        statistic.estimate(sums: sums.span, into: &span)
        rows.append(contentsOf: values)
      }
    }
    return .rows(rows)
  }

  /// The estimates from the sums of all tiles, eight replicates at a time.
  ///
  /// Places of a last group beyond its replicates have the sums of the first of them.
  private static func lanes(
    _ statistic: some LaneStatistic, of tiles: [WeightedSums], replicateCount: Int
  ) -> Values {
    let stride = valueStride(replicateCount)
    let (columnCount, valueCount) = (statistic.bitColumns.columnCount, statistic.valueCount)
    var result = [Double](repeating: .nan, count: stride * valueCount)
    unsafe withUnsafeTemporaryAllocation(of: SIMD8<Double>.self, capacity: columnCount + valueCount)
    {
      work in
      guard let sums = work.baseAddress else { return }
      let found = unsafe sums + columnCount
      var start = 0
      for tile in tiles {
        let count = tile.replicates.count
        for first in Swift.stride(from: 0, to: count, by: 8) {
          unsafe tile.copy(lanesFrom: first, to: sums)
          unsafe statistic.estimate(lanes: UnsafePointer(sums), into: found)
          for value in 0..<valueCount {
            let (place, lanes) = unsafe (value * stride + start + first, found[value])
            for lane in 0..<min(8, count - first) { result[place + lane] = lanes[lane] }
          }
        }
        start += count
      }
    }
    return .columns(result, stride: stride)
  }

  /// The distance between two values of a replicate: an odd number of cache lines, as they would
  /// otherwise share a few places of the cache.
  private static func valueStride(_ replicateCount: Int) -> Int {
    (replicateCount + 15) / 16 * 16 + 8
  }

  /// The quotients of the sums of all tiles.
  private static func quotients(
    _ quotients: SumQuotients, of tiles: [WeightedSums], replicateCount: Int
  ) -> Values {
    let stride = valueStride(replicateCount)
    var values = [Double](repeating: .nan, count: stride * quotients.count)
    unsafe values.withUnsafeMutableBufferPointer { values in
      guard var place = values.baseAddress else { return }
      for sums in tiles {
        unsafe sums.setQuotients(quotients, in: place, stride: stride)
        unsafe place += sums.replicates.count
      }
    }
    return .columns(values, stride: stride)
  }

  /// The estimates of a statistic that needs the sums of unit entries, tile after tile.
  func estimates(
    of statistic: some EntryStatistic, progress: (@Sendable (Int) -> Void)?
  ) throws -> Values {
    let entries = statistic.entries
    var rows: [Double] = []
    var values = [Double](repeating: .nan, count: statistic.valueCount)
    var own = [Double](repeating: 0, count: entries.columnCount)
    for tile in tiles {
      var weights = UnitWeights(blocks: blocks, scheme: scheme, seed: seed, tiles: [tile])
      var sums = EntrySums(columnCount: entries.columnCount)
      for block in blocks.blocks.indices {
        try Task.checkCancellation()
        weights.draw(block: block, tile: 0)
        if let counts = weights.counts {
          sums.add(counts, entries)
        } else {
          sums.add(weights.realWeights, from: blocks.papers(ofBlock: block).lowerBound, entries)
        }
      }
      for place in 0..<tile.count {
        sums.copy(place: place, to: &own)
        var span = values.mutableSpan
        statistic.estimate(sums: own.span, into: &span)
        rows += values
      }
      progress?(tile.count)
    }
    return .rows(rows)
  }

  /// The estimates of a statistic that needs all unit weights.
  func estimates(
    of statistic: some Statistic, progress: (@Sendable (Int) -> Void)?
  ) throws -> Values {
    var rows: [Double] = []
    var values = [Double](repeating: .nan, count: statistic.valueCount)
    var all = [Double](repeating: 0, count: statistic.unitCount)
    for tile in tiles {
      for replicate in tile {
        try Task.checkCancellation()
        var weights = UnitWeights(
          blocks: blocks, scheme: scheme, seed: seed, tiles: [replicate..<replicate + 1])
        for block in blocks.blocks.indices {
          weights.draw(block: block, tile: 0)
          weights.copy(to: &all, from: blocks.papers(ofBlock: block).lowerBound)
        }
        var span = values.mutableSpan
        statistic.estimate(weights: all.span, into: &span)
        rows += values
      }
      progress?(tile.count)
    }
    return .rows(rows)
  }

  /// Adds `columns' · weights` to the rows of `sums` from `firstRow` on.
  private static func addProducts(
    _ weights: DenseMatrix, _ columns: DenseMatrix, firstRow: Int, to sums: inout DenseMatrix
  ) {
    guard columns.columns > 0, columns.rows > 0 else { return }
    let sumRows = sums.rows
    unsafe sums.elements.withUnsafeMutableBufferPointer { target in
      guard let base = target.baseAddress else { return }
      unsafe cblas_dgemm(
        CblasColMajor, CblasTrans, CblasNoTrans, Int32(columns.columns), Int32(weights.columns),
        Int32(columns.rows), 1, columns.elements, Int32(columns.rows), weights.elements,
        Int32(weights.rows), 1, base + firstRow, Int32(sumRows))
    }
  }
}
