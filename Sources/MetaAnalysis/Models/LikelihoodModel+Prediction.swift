import RealModule
import SurveyStats

extension LikelihoodModel {
  /// The scale of the half-Cauchy distribution by which a standard deviation between studies is weighed, on
  /// that of logits and logarithms.
  static let predictionScale = 1.0

  /// Where the effect of a further study is expected.
  ///
  /// τ is not taken as known: with few studies or few events its estimate is often zero where studies
  /// differ. Given τ the effect of a further study is normal about the estimate, with the variances of both;
  /// τ is weighed by its likelihood, that of the mean integrated out by Laplace's approximation, and by a
  /// half-Cauchy distribution of scale 1. The interval holds the middle of that mixture, and never less than
  /// the interval of the estimate. Cost: some thirty fits at one τ.
  ///
  /// Reference: Higgins, Thompson & Spiegelhalter (2009), *JRSS A* 172:137, section 4.
  func prediction(
    _ fit: MetaFit, _ studies: StudyEffects
  ) throws(MetaError) -> (lower: Double, upper: Double)? {
    guard fit.studyCount > 2, fit.qDegreesOfFreedom > 0, !fit.isAtEnd, fit.coefficients.count == 1
    else { return nil }
    let known = fit.positions.compactMap { studies.counts[$0].flatMap(StudyLikelihood.init) }
    let search = LikelihoodSearch(NormalMixture(known, design: nil))
    var start = fit.coefficients
    func point(_ tau: Double) throws(MetaError) -> LikelihoodSearch.Maximum {
      let found = try search.highest(at: tau, from: start, gain: 1e-6)
      start = found.coefficients
      return found
    }
    // The range of τ that matters, then nodes within it, even in the half-Cauchy probability.
    let best = fit.tau2.squareRoot()
    func end(_ sign: Double) throws(MetaError) -> Double {
      var distance = max(0.25, best / 4)
      start = fit.coefficients
      while true {
        let tau = min(max(best + sign * distance, 0), Self.greatestTau)
        if tau == 0 || tau == Self.greatestTau { return tau }
        if try point(tau).height < fit.logLikelihood - 12 { return tau }
        distance *= 2
      }
    }
    let range = (low: try end(-1), high: try end(1))
    func share(_ tau: Double) -> Double { Double.atan(tau / Self.predictionScale) }
    let (low, high) = (share(range.low), share(range.high))
    var parts: [(weight: Double, mean: Double, deviation: Double)] = []
    start = fit.coefficients
    guard let rule = Self.rule else { return nil }
    for (node, weight) in zip(rule.nodes, rule.weights) {
      let tau = Self.predictionScale * Double.tan(low + (high - low) * node)
      let found = try point(tau)
      let variance = 1 / max(-found.hessian[0, 0], 1e-12)
      let own = Double.exp(found.height - fit.logLikelihood) * variance.squareRoot() * weight
      guard own > 0, !found.isInfinite else { continue }
      parts.append((own, found.coefficients[0], (tau * tau + variance).squareRoot()))
    }
    let whole = parts.reduce(0) { $0 + $1.weight }
    guard whole > 0 else { return nil }
    let tail = ConfidenceLevel.tail(level) * whole
    let ends = parts.map { (low: $0.mean - 40 * $0.deviation, high: $0.mean + 40 * $0.deviation) }
    let bounds = (ends.map(\.low).min() ?? 0)...(ends.map(\.high).max() ?? 0)
    func quantile(_ sign: Double) -> Double? {
      Brent.root(in: bounds, tolerance: 1e-9) { value in
        parts.reduce(-tail) {
          $0 + $1.weight * Normal().survival(sign * (value - $1.mean) / $1.deviation)
        }
      }
    }
    guard let lower = quantile(-1), let upper = quantile(1) else { return nil }
    let own = fit.estimate(ofCoefficient: 0)
    return (min(lower, own.lower ?? lower), max(upper, own.upper ?? upper))
  }

  private static let rule = try? GaussLegendre(count: 20)
}
