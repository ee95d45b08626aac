import SurveyStats
import Testing

@Suite struct ExactBootstrapIntervalTests {
  /// Forty papers and three items: one that half pass, one with gaps, one that all pass.
  static let matrix = BinaryMatrix(
    papers: (0..<40).map { Paper(slug: "paper-\($0)") },
    items: ["open.code", "open.data", "open.text"].map { Item(id: ItemID($0)) }
  ) { paper, item in
    switch item {
    case 0: paper % 2 == 0 ? .yes : .no
    case 1: paper % 5 == 0 ? .notApplicable : paper % 3 == 0 ? .yes : .no
    default: .yes
    }
  }

  static func estimator(
    _ design: SamplingDesign, scheme: Bootstrap.Scheme = .multinomial
  ) -> RateEstimator {
    RateEstimator(
      interval: .exactBootstrap,
      bootstrap: Bootstrap(design: design, scheme: scheme, replicates: 199))
  }

  @Test func `items have the exact limits, without replicates`() async throws {
    let targets = RateTarget.all(in: Self.matrix, levels: [.item])
    let result = try await Self.estimator(SamplingDesign(paperCount: 40)).estimate(
      Self.matrix, targets: targets)
    #expect(result.sample == nil)
    for (rate, counts) in zip(result.rates, [(20, 40), (11, 32)]) {
      let law = ExactRateBootstrap(
        yesCount: counts.0, applicableCount: counts.1, paperCount: 40)
      #expect(rate.yesCount == counts.0 && rate.applicableCount == counts.1)
      #expect(rate.lower == law.limits(level: 0.95).lower)
      #expect(rate.upper == law.limits(level: 0.95).upper)
      #expect(rate.interval == "exact-bootstrap" && rate.notes.isEmpty)
    }
    #expect(result.rates[2].interval == "wilson" && result.rates[2].notes == [.allYes])
  }

  @Test func `categories have percentile limits and say so`() async throws {
    let targets = RateTarget.all(in: Self.matrix, levels: [.category])
    let result = try await Self.estimator(SamplingDesign(paperCount: 40)).estimate(
      Self.matrix, targets: targets)
    #expect(result.sample?.replicateCount == 199)
    #expect(result.rates[0].interval == "percentile")
    #expect(result.rates[0].notes.contains(.noExactBootstrap))
  }

  @Test func `strata, clusters, weights and other schemes draw replicates`() async throws {
    let halves = (0..<40).map { "\($0 / 20)" }
    let pairs = (0..<40).map { "\($0 / 2)" }
    let weights = (0..<40).map { Double($0 % 3 + 1) }
    let estimators = [
      Self.estimator(try SamplingDesign(paperCount: 40, strata: halves)),
      Self.estimator(try SamplingDesign(paperCount: 40, clusters: pairs)),
      Self.estimator(try SamplingDesign(paperCount: 40, weights: weights)),
      Self.estimator(SamplingDesign(paperCount: 40), scheme: .poisson),
      Self.estimator(SamplingDesign(paperCount: 40), scheme: .bayesian),
    ]
    let targets = Array(RateTarget.all(in: Self.matrix, levels: [.item]).dropFirst().prefix(1))
    for estimator in estimators {
      let rate = try await estimator.estimate(Self.matrix, targets: targets).rates[0]
      #expect(rate.interval == "percentile")
      #expect(rate.notes.contains(.noExactBootstrap))
    }
  }

  @Test func `the name is that of the command line`() {
    #expect(RateInterval("exact-bootstrap") == .exactBootstrap)
    #expect(RateInterval.exactBootstrap.description == "exact-bootstrap")
  }
}
