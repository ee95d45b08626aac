import SurveyStats
import Testing

@Suite struct RateIntervalChoiceTests {
  /// Papers with two items in one category; both are yes in the first papers and no in the others.
  private func matrix(papers: Int, yes: Int) -> BinaryMatrix {
    BinaryMatrix(
      papers: (0..<papers).map { Paper(slug: "p\($0)") },
      items: ["a.x", "a.y"].map { Item(id: ItemID($0)) }
    ) { paper, _ in paper < yes ? .yes : .no }
  }

  private func rates(
    _ matrix: BinaryMatrix, interval: RateInterval = .automatic, design: SamplingDesign? = nil
  ) async throws -> [Rate] {
    let bootstrap = Bootstrap(
      design: design ?? SamplingDesign(paperCount: matrix.papers.count), replicates: 999)
    return try await RateEstimator(interval: interval, bootstrap: bootstrap).estimate(
      matrix, targets: RateTarget.all(in: matrix, levels: [.item, .category])
    ).rates
  }

  @Test(arguments: [1, 2, 19, 20, 500]) func `a single item gets Wilson limits on its counts`(
    papers: Int
  ) async throws {
    let item = try #require(try await rates(matrix(papers: papers, yes: papers / 2)).first)
    let wilson = try #require(
      ProportionInterval.wilson.limits(
        successes: Double(papers / 2), trials: Double(papers), level: 0.95))
    #expect(item.interval == "wilson")
    #expect(item.lower == wilson.lower && item.upper == wilson.upper)
  }

  // Both items always agree, so that the effective sample size is about the number of papers:
  // one less by the standard error, times the square of 0.968 for Student's t at 20 papers.
  @Test(arguments: [
    (19, 9, "wilson"), (20, 10, "wilson"), (24, 12, "studentized"), (100, 9, "wilson"),
    (100, 12, "studentized"), (100, 88, "studentized"), (100, 91, "wilson"), (100, 0, "wilson"),
    (100, 100, "wilson"), (3, 1, "wilson"), (1, 1, "wilson"),
  ]) func `a category gets the bootstrap with 20 papers and 10 effective yes and no answers`(
    papers: Int, yes: Int, expected: String
  ) async throws {
    let category = try #require(try await rates(matrix(papers: papers, yes: yes)).last)
    #expect(category.interval?.rawValue == expected)
    let lower = try #require(category.lower)
    let upper = try #require(category.upper)
    let estimate = try #require(category.estimate)
    #expect(0 <= lower && lower <= estimate && estimate <= upper && upper <= 1 && lower < upper)
  }

  @Test func `limits on the effective sample size count agreeing items once`() async throws {
    let category = try #require(try await rates(matrix(papers: 19, yes: 9)).last)
    // se² = R (1 − R) / 18; t quantiles of 37 and 18 degrees of freedom from R.
    let ratio = 2.026192463029109 / 2.100922040240961
    let trials = 18 * ratio * ratio
    let wilson = try #require(
      ProportionInterval.wilson.limits(
        successes: trials * 9 / 19, trials: trials, level: 0.95))
    #expect(abs((category.lower ?? 0) - wilson.lower) < 1e-12)
    #expect(abs((category.upper ?? 0) - wilson.upper) < 1e-12)
  }

  @Test(arguments: [19, 20]) func `clusters get Clopper–Pearson limits, weights Wilson limits`(
    clusters: Int
  ) async throws {
    let matrix = matrix(papers: 200, yes: 100)
    let clustered = try SamplingDesign(
      paperCount: 200, clusters: (0..<200).map { "\(($0 * 7 + $0 / 13) % clusters)" })
    #expect(
      try await rates(matrix, design: clustered).allSatisfy { $0.interval == "clopper-pearson" })
    let weighted = try SamplingDesign(
      paperCount: 200, weights: (0..<200).map { Double($0 % clusters + 1) })
    #expect(try await rates(matrix, design: weighted).allSatisfy { $0.interval == "wilson" })
  }

  @Test func `one heavy paper leaves nothing to say, and a few little`() async throws {
    let matrix = matrix(papers: 40, yes: 20)
    let heavy = try SamplingDesign(paperCount: 40, weights: [1e6] + Array(repeating: 1, count: 39))
    for rate in try await rates(matrix, design: heavy) {
      #expect((rate.lower ?? 1) < 1e-3 && (rate.upper ?? 0) > 0.999)
      #expect(rate.notes.contains { $0.description == "few-effective-papers: 1.0" })
    }
    // Kish's number is 9.4; without it the effective number would be up to 40.
    let some = try SamplingDesign(
      paperCount: 40, weights: (0..<40).map { $0 % 10 == 0 ? 30 : 1 + Double($0 % 2) })
    for rate in try await rates(matrix, design: some) {
      let width = (rate.upper ?? 0) - (rate.lower ?? 0)
      #expect(width > 0.5 && width < 0.95)
    }
  }

  @Test(arguments: RateInterval.all) func `an interval that is asked for is given`(
    interval: RateInterval
  ) async throws {
    guard interval != .automatic else { return }
    // The exact bootstrap is that of single items; the others say that another stands in.
    let rates = try await rates(matrix(papers: 60, yes: 20), interval: interval).filter {
      interval != .exactBootstrap || $0.target.level == .item
    }
    #expect(!rates.isEmpty)
    #expect(rates.allSatisfy { $0.interval?.rawValue == interval.description && $0.notes.isEmpty })
  }

  @Test(arguments: RateInterval.all) func `replicates drawn before give the same rates`(
    interval: RateInterval
  ) async throws {
    let matrix = matrix(papers: 60, yes: 20)
    let targets = RateTarget.all(in: matrix, levels: [.item, .category])
    let bootstrap = Bootstrap(design: SamplingDesign(paperCount: 60), replicates: 999)
    let statistic = RateStatistic(
      matrix, targets: targets, design: bootstrap.design, includesStandardErrors: true)
    let estimator = RateEstimator(interval: interval, bootstrap: bootstrap)
    let shared = estimator.result(
      matrix, targets: targets, sample: try await bootstrap(statistic)
    ).rates
    #expect(shared == (try await estimator.estimate(matrix, targets: targets)).rates)
  }
}
