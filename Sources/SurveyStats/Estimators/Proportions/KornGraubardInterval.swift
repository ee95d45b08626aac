/// The Korn-Graubard confidence interval for a proportion from clustered or weighted papers.
///
/// Clopper-Pearson limits with an effective sample size in the place of the sample size (Korn and
/// Graubard 1998, section 2): `n_e = p (1 - p) / se² · (t(n - 1) / t(d))²`, where `t(k)` is the
/// quantile of the level of Student's t with `k` degrees of freedom and `d` is the number of
/// clusters less the number of strata. It is used with `p n_e` successes in `n_e` trials. `n_e` is
/// never taken larger than `n`, so that negative intraclass correlation does not narrow the
/// interval. A proportion of 0 or 1 has no standard error of its own, and then `n_e` is `n`, which
/// is too hopeful if papers of one cluster are alike.
public struct KornGraubardInterval: Sendable, Equatable {
  /// The estimated proportion.
  public let proportion: Double
  /// Its standard error, which takes the clusters into account.
  public let standardError: Double
  /// The number of papers to which the item applies.
  public let trials: Int
  /// The number of clusters less the number of strata.
  public let degreesOfFreedom: Int

  /// Describes an estimated proportion.
  ///
  /// - Parameters:
  ///   - proportion: From 0 to 1.
  ///   - standardError: Finite, not negative.
  ///   - trials: The number of papers to which the item applies.
  ///   - clusters: The number of clusters with at least one such paper.
  ///   - strata: The number of strata with at least one such paper.
  public init(
    proportion: Double, standardError: Double, trials: Int, clusters: Int, strata: Int = 1
  ) {
    precondition(proportion >= 0 && proportion <= 1, "not a proportion")
    precondition(
      standardError >= 0 && standardError < .infinity,
      "the standard error must be finite and not negative")
    self.proportion = proportion
    self.standardError = standardError
    self.trials = trials
    degreesOfFreedom = clusters - strata
  }

  /// The effective sample size, or nil with fewer than two papers or no degrees of freedom.
  public func effectiveTrials(level: Double) -> Double? {
    precondition(level > 0 && level < 1, "the level must lie between 0 and 1")
    guard trials >= 2 && degreesOfFreedom >= 1 else { return nil }
    let variance = standardError * standardError
    let binomialVariance = proportion * (1 - proportion)
    guard variance > 0 && binomialVariance > 0 else { return Double(trials) }
    let tail = (1 - level) / 2
    let papers = StudentT(degreesOfFreedom: Double(trials - 1)).upperQuantile(tail)
    let clusters = StudentT(degreesOfFreedom: Double(degreesOfFreedom)).upperQuantile(tail)
    let ratio = papers / clusters
    return min(Double(trials), binomialVariance / variance * ratio * ratio)
  }

  /// The limits, or nil with fewer than two papers or no degrees of freedom.
  public func limits(level: Double) -> (lower: Double, upper: Double)? {
    guard let size = effectiveTrials(level: level) else { return nil }
    return ProportionInterval.clopperPearson.limits(
      successes: proportion * size, trials: size, level: level)
  }
}
