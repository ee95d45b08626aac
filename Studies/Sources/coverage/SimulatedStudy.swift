import SurveyStats

/// The coverage for simulated papers.
///
/// Many samples share a matrix, each as a target of its own: they are independent, but drawn again
/// by the same bootstrap weights. The weights change after every hundred samples of a rate.
struct SimulatedStudy {
  let scenario: Scenario
  let unitCount: Int
  let plan: StudyPlan

  private static let samplesPerMatrix = 100

  func results() async throws -> [CoverageResult] {
    let intervals = scenario.intervals
    let none = [Tally](repeating: Tally(), count: intervals.count)
    var tallies = [[Tally]](repeating: none, count: Scenario.rates.count)
    var done = 0
    while done < plan.repetitions {
      let copies = min(Self.samplesPerMatrix, plan.repetitions - done)
      var stream = RandomStream(
        seed: plan.seed, stream: UInt64(done), substream: scenario.number << 32 | UInt64(unitCount))
      let samples = try SimulatedSamples(
        scenario, unitCount: unitCount, copies: copies, from: &stream)
      let bootstrap = Bootstrap(
        design: samples.design, replicates: plan.replicates, seed: stream.next(), jobs: plan.jobs)
      let sample = try await bootstrap(
        RateStatistic(
          samples.matrix, targets: samples.targets, design: samples.design,
          includesStandardErrors: true))
      for (position, interval) in intervals.enumerated() {
        let estimator = RateEstimator(
          interval: interval, level: StudyPlan.level, bootstrap: bootstrap)
        let rates = estimator.result(samples.matrix, targets: samples.targets, sample: sample).rates
        for (target, rate) in rates.enumerated() {
          let index = target / copies
          tallies[index][position].add(rate, truth: Scenario.rates[index])
        }
      }
      done += copies
    }
    return intervals.enumerated().flatMap { position, interval in
      Scenario.rates.enumerated().map { index, rate in
        CoverageResult(
          scenario: scenario, unitCount: unitCount, rate: rate, interval: interval.description,
          tally: tallies[index][position], repetitions: plan.repetitions)
      }
    }
  }
}

/// Independent samples of the same papers: as many targets of each rate as there are copies.
struct SimulatedSamples {
  let matrix: BinaryMatrix
  let design: SamplingDesign
  /// The samples, those of the first rate first.
  let targets: [RateTarget]

  /// The share of papers to which the single item of the scenario with NA applies.
  static let itemApplicability = 0.3
  /// The items of a category, and the share of papers to which each applies.
  static let categorySize = 5
  static let categoryApplicability = 0.7
  /// The correlation of two answers of one paper within a category.
  static let paperCorrelation = 0.3
  /// The mean number of papers of a cluster; the numbers are geometric, from one on.
  static let meanClusterSize = 5.0
  /// The correlation of two papers of one cluster.
  static let clusterCorrelation = 0.1

  /// Draws samples.
  init(
    _ scenario: Scenario, unitCount: Int, copies: Int, from stream: inout RandomStream
  ) throws {
    var clusters = Array(0..<unitCount)
    if scenario == .clusters {
      clusters = clusters.flatMap { cluster in
        var papers = [cluster]
        while stream.uniform() > 1 / Self.meanClusterSize { papers.append(cluster) }
        return papers
      }
    }
    let itemCount = scenario == .category ? Self.categorySize : 1
    let applicability =
      switch scenario {
      case .itemWithNA: Self.itemApplicability
      case .category: Self.categoryApplicability
      default: 1.0
      }
    let correlation = scenario == .category ? Self.paperCorrelation : Self.clusterCorrelation
    let columnCount = Scenario.rates.count * copies * itemCount
    var yes = BitColumns(rowCount: clusters.count, columnCount: columnCount)
    var applies = yes
    var asked = yes
    var column = 0
    for rate in Scenario.rates {
      for _ in 0..<copies {
        var lastCluster = -1
        var chance = rate
        for (paper, cluster) in clusters.enumerated() {
          if scenario != .itemWithNA, cluster != lastCluster {
            chance = stream.beta(mean: rate, correlation: correlation)
            lastCluster = cluster
          }
          for item in column..<column + itemCount {
            asked[paper, item] = true
            guard stream.uniform() < applicability else { continue }
            applies[paper, item] = true
            if stream.uniform() < chance { yes[paper, item] = true }
          }
        }
        column += itemCount
      }
    }
    let items = (0..<columnCount).map {
      Item(id: ItemID(category: "sample \($0 / itemCount)", name: "item \($0)"))
    }
    matrix = BinaryMatrix(
      papers: clusters.indices.map { Paper(slug: "p\($0)") }, items: items, yes: yes,
      applies: applies, asked: asked)
    design = try SamplingDesign(
      paperCount: clusters.count,
      clusters: scenario == .clusters ? clusters.map { "\($0)" } : nil)
    targets = RateTarget.all(in: matrix, levels: [scenario == .category ? .category : .item])
  }

}

extension RandomStream {
  /// A number of the beta distribution, for yes answers that are correlated as said.
  fileprivate mutating func beta(mean: Double, correlation: Double) -> Double {
    let size = (1 - correlation) / correlation
    let successes = gamma(shape: mean * size)
    return successes / (successes + gamma(shape: (1 - mean) * size))
  }
}
