import RealModule
import SurveyStats

extension Pooling {
  /// Replaces the limits of a pooled estimate by those that were asked for.
  ///
  /// Profile limits of inverse-variance weights are those of maximum likelihood whatever the estimator of
  /// τ² (Hardy & Thompson 1996). Score limits are where Σ wᵢ (yᵢ − μ) / √Σ wᵢ, with weights at the most
  /// likely τ² for that μ, is a normal quantile. Bootstrap limits are percentiles of estimates refitted to
  /// effects drawn from the fitted model with the known variances. Limits that miss the estimate are
  /// noted.
  func replaceLimits(of fit: inout MetaFit, _ studies: StudyEffects) throws(MetaError) {
    guard !fit.isAtEnd, fit.likelihoodLimits == nil else { return }
    guard fit.model == .inverseVariance else {
      guard interval == .profile, fit.model != .betaBinomial, fit.model != .mantelHaenszel,
        fit.model != .peto, fit.model != .threeLevel, fit.model != .multivariate
      else {
        throw .unfittingModel(
          fit.model.rawValue, reason: "has no \(interval.rawValue) interval; take `interval: wald`")
      }
      let limits = try LikelihoodModel(level: level).coefficientLimits(fit, studies)
      fit.likelihoodLimits = MetaFit.LikelihoodLimits(
        coefficient: 0, lower: limits.lower, upper: limits.upper)
      if limits.lower == nil || limits.upper == nil { fit.notes.append(.unboundedLimit) }
      return
    }
    let effects = fit.positions.compactMap { studies.effects[$0].value }
    let variances = fit.positions.compactMap { studies.effects[$0].variance }
    switch interval {
    case .wald: return
    case .profile:
      try replace(&fit) { center, reach throws(MetaError) in
        try Self.profile(effects, variances, center: center, reach: reach, level: level)
      }
    case .score:
      try replace(&fit) { center, reach throws(MetaError) in
        try Self.score(effects, variances, center: center, reach: reach, level: level)
      }
    case .bootstrap: try bootstrap(&fit, variances)
    }
    if let limits = fit.likelihoodLimits, let lower = limits.lower, let upper = limits.upper,
      !(lower <= fit.coefficients[0] && fit.coefficients[0] <= upper)
    {
      fit.notes.append(.estimateOutsideInterval)
    }
  }

  private func replace(
    _ fit: inout MetaFit,
    _ limits: (Double, Double) throws(MetaError) -> (lower: Double?, upper: Double?)
  ) throws(MetaError) {
    let reach = max(fit.standardErrors[0], 1e-12)
    let found = try limits(fit.coefficients[0], reach)
    fit.likelihoodLimits = MetaFit.LikelihoodLimits(
      coefficient: 0, lower: found.lower, upper: found.upper)
    if found.lower == nil || found.upper == nil { fit.notes.append(.unboundedLimit) }
  }

  /// A value to each side where a function, positive between, becomes zero.
  private static func ends(
    center: Double, reach: Double, _ excess: (Double) -> Double
  ) -> (lower: Double?, upper: Double?) {
    func end(_ sign: Double) -> Double? {
      var near = 0.0
      var far = reach
      for _ in 0..<60 {
        if excess(center + sign * far) < 0 {
          return Brent.root(in: near...far, tolerance: reach * 1e-12) {
            excess(center + sign * $0)
          }.map { center + sign * $0 }
        }
        near = far
        far *= 2
      }
      return nil
    }
    return (end(-1), end(1))
  }

  /// Effects about a value, as a model without coefficients.
  private static func about(
    _ center: Double, _ effects: [Double], _ variances: [Double]
  ) throws(MetaError) -> MarginalModel {
    try MarginalModel(
      effects.map { $0 - center }, variances: variances,
      design: DenseMatrix(rows: effects.count, columns: 0))
  }

  private static func profile(
    _ effects: [Double], _ variances: [Double], center: Double, reach: Double, level: Double
  ) throws(MetaError) -> (lower: Double?, upper: Double?) {
    let whole = try MarginalModel(effects, variances: variances)
    let best = try whole.state(at: whole.mostLikely(isRestricted: false))
    let wanted =
      whole.logLikelihoods(best).full
      - ChiSquared(degreesOfFreedom: 1).upperQuantile(1 - level) / 2
    var failure: MetaError?
    let peak = whole.toBasis.multiplied(by: best.coefficients)[0]
    let found = ends(center: peak, reach: reach) { value in
      do throws(MetaError) {
        let model = try about(value, effects, variances)
        return model.logLikelihoods(
          try model.state(at: model.mostLikely(isRestricted: false))
        ).full - wanted
      } catch {
        failure = error
        return -1
      }
    }
    if let failure { throw failure }
    return found
  }

