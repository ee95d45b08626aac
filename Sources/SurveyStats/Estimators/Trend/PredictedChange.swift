import RealModule

/// The change of a rate over the observed span of a covariate: last less first point of a logistic
/// curve fitted by Firth's penalised likelihood.
///
/// With η₀ and η₁ the log odds at the smallest and the largest value of the covariate, the log odds
/// between them are (1 − s)η₀ + sη₁, s being the share of the span behind a paper. The change is
/// d = π₁ − π₀. The criterion is the log-likelihood plus ½ log |I|; its profile at d is its maximum over
/// π₀ with π₁ = π₀ + d, found by one search along t, π₀ running from max(0, −d) to min(1, 1 − d) as t
/// runs over all numbers. The criterion falls without bound towards either end, so that the profile is
/// defined for every d between −1 and 1, also where the answers are separated or rare, and limits never
/// leave that range. At d = 0 it is the profile of a slope of zero: test and limits are one.
///
/// Cost: O(distinct values of the covariate) a step; some 200 steps for two limits.
///
/// References: Firth (1993), Biometrika 80:27; Heinze & Schemper (2002), Statistics in Medicine
/// 21:2409, sections 3.1 and 3.2.
struct PredictedChange {
  /// The share of the span behind each distinct value of the covariate.
  private let shares: [Double]
  private let successes: [Double]
  private let trials: [Double]
  /// The log odds at both ends where the criterion is largest.
  let ends: (first: Double, last: Double)
  /// The largest value of the criterion.
  private let maximum: Double

  /// The change of a fit of an intercept and one slope by penalised likelihood.
  init(_ fit: LogisticFit) {
    let likelihood = fit.likelihood
    precondition(
      likelihood.isPenalized && likelihood.count == 2 && likelihood.basis == nil,
      "a penalised fit of one slope is needed")
    let x = likelihood.x.column(1)
    let (low, high) = (x.min() ?? 0, x.max() ?? 1)
    shares = x.map { ($0 - low) / (high - low) }
    successes = likelihood.successes
    trials = likelihood.trials
    let beta = fit.optimum.beta
    ends = (beta[0] + beta[1] * low, beta[0] + beta[1] * high)
    maximum = Self.criterion(ends.first, ends.last, shares, successes, trials).value
  }

  /// The rates at both ends.
  var rates: (first: Double, last: Double) { (logistic(ends.first), logistic(ends.last)) }

  /// The change.
  var estimate: Double { Self.difference(ends.first, ends.last) }

  /// The standard error by the delta method, from a covariance of intercept and slope and the values
  /// of the covariate at both ends.
  func standardError(_ covariance: DenseMatrix, from first: Double, to last: Double) -> Double {
    let (rate, other) = rates
    let gradient = [
      other * (1 - other) - rate * (1 - rate),
      last * other * (1 - other) - first * rate * (1 - rate),
    ]
    return LogisticFit.deltaError(gradient, covariance)
  }

  /// Twice the fall of the criterion when the change is held at `value`.
  func fall(at value: Double) -> Double {
    var position = Self.position(of: ends.first, change: value)
    return fall(at: value, from: &position)
  }

  /// The changes for which twice the fall of the criterion is at most the square of `distance`.
  func limits(distance: Double) -> (low: Double, high: Double) {
    (limit(distance: distance, direction: -1), limit(distance: distance, direction: 1))
  }

  private func limit(distance: Double, direction: Double) -> Double {
    // On the scale of atanh the profile is nearly quadratic far out as well.
    let center = Double.atanh(max(-1 + 1e-12, min(1 - 1e-12, estimate)))
    var position = Self.position(of: ends.first, change: estimate)
    func excess(_ point: Double) -> Double {
      min(1e3, fall(at: Double.tanh(point), from: &position).squareRoot() - distance)
    }
    var inside = center
    var step = 0.25
    var outside = center + direction * step
    while excess(outside) < 0, abs(outside) < 17 {
      inside = outside
      step *= 2
      outside = max(-17.5, min(17.5, outside + direction * step))
    }
    let range = min(inside, outside)...max(inside, outside)
    return Double.tanh(Brent.root(in: range, tolerance: 1e-11, of: excess) ?? outside)
  }

