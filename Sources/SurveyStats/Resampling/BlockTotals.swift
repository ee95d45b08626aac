/// How many papers of a resample fall in each block of papers.
///
/// The papers are cut in blocks of 4,096. Where strata are resampled apart, a block is further cut
/// in pieces, so that a piece belongs to one block and one stratum. Given the totals of its pieces,
/// the counts of a stratum are independent between pieces: together they are one exact multinomial
/// draw of the stratum's size over its papers.
package struct BlockTotals: Sendable, Equatable {
  /// The number of papers in a block; the last may have fewer.
  package static let blockSize = 4096

  /// A run of papers within one block and one stratum.
  package struct Piece: Sendable, Equatable {
    /// The stratum the papers belong to.
    package let stratum: Int
    /// The papers' rows.
    package let papers: Range<Int>
  }

  /// The number of papers in each stratum; strata follow one another in the rows.
  package let stratumSizes: [Int]
  /// All pieces in the order of their rows.
  package let pieces: [Piece]
  /// The pieces of each block, as ranges of `pieces`.
  package let blocks: [Range<Int>]

  /// Cuts strata of the given sizes, whose papers follow one another, in pieces.
  package init(stratumSizes: [Int]) {
    var pieces: [Piece] = []
    var blocks: [Range<Int>] = []
    var row = 0
    for (stratum, size) in stratumSizes.enumerated() {
      precondition(size >= 0)
      let end = row + size
      while row < end {
        if row % Self.blockSize == 0 { blocks.append(pieces.count..<pieces.count) }
        let pieceEnd = min(end, (row / Self.blockSize + 1) * Self.blockSize)
        pieces.append(Piece(stratum: stratum, papers: row..<pieceEnd))
        blocks[blocks.count - 1] = blocks[blocks.count - 1].lowerBound..<pieces.count
        row = pieceEnd
      }
    }
    self.stratumSizes = stratumSizes
    self.pieces = pieces
    self.blocks = blocks
  }

  /// The rows of a block.
  package func papers(ofBlock block: Int) -> Range<Int> {
    let range = blocks[block]
    return pieces[range.lowerBound].papers
      .lowerBound..<pieces[range.upperBound - 1].papers.upperBound
  }

  /// The totals of all pieces for the given replicates, replicate after replicate.
  ///
  /// Every stratum's total is its size. The totals of its pieces come from binomial draws, each
  /// conditional on those before it, on the stream (seed, replicate, 2^64 - 1).
  package func totals(seed: UInt64, replicates: Range<Int>) -> [UInt32] {
    var totals: [UInt32] = []
    totals.reserveCapacity(replicates.count * pieces.count)
    for replicate in replicates {
      var stream = RandomStream(seed: seed, stream: UInt64(replicate), substream: .max)
      var stratum = -1
      var papersLeft = 0
      var ballsLeft = 0
      for piece in pieces {
        if piece.stratum != stratum {
          stratum = piece.stratum
          papersLeft = stratumSizes[stratum]
          ballsLeft = papersLeft
        }
        let size = piece.papers.count
        let total =
          size == papersLeft
          ? ballsLeft
          : stream.binomial(trials: ballsLeft, probability: Double(size) / Double(papersLeft))
        totals.append(UInt32(total))
        papersLeft -= size
        ballsLeft -= total
      }
    }
    return totals
  }
}
