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

  /// Log-likelihoods of the studies as functions of the mean, remembered at the points of grids.
  private struct Memory {
    var nodes: [[Int: (log: Double, slope: Double)]]
    var steps: [Double]

    mutating func value(
      _ index: Int, _ study: StudyLikelihood, _ mean: Double, _ tau: Double
    ) -> Double {
      let step = steps[index]
      let place = (mean / step).rounded(.down)
      let t = mean / step - place
      let (left, right) = (
        node(index, Int(place), study, tau), node(index, Int(place) + 1, study, tau)
      )
      let (t2, t3) = (t * t, t * t * t)
      return (2 * t3 - 3 * t2 + 1) * left.log + (t3 - 2 * t2 + t) * step * left.slope
        + (3 * t2 - 2 * t3) * right.log + (t3 - t2) * step * right.slope
    }

    private mutating func node(
      _ index: Int, _ place: Int, _ study: StudyLikelihood, _ tau: Double
    ) -> (log: Double, slope: Double) {
      if let known = nodes[index][place] { return known }
      let part = NormalMixture.integral(study, Double(place) * steps[index], tau)
      nodes[index][place] = (part.log, part.slope)
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

  private func biased(
    _ tau: Double, _ constant: Double, _ center: Double, _ width: Double, _ curvatures: [Double]
  ) -> (log: Double, effect: EffectPosterior) {
    var memory = Memory(
      nodes: studies.map { _ in [:] },
      steps: curvatures.map { 0.2 / max(-$0, 1e-3).squareRoot() })
    let information = zip(curvatures, predictor).reduce(0) { $0 - $1.0 * $1.1 * $1.1 }
    let scale = HalfCauchyGrid(
      scale: slopeScale, deviation: 1 / max(information, 1e-300).squareRoot())
    let step = 0.5 * width
    let reach = deviation.map { Int((12 * $0 + abs(center)) / step) + 1 } ?? 0
    var middle = 0
    var parts: [Int: (first: Int, logs: [Double])] = [:]
    let tails = NegligibleTails(from: 0, in: -80...2_000) { index in
      let (slope, prior) = scale.slope(index)
      func height(_ effect: Double) -> Double {
        var sum = constant
        for (study, likelihood) in studies.enumerated() {
          sum += memory.value(
            study, likelihood, null + sign * (effect + slope * predictor[study]), tau)
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
