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

  /// The weighted numbers of successes and of trials of each pattern.
  func totals(outcome: [Bool?], weights: [Double]?) -> (successes: [Double], trials: [Double]) {
    var successes = [Double](repeating: 0, count: count)
    var trials = successes
    for (row, pattern) in patternOfRow.enumerated() {
      guard let answer = outcome[row] else { continue }
      let weight = weights?[row] ?? 1
      trials[pattern] += weight
      if answer { successes[pattern] += weight }
    }
    return (successes, trials)
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
