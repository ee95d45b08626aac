/// The distinct rows of a design, with the pattern of every row.
///
/// Papers with equal covariates (and equal offset) contribute to a binomial likelihood only through
/// their number and their number of successes, so that a fit costs O(patterns), not O(papers).
/// Patterns are numbered in order of first appearance. Cost of the grouping: O(rows × columns).
struct CovariatePatterns: Sendable {
  /// One row a pattern.
  let values: DenseMatrix
  /// The offset of each pattern.
  let offset: [Double]
  /// The pattern of each row of the design.
  let patternOfRow: [Int]

  /// The number of patterns.
  var count: Int { values.rows }

  init(_ matrix: DenseMatrix, offset: [Double]? = nil) {
    let hashes = Self.rowHashes(matrix, offset: offset)
    var capacity = 16
    while capacity < 2 * matrix.rows { capacity *= 2 }
    var slots = [Int32](repeating: -1, count: capacity)
    var representatives: [Int] = []
    var patternOfRow = [Int](repeating: 0, count: matrix.rows)
    for row in 0..<matrix.rows {
      var slot = Int(truncatingIfNeeded: hashes[row] >> 20) & (capacity - 1)
      while true {
        let pattern = Int(slots[slot])
        if pattern < 0 {
          slots[slot] = Int32(representatives.count)
          patternOfRow[row] = representatives.count
          representatives.append(row)
          break
        }
        if Self.areEqual(row, representatives[pattern], in: matrix, offset: offset) {
          patternOfRow[row] = pattern
          break
        }
        slot = (slot + 1) & (capacity - 1)
      }
    }
    self.patternOfRow = patternOfRow
    values = matrix.selecting(rows: representatives, columns: Array(0..<matrix.columns))
    self.offset = representatives.map { offset?[$0] ?? 0 }
  }

  /// The weighted numbers of successes and of trials of each pattern, and the numbers of papers.
  struct Totals {
    var successes: [Double]
    var trials: [Double]
    var paperCount = 0
    var eventCount = 0
  }

  /// Adds up an outcome over the papers of the rows; papers without it or with weight zero are left
  /// out.
  func totals(of outcome: [Bool?], papers: [Int], weights: [Double]?) -> Totals {
    var totals = Totals(
      successes: [Double](repeating: 0, count: count),
      trials: [Double](repeating: 0, count: count))
    if let weights {
      for (row, pattern) in patternOfRow.enumerated() {
        guard let answer = outcome[papers[row]], weights[row] != 0 else { continue }
        totals.paperCount += 1
        totals.trials[pattern] += weights[row]
        if answer {
          totals.eventCount += 1
          totals.successes[pattern] += weights[row]
        }
      }
      return totals
    }
    // Counts of no, yes and neither, one row a pattern: no branch depends on the answers.
    var counts = [Int32](repeating: 0, count: 4 * count)
    counts.withUnsafeMutableBufferPointer { counts in
      outcome.withUnsafeBufferPointer { outcome in
        for (row, pattern) in patternOfRow.enumerated() {
          let answer = outcome[papers[row]]
          let kind = answer == nil ? 2 : answer == true ? 1 : 0
          counts[4 &* pattern &+ kind] &+= 1
        }
      }
    }
    for pattern in 0..<count {
      let yes = Int(counts[4 * pattern + 1])
      let all = yes + Int(counts[4 * pattern])
      totals.successes[pattern] = Double(yes)
      totals.trials[pattern] = Double(all)
      totals.eventCount += yes
      totals.paperCount += all
    }
    return totals
  }

  private static func rowHashes(_ matrix: DenseMatrix, offset: [Double]?) -> [UInt64] {
    var hashes = [UInt64](repeating: 0x9E37_79B9_7F4A_7C15, count: matrix.rows)
    func mix(_ value: Double, into hash: inout UInt64) {
      hash = (hash ^ (value + 0).bitPattern) &* 0xBF58_476D_1CE4_E5B9
      hash ^= hash >> 29
    }
    for column in 0..<matrix.columns {
      let start = column * matrix.rows
      for row in 0..<matrix.rows { mix(matrix.elements[start + row], into: &hashes[row]) }
    }
    if let offset { for row in 0..<matrix.rows { mix(offset[row], into: &hashes[row]) } }
    return hashes.map { $0 &* 0x94D0_49BB_1331_11EB }
  }

  private static func areEqual(
    _ row: Int, _ other: Int, in matrix: DenseMatrix, offset: [Double]?
  ) -> Bool {
    for column in 0..<matrix.columns where matrix[row, column] != matrix[other, column] {
      return false
    }
    return offset.map { $0[row] == $0[other] } ?? true
  }
}
