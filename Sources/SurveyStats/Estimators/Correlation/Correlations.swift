/// Which variables go together: the coefficients of all pairs, with limits and tests.
///
/// Pairs that cannot be estimated have the reason in their note; see ``PairwiseAssociations``.
public struct Correlations: Analysis {
  /// How limits are made.
  public enum Interval: Sendable, Hashable {
    /// From the tables of the pairs, or linearised under a design.
    case analytic
    /// From bootstrap replicates; percentile, basic, normal or BCa.
    case resampled(ResampledInterval)
  }

  /// The variables.
  public var variables: CorrelatedVariables
  /// How limits are made.
  public var interval: Interval
  /// The confidence level.
  public var level: Double

  /// The coefficients of all pairs.
  public struct Result: Sendable {
    /// The values.
    public let values: CorrelatedValues
    /// The pairs with their analytic intervals.
    public let associations: PairwiseAssociations
    /// Estimates whose limits replace them, one a pair.
    public let intervals: [Estimate]?
    /// Standard errors that replace the analytic ones, one a pair.
    let standardErrors: [Double?]?

    /// Whether any pair has a coefficient.
    public var hasCoefficient: Bool {
      associations.pairs.contains { $0.association.estimate != nil }
    }

    /// One row a pair; see ``PairwiseAssociations/table(adjustment:intervals:standardErrors:)``.
    public func table(adjustment: PValueAdjustment = .holm) -> Table {
      associations.table(
        adjustment: adjustment, intervals: intervals, standardErrors: standardErrors)
    }
  }

  /// Asks for the coefficients of all pairs.
  public init(
    _ variables: CorrelatedVariables = CorrelatedVariables(), interval: Interval = .analytic,
    level: Double = 0.95
  ) {
    self.variables = variables
    self.interval = interval
    self.level = level
  }

  /// All features of a sample are honoured.
  public func handling(of feature: SamplingFeature) -> Handling { .honoured }

  /// Estimates, and says which replicates are wanted.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let values = try variables.values(of: sample)
    let associations = values.associations(level: level)
    let plain = Result(
      values: values, associations: associations, intervals: nil, standardErrors: nil)
    guard plain.hasCoefficient, case .resampled(let interval) = interval,
      interval == .bca || interval.ofReplicatesAlone != nil
    else { return Prepared(draws: []) { _ in plain } }
    let statistic = values.statistic()
    let draw = Draw(terms: associations.terms, statistic, values.design)
    return Prepared(draws: [draw]) { [level] samples in
      guard let sample = samples.first else { return plain }
      let accelerations: [Double?]? =
        interval == .bca
        ? try await statistic.accelerations(
          stratumSizes: values.design.stratumSizes, jobs: run.jobs) : nil
      let intervals = associations.pairs.indices.map { pair in
        let method =
          interval.ofReplicatesAlone ?? .bca(acceleration: accelerations?[pair] ?? .nan)
        return sample.estimate(of: pair, by: method, level: level)
      }
      // A standard error of the few replicates that are defined would be as doubtful as their limits.
      let errors = intervals.indices.map { index in
        intervals[index].limits == nil ? nil : sample.standardError(of: index)
      }
      return Result(
        values: values, associations: associations, intervals: intervals, standardErrors: errors)
    }
  }
}
