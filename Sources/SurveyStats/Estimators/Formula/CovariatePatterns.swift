import CKernels

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

  init(_ matrix: DenseMatrix, offset: [Double]? = nil, path: KernelPath = .best) {
    var representatives: [Int] = []
    patternOfRow = unsafe [Int](unsafeUninitializedCapacity: matrix.rows) {
      patterns, patternCount in
      patternCount = matrix.rows
      let size = ck_row_patterns_work(matrix.rows, matrix.columns)
      representatives = unsafe [Int](unsafeUninitializedCapacity: matrix.rows) { first, count in
        count = unsafe withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { work in
          unsafe ck_row_patterns(
            path.rawValue, matrix.elements, matrix.rows, matrix.columns, offset,
            patterns.baseAddress, first.baseAddress,
            work.bindMemory(to: Double.self).baseAddress)
        }
      }
    }
    values = matrix.selecting(rows: representatives, columns: Array(0..<matrix.columns))
    self.offset = representatives.map { offset?[$0] ?? 0 }
  }

  /// The weighted numbers of successes and of trials of each pattern, and the numbers of papers.
  struct Totals: Sendable {
    var successes: [Double] = []
    var trials: [Double] = []
    /// Instead of the numbers those of many patterns of a few papers each, as bytes.
    var small: (successes: [UInt8], trials: [UInt8])?
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
    unsafe counts.withUnsafeMutableBufferPointer { counts in
      unsafe outcome.withUnsafeBufferPointer { outcome in
        for (row, pattern) in patternOfRow.enumerated() {
          let answer = unsafe outcome[papers[row]]
          let kind = answer == nil ? 2 : answer == true ? 1 : 0
          unsafe counts[4 &* pattern &+ kind] &+= 1
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
}
