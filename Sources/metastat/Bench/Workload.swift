import ArgumentParser
import SurveySimulation
import SurveyStats

/// A piece of the numeric core's work whose speed is measured.
enum Workload: String, ExpressibleByArgument, CaseIterable {
  case replicates, rates, quantiles
  case exactBootstrap = "exact-bootstrap"
  case phi, associations
  case phiBootstrap = "phi-bootstrap"
  case tetrachoric, eigenvalues
  case eigenvalueBootstrap = "eigenvalue-bootstrap"
  case parallelNormal = "parallel-normal"
  case parallelPermutation = "parallel-permutation"
  case logistic
  case logisticBootstrap = "logistic-bootstrap"
  case functioning = "dif"
  case classes
  case classNumbers = "class-numbers"
  case scans, csv, read

  /// What the work is, for the help text and the table.
  var summary: String {
    switch self {
    case .replicates: "resampled rates of items, categories and everything"
    case .rates: "the same with percentile or BCa intervals"
    case .quantiles: "percentile interval of 10,000 values"
    case .exactBootstrap: "exact bootstrap limits of all items"
    case .phi: "phi of all pairs of items"
    case .associations: "phi with standard errors, intervals and p-values"
    case .phiBootstrap: "phi of all pairs, resampled, with intervals"
    case .tetrachoric: "tetrachoric correlation of all pairs"
    case .eigenvalues: "eigenvalues of eight correlation matrices"
    case .eigenvalueBootstrap: "eigenvalues of phi, resampled"
    case .parallelNormal: "parallel analysis with normal data"
    case .parallelPermutation: "parallel analysis with permuted items"
    case .logistic: "logistic fits of all items on year, and type where known"
    case .logisticBootstrap: "the same, resampled"
    case .functioning: "differential functioning of all items by year, purified"
    case .classes: "three latent classes from 1,000 starts"
    case .classNumbers: "one to six latent classes, each from 1,000 starts"
    case .scans: "reading scans in memory"
    case .csv: "writing 10,000 x 145 numbers as CSV"
    case .read: "reading the scans of a folder into a matrix"
    }
  }

  /// How many replicates are drawn unless told otherwise; 0 for work without any.
  var replicates: Int {
    switch self {
    case .replicates, .rates: 2_000
    case .phiBootstrap, .eigenvalueBootstrap, .parallelPermutation, .logisticBootstrap: 20
    case .parallelNormal: 200
    case .quantiles, .exactBootstrap, .phi, .associations, .tetrachoric, .eigenvalues, .logistic,
      .functioning, .classes, .classNumbers, .scans, .csv, .read:
      0
    }
  }
}

/// A workload that is ready to run: its data are made.
struct PreparedWorkload {
  /// What is counted: one unit's time is in the table.
  let unit: String
  /// How many units a run has.
  let units: Double
  /// Does the work; returns something that depends on it.
  let run: () async throws -> Double
}

/// What workloads work on.
struct BenchData {
  var matrix: BinaryMatrix
  var scansFolder: String?
  var jobs: Int
  var seed: UInt64
  var interval: RateInterval

  /// Makes the data of a workload.
  func prepare(_ workload: Workload, replicates: Int) throws -> PreparedWorkload {
    switch workload {
    case .replicates: replicatesOfRates(replicates)
    case .rates: rates(replicates)
    case .quantiles: quantiles()
    case .exactBootstrap: exactBootstrap()
    case .phi: coefficients(.phi)
    case .associations: associations()
    case .phiBootstrap: phiBootstrap(replicates)
    case .tetrachoric: coefficients(.tetrachoric)
    case .eigenvalues: try eigenvalues()
    case .eigenvalueBootstrap: try eigenvalueBootstrap(replicates)
    case .parallelNormal: try parallelAnalysis(.normal, replicates)
    case .parallelPermutation: try parallelAnalysis(.permutation, replicates)
    case .logistic: try logistic()
    case .logisticBootstrap: try logisticBootstrap(replicates)
    case .functioning: functioning()
    case .classes: classes([3])
    case .classNumbers: classes(Array(1...6))
    case .scans: try scans()
    case .csv: csv()
    case .read: try read()
    }
  }

  private var pairCount: Double {
    Double(matrix.items.count * (matrix.items.count - 1) / 2)
  }