  /// Twice the fall, searched for from a position that is then moved to the maximum.
  private func fall(at change: Double, from position: inout Double) -> Double {
    func slope(_ t: Double) -> Double { Self.along(t, change, shares, successes, trials).slope }
    var here = max(-36, min(36, position))
    let direction: Double = slope(here) < 0 ? -1 : 1
    var step = 0.25
    var there = here
    repeat {
      here = there
      there = max(-40, min(40, here + direction * step))
      step *= 2
    } while slope(there) * direction > 0 && abs(there) < 40
    let range = min(here, there)...max(here, there)
    position = Brent.root(in: range, tolerance: 1e-10, of: slope) ?? there
    return max(0, 2 * (maximum - Self.along(position, change, shares, successes, trials).value))
  }

  /// The criterion and its derivative along t, with the change held.
  private static func along(
    _ t: Double, _ change: Double, _ shares: [Double], _ successes: [Double], _ trials: [Double]
  ) -> (value: Double, slope: Double) {
    let width = 1 - abs(change)
    let (up, down) = (width * logistic(t), width * logistic(-t))
    // π and 1 − π at both ends, without cancellation.
    let first = change < 0 ? (up - change, down) : (up, down + change)
    let last = change < 0 ? (up, down - change) : (up + change, down)
    let found = criterion(
      Double.log(first.0 / first.1), Double.log(last.0 / last.1), shares, successes, trials)
    let pull = found.gradient.0 / (first.0 * first.1) + found.gradient.1 / (last.0 * last.1)
    return (found.value, pull * width * logistic(t) * logistic(-t))
  }

  /// The position t of log odds at the first end.
  private static func position(of logOdds: Double, change: Double) -> Double {
    let low = max(0, -change)
    let share = (logistic(logOdds) - low) / (1 - abs(change))
    let bounded = max(1e-9, min(1 - 1e-9, share))
    return Double.log(bounded / (1 - bounded))
  }

  /// The criterion with its gradient in the log odds at both ends.
  private static func criterion(
    _ first: Double, _ last: Double, _ shares: [Double], _ successes: [Double], _ trials: [Double]
  ) -> (value: Double, gradient: (Double, Double)) {
    var value = 0.0
    var (a, b, d) = (0.0, 0.0, 0.0)
    for index in shares.indices {
      let share = shares[index]
      let predictor = (1 - share) * first + share * last
      let failures = trials[index] - successes[index]
      if successes[index] > 0 { value -= successes[index] * softplus(-predictor) }
      if failures > 0 { value -= failures * softplus(predictor) }
      let weight = trials[index] * logistic(predictor) * logistic(-predictor)
      a += weight * (1 - share) * (1 - share)
      b += weight * share * (1 - share)
      d += weight * share * share
    }
    let determinant = a * d - b * b
    guard determinant > 0 else { return (-.infinity, (0, 0)) }
    value += 0.5 * Double.log(determinant)
    var gradient = (0.0, 0.0)
    for index in shares.indices {
      let share = shares[index]
      let rest = 1 - share
      let predictor = rest * first + share * last
      let probability = logistic(predictor)
      let weight = trials[index] * probability * logistic(-predictor)
      let leverage = weight * (rest * rest * d - 2 * rest * share * b + share * share * a)
      let score =
        successes[index] - trials[index] * probability
        + leverage / determinant * (0.5 - probability)
      gradient.0 += rest * score
      gradient.1 += share * score
    }
    return (value, gradient)
  }

  /// The difference of two probabilities, from their log odds.
  private static func difference(_ first: Double, _ last: Double) -> Double {
    first > 0 && last > 0
      ? logistic(-first) - logistic(-last) : logistic(last) - logistic(first)
  }
}
