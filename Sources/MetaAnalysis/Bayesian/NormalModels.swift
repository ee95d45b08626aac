import RealModule

/// Normal effects with known variances, an effect that is normal a priori or none, and no bias.
struct UnbiasedNormalModel: ConditionalModel {
  let effects: [Double]
  let variances: [Double]
  /// The prior deviation of the effect around zero; `nil` for no effect.
  let deviation: Double?

  func given(tau: Double) -> (log: Double, effect: EffectPosterior) {
    let sums = NormalSums(effects, variances, tau: tau)
    guard let deviation else { return (-(sums.logs + sums.square) / 2, .none) }
    let (log, mean, precision) = sums.integrated(deviation: deviation)
    return (log, .normals([(1, mean, 1 / precision.squareRoot())]))
  }

  func log(tau: Double) -> Double { given(tau: tau).log }
}

/// The sums of weights, first and second powers that normal likelihoods are made of.
struct NormalSums {
  /// The sum of log(2π(v + τ²)).
  var logs = 0.0
  /// Sums of w, wy, wy².
  var weight = 0.0
  var product = 0.0
  var square = 0.0

  init() {}

  init(_ effects: [Double], _ variances: [Double], tau: Double) {
    for index in effects.indices {
      let total = variances[index] + tau * tau
      let weight = 1 / total
      logs += Double.log(2 * .pi * total)
      self.weight += weight
      product += weight * effects[index]
      square += weight * effects[index] * effects[index]
    }
  }

  /// The effect, normal around zero, integrated out: the logarithm, and its posterior.
  func integrated(deviation: Double) -> (log: Double, mean: Double, precision: Double) {
    let precision = weight + 1 / (deviation * deviation)
    let log =
      -(logs + square) / 2 - Double.log(onePlus: weight * deviation * deviation) / 2
      + product * product / precision / 2
    return (log, product / precision, precision)
  }
}

/// Normal effects that grow with a measure of imprecision, with a half-Cauchy slope.
struct SlopeNormalModel: ConditionalModel {
  let effects: [Double]
  let variances: [Double]
  /// What effects grow with: standard errors (PET) or variances (PEESE).
  let predictor: [Double]
  /// The scale of the half-Cauchy distribution of the slope.
  let slopeScale: Double
  /// The prior deviation of the effect around zero; `nil` for no effect.
  let deviation: Double?

  func log(tau: Double) -> Double { given(tau: tau).log }

  func given(tau: Double) -> (log: Double, effect: EffectPosterior) {
    var sums = SlopedSums()
    for index in effects.indices {
      sums.add(effects[index], predictor[index], variance: variances[index] + tau * tau)
    }
    return sums.posterior(slopeScale: slopeScale, deviation: deviation)
  }
}

/// The sums that normal likelihoods with a slope are made of.
struct SlopedSums {
  var plain = NormalSums()
  /// Sums of wx, wx², wxy.
  var wx = 0.0
  var wxx = 0.0
  var wxy = 0.0

  /// Adds an effect with its whole variance.
  mutating func add(_ effect: Double, _ x: Double, variance: Double) {
    let weight = 1 / variance
    plain.logs += Double.log(2 * .pi * variance)
    plain.weight += weight
    plain.product += weight * effect
    plain.square += weight * effect * effect
    wx += weight * x
    wxx += weight * x * x
    wxy += weight * x * effect
  }

  /// Adds a cluster whose effects share a normal deviation of some variance: `V⁻¹ = W − c w w'`.
  mutating func add(_ cluster: SlopedSums, between variance: Double) {
    let own = cluster.plain
    let factor = variance / (1 + variance * own.weight)
    plain.logs += own.logs + Double.log(onePlus: variance * own.weight)
    plain.weight += own.weight - factor * own.weight * own.weight
    plain.product += own.product - factor * own.weight * own.product
    plain.square += own.square - factor * own.product * own.product
    wx += cluster.wx - factor * own.weight * cluster.wx
    wxx += cluster.wxx - factor * cluster.wx * cluster.wx
    wxy += cluster.wxy - factor * cluster.wx * own.product
  }

  /// Slope and effect integrated out.
  func posterior(
    slopeScale: Double, deviation: Double?
  ) -> (log: Double, effect: EffectPosterior) {
    let sums = plain
    let grid = HalfCauchyGrid(
      scale: slopeScale, deviation: 1 / max(wxx, .leastNormalMagnitude).squareRoot())
    func part(_ slope: Double) -> (log: Double, mean: Double, precision: Double) {
      var shifted = sums
      shifted.product -= slope * wx
      shifted.square += slope * (slope * wxx - 2 * wxy)
      guard let deviation else { return (-(shifted.logs + shifted.square) / 2, 0, 1) }
      return shifted.integrated(deviation: deviation)
    }
    let step = HalfCauchyGrid.step
    let mean = wxy / max(wxx, .leastNormalMagnitude)
    let guess = Int(min(max(0, mean / grid.kappa / step), 1e6))
    let tails = NegligibleTails(from: guess, in: -130...(guess + 4_000)) { index in
      let (value, prior) = grid.slope(index)
      return part(value).log + prior
    }
    let density = SampledDensity.normalized(start: 0, step: step, logarithms: tails.values)
    guard deviation != nil else { return (density.log, .none) }
    let normals = tails.values.indices.compactMap { place -> (Double, Double, Double)? in
      let weight = density.density.values[place] * step
      guard weight > 1e-9 else { return nil }
      let (_, mean, precision) = part(grid.slope(tails.first + place).value)
      return (weight, mean, 1 / precision.squareRoot())
    }
    return (density.log, .normals(normals))
  }
}
