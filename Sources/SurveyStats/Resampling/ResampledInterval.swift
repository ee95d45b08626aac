/// A kind of bootstrap interval, by the name it has on the command line.
public enum ResampledInterval: String, Sendable, CaseIterable {
  /// Quantiles of the replicates.
  case percentile
  /// Quantiles of the replicates, reflected at the estimate.
  case basic
  /// Normal limits with the bias and standard error of the replicates.
  case normal
  /// Bias-corrected and accelerated quantiles.
  case bca
  /// Bootstrap-t, with a standard error of every replicate.
  case studentized

  /// The name in tables.
  public var method: MethodName { MethodName(rawValue: rawValue) }

  /// The interval, where it needs nothing but the replicates; `nil` for BCa and studentized.
  public var ofReplicatesAlone: BootstrapInterval? {
    switch self {
    case .percentile: .percentile
    case .basic: .basic
    case .normal: .normal
    case .bca, .studentized: nil
    }
  }
}
