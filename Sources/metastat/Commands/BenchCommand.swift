import ArgumentParser
import SurveySimulation
import SurveyStats

/// `metastat bench`: the speed of the numeric core on this machine.
struct BenchCommand: AsyncParsableCommand, CommandWithFiles {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "The speed of the numeric core on this machine, as a table.",
    discussion: """
      Each workload runs inside the program, on data in memory, after one run that is not counted. \
      The time is processor time: of one core, unless --jobs asks for more tasks. Without a matrix \
      a simulated one is used. docs/performance.md compares with other programs.

      WORKLOADS
      \(Workload.allCases.map { "  \($0.rawValue): \($0.summary)" }.joined(separator: "\n"))

      EXAMPLES
        metastat bench
        metastat bench --papers 100000 --workload replicates phi
        metastat bench matrix.csv --workload rates --replicates 10000 --runs 5
        metastat bench --workload read --scans papers --jobs 4

      OUTPUT (CSV)
        workload, papers, items, replicates, runs, seconds, seconds_low, seconds_high,
          unit, ns_per_unit, peak_mb, growth_mb
      """)

  @OptionGroup(title: "Output") var output: OutputOptions

  @Argument(
    help: ArgumentHelp("A matrix CSV to work on instead of a simulated one.", valueName: "file"),
    completion: .file())
  var matrix: String?

  @Option(
    parsing: .upToNextOption, help: "What to measure (default: all but read and class-numbers).")
  var workload = Workload.allCases.filter { ![.read, .classNumbers].contains($0) }

  @Option(help: "The number of simulated papers.")
  var papers = 10_000

  @Option(help: "The number of replicates, where there are any.")
  var replicates: Int?

  @Option(help: "The interval of the workload 'rates'.")
  var interval = RateInterval.bootstrap(.bca)

  @Option(
    help: ArgumentHelp("The folder of the workload 'read'.", valueName: "folder"),
    completion: .directory)
  var scans: String?

  @Option(help: "Seconds for each workload.")
  var seconds = 0.4

  @Option(help: "The number of runs, whatever they take.")
  var runs: Int?

  @Option(help: "The seed of the simulated data and of the replicates.")
  var seed: UInt64 = 1

  @Option(name: .shortAndLong, help: "The number of tasks that work at a time.")
  var jobs = 1

  var readPaths: [String] { [matrix].compactMap { $0 } }
  var writtenPaths: [String] { output.writtenPaths }

  func validate() throws {
    if output.strict {
      throw ValidationError("--strict is about scans; bench reads none but to time it.")
    }
    guard papers >= 2 else { throw ValidationError("--papers takes a number of 2 or more.") }
    guard jobs >= 1, (runs ?? 1) >= 1, (replicates ?? 1) >= 1 else {
      throw ValidationError("--jobs, --runs and --replicates take numbers of 1 or more.")
    }
  }

  /// The times of one workload.
  private struct Times {
    var workload: Workload
    var replicates: Int
    var seconds: [Double]
    var unit: String
    var units: Double
    var peakMemory: Double
    var memoryGrowth: Double

    /// The median, the lowest and the highest time.
    var summary: (median: Double, low: Double, high: Double) {
      let sorted = seconds.sorted()
      return (
        QuantileRule.type7.quantile(0.5, ofSorted: sorted) ?? 0, sorted.first ?? 0,
        sorted.last ?? 0
      )
    }
  }

  func run() async throws {
    try output.checkFiles()
    let data = BenchData(
      matrix: try benchMatrix(), scansFolder: scans, jobs: jobs, seed: seed, interval: interval)
    var times: [Times] = []
    let console = output.console
    for workload in workload {
      try Task.checkCancellation()
      console.detail("measuring \(workload.rawValue)")
      times.append(try await measure(workload, data))
    }
    try output.write(table(times, matrix: data.matrix))
    let loaded = LoadedCorpus(
      matrix: data.matrix, inputPositions: Array(data.matrix.papers.indices),
      files: matrix.map { [.file($0)] } ?? [], papersBeforeSelection: data.matrix.papers.count)
    try output.writeManifest(of: loaded, seed: seed, replicates: replicates)
  }

  /// The matrix to work on.
  private func benchMatrix() throws -> BinaryMatrix {
    do {
      if let matrix { return try MatrixCSV().read(try InputBytes.read(matrix)) }
      return try CorpusSimulation(.init(paperCount: papers, seed: seed)).matrix()
    } catch let error as MatrixCSVError {
      throw CommandFailure(.invalidInput, "\(matrix ?? ""): \(error)")
    }
  }

  /// Runs a workload once for nothing, then as often as the options say.
  private func measure(_ workload: Workload, _ data: BenchData) async throws -> Times {
    let replicates = workload.replicates == 0 ? 0 : self.replicates ?? workload.replicates
    Stopwatch.resetPeakMemory()
    let memory = Stopwatch.peakMemory
    let prepared = try data.prepare(workload, replicates: replicates)
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var checksum = try await prepared.run()
    var seconds: [Double] = []
    while seconds.count < (runs ?? 1) || (runs == nil && clock.now < end) {
      try Task.checkCancellation()
      let start = Stopwatch.processorTime
      checksum += try await prepared.run()
      seconds.append(Stopwatch.processorTime - start)
    }
    output.console.detail("checksum \(checksum)")
    return Times(
      workload: workload, replicates: replicates, seconds: seconds, unit: prepared.unit,
      units: prepared.units, peakMemory: Stopwatch.peakMemory,
      memoryGrowth: Stopwatch.peakMemory - memory)
  }

  private func table(_ times: [Times], matrix: BinaryMatrix) -> Table {
    Table(
      name: "bench",
      caption: "Processor time with kernels '\(NumericCore.kernels)', BLAS core "
        + "'\(NumericCore.blasCore)', \(jobs) task\(jobs == 1 ? "" : "s").",
      columns: [
        Column("workload", .text(times.map(\.workload.rawValue))),
        Column("papers", .integer(times.map { _ in matrix.papers.count })),
        Column("items", .integer(times.map { _ in matrix.items.count })),
        Column("replicates", .integer(times.map { $0.replicates == 0 ? nil : $0.replicates })),
        Column("runs", .integer(times.map(\.seconds.count))),
        Column("seconds", .real(times.map(\.summary.median))),
        Column("seconds_low", .real(times.map(\.summary.low)), isDetail: true),
        Column("seconds_high", .real(times.map(\.summary.high)), isDetail: true),
        Column("unit", .text(times.map(\.unit))),
        Column("ns_per_unit", .real(times.map { $0.summary.median / $0.units * 1e9 })),
        Column("peak_mb", .real(times.map(\.peakMemory)), isDetail: true),
        Column("growth_mb", .real(times.map(\.memoryGrowth)), isDetail: true),
      ])
  }
}
