import SurveySimulation
import SurveyStats

/// How often simultaneous bands hold the rates of twenty items at once.
struct BandStudy {
  let paperCount: Int
  let plan: StudyPlan

  /// The true rates of the items; they apply to all, 90, 60 or 30 percent of the papers.
  static let rates = (1...19).map { Double($0) / 20 } + [0.98]
  static let applicabilities = [1, 0.9, 0.6, 0.3]
  /// The loading of each item on a common factor; its square is the correlation of latent answers.
  static let loading = 0.6

  func results() async throws -> [CoverageResult] {
    var parameters = CorpusSimulation.Parameters(paperCount: paperCount)
    parameters.versions = [1: 1]
    parameters.factors = ["common"]
    parameters.items = Self.rates.enumerated().map { index, rate in
      SimulatedItem(
        item: Item(id: ItemID(category: "a", name: "item \(index)")), passRate: rate,
        applicability: Self.applicabilities[index % Self.applicabilities.count],
        loadings: [Self.loading])
    }
    var joint = Tally()
    var pointwise = Tally()
    var seeds = RandomStream(
      seed: plan.seed, stream: UInt64(paperCount), substream: Scenario.bands.number << 32)
    for _ in 0..<plan.repetitions {
      parameters.seed = seeds.next()
      let matrix = try CorpusSimulation(parameters).matrix()
      let bootstrap = Bootstrap(
        design: SamplingDesign(paperCount: paperCount), replicates: plan.replicates,
        seed: seeds.next(), jobs: plan.jobs)
      let targets = RateTarget.all(in: matrix, levels: [.item])
      for isSimultaneous in [true, false] {
        let estimator = RateEstimator(
          level: StudyPlan.level, isSimultaneous: isSimultaneous, bootstrap: bootstrap)
        let rates = try await estimator.estimate(matrix, targets: targets).rates
        let limits = zip(rates, Self.rates).compactMap { RateLimits($0, truth: $1) }
        let count = Double(limits.count)
        let missesBelow = limits.contains(where: \.missesBelow)
        let missesAbove = limits.contains(where: \.missesAbove)
        let length = limits.reduce(0) { $0 + $1.length } / count
        let analytic = Double(limits.count(where: \.isAnalytic)) / count
        if isSimultaneous {
          joint.add(
            missesBelow: missesBelow, missesAbove: missesAbove, length: length, analytic: analytic)
        } else {
          pointwise.add(
            missesBelow: missesBelow, missesAbove: missesAbove, length: length, analytic: analytic)
        }
      }
    }
    return [("max-t", joint), ("wilson", pointwise)].map { interval, tally in
      CoverageResult(
        scenario: .bands, unitCount: paperCount, rate: nil, interval: interval, tally: tally,
        repetitions: plan.repetitions)
    }
  }
}
