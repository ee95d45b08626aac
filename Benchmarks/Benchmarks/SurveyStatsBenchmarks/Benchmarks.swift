import Benchmark
import SurveySimulation
import SurveyStats

/// The workloads of the numeric core on 1,000 simulated papers, unless a name says otherwise.
let benchmarks: @Sendable () -> Void = {
  NumericCore.prepare()
  Benchmark.defaultConfiguration = .init(
    metrics: [.cpuTotal, .wallClock, .throughput, .peakMemoryResident],
    warmupIterations: 1, maxDuration: .seconds(2), maxIterations: 1_000)

  ratesBenchmarks()
  associationBenchmarks()
  tableBenchmarks()
}

/// Simulated answers of so many papers.
func simulatedMatrix(papers: Int) throws -> BinaryMatrix {
  try CorpusSimulation(.init(paperCount: papers, seed: 1)).matrix()
}

/// A bootstrap of papers drawn one by one.
func bootstrap(papers: Int, replicates: Int) -> Bootstrap {
  Bootstrap(design: SamplingDesign(paperCount: papers), replicates: replicates)
}
