import Benchmark
import SurveyStats

/// Resampled rates, their intervals, and the parts they are made of.
func ratesBenchmarks() {
  for (papers, replicates) in [(1_000, 1_999), (100_000, 100)] {
    Benchmark("rates, BCa, \(papers) papers x \(replicates) replicates") { benchmark, matrix in
      let estimator = RateEstimator(
        interval: .bootstrap(.bca), bootstrap: bootstrap(papers: papers, replicates: replicates))
      let targets = RateTarget.all(in: matrix, levels: [.item, .category, .overall])
      for _ in benchmark.scaledIterations {
        blackHole(try await estimator.estimate(matrix, targets: targets))
      }
    } setup: {
      try simulatedMatrix(papers: papers)
    }
  }

  Benchmark("percentile interval of 10,000 replicates") { benchmark, values in
    for _ in benchmark.scaledIterations {
      blackHole(
        try BootstrapInterval.percentile.limits(estimate: 0, replicates: values, level: 0.95))
    }
  } setup: {
    var random = RandomStream(seed: 1)
    return (0..<10_000).map { _ in random.normal() }
  }

  for papers in [1_000, 1_000_000] {
    Benchmark("exact bootstrap, one item, \(papers) papers") { benchmark in
      for _ in benchmark.scaledIterations {
        let law = ExactRateBootstrap(
          yesCount: papers / 3, applicableCount: papers * 4 / 5, paperCount: papers)
        blackHole(law.limits(level: 0.95))
      }
    }
  }
}
