import RealModule

/// The bootstrap distribution of the rate of a single item, without drawing any replicates.
///
/// A resample of n papers, drawn one by one, has M papers to which the item applies and X of them
/// pass: M is binomial with n trials and probability m/n, and X given M binomial with M trials and
/// the observed rate r. The replicate X/M therefore has the distribution
///
/// `F(t) = Σ P(M = k | M > 0) P(Bin(k, r) ≤ t k)`, the sum over k = 1 ... n,
///
/// which is what the replicates of a multinomial bootstrap tend to as their number grows. Resamples
/// to which the item never applies have no rate and are left out, as undefined replicates are. Terms
/// whose weight is below 1e-17 of the largest are left out too; F is exact to about 1e-12.
///
/// A rate of 0 or 1 has all its probability in one point. Only for papers drawn one by one with
/// equal weights and without strata; for anything else, and for joint statements about several
/// items, replicates have to be drawn.
///
/// Cost: `17 √(n m/n (1 − m/n))` steps of a few nanoseconds for one value of F, about eight values
/// for a quantile.
///
/// References: Efron (1979), *Annals of Statistics* 7:1, section 2, on exact bootstrap
/// distributions; Fisher & Hall (1991), *Biometrika* 78:549, on working them out.
public struct ExactRateBootstrap: Sendable, Equatable {
  /// The number of papers that pass.
  public let yesCount: Int
  /// The number of papers to which the item applies, at least 1.
  public let applicableCount: Int
  /// The number of papers.
  public let paperCount: Int

  /// The smallest number of applicable papers of a resample that has any weight.
  private let firstCount: Int
  /// The probabilities of that number and of those that follow it, given that it is not zero.
  private let weights: [Double]

  /// Creates the distribution from the counts of the sample.
  public init(yesCount: Int, applicableCount: Int, paperCount: Int) {
    precondition(yesCount >= 0 && yesCount <= applicableCount)
    precondition(applicableCount >= 1 && applicableCount <= paperCount)
    self.yesCount = yesCount
    self.applicableCount = applicableCount
    self.paperCount = paperCount
    (firstCount, weights) = Self.applicableCounts(applicableCount, of: paperCount)
  }

  /// The rate of the sample.
  public var estimate: Double { Double(yesCount) / Double(applicableCount) }

  /// The probability of a replicate of at most the given rate.
  public func cumulativeProbability(_ rate: Double) -> Double {
    guard rate >= 0 else { return 0 }
    guard rate < 1, yesCount > 0 else { return 1 }
    guard yesCount < applicableCount else { return 0 }
    let success = estimate
    let failure = Double(applicableCount - yesCount) / Double(applicableCount)
    // Fractions of papers differ by far more than this, so that k/m counts as reached in spite of
    // rounding.
    let slope = rate * (1 + 0x1p-50)
    var trials = Double(firstCount)
    var successes = Double(Int(slope * trials))
    let start = Binomial(trials: firstCount, probability: success)
    var cumulative = start.cumulativeProbability(Int(successes))
    var density = start.density(Int(successes))
    var total = 0.0
    for weight in weights {
      total += weight * cumulative
      // Bin(k + 1) ≤ s is Bin(k) ≤ s without "s of k, and one more"; then s may go up by one.
      let next = Double(Int(slope * (trials + 1)))
      let goesUp = next > successes
      cumulative -= success * density
      density *= (trials + 1) * (goesUp ? success : failure)
      density /= goesUp ? next : trials + 1 - successes
      cumulative += goesUp ? density : 0
      trials += 1
      successes = next
    }
    return min(max(total, 0), 1)
  }

  /// The smallest rate whose cumulative probability is at least the given one.
  ///
  /// Probabilities that differ by less than 1e-12 count as equal.
  public func quantile(_ probability: Double) -> Double {
    precondition(probability >= 0 && probability <= 1, "not a probability")
    guard yesCount > 0 else { return 0 }
    guard yesCount < applicableCount else { return 1 }
    let target = probability - 1e-12
    var bracket = Bracket(target: target, atZero: cumulativeProbability(0))
    if bracket.isAtZero { return 0 }
    let mean = Double(firstCount) + Double(weights.count - 1) / 2
    let atomsPerUnit = mean * Double(weights.count)
    var guess = bracket.normalStart(
      mean: estimate,
      standardDeviation: (estimate * (1 - estimate) / Double(applicableCount)).squareRoot())
    while (bracket.high - bracket.low) * atomsPerUnit > 64 {
      let rate = guess.popLast() ?? bracket.next()
      guard rate > bracket.low, rate < bracket.high else { continue }
      bracket.narrow(at: rate, to: cumulativeProbability(rate))
    }
    var cumulative = bracket.lowProbability
    var last = bracket.high
    for atom in atoms(above: bracket.low, upTo: bracket.high) {
      cumulative += atom.probability
      last = atom.rate
      if cumulative >= target { break }
    }
    return last
  }

