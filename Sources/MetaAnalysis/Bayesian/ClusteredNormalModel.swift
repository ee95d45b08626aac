import RealModule

/// Normal effects in clusters, with an effect or none and no bias or a slope on imprecision.
///
/// τ² is split between clusters and effects of a cluster: a share ρ lies between clusters, uniform a
/// priori. Given τ and ρ the likelihood is that of sums over clusters (Woodbury's identity); ρ is integrated
/// by the trapezoidal rule over its logit, which converges exponentially.
///
/// Reference: Bartoš, Maier & Wagenmakers (2025), multilevel robust Bayesian meta-analysis, for the model.
struct ClusteredNormalModel: ConditionalModel {
  let effects: [Double]
  let variances: [Double]
  /// The positions of the effects of each cluster.
  let clusters: [[Int]]
  /// What effects grow with; empty without bias.
  let predictor: [Double]
  /// The scale of the half-Cauchy distribution of the slope.
  let slopeScale: Double
  /// The prior deviation of the effect around zero; `nil` for no effect.
  let deviation: Double?

  /// Shares with the logarithms of their weights.
  private static let shares: [(share: Double, log: Double)] = {
    let step = 0.7
    return (-22...22).map { index in
      let small = Double.exp(-abs(Double(index) * step))
      let share = index >= 0 ? 1 / (1 + small) : small / (1 + small)
      return (share, Double.log(small / ((1 + small) * (1 + small)) * step))
    }
  }()

  func log(tau: Double) -> Double { given(tau: tau).log }

  func given(tau: Double) -> (log: Double, effect: EffectPosterior) {
    guard tau > 0 else { return posterior(sums(between: 0, within: 0)) }
    var total = LogSum()
    let parts = Self.shares.map { share, log -> (log: Double, effect: EffectPosterior) in
      let found = posterior(
        sums(between: share * tau * tau, within: (1 - share) * tau * tau))
      total.add(found.log + log)
      return (found.log + log, found.effect)
    }
    guard deviation != nil else { return (total.log, .none) }
    var normals: [(weight: Double, mean: Double, deviation: Double)] = []
    for part in parts {
      let weight = Double.exp(part.log - total.log)
      guard weight > 1e-8, case .normals(let own) = part.effect else { continue }
      normals += own.compactMap {
        weight * $0.weight > 1e-9 ? (weight * $0.weight, $0.mean, $0.deviation) : nil
      }
    }
    return (total.log, .normals(normals))
  }

  private func sums(between: Double, within: Double) -> SlopedSums {
    var result = SlopedSums()
    for cluster in clusters {
      var own = SlopedSums()
      for index in cluster {
        own.add(
          effects[index], predictor.isEmpty ? 0 : predictor[index],
          variance: variances[index] + within)
      }
      result.add(own, between: between)
    }
    return result
  }

  private func posterior(_ sums: SlopedSums) -> (log: Double, effect: EffectPosterior) {
    if !predictor.isEmpty {
      return sums.posterior(slopeScale: slopeScale, deviation: deviation)
    }
    guard let deviation else { return (-(sums.plain.logs + sums.plain.square) / 2, .none) }
    let (log, mean, precision) = sums.plain.integrated(deviation: deviation)
    return (log, .normals([(1, mean, 1 / precision.squareRoot())]))
  }
}
