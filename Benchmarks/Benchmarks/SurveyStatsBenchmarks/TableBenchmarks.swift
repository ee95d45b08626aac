import Benchmark
import SurveySimulation
import SurveyStats

/// Reading scans and writing tables.
func tableBenchmarks() {
  Benchmark("100 scans in memory") { benchmark, files in
    let reader = ScanReader()
    for _ in benchmark.scaledIterations {
      for file in files { blackHole(reader.parse(bytes: file.bytes, file: file.relativePath)) }
    }
  } setup: {
    var parameters = CorpusSimulation.Parameters(paperCount: 100)
    parameters.textLength = .realistic
    let simulation = try CorpusSimulation(parameters)
    return (0..<100).flatMap { simulation.files(ofPaper: $0) }
  }

  Benchmark("1,000 x 145 numbers as CSV") { benchmark, table in
    for _ in benchmark.scaledIterations { blackHole(CSVWriter().write(table)) }
  } setup: {
    var random = RandomStream(seed: 1)
    let columns = (0..<145).map { index in
      Column("c\(index)", .real((0..<1_000).map { _ in random.uniform() }))
    }
    return Table(name: "numbers", columns: columns)
  }
}
