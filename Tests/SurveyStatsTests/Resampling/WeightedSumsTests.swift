import CKernels
import Testing

@testable import SurveyStats

@Suite struct WeightedSumsTests {
  /// Sums by their definition.
  static func sums(
    counts: [UInt8], stride: Int, replicates: Int, columns: BitColumns
  ) -> [UInt32] {
    (0..<replicates).flatMap { replicate in
      (0..<columns.columnCount).map { column in
        (0..<columns.rowCount).reduce(into: UInt32(0)) { sum, paper in
          if columns[paper, column] { sum += UInt32(counts[replicate * stride + paper]) }
        }
      }
    }
  }

  static func randomColumns(rowCount: Int, columnCount: Int, from random: inout RandomStream)
    -> BitColumns
  {
    var columns = BitColumns(rowCount: rowCount, columnCount: columnCount)
    for column in 0..<columnCount {
      for row in 0..<rowCount where random.next() >> 63 == 1 { columns[row, column] = true }
    }
    return columns
  }

  @Test(
    arguments: KernelPath.available,
    [
      (0, 3, 2), (1, 1, 1), (3, 15, 9), (63, 16, 7), (64, 17, 8), (65, 48, 9), (255, 49, 12),
      (511, 64, 3), (512, 47, 13), (513, 33, 8), (1000, 144, 5), (4095, 50, 3), (4096, 31, 4),
      (64, 2000, 1), (100, 1, 64), (5, 0, 3), (5, 3, 0),
    ]) func `every path gives the sums of the definition`(
      path: KernelPath, shape: (papers: Int, columns: Int, replicates: Int)
    )
  {
    let (papers, columnCount, replicates) = shape
    var random = RandomStream(seed: 31, stream: UInt64(papers), substream: UInt64(columnCount))
    let columns = Self.randomColumns(rowCount: papers, columnCount: columnCount, from: &random)
    // Whole bytes, to meet counts up to 255; a stride of exactly the papers, to meet bad reads.
    var counts = (0..<papers * replicates).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    if let first = counts.indices.first { counts[first] = 255 }
    var sums = [UInt32](repeating: 5, count: columnCount * replicates)
    columns.words.withUnsafeBufferPointer {
      ck_weighted_bit_sums(
        path.rawValue, counts, papers, replicates, $0.baseAddress, columns.wordsPerColumn,
        columnCount, papers, &sums)
    }
    let expected = Self.sums(
      counts: counts, stride: papers, replicates: replicates, columns: columns)
    #expect(sums == expected.map { $0 + 5 })
  }

  @Test(
    arguments: KernelPath.available,
    [
      (0, 3, 2), (1, 1, 1), (3, 15, 9), (65, 48, 9), (511, 64, 3), (513, 33, 8), (1000, 144, 5),
      (4096, 31, 4), (100, 3, 64), (5, 0, 3),
    ]) func `sums of numbers are those of their digits`(
      path: KernelPath, shape: (papers: Int, numbers: Int, replicates: Int)
    )
  {
    let (papers, numbers, replicates) = shape
    var random = RandomStream(seed: 33, stream: UInt64(papers), substream: UInt64(numbers))
    var starts = [0]
    for number in 0..<numbers { starts.append(starts[number] + Int(random.next() % 8)) }
    let columns = Self.randomColumns(
      rowCount: papers, columnCount: starts[numbers], from: &random)
    let counts = (0..<papers * replicates).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    var sums = [UInt32](repeating: 7, count: numbers * replicates)
    columns.words.withUnsafeBufferPointer {
      ck_weighted_digit_sums(
        path.rawValue, counts, papers, replicates, $0.baseAddress, columns.wordsPerColumn, starts,
        numbers, papers, &sums)
    }
    let digits = Self.sums(counts: counts, stride: papers, replicates: replicates, columns: columns)
    for replicate in 0..<replicates {
      for number in 0..<numbers {
        let expected = (starts[number]..<starts[number + 1]).reduce(UInt32(7)) {
          $0 + digits[replicate * columns.columnCount + $1] << UInt32($1 - starts[number])
        }
        #expect(sums[replicate * numbers + number] == expected)
      }
    }
  }

