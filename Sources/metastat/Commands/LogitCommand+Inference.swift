import SurveyStats

/// Weights, offsets, standard errors and intervals.
extension LogitCommand {
  /// The weights of the papers, unless all are equal.
  func weights(of matrix: BinaryMatrix) -> [Double]? {
    let weights = matrix.papers.map { $0.weight ?? 1 }
    return resampling.unweighted || Set(weights).count < 2 ? nil : weights
  }

  /// The offset of every paper.
  func offsets(of matrix: BinaryMatrix) throws(CommandFailure) -> [Double]? {
    guard let offset else { return nil }
    let values: [Double?]
    do throws(VariableError) {
      values = try matrix.variables.numbers(offset)
    } catch { throw CommandFailure(error, option: "--offset", in: corpus) }
    let missing = values.count { $0 == nil }
    guard missing == 0 else {
      throw CommandFailure(
        .usage, "--offset: \(missing) papers have no '\(offset)'; every paper needs one")
    }
    return values.map { $0 ?? 0 }
  }

  /// How intervals and tests are made, with a bootstrap where one is asked for.
  func inference(
    _ fits: [LogisticFit], loaded: LoadedCorpus, console: Console
  ) async throws -> LogisticInference {
    let matrix = loaded.matrix
    let clusters = try resampling.clusters(of: matrix)
    let errors = resampling.errors(
      se, clusters: clusters, isWeighted: weights(of: matrix) != nil,
      console: [.auto, .wald].contains(interval) ? console : nil)
    let method: BootstrapInterval
    switch interval {
    case .auto, .wald, .profile:
      let kind: LogisticInference.Interval =
        interval == .auto ? .automatic : interval == .wald ? .wald : .profile
      return LogisticInference(
        interval: kind, covarianceType: interval == .profile ? .model : errors, clusters: clusters,
        level: resampling.level)
    case .percentile: method = .percentile
    case .basic: method = .basic
    case .normal: method = .normal
    }
    let design = try resampling.design(of: matrix)
    let sample = try await resampling.sample(
      LogisticStatistic(fits, design: design), design: design, console: console)
    return LogisticInference(
      interval: .bootstrap(sample, method), covarianceType: errors, clusters: clusters,
      level: resampling.level)
  }
}