  /// The equal-tailed limits: the quantiles at `(1 ∓ level) / 2`.
  public func limits(level: Double) -> (lower: Double, upper: Double) {
    precondition(level > 0 && level < 1, "the level must lie between 0 and 1")
    let tail = (1 - level) / 2
    return (quantile(tail), quantile(1 - tail))
  }

  /// The points of the distribution in an interval, in ascending order; equal ones may repeat.
  private func atoms(above low: Double, upTo high: Double) -> [(rate: Double, probability: Double)]
  {
    var atoms: [(rate: Double, probability: Double)] = []
    for (offset, weight) in weights.enumerated() {
      let trials = Double(firstCount + offset)
      let below = Int(low * (1 + 0x1p-50) * trials)
      let end = min(Int(high * (1 + 0x1p-50) * trials), firstCount + offset)
      guard below < end else { continue }
      let law = Binomial(trials: firstCount + offset, probability: estimate)
      for successes in below + 1...end {
        atoms.append((Double(successes) / trials, weight * law.density(successes)))
      }
    }
    return atoms.sorted { $0.rate < $1.rate }
  }

  /// The distribution of the number of applicable papers, given that it is not zero.
  private static func applicableCounts(
    _ applicable: Int, of papers: Int
  ) -> (first: Int, probabilities: [Double]) {
    guard applicable < papers else { return (papers, [1]) }
    let odds = Double(applicable) / Double(papers - applicable)
    let mode = max(1, applicable)
    var above = [1.0]
    var count = mode
    while count < papers, let last = above.last, last > 1e-17 {
      above.append(last * odds * Double(papers - count) / Double(count + 1))
      count += 1
    }
    var below: [Double] = []
    var last = 1.0
    count = mode
    while count > 1, last > 1e-17 {
      last *= Double(count) / (odds * Double(papers - count + 1))
      below.append(last)
      count -= 1
    }
    let all = Array(below.reversed()) + above
    let total = all.reduce(0, +)
    return (mode - below.count, all.map { $0 / total })
  }
}

/// An interval of rates that holds a quantile, narrowed on the scale of normal quantiles, on which
/// the distribution is nearly a straight line.
private struct Bracket {
  private(set) var low = 0.0
  private(set) var high = 1.0
  /// The cumulative probability at `low`, which is below the target.
  private(set) var lowProbability: Double
  private let target: Double
  private let targetScore: Double
  /// The distances from the target, halved where the other end was moved twice (Illinois rule).
  private var lowDistance: Double
  private var highDistance: Double
  private var movedLow: Bool?
  private var steps = 0

  init(target: Double, atZero: Double) {
    self.target = target
    lowProbability = atZero
    targetScore = Self.score(target)
    lowDistance = Self.score(atZero) - targetScore
    highDistance = Self.score(1) - targetScore
  }

  /// Whether the quantile is zero.
  var isAtZero: Bool { lowProbability >= target }

  /// Two rates that are likely to hold the quantile between them.
  func normalStart(mean: Double, standardDeviation: Double) -> [Double] {
    let start = mean + targetScore * standardDeviation
    return [start - 0.1 * standardDeviation, start + 0.1 * standardDeviation]
  }

  /// The next rate to try: the secant's, and the middle every fifth time.
  mutating func next() -> Double {
    steps += 1
    let middle = low + (high - low) / 2
    let secant = low - lowDistance * (high - low) / (highDistance - lowDistance)
    return steps % 5 == 0 || !(secant > low && secant < high) ? middle : secant
  }

  /// Moves the end that lies on the same side of the quantile as a rate.
  mutating func narrow(at rate: Double, to probability: Double) {
    let distance = Self.score(probability) - targetScore
    if probability < target {
      low = rate
      lowProbability = probability
      lowDistance = min(distance, 0)
      if movedLow == true { highDistance /= 2 }
      movedLow = true
    } else {
      high = rate
      highDistance = max(distance, 0)
      if movedLow == false { lowDistance /= 2 }
      movedLow = false
    }
  }

  /// The normal quantile of a probability, within ±9.
  private static func score(_ probability: Double) -> Double {
    probability <= 0 ? -9 : probability >= 1 ? 9 : min(max(Normal().quantile(probability), -9), 9)
  }
}
