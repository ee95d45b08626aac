import CKernels
import SurveyStats
import Testing

@Suite struct PairCountsTests {
  @Test(arguments: KernelPath.available, [0, 1, 64, 65, 700])
  func `tables count the papers to which both items apply`(path: KernelPath, paperCount: Int) {
    var random = RandomStream(seed: 41, stream: UInt64(paperCount))
    let itemCount = 7
    let states: [Cell] = [.yes, .yes, .no, .notApplicable, .absent]
    let cells = (0..<paperCount * itemCount).map { _ in states[random.index(below: 5)] }
    var yes = BitColumns(rowCount: paperCount, columnCount: itemCount)
    var applies = yes
    for (index, cell) in cells.enumerated() {
      yes[index / itemCount, index % itemCount] = cell == .yes
      applies[index / itemCount, index % itemCount] = cell == .yes || cell == .no
    }
    let counts = PairCounts(yes: yes, applies: applies, path: path)
    for i in 0..<itemCount {
      for j in 0..<itemCount {
        var table = FourfoldTable(n11: 0, n10: 0, n01: 0, n00: 0)
        for paper in 0..<paperCount {
          switch (cells[paper * itemCount + i], cells[paper * itemCount + j]) {
          case (.yes, .yes): table.n11 += 1
          case (.yes, .no): table.n10 += 1
          case (.no, .yes): table.n01 += 1
          case (.no, .no): table.n00 += 1
          default: break
          }
        }
        #expect(counts[i, j] == table)
      }
    }
  }

  @Test(
    arguments: KernelPath.available,
    [
      (1, 1, 1), (3, 5, 7), (4, 4, 8), (5, 9, 9), (1, 130, 16), (13, 2, 125), (6, 7, 511),
      (2, 3, 513), (5, 5, 1100), (3, 0, 8), (0, 3, 8), (2, 2, 0),
    ])
  func `every path counts the shared bits`(path: KernelPath, shape: (a: Int, b: Int, words: Int)) {
    var random = RandomStream(seed: 42, stream: UInt64(shape.words))
    let a = (0..<shape.a * shape.words).map { _ in random.next() | random.next() }
    let b = (0..<shape.b * shape.words).map { _ in random.next() }
    func check(_ x: [UInt64], _ xColumns: Int, _ y: [UInt64], _ yColumns: Int) {
      var shared = [UInt32](repeating: 9, count: xColumns * yColumns)
      x.withUnsafeBufferPointer { xWords in
        y.withUnsafeBufferPointer { yWords in
          ck_pair_counts(
            path.rawValue, xWords.baseAddress, xColumns, yWords.baseAddress, yColumns, shape.words,
            &shared)
        }
      }
      for i in 0..<xColumns {
        for j in 0..<yColumns {
          let expected = (0..<shape.words).reduce(0) {
            $0 + (x[i * shape.words + $1] & y[j * shape.words + $1]).nonzeroBitCount
          }
          #expect(Int(shared[i * yColumns + j]) == expected)
        }
      }
    }
    check(a, shape.a, b, shape.b)
    check(a, shape.a, a, shape.a)
  }
}
