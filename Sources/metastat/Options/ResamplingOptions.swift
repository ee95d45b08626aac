import ArgumentParser
import SurveyStats

/// How intervals are made: level, replicates, seed, strata, clusters, weights.
struct ResamplingOptions: ParsableArguments {
  @Option(
    name: .customLong("level"),
    help: "The confidence level, between 0 and 1. (default: 0.95; of the RMSEA 0.9)")
  var chosenLevel: Double?

  /// The confidence level.
  var level: Double { chosenLevel ?? 0.95 }

  @Option(
    name: .customLong("replicates"),
    help: "The number of bootstrap replicates. (default: 9999; of pca and factor 999)")
  var chosenReplicates: Int?

  /// The number of replicates of a command whose replicates are quick.
  var replicates: Int { chosenReplicates ?? 9_999 }

  @Option(help: "The seed of the random numbers.")
  var seed: UInt64 = 1

  @Option(help: "The weights of a replicate: multinomial, poisson or bayesian.")
  var scheme = Bootstrap.Scheme.multinomial

  @Option(
    help: ArgumentHelp(
      "Resample within the groups of COLUMN, whose sizes stay fixed.", valueName: "column"),
    completion: .names(.variables))
  var stratify: String?

  @Option(
    help: ArgumentHelp(
      "Resample whole clusters of papers that share a value of COLUMN.", valueName: "column"),
    completion: .names(.variables))
  var cluster: String?

  @Flag(help: "Ignore the 'weight' column.")
  var unweighted = false

  @OptionGroup var tasks: JobsOption

  /// The number of tasks that work at a time.
  var jobs: Int { tasks.jobs }

  func validate() throws {
    guard ConfidenceLevel.isTaken(level) else {
      throw ValidationError(
        "--level takes a number between 0 and 1, such as 0.95, and at most "
          + "\(ConfidenceLevel.greatest), not \(level).")
    }
    guard replicates >= 1, replicates <= 10_000_000 else {
      throw ValidationError("--replicates takes a number from 1 to 10000000, not \(replicates).")
    }
  }

  /// Checks that there are enough replicates for the tails that BCa limits may reach into.
  func checkBCa() throws {
    guard replicates >= Self.fewestBCaReplicates else {
      throw ValidationError(
        "--interval bca takes \(Self.fewestBCaReplicates) replicates or more, not \(replicates).")
    }
  }

  /// With fewer replicates BCa limits would rest on a handful of extreme ones.
  static let fewestBCaReplicates = 1_999

  /// How the papers were sampled.
  var plan: SamplingPlan {
    SamplingPlan(stratum: stratify, cluster: cluster, usesWeights: !unweighted)
  }

  /// How replicates are drawn.
  var run: Run { Run(seed: seed, replicates: chosenReplicates, scheme: scheme, jobs: jobs) }

  /// The sampling design of the papers of a matrix.
  func design(of matrix: BinaryMatrix) throws(CommandFailure) -> SamplingDesign {
    do throws(SamplingPlan.PlanError) {
      return try plan.design(of: matrix)
    } catch { throw CommandFailure(error) }
  }

  /// The sampling design with every paper counting once, for estimates that do not use weights.
  func unweightedDesign(of matrix: BinaryMatrix) throws(CommandFailure) -> SamplingDesign {
    var plan = plan
    plan.usesWeights = false
    plan.sharesRaters = false
    do throws(SamplingPlan.PlanError) {
      return try plan.design(of: matrix)
    } catch { throw CommandFailure(error) }
  }

  /// The cluster of every paper: of `--cluster`, else the papers of several scans; `nil` when every
  /// paper stands for itself.
  func clusters(of matrix: BinaryMatrix) throws(CommandFailure) -> [String]? {
    do throws(VariableError) {
      return try matrix.clusters(of: cluster)
    } catch { throw CommandFailure(error, option: "--cluster") }
  }

  /// Refuses standard errors that do not go with the clusters.
  func validate(_ errors: CovarianceType?) throws {
    guard let errors else { return }
    if errors.needsClusters, cluster == nil {
      throw ValidationError("--se \(errors.rawValue) needs --cluster COLUMN.")
    }
    if !errors.needsClusters, cluster != nil {
      throw ValidationError(
        "--se \(errors.rawValue) knows nothing of clusters; take --se CR2, or leave out --cluster.")
    }
  }

  /// The standard errors: those chosen, else what clusters and weights need, which is said.
  func errors(
    _ chosen: CovarianceType?, clusters: [String]?, isWeighted: Bool = false, console: Console?
  ) -> CovarianceType {
    if let chosen { return chosen }
    if clusters != nil {
      console?.note(
        cluster == nil
          ? "some papers have several scans, standard errors are CR2 by paper"
          : "standard errors are CR2 by '\(cluster ?? "")'; --se chooses others")
      return .cr2
    }
    if isWeighted { console?.note("papers are weighted, standard errors are HC3") }
    return isWeighted ? .hc3 : .model
  }

  /// Replicates of a statistic under the options, with a progress bar; as many as the options say
  /// unless a command has a number of its own.
  func sample(
    _ statistic: some Statistic, design: SamplingDesign, replicates: Int? = nil, console: Console
  ) async throws -> BootstrapSample {
    let replicates = replicates ?? self.replicates
    let bar = ProgressBar("bootstrap", total: replicates, console: console)
    defer { bar.finish() }
    return try await Bootstrap(
      design: design, scheme: scheme, replicates: replicates, seed: seed, jobs: jobs
    )(statistic) { bar.advance($0) }
  }
}

extension Bootstrap.Scheme: ExpressibleByArgument {}

extension CommandFailure {
  /// A design that the papers do not allow.
  init(_ error: SamplingPlan.PlanError) {
    switch error {
    case .stratum(let error): self.init(error, option: "--stratify")
    case .cluster(let error): self.init(error, option: "--cluster")
    case .impossible(let reason): self.init(.usage, reason.description)
    }
  }
}
