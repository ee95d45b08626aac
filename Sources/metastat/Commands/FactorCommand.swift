import ArgumentParser
import SurveyStats

extension FactorExtraction: ExpressibleByArgument {}
extension FactorScores.Method: ExpressibleByArgument {}

/// `metastat factor` finds the factors behind items or categories, and how reliable sums are.
struct FactorCommand: AnalysisCommand {
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
    var resampled: ResampledInterval? { ResampledInterval(rawValue: rawValue) }
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
      so that flips and swaps of factors do not widen them; those of factor correlations are the \
      estimate and its bootstrap standard error, on Fisher's scale. Where the replicates allow no \
      interval of alpha it has Feldt's. Reliability takes the same --min-n as the correlations. \
      Omega rests on 3 group factors (fewer for few items) unless --factors says otherwise.

      EXAMPLES
        metastat factor matrix.csv --factors 3 --format text
        metastat factor matrix.csv --coefficient tetrachoric --extraction minres
        metastat factor papers --of categories --table fit --format text
        metastat factor papers --table reliability --item 'artifacts.*'
        metastat factor papers --table dimensions --dimensions dimensions.json
        metastat factor correlations.csv --correlations-of 512 --factors 2
        metastat factor papers --rotation target --dimensions dimensions.json --cut 0.4

      OUTPUT (CSV)
        loadings: term, factor, estimate, conf_low, conf_high, structure, note; in text one column a
          factor, sorted, without those below --cut
        communalities: term, estimate, conf_low, conf_high, uniqueness, complexity, note
        correlations: a, b, estimate, conf_low, conf_high, note
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

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup var association: AssociationOptions
  @OptionGroup var given: CorrelationInput
  @OptionGroup var layout: LoadingOptions
  @OptionGroup(title: "Sampling and replicates") var sampling: ResamplingOptions
  @OptionGroup(title: "Sampling and replicates") var split: SplitOptions
  @OptionGroup(title: "Sampling and replicates") var replicateFile: ReplicateOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(help: "The table to write.")
  var table = TableName.loadings

  @Option(help: "The number of factors; 'auto' takes what parallel analysis retains.")
  var factors = "auto"

  @Option(help: "The number of reference data sets of parallel analysis.")
  var parallelReplicates = 1_000

  @Option(help: "minres (default), principal-axis or maximum-likelihood.")
  var extraction = FactorExtraction.minres

  @Option(
    help: """
      none, varimax, quartimax, promax, oblimin (default), geomin, or target: items load as little \
      as can be on other --dimensions than theirs.
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
      for --table adequacy, which needs the inverse of the matrix).
      """)
  var repair: CorrelationRepair.Method?

  @Flag(help: "Shrink correlations towards zero though their matrix is sound (Schäfer-Strimmer).")
  var shrink = false

  @Option(help: "The weights of factor scores: regression, bartlett or ten-berge.")
  var scores = FactorScores.Method.regression

  @Option(
    help: ArgumentHelp(
      "Dimensions for --table dimensions and --rotation target, a JSON file.", valueName: "file"),
    completion: .file())
  var dimensions: String?

  @Option(help: "The interval: percentile, basic, normal, or feldt for the reliability table.")
  var interval = Interval.percentile

  @Option(
    help: "The same as --replicates; 0 for no bootstrap intervals (of alpha then Feldt's).")
  var bootstrapReplicates: Int?

  var readPaths: [String] { corpus.readPaths + [dimensions].compactMap { $0 } }

  var resampling: ResamplingOptions {
    var options = sampling
    if let bootstrapReplicates, bootstrapReplicates > 0 {
      options.chosenReplicates = bootstrapReplicates
    }
    return options
  }

  func validate() throws {
    try given.check(
      table: table.rawValue, needsPapers: [.scores, .reliability, .items].contains(table))
    guard factors == "auto" || (Int(factors) ?? 0) > 0 else {
      throw ValidationError("--factors takes a number or 'auto', not '\(factors)'.")
    }
    guard starts >= 0, bootstrapReplicates ?? 0 >= 0, maxIterations >= 1, parallelReplicates >= 1
    else {
      throw ValidationError(
        "--starts and --bootstrap-replicates take numbers of 0 or more, --max-iterations and "
          + "--parallel-replicates of 1 or more.")
    }
    if shrink, [.reliability, .items, .eigenvalues, .adequacy, .schmidLeiman].contains(table) {
      throw ValidationError("--shrink is of factors; leave it out of --table \(table.rawValue).")
    }
    if interval == .feldt, table != .reliability {
      throw ValidationError(
        "--interval feldt is one of alpha; it goes with --table reliability.")
    }
  }

  func load() async throws -> LoadedCorpus {
    guard !given.isGiven else { return try given.load(corpus) }
    return try await corpus.load(
      console: output.console, jobs: resampling.jobs, isStrict: output.strict)
  }

  func answer(_ ask: Ask) async throws -> Answer {
    let hasBootstrap =
      !given.isGiven
      && ([.loadings, .communalities, .correlations].contains(table)
        || table == .reliability && interval != .feldt)
    try replicateFile.check(
      drawsReplicates: hasBootstrap && bootstrapReplicates != 0,
      remedy: "the table loadings, communalities, correlations or reliability, with "
        + "--bootstrap-replicates")
    let purpose = try purpose()
    let variables = try given.variables(corpus) ?? association.correlations(for: "factors")
    return try await association.answering(of: ask.study) {
      switch table {
      case .reliability, .items: try await reliability(variables, ask)
      case .adequacy, .schmidLeiman: try await ofMatrix(variables, ask)
      case .eigenvalues: try await eigenvalues(variables, ask)
      default: try await factors(variables, purpose, ask)
      }
    }
  }

  /// The method of extraction and rotation; the number of factors is chosen by the analysis.
  var factorMethod: FactorAnalysis {
    FactorAnalysis(
      factors: 1, extraction: extraction,
      rotation: Rotation(
        rotation.criterion, isKaiserNormalized: kaiser, randomStarts: starts,
        seed: resampling.seed), maximumIterations: maxIterations)
  }

  /// Reads the dimensions, if the table or the rotation needs them.
  private func purpose() throws(CommandFailure) -> Factors.Purpose? {
    let isTested = table == .dimensions
    guard isTested || rotation == .target else {
      guard dimensions == nil else {
        throw CommandFailure(
          .usage, "--dimensions goes with --table dimensions or --rotation target")
      }
      return nil
    }
    guard let path = dimensions else {
      throw CommandFailure(
        .usage, "--table dimensions and --rotation target need --dimensions FILE.json")
    }
    let groups: Dimensions = try JSONFile.decode(path)
    return isTested ? .test(groups) : .target(groups)
  }
}
