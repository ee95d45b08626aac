import ArgumentParser
import SurveyStats

extension FactorExtraction: ExpressibleByArgument {}
extension FactorScores.Method: ExpressibleByArgument {}

/// `metastat factor` finds the factors behind items or categories, and how reliable sums are.
struct FactorCommand: AsyncParsableCommand {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case loadings, communalities, correlations, fit, reliability, items, eigenvalues, variances
    case scores, adequacy, dimensions
    case schmidLeiman = "schmid-leiman"
  }

  /// The rotations by name.
  enum RotationName: String, ExpressibleByArgument, CaseIterable {
    case none, varimax, quartimax, promax, oblimin, geomin, target

    /// The criterion; for a target that of the free rotation it is compared with.
    var criterion: RotationCriterion {
      switch self {
      case .none: .none
      case .varimax: .varimax
      case .quartimax: .quartimax
      case .promax: .promax
      case .oblimin, .target: .oblimin
      case .geomin: .geomin
      }
    }
  }

  /// How intervals are made.
  enum Interval: String, ExpressibleByArgument, CaseIterable {
    case percentile, basic, normal, feldt

    /// The bootstrap interval; `nil` for Feldt's.
    var bootstrap: BootstrapInterval? {
      switch self {
      case .percentile: .percentile
      case .basic: .basic
      case .normal: .normal
      case .feldt: nil
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "factor",
    abstract: "Factors behind the items: loadings, rotation, fit, scores, reliability.",
    discussion: """
      Factors are extracted from the matrix of pairwise coefficients and rotated from several \
      random starts; the best rotation is kept. An item whose communality reaches 1 is a Heywood \
      case and is named. With tetrachoric correlations the chi-square and what follows from it are \
      descriptive only. A checklist defines quality rather than measuring one trait: a low alpha is \
      no fault, and factors are not causes.

      Intervals of loadings are those of bootstrap replicates aligned with the sample (Procrustes), \
      so that flips and swaps of factors do not widen them. Omega rests on 3 group factors (fewer \
      for few items) unless --factors says otherwise.

      EXAMPLES
        metastat factor matrix.csv --factors 3 --format text
        metastat factor matrix.csv --coefficient tetrachoric --extraction minres
        metastat factor papers --of categories --table fit --format text
        metastat factor papers --table reliability --item 'artifacts.*'
        metastat factor papers --table dimensions --dimensions dimensions.json
        metastat factor papers --rotation target --dimensions dimensions.json --cut 0.4

      OUTPUT (CSV)
        loadings: term, factor, estimate, conf_low, conf_high, structure, note; in text one column a
          factor, sorted, without those below --cut
        communalities: term, estimate, conf_low, conf_high, uniqueness, complexity, note
        correlations: a, b, estimate, conf_low, conf_high
        variances: factor, estimate, proportion, cumulative, proportion_explained
        fit: term, estimate, p_value, conf_low, conf_high, conf_level, n, note
        eigenvalues: as of 'pca', without intervals
        reliability: term (alpha, lambda_1 to 6, split halves, omega), estimate, conf_low,
          conf_high, conf_level, interval, n, note
        items: term, n, mean, item_total, item_rest, alpha_if_dropped, note
        schmid-leiman: term, factor (g is the general one), estimate
        scores: paper, n_items, one column a factor, note
        adequacy: term, estimate (KMO; last Bartlett's test), degrees_of_freedom, p_value, n, note
        dimensions: term, n_items, estimate (congruence), chance_95, p_value, free_factor,
          free_congruence, note
      """)

  @OptionGroup var corpus: CorpusOptions
  @OptionGroup var association: AssociationOptions
  @OptionGroup var layout: LoadingOptions
  @OptionGroup var resampling: ResamplingOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "The table to write.")
  var table = TableName.loadings

  @Option(help: "The number of factors; 'auto' takes what parallel analysis retains.")
  var factors = "auto"

  @Option(help: "minres (default), principal-axis or maximum-likelihood.")
  var extraction = FactorExtraction.minres

  @Option(
    help: """
      none, varimax, quartimax, promax, oblimin (default), geomin, or target: towards --dimensions.
      """)
  var rotation = RotationName.oblimin

  @Flag(
    inversion: .prefixedNo,
    help: "Scale items to length one while rotating (default: varimax and promax only).")
  var kaiser: Bool?

  @Option(help: "The number of random starts of the rotation.")
  var starts = 30

  @Option(help: "The steps after which an extraction gives up (principal-axis: 20 times as many).")
  var maxIterations = 500

  @Option(
    help: """
      Repair of an indefinite matrix: nearest, smoothing or shrinkage (default: nearest; shrinkage \
      for --table adequacy, which inverts the matrix).
      """)
  var repair: CorrelationRepair.Method?

  @Option(help: "The weights of factor scores: regression, bartlett or ten-berge.")
  var scores = FactorScores.Method.regression

  @Option(help: "Dimensions for --table dimensions and --rotation target, a JSON file.")
  var dimensions: String?

  @Option(help: "The interval: percentile, basic, normal, or feldt for the reliability table.")
  var interval = Interval.percentile

  @Option(
    help: "The same as --replicates; 0 for no bootstrap intervals (of alpha then Feldt's).")
  var bootstrapReplicates: Int?

  /// The number of bootstrap replicates, each of which decomposes a matrix.
  private var replicateCount: Int { bootstrapReplicates ?? resampling.chosenReplicates ?? 999 }

  func run() async throws {
    try output.checkFiles()
    try checkOptions()
    let console = output.console
    let loaded = try await corpus.load(
      console: console, jobs: resampling.jobs, isStrict: output.strict)
    do {
      let variables = try association.variables(of: loaded.matrix)
      try variables.checkCorrelation(for: "factors")
      let result = try await result(variables, console: console)
      try output.write(result.table, readable: result.readable)
    } catch let error as CorrelationMatrixError {
      throw CommandFailure(.estimation, error.description)
    } catch let error as FactorError {
      throw CommandFailure(.estimation, error.description)
    } catch let error as Reliability.ReliabilityError {
      throw CommandFailure(.estimation, error.description)
    }
    try output.writeManifest(
      of: loaded, seed: resampling.seed, replicates: replicateCount)
  }

  private func checkOptions() throws(CommandFailure) {
    func refuse(_ message: String) -> CommandFailure { CommandFailure(.usage, message) }
    guard factors == "auto" || (Int(factors) ?? 0) > 0 else {
      throw refuse("--factors takes a number or 'auto', not '\(factors)'")
    }
    guard starts >= 0, replicateCount >= 0, maxIterations >= 1 else {
      throw refuse(
        "--starts and --bootstrap-replicates take numbers of 0 or more, --max-iterations of 1 or more"
      )
    }
    let needsDimensions = table == .dimensions || rotation == .target
    if needsDimensions, dimensions == nil {
      throw refuse("--table dimensions and --rotation target need --dimensions FILE.json")
    }
    if !needsDimensions, dimensions != nil {
      throw refuse("--dimensions goes with --table dimensions or --rotation target")
    }
    if interval == .feldt, table != .reliability {
      throw refuse("--interval feldt is one of alpha; it goes with --table reliability")
    }
  }

  /// The table asked for, and what people read in its place.
  private func result(
    _ variables: AssociationVariables, console: Console
  ) async throws -> (table: Table, readable: Table?) {
    if table == .reliability || table == .items {
      return (try await reliability(variables, console: console), nil)
    }
    let correlations = try variables.associations(level: resampling.level).correlationMatrix()
      .repairedIfNeeded(by: repair ?? (table == .adequacy ? .shrinkage : .nearest))
    console.describe(correlations)
    switch table {
    case .adequacy: return (try SamplingAdequacy(correlations).table(), nil)
    case .schmidLeiman:
      let omega = try Omega(try omegaSolution(correlations))
      return (
        omega.table(), omega.sparseTable(cut: layout.cut, isSorted: !layout.inputOrder)
      )
    case .eigenvalues:
      let parallel = try await parallelAnalysis(variables, correlations)
      return (try PrincipalComponents(correlations).eigenvalueTable(parallel: parallel), nil)
    default: break
    }
    let groups = try dimensions.map { path throws(CommandFailure) -> Dimensions in
      try JSONFile.decode(path)
    }
    var solution = try await solution(
      variables, correlations, count: groups?.dimensions.count, console: console)
    if let groups, rotation == .target {
      solution = try solution.rotated(
        towards: groups.dimensions.map(\.name), membership: membership(groups, solution))
    }
    for item in solution.heywoodItems {
      console.warning("\(item) is a Heywood case: its communality is 1 or more; try fewer factors")
    }
    switch table {
    case .variances: return (solution.variancesTable(), nil)
    case .fit: return (FactorFit(solution).table(), nil)
    case .scores:
      guard case .items = variables.kind else {
        throw CommandFailure(.usage, "--table scores scores papers on items; leave out --of")
      }
      return (try solution.scores(of: variables.matrix, method: scores).table(), nil)
    case .dimensions:
      guard let groups else { preconditionFailure("checked with the options") }
      let test = try DimensionTest(seed: resampling.seed)(
        loadings: solution.unrotated, free: solution.pattern,
        dimensions: groups.dimensions.map(\.name), membership: membership(groups, solution))
      return (test.table(), nil)
    default:
      let intervals = try await intervals(variables, solution, console: console)
      switch table {
      case .communalities: return (solution.communalitiesTable(intervals: intervals), nil)
      case .correlations: return (solution.correlationsTable(intervals: intervals), nil)
      default:
        let readable = solution.sparseLoadingsTable(
          cut: layout.cut, isSorted: !layout.inputOrder, intervals: intervals)
        return (solution.loadingsTable(intervals: intervals), readable)
      }
    }
  }

  private func parallelAnalysis(
    _ variables: AssociationVariables, _ correlations: CorrelationMatrix
  ) async throws -> ParallelAnalysis {
    var settings = ParallelAnalysis.Settings()
    settings.seed = resampling.seed
    settings.jobs = resampling.jobs
    return try await variables.parallelAnalysis(
      of: correlations, reference: .permutation, settings: settings)
  }

  /// The factors of the sample, as many as asked for.
  private func solution(
    _ variables: AssociationVariables, _ correlations: CorrelationMatrix, count: Int?,
    console: Console
  ) async throws -> FactorSolution {
    var factorCount = count ?? Int(factors) ?? 1
    if count == nil, factors == "auto" {
      let retained = try await parallelAnalysis(variables, correlations).retained
      factorCount = max(
        1, min(retained, FactorAnalysis.largestFactorCount(items: correlations.count)))
      console.note(
        retained == 0
          ? "parallel analysis retains no factor; one is shown all the same"
          : "parallel analysis retains \(retained) factor\(retained == 1 ? "" : "s")")
    }
    if extraction == .maximumLikelihood, let repair = correlations.repair, repair.intensity == nil {
      throw CommandFailure(
        .estimation,
        "maximum likelihood needs the inverse of a matrix that is not positive definite (smallest "
          + "eigenvalue \(NumberFormat.readable(repair.before.smallestEigenvalue))); choose "
          + "--extraction minres or --repair shrinkage")
    }
    return try analysis(factorCount).fit(correlations)
  }

  private func analysis(_ factors: Int) -> FactorAnalysis {
    FactorAnalysis(
      factors: factors, extraction: extraction,
      rotation: Rotation(
        rotation.criterion, isKaiserNormalized: kaiser, randomStarts: starts,
        seed: resampling.seed), maximumIterations: maxIterations)
  }

  /// The position of each item's dimension.
  private func membership(_ groups: Dimensions, _ solution: FactorSolution) -> [Int?] {
    solution.correlations.names.map { name in
      let category = ItemID(name).category
      return groups.dimensions.firstIndex {
        $0.categories.contains(category.isEmpty ? name : category)
      }
    }
  }

  private func intervals(
    _ variables: AssociationVariables, _ solution: FactorSolution, console: Console
  ) async throws -> FactorIntervals? {
    guard replicateCount > 0 else { return nil }
    guard solution.target == nil else {
      console.note("loadings rotated towards a target have no intervals")
      return nil
    }
    let design = try resampling.design(of: variables.matrix)
    let pairs = variables.statistic(names: solution.correlations.names, design: design)
    return try await intervals(pairs, solution, design: design, console: console)
  }

  private func intervals(
    _ pairs: some Statistic, _ solution: FactorSolution, design: SamplingDesign, console: Console
  ) async throws -> FactorIntervals {
    let statistic = FactorStatistic(pairs, like: solution)
    let sample = try await sample(statistic, design: design, console: console)
    let intervals = FactorIntervals(
      sample, of: statistic, method: interval.bootstrap ?? .percentile, level: resampling.level)
    if intervals.areAllUndefined { console.noteUndefinedIntervals() }
    return intervals
  }

  private func sample(
    _ statistic: some Statistic, design: SamplingDesign, console: Console
  ) async throws -> BootstrapSample {
    let bar = ProgressBar("bootstrap", total: replicateCount, console: console)
    defer { bar.finish() }
    return try await Bootstrap(
      design: design, scheme: resampling.scheme, replicates: replicateCount,
      seed: resampling.seed, jobs: resampling.jobs
    )(statistic) { bar.advance($0) }
  }

  private func reliability(
    _ variables: AssociationVariables, console: Console
  ) async throws -> Table {
    guard case .items(let coefficient) = variables.kind else {
      throw CommandFailure(.usage, "reliability is that of a sum of items; leave out --of")
    }
    let isOrdinal = coefficient == .tetrachoric
    let papers: PairwiseCovariance.Papers =
      association.missing == .listwise ? .listwise : .pairwise
    let raw = isOrdinal ? nil : try Reliability(variables.matrix, papers: papers)
    if let raw, table == .items {
      for line in raw.leftOut.summaries { console.note(line) }
      return raw.itemsTable()
    }
    // Of raw scores only omega needs correlations, and does without where there are none.
    let correlations = Result {
      try variables.associations(level: resampling.level).correlationMatrix()
        .repairedIfNeeded(by: repair ?? .nearest)
    }
    let estimate = try raw ?? Reliability(correlations.get())
    for line in estimate.leftOut.summaries { console.note(line) }
    if table == .items { return estimate.itemsTable() }
    let omega: Omega?
    do {
      omega = try Omega(try omegaSolution(correlations.get()))
    } catch {
      console.note("omega is left out: \(error)")
      omega = nil
    }
    let intervals = try await alphaIntervals(
      variables, ordinal: isOrdinal ? correlations.get() : nil, papers: papers, console: console)
    return estimate.table(
      splits: estimate.splits(seed: resampling.seed), omega: omega, intervals: intervals,
      level: resampling.level, isOrdinal: isOrdinal)
  }

  /// Bootstrap intervals of alpha; `nil` for Feldt's.
  private func alphaIntervals(
    _ variables: AssociationVariables, ordinal correlations: CorrelationMatrix?,
    papers: PairwiseCovariance.Papers, console: Console
  ) async throws -> AlphaIntervals? {
    guard replicateCount > 0, let method = interval.bootstrap else { return nil }
    let design = try resampling.design(of: variables.matrix)
    let replicates: BootstrapSample
    if let correlations {
      let pairs = variables.statistic(names: correlations.names, design: design)
      replicates = try await ordinalSample(pairs, correlations, design: design, console: console)
    } else {
      replicates = try await sample(
        AlphaStatistic(variables.matrix, papers: papers, design: design), design: design,
        console: console)
    }
    return AlphaIntervals(
      replicates, method: method, name: interval.rawValue, level: resampling.level)
  }

  private func ordinalSample(
    _ pairs: some Statistic, _ correlations: CorrelationMatrix, design: SamplingDesign,
    console: Console
  ) async throws -> BootstrapSample {
    try await sample(
      OrdinalAlphaStatistic(pairs, like: correlations), design: design, console: console)
  }

  /// The correlated factors that omega rests on: as many as asked for, else three if the items allow.
  private func omegaSolution(
    _ correlations: CorrelationMatrix
  ) throws(FactorError) -> FactorSolution {
    let most = FactorAnalysis.largestFactorCount(items: correlations.count)
    var analysis = analysis(Int(factors) ?? max(1, min(3, most)))
    analysis.rotation.criterion = rotation.criterion.isOblique ? rotation.criterion : .oblimin
    return try analysis.fit(correlations)
  }
}
