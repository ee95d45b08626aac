import Testing

@testable import SurveyStats

@Suite struct CovariatePatternsTests {
  @Test(
    arguments: KernelPath.available,
    [(0, 1), (1, 1), (7, 2), (8, 3), (511, 4), (512, 11), (513, 5), (3_000, 2)])
  func `patterns are the distinct rows in order of appearance`(
    path: KernelPath, shape: (rows: Int, columns: Int)
  ) {
    for levels in [1, 3, 1_000_000] {
      for hasOffset in [false, true] {
        var random = RandomStream(seed: UInt64(shape.rows + levels))
        let elements = (0..<shape.rows * shape.columns).map { _ -> Double in
          let level = random.index(below: levels)
          return level == 0 && random.index(below: 2) == 0 ? -0.0 : Double(level)
        }
        let matrix = DenseMatrix(rows: shape.rows, columns: shape.columns, elements: elements)
        let offset = (0..<shape.rows).map { Double($0 % 2) }
        var known: [[Double]: Int] = [:]
        let expected = (0..<shape.rows).map { row -> Int in
          let key = matrix.row(row) + (hasOffset ? [offset[row]] : [])
          if known[key] == nil { known[key] = known.count }
          return known[key] ?? -1
        }
        let patterns = CovariatePatterns(matrix, offset: hasOffset ? offset : nil, path: path)
        #expect(patterns.patternOfRow == expected)
        #expect(patterns.count == known.count && patterns.offset.count == known.count)
        for row in 0..<shape.rows {
          #expect(patterns.values.row(expected[row]) == matrix.row(row))
          #expect(patterns.offset[expected[row]] == (hasOffset ? offset[row] : 0))
        }
      }
    }
  }

  @Test(arguments: KernelPath.available)
  func `columns that look like bits at first, and more than 64 of them, are told apart`(
    path: KernelPath
  ) {
    var random = RandomStream(seed: 4)
    var matrix = DenseMatrix(rows: 2_000, columns: 70)
    for column in 0..<70 where column % 9 == 0 {
      for row in 0..<2_000 { matrix[row, column] = Double(random.index(below: 2)) }
    }
    matrix[1_700, 3] = 2
    matrix[900, 68] = -1
    let patterns = CovariatePatterns(matrix, path: path)
    for row in 0..<2_000 {
      #expect(patterns.values.row(patterns.patternOfRow[row]) == matrix.row(row))
    }
    #expect(patterns.count == Set((0..<2_000).map(matrix.row)).count)
  }

  @Test(
    arguments: KernelPath.available,
    [(1, 2), (63, 3), (64, 16), (65, 17), (255, 33), (257, 65), (1_500, 130)])
  func `totals of all outcomes are those of each`(
    path: KernelPath, shape: (papers: Int, outcomes: Int)
  ) {
    for levels in [1, 3, 90] {
      var random = RandomStream(seed: UInt64(shape.papers + levels))
      let used = (0..<shape.papers).filter { levels != 3 || $0 % 7 != 2 }
      let matrix = DenseMatrix(
        rows: used.count, columns: 1,
        elements: used.map { _ in Double(random.index(below: levels)) })
      let patterns = CovariatePatterns(matrix)
      let outcomes = (0..<shape.outcomes).map { _ in
        (0..<shape.papers).map { _ in [true, false, nil][random.index(below: 3)] }
      }
      let together = patterns.totals(
        of: outcomes, papers: used, paperCount: shape.papers, path: path)
      #expect(together.count == outcomes.count)
      for (outcome, found) in zip(outcomes, together) {
        let alone = patterns.totals(of: outcome, papers: used, weights: nil)
        #expect(found.successes == alone.successes && found.trials == alone.trials)
        #expect(found.paperCount == alone.paperCount && found.eventCount == alone.eventCount)
      }
    }
  }
}