  private var targets: [RateTarget] {
    RateTarget.all(in: matrix, levels: [.item, .category, .overall])
  }

  private func bootstrap(_ replicates: Int) -> Bootstrap {
    Bootstrap(
      design: SamplingDesign(paperCount: matrix.papers.count), replicates: replicates, seed: seed,
      jobs: jobs)
  }

  private func replicatesOfRates(_ replicates: Int) -> PreparedWorkload {
    let bootstrap = bootstrap(replicates)
    let statistic = RateStatistic(
      matrix, targets: targets, design: bootstrap.design, includesStandardErrors: false)
    return PreparedWorkload(
      unit: "replicate x paper", units: Double(replicates * matrix.papers.count)
    ) {
      try await bootstrap(statistic).replicates[replicates - 1, 0]
    }
  }

  private func rates(_ replicates: Int) -> PreparedWorkload {
    let estimator = RateEstimator(interval: interval, bootstrap: bootstrap(replicates))
    return PreparedWorkload(
      unit: "replicate x paper", units: Double(replicates * matrix.papers.count)
    ) {
      try await estimator.estimate(matrix, targets: targets).rates.reduce(0) {
        $0 + ($1.lower ?? 0)
      }
    }
  }

  private func quantiles() -> PreparedWorkload {
    var random = RandomStream(seed: seed, stream: 0, substream: 0)
    let values = (0..<10_000).map { _ in random.normal() }
    return PreparedWorkload(unit: "interval", units: 1) {
      try BootstrapInterval.percentile.limits(estimate: 0, replicates: values, level: 0.95).lower
    }
  }

  private func exactBootstrap() -> PreparedWorkload {
    let counts = matrix.items.indices.map {
      (matrix.yes.count(column: $0), matrix.applies.count(column: $0))
    }.filter { $1 > 0 }
    let papers = matrix.papers.count
    return PreparedWorkload(unit: "item", units: Double(counts.count)) {
      counts.reduce(0) { sum, count in
        let law = ExactRateBootstrap(
          yesCount: count.0, applicableCount: count.1, paperCount: papers)
        return sum + law.limits(level: 0.95).lower
      }
    }
  }

  private func coefficients(_ coefficient: ItemCoefficient) -> PreparedWorkload {
    PreparedWorkload(unit: "pair", units: pairCount) {
      matrix.coefficients(coefficient).elements.last ?? 0
    }
  }

  private func associations() -> PreparedWorkload {
    PreparedWorkload(unit: "pair", units: pairCount) {
      Double(PairwiseAssociations(items: matrix).pairs.count)
    }
  }

  private func phiBootstrap(_ replicates: Int) -> PreparedWorkload {
    let bootstrap = bootstrap(replicates)
    let statistic = ItemCorrelationStatistic(matrix, coefficient: .phi, design: bootstrap.design)
    return PreparedWorkload(unit: "replicate", units: Double(replicates)) {
      let sample = try await bootstrap(statistic)
      return sample.original.indices.reduce(0) { sum, pair in
        let limits = try? BootstrapInterval.percentile.limits(
          estimate: sample.original[pair], replicates: sample.values(of: pair), level: 0.95)
        return sum + (limits?.lower ?? 0)
      }
    }
  }

  /// The pairwise phi matrix of the items that vary.
  private func correlations() throws -> CorrelationMatrix {
    try PairwiseAssociations(items: matrix).correlationMatrix().repairedIfNeeded(by: .nearest)
  }

  private func eigenvalues() throws -> PreparedWorkload {
    let matrices = [DenseMatrix](repeating: try correlations().values, count: 8)
    return PreparedWorkload(unit: "matrix", units: 8) {
      try DenseMatrix.symmetricEigenvalues(of: matrices)[0][0]
    }
  }

  private func eigenvalueBootstrap(_ replicates: Int) throws -> PreparedWorkload {
    let correlations = try correlations()
    let bootstrap = bootstrap(replicates)
    let items = matrix.selecting(items: correlations.names)
    let statistic = try PrincipalComponentStatistic(
      ItemCorrelationStatistic(items, coefficient: .phi, design: bootstrap.design),
      like: correlations, count: 0)
    return PreparedWorkload(unit: "replicate", units: Double(replicates)) {
      try await bootstrap(statistic).replicates[0, 0]
    }
  }

