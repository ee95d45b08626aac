import Testing

@testable import SurveyStats

@Suite struct BitColumnsDigitsTests {
  @Test func `digits add up to the counts`() {
    let counts = [0, 1, 2, 5, 255, 256, 77]
    let digits = BitColumns(digitsOf: counts)
    #expect(digits.columnCount == 9 && digits.rowCount == 7)
    for (row, count) in counts.enumerated() {
      let total = (0..<9).reduce(0) { $0 + (digits[row, $1] ? 1 << $1 : 0) }
      #expect(total == count)
    }
    #expect(BitColumns(digitsOf: [0, 0]).columnCount == 0)
    #expect(BitColumns(digitsOf: []).columnCount == 0)
  }
}
