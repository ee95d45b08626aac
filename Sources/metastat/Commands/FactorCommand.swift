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
  }

  /// The rotations by name.
  enum RotationName: String, ExpressibleByArgument, CaseIterable {
    case none, varimax, quartimax, promax, oblimin, geomin

    var criterion: RotationCriterion {
      switch self {
      case .none: .none
      case .varimax: .varimax
      case .quartimax: .quartimax
      case .promax: .promax
      case .oblimin: .oblimin
      case .geomin: .geomin
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

      EXAMPLES
        metastat factor matrix.csv --factors 3 --format text
        metastat factor matrix.csv --coefficient tetrachoric --extraction minres
        metastat factor papers --of categories --table fit --format text
        metastat factor papers --table reliability --item 'artifacts.*'
        metastat factor papers --table dimensions --dimensions dimensions.json

      OUTPUT (CSV)
        loadings: term, factor, estimate, structure, note
        communalities: term, communality, uniqueness, complexity, note
        correlations: a, b, estimate
        fit: term, estimate, note
        reliability: term, estimate, conf_low, conf_high, note
        items: term, n, mean, item_total, item_rest, alpha_if_dropped
        scores: paper, n_applicable, one column a factor
        adequacy: term, msa (KMO); Bartlett's test in the notes
        dimensions: congruence of given dimensions with the factors, and by chance
      """)

  @OptionGroup var corpus: CorpusOptions
  @OptionGroup var association: AssociationOptions
  @OptionGroup var resampling: ResamplingOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "The table to write.")
  var table = TableName.loadings

  @Option(help: "The number of factors; 'auto' takes what parallel analysis retains.")
  var factors = "auto"

  @Option(help: "minres (default), principal-axis or maximum-likelihood.")
  var extraction = FactorExtraction.minres

  @Option(help: "none, varimax, quartimax, promax, oblimin (default) or geomin.")
  var rotation = RotationName.oblimin

  @Option(help: "Repair of an indefinite matrix: nearest, smoothing or shrinkage.")
  var repair = CorrelationRepair.Method.nearest

  @Option(help: "The weights of factor scores: regression, bartlett or ten-berge.")
  var scores = FactorScores.Method.regression

  @Option(help: "Dimensions to test against the factors, a JSON file.")
  var dimensions: String?

  func run() async throws {
    try output.checkFiles()
    guard factors == "auto" || (Int(factors) ?? 0) > 0 else {
      throw CommandFailure(.usage, "--factors takes a number or 'auto', not '\(factors)'")
    }
    let console = output.console
    let loaded = try await corpus.load(
      console: console, jobs: resampling.jobs, isStrict: output.strict)
    do {
      let variables = try association.variables(of: loaded.matrix)
      let result = try await result(variables, console: console)
      try output.write(result)
    } catch let error as CorrelationMatrixError {
      throw CommandFailure(.estimation, error.description)
    } catch let error as FactorError {
      throw CommandFailure(.estimation, error.description)
    } catch let error as Reliability.ReliabilityError {
      throw CommandFailure(.estimation, error.description)
    }
    try output.writeManifest(
      of: loaded, seed: resampling.seed, replicates: nil)
  }

  private func result(_ variables: AssociationVariables, console: Console) async throws -> Table {
    if table == .reliability || table == .items {
      return try await reliability(variables, console: console)
    }
    let correlations = try variables.associations(level: resampling.level).correlationMatrix()
      .repairedIfNeeded(by: repair)
    console.describe(correlations)
    if table == .adequacy { return try SamplingAdequacy(correlations).table() }
    var settings = ParallelAnalysis.Settings()
    settings.seed = resampling.seed
    settings.jobs = resampling.jobs
    let groups = try dimensionTable()
    var count = groups?.dimensions.count ?? Int(factors) ?? 1
    if groups == nil && factors == "auto" || table == .eigenvalues {
      let parallel = try await variables.parallelAnalysis(
        of: correlations, reference: .permutation, settings: settings)
      if groups == nil && factors == "auto" {
        count = max(1, parallel.retained)
        console.note("\(count) factors, as parallel analysis retains")
      }
      if table == .eigenvalues {
        return try PrincipalComponents(correlations).eigenvalueTable(parallel: parallel)
      }
    }
    let analysis = FactorAnalysis(
      factors: count, extraction: extraction,
      rotation: Rotation(rotation.criterion, seed: resampling.seed))
    let solution = try analysis.fit(correlations)
    for item in solution.heywoodItems {
      console.warning("\(item) is a Heywood case: its communality is 1 or more; try fewer factors")
    }
    switch table {
    case .loadings:
      return solution.loadingsTable()
    case .communalities: return solution.communalitiesTable()
    case .correlations: return solution.correlationsTable()
    case .variances: return solution.variancesTable()
    case .fit: return FactorFit(solution).table()
    case .scores:
      guard case .items = variables.kind else {
        throw CommandFailure(.usage, "--table scores scores papers on items; leave out --of")
      }
      return try solution.scores(of: variables.matrix, method: scores).table()
    case .dimensions:
      guard let groups else {
        throw CommandFailure(.usage, "--table dimensions needs --dimensions FILE.json")
      }
      return try dimensionTest(groups, solution)
    case .eigenvalues, .adequacy, .reliability, .items:
      preconditionFailure("handled before the extraction")
    }
  }

  private func dimensionTable() throws(CommandFailure) -> Dimensions? {
    guard table == .dimensions, let dimensions else { return nil }
    return try JSONFile.decode(dimensions)
  }

  private func dimensionTest(_ groups: Dimensions, _ solution: FactorSolution) throws -> Table {
    let membership = solution.correlations.names.map { name in
      let category = ItemID(name).category
      return groups.dimensions.firstIndex {
        $0.categories.contains(category.isEmpty ? name : category)
      }
    }
    return try DimensionTest(seed: resampling.seed)(
      loadings: solution.unrotated, free: solution.pattern,
      dimensions: groups.dimensions.map(\.name), membership: membership
    ).table()
  }

  private func reliability(
    _ variables: AssociationVariables, console: Console
  ) async throws -> Table {
    let isTetrachoric =
      if case .items(.tetrachoric) = variables.kind { true } else { false }
    guard case .items = variables.kind else {
      throw CommandFailure(.usage, "reliability is that of a sum of items; leave out --of")
    }
    let papers: PairwiseCovariance.Papers =
      association.missing == .listwise ? .listwise : .pairwise
    let correlations =
      isTetrachoric || table == .reliability
      ? try variables.associations(level: resampling.level).correlationMatrix()
        .repairedIfNeeded(by: repair) : nil
    let estimate =
      isTetrachoric
      ? try correlations.map { try Reliability($0) }
      : try Reliability(variables.matrix, papers: papers)
    guard let estimate else { preconditionFailure("a tetrachoric matrix was made") }
    for item in estimate.leftOut {
      console.note("left out (\(item.reason.description)): \(item.name)")
    }
    if table == .items { return estimate.itemsTable() }
    var omega: Omega?
    if let correlations {
      let count = max(1, Int(factors) ?? 1)
      if let solution = try? FactorAnalysis(
        factors: count, rotation: Rotation(.oblimin, seed: resampling.seed)
      ).fit(correlations) {
        omega = try? Omega(solution)
      }
    }
    return estimate.table(
      splits: estimate.splits(seed: resampling.seed), omega: omega, level: resampling.level,
      isOrdinal: isTetrachoric)
  }
}
