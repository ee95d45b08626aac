/// The distinct rows of answers of a matrix, with the number of papers that gave each.
struct AnswerPatterns: Sendable, Equatable {
  /// One block of patterns, one row a pattern and one column an item.
  struct Block: Sendable, Equatable {
    /// One where the answer is yes.
    let yes: DenseMatrix
    /// One where the item applies.
    let applies: DenseMatrix
    /// The number of papers of each pattern.
    let counts: [Double]
  }

  /// The patterns, at most 2,048 a block, in the order in which papers show them first.
  let blocks: [Block]
  /// The pattern of each paper; `nil` for a paper to which no item applies.
  let patternOfPaper: [Int?]
  /// The number of items.
  let itemCount: Int

  /// The number of papers with an answer.
  var paperCount: Int { patternOfPaper.count { $0 != nil } }

  /// The number of papers to which each item applies.
  var applicablePapers: [Int] {
    (0..<itemCount).map { item in
      Int(
        blocks.reduce(0) { sum, block in
          sum + zip(block.applies.column(item), block.counts).reduce(0) { $0 + $1.0 * $1.1 }
        })
    }
  }

  /// The number of items that apply in each pattern.
  var applicableItems: [Int] {
    blocks.flatMap { block in
      block.counts.indices.map { Int(block.applies.row($0).reduce(0, +)) }
    }
  }

  /// Collects the patterns of a matrix.
  init(_ matrix: BinaryMatrix) {
    itemCount = matrix.items.count
    let wordCount = (itemCount + 63) / 64
    var known: [[UInt64]: Int] = [:]
    var rows: [(paper: Int, count: Double)] = []
    var patternOfPaper: [Int?] = []
    for paper in matrix.papers.indices {
      var key = [UInt64](repeating: 0, count: 2 * wordCount)
      for item in 0..<itemCount where matrix.applies[paper, item] {
        key[item / 64] |= 1 << UInt64(item % 64)
        if matrix.yes[paper, item] { key[wordCount + item / 64] |= 1 << UInt64(item % 64) }
      }
      guard key.prefix(wordCount).contains(where: { $0 != 0 }) else {
        patternOfPaper.append(nil)
        continue
      }
      let pattern = known[key] ?? rows.count
      if pattern == rows.count {
        known[key] = pattern
        rows.append((paper, 0))
      }
      rows[pattern].count += 1
      patternOfPaper.append(pattern)
    }
    self.patternOfPaper = patternOfPaper
    let (blockSize, itemCount) = (2_048, itemCount)
    blocks = stride(from: 0, to: rows.count, by: blockSize).map { first in
      let part = rows[first..<min(first + blockSize, rows.count)]
      var yes = DenseMatrix(rows: part.count, columns: itemCount)
      var applies = yes
      for item in 0..<itemCount {
        for (row, source) in part.enumerated() where matrix.applies[source.paper, item] {
          applies[row, item] = 1
          if matrix.yes[source.paper, item] { yes[row, item] = 1 }
        }
      }
      return Block(yes: yes, applies: applies, counts: part.map(\.count))
    }
  }
}
