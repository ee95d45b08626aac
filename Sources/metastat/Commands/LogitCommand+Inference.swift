import SurveyStats

/// Weights, standard errors, and what is said about them.
extension LogitCommand {
  /// Papers without any weight stand for nothing.
  static var zeroWeights: CommandFailure {
    CommandFailure(
      .estimation, "all papers have the weight 0, so that nothing can be fitted; see --unweighted")
  }

  /// Says how many papers have no weight.
  func sayZeroWeights(of matrix: BinaryMatrix, console: Console) {
    guard !resampling.unweighted else { return }
    let zeros = matrix.papers.count { $0.weight == 0 }
    if zeros > 0 { console.note("\(zeros) papers have the weight 0 and take no part") }
  }

  /// Says which standard errors clusters and weights ask for.
  func sayErrors(_ errors: CovarianceType, console: Console) {
    guard se == nil, [.auto, .wald].contains(interval), errors != .model else { return }
    if errors.needsClusters {
      console.note(
        resampling.cluster.map { "standard errors are CR2 by '\($0)'; --se chooses others" }
          ?? "some papers have several scans, standard errors are CR2 by paper")
    } else {
      console.note("papers are weighted, standard errors are HC3")
    }
  }

  /// What a question that cannot be asked is called on the command line.
  func refusal(_ failure: Logits.Failure, console: Console) -> CommandFailure {
    switch failure {
    case .formula(.variable(let reason)): CommandFailure(reason, option: "--on", in: corpus)
    case .formula(let reason): CommandFailure(.usage, "--on: \(reason)")
    case .condition(let name, let reason):
      CommandFailure(reason, option: "--outcome '\(name)'", in: corpus)
    case .noItem(let name): CommandFailure(.usage, "--outcome: there is no item '\(name)'")
    case .offset(let reason): CommandFailure(reason, option: "--offset", in: corpus)
    case .missingOffset(let column, let count):
      CommandFailure(
        .usage, "--offset: \(count) papers have no '\(column)'; every paper needs one")
    case .zeroWeights: Self.zeroWeights
    case .wildWithoutClusters:
      CommandFailure(.usage, "--interval wild is of clusters; add --cluster COLUMN")
    case .profileOfClusters:
      CommandFailure(
        .usage,
        "--interval profile knows nothing of several scans of a paper; choose one version with "
          + "--instrument, or leave out --interval")
    case .interval(let name): CommandFailure(.usage, "--interval \(name) is not of logit")
    case .nothingFitted(let errors):
      Self.nothingFitted(errors, console: console)
    }
  }

  /// Why there is no fit: a formula that names its own outcomes makes no sense.
  static func nothingFitted(
    _ errors: [LogisticRegressionError], console: Console
  ) -> CommandFailure {
    for error in errors { console.warning("\(error)") }
    let isOwn = errors.allSatisfy { error in
      if case .ownPredictor = error { return true }
      return false
    }
    return CommandFailure(isOwn ? .usage : .estimation, "no outcome could be fitted")
  }
}
