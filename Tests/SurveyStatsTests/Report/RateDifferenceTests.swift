import SurveyStats
import Testing

@Suite struct RateDifferenceTests {
  private func rate(_ yes: Int, of count: Int) async throws -> Rate {
    let matrix = BinaryMatrix(
      papers: (0..<count).map { Paper(slug: "p\($0)") }, items: [Item(id: ItemID("a"))]
    ) { paper, _ in paper < yes ? .yes : .no }
    let estimator = RateEstimator(
      interval: .analytic(.wilson),
      bootstrap: Bootstrap(design: SamplingDesign(paperCount: count), replicates: 1))
    let rates = try await estimator(
      matrix, targets: RateTarget.all(in: matrix, levels: [.item])
    ).rates
    return try #require(rates.first)
  }

  /// Newcombe (1998), *Statistics in Medicine* 17:873, table II, method 10, columns (a), (c), (e), (g).
  @Test(arguments: [
    (56, 70, 48, 80, 0.2, 0.0524, 0.3339), (9, 10, 3, 10, 0.6, 0.1705, 0.8090),
    (5, 56, 0, 29, 0.0893, -0.0381, 0.1926), (10, 10, 0, 10, 1, 0.6075, 1),
  ])
  func `limits for different papers are Newcombe's`(
    yes2: Int, n2: Int, yes1: Int, n1: Int, estimate: Double, lower: Double, upper: Double
  ) async throws {
    let difference = RateDifference(
      ofIndependent: try await rate(yes1, of: n1), try await rate(yes2, of: n2))
    #expect(abs((difference.estimate ?? .nan) - estimate) < 5e-5)
    #expect(abs((difference.lower ?? .nan) - lower) < 5e-5)
    #expect(abs((difference.upper ?? .nan) - upper) < 5e-5)
  }

  @Test func `equal replicates give no interval but a reason`() {
    let sample = BootstrapSample(
      original: [0.5, 0.5], replicates: DenseMatrix(rows: 9, columns: 2, repeating: 0.5))
    let difference = RateDifference(sample, first: 0, second: 1, level: 0.95)
    #expect(difference.estimate == 0 && difference.lower == nil)
    #expect(difference.note == "all replicates are equal")
    #expect(!difference.isClear)
  }

  @Test func `a rate that applies nowhere has no difference`() {
    let sample = BootstrapSample(
      original: [0.5, .nan], replicates: DenseMatrix(rows: 9, columns: 2, repeating: .nan))
    let difference = RateDifference(sample, first: 0, second: 1, level: 0.95)
    #expect(difference.estimate == nil && difference.note == "undefined-rate")
  }
}
