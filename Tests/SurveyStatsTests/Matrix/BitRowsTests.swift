import Testing

@testable import SurveyStats

@Suite struct BitRowsTests {
  @Test(arguments: [(1, 1), (63, 65), (64, 64), (200, 130), (513, 7), (0, 3)])
  func `drawn rows have the columns of the selection`(rowCount: Int, columnCount: Int) {
    var random = RandomStream(seed: UInt64(rowCount))
    var columns = BitColumns(rowCount: rowCount, columnCount: columnCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount where random.uniform() < 0.4 { columns[row, column] = true }
    }
    let rows = rowCount == 0 ? [] : (0..<rowCount + 17).map { _ in random.index(below: rowCount) }
    #expect(BitRows(columns).columns(rows: rows) == columns.selecting(rows: rows))
    let all = Array(0..<rowCount)
    #expect(BitRows(columns).columns(rows: all) == columns)
  }
}
