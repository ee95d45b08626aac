import CLapack

/// Draws replicates of a statistic: each replicate counts every unit as often as it was drawn.
///
/// Replicate b depends on the seed and on b alone (see ``RandomStream``), so that results are the
/// same for any number of jobs, in any order. Within a stratum of n units the weights of a replicate
/// are
///
/// * multinomial: how often each unit occurs among n draws with replacement (Efron 1979);
/// * poisson: independent Poisson counts of mean 1;
/// * bayesian: n times a draw from the flat Dirichlet distribution (Rubin 1981).
///
/// Memory is that of one tile of 64 replicates × 4,096 units for each job plus the replicate values;
/// it has no replicates × units term. Cost: replicates × units × columns for a summed statistic.
///
/// References: Efron (1979), *Annals of Statistics* 7:1; Rubin (1981), *Annals of Statistics* 9:130;
/// Davison & Hinkley (1997), *Bootstrap Methods and their Application*, chapters 2 and 3.
public struct Bootstrap: Sendable, Equatable {
  /// The distribution of the weights of a replicate.
  public enum Scheme: String, Sendable, CaseIterable {
    /// Counts of draws with replacement.
    case multinomial
    /// Independent counts of mean 1.
    case poisson
    /// Dirichlet weights, never zero.
    case bayesian
  }

  /// How papers form units and strata.
  public var design: SamplingDesign
  /// The distribution of the weights.
  public var scheme: Scheme
  /// The numbers of the replicates to draw; a run can be split by drawing parts of a range.
  public var replicates: Range<Int>
  /// The seed.
  public var seed: UInt64
  /// How many tasks work at a time.
  public var jobs: Int

  /// Creates a bootstrap of replicates numbered from zero.
  public init(
    design: SamplingDesign, scheme: Scheme = .multinomial, replicates: Int = 9_999,
    seed: UInt64 = 1, jobs: Int = 1
  ) {
    self.design = design
    self.scheme = scheme
    self.replicates = 0..<max(replicates, 0)
    self.seed = seed
    self.jobs = jobs
  }

  /// Draws all replicates of a statistic.
  ///
  /// - Parameters:
  ///   - statistic: The statistic; its units are those of the design.
  ///   - progress: Told the number of replicates finished since it was last called, from any task.
  /// - Throws: `CancellationError` when the task is cancelled.
  public func callAsFunction(
    _ statistic: some Statistic, progress: (@Sendable (Int) -> Void)? = nil
  ) async throws -> BootstrapSample {
    precondition(statistic.unitCount == design.unitCount, "the statistic has other units")
    let blocks = BlockTotals(stratumSizes: design.stratumSizes)
    let rows = try await drawnInParallel(
      tileCost: max(statistic.unitCount, 1), progress: progress
    ) { tile in
      var tileDraw = TileDraw(
        blocks: blocks, scheme: scheme, seed: seed, replicates: tile)
      if let summed = statistic as? any SummedStatistic {
        return tileDraw.estimates(of: summed)
      }
      return tileDraw.estimates(of: statistic)
    }
    return BootstrapSample(original: statistic.original(), replicates: rows(statistic.valueCount))
  }

  /// The number of replicates that are drawn together.
  static let tileSize = 64

  /// Runs tiles of replicates on `jobs` tasks; returns a function that lays the rows out in columns.
  private func drawnInParallel(
    tileCost: Int, progress: (@Sendable (Int) -> Void)?,
    draw: @escaping @Sendable (Range<Int>) -> [Double]
  ) async throws -> (_ valueCount: Int) -> DenseMatrix {
    let starts = stride(from: replicates.lowerBound, to: replicates.upperBound, by: Self.tileSize)
    let tiles = starts.map { $0..<min($0 + Self.tileSize, replicates.upperBound) }
    let tilesPerTask = min(max(1, 20_000 / tileCost), max(1, tiles.count / max(4 * jobs, 1)))
    let batches = stride(from: 0, to: tiles.count, by: tilesPerTask).map {
      Array(tiles[$0..<min($0 + tilesPerTask, tiles.count)])
    }
    let results = try await concurrentMap(batches, jobs: jobs) { batch in
      try batch.map { tile in
        try Task.checkCancellation()
        let rows = draw(tile)
        progress?(tile.count)
        return rows
      }
    }
    let rowCount = replicates.count
    return { valueCount in
      var matrix = DenseMatrix(rows: rowCount, columns: valueCount)
      var row = 0
      for values in results.joined() {
        let count = valueCount > 0 ? values.count / valueCount : 0
        for value in 0..<valueCount {
          for offset in 0..<count {
            matrix[row + offset, value] = values[offset * valueCount + value]
          }
        }
        row += count
      }
      return matrix
    }
  }
}

