/// The weights of the units of one block at a time, for the replicates of one tile at a time.
struct UnitWeights {
  private let blocks: BlockTotals
  private let scheme: Bootstrap.Scheme
  private let seed: UInt64
  private let tiles: [Range<Int>]
  /// The totals of all pieces for each tile: counts for the multinomial scheme, real for the
  /// Bayesian.
  private let countTotals: [[UInt32]]
  private let realTotals: [[Double]]
  private var drawn: MultinomialCounts
  private var real = DenseMatrix(rows: 0, columns: 0)
  /// The replicates last drawn.
  private var replicates = 0..<0

  /// Prepares the totals of all blocks for runs of replicates.
  init(blocks: BlockTotals, scheme: Bootstrap.Scheme, seed: UInt64, tiles: [Range<Int>]) {
    self.blocks = blocks
    self.scheme = scheme
    self.seed = seed
    self.tiles = tiles
    let capacity = tiles.map(\.count).max() ?? 0
    drawn = MultinomialCounts(capacity: scheme == .bayesian ? 0 : capacity)
    countTotals =
      scheme == .multinomial ? tiles.map { blocks.totals(seed: seed, replicates: $0) } : []
    realTotals =
      scheme == .bayesian
      ? tiles.map { Self.dirichletTotals(blocks, seed: seed, replicates: $0) } : []
  }

  /// Draws the weights of a block for a tile.
  mutating func draw(block: Int, tile: Int) {
    replicates = tiles[tile]
    switch scheme {
    case .multinomial:
      drawn.draw(
        block: block, of: blocks, replicates: replicates, totals: countTotals[tile], seed: seed)
    case .poisson:
      drawn.drawPoisson(block: block, of: blocks, replicates: replicates, seed: seed)
    case .bayesian:
      drawDirichlet(block: block, totals: realTotals[tile])
    }
  }

  /// The counts of the block, unless weights are real.
  var counts: MultinomialCounts? { scheme == .bayesian ? nil : drawn }

  /// The weights of the block when they are real: one row a unit, one column a replicate.
  var realWeights: DenseMatrix { real }

  /// The weights of the block: one row a unit, one column a place in the tile, zero where the tile
  /// has no replicate.
  func asDoubles() -> DenseMatrix {
    let unitCount = scheme == .bayesian ? real.rows : drawn.paperCount
    var matrix = DenseMatrix(rows: unitCount, columns: Bootstrap.tileSize)
    for (position, replicate) in replicates.enumerated() {
      let start = replicate % Bootstrap.tileSize * unitCount
      copy(position, to: &matrix.elements, from: start)
    }
    return matrix
  }

  /// Copies the weights of a tile of one replicate to an array, the first unit of the block to `start`.
  func copy(to array: inout [Double], from start: Int) { copy(0, to: &array, from: start) }

  private func copy(_ position: Int, to array: inout [Double], from start: Int) {
    if scheme == .bayesian {
      array.replaceSubrange(start..<start + real.rows, with: real.column(position))
    } else {
      // Spans, so that neither array is checked for other owners at each unit.
      let first = position * drawn.stride
      let counts = drawn.counts.span.extracting(first..<first + drawn.paperCount)
      var target = array.mutableSpan
      for unit in counts.indices { target[start + unit] = Double(counts[unit]) }
    }
  }

  /// The total weight of each piece, replicate after replicate: Dirichlet over the pieces of a
  /// stratum, from gamma numbers whose shapes are the sizes of the pieces.
  private static func dirichletTotals(
    _ blocks: BlockTotals, seed: UInt64, replicates: Range<Int>
  ) -> [Double] {
    var totals: [Double] = []
    for replicate in replicates {
      var stream = RandomStream(seed: seed, stream: UInt64(replicate), substream: .max)
      var gammas = blocks.pieces.map { stream.gamma(shape: Double($0.papers.count)) }
      var stratumTotals = [Double](repeating: 0, count: blocks.stratumSizes.count)
      for (piece, gamma) in zip(blocks.pieces, gammas) { stratumTotals[piece.stratum] += gamma }
      for (index, piece) in blocks.pieces.enumerated() {
        gammas[index] *=
          Double(blocks.stratumSizes[piece.stratum]) / stratumTotals[piece.stratum]
      }
      totals += gammas
    }
    return totals
  }

  /// Spreads the total of each piece over its units by exponential numbers.
  private mutating func drawDirichlet(block: Int, totals: [Double]) {
    let units = blocks.papers(ofBlock: block)
    real = DenseMatrix(rows: units.count, columns: replicates.count)
    for (position, replicate) in replicates.enumerated() {
      var stream = RandomStream(
        seed: seed, stream: UInt64(replicate), substream: UInt64(block))
      for piece in blocks.blocks[block] {
        let rows = blocks.pieces[piece].papers
        let numbers = rows.map { _ in stream.exponential() }
        let scale = totals[position * blocks.pieces.count + piece] / numbers.reduce(0, +)
        for (offset, number) in numbers.enumerated() {
          real[rows.lowerBound - units.lowerBound + offset, position] = number * scale
        }
      }
    }
  }
}

extension MultinomialCounts {
  /// Draws independent Poisson counts of mean 1 for a block.
  mutating func drawPoisson(
    block: Int, of blocks: BlockTotals, replicates: Range<Int>, seed: UInt64
  ) {
    let size = blocks.papers(ofBlock: block).count
    fill(block: block, paperCount: size, replicates: replicates) { replicate in
      var stream = RandomStream(
        seed: seed, stream: UInt64(replicate), substream: UInt64(block))
      return (0..<size).map { _ in UInt8(clamping: stream.poisson(mean: 1)) }
    }
  }
}
