/// How the interval of a rate is made.
public enum RateInterval: Sendable, Hashable, CustomStringConvertible {
  /// Wilson limits for single items of papers drawn one by one; Clopper–Pearson limits on the effective
  /// sample size for clusters, Wilson limits on it for weighted papers; for everything else the
  /// studentized bootstrap, or with few papers or rare answers Wilson limits on the effective sample size.
  case automatic
  /// Limits from the binomial distribution, on the effective sample size where cells depend on each
  /// other.
  case analytic(ProportionInterval)
  /// Limits from bootstrap replicates.
  case bootstrap(ResampledInterval)
  /// Percentile limits of infinitely many replicates, worked out without drawing any.
  case exactBootstrap

  /// All intervals, in the order of the help text.
  public static let all: [RateInterval] =
    [.automatic] + ResampledInterval.allCases.map(RateInterval.bootstrap) + [.exactBootstrap]
    + ProportionInterval.allCases.map(RateInterval.analytic)

  /// The name on the command line and in tables.
  public var description: String {
    switch self {
    case .automatic: "auto"
    case .analytic(let interval): interval.name
    case .bootstrap(let interval): interval.rawValue
    case .exactBootstrap: "exact-bootstrap"
    }
  }

  /// The interval of that name.
  public init?(_ name: String) {
    guard let found = RateInterval.all.first(where: { $0.description == name }) else { return nil }
    self = found
  }
}

extension ProportionInterval {
  /// The name on the command line and in tables.
  public var name: String {
    switch self {
    case .wilson: "wilson"
    case .clopperPearson: "clopper-pearson"
    case .jeffreys: "jeffreys"
    case .agrestiCoull: "agresti-coull"
    case .wald: "wald"
    case .midP: "mid-p"
    case .likelihoodRatio: "likelihood-ratio"
    }
  }
}
