import SurveyStats
import Testing

@Suite struct BlockTotalsTests {
  @Test func `pieces cross neither blocks nor strata`() {
    let blocks = BlockTotals(stratumSizes: [4000, 0, 200, 8000])
    #expect(
      blocks.pieces.map(\.papers) == [
        0..<4000, 4000..<4096, 4096..<4200, 4200..<8192, 8192..<12_200,
      ])
    #expect(blocks.pieces.map(\.stratum) == [0, 2, 2, 3, 3])
    #expect(blocks.blocks == [0..<2, 2..<4, 4..<5])
    #expect(blocks.papers(ofBlock: 1) == 4096..<8192)
    #expect(BlockTotals(stratumSizes: []).blocks.isEmpty)
    #expect(BlockTotals(stratumSizes: [4096]).pieces.count == 1)
    #expect(BlockTotals(stratumSizes: [4097]).pieces.count == 2)
  }

  @Test func `the totals of a stratum sum to its size`() {
    let blocks = BlockTotals(stratumSizes: [5000, 1, 20_000, 300])
    let totals = blocks.totals(seed: 3, replicates: 0..<50)
    for replicate in 0..<50 {
      var sums = [0, 0, 0, 0]
      for (index, piece) in blocks.pieces.enumerated() {
        sums[piece.stratum] += Int(totals[replicate * blocks.pieces.count + index])
      }
      #expect(sums == blocks.stratumSizes)
    }
    let later = blocks.totals(seed: 3, replicates: 20..<30)
    #expect(later[...] == totals[(20 * blocks.pieces.count)..<(30 * blocks.pieces.count)])
  }

  @Test func `totals have the mean and covariance of a multinomial`() {
    let blocks = BlockTotals(stratumSizes: [10_000])
    let count = 20_000
    let totals = blocks.totals(seed: 4, replicates: 0..<count)
    let sizes = blocks.pieces.map { Double($0.papers.count) }
    for i in 0..<3 {
      for j in 0..<3 {
        let products = (0..<count).map {
          (Double(totals[3 * $0 + i]) - sizes[i]) * (Double(totals[3 * $0 + j]) - sizes[j])
        }
        let covariance = (i == j ? sizes[i] : 0) - sizes[i] * sizes[j] / 10_000
        #expect(meanScore(products, expectation: covariance).magnitude < 5)
      }
      let values = (0..<count).map { Double(totals[3 * $0 + i]) }
      #expect(meanScore(values, expectation: sizes[i]).magnitude < 5)
    }
  }
}
