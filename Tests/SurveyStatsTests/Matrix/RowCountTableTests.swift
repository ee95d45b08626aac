import CKernels
import Testing

@testable import SurveyStats

@Suite struct RowCountTableTests {
  static func bits(rows: Int, columns: Int, seed: UInt64) -> BitColumns {
    var random = RandomStream(seed: seed, stream: UInt64(rows), substream: UInt64(columns))
    var bits = BitColumns(rowCount: rows, columnCount: columns)
    for column in 0..<columns {
      for row in 0..<rows where random.index(below: 3) < 2 { bits[row, column] = true }
    }
    return bits
  }

  @Test(
    arguments: KernelPath.available,
    [
      (0, 3), (1, 1), (63, 2), (64, 5), (65, 14), (511, 15), (513, 16), (1_000, 65), (4_095, 9),
      (4_097, 255), (700, 300),
    ])
  func `the table counts every row once`(
    path: KernelPath, shape: (rows: Int, columns: Int)
  ) {
    let first = Self.bits(rows: shape.rows, columns: shape.columns, seed: 1)
    let second = Self.bits(rows: shape.rows, columns: shape.columns, seed: 2)
    for columns in [Array(0..<shape.columns), [shape.columns - 1], []] {
      var expected = [Int](repeating: 0, count: (columns.count + 1) * (columns.count + 1))
      for row in 0..<shape.rows {
        let k = columns.count { first[row, $0] }
        let m = columns.count { second[row, $0] }
        expected[k * (columns.count + 1) + m] += 1
      }
      #expect(first.rowCountTable(columns: columns, with: second, path: path) == expected)
    }
  }

  @Test(arguments: KernelPath.available, [0, 1, 3, 7, 8, 9, 63, 64, 65, 500])
  func `every path counts the bits of words`(path: KernelPath, count: Int) {
    var random = RandomStream(seed: 4, stream: UInt64(count))
    let words = (0..<count).map { $0 % 5 == 0 ? UInt64.max : random.next() }
    let bits = words.reduce(0) { sum, word in sum + (0..<64).count { word >> UInt64($0) & 1 == 1 } }
    #expect(ck_count_bits(path.rawValue, words, count) == UInt64(bits))
  }

  @Test(arguments: [0, 1, 64, 513, 4_097]) func `bits are counted one by one and together`(
    rows: Int
  ) {
    let bits = Self.bits(rows: rows, columns: 4, seed: 3)
    for column in 0..<4 {
      #expect(bits.count(column: column) == (0..<rows).count { bits[$0, column] })
    }
    #expect(bits.anyCount(columns: []) == 0)
    #expect(
      bits.anyCount(columns: [1, 3]) == (0..<rows).count { bits[$0, 1] || bits[$0, 3] })
  }
}
