import RealModule
import SurveyStats

/// The distribution of the effect in a model, given the standard deviation between studies.
enum EffectPosterior: Sendable {
  /// The effect is none.
  case none
  /// A mixture of normal distributions; the weights sum to one.
  case normals([(weight: Double, mean: Double, deviation: Double)])
  /// Known on a grid.
  case sampled(SampledDensity)
}

/// A model of studies without the distribution of the standard deviation between them.
protocol ConditionalModel: Sendable {
  /// The logarithm of the probability of the data given tau, everything else integrated out, and the
  /// distribution of the effect given tau.
  func given(tau: Double) -> (log: Double, effect: EffectPosterior)
  /// The logarithm alone.
  func log(tau: Double) -> Double
}

/// The probability of the data under a model, and what the model says of effect and heterogeneity.
struct ModelEvidence: Sendable {
  /// The logarithm of the probability of the data.
  var log: Double
  /// The distribution of log tau on the grid of ``TauGrid``, as probabilities of points that sum to one;
  /// empty where studies do not differ.
  var tau: (first: Int, weights: [Double])
  /// Distributions of the effect given tau, with their weights.
  var effects: [(weight: Double, posterior: EffectPosterior)]

  /// A model in which studies do not differ.
  init(homogeneous model: some ConditionalModel) {
    let (log, effect) = model.given(tau: 0)
    self.log = log
    tau = (0, [])
    effects = [(1, effect)]
  }

  /// A model in which they differ, tau integrated out.
  ///
  /// - Parameters:
  ///   - model: The model given tau.
  ///   - priors: The prior of tau.
  ///   - grid: The points of tau.
  ///   - start: The point of the grid to begin with.
  init(
    _ model: some ConditionalModel, priors: AveragingPriors, grid: TauGrid, from start: Int
  ) {
    var parts: [Int: EffectPosterior] = [:]
    let tails = NegligibleTails(from: start, in: grid.range) { index in
      let tau = grid.tau(index)
      let (value, effect) = model.given(tau: tau)
      parts[index] = effect
      return value + priors.logDensity(ofLogTau: Double.log(tau))
    }
    let density = SampledDensity.normalized(
      start: grid.logTau(tails.first), step: grid.step, logarithms: tails.values)
    log = density.log
    let weights = density.density.values.map { $0 * grid.step }
    tau = (tails.first, weights)
    effects = weights.indices.compactMap { place in
      guard weights[place] > 1e-12, let part = parts[tails.first + place] else { return nil }
      return (weights[place], part)
    }
  }
}

/// Points of tau at equal distances of its logarithm, the same for all models of an analysis.
struct TauGrid: Sendable {
  let origin: Double
  let step: Double
  let range: ClosedRange<Int>

  /// A grid fine enough for so many studies: the posterior deviation of log tau is at least about
  /// 1/√(2k).
  init(priors: AveragingPriors, studies: Int, spread: Double) {
    step = min(0.12, 0.85 / Double(2 * max(studies, 1)).squareRoot())
    origin = Double.log(priors.heterogeneityScale)
    // Below, the prior is less than e^-45 of its height; above, tau is a million times everything.
    let low = -Double.log(60)
    let high = Double.log(max(1, spread / priors.heterogeneityScale) * 1e6)
    range = Int((low / step).rounded(.down))...Int((high / step).rounded(.up))
  }

  func logTau(_ index: Int) -> Double { origin + Double(index) * step }
  func tau(_ index: Int) -> Double { .exp(logTau(index)) }
}
