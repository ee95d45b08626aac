import RealModule

/// The binomial distribution: how many of so many independent trials succeed.
public struct Binomial: Sendable, Equatable {
  /// The number of trials, not negative.
  public let trials: Int
  /// The probability of success of each trial, from 0 to 1.
  public let probability: Double

  /// Creates the distribution.
  public init(trials: Int, probability: Double) {
    precondition(trials >= 0, "the number of trials must not be negative")
    precondition(probability >= 0 && probability <= 1, "not a probability")
    self.trials = trials
    self.probability = probability
  }

  /// The probability of at most, and of more than, so many successes.
  private func tails(_ successes: Int) -> TailProbabilities {
    if successes < 0 { return TailProbabilities(lower: 0, upper: 1) }
    if successes >= trials { return TailProbabilities(lower: 1, upper: 0) }
    return IncompleteBeta(Double(successes) + 1, Double(trials - successes)).tails(probability)
      .mirrored
  }

  /// The probability of at most so many successes.
  public func cumulativeProbability(_ successes: Int) -> Double { tails(successes).lower }

  /// The probability of more than so many successes.
  public func survival(_ successes: Int) -> Double { tails(successes).upper }

  /// The probability of exactly so many successes.
  public func density(_ successes: Int) -> Double {
    guard successes >= 0 && successes <= trials else { return 0 }
    let complement = 1 - probability
    if successes == trials { return .pow(probability, trials) }
    if successes == 0 {
      return complement == 0 ? 0 : .exp(Double(trials) * .log(onePlus: -probability))
    }
    let k = Double(successes)
    let rest = Double(trials - successes)
    return IncompleteBeta(k, rest).kernel(probability, complement: complement)
      * (Double(trials) / k / rest)
  }

  /// The smallest number of successes that is not exceeded with at least the given probability.
  ///
  /// The probability is lowered by 64 rounding units first, as R does, so that the quantile of
  /// `cumulativeProbability(k)` is `k`.
  public func quantile(_ probability: Double) -> Int {
    precondition(probability >= 0 && probability <= 1, "not a probability")
    if probability == 1 { return self.probability == 0 ? 0 : trials }
    let target = probability * (1 - 0x1p-46)
    var below = -1
    var candidate = trials
    while candidate - below > 1 {
      let middle = below + (candidate - below) / 2
      if cumulativeProbability(middle) >= target { candidate = middle } else { below = middle }
    }
    return candidate
  }
}
