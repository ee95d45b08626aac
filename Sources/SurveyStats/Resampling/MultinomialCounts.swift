import CKernels

/// How often each paper of one block was drawn, for a run of replicates.
///
/// The storage is made once and drawn into again for every block and every run of replicates. The
/// counts of replicate `b` in block `k` come from the lanes of the stream (seed, b, k) and do not
/// depend on what else is drawn, nor on the kernel path.
package struct MultinomialCounts: Sendable {
  /// The largest number of replicates that can be drawn at a time.
  package let capacity: Int
  /// The distance between the counts of two replicates.
  package let stride = BlockTotals.blockSize
  /// The replicates last drawn.
  package private(set) var replicates = 0..<0
  /// The block last drawn.
  package private(set) var block = 0
  /// The number of papers in the block last drawn.
  package private(set) var paperCount = 0
  /// The counts, replicate after replicate, `stride` apart.
  package private(set) var counts: [UInt8]

  /// Creates storage for the given number of replicates at a time.
  package init(capacity: Int = 64) {
    self.capacity = capacity
    counts = [UInt8](repeating: 0, count: capacity * BlockTotals.blockSize)
  }

  /// Draws the counts of a block for the given replicates.
  ///
  /// - Parameter totals: what `blocks.totals(seed:replicates:)` gives for the same seed and
  ///   replicates.
  package mutating func draw(
    block: Int, of blocks: BlockTotals, replicates: Range<Int>, totals: [UInt32], seed: UInt64,
    path: KernelPath = .best
  ) {
    let pieceCount = blocks.pieces.count
    precondition(replicates.count <= capacity && totals.count == replicates.count * pieceCount)
    self.replicates = replicates
    self.block = block
    paperCount = blocks.papers(ofBlock: block).count
    let pieces = blocks.blocks[block]
    let sizes = blocks.pieces[pieces].map { UInt32($0.papers.count) }
    let stride = stride
    unsafe counts.withUnsafeMutableBufferPointer { counts in
      unsafe totals.withUnsafeBufferPointer { totals in
        guard let counts = counts.baseAddress, let totals = totals.baseAddress else { return }
        for (position, replicate) in replicates.enumerated() {
          unsafe ck_multinomial_counts(
            path.rawValue, seed, UInt64(replicate), UInt64(block), sizes.count, sizes,
            totals + position * pieceCount + pieces.lowerBound, counts + position * stride)
        }
      }
    }
  }

  /// How often a paper of the block, counted from its first, was drawn in a replicate.
  package subscript(replicate: Int, paper: Int) -> Int {
    precondition(replicates.contains(replicate) && paper >= 0 && paper < paperCount)
    return Int(counts[(replicate - replicates.lowerBound) * stride + paper])
  }

  /// Sets the counts of a block by a function of the replicate.
  package mutating func fill(
    block: Int, paperCount: Int, replicates: Range<Int>, row: (_ replicate: Int) -> [UInt8]
  ) {
    precondition(replicates.count <= capacity && paperCount <= stride)
    self.replicates = replicates
    self.block = block
    self.paperCount = paperCount
    for (position, replicate) in replicates.enumerated() {
      let start = position * stride
      counts.replaceSubrange(start..<start + paperCount, with: row(replicate))
    }
  }
}
