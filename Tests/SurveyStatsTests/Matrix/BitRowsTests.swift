import Testing

@testable import SurveyStats

@Suite struct BitRowsTests {
  /// Columns of random bits.
  private static func columns(_ rowCount: Int, _ columnCount: Int) -> BitColumns {
    var random = RandomStream(seed: UInt64(rowCount))
    var columns = BitColumns(rowCount: rowCount, columnCount: columnCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount where random.uniform() < 0.4 { columns[row, column] = true }
    }
    return columns
  }

  @Test(
    arguments: KernelPath.available,
    [
      (1, 1, 1), (63, 65, 63), (64, 64, 64), (200, 130, 1_025), (513, 7, 512), (100, 33, 2_050),
      (0, 3, 0), (5, 8, 0), (300, 129, 1_024), (9, 0, 4),
    ])
  func `pairs of columns share the drawn rows with both bits`(
    path: KernelPath, shape: (rows: Int, columns: Int, drawn: Int)
  ) {
    let columns = Self.columns(shape.rows, shape.columns)
    var random = RandomStream(seed: 2, stream: UInt64(shape.drawn))
    let drawn = (0..<shape.drawn).map { _ in random.index(below: shape.rows) }
    let selected = columns.selecting(rows: drawn)
    BitRows(columns).withPairCounts(drawn: drawn.map(UInt32.init), path: path) { counts in
      for i in 0..<shape.columns {
        for j in 0..<shape.columns {
          let shared = (0..<selected.wordsPerColumn).reduce(0) { sum, word in
            sum
              + (selected.words[i * selected.wordsPerColumn + word]
              & selected.words[j * selected.wordsPerColumn + word]).nonzeroBitCount
          }
          #expect(Int(counts[i, j]) == shared)
        }
      }
    }
  }

  @Test(arguments: KernelPath.available, [2, 7, 8, 9, 65])
  func `phi is that of the textbook`(path: KernelPath, itemCount: Int) {
    let applies = Self.columns(90, itemCount)
    var yes = Self.columns(91, itemCount).selecting(rows: Array(0..<90))
    for row in 0..<90 {
      for item in 0..<itemCount where !applies[row, item] { yes[row, item] = false }
    }
    let drawn = (0..<90).map { ($0 * 7) % 60 }
    let pairs = PairwiseAssociations.indices(count: itemCount, isSymmetric: true)
    var found = [Double](repeating: 7, count: pairs.count)
    var values = found.mutableSpan
    BitRows(yes.appending(applies)).withPairCounts(drawn: drawn.map(UInt32.init), path: path) {
      $0.phi(itemCount: itemCount, into: &values)
    }
    for (pair, phi) in zip(pairs, found) {
      let both = drawn.filter { applies[$0, pair.first] && applies[$0, pair.second] }
      func count(_ first: Bool, _ second: Bool) -> Double {
        Double(both.count { yes[$0, pair.first] == first && yes[$0, pair.second] == second })
      }
      let (a, b, c, d) = (
        count(true, true), count(true, false), count(false, true), count(false, false)
      )
      let margins = (a + b) * (c + d) * (a + c) * (b + d)
      let expected = margins > 0 ? (a * d - b * c) / margins.squareRoot() : .nan
      #expect(expected.isNaN ? phi.isNaN : abs(phi - expected) < 1e-14)
    }
  }

  @Test(arguments: KernelPath.available, [1, 2, 3, 7, 8, 9, 24, 65])
  func `phi of drawn rows is that of their tables`(path: KernelPath, itemCount: Int) {
    let applies = Self.columns(150, itemCount)
    var yes = BitColumns(rowCount: 150, columnCount: itemCount)
    var random = RandomStream(seed: 3)
    for row in 0..<150 {
      for item in 0..<itemCount where applies[row, item] {
        // The last items are constant, or nearly.
        yes[row, item] = random.uniform() < (item + 2 < itemCount ? 0.5 : 0.01)
      }
    }
    let pairs = PairwiseAssociations.indices(count: itemCount, isSymmetric: true)
    for count in [0, 1, 9, 150] {
      let drawn = (0..<count).map { _ in random.index(below: 150) }
      let tables = PairTables(
        yes: yes.selecting(rows: drawn), applies: applies.selecting(rows: drawn))
      let expected = tables.estimates(.phi, of: pairs, zeroCells: .none)
      var found = [Double](repeating: 7, count: pairs.count)
      var values = found.mutableSpan
      BitRows(yes.appending(applies)).withPairCounts(drawn: drawn.map(UInt32.init), path: path) {
        $0.phi(itemCount: itemCount, into: &values)
      }
      #expect(
        zip(found, expected).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }, "\(count) rows")
    }
  }
}
