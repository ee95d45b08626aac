import CKernels
import Testing

@testable import SurveyStats

@Suite struct TransposedBitsTests {
  @Test(arguments: [
    (1, 1), (1, 130), (63, 64), (64, 63), (64, 64), (65, 65), (129, 127), (300, 2), (0, 5), (5, 0),
  ]) func `bit r of column j is bit j of row r`(shape: (rows: Int, items: Int)) {
    let (rowCount, items) = shape
    let words = (items + 63) / 64
    let stride = (rowCount + 63) / 64 + 1
    var random = RandomStream(seed: 43, stream: UInt64(rowCount), substream: UInt64(items))
    // Whole words: bits beyond the items mean nothing.
    let rows = (0..<rowCount * words).map { _ in random.next() }
    var columns = [UInt64](repeating: .max, count: items * stride + 1)
    ck_transposed_bits(rows, rowCount, items, &columns, stride)
    for item in 0..<items {
      for row in 0..<(stride - 1) * 64 {
        let isSet = columns[item * stride + row / 64] >> UInt64(row % 64) & 1 == 1
        let expected =
          row < rowCount && rows[row * words + item / 64] >> UInt64(item % 64) & 1 == 1
        #expect(isSet == expected)
      }
      #expect(columns[item * stride + stride - 1] == .max)
    }
  }
}
