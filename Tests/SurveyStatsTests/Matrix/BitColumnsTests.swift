import SurveyStats
import Testing

@Suite struct BitColumnsTests {
  @Test(arguments: [0, 1, 63, 64, 65, 511, 512, 513]) func `selecting rows keeps their bits`(
    rowCount: Int
  ) {
    var columns = BitColumns(rowCount: rowCount, columnCount: 2)
    for row in 0..<rowCount where row % 3 == 0 { columns[row, 1] = true }
    let reversed = columns.selecting(rows: Array((0..<rowCount).reversed()))
    for row in 0..<rowCount { #expect(reversed[row, 1] == ((rowCount - 1 - row) % 3 == 0)) }
    #expect(columns.count(column: 0) == 0)
    #expect(columns.count(column: 1) == (rowCount + 2) / 3)
    #expect(columns.wordsPerColumn % 8 == 0)
  }
}