  @Test(arguments: KernelPath.available) func `the largest counts do not overflow`(
    path: KernelPath
  ) {
    let counts = [UInt8](repeating: 255, count: 9 * 4096)
    let words = [UInt64](repeating: .max, count: 17 * 64)
    var sums = [UInt32](repeating: 0, count: 9 * 17)
    ck_weighted_bit_sums(path.rawValue, counts, 4096, 9, words, 64, 17, 4096, &sums)
    #expect(sums.allSatisfy { $0 == 255 * 4096 })
    var numbers = [UInt32](repeating: 0, count: 9 * 3)
    ck_weighted_digit_sums(
      path.rawValue, counts, 4096, 9, words, 64, [0, 7, 14, 17], 3, 4096, &numbers)
    for replicate in 0..<9 {
      #expect(
        numbers[3 * replicate] == 255 * 4096 * 127 && numbers[3 * replicate + 2] == 255 * 4096 * 7)
    }
  }

  @Test(arguments: KernelPath.available) func `bits beyond the papers are ignored`(
    path: KernelPath
  ) {
    let counts = [UInt8](repeating: 1, count: 70)
    let words = [UInt64](repeating: .max, count: 3 * 2)
    var sums = [UInt32](repeating: 0, count: 3)
    ck_weighted_bit_sums(path.rawValue, counts, 70, 1, words, 2, 3, 66, &sums)
    #expect(sums == [66, 66, 66])
  }

  @Test(arguments: KernelPath.available, [4097, 9000]) func `blocks add up to a resample`(
    path: KernelPath, paperCount: Int
  ) {
    var random = RandomStream(seed: 32)
    let columns = Self.randomColumns(rowCount: paperCount, columnCount: 5, from: &random)
    let blocks = BlockTotals(stratumSizes: [paperCount / 3, paperCount - paperCount / 3])
    let replicates = 4..<14
    let totals = blocks.totals(seed: 2, replicates: replicates)
    var counts = MultinomialCounts()
    var sums = WeightedSums(replicates: replicates, columnCount: 5)
    var expected = [Int](repeating: 0, count: 50)
    for block in blocks.blocks.indices {
      counts.draw(
        block: block, of: blocks, replicates: replicates, totals: totals, seed: 2, path: path)
      sums.add(counts, columns: columns, path: path)
      let first = blocks.papers(ofBlock: block).lowerBound
      for replicate in replicates {
        for paper in 0..<counts.paperCount {
          for column in 0..<5 where columns[first + paper, column] {
            expected[(replicate - 4) * 5 + column] += counts[replicate, paper]
          }
        }
      }
    }
    for replicate in replicates {
      for column in 0..<5 {
        #expect(sums[replicate, column] == expected[(replicate - 4) * 5 + column])
      }
    }
  }

  @Test(
    arguments: KernelPath.available,
    [(1, 1), (7, 3), (8, 8), (9, 5), (16, 16), (17, 30), (64, 130), (3, 0), (0, 4)])
  func `quotients of a tile are those of its replicates`(
    path: KernelPath, shape: (replicates: Int, columns: Int)
  ) {
    var random = RandomStream(seed: 33, stream: UInt64(shape.columns))
    let columns = Self.randomColumns(rowCount: 3, columnCount: shape.columns, from: &random)
    var counts = MultinomialCounts()
    counts.fill(block: 0, paperCount: 3, replicates: 5..<5 + shape.replicates) { _ in
      (0..<3).map { _ in UInt8(random.index(below: 3)) }
    }
    var sums = WeightedSums(replicates: counts.replicates, columnCount: shape.columns)
    sums.add(counts, columns: columns, path: path)
    let targets = (0..<(shape.columns == 0 ? 0 : 11)).map { target in
      (0..<target).map { _ in random.index(below: shape.columns) }
    }
    let others = targets.map { $0.map { _ in random.index(below: shape.columns) } }
    let quotients = SumQuotients(numerators: targets, denominators: others)
    let stride = shape.replicates + 2
    var found = [Double](repeating: 7, count: targets.count * stride)
    found.withUnsafeMutableBufferPointer {
      if let values = $0.baseAddress {
        sums.setQuotients(quotients, in: values, stride: stride, path: path)
      }
    }
    var expected = [Double](repeating: 7, count: found.count)
    for (position, replicate) in sums.replicates.enumerated() {
      let all = (0..<shape.columns).map { Double(sums[replicate, $0]) }
      var values = [Double](repeating: 7, count: targets.count)
      var span = values.mutableSpan
      quotients.estimate(sums: all.span, into: &span)
      for (target, value) in values.enumerated() { expected[target * stride + position] = value }
    }
    #expect(zip(found, expected).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
  }
}
