import RealModule
public import SurveyStats

/// The effect of studies of infinite precision, when effects may depend on the standard error.
///
/// In the model `yᵢ = β + √(vᵢ + τ²) (εᵢ + α)` a study without sampling error expects β + τα. β and α are
/// slope and intercept of a regression of y/√(v + τ²) on 1/√(v + τ²). `dispersion` is G², the share of the
/// variability of the limit effects that the line leaves.
///
/// Reference: Rücker, Schwarzer, Carpenter, Binder & Schumacher (2011), *Biostatistics* 12:122, section 4.
public struct LimitMetaAnalysis: Sendable, Equatable {
  /// The adjusted effect β + τα with normal limits.
  public let effect: Estimate
  /// The intercept α of the regression.
  public let bias: Double
  /// Q of small-study effects, with one degree of freedom.
  public let q: Double
  /// Its p-value.
  public let pValue: Double
  /// G², from 0 to 1.
  public let dispersion: Double

  /// Adjusts effects; τ² comes from the fit without bias.
  init(
    _ effects: [Double], variances: [Double], model: RandomEffects
  ) throws(MetaError) {
    let count = effects.count
    guard count >= 3 else { throw .tooFewStudies(studies: count, coefficients: 2) }
    let fit = try RandomEffects(method: model.method, test: .normal, level: model.level).fit(
      effects, variances: variances)
    let total = variances.map { ($0 + fit.tau2).squareRoot() }
    guard let general = RadialLine(effects, total),
      let plain = RadialLine(effects, variances.map { $0.squareRoot() })
    else { throw .collinear }
    let slope = general.slope
    let limits = effects.indices.map {
      slope + (fit.tau2.squareRoot() / total[$0]) * (effects[$0] - slope)
    }
    guard let shrunk = RadialLine(limits, variances.map { $0.squareRoot() }) else {
      throw .collinear
    }
    let value = slope + fit.tau2.squareRoot() * general.intercept
    let precisions = variances.map { 1 / $0.squareRoot() }
    let mean = precisions.reduce(0, +) / Double(count)
    let spread = precisions.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = 1 / spread.squareRoot()
    let z = Normal().upperQuantile(ConfidenceLevel.tail(model.level))
    effect = Estimate(
      value, standardError: error, lower: value - z * error, upper: value + z * error,
      level: model.level, method: MethodName(rawValue: "z"), count: count)
    bias = general.intercept
    q = max(0, fit.q - plain.residual)
    pValue = ChiSquared(degreesOfFreedom: 1).survival(q)
    dispersion = shrunk.total > 0 ? shrunk.residual / shrunk.total : 0
  }
}

/// The least-squares line of y/s on 1/s.
private struct RadialLine {
  let slope: Double
  let intercept: Double
  /// The sum of squared residuals, and that around the mean.
  let residual: Double
  let total: Double

  init?(_ effects: [Double], _ errors: [Double]) {
    let x = errors.map { 1 / $0 }
    let y = zip(effects, errors).map { $0 / $1 }
    let (meanX, meanY) = (
      x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count)
    )
    let (sxx, sxy, syy) = zip(x, y).reduce((0.0, 0.0, 0.0)) { sums, point in
      let (a, b) = (point.0 - meanX, point.1 - meanY)
      return (sums.0 + a * a, sums.1 + a * b, sums.2 + b * b)
    }
    guard sxx > 1e-18 * meanX * meanX * Double(x.count) else { return nil }
    slope = sxy / sxx
    intercept = meanY - slope * meanX
    total = syy
    residual = zip(x, y).reduce(0) {
      let rest = $1.1 - meanY - sxy / sxx * ($1.0 - meanX)
      return $0 + rest * rest
    }
  }
}
