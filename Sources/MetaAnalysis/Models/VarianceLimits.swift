import RealModule
import SurveyStats

/// How limits of the variance between studies are made.
public enum VarianceInterval: String, Sendable, CaseIterable {
  /// Where the generalised Q is a quantile of χ² (Viechtbauer 2007, *Statistics in Medicine* 26:37): exact
  /// for normal effects.
  case qProfile = "q-profile"
  /// Where the (restricted) profile likelihood has fallen by half a quantile of χ² (Hardy & Thompson 1996,
  /// *Statistics in Medicine* 15:619).
  case profileLikelihood = "profile"
}

extension MarginalModel {
  /// Limits of τ² by its Q; both are zero where even the least quantile is not reached.
  func qProfileLimits(level: Double) throws(MetaError) -> (lower: Double, upper: Double)? {
    guard freedom > 0 else { return nil }
    let chi = ChiSquared(degreesOfFreedom: Double(freedom))
    let tail = ConfidenceLevel.tail(level)
    let upper = try variance(whereQ: chi.quantile(tail)) ?? 0
    let lower = try variance(whereQ: chi.upperQuantile(tail)) ?? 0
    return (lower, upper)
  }

  /// Limits of τ² by the (restricted) likelihood about its maximum.
  func likelihoodLimits(
    isRestricted: Bool, level: Double
  ) throws(MetaError) -> (lower: Double, upper: Double)? {
    guard freedom > 0 else { return nil }
    let best = try mostLikely(isRestricted: isRestricted)
    func height(_ tau2: Double) throws(MetaError) -> Double {
      let heights = logLikelihoods(try state(at: tau2))
      return isRestricted ? heights.restricted : heights.full
    }
    let wanted =
      try height(best) - ChiSquared(degreesOfFreedom: 1).upperQuantile(1 - level) / 2
    var failure: MetaError?
    func excess(_ tau2: Double) -> Double {
      do throws(MetaError) { return try height(tau2) - wanted } catch {
        failure = error
        return 0
      }
    }
    let lower =
      best > 0 && excess(0) < 0
      ? Brent.root(in: 0...best, tolerance: best * 1e-14, of: excess) ?? 0 : 0
    var far = max(best, variances.min() ?? 1)
    var near = best
    for _ in 0..<200 where excess(far) > 0 {
      near = far
      far *= 2
    }
    guard far.isFinite, excess(far) <= 0 else { return nil }
    let upper = Brent.root(in: near...far, tolerance: far * 1e-14, of: excess)
    if let failure { throw failure }
    return upper.map { (lower, $0) }
  }
}
