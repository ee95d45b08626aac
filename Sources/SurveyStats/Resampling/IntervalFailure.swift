/// Why there is no bootstrap interval.
public enum IntervalFailure: Error, Equatable, Sendable {
  /// The statistic of the sample itself is undefined.
  case undefinedEstimate
  /// Too large a share of the replicates is undefined; the limit is 5 percent.
  case tooManyUndefinedReplicates(share: Double)
  /// There are fewer than two replicates.
  case tooFewReplicates
  /// All replicates are equal, so that they say nothing about the uncertainty.
  case allReplicatesEqual
  /// The estimate lies beyond all replicates.
  case infiniteBiasCorrection
  /// The acceleration is undefined: the influence values are all zero, or not known.
  case undefinedAcceleration
  /// The acceleration is too large for the level: `1 - a(z0 + z)` is not positive.
  case accelerationOutOfRange
  /// The estimate has no positive standard error.
  case noStandardErrors
}

extension IntervalFailure: CustomStringConvertible {
  /// The reason in one phrase.
  public var description: String {
    switch self {
    case .undefinedEstimate: "the estimate is undefined"
    case .tooManyUndefinedReplicates(let share):
      "\((share * 1000).rounded() / 10) percent of the replicates are undefined"
    case .tooFewReplicates: "fewer than two replicates"
    case .allReplicatesEqual: "all replicates are equal"
    case .infiniteBiasCorrection: "the estimate lies beyond all replicates"
    case .undefinedAcceleration: "the acceleration is undefined"
    case .accelerationOutOfRange: "the acceleration is too large for this level"
    case .noStandardErrors: "the estimate has no positive standard error"
    }
  }
}
