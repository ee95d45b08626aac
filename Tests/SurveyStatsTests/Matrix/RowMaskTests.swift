import Testing

@testable import SurveyStats

@Suite struct RowMaskTests {
  @Test(arguments: [0, 1, 63, 64, 65, 200]) func `rows are found as one by one`(rowCount: Int) {
    var random = RandomStream(seed: 5, stream: UInt64(rowCount))
    var (upper, lower) = (
      BitColumns(rowCount: rowCount, columnCount: 3), BitColumns(rowCount: rowCount, columnCount: 3)
    )
    for row in 0..<rowCount {
      for column in 0..<3 where random.next() % 4 > 0 {
        lower[row, column] = true
        upper[row, column] = random.next() % 2 == 0
      }
    }
    let rows = (0..<rowCount).filter { _ in random.next() % 3 > 0 }
    let mask = RowMask(rows.reversed() + rows, of: rowCount)
    for column in 0..<3 {
      #expect(mask.count(lower, column: column) == rows.count { lower[$0, column] })
      var totals = [Double](repeating: 1, count: rowCount)
      mask.add(
        0.25, whereSet: upper, otherwise: -3, whereSet: lower, column: column, to: &totals)
      mask.add(10, whereSet: lower, column: column, to: &totals)
      for row in 0..<rowCount {
        let isIn = rows.contains(row) && lower[row, column]
        #expect(totals[row] == 1 + (isIn ? (upper[row, column] ? 0.25 : -3) + 10 : 0))
      }
    }
    #expect(
      mask.rows(of: lower, columns: [0, 2]) == rows.filter { lower[$0, 0] || lower[$0, 2] })
  }
}
