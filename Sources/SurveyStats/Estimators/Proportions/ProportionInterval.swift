import RealModule

/// A confidence interval for a proportion from independent trials.
///
/// Estimated is the probability of success `p` from `x` successes in `n` trials. Both may be real
/// numbers, so that effective sample sizes of weighted or clustered data can be used; cells that
/// do not apply must be left out of both. Below, `z` is the normal quantile of the level, `a` is
/// one minus the level, `p = x/n`, `q = 1 - p`. All limits lie in [0, 1], the limits of `n - x` are
/// those of `x` mirrored, and intervals of a higher level contain those of a lower one.
public enum ProportionInterval: String, Sendable, CaseIterable {
  /// The score interval: the proportions that the score test does not reject.
  ///
  /// `(p + z²/2n ± z √(pq/n + z²/4n²)) / (1 + z²/n)` (Wilson 1927). The lower limit is exactly 0
  /// without successes and the upper limit exactly 1 without failures.
  case wilson
  /// The exact interval: both tails of the binomial test hold at most `a/2`.
  ///
  /// Beta quantiles `B(a/2; x, n - x + 1)` and `B(1 - a/2; x + 1, n - x)`; 0 without successes, 1
  /// without failures (Clopper and Pearson 1934). Never covers less than the level says.
  case clopperPearson
  /// The equal-tailed credible interval under Jeffreys' prior.
  ///
  /// Beta quantiles `B(a/2; x + 1/2, n - x + 1/2)` and the same of `1 - a/2`, except that the lower
  /// limit is 0 without successes and the upper limit 1 without failures (Brown, Cai and DasGupta
  /// 2001, section 4.3).
  case jeffreys
  /// The normal interval around a proportion with `z²/2` successes and failures added.
  ///
  /// Agresti and Coull (1998). It contains the Wilson interval; where it leaves [0, 1] it is cut.
  case agrestiCoull
  /// The textbook normal interval `p ± z √(pq/n)`, cut to [0, 1]; for comparison only.
  ///
  /// It has no width without successes or without failures, and covers far too little nearby.
  case wald
  /// The exact interval with half of the probability of `x` itself in each tail.
  ///
  /// The lower limit solves `P(X > x) + P(X = x)/2 = a/2`, the upper one `P(X < x) + P(X = x)/2 =
  /// a/2`, with 0 without successes and 1 without failures (Lancaster 1961). Binomial tails are
  /// taken as incomplete beta functions, so that real `x` and `n` work.
  case midP
  /// The proportions whose log likelihood is at most `z²/2` below the greatest one.
  case likelihoodRatio

  /// The limits, or nil without trials.
  ///
  /// Cost: a few arithmetic operations for the closed forms, some microseconds for the others.
  ///
  /// - Parameters:
  ///   - successes: Successes, from 0 to `trials` (a rounding error beyond is forgiven).
  ///   - trials: Trials, finite, not negative.
  ///   - level: The confidence level, between 0 and 1, such as 0.95.
  public func limits(
    successes: Double, trials: Double, level: Double
  ) -> (lower: Double, upper: Double)? {
    precondition(level > 0 && level < 1, "the level must lie between 0 and 1")
    precondition(trials >= 0 && trials < .infinity, "trials must be finite and not negative")
    precondition(
      successes >= -1e-9 * trials && successes <= trials * (1 + 1e-9),
      "successes must not exceed trials")
    guard trials > 0 else { return nil }
    let x = min(max(successes, 0), trials)
    let tail = (1 - level) / 2
    return (
      lowerLimit(x, trials - x, tail: tail).limit, lowerLimit(trials - x, x, tail: tail).complement
    )
  }

  /// The lower limit and one minus it; the upper limit is the mirrored lower one.
  private func lowerLimit(
    _ x: Double, _ failures: Double, tail: Double
  ) -> (limit: Double, complement: Double) {
    if x == 0 { return (0, 1) }
    let n = x + failures
    switch self {
    case .wilson:
      let z = Normal().upperQuantile(tail)
      let root = z * (x * (failures / n) + z * z / 4).squareRoot()
      // The quadratic formula without the difference that would cancel for rare successes.
      return (
        x * (x / n) / (x + z * z / 2 + root), (failures + z * z / 2 + root) / (n + z * z)
      )
    case .clopperPearson:
      return Self.limit(IncompleteBeta(x, failures + 1), tail)
    case .jeffreys:
      return Self.limit(IncompleteBeta(x + 0.5, failures + 0.5), tail)
    case .agrestiCoull:
      let z = Normal().upperQuantile(tail)
      let added = z * z / 2
      return Self.normalLimit(x + added, failures + added, z)
    case .wald:
      return Self.normalLimit(x, failures, Normal().upperQuantile(tail))
    case .midP:
      return Self.midPLimit(x, failures, tail)
    case .likelihoodRatio:
      let z = Normal().upperQuantile(tail)
      return Self.likelihoodLimit(x, failures, z)
    }
  }

  private static func limit(
    _ beta: IncompleteBeta, _ tail: Double
  ) -> (limit: Double, complement: Double) {
    let (x, y) = beta.inverse(TailProbabilities(lower: tail))
    return (x, y)
  }

  private static func normalLimit(
    _ x: Double, _ failures: Double, _ z: Double
  ) -> (limit: Double, complement: Double) {
    let n = x + failures
    let halfWidth = z * (x / n * (failures / n) / n).squareRoot()
    return (max(0, x / n - halfWidth), min(1, failures / n + halfWidth))
  }

  /// Solves `I_p(x, f + 1) + I_p(x + 1, f) = 2 tail`, starting at the Clopper-Pearson limit.
  private static func midPLimit(
    _ x: Double, _ failures: Double, _ tail: Double
  ) -> (limit: Double, complement: Double) {
    if failures == 0 {
      let logarithm = Double.log(2 * tail) / x
      return (.exp(logarithm), -.expMinusOne(logarithm))
    }
    let atLeast = IncompleteBeta(x, failures + 1)
    let more = IncompleteBeta(x + 1, failures)
    let start = atLeast.inverse(TailProbabilities(lower: tail)).x
    let equation = TailEquation(target: tail, isIncreasing: true, upperBound: 1)
    let limit = equation.solve(from: start) { p in
      let q = 1 - p
      return (
        (atLeast.tails(p).lower + more.tails(p).lower) / 2,
        (atLeast.kernel(p, complement: q) + more.kernel(p, complement: q)) / 2 / q
      )
    }
    return (limit, 1 - limit)
  }

  /// Solves `likelihood(p) = exp(-z²/2)` below the greatest likelihood, which is one.
  private static func likelihoodLimit(
    _ x: Double, _ failures: Double, _ z: Double
  ) -> (limit: Double, complement: Double) {
    let n = x + failures
    if failures == 0 {
      let logarithm = -z * z / 2 / n
      return (.exp(logarithm), -.expMinusOne(logarithm))
    }
    let beta = IncompleteBeta(x, failures)
    let equation = TailEquation(
      target: .exp(-z * z / 2), isIncreasing: true, upperBound: x / n)
    let start = x * (x / n) / (x + z * z)
    let limit = equation.solve(from: start) { p in
      let likelihood = beta.relativeKernel(p, complement: 1 - p)
      return (likelihood, likelihood * (x - failures * (p / (1 - p))))
    }
    return (limit, 1 - limit)
  }
}
