import SurveyStats

/// The coverage for one item that applies to every paper, exact but for the bootstrap's own noise.
///
/// An interval is a function of the number of yes answers, so that its coverage is the binomial
/// probability of the numbers whose intervals hold the rate. Each bootstrap interval is made once.
struct ExactStudy {
  let paperCount: Int
  let plan: StudyPlan

  func results() async throws -> [CoverageResult] {
    // Item x of the matrix is yes in x papers.
    let matrix = BinaryMatrix(
      papers: (0..<paperCount).map { Paper(slug: "p\($0)") },
      items: (0...paperCount).map { Item(id: ItemID(category: "", name: "yes \($0)")) }
    ) { paper, item in paper < item ? .yes : .no }
    let targets = RateTarget.all(in: matrix, levels: [.item])
    let bootstrap = Bootstrap(
      design: SamplingDesign(paperCount: paperCount), replicates: plan.exactReplicates,
      seed: plan.seed, jobs: plan.jobs)
    let sample = try await bootstrap(
      RateStatistic(
        matrix, targets: targets, design: bootstrap.design, includesStandardErrors: true))
    var results: [CoverageResult] = []
    for interval in Scenario.item.intervals {
      let estimator = RateEstimator(
        interval: interval, level: StudyPlan.level, bootstrap: bootstrap)
      let estimates = estimator.result(matrix, targets: targets, sample: sample).rates
      for rate in Scenario.rates {
        let binomial = Binomial(trials: paperCount, probability: rate)
        var tally = Tally()
        for (yes, estimate) in estimates.enumerated() {
          tally.add(estimate, truth: rate, weight: binomial.density(yes))
        }
        results.append(
          CoverageResult(
            scenario: .item, unitCount: paperCount, rate: rate, interval: interval.description,
            tally: tally, repetitions: nil))
      }
    }
    return results
  }
}
