import RealModule
import SurveyStats

/// Counts with their exact likelihood, whose logits or log ratios differ normally between studies.
///
/// Each study is integrated over its own effect as ``NormalMixture`` says. For slopes the logarithms of
/// these integrals are read from cubic interpolations in the mean, with the derivatives known, at steps of
/// a fifth of their width; their error is about 1e-7.
struct CountModel: ConditionalModel {
  let studies: [StudyLikelihood]
  /// The value of no effect, and the side that is expected: 1 or −1.
  let null: Double
  let sign: Double
  /// What effects grow with; empty for no bias.
  let predictor: [Double]
  /// The scale of the half-Cauchy distribution of the slope.
  let slopeScale: Double
  /// The prior deviation of the effect around the null value; `nil` for no effect.
  let deviation: Double?

  func log(tau: Double) -> Double { given(tau: tau).log }

  /// The log-likelihood of a study as a function of the mean, remembered at the points of a grid.
  private struct Memory {
    private let study: StudyLikelihood
    private let tau: Double
    private let step: Double
    /// The first point that is kept, and what is kept; NaN is not known yet.
    private let first: Int
    private var nodes: [(log: Double, slope: Double)]

    /// - Parameter middle: The mean around which most values are asked for.
    init(_ study: StudyLikelihood, tau: Double, step: Double, middle: Double) {
      self.study = study
      self.tau = tau
      self.step = step
      first = Int((middle / step).rounded()) - 512
      nodes = [(log: Double, slope: Double)](repeating: (.nan, .nan), count: 1_024)
    }

    mutating func value(_ mean: Double) -> Double {
      let floor = (mean / step).rounded(.down)
      // Beyond any shape; only tails of priors reach it.
      guard abs(floor) < 1e9 else { return NormalMixture.integral(study, mean, tau).log }
      let place = Int(floor)
      let t = mean / step - floor
      let (left, right) = (node(place), node(place + 1))
      let (t2, t3) = (t * t, t * t * t)
      return (2 * t3 - 3 * t2 + 1) * left.log + (t3 - 2 * t2 + t) * step * left.slope
        + (3 * t2 - 2 * t3) * right.log + (t3 - t2) * step * right.slope
    }

    private mutating func node(_ place: Int) -> (log: Double, slope: Double) {
      let index = place - first
      if nodes.indices.contains(index), !nodes[index].log.isNaN { return nodes[index] }
      let part = NormalMixture.integral(study, Double(place) * step, tau)
      if nodes.indices.contains(index) { nodes[index] = (part.log, part.slope) }
      return (part.log, part.slope)
    }
  }

  func given(tau: Double) -> (log: Double, effect: EffectPosterior) {
    let constant = studies.reduce(0) { $0 + $1.constant }
    // The most likely mean without bias, by Newton's method on the concave sum with the prior.
    var center = 0.0
    var curvature = 0.0
    var curvatures = [Double](repeating: 0, count: studies.count)
    for _ in 0..<60 {
      var slope = deviation.map { -center / ($0 * $0) } ?? 0
      curvature = deviation.map { -1 / ($0 * $0) } ?? 0
      for (index, study) in studies.enumerated() {
        let part = NormalMixture.integral(study, null + sign * center, tau)
        slope += sign * part.slope
        curvatures[index] = min(part.curvature, 0)
        curvature += curvatures[index]
      }
      guard deviation != nil, curvature < 0 else { break }
      let step = min(max(-slope / curvature, -2), 2)
      center += step
      if abs(step) < 1e-6 / max(1, (-curvature).squareRoot()) { break }
    }
    if deviation == nil { center = 0 }
    let width = 1 / max(-curvature, 1e-12).squareRoot()
    guard !predictor.isEmpty else { return unbiased(tau, constant, center, width) }
    return biased(tau, constant, center, width, curvatures)
  }

  private func logPrior(_ effect: Double, _ deviation: Double) -> Double {
    let z = effect / deviation
    return -z * z / 2 - Double.log(deviation * (2 * .pi).squareRoot())
  }

  private func unbiased(
    _ tau: Double, _ constant: Double, _ center: Double, _ width: Double
  ) -> (log: Double, effect: EffectPosterior) {
    func height(_ effect: Double) -> Double {
      studies.reduce(constant) {
        $0 + NormalMixture.integral($1, null + sign * effect, tau).log
      }
    }
    guard let deviation else { return (height(0), .none) }
    let step = 0.5 * width
    let reach = Int((12 * deviation + abs(center)) / step) + 1
    let tails = NegligibleTails(from: 0, in: -reach...reach) { index in
      let effect = center + Double(index) * step
      return height(effect) + logPrior(effect, deviation)
    }
    let result = SampledDensity.normalized(
      start: center + Double(tails.first) * step, step: step, logarithms: tails.values)
    return (result.log, .sampled(result.density))
  }

