import RealModule

/// A method that turns bootstrap replicates into a confidence interval.
///
/// With the estimate `t`, the replicates `t*(1) ... t*(B)` and the probability `α` of each tail,
/// and with quantiles `q` of the replicates at `(B + 1) p` interpolated on the normal scale
/// (Davison and Hinkley 1997, equation 5.8; the rule of R's `boot`). Replicates that are not
/// finite are left out and counted; there is no interval if they are more than 5 percent, nor if
/// all others are equal. Limits are not clipped to the range of the statistic.
public enum BootstrapInterval: Sendable, Equatable {
  /// `t - b ∓ z s` with the bias `b` and the standard deviation `s` of the replicates.
  case normal
  /// `2t - q(1 - α)` and `2t - q(α)`.
  case basic
  /// `q(α)` and `q(1 - α)`.
  case percentile
  /// Bias-corrected and accelerated (Efron 1987).
  ///
  /// `q(Φ(z0 + (z0 + z) / (1 - a (z0 + z))))` with `z = ∓ z(1 - α)`, where `Φ(z0)` is the share of
  /// replicates below the estimate and `a` the acceleration.
  case bca(acceleration: Double, ties: TieRule = .half)
  /// `t - s q(1 - α)` and `t - s q(α)` with the quantiles of `(t* - t) / s*`.
  ///
  /// Every replicate brings its own standard error `s*`. On a transformed scale both `t` and `s`
  /// are transformed (`s` by the delta method) and the limits are transformed back. Replicates
  /// without a positive standard error are undefined.
  case studentized(
    standardError: Double, replicateStandardErrors: [Double], scale: Scale = .identity)

  /// How replicates that equal the estimate enter the bias correction.
  public enum TieRule: Sendable, Equatable {
    /// One half of them is below; equal means within `1e-10 max(1, |t|)`.
    ///
    /// Statistics of counts are discrete, and calling all ties "not below" shifts their intervals.
    case half
    /// None of them is below, as in R's `boot`.
    case strict
  }

  /// The scale on which a studentized interval is formed.
  public enum Scale: Sendable, Equatable {
    /// The scale of the statistic.
    case identity
    /// The logit, for statistics between 0 and 1; replicates of exactly 0 or 1 are undefined.
    case logit
  }

  /// The largest share of undefined replicates that is accepted.
  static let greatestUndefinedShare = 0.05

  /// The limits of the interval.
  ///
  /// Cost: a few passes over the replicates, without sorting them; about 2 ns a replicate.
  ///
  /// - Parameters:
  ///   - estimate: The statistic of the sample.
  ///   - replicates: The statistic of every resample; NaN where it is undefined.
  ///   - level: The confidence level, between 0 and 1, such as 0.95.
  public func limits(
    estimate: Double, replicates: [Double], level: Double
  ) throws(IntervalFailure) -> BootstrapLimits {
    precondition(level > 0 && level < 1, "the level must lie between 0 and 1")
    guard estimate.isFinite else { throw .undefinedEstimate }
    let tail = (1 - level) / 2
    if case .studentized(let standardError, let replicateStandardErrors, let scale) = self {
      return try Self.studentized(
        estimate, standardError, replicates, replicateStandardErrors, scale, tail)
    }
    let sample = try DefinedReplicates(replicates, near: estimate)
    switch self {
    case .normal:
      return Self.normal(estimate, sample, tail)
    case .basic:
      let quantiles = sample.order.interpolated(at: [1 - tail, tail])
      return sample.limits(quantiles) { 2 * estimate - $0 }
    case .bca(let acceleration, let ties):
      return try Self.bca(estimate, sample, acceleration, ties, tail)
    case .percentile, .studentized:
      return sample.limits(sample.order.interpolated(at: [tail, 1 - tail])) { $0 }
    }
  }

  /// The acceleration `Σd³ / 6 (Σd²)^1.5` of influence values, or nil if they are all zero.
  ///
  /// The influence values must sum to zero (DiCiccio and Efron 1996, equation 6.6). Within strata
  /// they are centred separately.
  public static func acceleration(influence values: [Double]) -> Double? {
    let largest = values.reduce(0) { max($0, abs($1)) }
    guard largest > 0 && largest < .infinity else { return nil }
    var squares = 0.0
    var cubes = 0.0
    for value in values {
      let scaled = value / largest
      squares += scaled * scaled
      cubes += scaled * scaled * scaled
    }
    let acceleration = cubes / (6 * squares * squares.squareRoot())
    return acceleration.isFinite ? acceleration : nil
  }

