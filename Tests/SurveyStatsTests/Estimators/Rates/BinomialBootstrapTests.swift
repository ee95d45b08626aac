import SurveyStats
import Testing

/// The bootstrap of one rate that applies to every paper is known exactly: n times a replicate has
/// the binomial distribution of n trials with the rate as probability.
@Suite struct BinomialBootstrapTests {
  private static let replicates = 9_999

  private func draw(yes: Int, of papers: Int) async throws -> (rate: Rate, replicates: [Double]) {
    let matrix = BinaryMatrix(
      papers: (0..<papers).map { Paper(slug: "p\($0)") }, items: [Item(id: ItemID("a.x"))]
    ) { paper, _ in paper < yes ? .yes : .no }
    let estimator = RateEstimator(
      interval: .bootstrap(.percentile),
      bootstrap: Bootstrap(
        design: SamplingDesign(paperCount: papers), replicates: Self.replicates, seed: 11))
    let result = try await estimator.estimate(
      matrix, targets: RateTarget.all(in: matrix, levels: [.item]))
    return (try #require(result.rates.first), try #require(result.sample).values(of: 0))
  }

  private static let samples = [
    (1, 5), (3, 5), (1, 20), (10, 20), (19, 20), (5, 100), (50, 100), (98, 100), (20, 1000),
    (500, 1000), (950, 1000),
  ]

  @Test(arguments: samples) func `replicates follow the binomial distribution`(
    yes: Int, papers: Int
  ) async throws {
    let (_, replicates) = try await draw(yes: yes, of: papers)
    var observed = [Int](repeating: 0, count: papers + 1)
    for replicate in replicates {
      observed[Int((replicate * Double(papers)).rounded())] += 1
    }
    let binomial = Binomial(trials: papers, probability: Double(yes) / Double(papers))
    let expected = (0...papers).map { Double(Self.replicates) * binomial.density($0) }
    #expect(abs(chiSquareScore(observed: observed, expected: expected)) < 4.5)
  }

  // The lower limit is the 250th smallest of the 9,999 replicates, the upper one the 9,750th. The
  // k-th smallest is at most x if at least k replicates are, whose number is binomial again.
  @Test(arguments: samples) func `percentile limits are order statistics of binomial numbers`(
    yes: Int, papers: Int
  ) async throws {
    let (rate, _) = try await draw(yes: yes, of: papers)
    let binomial = Binomial(trials: papers, probability: Double(yes) / Double(papers))
    for (limit, rank) in [(rate.lower, 250), (rate.upper, 9_750)] {
      let scaled = try #require(limit) * Double(papers)
      let count = scaled.rounded()
      #expect(abs(scaled - count) < 1e-6, "an order statistic is a whole number of papers")
      func chanceAtMost(_ value: Int) -> Double {
        let share = binomial.cumulativeProbability(value)
        return Binomial(trials: Self.replicates, probability: share).survival(rank - 1)
      }
      #expect(chanceAtMost(Int(count)) > 1e-6, "the limit is too small")
      #expect(chanceAtMost(Int(count) - 1) < 1 - 1e-6, "the limit is too large")
    }
  }
}
