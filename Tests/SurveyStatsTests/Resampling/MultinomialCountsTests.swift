import CKernels
import RealModule
import SurveyStats
import Testing

@Suite struct MultinomialCountsTests {
  /// The definition of `ck_multinomial_counts`, a piece at a time.
  static func counts(
    seed: UInt64, a: UInt64, b: UInt64, sizes: [UInt32], totals: [UInt32]
  ) -> [UInt8] {
    let golden: UInt64 = 0x9E37_79B9_7F4A_7C15
    func mix(_ word: UInt64) -> UInt64 {
      let y = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
      let z = (y ^ y >> 27) &* 0x94D0_49BB_1331_11EB
      return z ^ z >> 31
    }
    let key = mix((mix((mix(seed &+ golden) ^ a) &+ golden) ^ b) &+ golden)
    var lanes = (0..<8).map { lane in
      (1...4).map { mix(key &+ UInt64(4 * lane + $0) &* golden) }
    }
    var pieces: [UInt32] = []
    func next() -> UInt32 {
      if pieces.isEmpty {
        for lane in 0..<8 {
          let output = lanes[lane].withUnsafeMutableBufferPointer { ck_stream_next($0.baseAddress) }
          for piece in 0..<4 { pieces.append(UInt32(output >> UInt64(16 * piece) & 0xFFFF)) }
        }
      }
      return pieces.removeFirst()
    }
    return zip(sizes, totals).flatMap { size, total in
      var counts = [UInt8](repeating: 0, count: Int(size))
      var left = size == 0 ? 0 : total
      while left > 0 {
        let product = next() * size
        if product & 0xFFFF < 65_536 % size { continue }
        counts[Int(product >> 16)] += 1
        left -= 1
      }
      return counts
    }
  }

  // By an independent implementation, scripts/golden/random_streams.py; must not change.
  @Test(arguments: KernelPath.available) func `the counts of a name never change`(
    path: KernelPath
  ) {
    var counts = [UInt8](repeating: 0, count: 25)
    ck_multinomial_counts(path.rawValue, 7, 1, 2, 1, [10], [10], &counts)
    #expect(counts.prefix(10) == [1, 0, 3, 0, 0, 0, 0, 2, 1, 3])
    ck_multinomial_counts(path.rawValue, 7, 1, 2, 2, [5, 20], [6, 19], &counts)
    #expect(
      counts == [1, 2, 0, 1, 2, 0, 0, 0, 0, 0, 2, 0, 0, 1, 0, 2, 1, 2, 1, 1, 2, 4, 1, 0, 2])
    for (size, squares, moments) in [(1000, 2002, 512_487), (3277, 6389, 5_368_279)] {
      var counts = [UInt8](repeating: 0, count: size)
      ck_multinomial_counts(path.rawValue, 7, 1, 2, 1, [UInt32(size)], [UInt32(size)], &counts)
      #expect(counts.reduce(0) { $0 + Int($1) * Int($1) } == squares)
      #expect(counts.enumerated().reduce(0) { $0 + ($1.offset + 1) * Int($1.element) } == moments)
    }
  }

  @Test(
    arguments: KernelPath.available,
    [
      [(1, 1)], [(1, 200)], [(2, 2)], [(63, 63)], [(64, 64)], [(65, 65)], [(1000, 1000)],
      [(4095, 4095)], [(4096, 4096)], [(4096, 4300)], [(3900, 3700)], [(100, 0)], [(0, 0), (7, 7)],
      [(31, 31), (32, 32), (33, 33)], [(1, 1), (1000, 1020), (1, 1), (3000, 2900), (94, 88)],
    ] as [[(UInt32, UInt32)]])
  func `every path draws by the definition`(path: KernelPath, segments: [(UInt32, UInt32)]) {
    let sizes = segments.map(\.0)
    let totals = segments.map(\.1)
    let paperCount = Int(sizes.reduce(0, +))
    // Bytes behind the counts must stay as they are.
    var counts = [UInt8](repeating: 0xAA, count: paperCount + 64)
    ck_multinomial_counts(
      path.rawValue, 21, UInt64(paperCount), 5, sizes.count, sizes, totals, &counts)
    let expected = Self.counts(
      seed: 21, a: UInt64(paperCount), b: 5, sizes: sizes, totals: totals)
    #expect(counts.prefix(paperCount) == expected[...])
    #expect(counts.suffix(64).allSatisfy { $0 == 0xAA })
  }

  @Test(arguments: [[50], [4097], [30, 20]]) func `counts have the moments of a multinomial`(
    strata: [Int]
  ) {
    let blocks = BlockTotals(stratumSizes: strata)
    let count = 6000
    let size = strata[0]
    let n = Double(size)
    // Papers at both ends and in the middle of the first stratum.
    let papers = [0, 1, size / 2, size - 1]
    var draws = papers.map { _ in [Double]() }
    var storage = MultinomialCounts()
    for first in stride(from: 0, to: count, by: 60) {
      let replicates = first..<first + 60
      let totals = blocks.totals(seed: 8, replicates: replicates)
      var sums = [Int](repeating: 0, count: 60)
      for block in blocks.blocks.indices {
        storage.draw(block: block, of: blocks, replicates: replicates, totals: totals, seed: 8)
        let rows = blocks.papers(ofBlock: block)
        for replicate in replicates {
          for (position, paper) in papers.enumerated() where rows.contains(paper) {
            draws[position].append(Double(storage[replicate, paper - rows.lowerBound]))
          }
          for paper in rows where paper < size {
            sums[replicate - first] += storage[replicate, paper - rows.lowerBound]
          }
        }
      }
      #expect(sums.allSatisfy { $0 == size })
    }
    for i in papers.indices {
      #expect(meanScore(draws[i], expectation: 1).magnitude < 5)
      let absent = draws[i].map { $0 == 0 ? 1.0 : 0 }
      #expect(meanScore(absent, expectation: .pow(1 - 1 / n, size)).magnitude < 5)
      for j in papers.indices {
        let products = zip(draws[i], draws[j]).map { ($0 - 1) * ($1 - 1) }
        let covariance = (i == j ? 1 : 0) - 1 / n
        #expect(meanScore(products, expectation: covariance).magnitude < 5)
      }
    }
  }

  @Test func `every paper is equally likely`() {
    let size = 3900
    var totals = [Int](repeating: 0, count: size)
    var counts = [UInt8](repeating: 0, count: size)
    for replicate in 0..<500 {
      ck_multinomial_counts(
        ck_best_path(), 9, UInt64(replicate), 0, 1, [UInt32(size)], [UInt32(size)], &counts)
      for paper in 0..<size { totals[paper] += Int(counts[paper]) }
    }
    let expected = [Double](repeating: 500, count: size)
    #expect(chiSquareScore(observed: totals, expected: expected).magnitude < 5)
  }

  @Test func `counts do not depend on the run of replicates`() {
    let blocks = BlockTotals(stratumSizes: [3000, 2000])
    var together = MultinomialCounts()
    var alone = MultinomialCounts(capacity: 1)
    for block in 0...1 {
      together.draw(
        block: block, of: blocks, replicates: 10..<20,
        totals: blocks.totals(seed: 1, replicates: 10..<20), seed: 1)
      for replicate in 10..<20 {
        alone.draw(
          block: block, of: blocks, replicates: replicate..<replicate + 1,
          totals: blocks.totals(seed: 1, replicates: replicate..<replicate + 1), seed: 1)
        for paper in 0..<together.paperCount {
          #expect(alone[replicate, paper] == together[replicate, paper])
        }
      }
    }
  }
}
