/// The limits of a bootstrap confidence interval, and how they came about.
public struct BootstrapLimits: Sendable, Equatable {
  /// The lower limit; it may lie outside the range of the statistic (basic, normal).
  public var lower: Double
  /// The upper limit; it may lie outside the range of the statistic (basic, normal).
  public var upper: Double
  /// The bias correction `z0` (BCa only).
  public var biasCorrection: Double?
  /// The acceleration `a` (BCa only).
  public var acceleration: Double?
  /// The number of replicates used.
  public var replicates: Int
  /// The number of replicates left out because they were undefined.
  ///
  /// If it is not zero, the limits are those of the distribution given that the statistic is
  /// defined, and should be labelled so.
  public var undefinedReplicates: Int
  /// Whether a limit is the smallest or largest replicate, so that more replicates are needed.
  public var usesExtremeReplicates: Bool
  /// The standard error of the lower limit for want of more replicates; nil for normal intervals.
  ///
  /// For BCa it is the error at the adjusted level, taking that level as known.
  var lowerMonteCarloError: Double?
  /// The standard error of the upper limit for want of more replicates; nil for normal intervals.
  var upperMonteCarloError: Double?
}