  private static func score(
    _ effects: [Double], _ variances: [Double], center: Double, reach: Double, level: Double
  ) throws(MetaError) -> (lower: Double?, upper: Double?) {
    let quantile = Normal().upperQuantile(ConfidenceLevel.tail(level))
    var failure: MetaError?
    func statistic(_ value: Double) -> Double {
      do throws(MetaError) {
        let model = try about(value, effects, variances)
        let state = try model.state(at: model.mostLikely(isRestricted: false))
        var (sum, weight) = (0.0, 0.0)
        for row in effects.indices {
          sum += state.weights[row] * model.effects[row]
          weight += state.weights[row]
        }
        return sum / weight.squareRoot()
      } catch {
        failure = error
        return .infinity
      }
    }
    let found = ends(center: center, reach: reach) { quantile - abs(statistic($0)) }
    if let failure { throw failure }
    return found
  }

  private func bootstrap(_ fit: inout MetaFit, _ variances: [Double]) throws(MetaError) {
    let center = fit.coefficients[0]
    let model = RandomEffects(method: method, test: .normal, level: level)
    var estimates: [Double] = []
    for replicate in 0..<replicates {
      var stream = RandomStream(seed: seed, stream: UInt64(replicate))
      let drawn = variances.map { variance in
        center + (variance + fit.tau2).squareRoot() * stream.normal()
      }
      estimates.append(try model.fit(drawn, variances: variances).coefficients[0])
    }
    estimates.sort()
    let tail = ConfidenceLevel.tail(level)
    fit.likelihoodLimits = MetaFit.LikelihoodLimits(
      coefficient: 0, lower: QuantileRule.type6.quantile(tail, ofSorted: estimates),
      upper: QuantileRule.type6.quantile(1 - tail, ofSorted: estimates))
  }
}

extension LikelihoodModel {
  /// Limits of a pooled effect where the profile likelihood over τ has fallen; `nil` to a side where it
  /// does not fall that far.
  func coefficientLimits(
    _ fit: MetaFit, _ studies: StudyEffects
  ) throws(MetaError) -> (lower: Double?, upper: Double?) {
    let known = fit.positions.compactMap { studies.counts[$0].flatMap(StudyLikelihood.init) }
    let mixture = NormalMixture(known)
    let wanted = fit.logLikelihood - ChiSquared(degreesOfFreedom: 1).upperQuantile(1 - level) / 2
    /// The highest likelihood over τ with the effect held fixed.
    func height(_ effect: Double) -> Double {
      func slope(_ tau: Double) -> Double { mixture.evaluate([effect], tau: tau).gradient[1] }
      let grid = [0.02, 0.25, 0.6, 1.2, 2.5, 5, 10, Self.greatestTau]
      let values = grid.map { mixture.evaluate([effect], tau: $0) }
      var best = mixture.evaluate([effect], tau: 0).value
      for index in grid.indices {
        best = max(best, values[index].value)
        if index > 0, values[index - 1].gradient[1] > 0, values[index].gradient[1] <= 0,
          let tau = Brent.root(
            in: grid[index - 1]...grid[index], tolerance: 1e-7, of: slope)
        {
          best = max(best, mixture.evaluate([effect], tau: tau).value)
        }
      }
      return best
    }
    func end(_ sign: Double) -> Double? {
      var near = 0.0
      var far = max(fit.standardErrors[0], 1e-6)
      while far < 60 {
        if height(fit.coefficients[0] + sign * far) < wanted {
          return Brent.root(in: near...far, tolerance: 1e-9) {
            height(fit.coefficients[0] + sign * $0) - wanted
          }.map { fit.coefficients[0] + sign * $0 }
        }
        near = far
        far *= 2
      }
      return nil
    }
    return (end(-1), end(1))
  }
}

extension Note {
  /// The interval is open to a side.
  static let unboundedLimit = Note("unbounded-limit", effect: .remark)
}