  private func parallelAnalysis(
    _ reference: ParallelAnalysis.Reference, _ replicates: Int
  ) throws -> PreparedWorkload {
    let correlations = try correlations()
    var settings = ParallelAnalysis.Settings()
    settings.replicates = replicates
    settings.seed = seed
    settings.jobs = jobs
    let options = settings
    return PreparedWorkload(unit: "data set", units: Double(replicates)) {
      switch reference {
      case .normal:
        try await ParallelAnalysis.normal(like: correlations, settings: options).quantiles[0]
      case .permutation:
        try await ParallelAnalysis.permuting(matrix, like: correlations, settings: options)
          .quantiles[0]
      }
    }
  }

  /// The year, and the type of paper where all papers have one.
  private func covariates() throws -> DesignMatrix {
    let hasTypes = matrix.papers.allSatisfy { $0.type != nil }
    return try DesignMatrix(try ModelFormula(hasTypes ? "year + type" : "year"), from: matrix)
  }

  private func logistic() throws -> PreparedWorkload {
    let design = try covariates()
    let outcomes = matrix.items.indices.map { matrix.outcome(item: $0) }
    return PreparedWorkload(unit: "fit", units: Double(outcomes.count)) {
      let fits = try LogisticRegression().fits(design, outcomes: outcomes)
      return fits.reduce(0) { sum, fit in sum + ((try? fit.get().coefficients[0]) ?? 0) }
    }
  }

  private func logisticBootstrap(_ replicates: Int) throws -> PreparedWorkload {
    let design = try covariates()
    let outcomes = matrix.items.indices.map { matrix.outcome(item: $0) }
    let fits = try LogisticRegression().fits(design, outcomes: outcomes).compactMap {
      try? $0.get()
    }
    guard !fits.isEmpty else {
      throw CommandFailure(.estimation, "no item of this matrix has a logistic fit")
    }
    let bootstrap = bootstrap(replicates)
    let statistic = LogisticStatistic(fits, design: bootstrap.design)
    return PreparedWorkload(unit: "replicate", units: Double(replicates)) {
      try await bootstrap(statistic).replicates[0, 0]
    }
  }

  private func functioning() -> PreparedWorkload {
    let study = Study(matrix)
    return PreparedWorkload(unit: "item", units: Double(matrix.items.count)) {
      let rows = try await Run(seed: seed, jobs: jobs)(DifferentialFunctioning(["year"]), of: study)
      return rows.reduce(0) { $0 + ($1.pValue ?? 0) }
    }
  }

  private func classes(_ counts: [Int]) -> PreparedWorkload {
    let study = Study(matrix)
    return PreparedWorkload(unit: "number of classes", units: Double(counts.count)) {
      let fits = try await Run(seed: seed, jobs: jobs)(LatentClasses(counts), of: study)
      return fits.reduce(0) { $0 + $1.logLikelihood }
    }
  }

  private func scans() throws -> PreparedWorkload {
    var parameters = CorpusSimulation.Parameters(paperCount: 100, seed: seed)
    parameters.textLength = .realistic
    let simulation = try CorpusSimulation(parameters)
    let files = (0..<100).flatMap { simulation.files(ofPaper: $0) }
    let reader = ScanReader()
    return PreparedWorkload(
      unit: "KB", units: Double(files.reduce(0) { $0 + $1.bytes.count }) / 1_000
    ) {
      files.reduce(0) {
        $0 + Double(reader.parse(bytes: $1.bytes, file: $1.relativePath).scans.count)
      }
    }
  }

  private func csv() -> PreparedWorkload {
    var random = RandomStream(seed: seed, stream: 1, substream: 0)
    let table = Table(
      name: "numbers",
      columns: (0..<145).map { index in
        Column("c\(index)", .real((0..<10_000).map { _ in random.uniform() }))
      })
    return PreparedWorkload(unit: "number", units: 1_450_000) {
      Double(CSVWriter().write(table).count)
    }
  }

  private func read() throws -> PreparedWorkload {
    guard let scansFolder else {
      throw CommandFailure(.usage, "--workload read needs --scans FOLDER")
    }
    let reader = ScanReader(jobs: jobs)
    return PreparedWorkload(unit: "folder", units: 1) {
      Double(BinaryMatrix(try await reader.read([scansFolder])).papers.count)
    }
  }
}
