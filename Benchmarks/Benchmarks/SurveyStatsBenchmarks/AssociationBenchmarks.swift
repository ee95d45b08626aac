import Benchmark
import SurveyStats

/// Coefficients of pairs, eigenvalues and parallel analysis.
func associationBenchmarks() {
  for papers in [1_000, 100_000] {
    Benchmark("counts of all pairs, \(papers) papers") { benchmark, matrix in
      for _ in benchmark.scaledIterations { blackHole(PairCounts(matrix)) }
    } setup: {
      try simulatedMatrix(papers: papers)
    }
  }

  for coefficient in [ItemCoefficient.phi, .tetrachoric] {
    Benchmark("\(coefficient) of all pairs") { benchmark, matrix in
      for _ in benchmark.scaledIterations { blackHole(matrix.coefficients(coefficient)) }
    } setup: {
      try simulatedMatrix(papers: 1_000)
    }
  }

  Benchmark("phi of all pairs, 20 replicates") { benchmark, matrix in
    let bootstrap = bootstrap(papers: 1_000, replicates: 20)
    let statistic = ItemCorrelationStatistic(matrix, coefficient: .phi, design: bootstrap.design)
    for _ in benchmark.scaledIterations { blackHole(try await bootstrap(statistic)) }
  } setup: {
    try simulatedMatrix(papers: 1_000)
  }

  for reference in ParallelAnalysis.Reference.allCases {
    Benchmark("parallel analysis, \(reference), 20 data sets") { benchmark, matrix in
      let correlations = try PairwiseAssociations(items: matrix).correlationMatrix()
        .repairedIfNeeded(by: .nearest)
      var settings = ParallelAnalysis.Settings()
      settings.replicates = 20
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        switch reference {
        case .normal:
          blackHole(try await ParallelAnalysis.normal(like: correlations, settings: settings))
        case .permutation:
          blackHole(
            try await ParallelAnalysis.permuting(matrix, like: correlations, settings: settings))
        }
      }
    } setup: {
      try simulatedMatrix(papers: 1_000)
    }
  }
}
