import Testing

@testable import SurveyStats

@Suite struct BootstrapRanksTests {
  @Test func `ties share the best rank and undefined values come last`() {
    #expect(BootstrapRanks.ranks(of: [0.5, 0.9, 0.5, .nan, 0.1]) == [2, 1, 2, 5, 4])
    #expect(BootstrapRanks.ranks(of: []) == [])
  }

  @Test func `intervals leave out the rarest ranks on both sides`() {
    // The first rate is on top in 18 of 20 replicates; 90 % leaves out one replicate on each side.
    let first = [Double](repeating: 0.9, count: 18) + [0.1, 0.1]
    let second = [Double](repeating: 0.5, count: 20)
    let sample = BootstrapSample(
      original: [0.8, 0.5], replicates: DenseMatrix(rows: 20, columns: 2, elements: first + second))
    let ranks = BootstrapRanks(sample, quantities: [0, 1], level: 0.9).ranks
    #expect(ranks[0] == Rate.Rank(estimate: 1, lower: 1, upper: 2))
    #expect(ranks[1] == Rate.Rank(estimate: 2, lower: 1, upper: 2))
    let narrow = BootstrapRanks(sample, quantities: [0, 1], level: 0.8).ranks
    #expect(narrow[0] == Rate.Rank(estimate: 1, lower: 1, upper: 1))
    #expect(narrow[1] == Rate.Rank(estimate: 2, lower: 2, upper: 2))
  }
}
