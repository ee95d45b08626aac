/// Draws replicates of a statistic: each replicate counts every unit as often as it was drawn.
///
/// Replicate b depends on the seed and on b alone (see ``RandomStream``), so that results are the
/// same for any number of jobs, in any order, and when a run is split. Within a stratum of n units the
/// weights of a replicate are
///
/// * multinomial: how often each unit occurs among n draws with replacement (Efron 1979);
/// * poisson: independent Poisson counts of mean 1;
/// * bayesian: n times a draw from the flat Dirichlet distribution (Rubin 1981).
///
/// Replicates of strata with few units spread too little, by the factor (n − 1)/n of their variance; a
/// stratum with a single unit never varies.
///
/// Memory is that of a few tiles of 64 replicates × 4,096 units for each job plus the replicate
/// values; it has no replicates × units term. Cost: replicates × units × columns for a summed
/// statistic.
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
    let batches = batches()
    let (scheme, seed) = (scheme, seed)
    var matrix = DenseMatrix(rows: replicates.count, columns: statistic.valueCount)
    let first = replicates.lowerBound
    try await concurrentForEach(batches, jobs: jobs) { tiles in
      let draw = ReplicateDraw(blocks: blocks, scheme: scheme, seed: seed, tiles: tiles)
      if let summed = statistic as? any SummedStatistic {
        return try draw.estimates(of: summed, progress: progress)
      }
      if let sparse = statistic as? any EntryStatistic, sparse.isSummedInLanes {
        return try draw.estimates(of: sparse, progress: progress)
      }
      return try draw.estimates(of: statistic, progress: progress)
    } receive: { batch, values in
      guard let start = batches[batch].first else { return }
      switch values {
      case .rows(let values): matrix.setRows(from: start.lowerBound - first, rowMajor: values)
      case .columns(let values, let stride):
        let end = batches[batch].last?.upperBound ?? start.upperBound
        matrix.setRows(
          start.lowerBound - first..<end - first, columnMajor: values, stride: stride)
      }
    }
    return BootstrapSample(original: statistic.original(), replicates: matrix)
  }

  /// The greatest number of replicates that are drawn together.
  static let tileSize = 64

  /// The replicates in tiles that end at multiples of the tile size, and the tiles in the batches that
  /// tasks work on.
  ///
  /// A batch has up to 16 tiles, which share the work of laying out the columns of a block, and there
  /// are at least eight batches a job where there are as many tiles.
  private func batches() -> [[Range<Int>]] {
    var tiles: [Range<Int>] = []
    var first = replicates.lowerBound
    while first < replicates.upperBound {
      let end = min((first / Self.tileSize + 1) * Self.tileSize, replicates.upperBound)
      tiles.append(first..<end)
      first = end
    }
    let size = min(max(1, tiles.count / (8 * max(1, jobs))), 16)
    return stride(from: 0, to: tiles.count, by: size).map {
      Array(tiles[$0..<min($0 + size, tiles.count)])
    }
  }
}

extension DenseMatrix {
  /// Sets a range of rows to values that are given column after column, `stride` apart.
  fileprivate mutating func setRows(_ range: Range<Int>, columnMajor values: [Double], stride: Int)
  {
    let (rows, columns) = (rows, columns)
    precondition(range.lowerBound >= 0 && range.upperBound <= rows && range.count <= stride)
    precondition(values.count >= stride * columns)
    unsafe elements.withUnsafeMutableBufferPointer { elements in
      unsafe values.withUnsafeBufferPointer { values in
        guard let target = elements.baseAddress, let source = values.baseAddress else { return }
        for column in 0..<columns {
          unsafe (target + column * rows + range.lowerBound)
            .update(from: source + column * stride, count: range.count)
        }
      }
    }
  }

  /// Sets successive rows to values that are given row after row, 32 rows at a time so that they
  /// stay in the cache.
  fileprivate mutating func setRows(from first: Int, rowMajor values: [Double]) {
    guard columns > 0 else { return }
    let (rows, columns, count) = (rows, columns, values.count / columns)
    precondition(first + count <= rows)
    unsafe elements.withUnsafeMutableBufferPointer { elements in
      unsafe values.withUnsafeBufferPointer { values in
        for start in stride(from: 0, to: count, by: 32) {
          for column in 0..<columns {
            let target = column * rows + first
            for row in start..<min(start + 32, count) {
              unsafe elements[target + row] = unsafe values[row * columns + column]
            }
          }
        }
      }
    }
  }
}