  /// Where effect and positive slope are most likely together.
  ///
  /// By Newton's method on the concave sum; where the likelihood rises for ever, some thirty steps into its
  /// plateau. Gives the information about the slope, and its deviation with the effect unknown.
  private func slopePeak(
    _ tau: Double, from center: Double
  ) -> (effect: Double, slope: Double, information: Double, deviation: Double) {
    var (effect, slope) = (deviation == nil ? 0 : center, 0.0)
    let unit = 1 / (predictor.max() ?? 1)
    var (information, spread) = (0.0, 0.0)
    for _ in 0..<30 {
      var gradient = (effect: 0.0, slope: 0.0)
      var (own, mixed, other) = (0.0, 0.0, 0.0)
      for (study, x) in zip(studies, predictor) {
        let part = NormalMixture.integral(study, null + sign * (effect + slope * x), tau)
        let curvature = max(-part.curvature, 0)
        gradient.effect += sign * part.slope
        gradient.slope += sign * part.slope * x
        own += curvature
        mixed += curvature * x
        other += curvature * x * x
      }
      if let deviation {
        gradient.effect -= effect / (deviation * deviation)
        own += 1 / (deviation * deviation)
      } else {
        (gradient.effect, own, mixed) = (0, 1, 0)
      }
      information = max(information, other)
      let marginal = max(other - mixed * mixed / own, 1e-12 * other, 1e-300)
      spread = 1 / marginal.squareRoot()
      var along = (gradient.slope - mixed * gradient.effect / own) / marginal
      along = min(max(along, -slope, -2 * unit), 2 * unit)
      let across = (gradient.effect - mixed * along) / own
      slope += along
      effect += min(max(across, -2), 2)
      if abs(along) < 1e-3 * min(spread, unit), abs(across) < 1e-3 / own.squareRoot() { break }
    }
    return (effect, slope, information, min(spread, 10 * unit))
  }

  private func biased(
    _ tau: Double, _ constant: Double, _ center: Double, _ width: Double, _ curvatures: [Double]
  ) -> (log: Double, effect: EffectPosterior) {
    let peak = slopePeak(tau, from: center)
    let information = max(
      zip(curvatures, predictor).reduce(0) { $0 - $1.0 * $1.1 * $1.1 }, peak.information)
    let deviationGivenEffect = 1 / max(information, 1e-300).squareRoot()
    let kappa = min(slopeScale, deviationGivenEffect)
    let scale = HalfCauchyGrid(
      scale: slopeScale, deviation: deviationGivenEffect,
      turn: min(peak.slope / kappa + 10 * max(peak.deviation / kappa, 1), 500))
    var memory = studies.indices.map { index in
      // The narrowest that the logarithm can be: by its curvature, and as the mixture smooths it.
      let own = studies[index].peak
      let alone = own.isFinite ? -studies[index].value(at: own).curvature : 1
      let smooth = (tau * tau + 1 / max(alone, 1e-3)).squareRoot()
      let curved = 1 / max(-curvatures[index], 1e-12).squareRoot()
      return Memory(
        studies[index], tau: tau, step: 0.2 * min(curved, smooth),
        middle: null + sign * (peak.effect + peak.slope * predictor[index]))
    }
    let step = 0.5 * width
    let reach = deviation.map { Int((12 * $0 + abs(center)) / step) + 1 } ?? 0
    var middle = 0
    var parts: [Int: (first: Int, logs: [Double])] = [:]
    let start = Int(min(peak.slope / kappa, 500) / HalfCauchyGrid.step)
    let tails = NegligibleTails(from: start, in: -130...3_000) { index in
      let (slope, prior) = scale.slope(index)
      func height(_ effect: Double) -> Double {
        var sum = constant
        for study in memory.indices {
          sum += memory[study].value(null + sign * (effect + slope * predictor[study]))
        }
        return sum
      }
      guard let deviation else { return height(0) + prior }
      let own = NegligibleTails(from: middle, in: -reach...reach) { place in
        let effect = center + Double(place) * step
        return height(effect) + logPrior(effect, deviation)
      }
      if let best = own.values.indices.max(by: { own.values[$0] < own.values[$1] }) {
        middle = own.first + best
      }
      parts[index] = (own.first, own.values)
      let total = SampledDensity.normalized(start: 0, step: step, logarithms: own.values)
      return total.log + prior
    }
    let result = SampledDensity.normalized(
      start: 0, step: HalfCauchyGrid.step, logarithms: tails.values)
    guard deviation != nil else { return (result.log, .none) }
    // The distribution of the effect: those given each slope, by the probability of the slope.
    let used = tails.values.indices.filter {
      result.density.values[$0] * HalfCauchyGrid.step > 1e-12
    }
    let known = used.compactMap { place in
      parts[tails.first + place].map { (place: place, part: $0) }
    }
    let first = known.map(\.part.first).min() ?? 0
    let end = known.map { $0.part.first + $0.part.logs.count }.max() ?? 1
    var density = [Double](repeating: 0, count: end - first)
    for (place, part) in known {
      let own = SampledDensity.normalized(start: 0, step: step, logarithms: part.logs).density
      let weight = result.density.values[place] * HalfCauchyGrid.step
      for (index, value) in own.values.enumerated() {
        density[part.first - first + index] += weight * value
      }
    }
    return (
      result.log,
      .sampled(
        SampledDensity(
          start: center + Double(first) * step, step: step, values: density))
    )
  }
}