  /// The acceleration from the statistic without each unit in turn, or nil if it never changes.
  ///
  /// The influence of a unit is the mean of all values less the value without it.
  public static func acceleration(jackknife values: [Double]) -> Double? {
    let mean = values.reduce(0, +) / Double(max(1, values.count))
    return acceleration(influence: values.map { mean - $0 })
  }

  private static func normal(
    _ estimate: Double, _ sample: DefinedReplicates, _ tail: Double
  ) -> BootstrapLimits {
    let (mean, variance) = sample.moments()
    let centre = 2 * estimate - mean
    let halfWidth = Normal().upperQuantile(tail) * variance.squareRoot()
    return BootstrapLimits(
      lower: centre - halfWidth, upper: centre + halfWidth, replicates: sample.order.count,
      undefinedReplicates: sample.undefined, usesExtremeReplicates: false)
  }

  private static func bca(
    _ estimate: Double, _ sample: DefinedReplicates, _ acceleration: Double, _ ties: TieRule,
    _ tail: Double
  ) throws(IntervalFailure) -> BootstrapLimits {
    guard acceleration.isFinite else { throw .undefinedAcceleration }
    let tolerance = ties == .half ? DefinedReplicates.tolerance(near: estimate) : 0
    let counts = sample.compare(with: estimate, within: tolerance)
    let below = Double(counts.below) + (ties == .half ? Double(counts.equal) / 2 : 0)
    let normal = Normal()
    let correction = normal.quantile(below / Double(sample.order.count))
    guard correction.isFinite else { throw .infiniteBiasCorrection }
    let deviate = normal.upperQuantile(tail)
    var probabilities: [Double] = []
    for sum in [correction - deviate, correction + deviate] {
      let denominator = 1 - acceleration * sum
      guard denominator > 0 else { throw .accelerationOutOfRange }
      probabilities.append(normal.cumulativeProbability(correction + sum / denominator))
    }
    var limits = sample.limits(sample.order.interpolated(at: probabilities)) { $0 }
    limits.biasCorrection = correction
    limits.acceleration = acceleration
    return limits
  }

  private static func studentized(
    _ estimate: Double, _ standardError: Double, _ replicates: [Double],
    _ replicateStandardErrors: [Double], _ scale: Scale, _ tail: Double
  ) throws(IntervalFailure) -> BootstrapLimits {
    precondition(
      replicates.count == replicateStandardErrors.count,
      "one standard error a replicate is needed")
    guard standardError > 0 && standardError < .infinity else { throw .noStandardErrors }
    let centre = scale.value(estimate)
    let spread = standardError * scale.slope(estimate)
    guard centre.isFinite && spread.isFinite else { throw .undefinedEstimate }
    var ratios = [Double](repeating: .nan, count: replicates.count)
    for index in ratios.indices where replicateStandardErrors[index] > 0 {
      let replicate = replicates[index]
      ratios[index] =
        (scale.value(replicate) - centre)
        / (replicateStandardErrors[index] * scale.slope(replicate))
    }
    let sample = try DefinedReplicates(ratios, near: 0)
    let quantiles = sample.order.interpolated(at: [1 - tail, tail])
    var limits = sample.limits(quantiles) { scale.inverse(centre - spread * $0) }
    limits.lowerMonteCarloError = quantiles[0].monteCarloError * spread / scale.slope(limits.lower)
    limits.upperMonteCarloError = quantiles[1].monteCarloError * spread / scale.slope(limits.upper)
    return limits
  }
}

extension BootstrapInterval.Scale {
  /// The statistic on this scale; not finite where the scale has no place for it.
  fileprivate func value(_ statistic: Double) -> Double {
    self == .identity ? statistic : .log(statistic / (1 - statistic))
  }

  /// The derivative of the scale.
  fileprivate func slope(_ statistic: Double) -> Double {
    self == .identity ? 1 : 1 / (statistic * (1 - statistic))
  }

  /// The statistic at a point of this scale.
  fileprivate func inverse(_ point: Double) -> Double {
    self == .identity ? point : 1 / (1 + .exp(-point))
  }
}