/// The estimates of one tile of replicates.
private struct TileDraw {
  let blocks: BlockTotals
  let scheme: Bootstrap.Scheme
  let seed: UInt64
  let replicates: Range<Int>

  /// The estimates of a statistic that needs sums only, block of units after block.
  mutating func estimates(of statistic: some SummedStatistic) -> [Double] {
    let bitCount = statistic.bitColumns.columnCount
    let valueCount = statistic.valueColumnCount
    var bitSums = WeightedSums(replicates: replicates, columnCount: bitCount)
    var sums = DenseMatrix(rows: bitCount + valueCount, columns: replicates.count)
    var weights = UnitWeights(
      blocks: blocks, scheme: scheme, seed: seed, replicates: replicates)
    for block in blocks.blocks.indices {
      weights.draw(block: block)
      let columns = statistic.valueColumns(units: blocks.papers(ofBlock: block))
      if let counts = weights.counts {
        bitSums.add(counts, columns: statistic.bitColumns)
        if valueCount > 0 { addProducts(weights.asDoubles(), columns, below: bitCount, to: &sums) }
      } else {
        let bits = statistic.bitColumns.asDoubles(rows: blocks.papers(ofBlock: block))
        let drawn = weights.asDoubles()
        addProducts(drawn, bits, below: 0, to: &sums)
        addProducts(drawn, columns, below: bitCount, to: &sums)
      }
    }
    if scheme != .bayesian {
      for position in 0..<replicates.count {
        for column in 0..<bitCount {
          sums[column, position] = Double(bitSums.values[position * bitCount + column])
        }
      }
    }
    return rows(valueCount: statistic.valueCount) { position, values in
      let start = position * sums.rows
      statistic.estimate(
        sums: sums.elements.span.extracting(start..<start + sums.rows), into: &values)
    }
  }

  /// The estimates of a statistic that needs all unit weights, replicate after replicate.
  mutating func estimates(of statistic: some Statistic) -> [Double] {
    var result: [Double] = []
    for replicate in replicates {
      var weights = UnitWeights(
        blocks: blocks, scheme: scheme, seed: seed, replicates: replicate..<replicate + 1)
      var all: [Double] = []
      all.reserveCapacity(statistic.unitCount)
      for block in blocks.blocks.indices {
        weights.draw(block: block)
        all += weights.asDoubles().elements
      }
      result += rows(count: 1, valueCount: statistic.valueCount) { _, values in
        statistic.estimate(weights: all.span, into: &values)
      }
    }
    return result
  }

  /// Adds `columns' · weights` to the rows of `sums` below `firstRow`.
  private func addProducts(
    _ weights: DenseMatrix, _ columns: DenseMatrix, below firstRow: Int, to sums: inout DenseMatrix
  ) {
    guard columns.columns > 0, columns.rows > 0 else { return }
    let sumRows = sums.rows
    sums.elements.withUnsafeMutableBufferPointer { target in
      guard let base = target.baseAddress else { return }
      cblas_dgemm(
        CblasColMajor, CblasTrans, CblasNoTrans, Int32(columns.columns), Int32(weights.columns),
        Int32(columns.rows), 1, columns.elements, Int32(columns.rows), weights.elements,
        Int32(weights.rows), 1, base + firstRow, Int32(sumRows))
    }
  }

  /// Collects one row of values for each replicate.
  private func rows(
    count: Int? = nil, valueCount: Int,
    estimate: (_ position: Int, _ values: inout MutableSpan<Double>) -> Void
  ) -> [Double] {
    let count = count ?? replicates.count
    var rows: [Double] = []
    rows.reserveCapacity(count * valueCount)
    var values = [Double](repeating: .nan, count: valueCount)
    for position in 0..<count {
      var span = values.mutableSpan
      estimate(position, &span)
      rows += values
    }
    return rows
  }
}
